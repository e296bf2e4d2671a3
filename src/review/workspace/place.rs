//! Where a reviewer stopped, so that opening the review again goes on there. It is a convenience of one person and no
//! event of the programme: kept without an entry in the ledger, only when it has changed, and for somebody who leafs on only
//! every few seconds; meanwhile it is remembered.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use diesel::prelude::*;

use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId, RequirementId, ReviewId};
use crate::schema::review_place;

/// The requirement that a person looked at last in a review.
pub(in crate::review) fn place_of(
    conn: &mut Conn,
    whose: PersonId,
    of: ReviewId,
) -> Result<Option<RequirementId>> {
    Ok(review_place::table
        .filter(review_place::person_id.eq(whose))
        .filter(review_place::review_id.eq(of))
        .select(review_place::requirement_id)
        .first(conn)
        .optional()?)
}

/// Whoever moved on within so many microseconds is leafing.
const LEAFING: i64 = 30_000_000;

/// Where a reviewer is now, and where they were.
#[derive(Debug, Clone, Copy)]
pub(in crate::review) struct Stop {
    /// The reviewer.
    pub me: PersonId,
    /// The requirement that they look at.
    pub at: RequirementId,
    /// The one that is stored, and since when.
    pub before: Option<(RequirementId, Timestamp)>,
}

/// What is to be done about a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::review) enum Then {
    /// Nothing: it is stored, or will be.
    Nothing,
    /// It is stored at once.
    Store,
    /// It is stored a little later, with where its reviewer has got by then.
    StoreLater,
}

/// Where reviewers are who leaf on, until that is stored.
#[derive(Debug, Default)]
pub(in crate::review) struct Places(Mutex<HashMap<(PersonId, ReviewId), RequirementId>>);

impl Places {
    fn open(&self) -> MutexGuard<'_, HashMap<(PersonId, ReviewId), RequirementId>> {
        // Nothing is left half done in there: whoever died while holding it has only looked or inserted.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where somebody is who leafs on in a review; none where what is stored holds.
    pub fn of(&self, whose: (PersonId, ReviewId)) -> Option<RequirementId> {
        self.open().get(&whose).copied()
    }

    /// Notes a stop in a review.
    pub fn note(&self, of: ReviewId, stop: &Stop, now: Timestamp) -> Then {
        let mut leafing = self.open();
        if let Some(at) = leafing.get_mut(&(stop.me, of)) {
            *at = stop.at;
            return Then::Nothing;
        }
        match stop.before {
            Some((at, _)) if at == stop.at => Then::Nothing,
            Some((_, since)) if now.micros() - since.micros() < LEAFING => {
                leafing.insert((stop.me, of), stop.at);
                Then::StoreLater
            }
            _ => Then::Store,
        }
    }

    /// Forgets a place that has been stored, unless its reviewer has moved on since; whether it is forgotten.
    pub fn stored(&self, whose: (PersonId, ReviewId), at: RequirementId) -> bool {
        let mut leafing = self.open();
        if leafing.get(&whose).is_some_and(|now| *now != at) {
            return false;
        }
        leafing.remove(&whose);
        true
    }
}

/// Keeps the requirement that a person looks at.
pub(in crate::review) fn keep_place(
    tx: &mut Tx<'_>,
    whose: PersonId,
    (of, organisation): (ReviewId, OrganisationId),
    at: RequirementId,
) -> Result<()> {
    let now = tx.now();
    let row = (
        review_place::person_id.eq(whose),
        review_place::review_id.eq(of),
        review_place::organisation_id.eq(organisation),
        review_place::requirement_id.eq(at),
        review_place::looked_at.eq(now),
    );
    let moved = (review_place::requirement_id.eq(at), review_place::looked_at.eq(now));
    crate::each!(tx.conn(), c => diesel::insert_into(review_place::table)
        .values(row)
        .on_conflict((review_place::person_id, review_place::review_id))
        .do_update()
        .set(moved)
        .execute(c))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_leafs_on_is_stored_once_for_many_pages() {
        let (me, of) = (PersonId::new(1), ReviewId::new(2));
        let [one, two, three] = [1, 2, 3].map(RequirementId::new);
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let places = Places::default();
        let note = |stop, before, now| places.note(of, &Stop { me, at: stop, before }, at(now));
        assert_eq!(note(one, None, 0), Then::Store);
        assert_eq!(note(one, Some((one, at(0))), 1), Then::Nothing);
        assert_eq!(note(two, Some((one, at(0))), 2), Then::StoreLater);
        assert_eq!(note(three, Some((one, at(0))), 3), Then::Nothing);
        assert_eq!(places.of((me, of)), Some(three));
        assert!(!places.stored((me, of), two), "its reviewer has moved on");
        assert!(places.stored((me, of), three));
        assert_eq!(places.of((me, of)), None);
        assert_eq!(note(one, Some((three, at(5))), 40), Then::Store, "nobody leafs that slowly");
    }
}
