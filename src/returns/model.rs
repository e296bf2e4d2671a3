//! A return: its states and the steps between them, its answers, and the immutable snapshot that a submission is.

use serde::{Deserialize, Serialize};

use crate::platform::clock::{Day, Timestamp};
use crate::platform::ids::{AnswerId, DelegationId, EvidenceId, PersonId, RequirementId, SubmissionId};
use crate::standards::scoring::{Certificate, PlanStanding};

crate::text_enum! {
    /// Where a return stands.
    ReturnState {
        /// Being written.
        Draft = "draft", "Draft";
        /// Complete; waits for the SIRO.
        Ready = "ready", "Ready to be signed";
        /// Signed; waits to be submitted.
        Signed = "signed", "Signed";
        /// With the central team, not yet looked at.
        Submitted = "submitted", "Submitted";
        /// Being reviewed.
        UnderReview = "under_review", "Under review";
        /// A reviewer waits for the organisation's reply.
        Query = "query", "Waiting for your reply";
        /// The review is finished.
        Decided = "decided", "Decided";
        /// Its grade is in a release.
        Published = "published", "Published";
    }
}

/// A step from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The IG lead says that every answer is there.
    MarkReady,
    /// Back to writing, before submission.
    BackToDraft,
    /// The SIRO signs.
    Sign,
    /// The signed return goes to the central team.
    Submit,
    /// The organisation takes a submission up again before the close.
    Reopen,
    /// The organisation takes a submission back before the close: nothing stands until it is sent again.
    Withdraw,
    /// What was taken up again and not sent by the close stands as it was sent before.
    StandAsSubmitted,
    /// A reviewer claims it.
    BeginReview,
    /// A reviewer gives it back.
    ReleaseReview,
    /// A reviewer asks the organisation.
    Ask,
    /// The last open question is answered.
    Resume,
    /// The review is finished.
    Decide,
    /// The review of the head office that submitted it is finished.
    DecideWithHeadOffice,
    /// A decided review is taken up again by the central team.
    ReopenReview,
    /// Its grade is published.
    Publish,
}

impl ReturnState {
    /// The state after a step; `None` when the step cannot be taken from here.
    #[must_use]
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Draft, Step::MarkReady) => Some(Self::Ready),
            (Self::Ready | Self::Signed, Step::BackToDraft)
            | (Self::Submitted, Step::Reopen)
            | (Self::Submitted | Self::UnderReview | Self::Query, Step::Withdraw) => Some(Self::Draft),
            (Self::Ready, Step::Sign) => Some(Self::Signed),
            (Self::Signed, Step::Submit)
            | (Self::Draft | Self::Ready | Self::Signed, Step::StandAsSubmitted)
            | (Self::UnderReview, Step::ReleaseReview) => Some(Self::Submitted),
            (Self::Submitted, Step::BeginReview)
            | (Self::Query, Step::Resume)
            | (Self::Decided | Self::Published, Step::ReopenReview) => Some(Self::UnderReview),
            (Self::UnderReview, Step::Ask) => Some(Self::Query),
            (Self::UnderReview, Step::Decide) | (Self::Submitted, Step::DecideWithHeadOffice) => {
                Some(Self::Decided)
            }
            (Self::Decided, Step::Publish) => Some(Self::Published),
            _ => None,
        }
    }

    /// Whether a submission of it is with the central team or beyond.
    #[must_use]
    pub const fn is_sent(self) -> bool {
        !matches!(self, Self::Draft | Self::Ready | Self::Signed)
    }
}

crate::text_enum! {
    /// How far an answer has got.
    AnswerState {
        /// Carried forward from last year; nobody has looked at it yet.
        ToConfirm = "to_confirm", "To confirm";
        /// Saved, but not yet said to be finished.
        Draft = "draft", "In progress";
        /// Said to be finished by somebody.
        Confirmed = "confirmed", "Completed";
    }
}

/// One answer as stored: the value is JSON, `null` while there is only a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// Its row.
    pub id: AnswerId,
    /// What it answers.
    pub requirement: RequirementId,
    /// Canonical JSON of the value, or `null`.
    pub value: String,
    /// The organisation's comment, never published.
    pub comment: String,
    /// How far it has got.
    pub state: AnswerState,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The submission it was carried forward from.
    pub carried_from: Option<SubmissionId>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Who changed it last; nobody for what the system carried forward.
    pub updated_by: Option<PersonId>,
}

/// One requirement that still keeps a return from being ready, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Block {
    /// The requirement's code.
    pub requirement: String,
    /// Its title.
    pub title: String,
    /// What is missing, as a sentence.
    pub reason: String,
    /// Where it can be mended.
    pub href: String,
}

/// One answer that a site still needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteBlock {
    /// The site's code.
    pub code: String,
    /// The site's name.
    pub name: String,
    /// The requirement's code.
    pub requirement: String,
    /// What is missing, as a sentence.
    pub reason: String,
    /// Where it can be mended.
    pub href: String,
}

/// Where a return stands: what its overview, lists and the API say of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Its state.
    pub state: ReturnState,
    /// Requirements that count for this organisation.
    pub asked: usize,
    /// Of those, the ones that block nothing.
    pub settled: usize,
    /// Requirements that still block the return.
    pub blocks: Vec<Block>,
    /// Answers that its sites still need, which block it as well; none where it covers no sites, or where nobody has asked.
    pub sites: Option<Vec<SiteBlock>>,
    /// When it is due, an extension included.
    pub due_at: Timestamp,
    /// Until when it is taken at all.
    pub taken_until: Timestamp,
    /// Whether it can be worked on and submitted now.
    pub open: bool,
}

