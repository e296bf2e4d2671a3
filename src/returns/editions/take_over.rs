//! Taking over what a newer version of the mapping carries, into a return that was started before it came into force.

use diesel::prelude::*;
use serde_json::json;

use super::offer::{Fill, take_over_of};
use crate::access::{Permit, TakeOverMapping};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AnswerId, MappingId, SubmissionId};
use crate::returns::model::{AnswerState, ReturnState};
use crate::returns::start::link_evidence;
use crate::returns::store::{self, Found};
use crate::schema::{annual_return, answer, answer_version};

/// Fills what the version of the mapping that was `seen` carries, as answers to confirm, and follows that version from now
/// on. What a person has answered stays, also when it was answered in the meantime. Gives how many answers were filled.
///
/// # Errors
/// [`Error::Conflict`] when that version fills nothing, or another one came into force; [`Error::Refused`] when the
/// collection takes no returns, or a colleague has just marked the return ready.
pub fn take_over_mapping(
    tx: &mut Tx<'_>,
    permit: &Permit<TakeOverMapping>,
    found: &Found,
    seen: Option<MappingId>,
) -> Result<Recorded<usize>> {
    found.must_be_of(permit)?;
    found.must_be_taken(tx.now())?;
    if store::hold_state(tx, found.id)?.is_some_and(|state| state != ReturnState::Draft) {
        return Err(Error::Refused("A colleague has just marked the return ready.".to_owned()));
    }
    let nothing = || {
        Error::Conflict(
            "There is nothing more to take over from that version of the mapping. Look at what changed again.".to_owned(),
        )
    };
    let offer = take_over_of(tx.conn(), found)?.ok_or_else(nothing)?;
    if seen != Some(offer.mapping) {
        return Err(nothing());
    }
    let mut filled = Vec::new();
    for fill in &offer.fills {
        if fill_one(tx, found, fill, offer.from)? {
            filled.push(fill.requirement);
        }
    }
    let files = offer.links.len();
    link_evidence(tx, (found.id, found.organisation), offer.links)?;
    diesel::update(annual_return::table.filter(annual_return::id.eq(found.id)))
        .set((
            annual_return::mapping_id.eq(Some(offer.mapping)),
            annual_return::change_hash.eq(Some(offer.with.hash)),
        ))
        .execute(tx.conn())?;
    let count = filled.len();
    let data = json!({
        "mapping": offer.mapping,
        "carried_from": offer.from,
        "requirements": filled,
        "evidence": files,
    });
    ledger::append(tx, &Event::of(permit, "mapping_taken_over", format!("return/{}", found.id), data), count)
}

/// Fills one answer; not where somebody answered since it was looked at.
fn fill_one(tx: &mut Tx<'_>, found: &Found, fill: &Fill, from: Option<SubmissionId>) -> Result<bool> {
    let now = tx.now();
    let written: Option<(AnswerId, i64)> = match fill.replaces {
        None => Some(
            diesel::insert_into(answer::table)
                .values((
                    answer::return_id.eq(found.id),
                    answer::organisation_id.eq(found.organisation),
                    answer::requirement_id.eq(fill.requirement),
                    answer::value.eq(&fill.value),
                    answer::comment.eq(&fill.comment),
                    answer::state.eq(AnswerState::ToConfirm),
                    answer::version.eq(1_i64),
                    answer::carried_from_submission_id.eq(from),
                    answer::updated_at.eq(now),
                ))
                .returning((answer::id, answer::version))
                .get_result(tx.conn())?,
        ),
        Some((id, version)) => diesel::update(
            answer::table
                .filter(answer::id.eq(id))
                .filter(answer::version.eq(version))
                .filter(answer::state.eq(AnswerState::ToConfirm)),
        )
        .set((
            answer::value.eq(&fill.value),
            answer::comment.eq(&fill.comment),
            answer::version.eq(version + 1),
            answer::updated_at.eq(now),
        ))
        .returning((answer::id, answer::version))
        .get_result(tx.conn())
        .optional()?,
    };
    let Some((id, version)) = written else { return Ok(false) };
    diesel::insert_into(answer_version::table)
        .values((
            answer_version::answer_id.eq(id),
            answer_version::version.eq(version),
            answer_version::organisation_id.eq(found.organisation),
            answer_version::value.eq(&fill.value),
            answer_version::comment.eq(&fill.comment),
            answer_version::state.eq(AnswerState::ToConfirm.as_str()),
            answer_version::saved_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(true)
}
