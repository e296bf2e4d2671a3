//! An organisation's evidence library: pieces that serve many answers and years, each with its versions, its owner and
//! the days on which it holds; what goes out of date, and what the malware scanner says.

mod add;
mod attach;
mod contents;
mod details;
mod edit;
mod follow;
mod jobs;
mod mail;
mod model;
mod pages;
mod remove;
mod replace;
mod store;
mod uses;
mod verdict;
mod version;
mod warn;
mod web;

pub(super) use add::insert_piece;
pub(super) use attach::attach_pieces;
pub use attach::hold_newest;
pub use contents::{Contents, contents};
pub(super) use details::Details;
pub(super) use follow::follow_newest;
pub(super) use jobs::ensure_scheduled;
pub use jobs::{SCAN, WARN, scan, warn_of_ends};
pub use model::{Classification, Fault, PieceState, ScanState};
pub(super) use pages::{AttachedBlock, page_checks};
pub use store::kept_pieces;
pub(super) use store::newest;
pub(super) use version::Content;
pub use version::LINK_TYPE;
pub use web::NOT_KEPT;
pub(super) use web::routes;

use crate::platform::ids::PieceId;

/// The address of an organisation's library.
pub(super) fn library_href(code: &str) -> String {
    format!("/organisations/{code}/evidence")
}

/// The address of one piece.
pub(super) fn piece_href(code: &str, id: PieceId) -> String {
    format!("{}/{id}", library_href(code))
}
