//! Reminders of requirements that somebody was given and has not completed: 7 and 1 days ahead of the day that was agreed,
//! and once when it has passed. Each goes to a person once, as those of returns do.

use std::collections::{BTreeMap, HashSet};

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::send::in_batches;
use crate::access::Actor;
use crate::collections::CollectionState;
use crate::identity::{self, MailKind, PersonState};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Db, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, PersonId, RequirementId, ReturnId};
use crate::platform::mail::{self as outbox, Letter, Mail};
use crate::returns::model::{AnswerState, ReturnState};
use crate::returns::readiness::return_href;
use crate::returns::sharing::OWNERS;
use crate::returns::store::{Found, Which, find};
use crate::schema::{
    annual_return, answer, answer_owner, collection, membership, organisation, owner_reminder, person,
};
use crate::standards::Asked;

/// How many days ahead of the agreed day the owner of a requirement is reminded.
pub const OWNER_DAYS_BEFORE: [i64; 2] = [7, 1];

/// How many days late a reminder still goes out when the portal did not run on its own day.
const CATCH_UP: i64 = 3;

/// What stands for the one reminder of what is overdue.
const OVERDUE: i64 = -1;

/// Requirements that one mail names; the rest is counted.
const NAMED: usize = 20;

/// The reminder that is due when so many days are left.
fn mark(days_left: i64) -> Option<i64> {
    if days_left < 0 {
        return Some(OVERDUE);
    }
    OWNER_DAYS_BEFORE.iter().copied().filter(|mark| (days_left..=days_left + CATCH_UP).contains(mark)).min()
}

/// One requirement that its owner is reminded of.
#[derive(Debug, Clone)]
struct OwnerDue {
    person: PersonId,
    name: String,
    address: String,
    organisation: OrganisationId,
    /// The organisation's name and code.
    place: (String, String),
    /// The collection's key and its year, in words.
    year: (String, String),
    of: ReturnId,
    requirement: RequirementId,
    what: String,
    due_on: Day,
    mark: i64,
}

type Row = ((PersonId, String, String), (ReturnId, RequirementId, Day));

/// What was given, is due by a day and not completed, in returns that are being answered, each with its owner, who may
/// still answer; by person.
fn open(conn: &mut Conn, by: Day) -> Result<Vec<Row>> {
    let here = membership::table
        .filter(membership::person_id.eq(person::id))
        .filter(membership::organisation_id.eq(answer_owner::organisation_id))
        .filter(membership::role.eq_any(OWNERS))
        .filter(membership::ended_at.is_null());
    let completed = answer::table
        .filter(answer::return_id.eq(answer_owner::return_id))
        .filter(answer::requirement_id.eq(answer_owner::requirement_id))
        .filter(answer::state.eq(AnswerState::Confirmed));
    Ok(answer_owner::table
        .inner_join(annual_return::table.on(annual_return::id.eq(answer_owner::return_id)))
        .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
        .inner_join(person::table.on(person::id.eq(answer_owner::person_id)))
        .inner_join(organisation::table.on(organisation::id.eq(answer_owner::organisation_id)))
        .filter(collection::state.eq(CollectionState::Open))
        .filter(annual_return::state.eq(ReturnState::Draft))
        .filter(person::state.eq(PersonState::Active))
        .filter(answer_owner::due_on.le(by.to_string()))
        .filter(exists(here))
        .filter(not(exists(completed)))
        .order((person::id, answer_owner::due_on, answer_owner::return_id, answer_owner::requirement_id))
        .select((
            (person::id, person::name, person::email),
            (answer_owner::return_id, answer_owner::requirement_id, answer_owner::due_on),
        ))
        .load(conn)?)
}

