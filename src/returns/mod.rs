//! The annual return of one organisation in one collection: answers, evidence, sign-off, and immutable submissions.
//! Last year's answers are carried forward to be confirmed; two people saving at once lose nothing.

mod answer_form;
mod basis;
mod blocking;
mod circumstances;
mod content;
mod discussion;
mod editions;
mod evidence;
mod exemption;
mod guidance;
mod interim;
mod jobs;
mod lean;
mod letters;
mod library;
mod mail;
mod merge;
mod model;
mod moves;
mod offline;
mod pages;
mod past;
mod permitted;
pub mod plan;
mod presence;
mod preview;
mod questions;
mod quoted;
mod readiness;
mod ready;
mod receipt_paper;
mod reminders;
mod reopen;
mod save_answer;
mod sharing;
mod sign;
mod signing;
mod sites;
mod start;
mod store;
mod submission;
mod submit;
mod verify;
mod web;
mod withdrawal;
mod words;

pub(crate) use basis::results_in_force;
pub use basis::{Basis, BasisRow, KeptBasis, claim_in_force, keep_bases, levels_in_force};
pub use blocking::what_blocks_beside;
pub use circumstances::{Circumstances, Excuse, PlanHead};
pub use content::{content, content_hash, current, snapshot};
pub use discussion::{NewComment, TEXT_LIMIT, comment, withdraw_comment};
pub use editions::Before;
pub use evidence::{
    EvidenceFile, FILES_LIMIT, KeptContent, NewEvidence, attach_evidence, detach_evidence, evidence_file,
    keep_content, must_have_room,
};
pub use exemption::Exempted;
pub use guidance::tell_guidance;
pub use interim::{INTERIM_STATEMENT, INTERIM_STATEMENT_VERSION, Interim, submit_interim};
pub use jobs::{SETTLE, ensure_scheduled, settle};
pub use lean::LeanSnapshot;
pub use library::{
    Classification, Contents, Fault, LINK_TYPE, NOT_KEPT, PieceState, SCAN, ScanState, WARN, contents,
    hold_newest as newest_in_library, kept_pieces, scan, warn_of_ends,
};
pub use model::{
    AnswerState, Block, ReturnState, Snapshot, SnapshotAnswer, SnapshotCircumstances, SnapshotDelegation,
    SnapshotEdition, SnapshotEvidence, SnapshotExemption, SnapshotFiledBy, SnapshotOrganisation,
    SnapshotSignOff, Standing, Step, StoredAnswer,
};
pub use moves::{
    mark_decided, mark_published, mark_query, mark_regraded, mark_released, mark_review_reopened,
    mark_under_review,
};
pub use offline::{
    Content, EXPORT_LIMIT, Export, ExportedChallenge, ExportedDecision, ExportedDraft, ExportedLetter,
    ExportedMessage, ExportedQuery, ExportedQueryTime, ExportedReview, ExportedRuling, FORGET_WORKBOOKS,
    KeptFile, OrganisationExport, Part, Restored, ReturnExport, aside, bundle, evidence_of, export_ods,
    forget_workbooks, organisation_export, oscal_results, read_export, restore_return, return_export,
};
pub use pages::page_checks;
pub use plan::PlanState;
pub use readiness::{Line, lines, question_href, read_value, return_href, standing};
pub use ready::{back_to_draft, mark_ready};
pub use reminders::{
    DAYS_BEFORE, LINE_DAYS_BEFORE, OWNER_DAYS_BEFORE, REMIND, SentReminders, escalate_overdue, in_batches,
    remind, send_due, send_line_reminders, send_owner_reminders, tell_of_leavers,
};
pub use reopen::{REASON_LIMIT, reopen_return, settle_reopened, stand_as_submitted};
pub use save_answer::{COMMENT_LIMIT, NewAnswer, save_answer};
pub use sharing::{Beside, Owned, Share, Sight, beside, must_see, owned, share_out, sight};
pub use sign::{sign_as, sign_return};
pub use signing::{SignOff, Statement, Wanted, sign_offs, statement_of, wording};
pub use sites::{
    Exclusion, ExclusionKind, FILE as FILE_SITES, Filing, FilingLine, For, LineState,
    NOTE_LIMIT as EXCLUSION_LIMIT, TELL as TELL_OF_SITES, cover_sites, covered_in, exclude_sites, file_sites,
    filing_lines, filing_of, include_sites, mark_site_decided, retry_sites, save_exceptions, spread_evidence,
    tell_of_sites, whole_standing,
};
pub use start::start_return;
pub use store::{
    Attached, EarlierAnswer, Found, Which, answer_to, answers, attached, authors, find, history,
    newest_submission, return_of, returns_of, whole,
};
pub use submission::{Submission, answered_codes, score_input, score_of, submission};
pub use submit::{QUEUE_REVIEW, Receipt, submit_return};
pub use verify::verify;
use web::can_be_seen;
pub use web::{Sent, download, routes};
pub use withdrawal::{WITHDRAW_REVIEW, standing_submission, withdraw_submission};
pub use words::{computed_outcome, words};
