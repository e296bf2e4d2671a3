//! Queries about what reviewers did, and about alerts.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::measure::Observed;
use crate::access::Subject;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{AlertId, GoldId, PersonId, RequirementId};
use crate::review::consistency::gold;
use crate::review::consistency::model::{AlertState, ComparisonState, Measure};
use crate::review::model::DecisionOutcome;
use crate::schema::{drift_alert, gold_attempt, review_decision, score_comparison};

fn counted(rows: impl Iterator<Item = (PersonId, i64, bool, i64)>) -> Vec<Observed> {
    rows.map(|(person, stratum, hit, count)| {
        let tries = u64::try_from(count).unwrap_or(0);
        Observed { person, stratum, hits: if hit { tries } else { 0 }, tries }
    })
    .collect()
}

/// Decisions since then by person and requirement; a hit is a downgrade.
pub(super) fn decisions(conn: &mut Conn, since: Timestamp) -> Result<Vec<Observed>> {
    let rows: Vec<(PersonId, RequirementId, DecisionOutcome, i64)> = review_decision::table
        .filter(review_decision::decided_at.gt(since))
        .group_by((review_decision::decided_by, review_decision::requirement_id, review_decision::outcome))
        .select((
            review_decision::decided_by,
            review_decision::requirement_id,
            review_decision::outcome,
            count_star(),
        ))
        .load(conn)?;
    Ok(counted(rows.into_iter().map(|(person, requirement, outcome, count)| {
        (person, requirement.get(), outcome == DecisionOutcome::Downgrade, count)
    })))
}

/// Comparisons since then by first scorer and requirement; a hit is an agreement.
pub(super) fn comparisons(conn: &mut Conn, since: Timestamp) -> Result<Vec<Observed>> {
    let rows: Vec<(PersonId, RequirementId, ComparisonState, i64)> = score_comparison::table
        .filter(score_comparison::compared_at.gt(since))
        .group_by((score_comparison::first_by, score_comparison::requirement_id, score_comparison::state))
        .select((
            score_comparison::first_by,
            score_comparison::requirement_id,
            score_comparison::state,
            count_star(),
        ))
        .load(conn)?;
    Ok(counted(rows.into_iter().map(|(person, requirement, state, count)| {
        (person, requirement.get(), state == ComparisonState::Agreed, count)
    })))
}

/// Attempts at gold cases since then; a hit is the agreed status.
pub(super) fn practice(conn: &mut Conn, since: Timestamp) -> Result<Vec<Observed>> {
    let recent: Vec<(GoldId, PersonId)> = gold_attempt::table
        .filter(gold_attempt::scored_at.gt(since))
        .select((gold_attempt::gold_id, gold_attempt::person_id))
        .load(conn)?;
    let all = gold::attempts(conn, None)?;
    let recent = all.into_iter().filter(|one| recent.contains(&(one.gold, one.person)));
    Ok(counted(recent.map(|one| (one.person, one.gold.get(), one.assessed == one.agreed, 1))))
}

/// One alert.
#[derive(Debug, Clone)]
pub(in crate::review) struct Alert {
    pub id: AlertId,
    pub person: PersonId,
    pub measure: Measure,
    pub state: AlertState,
    pub hits: i64,
    pub tries: i64,
    pub low: String,
    pub high: String,
    pub expected: String,
    /// How many figures were tested in the look that this one is of.
    pub tests: i64,
    pub raised_at: Timestamp,
    pub note: String,
}

impl Alert {
    /// What the access table needs to know of it.
    pub fn subject(&self) -> Subject {
        Subject { kind: "drift alert", id: self.id.get(), organisation: None, state: self.state.as_str() }
    }
}

type Row =
    ((AlertId, PersonId, Measure, AlertState, i64, i64), (String, String, String, i64, Timestamp, String));

macro_rules! found {
    () => {
        drift_alert::table.select((
            (
                drift_alert::id,
                drift_alert::person_id,
                drift_alert::measure,
                drift_alert::state,
                drift_alert::hits,
                drift_alert::tries,
            ),
            (
                drift_alert::low,
                drift_alert::high,
                drift_alert::expected,
                drift_alert::tests,
                drift_alert::raised_at,
                drift_alert::note,
            ),
        ))
    };
}

fn of_row(
    ((id, person, measure, state, hits, tries), (low, high, expected, tests, raised_at, note)): Row,
) -> Alert {
    Alert { id, person, measure, state, hits, tries, low, high, expected, tests, raised_at, note }
}

/// The alert with this number.
pub(in crate::review) fn alert(conn: &mut Conn, id: AlertId) -> Result<Alert> {
    Ok(of_row(found!().filter(drift_alert::id.eq(id)).first(conn)?))
}

/// Alerts that stand, and so many of those that are over; newest first.
pub(in crate::review) fn alerts(conn: &mut Conn, over: i64) -> Result<Vec<Alert>> {
    let mut all: Vec<Row> =
        found!().filter(drift_alert::state.ne(AlertState::Over)).order(drift_alert::id.desc()).load(conn)?;
    let ended: Vec<Row> = found!()
        .filter(drift_alert::state.eq(AlertState::Over))
        .order(drift_alert::id.desc())
        .limit(over)
        .load(conn)?;
    all.extend(ended);
    Ok(all.into_iter().map(of_row).collect())
}
