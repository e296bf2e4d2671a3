//! What bars a person of the central team from reviewing an organisation, as they declare it themselves: interests with
//! their end, and former employers. Whoever has a review in hand that this bars gives it back in the same change.

mod employer;
mod recuse;
mod rule;

use diesel::prelude::*;
use serde_json::json;

use super::allocation::hold_person;
use super::claim::person;
use super::mail::Links;
use crate::access::{DeclareInterest, EndInterest, Permit};
use crate::identity::ConflictCause;
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{InterestId, OrganisationId, PersonId};
use crate::schema::{declared_interest, organisation};

pub(super) use employer::{Employer, employer_must_stand, employers_of};
pub use employer::{NewEmployer, record_employer, remove_employer};
pub(super) use recuse::{Recusal, give_back_reviews, recusals_of};
pub use rule::set_conflict_rule;

/// One declared interest, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Interest {
    /// Its row.
    pub id: InterestId,
    /// Code of the organisation.
    pub code: String,
    /// Name of the organisation.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub declared_at: Timestamp,
    /// When it ended, and why.
    pub ended: Option<(Timestamp, String)>,
}

type Row = (InterestId, String, String, String, Timestamp, Option<Timestamp>, Option<String>);

/// The interests that a person has declared, newest first; those that have ended too.
pub(super) fn interests_of(conn: &mut Conn, whose: PersonId) -> Result<Vec<Interest>> {
    let rows: Vec<Row> = declared_interest::table
        .inner_join(organisation::table.on(organisation::id.eq(declared_interest::organisation_id)))
        .filter(declared_interest::person_id.eq(whose))
        .order(declared_interest::id.desc())
        .select((
            declared_interest::id,
            organisation::code,
            organisation::name,
            declared_interest::reason,
            declared_interest::declared_at,
            declared_interest::ended_at,
            declared_interest::ended_reason,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, code, name, reason, declared_at, ended_at, ended_reason)| Interest {
            id,
            code,
            name,
            reason,
            declared_at,
            ended: ended_at.map(|at| (at, ended_reason.unwrap_or_default())),
        })
        .collect())
}

/// Declares an interest of the permit's person in an organisation. Reviews in hand that it bars go back to the queue; how
/// many those were is returned.
///
/// # Errors
/// [`Error::Invalid`] when it was declared before.
pub fn declare_interest(
    tx: &mut Tx<'_>,
    permit: &Permit<DeclareInterest>,
    organisation: OrganisationId,
    reason: &str,
    links: &Links,
) -> Result<Recorded<usize>> {
    let (now, me) = (tx.now(), person(permit)?);
    hold_person(tx, me)?;
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
    diesel::insert_into(declared_interest::table)
        .values((
            declared_interest::person_id.eq(me),
            declared_interest::organisation_id.eq(organisation),
            declared_interest::reason.eq(reason),
            declared_interest::declared_at.eq(now),
        ))
        .execute(tx.conn())?;
    let given_back = give_back_reviews(tx, permit, me, ConflictCause::Interest, links)?.len();
    let event = Event::of(
        permit,
        "interest_declared",
        format!("person/{me}"),
        json!({"reason_sha256": hex(&sha256(reason.as_bytes())), "given_back": given_back}),
    )
    .in_organisation(organisation);
    ledger::append(tx, &event, given_back)
}

/// Whether a person can end this interest still.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs, [`Error::Refused`] when it has ended already.
pub(super) fn interest_must_stand(conn: &mut Conn, whose: PersonId, id: InterestId) -> Result<()> {
    let ended: Option<Timestamp> = declared_interest::table
        .filter(declared_interest::id.eq(id))
        .filter(declared_interest::person_id.eq(whose))
        .select(declared_interest::ended_at)
        .first(conn)?;
    ended.map_or(Ok(()), |at| {
        Err(Error::Refused(format!("This interest has ended already, on {}.", at.london_day().words())))
    })
}

/// Ends an interest of the permit's person. The row stays: when it barred, and why no longer, can be answered later.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs, [`Error::Conflict`] when it has ended already.
pub fn end_interest(
    tx: &mut Tx<'_>,
    permit: &Permit<EndInterest>,
    id: InterestId,
    reason: &str,
) -> Result<Recorded<()>> {
    let (now, me) = (tx.now(), person(permit)?);
    let organisation: OrganisationId = declared_interest::table
        .filter(declared_interest::id.eq(id))
        .filter(declared_interest::person_id.eq(me))
        .select(declared_interest::organisation_id)
        .first(tx.conn())?;
    let ended = diesel::update(
        declared_interest::table
            .filter(declared_interest::id.eq(id))
            .filter(declared_interest::ended_at.is_null()),
    )
    .set((declared_interest::ended_at.eq(Some(now)), declared_interest::ended_reason.eq(Some(reason))))
    .execute(tx.conn())?;
    if ended == 0 {
        return Err(Error::Conflict("This interest has ended already.".to_owned()));
    }
    let data = json!({"interest": id, "reason_sha256": hex(&sha256(reason.as_bytes()))});
    let event =
        Event::of(permit, "interest_ended", format!("person/{me}"), data).in_organisation(organisation);
    ledger::append(tx, &event, ())
}
