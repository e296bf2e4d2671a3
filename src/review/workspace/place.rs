//! Where a reviewer stopped, so that opening the review again goes on there. It is a convenience of one person and no
//! event of the programme: kept without an entry in the ledger, and only when it has changed.

use diesel::prelude::*;

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
