//! Taking a submission of the sample to score it, giving it to somebody, and giving it back.

use diesel::prelude::*;
use serde_json::json;

use super::case::{BlindCase, hold_first};
use super::impartial::Impartial;
use crate::access::{Action, GiveBlindCase, Permit, ReleaseBlindCase, TakeBlindCase};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{BlindCaseId, PersonId};
use crate::review::claim::person;
use crate::review::consistency::model::BlindState;
use crate::schema::{blind_case, blind_score};

/// Makes the permit's person the second scorer.
///
/// # Errors
/// [`Error::Conflict`] when somebody else was faster.
pub fn take_blind_case(
    tx: &mut Tx<'_>,
    permit: &Permit<TakeBlindCase>,
    as_read: &BlindCase,
    proof: &Impartial,
) -> Result<Recorded<BlindCaseId>> {
    if proof.person() != person(permit)? {
        return Err(Error::broken("a case is taken by whom the proof is about"));
    }
    assign(tx, permit, as_read, proof)
}

/// Gives the case to the person of the proof. Scores of somebody who had it before are thrown away: a case is scored by
/// one person.
///
/// # Errors
/// [`Error::Conflict`] when it has moved on.
pub fn give_blind_case(
    tx: &mut Tx<'_>,
    permit: &Permit<GiveBlindCase>,
    as_read: &BlindCase,
    proof: &Impartial,
) -> Result<Recorded<BlindCaseId>> {
    let given = assign(tx, permit, as_read, proof)?;
    // Once the case is held, so that nothing is saved into it meanwhile.
    if as_read.scorer != Some(proof.person()) {
        forget_scores(tx, as_read.id)?;
    }
    Ok(given)
}

fn assign<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    as_read: &BlindCase,
    proof: &Impartial,
) -> Result<Recorded<BlindCaseId>> {
    let (now, id) = (tx.now(), BlindCaseId::new(permit.id()));
    if proof.case() != id {
        return Err(Error::broken("the proof is about another case"));
    }
    // Asked again once the first review is held: whoever is just given that one holds it as well.
    hold_first(tx, id)?;
    Impartial::check(tx.conn(), proof.person(), as_read)?;
    let moved = diesel::update(
        blind_case::table
            .filter(blind_case::id.eq(id))
            .filter(blind_case::version.eq(as_read.version))
            .filter(blind_case::state.eq(as_read.state)),
    )
    .set((
        blind_case::state.eq(BlindState::Assigned),
        blind_case::scorer_id.eq(Some(proof.person())),
        blind_case::assigned_at.eq(Some(now)),
        blind_case::version.eq(blind_case::version + 1),
    ))
    .execute(tx.conn())?;
    if moved == 0 {
        return Err(Error::Conflict("Somebody else has taken this submission.".to_owned()));
    }
    let data = json!({"scorer": proof.person()});
    ledger::append(tx, &Event::of(permit, "blind_case_assigned", format!("blind/{id}"), data), id)
}

/// Puts the case back among those that wait.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but its scorer, [`Error::Conflict`] when it has moved on.
pub fn release_blind_case(
    tx: &mut Tx<'_>,
    permit: &Permit<ReleaseBlindCase>,
    as_read: &BlindCase,
) -> Result<Recorded<()>> {
    let id = BlindCaseId::new(permit.id());
    own(as_read, person(permit)?)?;
    let moved = diesel::update(
        blind_case::table.filter(blind_case::id.eq(id)).filter(blind_case::version.eq(as_read.version)),
    )
    .set((
        blind_case::state.eq(BlindState::Waiting),
        blind_case::scorer_id.eq(None::<PersonId>),
        blind_case::assigned_at.eq(None::<Timestamp>),
        blind_case::version.eq(blind_case::version + 1),
    ))
    .execute(tx.conn())?;
    if moved == 0 {
        return Err(moved_on());
    }
    forget_scores(tx, id)?;
    ledger::append(tx, &Event::of(permit, "blind_case_released", format!("blind/{id}"), json!({})), ())
}

fn forget_scores(tx: &mut Tx<'_>, id: BlindCaseId) -> Result<()> {
    diesel::delete(blind_score::table.filter(blind_score::case_id.eq(id))).execute(tx.conn())?;
    Ok(())
}

/// That the person is the one who scores the case.
pub(super) fn own(of: &BlindCase, person: PersonId) -> Result<()> {
    if of.scorer == Some(person) { Ok(()) } else { Err(Error::NotFound) }
}

/// What is said when a case has changed under somebody's hands.
pub(super) fn moved_on() -> Error {
    Error::Conflict("The submission was given to somebody else or taken back, or is finished.".to_owned())
}
