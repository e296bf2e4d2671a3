//! What a second scorer works on: the questions, the submitted answers and their own scores. It is loaded from the
//! submission; no field here could hold anything of the first review, and no statement here reads any of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::prelude::*;

use super::assign::own;
use super::case::{BlindCase, find_case};
use crate::access::{Actor, Permit, ScoreBlind};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{BlindCaseId, EditionId, RequirementId};
use crate::returns::{self, SnapshotAnswer};
use crate::review::case::{Line, possible, status_of};
use crate::review::snapshot;
use crate::schema::{blind_score, collection, organisation, submission};
use crate::standards::guidance::{InForce, Place, guidance_on};
use crate::standards::scoring::Status;
use crate::standards::{self, Asked, Edition, Requirement, StoredEdition};

/// One's own score of an answer.
#[derive(Debug, Clone)]
pub(in crate::review) struct BlindScore {
    /// The status found, as a byte.
    pub assessed: u8,
    /// Why.
    pub reason: String,
    /// Counts its changes, from 1.
    pub version: i64,
}

/// One requirement of a sheet.
#[derive(Debug, Clone)]
pub(in crate::review) struct BlindLine {
    /// Whether it is put to the organisation.
    pub asked: Asked,
    /// What the organisation's answer gives.
    pub claimed: Status,
    /// One's own score.
    pub score: Option<BlindScore>,
}

impl BlindLine {
    /// The line as the rules about possible statuses take it; nothing is decided in it.
    pub fn bare(&self) -> Line {
        Line { asked: self.asked, claimed: self.claimed, decision: None }
    }

    /// Whether the case cannot be finished without a score of it, and has none.
    pub fn is_wanting(&self) -> bool {
        self.asked == Asked::Mandatory && self.score.is_none()
    }

    /// The status of one's own score.
    pub fn found(&self, edition: &Edition) -> Option<Status> {
        self.score.as_ref().and_then(|score| status_of(edition, self.asked, score.assessed))
    }

    /// What can be found.
    pub fn possible(&self, requirement: &Requirement) -> Vec<Status> {
        possible(requirement, &self.bare())
    }
}

/// A submission of the sample with everything that scoring it asks.
#[derive(Debug)]
pub(in crate::review) struct BlindSheet {
    /// The case.
    pub case: BlindCase,
    /// Name of the organisation.
    pub name: String,
    /// Code of the organisation.
    pub code: String,
    /// Label of the year.
    pub year_label: String,
    /// What was asked.
    pub edition: Arc<StoredEdition>,
    /// One for each requirement, in edition order.
    pub lines: Vec<BlindLine>,
    /// Guidance on the day of the submission: what those who answered could read.
    pub guidance: BTreeMap<Place, InForce>,
    snapshot: String,
}

impl BlindSheet {
    /// Loads the sheet for its scorer.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else, or the permit's refusal.
    pub fn for_scorer(conn: &mut Conn, actor: &Actor, id: BlindCaseId) -> Result<Self> {
        let case = find_case(conn, id)?;
        own(&case, actor.id().ok_or(Error::NotFound)?)?;
        Permit::<ScoreBlind>::grant(actor, Some(case.subject()))?;
        Self::load(conn, case)
    }

    /// Loads the sheet of a case.
    pub fn load(conn: &mut Conn, case: BlindCase) -> Result<Self> {
        type Row = (String, String, String, EditionId, String, Vec<u8>, Timestamp, String);
        let (name, code, year_label, edition, snapshot, levels, at, rule_set): Row = submission::table
            .inner_join(organisation::table.on(organisation::id.eq(submission::organisation_id)))
            .inner_join(collection::table.on(collection::id.eq(submission::collection_id)))
            .filter(submission::id.eq(case.submission))
            .select((
                organisation::name,
                organisation::code,
                collection::year_label,
                collection::edition_id,
                submission::snapshot,
                submission::levels,
                submission::submitted_at,
                submission::rule_set,
            ))
            .first(conn)?;
        let edition = standards::stored_edition(conn, edition)?;
        // Under corrected rules another set of requirements may be asked, and then other levels count.
        let levels = if edition.edition().rule_set() == rule_set {
            levels
        } else {
            returns::levels_in_force(conn, case.submission, levels)?
        };
        let guidance = guidance_on(conn, edition.id(), at.london_day())?;
        let head = snapshot::head(&snapshot, edition.edition())?;
        let asked = edition.edition().asked_of(head.sector, head.profile.as_ref());
        let mut lines: Vec<BlindLine> = asked
            .into_iter()
            .zip(levels)
            .map(|(asked, byte)| {
                let claimed = status_of(edition.edition(), asked, byte).unwrap_or(Status::NotAnswered);
                BlindLine { asked, claimed, score: None }
            })
            .collect();
        for (requirement, score) in scores(conn, case.id)? {
            let position = edition.position_of(requirement);
            if let Some(line) = position.and_then(|position| lines.get_mut(position)) {
                line.score = Some(score);
            }
        }
        Ok(Self { case, name, code, year_label, edition, lines, guidance, snapshot })
    }

    /// Requirements with their lines, in edition order.
    pub fn requirements(&self) -> impl Iterator<Item = (&Requirement, &BlindLine)> {
        self.edition.edition().requirements().iter().zip(&self.lines)
    }

    /// The requirement of this code, if it is put to the organisation.
    pub fn requirement(&self, code: &str) -> Option<(&Requirement, &BlindLine)> {
        let found = self.requirements().find(|(requirement, _)| requirement.code.as_str() == code);
        found.filter(|(_, line)| line.asked != Asked::NotAsked)
    }

    /// The answer as submitted.
    pub fn answer(&self, code: &str) -> Result<SnapshotAnswer> {
        snapshot::answer(&self.snapshot, code)?.ok_or(Error::NotFound)
    }

    /// Whether a file stands beside any of the answers.
    pub fn has_evidence(&self, id: crate::platform::ids::EvidenceId) -> Result<bool> {
        snapshot::has_evidence(&self.snapshot, id)
    }

    /// Codes of what still needs a score.
    pub fn wanting(&self) -> Vec<&str> {
        let wanting = self.requirements().filter(|(_, line)| line.is_wanting());
        wanting.map(|(requirement, _)| requirement.code.as_str()).collect()
    }
}

fn scores(conn: &mut Conn, of: BlindCaseId) -> Result<Vec<(RequirementId, BlindScore)>> {
    let rows: Vec<(RequirementId, i64, String, i64)> = blind_score::table
        .filter(blind_score::case_id.eq(of))
        .select((
            blind_score::requirement_id,
            blind_score::assessed_level,
            blind_score::reason,
            blind_score::version,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(requirement, assessed, reason, version)| {
            let assessed = u8::try_from(assessed)
                .map_err(|_| Error::broken(format!("blind case {of} holds a score of {assessed}")))?;
            Ok((requirement, BlindScore { assessed, reason, version }))
        })
        .collect()
}
