//! For how long a former employer bars: a local rule, kept in versions.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Permit, SetConflictRule};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::review::claim::person;
use crate::schema::conflict_rule;

/// The longest time that a former employer may bar, in months.
const LONGEST: i64 = 240;

/// Sets for how many months after leaving a former employer bars, from now on. A review in hand that this bars is listed
/// on the allocation page; its reviewer cannot go on with it.
///
/// # Errors
/// [`Error::Invalid`] for a number that is out of range.
pub fn set_conflict_rule(
    tx: &mut Tx<'_>,
    permit: &Permit<SetConflictRule>,
    months: i64,
) -> Result<Recorded<()>> {
    if !(0..=LONGEST).contains(&months) {
        return Err(Error::field("months", format!("Enter a number of months from 0 to {LONGEST}")));
    }
    let (now, me) = (tx.now(), person(permit)?);
    let last: i64 = conflict_rule::table
        .order(conflict_rule::version.desc())
        .select(conflict_rule::version)
        .first(tx.conn())?;
    diesel::insert_into(conflict_rule::table)
        .values((
            conflict_rule::version.eq(last + 1),
            conflict_rule::months.eq(months),
            conflict_rule::made_by.eq(Some(me)),
            conflict_rule::made_at.eq(now),
        ))
        .execute(tx.conn())?;
    let data = json!({"version": last + 1, "months": months});
    ledger::append(tx, &Event::of(permit, "conflict_rule_set", "programme".to_owned(), data), ())
}
