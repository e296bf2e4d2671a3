//! The witness that somebody had no part in a decision: made only by looking, in the change that settles a challenge of it.

use std::marker::PhantomData;

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;

use crate::identity;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, ReviewId};
use crate::review::allocation::hold_person;
use crate::review::letters::conclusions;
use crate::review::part::had_part;
use crate::review::store::Review;
use crate::schema::blind_case;

/// Proof that a person neither reviewed, confirmed nor decided anything in a review (as a moderator either), asked nothing in
/// it, did not score its submission a second time, and has no interest in its organisation, found in this very change. It
/// cannot be sent to another thread, and what comes into a change and goes out of it must be: so it ends with the
/// transaction that made it.
#[derive(Debug)]
pub struct Uninvolved {
    person: PersonId,
    review: ReviewId,
    within: PhantomData<*const ()>,
}

impl Uninvolved {
    /// Looks whether a person had a part in the review. Whoever declares an interest reserves the same person first,
    /// so neither can miss what the other does.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when they had, or when they have a membership of or an interest in the organisation by now.
    pub fn check(tx: &mut Tx<'_>, me: PersonId, of: &Review) -> Result<Self> {
        hold_person(tx, me)?;
        // Looked up again: an interest may have been declared since the page was asked for.
        if identity::actor_of(tx.conn(), me)?.is_conflicted(of.organisation) {
            return Err(Error::Forbidden(
                "You are a member of this organisation or have declared an interest in it, so you cannot settle its \
                 challenge."
                    .to_owned(),
            ));
        }
        let part = of.reviewer == Some(me)
            || of.second_reviewer == Some(me)
            || conclusions(tx.conn(), of.id)?
                .iter()
                .any(|conclusion| conclusion.decided_by == me || conclusion.second == Some(me))
            || had_part(tx.conn(), of.id, me)?
            || scored(tx.conn(), of.id, me)?;
        if part {
            return Err(Error::Forbidden(
                "You had a part in this decision. A challenge is settled by somebody who had none."
                    .to_owned(),
            ));
        }
        Ok(Self { person: me, review: of.id, within: PhantomData })
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

/// Whether somebody scored the submission of a review a second time: they have said already what they think of these answers.
fn scored(conn: &mut Conn, of: ReviewId, who: PersonId) -> Result<bool> {
    Ok(select(exists(
        blind_case::table.filter(blind_case::review_id.eq(of)).filter(blind_case::scorer_id.eq(who)),
    ))
    .get_result(conn)?)
}
