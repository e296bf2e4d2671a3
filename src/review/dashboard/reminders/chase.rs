//! Beginning a round of reminders.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;

use super::deliver::CHASE;
use super::store::{LineState, Scope};
use crate::access::{ChaseReturns, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, RoundId};
use crate::platform::jobs;
use crate::review::claim::person;
use crate::schema::{outlook_risk, reminder_line, reminder_round};

/// Everybody at risk, or those of one rule, who were not reminded on the day.
const MEANT: &str = "INSERT INTO reminder_line (collection_id, organisation_id, day, round_id, state) \
     SELECT collection_id, organisation_id, $1, $2, 'wanted' FROM outlook_risk \
     WHERE collection_id = $3 AND (rule = $4 OR $4 = '') ON CONFLICT DO NOTHING";

/// Writes down whom the round is for and queues its job. Whoever was in a round of the day is left out: the key of the
/// lines is collection, organisation and day.
///
/// # Errors
/// [`Error::Refused`] when nobody is left to remind today.
pub(super) fn chase(
    tx: &mut Tx<'_>,
    permit: &Permit<ChaseReturns>,
    scope: &Scope,
) -> Result<Recorded<RoundId>> {
    let (now, me, of) = (tx.now(), person(permit)?, CollectionId::new(permit.id()));
    let day = now.london_day();
    let id: RoundId = diesel::insert_into(reminder_round::table)
        .values((
            reminder_round::collection_id.eq(of),
            reminder_round::day.eq(day.to_string()),
            reminder_round::sent_by.eq(me),
            reminder_round::sent_at.eq(now),
            reminder_round::organisations.eq(0_i64),
        ))
        .returning(reminder_round::id)
        .get_result(tx.conn())?;
    let meant = match scope {
        Scope::All => everybody(tx, of, id, "")?,
        Scope::Of(rule) => everybody(tx, of, id, rule.as_str())?,
        Scope::These(_) => these(tx, of, id, scope)?,
    };
    if meant == 0 {
        return Err(Error::Refused("None of these organisations is left to be reminded today.".to_owned()));
    }
    let meant = i64::try_from(meant).unwrap_or(i64::MAX);
    diesel::update(reminder_round::table.filter(reminder_round::id.eq(id)))
        .set(reminder_round::organisations.eq(meant))
        .execute(tx.conn())?;
    jobs::enqueue(tx, CHASE, &id.to_string(), now, Some(&format!("{CHASE}/{id}")))?;
    let which = match scope {
        Scope::All => "all",
        Scope::Of(rule) => rule.as_str(),
        Scope::These(_) => "chosen",
    };
    let data = json!({"round": id, "scope": which, "organisations": meant, "day": day});
    ledger::append(tx, &Event::of(permit, "reminders_begun", format!("collection/{of}"), data), id)
}

fn everybody(tx: &mut Tx<'_>, of: CollectionId, id: RoundId, rule: &str) -> Result<usize> {
    let day = tx.now().london_day().to_string();
    Ok(diesel::sql_query(MEANT)
        .bind::<Text, _>(day)
        .bind::<BigInt, _>(id)
        .bind::<BigInt, _>(of)
        .bind::<Text, _>(rule)
        .execute(tx.conn())?)
}

/// Those of the chosen organisations that are at risk.
fn these(tx: &mut Tx<'_>, of: CollectionId, id: RoundId, scope: &Scope) -> Result<usize> {
    let Scope::These(chosen) = scope else { return Ok(0) };
    let day = tx.now().london_day().to_string();
    let at_risk: Vec<crate::platform::ids::OrganisationId> = outlook_risk::table
        .filter(outlook_risk::collection_id.eq(of))
        .filter(outlook_risk::organisation_id.eq_any(chosen.clone()))
        .select(outlook_risk::organisation_id)
        .load(tx.conn())?;
    let mut made = 0;
    for organisation in at_risk {
        let row = (
            reminder_line::collection_id.eq(of),
            reminder_line::organisation_id.eq(organisation),
            reminder_line::day.eq(&day),
            reminder_line::round_id.eq(id),
            reminder_line::state.eq(LineState::Wanted),
        );
        made += crate::each!(tx.conn(), c => diesel::insert_into(reminder_line::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(made)
}