/// What was sent already.
fn sent(conn: &mut Conn) -> Result<HashSet<(ReturnId, RequirementId, PersonId, Day, i64)>> {
    let rows: Vec<(ReturnId, RequirementId, PersonId, Day, i64)> = owner_reminder::table
        .inner_join(annual_return::table.on(annual_return::id.eq(owner_reminder::return_id)))
        .filter(annual_return::state.eq(ReturnState::Draft))
        .select((
            owner_reminder::return_id,
            owner_reminder::requirement_id,
            owner_reminder::person_id,
            owner_reminder::due_on,
            owner_reminder::mark,
        ))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The code and title of a requirement that is put to the organisation and not excused today.
fn put(found: &Found, id: RequirementId, today: Day) -> Result<Option<String>> {
    let edition = found.edition.edition();
    let asked = edition.asked_of(found.sector, found.profile_key()?.as_ref());
    let Some(place) = found.edition.position_of(id) else { return Ok(None) };
    let Some((requirement, asked)) = edition.requirements().get(place).zip(asked.get(place)) else {
        return Ok(None);
    };
    let wanted = *asked != Asked::NotAsked && found.excuse(requirement, *asked, today).is_none();
    Ok(wanted.then(|| format!("{} {}", requirement.code, requirement.title)))
}

/// Sends what is due today and was not sent; gives to how many people.
///
/// # Errors
/// When the database refuses; what was sent before stays sent.
pub fn send_owner_reminders(db: &Db, public_url: &str) -> Result<usize> {
    let today = db.clock().now().london_day();
    let due = db.read_now(Actor::system_reach(), move |conn| due_today(conn, today))?;
    in_batches(db, &due.into_values().collect::<Vec<_>>(), public_url, queue)
}

fn due_today(conn: &mut Conn, today: Day) -> Result<BTreeMap<PersonId, Vec<OwnerDue>>> {
    let unwanted: HashSet<PersonId> = identity::turned_off(conn, MailKind::Requests)?.into_iter().collect();
    let furthest = OWNER_DAYS_BEFORE.iter().copied().max().unwrap_or_default();
    let rows = open(conn, today.plus_days(furthest))?;
    let sent = if rows.is_empty() { HashSet::new() } else { sent(conn)? };
    let mut returns: BTreeMap<ReturnId, Found> = BTreeMap::new();
    let mut all: BTreeMap<PersonId, Vec<OwnerDue>> = BTreeMap::new();
    for ((person, name, address), (of, requirement, due_on)) in rows {
        let Some(mark) = mark(today.days_until(due_on)) else { continue };
        if unwanted.contains(&person) || sent.contains(&(of, requirement, person, due_on, mark)) {
            continue;
        }
        if let std::collections::btree_map::Entry::Vacant(free) = returns.entry(of) {
            free.insert(find(conn, Which::Id(of))?.ok_or(Error::NotFound)?);
        }
        let Some(found) = returns.get(&of) else { continue };
        let Some(what) = put(found, requirement, today)? else { continue };
        all.entry(person).or_default().push(OwnerDue {
            person,
            name,
            address,
            organisation: found.organisation,
            place: (found.name.clone(), found.code.clone()),
            year: (found.collection.key.clone(), found.collection.year_label.clone()),
            of,
            requirement,
            what,
            due_on,
            mark,
        });
    }
    Ok(all)
}

/// The mail to one person, of what was not written down as sent by another worker meanwhile.
fn queue(tx: &mut Tx<'_>, due: &Vec<OwnerDue>, public_url: &str, at: Timestamp) -> Result<bool> {
    let mut new: Vec<&OwnerDue> = Vec::with_capacity(due.len());
    for one in due {
        if keep(tx, one)? {
            new.push(one);
        }
    }
    let Some(first) = new.first() else { return Ok(false) };
    let (id, today) =
        (format!("owner-reminder-{}-{}", tx.now().micros(), first.person), tx.now().london_day());
    outbox::queue_at_most_once(tx, &letter(first, &new, today, public_url), &id, at)?;
    Ok(true)
}

fn keep(tx: &mut Tx<'_>, one: &OwnerDue) -> Result<bool> {
    let row = (
        owner_reminder::return_id.eq(one.of),
        owner_reminder::requirement_id.eq(one.requirement),
        owner_reminder::person_id.eq(one.person),
        owner_reminder::due_on.eq(one.due_on.to_string()),
        owner_reminder::mark.eq(one.mark),
        owner_reminder::organisation_id.eq(one.organisation),
        owner_reminder::sent_at.eq(tx.now()),
    );
    let made = crate::each!(tx.conn(), c => diesel::insert_into(owner_reminder::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made == 1)
}

fn letter(first: &OwnerDue, due: &[&OwnerDue], today: Day, public_url: &str) -> Mail {
    let line = |one: &&OwnerDue| {
        let when = match today.days_until(one.due_on) {
            ..0 => format!("was due on {} and is overdue", one.due_on.words()),
            0 => "is due today".to_owned(),
            1 => "is due tomorrow".to_owned(),
            more => format!("is due on {}, in {more} days", one.due_on.words()),
        };
        format!("{} ({}): {} {when}.", one.place.0, one.year.1, one.what)
    };
    let mut paragraphs: Vec<String> = due.iter().take(NAMED).map(line).collect();
    if due.len() > NAMED {
        paragraphs.push(format!("And {} more, which you find in the portal.", due.len() - NAMED));
    }
    paragraphs.push(
        "If you cannot complete it by then, tell whoever gave it to you in the discussion beside it."
            .to_owned(),
    );
    paragraphs.push(format!("You can choose which of these emails you get: {public_url}/account/emails"));
    let overdue = due.iter().filter(|one| one.due_on < today).count();
    let subject = match (due.len(), overdue) {
        (1, 0) => "Due soon: 1 requirement that you were given".to_owned(),
        (1, _) => "Overdue: 1 requirement that you were given".to_owned(),
        (many, 0) => format!("Due soon: {many} requirements that you were given"),
        (many, _) => format!("Due or overdue: {many} requirements that you were given"),
    };
    let one_return = due.iter().all(|one| one.of == first.of);
    let href = match one_return {
        true => format!("{public_url}{}/mine", return_href(&first.place.1, &first.year.0)),
        false => format!("{public_url}/home"),
    };
    Letter {
        template: "returns.owner_reminder",
        to: &first.address,
        subject,
        name: &first.name,
        paragraphs,
        link: ("See what you were given", &href),
    }
    .into_mail()
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn ahead_on_its_days_and_once_when_overdue() {
        for (left, expected) in [
            (8, None),
            (7, Some(7)),
            (4, Some(7)),
            (3, None),
            (1, Some(1)),
            (0, Some(1)),
            (-1, Some(-1)),
            (-40, Some(-1)),
        ] {
            assert_eq!(mark(left), expected, "{left} days left");
        }
    }
}
