//! Making a decision final: by the schedule when its period has passed, or by hand after that; never while a challenge is open.

use std::collections::HashSet;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use serde_json::json;

use crate::access::{Action, FinaliseBySystem, FinaliseReview, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, ReviewId, SubmissionId};
use crate::review::challenge::open_challenge;
use crate::review::model::ReviewState;
use crate::review::store::{Review, hold};
use crate::schema::{decision_challenge, review, site_outcome};

/// How firm the decision on a submission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There is none, or it was taken up again.
    Undecided,
    /// Decided, and open to challenge until then; a challenge may be under way after it.
    Provisional(Timestamp),
    /// Final since then.
    Final(Timestamp),
}

impl Review {
    /// How firm its decision is. What was decided before there were challenges is final since it was decided.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (self.state, self.finalised_at, self.challenge_until, self.decided_at) {
            (ReviewState::Decided, Some(at), ..) | (ReviewState::Decided, None, None, Some(at)) => {
                Standing::Final(at)
            }
            (ReviewState::Decided, None, Some(until), _) => Standing::Provisional(until),
            _ => Standing::Undecided,
        }
    }
}

/// The submissions of a collection whose decision can still be challenged, or is being challenged: those with a review of
/// their own, and the sites to which the decision of their head office was carried.
///
/// # Errors
/// When the database cannot be asked.
pub fn open_to_challenge(conn: &mut Conn, of: CollectionId) -> Result<HashSet<SubmissionId>> {
    let mut found: HashSet<SubmissionId> = review::table
        .filter(review::collection_id.eq(of))
        .filter(review::state.eq(ReviewState::Decided))
        .filter(review::finalised_at.is_null())
        .filter(review::challenge_until.is_not_null())
        .select(review::submission_id)
        .load::<SubmissionId>(conn)?
        .into_iter()
        .collect();
    let of_sites: Vec<SubmissionId> = site_outcome::table
        .inner_join(review::table.on(review::id.eq(site_outcome::review_id)))
        .filter(review::collection_id.eq(of))
        .filter(review::state.eq(ReviewState::Decided))
        .filter(review::finalised_at.is_null())
        .filter(review::challenge_until.is_not_null())
        .select(site_outcome::submission_id)
        .load(conn)?;
    found.extend(of_sites);
    Ok(found)
}

/// Makes the decision final, by hand.
///
/// # Errors
/// [`Error::Refused`] while it can be challenged, while a challenge is open, or when it is final already.
pub fn finalise_review(
    tx: &mut Tx<'_>,
    permit: &Permit<FinaliseReview>,
    as_read: &Review,
) -> Result<Recorded<()>> {
    finalise(tx, permit, as_read)
}

/// Makes the decision final because its time has come.
///
/// # Errors
/// As [`finalise_review`].
pub(in crate::review) fn finalise_by_system(
    tx: &mut Tx<'_>,
    permit: &Permit<FinaliseBySystem>,
    as_read: &Review,
) -> Result<Recorded<()>> {
    finalise(tx, permit, as_read)
}

fn finalise<A: Action>(tx: &mut Tx<'_>, permit: &Permit<A>, as_read: &Review) -> Result<Recorded<()>> {
    let now = tx.now();
    let until = match as_read.standing() {
        Standing::Provisional(until) => until,
        Standing::Final(_) => return Err(Error::Refused("The decision is final already.".to_owned())),
        Standing::Undecided => return Err(Error::Refused("There is no decision yet.".to_owned())),
    };
    if until >= now {
        return Err(Error::Refused(format!(
            "The decision can be challenged until {}. It becomes final after that.",
            until.london_words()
        )));
    }
    hold(tx, as_read)?;
    if open_challenge(tx.conn(), as_read.id)?.is_some() {
        return Err(Error::Refused(
            "A challenge of the decision is open. Settle it first; the decision becomes final then."
                .to_owned(),
        ));
    }
    let made = diesel::update(
        review::table.filter(review::id.eq(as_read.id)).filter(review::finalised_at.is_null()),
    )
    .set((review::finalised_at.eq(Some(now)), review::version.eq(review::version + 1)))
    .execute(tx.conn())?;
    if made == 0 {
        return Err(Error::Conflict("The decision has become final meanwhile.".to_owned()));
    }
    let data = json!({"grade": as_read.assessed_grade, "challenge_until": until});
    let event = Event::of(permit, "decision_final", format!("review/{}", as_read.id), data)
        .in_organisation(as_read.organisation);
    ledger::append(tx, &event, ())
}

/// Reviews whose decision can be made final now, so many at most.
///
/// # Errors
/// When the database cannot be asked.
pub fn finalise_due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<ReviewId>> {
    let open = decision_challenge::table
        .filter(decision_challenge::review_id.eq(review::id))
        .filter(decision_challenge::state.eq("open"));
    Ok(review::table
        .filter(review::state.eq(ReviewState::Decided))
        .filter(review::finalised_at.is_null())
        .filter(review::challenge_until.lt(now))
        .filter(not(exists(open)))
        .order(review::challenge_until)
        .limit(limit)
        .select(review::id)
        .load(conn)?)
}
