//! Giving requirements to a colleague until a day, changing that, and taking them back. Whoever is given something gets
//! one mail that lists all of it.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;

use super::{OWNERS, last_day, mail};
use crate::access::{Permit, ShareOut};
use crate::identity;
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Day;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, RequirementId};
use crate::returns::store::Found;
use crate::schema::answer_owner;
use crate::standards::{Asked, Requirement};

/// What is done with requirements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Share {
    /// They are this person's, to be completed by this day.
    Give {
        /// Whose they are from now on.
        to: PersonId,
        /// The last day to complete them.
        due_on: Day,
    },
    /// They are nobody's any more.
    TakeBack,
}

/// Shares requirements out; gives how many.
///
/// # Errors
/// [`Error::Invalid`] when the owner may not answer them or the day is past or too late; [`Error::NotFound`] when one
/// of them is not put to the organisation; [`Error::Refused`] when the collection takes no returns.
pub fn share_out(
    tx: &mut Tx<'_>,
    permit: &Permit<ShareOut>,
    found: &Found,
    requirements: &BTreeSet<RequirementId>,
    share: &Share,
    public_url: &str,
) -> Result<Recorded<usize>> {
    found.must_be_of(permit)?;
    found.must_be_taken(tx.now())?;
    let given = put_among(found, requirements)?;
    if given.len() != requirements.len() {
        return Err(Error::NotFound);
    }
    let ids: Vec<RequirementId> = requirements.iter().copied().collect();
    diesel::delete(
        answer_owner::table
            .filter(answer_owner::return_id.eq(found.id))
            .filter(answer_owner::requirement_id.eq_any(&ids)),
    )
    .execute(tx.conn())?;
    let receiver = match share {
        Share::TakeBack => None,
        Share::Give { to, due_on } => {
            must_be_in_time(found, tx, *due_on)?;
            let holder = holder(tx, found, *to)?;
            insert(tx, permit, found, &ids, (*to, *due_on))?;
            Some((holder, *due_on))
        }
    };
    let data = json!({
        "requirements": ids,
        "owner": receiver.as_ref().map(|((person, ..), _)| *person),
        "due_on": receiver.as_ref().map(|(_, due_on)| *due_on),
    });
    let event = Event::of(permit, "work_shared_out", format!("return/{}", found.id), data);
    let recorded = ledger::append(tx, &event, ids.len())?;
    if let Some(((person, name, address), due_on)) = receiver
        && permit.actor().id() != Some(person)
    {
        let letter = mail::given(
            found,
            &mail::Given { name: &name, to: &address, due_on, requirements: &given },
            public_url,
        );
        crate::platform::mail::queue(tx, &letter, &format!("given-{}", recorded.event()))?;
    }
    Ok(recorded)
}

/// Those of the requirements that are put to the organisation, in the edition's order.
fn put_among<'a>(found: &'a Found, wanted: &BTreeSet<RequirementId>) -> Result<Vec<&'a Requirement>> {
    let edition = found.edition.edition();
    let asked = edition.asked_of(found.sector, found.profile_key()?.as_ref());
    Ok(edition
        .requirements()
        .iter()
        .zip(found.edition.requirement_ids().iter())
        .zip(asked)
        .filter(|((_, id), asked)| *asked != Asked::NotAsked && wanted.contains(id))
        .map(|((requirement, _), _)| requirement)
        .collect())
}

fn must_be_in_time(found: &Found, tx: &Tx<'_>, due_on: Day) -> Result<()> {
    let (today, last) = (tx.now().london_day(), last_day(found, tx.now()));
    if due_on < today {
        Err(Error::field("due", "The day must not be in the past"))
    } else if due_on > last {
        Err(Error::field(
            "due",
            format!("The day must not be after {}, when the return is due", last.words()),
        ))
    } else {
        Ok(())
    }
}

/// The colleague, if they may answer.
fn holder(tx: &mut Tx<'_>, found: &Found, to: PersonId) -> Result<(PersonId, String, String)> {
    identity::holders_of(tx.conn(), found.organisation, &OWNERS)?
        .into_iter()
        .find(|(person, ..)| *person == to)
        .ok_or_else(|| {
            Error::field("owner", "Choose a colleague who may answer: this one may not, or has left")
        })
}

fn insert(
    tx: &mut Tx<'_>,
    permit: &Permit<ShareOut>,
    found: &Found,
    ids: &[RequirementId],
    (to, due_on): (PersonId, Day),
) -> Result<()> {
    let now = tx.now();
    let rows: Vec<_> = ids
        .iter()
        .map(|id| {
            (
                answer_owner::return_id.eq(found.id),
                answer_owner::requirement_id.eq(*id),
                answer_owner::organisation_id.eq(found.organisation),
                answer_owner::person_id.eq(to),
                answer_owner::due_on.eq(due_on),
                answer_owner::given_by.eq(permit.actor().id()),
                answer_owner::given_at.eq(now),
            )
        })
        .collect();
    crate::each!(tx.conn(), c => diesel::insert_into(answer_owner::table).values(rows).execute(c))?;
    Ok(())
}
