//! The annual return of one organisation in one collection: answers, evidence, sign-off, and immutable submissions.
//! Last year's answers are carried forward to be confirmed; two people saving at once lose nothing.

mod content;
mod model;
mod moves;
mod readiness;
mod store;
mod submission;
mod words;

pub use content::{content, content_hash, current, snapshot};
pub use model::{
    AnswerState, Block, ReturnState, Snapshot, SnapshotAnswer, SnapshotEdition, SnapshotEvidence,
    SnapshotOrganisation, SnapshotSignOff, Standing, Step, StoredAnswer,
};
pub use moves::{mark_decided, mark_published, mark_query, mark_released, mark_under_review};
pub use readiness::{Line, lines, question_href, read_value, return_href, standing};
pub use store::{
    Attached, EarlierAnswer, Found, SignOff, Which, answer_to, answers, attached, authors, find, history,
    return_of, returns_of, sign_offs,
};
pub use submission::{Submission, answered_codes, score_input, score_of, submission};
pub use words::{computed_outcome, words};
