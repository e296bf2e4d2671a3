//! Taking a submission back before the close: nothing stands for the organisation until it submits again, and what was
//! sent stays readable, with why it was taken back. Reopening is the milder way: there the submission stands meanwhile.

pub(super) mod pages;
mod store;
pub(super) mod web;
mod withdraw;

pub use store::standing_submission;
pub use withdraw::{WITHDRAW_REVIEW, withdraw_submission};
