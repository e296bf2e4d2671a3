//! Central review: a submission is queued, claimed by a reviewer without a conflict of interest, decided answer by
//! answer beside (never over) what the organisation claimed, and confirmed by a second reviewer where the grade changes.

mod allocation;
mod ask;
mod case;
mod challenge;
mod claim;
mod closing;
mod confirm;
pub mod consistency;
mod dashboard;
mod decide;
mod export;
mod finish;
mod interest;
mod jobs;
mod letters;
mod mail;
mod model;
mod notes;
mod pages;
mod papers;
mod part;
mod queries;
mod queue;
mod reading;
mod reasons;
mod reply;
mod risk;
mod second;
mod sites;
mod snapshot;
mod store;
mod verify;
mod web;
mod withdrawn;
mod workspace;

pub use allocation::{
    Allotted, Chosen, NewAbsence, ReviewerSettings, Room, Unconflicted, allocate_many, allocate_review,
    end_absence, keep_reviewer, move_to_cover, record_absence, run_allocation, take_back,
};
pub use ask::{QUESTION_LIMIT, Question, ask_query};
pub use challenge::{
    NewChallenge, Ruling, SETTLE_WORKING_DAYS, SettleLine, Uninvolved, post_challenge, settle_challenge,
    withdraw_challenge,
};
pub use claim::{claim_review, release_review};
pub use closing::{Standing, finalise_due, finalise_review, open_to_challenge, reopen_review};
pub use confirm::{Verdict, confirm_review};
pub use decide::{Finding, REASON_LIMIT, decide_answer};
pub use finish::{SUMMARY_LIMIT, finish_review};
pub use interest::{
    NewEmployer, declare_interest, end_interest, record_employer, remove_employer, set_conflict_rule,
};
pub use jobs::{ensure_scheduled, handlers};
pub use letters::{Closing, write_letter};
pub use mail::Links;
pub use model::{DecisionOutcome, ReviewState, TARGET_WORKING_DAYS, due_after};
pub use notes::{NOTE_LIMIT, withdraw_note, write_note};
pub use pages::page_checks;
pub use queries::{
    Closing as QueryClosing, Draft, MessageFile, MoreTime, QueryOutcome, QueryState, REMIND, Side,
    Standing as ReplyStanding, TimeState, ask_further, ask_more_time, attach_file, attach_piece, close_query,
    detach, discard_draft, give_more_time, go_on_without_reply, refuse_more_time, save_draft,
    send_query_reminders,
};
pub use queue::queue_submission;
pub use reasons::{NewReason, ReasonState, add_reason, change_reason, restore_reason, retire_reason};
pub use reply::{reply_to_query, send_draft};
pub use risk::{
    Inputs, NewSignal, Settings, Severity, SignalKind, change_weights, compute_risk, compute_risk_of,
    import_signals, make_seed, random_share, record_signal, remove_signal,
};
pub use store::{Review, review};
pub use verify::verify;
pub use web::routes;
pub use withdrawn::withdraw_review;
pub use workspace::{Flagged, agree_with, flag_answer};
