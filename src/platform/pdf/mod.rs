//! PDF files, typeset in the program itself: tagged and held to PDF/UA-1, with fonts of our own, the same bytes for the
//! same paper at any time. What people wrote reaches the typesetter only as data, never as source.
//!
//! A build without the feature `pdf` has no typesetter: [`AVAILABLE`] is false, and pages offer no such files.

#[cfg(feature = "pdf")]
mod desk;
#[cfg(feature = "pdf")]
mod sift;

use std::borrow::Cow;

use super::clock::Timestamp;
use super::error::Result;

/// Whether this build can typeset.
pub const AVAILABLE: bool = cfg!(feature = "pdf");

/// The media type of what comes out.
pub const MEDIA_TYPE: &str = "application/pdf";

/// What is to be typeset.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The template's name under `templates/pdf`, such as `receipt.typ`.
    pub template: &'static str,
    /// What the template reads as `data.json`; every text in it is set as it is, whatever it contains.
    pub data: serde_json::Value,
    /// Drawings of ours, each an SVG that the template reads under its name.
    pub drawings: Vec<(Cow<'static, str>, String)>,
    /// The moment that the file names as its own.
    pub made_at: Timestamp,
}

/// Typesets a paper, one at a time in the whole process; a few wait, more are asked to come again.
///
/// # Errors
/// [`Error::Unavailable`](super::error::Error::Unavailable) when too many wait already;
/// [`Error::TooLarge`](super::error::Error::TooLarge) for a paper beyond any that the programme makes;
/// [`Error::NotFound`](super::error::Error::NotFound) in a build without a typesetter; otherwise a fault of ours.
#[cfg(feature = "pdf")]
pub async fn typeset(paper: Paper) -> Result<Vec<u8>> {
    desk::typeset(paper).await
}

/// Typesets a paper now and waits for it; for the few that are made beside other long work, outside the event loop.
///
/// # Errors
/// As [`typeset`], but never for a queue.
#[cfg(feature = "pdf")]
pub fn typeset_here(paper: Paper) -> Result<Vec<u8>> {
    desk::typeset_here(paper)
}

/// As in a build with a typesetter, where there is none.
///
/// # Errors
/// Always [`Error::NotFound`](super::error::Error::NotFound).
#[cfg(not(feature = "pdf"))]
pub fn typeset_here(_paper: Paper) -> Result<Vec<u8>> {
    Err(super::error::Error::NotFound)
}

/// As in a build with a typesetter, where there is none.
///
/// # Errors
/// Always [`Error::NotFound`](super::error::Error::NotFound).
#[cfg(not(feature = "pdf"))]
pub async fn typeset(_paper: Paper) -> Result<Vec<u8>> {
    Err(super::error::Error::NotFound)
}
