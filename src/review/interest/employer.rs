//! Organisations that a person of the central team worked for. They bar while the person works there and for some months
//! after, which the programme sets.

use diesel::prelude::*;
use serde_json::json;

use super::recuse::give_back_reviews;
use crate::access::{Permit, RecordEmployer};
use crate::identity::{ConflictCause, employer_months};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EmployerId, OrganisationId, PersonId};
use crate::review::allocation::hold_person;
use crate::review::claim::person;
use crate::review::mail::Links;
use crate::schema::{former_employer, organisation};

/// One organisation that a person worked for, as they see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Employer {
    /// Its row.
    pub id: EmployerId,
    /// Code of the organisation.
    pub code: String,
    /// Name of the organisation.
    pub name: String,
    /// Their first day there.
    pub from: Day,
    /// Their last day there; none while they work there.
    pub to: Option<Day>,
    /// The last day on which it bars; none while they work there.
    pub bars_until: Option<Day>,
}

/// An organisation that a person says they worked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewEmployer {
    /// Which.
    pub organisation: OrganisationId,
    /// The first day there.
    pub from: Day,
    /// The last day there; none while they work there.
    pub to: Option<Day>,
}

/// What a person has recorded and not taken back, latest first.
pub(in crate::review) fn employers_of(conn: &mut Conn, whose: PersonId) -> Result<Vec<Employer>> {
    let months = employer_months(conn)?;
    let rows: Vec<(EmployerId, String, String, Day, Option<Day>)> = former_employer::table
        .inner_join(organisation::table.on(organisation::id.eq(former_employer::organisation_id)))
        .filter(former_employer::person_id.eq(whose))
        .filter(former_employer::removed_at.is_null())
        .order((former_employer::from_on.desc(), former_employer::id.desc()))
        .select((
            former_employer::id,
            organisation::code,
            organisation::name,
            former_employer::from_on,
            former_employer::to_on,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, code, name, from, to)| Employer {
            id,
            code,
            name,
            from,
            to,
            bars_until: to.map(|to| to.plus_months(months)),
        })
        .collect())
}

/// Records an organisation that the permit's person worked for. Reviews in hand that it bars go back to the queue; how many
/// those were is returned.
///
/// # Errors
/// [`Error::Invalid`] when the days are the wrong way round or in the future.
pub fn record_employer(
    tx: &mut Tx<'_>,
    permit: &Permit<RecordEmployer>,
    new: &NewEmployer,
    links: &Links,
) -> Result<Recorded<usize>> {
    let (now, me) = (tx.now(), person(permit)?);
    if new.from > now.london_day() {
        return Err(Error::field("from", "The first day must be today or before"));
    }
    if new.to.is_some_and(|to| to < new.from) {
        return Err(Error::field("to", "The last day must not come before the first"));
    }
    hold_person(tx, me)?;
    diesel::insert_into(former_employer::table)
        .values((
            former_employer::person_id.eq(me),
            former_employer::organisation_id.eq(new.organisation),
            former_employer::from_on.eq(new.from.to_string()),
            former_employer::to_on.eq(new.to.map(|to| to.to_string())),
            former_employer::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    let given_back = give_back_reviews(tx, permit, me, ConflictCause::Employer, links)?.len();
    let event = Event::of(
        permit,
        "employer_recorded",
        format!("person/{me}"),
        json!({"from": new.from, "to": new.to, "given_back": given_back}),
    )
    .in_organisation(new.organisation);
    ledger::append(tx, &event, given_back)
}

/// Whether a person can take this record back still.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs, [`Error::Refused`] when it was taken back already.
pub(in crate::review) fn employer_must_stand(conn: &mut Conn, whose: PersonId, id: EmployerId) -> Result<()> {
    let removed: Option<Timestamp> = former_employer::table
        .filter(former_employer::id.eq(id))
        .filter(former_employer::person_id.eq(whose))
        .select(former_employer::removed_at)
        .first(conn)?;
    removed.map_or(Ok(()), |at| {
        Err(Error::Refused(format!("This record was taken back already, on {}.", at.london_day().words())))
    })
}

/// Takes back a record that was wrong. The row stays with the reason.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs, [`Error::Conflict`] when it was taken back already.
pub fn remove_employer(
    tx: &mut Tx<'_>,
    permit: &Permit<RecordEmployer>,
    id: EmployerId,
    reason: &str,
) -> Result<Recorded<()>> {
    let (now, me) = (tx.now(), person(permit)?);
    let organisation: OrganisationId = former_employer::table
        .filter(former_employer::id.eq(id))
        .filter(former_employer::person_id.eq(me))
        .select(former_employer::organisation_id)
        .first(tx.conn())?;
    let removed = diesel::update(
        former_employer::table
            .filter(former_employer::id.eq(id))
            .filter(former_employer::removed_at.is_null()),
    )
    .set((
        former_employer::removed_at.eq(Some::<Timestamp>(now)),
        former_employer::removed_reason.eq(Some(reason)),
    ))
    .execute(tx.conn())?;
    if removed == 0 {
        return Err(Error::Conflict("This record was taken back already.".to_owned()));
    }
    let data = json!({"record": id, "reason_sha256": hex(&sha256(reason.as_bytes()))});
    let event =
        Event::of(permit, "employer_removed", format!("person/{me}"), data).in_organisation(organisation);
    ledger::append(tx, &event, ())
}
