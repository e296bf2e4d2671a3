//! One organisation's return in one year, as a record of everything that happened to it.

use jiff::Timestamp;
use jiff::civil::Date;

use super::answers::Answer;
use super::grades::{Certificate, Published, Status};
use super::organisations::OrganisationIx;
use super::people::{PersonIx, Role};
use super::review::Review;

/// Where a return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReturnState {
    /// Being answered; perhaps only carried-forward answers so far.
    Draft,
    /// Complete, waiting for signatures.
    Ready,
    /// Signed, not sent.
    Signed,
    /// Sent.
    Submitted,
    /// Claimed by a reviewer.
    UnderReview,
    /// A reviewer waits for an answer.
    Query,
    /// Reviewed.
    Decided,
    /// Reviewed and found short; no agreed plan yet.
    PlanRequired,
    /// Reviewed and found short; the plan is agreed.
    PlanAgreed,
    /// Status published.
    Published,
    /// Nothing was submitted by the close.
    NotPublishedAtClose,
}

impl ReturnState {
    /// Every state, in the order of a return's life.
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::Ready,
        Self::Signed,
        Self::Submitted,
        Self::UnderReview,
        Self::Query,
        Self::Decided,
        Self::PlanRequired,
        Self::PlanAgreed,
        Self::Published,
        Self::NotPublishedAtClose,
    ];

    /// The stable key of the state.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Ready => "ready",
            Self::Signed => "signed",
            Self::Submitted => "submitted",
            Self::UnderReview => "under_review",
            Self::Query => "query",
            Self::Decided => "decided",
            Self::PlanRequired => "plan_required",
            Self::PlanAgreed => "plan_agreed",
            Self::Published => "published",
            Self::NotPublishedAtClose => "not_published_at_close",
        }
    }
}

/// A signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignOff {
    /// As what.
    pub role: Role,
    /// Who; never the only author of the answers.
    pub person: PersonIx,
    /// When.
    pub at: Timestamp,
}

/// The act of sending a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submission {
    /// Who sent it.
    pub by: PersonIx,
    /// When.
    pub at: Timestamp,
    /// After the deadline and without an extension that covered it.
    pub late: bool,
    /// The last day of a granted extension.
    pub extended_until: Option<Date>,
}

/// One gap of an improvement plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Position of the requirement in the edition.
    pub requirement: usize,
    /// What will be done.
    pub action: String,
    /// By whom.
    pub owner: PersonIx,
    /// By when, within six months of the deadline.
    pub due: Date,
}

/// An improvement plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImprovementPlan {
    /// Its gaps, in the order of the requirements.
    pub gaps: Vec<Gap>,
    /// The SIRO who signed it.
    pub signed_by: PersonIx,
    /// When.
    pub signed_at: Timestamp,
    /// Who of the central team agreed it, and when.
    pub agreed: Option<(PersonIx, Timestamp)>,
}

/// A return with its whole history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnRecord {
    /// Whose.
    pub organisation: OrganisationIx,
    /// The number of the year, from 0.
    pub year: usize,
    /// The profile, by position in the edition, where there are profiles.
    pub profile: Option<usize>,
    /// Where it stands on the day the nation is made for.
    pub state: ReturnState,
    /// When the baseline return was sent, if it was.
    pub baseline_at: Option<Timestamp>,
    /// Answers in the order of the requirements; requirements without an answer are left out.
    pub answers: Vec<Answer>,
    /// When the IG lead declared it complete.
    pub ready_at: Option<Timestamp>,
    /// Signatures.
    pub sign_offs: Vec<SignOff>,
    /// The submission.
    pub submission: Option<Submission>,
    /// Certificates valid at the deadline.
    pub certificates: Vec<Certificate>,
    /// Whether the answers themselves admit gaps, so that the return left with a plan.
    pub gaps_admitted: bool,
    /// The status that the answers claim, once submitted.
    pub claimed: Option<Status>,
    /// The status after review, once decided.
    pub assessed: Option<Status>,
    /// The review.
    pub review: Option<Review>,
    /// The improvement plan.
    pub plan: Option<ImprovementPlan>,
    /// The published status of a past year.
    pub published: Option<Published>,
}
