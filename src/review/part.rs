//! Whether somebody has worked on a review, whoever has it in hand now.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;

use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{PersonId, ReviewId};
use crate::schema::{query_message, review_decision, review_decision_version, review_query};

/// Whether somebody decided anything in a review or asked anything in it.
///
/// # Errors
/// When the database cannot be asked.
pub(super) fn had_part(conn: &mut Conn, of: ReviewId, who: PersonId) -> Result<bool> {
    Ok(decided_in(conn, of, who)? || asked_in(conn, of, who)?)
}

/// Whether somebody decided anything in a review, be it that somebody else decided it anew.
///
/// # Errors
/// When the database cannot be asked.
pub(super) fn decided_in(conn: &mut Conn, of: ReviewId, who: PersonId) -> Result<bool> {
    let now: bool = select(exists(
        review_decision::table
            .filter(review_decision::review_id.eq(of))
            .filter(review_decision::decided_by.eq(who)),
    ))
    .get_result(conn)?;
    let before: bool = select(exists(
        review_decision_version::table
            .filter(review_decision_version::review_id.eq(of))
            .filter(review_decision_version::decided_by.eq(who)),
    ))
    .get_result(conn)?;
    Ok(now || before)
}

/// Whether somebody asked the organisation anything in a review, first or further.
fn asked_in(conn: &mut Conn, of: ReviewId, who: PersonId) -> Result<bool> {
    let asked: bool = select(exists(
        review_query::table.filter(review_query::review_id.eq(of)).filter(review_query::asked_by.eq(who)),
    ))
    .get_result(conn)?;
    let threads = review_query::table.filter(review_query::review_id.eq(of)).select(review_query::id);
    let wrote: bool = select(exists(
        query_message::table
            .filter(query_message::query_id.eq_any(threads))
            .filter(query_message::author_id.eq(who)),
    ))
    .get_result(conn)?;
    Ok(asked || wrote)
}
