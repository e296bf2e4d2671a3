//! Submissions as stored, and the score that follows from a snapshot.

use diesel::prelude::*;

use super::model::Snapshot;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, EventId, OrganisationId, PersonId, ReturnId, SubmissionId};
use crate::schema::submission;
use crate::standards::scoring::{Answered, Score, ScoreInput, score};
use crate::standards::{AnswerValue, Edition, RequirementCode, parse_date};

/// An immutable submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Its row.
    pub id: SubmissionId,
    /// The return it is a snapshot of.
    pub return_id: ReturnId,
    /// Whose.
    pub organisation: OrganisationId,
    /// In which collection.
    pub collection: CollectionId,
    /// 1 for the first, 2 for the first resubmission.
    pub number: i64,
    /// Who sent it.
    pub submitted_by: Option<PersonId>,
    /// When.
    pub submitted_at: Timestamp,
    /// Whether it came after the deadline.
    pub late: bool,
    /// Canonical JSON of the [`Snapshot`].
    pub snapshot: String,
    /// SHA-256 of it.
    pub snapshot_hash: Vec<u8>,
    /// One byte per requirement, in edition order.
    pub levels: Vec<u8>,
    /// The grade that the answers give.
    pub claimed_grade: String,
    /// Canonical JSON of the [`Score`].
    pub score: String,
    /// The version of the scoring rules.
    pub rule_set: String,
    /// Why it was submitted again.
    pub reason: Option<String>,
    /// The event that tells of it.
    pub event: Option<EventId>,
}

impl Submission {
    /// The snapshot, read back.
    ///
    /// # Errors
    /// When the stored text is not a snapshot, which is a fault.
    pub fn parsed(&self) -> Result<Snapshot> {
        serde_json::from_str(&self.snapshot)
            .map_err(|e| Error::internal(format!("failed to read submission {}", self.id), e))
    }

    /// The score, read back.
    ///
    /// # Errors
    /// When the stored text is not a score, which is a fault.
    pub fn parsed_score(&self) -> Result<Score> {
        serde_json::from_str(&self.score)
            .map_err(|e| Error::internal(format!("failed to read the score of submission {}", self.id), e))
    }
}

type Whose = (SubmissionId, ReturnId, OrganisationId, CollectionId, i64);
type Sent = (Option<PersonId>, Timestamp, bool, Option<String>, Option<EventId>);
type Content = (String, Vec<u8>, Vec<u8>, String, String, String);

/// The submission with this number.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn submission(conn: &mut Conn, id: SubmissionId) -> Result<Submission> {
    let (whose, sent, content): (Whose, Sent, Content) = submission::table
        .filter(submission::id.eq(id))
        .select((
            (
                submission::id,
                submission::return_id,
                submission::organisation_id,
                submission::collection_id,
                submission::number,
            ),
            (
                submission::submitted_by,
                submission::submitted_at,
                submission::late,
                submission::reason,
                submission::ledger_event_id,
            ),
            (
                submission::snapshot,
                submission::snapshot_hash,
                submission::levels,
                submission::claimed_grade,
                submission::score,
                submission::rule_set,
            ),
        ))
        .first(conn)?;
    let (id, return_id, organisation, collection, number) = whose;
    let (submitted_by, submitted_at, late, reason, event) = sent;
    let (snapshot, snapshot_hash, levels, claimed_grade, score, rule_set) = content;
    Ok(Submission {
        id,
        return_id,
        organisation,
        collection,
        number,
        submitted_by,
        submitted_at,
        late,
        snapshot,
        snapshot_hash,
        levels,
        claimed_grade,
        score,
        rule_set,
        reason,
        event,
    })
}

/// What a snapshot is scored from. `on` is the London day of the submission.
///
/// # Errors
/// When an answer is not one of the edition's, which for a stored snapshot is a fault.
pub fn score_input(snapshot: &Snapshot, edition: &Edition, on: Day) -> Result<ScoreInput> {
    let sector = snapshot
        .organisation
        .sector
        .parse()
        .map_err(|e| Error::internal("failed to read the sector of a snapshot", e))?;
    let profile = if snapshot.profile.is_empty() {
        None
    } else {
        let key = snapshot.profile.parse();
        Some(key.map_err(|e| Error::internal("failed to read the profile of a snapshot", e))?)
    };
    let day = parse_date(&on.to_string()).ok_or_else(|| Error::broken("a day is not a date"))?;
    let mut input = ScoreInput::new(sector, profile, day);
    if let Some(fixed) = &snapshot.circumstances {
        input.certificates.clone_from(&fixed.certificates);
        input.plan = fixed.plan;
        input.approached_before = fixed.approached_before;
    }
    for answer in snapshot.answers.iter().filter(|answer| !answer.value.is_null()) {
        let requirement = edition.requirement(&answer.requirement).ok_or_else(|| {
            Error::broken(format!("the snapshot answers {}, which was not asked", answer.requirement))
        })?;
        let value = AnswerValue::parse(requirement, &answer.value).map_err(|e| {
            Error::internal(format!("failed to read the answer to {}", answer.requirement), e)
        })?;
        let answered = Answered { attached_files: answer.evidence.len(), ..Answered::new(value) };
        input.answers.insert(requirement.code.clone(), answered);
    }
    Ok(input)
}

/// The score of a snapshot under its edition.
///
/// # Errors
/// As [`score_input`].
pub fn score_of(snapshot: &Snapshot, edition: &Edition, on: Day) -> Result<Score> {
    let input = score_input(snapshot, edition, on)?;
    score(edition, &input).map_err(|e| Error::internal("failed to score a snapshot", e))
}

/// The codes that a snapshot answers, in edition order.
#[must_use]
pub fn answered_codes(snapshot: &Snapshot) -> Vec<RequirementCode> {
    snapshot
        .answers
        .iter()
        .filter(|answer| !answer.value.is_null())
        .filter_map(|answer| RequirementCode::new(&answer.requirement).ok())
        .collect()
}
