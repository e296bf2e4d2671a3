//! A conclusion of a review as it is kept, and the letter that tells of it as it is frozen.

use serde::{Deserialize, Serialize};

use crate::platform::clock::Timestamp;
use crate::platform::ids::{ConclusionId, PersonId, ReviewId};
use crate::review::model::DecisionOutcome;

crate::text_enum! {
    /// What a conclusion came of.
    Cause {
        /// The review was finished.
        Review = "review", "Review finished";
        /// A challenge changed it.
        Challenge = "challenge", "Challenge settled";
        /// The review was taken up again and finished anew.
        Reopening = "reopening", "Review reopened and decided anew";
    }
}

/// One decision as it stood when the review was concluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDecision {
    /// The requirement's code.
    pub requirement: String,
    /// What the reviewer made of the claim.
    pub outcome: DecisionOutcome,
    /// The assessed status byte.
    pub assessed: u8,
    /// Why.
    pub reason: String,
}

/// One time that a review was decided.
#[derive(Debug, Clone)]
pub struct Conclusion {
    /// Its row.
    pub id: ConclusionId,
    /// Of which review.
    pub review: ReviewId,
    /// 1 for the first.
    pub number: i64,
    /// What it came of.
    pub cause: Cause,
    /// The grade that the answers give.
    pub claimed_grade: String,
    /// The grade that the decisions give.
    pub assessed_grade: String,
    /// The assessed status bytes in edition order.
    pub levels: Vec<u8>,
    /// The assessed score as canonical JSON.
    pub score: String,
    /// The decisions as canonical JSON.
    pub decisions: String,
    /// What the reviewer said about the whole.
    pub summary: String,
    /// SHA-256 over all of it.
    pub content_hash: Vec<u8>,
    /// Who decided.
    pub decided_by: PersonId,
    /// Who confirmed it.
    pub second: Option<PersonId>,
    /// When.
    pub decided_at: Timestamp,
    /// Until when it can be challenged.
    pub challenge_until: Timestamp,
}

/// One requirement that stays below what is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The requirement's code.
    pub requirement: String,
    /// Code and title.
    pub heading: String,
    /// What was claimed.
    pub claimed: String,
    /// What was found.
    pub assessed: String,
    /// What is asked.
    pub expected: String,
    /// Why it was so decided, in paragraphs.
    pub reason: Vec<String>,
    /// What would close it.
    pub close: String,
}

/// What became of one challenged decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledLine {
    /// Code and title of the requirement.
    pub heading: String,
    /// Upheld, partly upheld or rejected.
    pub verdict: String,
    /// What stands now.
    pub now: String,
    /// Why, in paragraphs.
    pub reason: Vec<String>,
}

/// A letter as it was sent: every word of it, so that it can be read again whatever changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The version of the texts it was composed from.
    pub texts: u32,
    /// Counts the letters about one return.
    pub number: i64,
    /// Code of the organisation.
    pub code: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Label of the year.
    pub year: String,
    /// The day it was written, in words.
    pub dated: String,
    /// What it is about.
    pub title: String,
    /// Facts in a table: standard, edition, rules, grades.
    pub facts: Vec<(String, String)>,
    /// What it begins with.
    pub opening: Vec<String>,
    /// What became of the challenge, if it answers one.
    pub settled: Vec<SettledLine>,
    /// The reviewer's summary.
    pub summary: Vec<String>,
    /// What the reviewer added to this letter.
    pub added: Vec<String>,
    /// What introduces the gaps, or says that there are none.
    pub about_gaps: Vec<String>,
    /// The requirements below what is asked.
    pub gaps: Vec<Gap>,
    /// Whether a plan is asked for, and until when.
    pub plan: Vec<String>,
    /// How and until when it can be challenged.
    pub challenge: Vec<String>,
    /// What it ends with.
    pub closing: Vec<String>,
}
