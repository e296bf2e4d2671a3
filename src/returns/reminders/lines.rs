//! Reminders of what somebody has taken on in an improvement plan: 30, 7 and 1 days ahead, and once a week when it is
//! overdue. Each goes to a person once, as those of returns do.

use std::collections::{BTreeMap, HashSet};

use diesel::dsl::exists;
use diesel::prelude::*;

use super::send::in_batches;
use crate::access::{Actor, OrganisationRole};
use crate::identity::{self, MailKind, PersonState};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Db, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId, PlanLineId};
use crate::platform::mail::{self as outbox, Letter, Mail};
use crate::returns::plan::{PlanState, plan_href};
use crate::schema::{
    annual_return, collection, improvement_plan, membership, organisation, person, plan_line, plan_reminder,
    requirement,
};

/// How many days ahead of its day the owner of a line is reminded.
pub const LINE_DAYS_BEFORE: [i64; 3] = [30, 7, 1];

/// How many days late a reminder still goes out when the portal did not run on its own day.
const CATCH_UP: i64 = 3;

/// Lines that one mail names; the rest is counted.
const NAMED: usize = 20;

/// The reminder that is due when so many days are left: days ahead, or below nought the week of being overdue.
fn mark(days_left: i64) -> Option<i64> {
    if days_left < 0 {
        return Some(-((-days_left - 1) / 7 + 1));
    }
    LINE_DAYS_BEFORE.iter().copied().filter(|mark| (days_left..=days_left + CATCH_UP).contains(mark)).min()
}

/// One line that its owner is reminded of.
#[derive(Debug, Clone)]
struct LineDue {
    person: PersonId,
    name: String,
    address: String,
    organisation: OrganisationId,
    place: (String, String),
    collection: (String, String),
    line: PlanLineId,
    what: String,
    due_on: Day,
    mark: i64,
}

type Row = (
    (PersonId, String, String),
    (OrganisationId, String, String),
    (String, String),
    (PlanLineId, Day, String, String),
);

/// Lines of signed plans that are not done and due by a day, each with its owner, who is still there.
fn open_lines(conn: &mut Conn, by: Day) -> Result<Vec<Row>> {
    let standing: Vec<PlanState> = PlanState::ALL.iter().copied().filter(|state| state.is_signed()).collect();
    let here = membership::table
        .filter(membership::person_id.eq(person::id))
        .filter(membership::organisation_id.eq(plan_line::organisation_id))
        .filter(membership::role.eq_any(OrganisationRole::READERS))
        .filter(membership::ended_at.is_null());
    Ok(plan_line::table
        .inner_join(improvement_plan::table.on(improvement_plan::id.eq(plan_line::plan_id)))
        .inner_join(annual_return::table.on(annual_return::id.eq(improvement_plan::return_id)))
        .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
        .inner_join(organisation::table.on(organisation::id.eq(plan_line::organisation_id)))
        .inner_join(requirement::table.on(requirement::id.eq(plan_line::requirement_id)))
        .inner_join(person::table.on(person::id.nullable().eq(plan_line::owner_id)))
        .filter(improvement_plan::state.eq_any(standing))
        .filter(plan_line::done_on.is_null())
        .filter(plan_line::due_on.le(by.to_string()))
        .filter(person::state.eq(PersonState::Active))
        .filter(exists(here))
        .order((person::id, plan_line::due_on, plan_line::id))
        .select((
            (person::id, person::name, person::email),
            (organisation::id, organisation::code, organisation::name),
            (collection::key, collection::year_label),
            (plan_line::id, plan_line::due_on.assume_not_null(), requirement::code, requirement::title),
        ))
        .load(conn)?)
}

