//! The proof that somebody may score a submission a second time: they had no part in its first review and have no
//! interest in its organisation.

use diesel::prelude::*;

use super::case::BlindCase;
use crate::access::CentralRole::{CentralReviewer, SecondReviewer};
use crate::identity;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{BlindCaseId, PersonId, ReviewId};
use crate::review::part::had_part;
use crate::schema::{blind_case, review};

/// Made only by [`Impartial::check`], in the transaction that assigns the case.
#[derive(Debug)]
pub struct Impartial {
    case: BlindCaseId,
    person: PersonId,
}

impl Impartial {
    /// Looks whether the person may score the case.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with the reason. It does not say what part they had, which would tell which review it is of.
    pub fn check(conn: &mut Conn, person: PersonId, of: &BlindCase) -> Result<Self> {
        let actor = identity::actor_of(conn, person)?;
        let scores = actor.central().iter().any(|role| [CentralReviewer, SecondReviewer].contains(role));
        let refused = |why: &str| Err(Error::Forbidden(why.to_owned()));
        if !scores {
            return refused("Only reviewers and second reviewers score submissions.");
        }
        if actor.is_conflicted(of.organisation) {
            return refused(
                "A membership of the organisation or a declared interest in it stands against this.",
            );
        }
        let (first, reviewer, second): (ReviewId, Option<PersonId>, Option<PersonId>) = review::table
            .inner_join(blind_case::table.on(blind_case::review_id.eq(review::id)))
            .filter(blind_case::id.eq(of.id))
            .select((review::id, review::reviewer_id, review::second_reviewer_id))
            .first(conn)?;
        if [reviewer, second].contains(&Some(person)) || had_part(conn, first, person)? {
            return refused("Somebody who had no part in the first review has to score this.");
        }
        Ok(Self { case: of.id, person })
    }

    /// The case that the proof is about.
    pub(super) const fn case(&self) -> BlindCaseId {
        self.case
    }

    /// Who may score it.
    pub(super) const fn person(&self) -> PersonId {
        self.person
    }
}
