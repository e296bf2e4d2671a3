//! Recording that somebody of the central team is away, with who stands in, and ending that. They do it themselves, or the
//! programme manager does it for them.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{CentralRole, Permit, RecordAbsence};
use crate::identity;
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Day;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AbsenceId, PersonId};
use crate::review::claim::person;
use crate::schema::reviewer_absence;

/// The longest absence, in days.
const LONGEST: i64 = 366;

/// An absence to be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewAbsence {
    /// Who is away.
    pub whose: PersonId,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// Who stands in.
    pub cover: Option<PersonId>,
}

/// Records an absence.
///
/// # Errors
/// [`Error::Forbidden`] for somebody else's without being programme manager, [`Error::Invalid`] for days that are no time
/// to be away, or for a person who cannot stand in.
pub fn record_absence(
    tx: &mut Tx<'_>,
    permit: &Permit<RecordAbsence>,
    new: &NewAbsence,
) -> Result<Recorded<AbsenceId>> {
    own_or_programme(permit, new.whose)?;
    let now = tx.now();
    if new.to < new.from {
        return Err(Error::field("to", "The last day must not come before the first"));
    }
    if new.to < now.london_day() {
        return Err(Error::field("to", "The last day must be today or later"));
    }
    if new.from.days_until(new.to) > LONGEST {
        return Err(Error::field("to", "An absence can be a year long at most"));
    }
    let reviewers = identity::central_holders(tx.conn(), &[CentralRole::CentralReviewer])?;
    let reviews = |wanted: PersonId| reviewers.iter().any(|(id, ..)| *id == wanted);
    if new.cover == Some(new.whose) || new.cover.is_some_and(|cover| !reviews(cover)) {
        return Err(Error::field("cover", "Choose another reviewer"));
    }
    let id: AbsenceId = diesel::insert_into(reviewer_absence::table)
        .values((
            reviewer_absence::person_id.eq(new.whose),
            reviewer_absence::cover_id.eq(new.cover),
            reviewer_absence::from_on.eq(new.from.to_string()),
            reviewer_absence::to_on.eq(new.to.to_string()),
            reviewer_absence::recorded_by.eq(person(permit)?),
            reviewer_absence::recorded_at.eq(now),
        ))
        .returning(reviewer_absence::id)
        .get_result(tx.conn())?;
    let data = json!({"absence": id, "from": new.from, "to": new.to, "cover": new.cover});
    ledger::append(tx, &Event::of(permit, "absence_recorded", format!("person/{}", new.whose), data), id)
}

/// Ends an absence: they are back, or do not go.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] as above, [`Error::Conflict`] when it was ended already.
pub fn end_absence(
    tx: &mut Tx<'_>,
    permit: &Permit<RecordAbsence>,
    id: AbsenceId,
) -> Result<Recorded<PersonId>> {
    let whose: PersonId = reviewer_absence::table
        .filter(reviewer_absence::id.eq(id))
        .select(reviewer_absence::person_id)
        .first(tx.conn())?;
    own_or_programme(permit, whose)?;
    let now = tx.now();
    let ended = diesel::update(
        reviewer_absence::table
            .filter(reviewer_absence::id.eq(id))
            .filter(reviewer_absence::ended_at.is_null()),
    )
    .set(reviewer_absence::ended_at.eq(Some(now)))
    .execute(tx.conn())?;
    if ended == 0 {
        return Err(Error::Conflict("This absence was ended already.".to_owned()));
    }
    let data = json!({"absence": id});
    ledger::append(tx, &Event::of(permit, "absence_ended", format!("person/{whose}"), data), whose)
}

fn own_or_programme(permit: &Permit<RecordAbsence>, whose: PersonId) -> Result<()> {
    let manages = permit.actor().central().contains(&CentralRole::ProgrammeManager);
    if manages || permit.actor().id() == Some(whose) {
        return Ok(());
    }
    Err(Error::Forbidden(
        "Only they themselves or the programme manager can say when somebody is away.".to_owned(),
    ))
}
