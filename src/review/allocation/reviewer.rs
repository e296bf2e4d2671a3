//! What a reviewer knows and how much they can take, as the programme manager keeps it.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;

use super::unconflicted::hold_person;
use crate::access::{KeepReviewer, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;
use crate::review::claim::person;
use crate::schema::{reviewer, reviewer_skill};

/// The most reviews that anybody can have in hand.
pub(super) const MOST: i64 = 1000;

/// What is kept of a reviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewerSettings {
    /// Whose.
    pub person: PersonId,
    /// Reviews they can have in hand at a time.
    pub capacity: i64,
    /// Sectors they know, by key; none means all.
    pub sectors: BTreeSet<String>,
    /// Standards they know, by key; none means all.
    pub standards: BTreeSet<String>,
    /// The version that was seen; 0 where there was none.
    pub version: i64,
}

/// Keeps what a reviewer knows and can take. What they have in hand already stays with them.
///
/// # Errors
/// [`Error::Invalid`] for a capacity out of range, [`Error::Conflict`] when it was changed meanwhile.
pub fn keep_reviewer(
    tx: &mut Tx<'_>,
    permit: &Permit<KeepReviewer>,
    new: &ReviewerSettings,
) -> Result<Recorded<()>> {
    if !(0..=MOST).contains(&new.capacity) {
        return Err(Error::field("capacity", format!("Enter a whole number from 0 to {MOST}")));
    }
    let (now, me) = (tx.now(), person(permit)?);
    hold_person(tx, new.person)?;
    let kept = if new.version == 0 {
        let row = (
            reviewer::person_id.eq(new.person),
            reviewer::capacity.eq(new.capacity),
            reviewer::version.eq(1_i64),
            reviewer::updated_at.eq(now),
            reviewer::updated_by.eq(Some(me)),
        );
        crate::each!(tx.conn(), c => diesel::insert_into(reviewer::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(c))?
    } else {
        diesel::update(
            reviewer::table
                .filter(reviewer::person_id.eq(new.person))
                .filter(reviewer::version.eq(new.version)),
        )
        .set((
            reviewer::capacity.eq(new.capacity),
            reviewer::version.eq(reviewer::version + 1),
            reviewer::updated_at.eq(now),
            reviewer::updated_by.eq(Some(me)),
        ))
        .execute(tx.conn())?
    };
    if kept == 0 {
        return Err(Error::Conflict("Somebody else has changed this since you loaded it.".to_owned()));
    }
    diesel::delete(reviewer_skill::table.filter(reviewer_skill::person_id.eq(new.person)))
        .execute(tx.conn())?;
    let sectors = new.sectors.iter().map(|key| ("sector", key));
    let standards = new.standards.iter().map(|key| ("standard", key));
    for (kind, key) in sectors.chain(standards) {
        diesel::insert_into(reviewer_skill::table)
            .values((
                reviewer_skill::person_id.eq(new.person),
                reviewer_skill::kind.eq(kind),
                reviewer_skill::skill_key.eq(key),
            ))
            .execute(tx.conn())?;
    }
    let data = json!({"capacity": new.capacity, "sectors": new.sectors, "standards": new.standards});
    ledger::append(tx, &Event::of(permit, "reviewer_kept", format!("person/{}", new.person), data), ())
}
