//! Declaring an interest in an organisation, which bars a person of the central team from reviewing it.

use diesel::prelude::*;
use serde_json::json;

use super::claim::person;
use crate::access::{DeclareInterest, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, PersonId};
use crate::schema::{declared_interest, organisation, review};

use super::model::ReviewState;

/// One declared interest, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Interest {
    /// Code of the organisation.
    pub code: String,
    /// Name of the organisation.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub declared_at: Timestamp,
}

/// The interests that a person has declared and not ended, newest first.
pub(super) fn interests_of(conn: &mut Conn, whose: PersonId) -> Result<Vec<Interest>> {
    let rows: Vec<(String, String, String, Timestamp)> = declared_interest::table
        .inner_join(organisation::table.on(organisation::id.eq(declared_interest::organisation_id)))
        .filter(declared_interest::person_id.eq(whose))
        .filter(declared_interest::ended_at.is_null())
        .order(declared_interest::id.desc())
        .select((
            organisation::code,
            organisation::name,
            declared_interest::reason,
            declared_interest::declared_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(code, name, reason, declared_at)| Interest { code, name, reason, declared_at })
        .collect())
}

/// Declares an interest of the permit's person in an organisation.
///
/// # Errors
/// [`Error::Invalid`] when it was declared before, or when the person has a review of the organisation in hand: it must
/// go back to the queue first.
pub fn declare_interest(
    tx: &mut Tx<'_>,
    permit: &Permit<DeclareInterest>,
    organisation: OrganisationId,
    reason: &str,
) -> Result<Recorded<()>> {
    let (now, me) = (tx.now(), person(permit)?);
    let declared: i64 = declared_interest::table
        .filter(declared_interest::person_id.eq(me))
        .filter(declared_interest::organisation_id.eq(organisation))
        .filter(declared_interest::ended_at.is_null())
        .count()
        .get_result(tx.conn())?;
    if declared > 0 {
        return Err(Error::field(
            "organisation",
            "You have already declared an interest in this organisation",
        ));
    }
    let in_hand: i64 = review::table
        .filter(review::organisation_id.eq(organisation))
        .filter(review::reviewer_id.eq(me))
        .filter(review::state.eq_any(ReviewState::OPEN.to_vec()))
        .count()
        .get_result(tx.conn())?;
    if in_hand > 0 {
        return Err(Error::field(
            "organisation",
            "You are reviewing this organisation: give the review back to the queue first",
        ));
    }
    diesel::insert_into(declared_interest::table)
        .values((
            declared_interest::person_id.eq(me),
            declared_interest::organisation_id.eq(organisation),
            declared_interest::reason.eq(reason),
            declared_interest::declared_at.eq(now),
        ))
        .execute(tx.conn())?;
    let event = Event::of(
        permit,
        "interest_declared",
        format!("person/{me}"),
        json!({"reason_sha256": hex(&sha256(reason.as_bytes()))}),
    )
    .in_organisation(organisation);
    ledger::append(tx, &event, ())
}
