//! The discussion of a requirement among colleagues: comments that are never published and never part of a submission.
//! Whoever sees the requirement may read and write; nothing is edited, and what was withdrawn leaves its place behind.

mod comment;
mod mail;
pub(super) mod pages;
mod store;
pub(super) mod web;
mod withdraw;

pub use comment::{NewComment, TEXT_LIMIT, comment};
pub use withdraw::withdraw_comment;
