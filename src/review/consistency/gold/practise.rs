//! Scoring a case for training. The first try counts; afterwards the agreed status and its rationale are shown.

use diesel::prelude::*;
use serde_json::json;

use super::store::find_gold;
use crate::access::{Permit, PractiseScoring};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::GoldId;
use crate::review::claim::person;
use crate::review::consistency::figures::choices_of;
use crate::schema::gold_attempt;
use crate::standards;
use crate::standards::scoring::Status;

/// Records what the permit's person found; gives whether that is the agreed status.
///
/// # Errors
/// [`Error::Invalid`] for a status that the requirement cannot have, [`Error::Conflict`] for a second try.
pub fn practise(tx: &mut Tx<'_>, permit: &Permit<PractiseScoring>, found: Status) -> Result<Recorded<bool>> {
    let (now, me, id) = (tx.now(), person(permit)?, GoldId::new(permit.id()));
    let case = find_gold(tx.conn(), id)?;
    let edition = standards::edition(tx.conn(), case.edition)?;
    let requirement = edition.requirement(&case.code).ok_or(Error::NotFound)?;
    if !choices_of(requirement).contains(&found) {
        return Err(Error::field("assessed", "Choose what you found"));
    }
    let byte = i64::from(found.byte());
    let row = (
        gold_attempt::gold_id.eq(id),
        gold_attempt::person_id.eq(me),
        gold_attempt::assessed.eq(byte),
        gold_attempt::scored_at.eq(now),
    );
    let made = crate::each!(tx.conn(), c => diesel::insert_into(gold_attempt::table)
        .values(&row)
        .on_conflict((gold_attempt::gold_id, gold_attempt::person_id))
        .do_nothing()
        .execute(c))?;
    if made == 0 {
        return Err(Error::Conflict("You have scored this case before; the first try counts.".to_owned()));
    }
    let data = json!({"assessed": byte});
    let event = Event::of(permit, "gold_case_scored", format!("gold/{id}"), data);
    ledger::append(tx, &event, byte == case.agreed)
}
