//! Scoring one answer blind.

use diesel::prelude::*;
use serde_json::json;

use super::assign::{moved_on, own};
use super::case::find_case;
use super::sheet::BlindSheet;
use crate::access::{Permit, ScoreBlind};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::BlindCaseId;
use crate::review::case::byte_of;
use crate::review::claim::person;
use crate::review::consistency::model::BlindState;
use crate::review::model::DecisionOutcome;
use crate::schema::{blind_case, blind_score};
use crate::standards::scoring::Status;

/// What a second scorer found about one answer.
#[derive(Debug, Clone)]
pub struct BlindFinding {
    /// The requirement's code.
    pub requirement: String,
    /// The status found.
    pub assessed: Status,
    /// Why; may be empty where the claim stands.
    pub reason: String,
    /// The version of the score that was seen: 0 for none.
    pub version: i64,
}

/// Saves the score of one answer.
///
/// # Errors
/// [`Error::NotFound`] for whoever does not score the case or a requirement that is not asked; [`Error::Invalid`] for a
/// status that it cannot have or a missing reason; [`Error::Conflict`] when the score has changed meanwhile.
pub fn score_blind(
    tx: &mut Tx<'_>,
    permit: &Permit<ScoreBlind>,
    finding: &BlindFinding,
) -> Result<Recorded<()>> {
    let id = BlindCaseId::new(permit.id());
    let case = find_case(tx.conn(), id)?;
    own(&case, person(permit)?)?;
    hold(tx, id, case.version)?;
    let organisation = case.organisation;
    let sheet = BlindSheet::load(tx.conn(), case)?;
    let (requirement, line) = sheet.requirement(&finding.requirement).ok_or(Error::NotFound)?;
    let row = sheet.edition.requirement_id(&finding.requirement).ok_or(Error::NotFound)?;
    if !line.possible(requirement).contains(&finding.assessed) {
        return Err(Error::field("assessed", "Choose what you found"));
    }
    let differs = DecisionOutcome::between(line.claimed, finding.assessed).needs_reason();
    if differs && finding.reason.trim().is_empty() {
        return Err(Error::field("reason", "Say why your finding differs from the claim"));
    }
    let byte = byte_of(&line.bare(), finding.assessed);
    let now = tx.now();
    let saved = if finding.version == 0 {
        let values = (
            blind_score::case_id.eq(id),
            blind_score::organisation_id.eq(organisation),
            blind_score::requirement_id.eq(row),
            blind_score::assessed_level.eq(i64::from(byte)),
            blind_score::reason.eq(&finding.reason),
            blind_score::version.eq(1_i64),
            blind_score::scored_at.eq(now),
        );
        crate::each!(tx.conn(), c => diesel::insert_into(blind_score::table)
            .values(&values)
            .on_conflict((blind_score::case_id, blind_score::requirement_id))
            .do_nothing()
            .execute(c))?
    } else {
        diesel::update(
            blind_score::table
                .filter(blind_score::case_id.eq(id))
                .filter(blind_score::requirement_id.eq(row))
                .filter(blind_score::version.eq(finding.version)),
        )
        .set((
            blind_score::assessed_level.eq(i64::from(byte)),
            blind_score::reason.eq(&finding.reason),
            blind_score::version.eq(finding.version + 1),
            blind_score::scored_at.eq(now),
        ))
        .execute(tx.conn())?
    };
    if saved == 0 {
        return Err(Error::Conflict("The score has changed since you loaded it.".to_owned()));
    }
    let data = json!({
        "assessed": byte,
        "reason_sha256": hex(&sha256(finding.reason.as_bytes())),
        "version": finding.version + 1,
    });
    let subject = format!("blind/{id}/{}", finding.requirement);
    ledger::append(tx, &Event::of(permit, "blind_score_saved", subject, data), ())
}

/// Reserves the case as it was read.
pub(super) fn hold(tx: &mut Tx<'_>, id: BlindCaseId, version: i64) -> Result<()> {
    let held = diesel::update(
        blind_case::table
            .filter(blind_case::id.eq(id))
            .filter(blind_case::version.eq(version))
            .filter(blind_case::state.eq(BlindState::Assigned)),
    )
    .set(blind_case::version.eq(blind_case::version))
    .execute(tx.conn())?;
    if held == 1 { Ok(()) } else { Err(moved_on()) }
}