/// Sends what is due today and was not sent; gives to how many people.
///
/// # Errors
/// When the database refuses; what was sent before stays sent.
pub fn send_line_reminders(db: &Db, public_url: &str) -> Result<usize> {
    let today = db.clock().now().london_day();
    let due = db.read_now(Actor::system_reach(), move |conn| {
        let unwanted: HashSet<PersonId> =
            identity::turned_off(conn, MailKind::PlanLines)?.into_iter().collect();
        let furthest = LINE_DAYS_BEFORE.iter().copied().max().unwrap_or_default();
        let sent: HashSet<(PlanLineId, PersonId, String, i64)> = plan_reminder::table
            .select((
                plan_reminder::line_id,
                plan_reminder::person_id,
                plan_reminder::due_on,
                plan_reminder::mark,
            ))
            .load::<(PlanLineId, PersonId, String, i64)>(conn)?
            .into_iter()
            .collect();
        let mut all: BTreeMap<PersonId, Vec<LineDue>> = BTreeMap::new();
        for (whom, place, collection, (line, due_on, code, title)) in
            open_lines(conn, today.plus_days(furthest))?
        {
            let (person, name, address) = whom;
            let Some(mark) = mark(today.days_until(due_on)) else { continue };
            if unwanted.contains(&person) || sent.contains(&(line, person, due_on.to_string(), mark)) {
                continue;
            }
            let (organisation, org_code, org_name) = place;
            all.entry(person).or_default().push(LineDue {
                person,
                name,
                address,
                organisation,
                place: (org_code, org_name),
                collection,
                line,
                what: format!("{code} {title}"),
                due_on,
                mark,
            });
        }
        Ok(all)
    })?;
    in_batches(db, &due.into_values().collect::<Vec<_>>(), public_url, queue)
}

/// The mail to one person, of what was not written down as sent by another worker meanwhile.
fn queue(tx: &mut Tx<'_>, due: &Vec<LineDue>, public_url: &str, at: Timestamp) -> Result<bool> {
    let mut new: Vec<&LineDue> = Vec::with_capacity(due.len());
    for one in due {
        if keep(tx, one)? {
            new.push(one);
        }
    }
    let Some(first) = new.first() else { return Ok(false) };
    let (id, today) =
        (format!("plan-reminder-{}-{}", tx.now().micros(), first.person), tx.now().london_day());
    outbox::queue_at_most_once(tx, &letter(first, &new, today, public_url), &id, at)?;
    Ok(true)
}

fn keep(tx: &mut Tx<'_>, one: &LineDue) -> Result<bool> {
    let row = (
        plan_reminder::line_id.eq(one.line),
        plan_reminder::person_id.eq(one.person),
        plan_reminder::due_on.eq(one.due_on.to_string()),
        plan_reminder::mark.eq(one.mark),
        plan_reminder::organisation_id.eq(one.organisation),
        plan_reminder::sent_at.eq(tx.now()),
    );
    let made = crate::each!(tx.conn(), c => diesel::insert_into(plan_reminder::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made == 1)
}

fn letter(first: &LineDue, due: &[&LineDue], today: Day, public_url: &str) -> Mail {
    let line = |one: &&LineDue| {
        let left = today.days_until(one.due_on);
        let when = match left {
            ..0 => format!("was due on {} and is overdue", one.due_on.words()),
            0 => "is due today".to_owned(),
            1 => "is due tomorrow".to_owned(),
            more => format!("is due on {}, in {more} days", one.due_on.words()),
        };
        format!("{} ({}): {} {when}.", one.place.1, one.collection.1, one.what)
    };
    let mut paragraphs: Vec<String> = due.iter().take(NAMED).map(line).collect();
    if due.len() > NAMED {
        paragraphs.push(format!("And {} more, which you find in the portal.", due.len() - NAMED));
    }
    paragraphs.push(
        "Report how it goes on the line's page. Once it is done, say what shows that it is.".to_owned(),
    );
    paragraphs.push(format!("You can choose which of these emails you get: {public_url}/account/emails"));
    let overdue = due.iter().filter(|one| one.due_on < today).count();
    let subject = match (due.len(), overdue) {
        (1, 0) => "Due soon: 1 line of the improvement plan".to_owned(),
        (1, _) => "Overdue: 1 line of the improvement plan".to_owned(),
        (many, 0) => format!("Due soon: {many} lines of the improvement plan"),
        (many, _) => format!("Due or overdue: {many} lines of the improvement plan"),
    };
    let href = match due {
        [one] => {
            format!("{public_url}{}/lines/{}", plan_href(&one.place.0, &one.collection.0), one.line)
        }
        _ => format!("{public_url}{}", plan_href(&first.place.0, &first.collection.0)),
    };
    Letter {
        template: "returns.plan_line",
        to: &first.address,
        subject,
        name: &first.name,
        paragraphs,
        link: ("See the improvement plan", &href),
    }
    .into_mail()
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn ahead_on_its_days_and_weekly_when_overdue() {
        for (left, expected) in [
            (31, None),
            (30, Some(30)),
            (27, Some(30)),
            (26, None),
            (7, Some(7)),
            (1, Some(1)),
            (0, Some(1)),
            (-1, Some(-1)),
            (-7, Some(-1)),
            (-8, Some(-2)),
            (-15, Some(-3)),
        ] {
            assert_eq!(mark(left), expected, "{left} days left");
        }
    }
}
