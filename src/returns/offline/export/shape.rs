//! The document of `docs/formats/return-export.md`. A change that readers would notice needs another [`VERSION`].

use serde::Serialize;
use serde_json::Value;

use super::around::{
    ExportedComment, ExportedHoldings, ExportedInterim, ExportedOwner, ExportedPlan, ExportedTimeRequest,
};
use super::record::{
    ExportedBeginning, ExportedBoardPaper, ExportedCorrection, ExportedExtension, ExportedOrganisation,
    ExportedOutcome, ExportedWithdrawal,
};
use super::sites::ExportedSites;
use crate::returns::model::{AnswerState, ReturnState, Snapshot, SnapshotEdition, SnapshotOrganisation};
use crate::standards::{Asked, Requirement};

/// What the document says it is.
pub const FORMAT: &str = "return-export";
/// The version of its shape.
pub const VERSION: u64 = 4;
/// The oldest version that can be brought back still: it holds less.
pub const FIRST_VERSION: u64 = 1;

/// A return with everything that belongs to it.
#[derive(Debug, Serialize)]
pub struct ReturnExport {
    /// [`FORMAT`].
    pub format: &'static str,
    /// [`VERSION`].
    pub version: u64,
    /// When it was made, RFC 3339.
    pub exported_at: String,
    /// Whose it is.
    pub organisation: SnapshotOrganisation,
    /// Key of the collection.
    pub collection: String,
    /// Its name.
    pub collection_name: String,
    /// What was asked.
    pub edition: SnapshotEdition,
    /// The profile it is held to; empty where the edition has none.
    pub profile: String,
    /// Where it stands.
    pub state: ReturnState,
    /// When it was started.
    pub opened_at: String,
    /// What it was started from, where its organisation had submitted nothing in the collection before.
    pub started_from: Option<ExportedBeginning>,
    /// The grade after review.
    pub final_grade: Option<String>,
    /// Why a submitted return was taken up again, while it is.
    pub reopened_reason: Option<String>,
    /// Until when this organisation may submit, where it was given more time.
    pub extended_until: Option<String>,
    /// Time that it was given, the first first.
    pub extensions: Vec<ExportedExtension>,
    /// The head office that submitted the return, where one did.
    pub filed_by: Option<ExportedOrganisation>,
    /// What the organisation holds, whatever the year.
    pub holdings: ExportedHoldings,
    /// One for each requirement, in edition order.
    pub requirements: Vec<ExportedRequirement>,
    /// The improvement plan.
    pub plan: Option<ExportedPlan>,
    /// Requests for more time, the oldest first.
    pub time_requests: Vec<ExportedTimeRequest>,
    /// Interim returns, the first one first.
    pub interim_returns: Vec<ExportedInterim>,
    /// Signatures, those that were withdrawn included.
    pub sign_offs: Vec<ExportedSignOff>,
    /// Submissions, the first one first.
    pub submissions: Vec<ExportedSubmission>,
    /// Submissions that were taken back, the first first.
    pub withdrawals: Vec<ExportedWithdrawal>,
    /// What a head office arranged for its sites.
    pub sites: Option<ExportedSites>,
    /// What the review of the head office gave for submissions that it made, the first first.
    pub head_office_outcomes: Vec<ExportedOutcome>,
    /// What corrections of the rules changed, the first first.
    pub corrections: Vec<ExportedCorrection>,
    /// Board papers, the first one first.
    pub board_papers: Vec<ExportedBoardPaper>,
    /// Reviews of submissions, as far as they are the organisation's to read.
    pub reviews: Vec<ExportedReview>,
    /// Letters about decisions, the first one first.
    pub letters: Vec<ExportedLetter>,
}

/// One requirement with its answer.
#[derive(Debug, Serialize)]
pub struct ExportedRequirement {
    /// What is asked, as in the standard's own file format.
    pub requirement: Requirement,
    /// The section it stands in.
    pub section: ExportedSection,
    /// Whether it counts for this organisation.
    pub asked: Asked,
    /// The answer.
    pub answer: Option<ExportedAnswer>,
    /// Files attached to it.
    pub evidence: Vec<ExportedEvidence>,
    /// Whose it is.
    pub owner: Option<ExportedOwner>,
    /// What was said about it, the oldest first.
    pub discussion: Vec<ExportedComment>,
}

/// A section's heading.
#[derive(Debug, Serialize)]
pub struct ExportedSection {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
}

/// An answer as it stands, and as it stood.
#[derive(Debug, Serialize)]
pub struct ExportedAnswer {
    /// The value, or `null` while there is only a comment.
    pub value: Value,
    /// The comment.
    pub comment: String,
    /// How far it has got.
    pub state: AnswerState,
    /// Counts the changes, from 1.
    pub version: i64,
    /// Whether it was carried forward from an earlier year.
    pub carried_forward: bool,
    /// Every state it has had, the first one first.
    pub history: Vec<ExportedVersion>,
}

/// One state of an answer.
#[derive(Debug, Serialize)]
pub struct ExportedVersion {
    /// Counts the changes, from 1.
    pub version: i64,
    /// The value, or `null`.
    pub value: Value,
    /// The comment.
    pub comment: String,
    /// How far it had got.
    pub state: AnswerState,
    /// When it was saved.
    pub saved_at: String,
    /// By whom; empty for what the system carried forward.
    pub saved_by: String,
}

/// One file.
#[derive(Debug, Serialize)]
pub struct ExportedEvidence {
    /// The name it was uploaded under.
    pub name: String,
    /// The kind told by its content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: String,
    /// When it was attached.
    pub attached_at: String,
}