impl Standing {
    /// What the sites still need.
    #[must_use]
    pub fn site_blocks(&self) -> &[SiteBlock] {
        self.sites.as_deref().unwrap_or_default()
    }

    /// Whether the return can be marked ready.
    #[must_use]
    pub fn nothing_blocks(&self) -> bool {
        self.blocks.is_empty() && self.site_blocks().is_empty()
    }
}

/// The organisation of a snapshot, as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotOrganisation {
    /// ODS code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Sector key.
    pub sector: String,
}

/// The edition of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotEdition {
    /// Key.
    pub key: String,
    /// SHA-256 of its canonical JSON, in hexadecimal.
    pub hash: String,
    /// The version of the scoring rules.
    pub rule_set: String,
}

/// One file of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotEvidence {
    /// Its row.
    pub id: EvidenceId,
    /// The name it was uploaded under.
    pub name: String,
    /// The kind told by its content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: String,
}

/// One answer of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotAnswer {
    /// The requirement's code.
    pub requirement: String,
    /// The value, or `null` where there is no confirmed answer.
    pub value: serde_json::Value,
    /// The comment.
    pub comment: String,
    /// The files.
    pub evidence: Vec<SnapshotEvidence>,
}

/// One signature of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotSignOff {
    /// `siro` and so on.
    pub role: String,
    /// Who signed.
    pub person: PersonId,
    /// The version of the statement that was signed.
    pub statement_version: String,
    /// SHA-256 of the canonical JSON of the answers that were signed, in hexadecimal.
    pub content_hash: String,
    /// When.
    pub signed_at: Timestamp,
    /// For whom, where it was signed under a delegation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation: Option<SnapshotDelegation>,
}

/// The delegation under which a signature was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotDelegation {
    /// Its row.
    pub id: DelegationId,
    /// Who holds the role.
    pub delegator: PersonId,
    /// When they delegated it.
    pub given_at: Timestamp,
    /// The last day on which it held.
    pub until: Day,
}

/// What a snapshot fixes of the circumstances: with the answers it is all that the score follows from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotCircumstances {
    /// Every certificate on record, as it counted on the day of the submission.
    pub certificates: Vec<Certificate>,
    /// Which rule and certificate exempted from which requirement.
    pub exemptions: Vec<SnapshotExemption>,
    /// How far the improvement plan had got; a plan with a gap left out is none.
    pub plan: PlanStanding,
    /// The requirements that the plan covered.
    pub planned: Vec<String>,
    /// Whether the organisation had been graded as approaching the standards before.
    pub approached_before: bool,
}

/// One exemption as it was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotExemption {
    /// The requirement's code.
    pub requirement: String,
    /// The rule's code in the edition.
    pub rule: String,
    /// The certificate's row.
    pub certificate: i64,
    /// The last day of the exemption.
    pub until: Day,
}

/// A return as it was submitted. Its canonical JSON is stored and hashed; it never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The version of this shape: 1.
    pub v: u8,
    /// Whose return it is.
    pub organisation: SnapshotOrganisation,
    /// The collection's key.
    pub collection: String,
    /// What was asked.
    pub edition: SnapshotEdition,
    /// The profile it is held to; empty where the edition has none.
    pub profile: String,
    /// One for each requirement, in edition order.
    pub answers: Vec<SnapshotAnswer>,
    /// The signatures.
    pub sign_offs: Vec<SnapshotSignOff>,
    /// Why it was submitted again, for every submission but the first.
    pub reason: Option<String>,
    /// Certificates, exemptions and the improvement plan, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circumstances: Option<SnapshotCircumstances>,
    /// The head office that submitted it, where the organisation did not itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed_by: Option<SnapshotFiledBy>,
}

/// Where the return of a site came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotFiledBy {
    /// Code of the head office.
    pub code: String,
    /// Its name then.
    pub name: String,
    /// Its own submission, which the answers were taken from.
    pub submission: SubmissionId,
    /// SHA-256 of that submission's snapshot, in hexadecimal.
    pub hash: String,
    /// Codes of the requirements to which the site has an answer of its own.
    pub exceptions: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_draft_to_publication() {
        let steps = [
            Step::MarkReady,
            Step::Sign,
            Step::Submit,
            Step::BeginReview,
            Step::Ask,
            Step::Resume,
            Step::Decide,
            Step::Publish,
        ];
        let end = steps.into_iter().try_fold(ReturnState::Draft, ReturnState::after);
        assert_eq!(end, Some(ReturnState::Published));
    }

    #[test]
    fn nothing_is_signed_or_submitted_out_of_turn() {
        assert_eq!(ReturnState::Draft.after(Step::Sign), None);
        assert_eq!(ReturnState::Ready.after(Step::Submit), None);
        assert_eq!(ReturnState::UnderReview.after(Step::Reopen), None);
        assert_eq!(ReturnState::Submitted.after(Step::Submit), None);
        assert_eq!(ReturnState::Query.after(Step::Decide), None);
        assert_eq!(ReturnState::Signed.after(Step::BackToDraft), Some(ReturnState::Draft));
        assert_eq!(ReturnState::Query.after(Step::Withdraw), Some(ReturnState::Draft));
        assert_eq!(ReturnState::Decided.after(Step::Withdraw), None);
    }

    #[test]
    fn states_know_whether_they_are_sent() {
        let sent: Vec<&str> = ReturnState::ALL.iter().filter(|s| s.is_sent()).map(|s| s.as_str()).collect();
        assert_eq!(sent, ["submitted", "under_review", "query", "decided", "published"]);
    }
}
