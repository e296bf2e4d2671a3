//! Central review: a submission is queued, claimed by a reviewer without a conflict of interest, decided answer by
//! answer beside (never over) what the organisation claimed, and confirmed by a second reviewer where the grade changes.

mod ask;
mod case;
mod claim;
mod confirm;
mod decide;
mod export;
mod finish;
mod interest;
mod jobs;
mod listing;
mod mail;
mod model;
mod pages;
mod queue;
mod reading;
mod reply;
mod sites;
mod snapshot;
mod store;
mod verify;
mod web;
mod withdrawn;

pub use ask::{QUESTION_LIMIT, Question, ask_query};
pub use claim::{claim_review, release_review};
pub use confirm::{Verdict, confirm_review};
pub use decide::{Finding, REASON_LIMIT, agree_with_rest, decide_answer};
pub use finish::{SUMMARY_LIMIT, finish_review};
pub use interest::declare_interest;
pub use jobs::handlers;
pub use mail::Links;
pub use model::{DecisionOutcome, ReviewState, TARGET_WORKING_DAYS, due_after};
pub use pages::page_checks;
pub use queue::queue_submission;
pub use reply::{go_on_without_reply, reply_to_query};
pub use store::{Review, review};
pub use verify::verify;
pub use web::routes;
pub use withdrawn::withdraw_review;
