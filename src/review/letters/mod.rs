//! The decision as the organisation gets it: each time a review is decided its conclusion is kept (grade, score, decisions, reasons),
//! a letter is composed from it, frozen with its hash, mailed about and offered as a page and a PDF file.

mod at;
mod compose;
mod conclude;
mod draft;
mod gaps;
mod mail;
mod model;
mod pages;
mod plan;
mod reading;
mod store;
mod texts;
mod typeset;
mod verify;
mod web;

pub use conclude::Closing;
pub(super) use conclude::{New, Settled, conclude};
pub use draft::write_letter;
pub(super) use mail::tell_members;
pub(super) use model::{Cause, Conclusion, SettledLine};
pub(super) use pages::{BesideOutcome, DecisionNote, page_checks};
pub(super) use reading::outcome;
pub(super) use store::{Reopening, Sent, conclusions, in_force, keep_reopening, sent_letters};
pub(super) use verify::verify;
pub(super) use web::routes;
