//! The proof that somebody had no part in a decision: made only by looking, in the transaction that settles a challenge of it.

use diesel::prelude::*;

use crate::access::{Permit, SettleChallenge};
use crate::identity;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, ReviewId};
use crate::review::claim::person;
use crate::review::letters::conclusions;
use crate::review::store::Review;
use crate::schema::{review_decision, review_query};

/// Proof that a person neither reviewed, confirmed nor decided anything in a review, asked nothing in it, and has no interest
/// in its organisation now.
#[derive(Debug)]
pub struct Uninvolved {
    person: PersonId,
    review: ReviewId,
}

impl Uninvolved {
    /// Looks whether the permit's person had a part in the review, on the connection of the transaction that settles. It changes
    /// nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when they had, or when they have a membership of or an interest in the organisation by now.
    pub fn check(conn: &mut Conn, permit: &Permit<SettleChallenge>, of: &Review) -> Result<Self> {
        let me = person(permit)?;
        if permit.id() != of.id.get() {
            return Err(Error::broken("the permit is for another review"));
        }
        // Looked up again: an interest may have been declared since the page was asked for.
        if identity::actor_of(conn, me)?.is_conflicted(of.organisation) {
            return Err(Error::Forbidden(
                "You are a member of this organisation or have declared an interest in it, so you cannot settle its \
                 challenge."
                    .to_owned(),
            ));
        }
        let part = of.reviewer == Some(me)
            || of.second_reviewer == Some(me)
            || conclusions(conn, of.id)?
                .iter()
                .any(|conclusion| conclusion.decided_by == me || conclusion.second == Some(me))
            || decided_in(conn, of.id, me)?;
        if part {
            return Err(Error::Forbidden(
                "You had a part in this decision. A challenge is settled by somebody who had none."
                    .to_owned(),
            ));
        }
        Ok(Self { person: me, review: of.id })
    }

    /// Who it is.
    pub(super) const fn person(&self) -> PersonId {
        self.person
    }

    /// Of which review.
    pub(super) const fn review(&self) -> ReviewId {
        self.review
    }
}

/// Whether somebody decided or asked anything in a review.
fn decided_in(conn: &mut Conn, of: ReviewId, who: PersonId) -> Result<bool> {
    let decided: i64 = review_decision::table
        .filter(review_decision::review_id.eq(of))
        .filter(review_decision::decided_by.eq(who))
        .count()
        .get_result(conn)?;
    let asked: i64 = review_query::table
        .filter(review_query::review_id.eq(of))
        .filter(review_query::asked_by.eq(who))
        .count()
        .get_result(conn)?;
    Ok(decided + asked > 0)
}