/// One signature.
#[derive(Debug, Serialize)]
pub struct ExportedSignOff {
    /// `siro` and so on.
    pub role: String,
    /// Who signed.
    pub person: String,
    /// For whom, where a deputy signed.
    pub on_behalf_of: Option<String>,
    /// The version of the statement.
    pub statement_version: String,
    /// The statement, word for word.
    pub statement: String,
    /// SHA-256 of the canonical JSON of the answers that were signed, in hexadecimal.
    pub content_hash: String,
    /// When.
    pub signed_at: String,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<String>,
}

/// One submission.
#[derive(Debug, Serialize)]
pub struct ExportedSubmission {
    /// 1 for the first, 2 for the first resubmission.
    pub number: i64,
    /// When.
    pub submitted_at: String,
    /// By whom.
    pub submitted_by: String,
    /// Whether it came after the deadline.
    pub late: bool,
    /// Why it was submitted again.
    pub reason: Option<String>,
    /// The grade that the answers gave.
    pub claimed_grade: String,
    /// The version of the rules that it was scored by.
    pub rule_set: String,
    /// SHA-256 of the snapshot as it was stored, in hexadecimal: the receipt's fingerprint.
    pub snapshot_sha256: String,
    /// What was submitted.
    pub snapshot: Snapshot,
}

/// One review, as far as it is the organisation's to read: decisions and grade once it is final, questions at once.
#[derive(Debug, Serialize)]
pub struct ExportedReview {
    /// The number of the submission it is about.
    pub submission: i64,
    /// Where it stands.
    pub state: String,
    /// When it became final.
    pub decided_at: Option<String>,
    /// The grade after review.
    pub assessed_grade: Option<String>,
    /// What the reviewer says about the whole.
    pub summary: String,
    /// What was decided answer by answer.
    pub decisions: Vec<ExportedDecision>,
    /// What was asked and answered.
    pub queries: Vec<ExportedQuery>,
    /// Challenges of its decisions, the first one first.
    pub challenges: Vec<ExportedChallenge>,
}

/// One challenge of a decision.
#[derive(Debug, Serialize)]
pub struct ExportedChallenge {
    /// `open`, `settled` or `withdrawn`.
    pub state: String,
    /// Why the organisation thinks the decision wrong.
    pub grounds: String,
    /// The evidence it names.
    pub evidence: String,
    /// When it was sent.
    pub posted_at: String,
    /// When it was settled or withdrawn.
    pub closed_at: Option<String>,
    /// What is challenged, and how it was ruled on.
    pub lines: Vec<ExportedRuling>,
    /// What was said to the whole when it was settled.
    pub remarks: String,
}

/// One challenged decision.
#[derive(Debug, Serialize)]
pub struct ExportedRuling {
    /// The requirement's code.
    pub requirement: String,
    /// `upheld`, `partly` or `rejected`, once it is settled.
    pub ruling: Option<String>,
    /// Why.
    pub reason: String,
}

/// One letter about a decision, as it was sent.
#[derive(Debug, Serialize)]
pub struct ExportedLetter {
    /// Counts the letters about the return.
    pub number: i64,
    /// The number of the submission that was decided about.
    pub submission: i64,
    /// When it was sent.
    pub sent_at: String,
    /// SHA-256 of its canonical JSON, in hexadecimal, as the ledger has it.
    pub sha256: String,
    /// Every word of it.
    pub content: serde_json::Value,
}

/// One decision.
#[derive(Debug, Serialize)]
pub struct ExportedDecision {
    /// The requirement's code.
    pub requirement: String,
    /// `agree`, `downgrade` or `upgrade`.
    pub outcome: String,
    /// Why.
    pub reason: String,
}

/// One question of a reviewer.
#[derive(Debug, Serialize)]
pub struct ExportedQuery {
    /// The requirement's code.
    pub requirement: String,
    /// The question.
    pub question: String,
    /// When it was asked.
    pub asked_at: String,
    /// The newest reply.
    pub reply: Option<String>,
    /// When it came.
    pub replied_at: Option<String>,
    /// When an answer is or was due.
    pub due_at: String,
    /// `open`, `answered` or `closed`.
    pub state: String,
    /// How it ended: `stands`, `does_not_stand`, `not_answered`, `in_error` or `ended`.
    pub outcome: Option<String>,
    /// What the reviewer said to that.
    pub closing_note: String,
    /// Everything that was sent, the question first.
    pub messages: Vec<ExportedMessage>,
    /// Answers that somebody of the organisation has begun and nobody has sent.
    pub drafts: Vec<ExportedDraft>,
    /// More time asked for and given, the oldest first.
    pub time: Vec<ExportedQueryTime>,
}

/// An answer to a question that was not sent.
#[derive(Debug, Serialize)]
pub struct ExportedDraft {
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub written_at: String,
    /// Names of the files that are to come with it.
    pub evidence: Vec<String>,
}

/// More time for a question.
#[derive(Debug, Serialize)]
pub struct ExportedQueryTime {
    /// `asked`, `given`, `refused` or `overtaken`.
    pub state: String,
    /// Until when the organisation wanted it; none where it was given unasked.
    pub wanted_until: Option<String>,
    /// Why.
    pub reason: String,
    /// Until when it was given.
    pub given_until: Option<String>,
    /// What the reviewer said.
    pub answer: String,
}

/// One message of a question's thread.
#[derive(Debug, Serialize)]
pub struct ExportedMessage {
    /// `centre` or `organisation`.
    pub side: String,
    /// What it says.
    pub text: String,
    /// When it was sent.
    pub sent_at: String,
    /// `in_time`, `late`, or `after` the question was over.
    pub standing: String,
    /// Names of the files that came with it.
    pub evidence: Vec<String>,
}
