//! A flag on an answer: the reviewer's own mark to come back to it. What is flagged is never agreed with in bulk.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;

use crate::access::{FlagAnswer, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{RequirementId, ReviewId};
use crate::review::case::Case;
use crate::review::claim::own;
use crate::schema::review_flag;

/// Whether the flag is put on or taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flagged {
    /// Put on.
    On,
    /// Taken off.
    Off,
}

/// Puts a flag on an answer or takes it off. Doing either twice changes nothing more.
///
/// # Errors
/// [`Error::NotFound`] for a requirement that is not put to the organisation, [`Error::Forbidden`] for everybody but the
/// reviewer.
pub fn flag_answer(
    tx: &mut Tx<'_>,
    permit: &Permit<FlagAnswer>,
    code: &str,
    flagged: Flagged,
) -> Result<Recorded<()>> {
    let id = ReviewId::new(permit.id());
    let case = Case::load(tx.conn(), id)?;
    let me = own(permit, &case.found.review)?;
    case.requirement(code).ok_or(Error::NotFound)?;
    let requirement = case.found.edition.requirement_id(code).ok_or(Error::NotFound)?;
    match flagged {
        Flagged::On => {
            let row = (
                review_flag::review_id.eq(id),
                review_flag::requirement_id.eq(requirement),
                review_flag::organisation_id.eq(case.found.review.organisation),
                review_flag::flagged_by.eq(me),
                review_flag::flagged_at.eq(tx.now()),
            );
            crate::each!(tx.conn(), c => diesel::insert_into(review_flag::table)
                .values(row)
                .on_conflict((review_flag::review_id, review_flag::requirement_id))
                .do_nothing()
                .execute(c))?;
        }
        Flagged::Off => {
            diesel::delete(
                review_flag::table
                    .filter(review_flag::review_id.eq(id))
                    .filter(review_flag::requirement_id.eq(requirement)),
            )
            .execute(tx.conn())?;
        }
    }
    let event = Event::of(
        permit,
        "answer_flagged",
        format!("review/{id}/{code}"),
        json!({"flagged": flagged == Flagged::On}),
    );
    ledger::append(tx, &event, ())
}

/// The requirements of a review that carry a flag.
pub(super) fn flags_of(conn: &mut Conn, of: ReviewId) -> Result<BTreeSet<RequirementId>> {
    let rows: Vec<RequirementId> = review_flag::table
        .filter(review_flag::review_id.eq(of))
        .select(review_flag::requirement_id)
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
