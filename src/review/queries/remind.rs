//! Reminders of questions: to those who can answer 5 and 2 days ahead, on the day and weekly when overdue; to the reviewer
//! once when the answer is overdue. One mail to a person, and each reminder once, whatever crashes.

use std::collections::{BTreeMap, HashSet};

use diesel::prelude::*;

use super::arrive::ANSWERERS;
use super::mail::{self, Reminded};
use super::model::{QueryState, mark};
use crate::access::Actor;
use crate::identity::{self, MailKind, PersonState};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Db, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId, QueryId, ReviewId};
use crate::platform::mail as outbox;
use crate::returns;
use crate::review::mail::Links;
use crate::review::model::ReviewState;
use crate::schema::{
    collection, membership, organisation, person, query_reminder, requirement, review, review_query,
};

/// The mark of what the reviewer is told when the answer is overdue.
const REVIEWER: i64 = -1;

/// One question that one person is reminded of.
#[derive(Debug, Clone)]
struct Due {
    person: PersonId,
    name: String,
    address: String,
    query: QueryId,
    organisation: OrganisationId,
    mark: i64,
    to_reviewer: bool,
    about: Reminded,
}

/// A question that waits.
struct Waiting {
    id: QueryId,
    review: ReviewId,
    reviewer: Option<PersonId>,
    organisation: (OrganisationId, String, String),
    collection: (String, String),
    requirement: String,
    due_on: Day,
}

/// Sends what is due today and was not sent; gives to how many people. Called again it finds nothing left to send.
///
/// # Errors
/// When the database refuses; what was sent before stays sent, and the rest is due at the next call.
pub fn send_query_reminders(db: &Db, public_url: &str) -> Result<usize> {
    let today = db.clock().now().london_day();
    let links = Links::below(public_url);
    let due = db.read_now(Actor::system_reach(), move |conn| due_on(conn, today, &links))?;
    returns::in_batches(db, &due, public_url, queue)
}

/// What each person is reminded of today: those who answer apart from reviewers, because their mails say something else.
fn due_on(conn: &mut Conn, today: Day, links: &Links) -> Result<Vec<Vec<Due>>> {
    let unwanted: HashSet<PersonId> = identity::turned_off(conn, MailKind::Queries)?.into_iter().collect();
    // Only of those that still wait: what was sent about all others is never asked again.
    let sent: HashSet<(QueryId, PersonId, String, i64)> = query_reminder::table
        .inner_join(review_query::table.on(review_query::id.eq(query_reminder::query_id)))
        .filter(review_query::state.eq(QueryState::Open))
        .select((
            query_reminder::query_id,
            query_reminder::person_id,
            query_reminder::due_on,
            query_reminder::mark,
        ))
        .load::<(QueryId, PersonId, String, i64)>(conn)?
        .into_iter()
        .collect();
    let waiting: Vec<Waiting> =
        waiting(conn)?.into_iter().filter(|query| mark(today.days_until(query.due_on)).is_some()).collect();
    let people = people(conn, &waiting)?;
    let mut all: BTreeMap<(PersonId, bool), Vec<Due>> = BTreeMap::new();
    for query in &waiting {
        let Some(mark) = mark(today.days_until(query.due_on)) else { continue };
        let answering = people.answering.get(&query.organisation.0).into_iter().flatten();
        let reviewing = query.reviewer.filter(|_| mark < 0).and_then(|id| people.reviewers.get(&id));
        let told =
            answering.map(|whom| (whom, mark, false)).chain(reviewing.map(|whom| (whom, REVIEWER, true)));
        for ((person, name, address), mark, to_reviewer) in told {
            let key = (query.id, *person, query.due_on.to_string(), mark);
            if unwanted.contains(person) || sent.contains(&key) {
                continue;
            }
            all.entry((*person, to_reviewer)).or_default().push(Due {
                person: *person,
                name: name.clone(),
                address: address.clone(),
                query: query.id,
                organisation: query.organisation.0,
                mark,
                to_reviewer,
                about: query.about(to_reviewer, links),
            });
        }
    }
    Ok(all.into_values().collect())
}

impl Waiting {
    fn about(&self, to_reviewer: bool, links: &Links) -> Reminded {
        let (_, code, name) = &self.organisation;
        let (key, year) = &self.collection;
        Reminded {
            organisation: name.clone(),
            year: year.clone(),
            requirement: self.requirement.clone(),
            due_on: self.due_on,
            href: if to_reviewer {
                links.thread(self.review, self.id)
            } else {
                links.query(code, key, self.id)
            },
        }
    }
}

type Whom = (PersonId, String, String);

/// Who can be reminded, by what they have to do with a question.
struct People {
    answering: BTreeMap<OrganisationId, Vec<Whom>>,
    reviewers: BTreeMap<PersonId, Whom>,
}

fn people(conn: &mut Conn, of: &[Waiting]) -> Result<People> {
    let organisations: Vec<OrganisationId> = of.iter().map(|query| query.organisation.0).collect();
    let reviewers: Vec<PersonId> = of.iter().filter_map(|query| query.reviewer).collect();
    let answering: Vec<(OrganisationId, Whom)> = membership::table
        .inner_join(person::table.on(person::id.eq(membership::person_id)))
        .filter(membership::organisation_id.eq_any(organisations))
        .filter(membership::role.eq_any(ANSWERERS))
        .filter(membership::ended_at.is_null())
        .filter(person::state.eq(PersonState::Active))
        .select((membership::organisation_id, (person::id, person::name, person::email)))
        .distinct()
        .order((membership::organisation_id, person::id))
        .load(conn)?;
    let reviewers: Vec<Whom> = person::table
        .filter(person::id.eq_any(reviewers))
        .filter(person::state.eq(PersonState::Active))
        .select((person::id, person::name, person::email))
        .load(conn)?;
    let mut people = People {
        answering: BTreeMap::new(),
        reviewers: reviewers.into_iter().map(|whom| (whom.0, whom)).collect(),
    };
    for (organisation, whom) in answering {
        people.answering.entry(organisation).or_default().push(whom);
    }
    Ok(people)
}

/// Questions that their reviews wait for.
fn waiting(conn: &mut Conn) -> Result<Vec<Waiting>> {
    type Row = (
        (QueryId, Timestamp),
        (ReviewId, Option<PersonId>),
        (OrganisationId, String, String),
        (String, String),
        (String, String),
    );
    let rows: Vec<Row> = review_query::table
        .inner_join(review::table.on(review::id.eq(review_query::review_id)))
        .inner_join(organisation::table.on(organisation::id.eq(review_query::organisation_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .inner_join(requirement::table.on(requirement::id.eq(review_query::requirement_id)))
        .filter(review_query::state.eq(QueryState::Open))
        .filter(review::state.eq(ReviewState::Query))
        .order(review_query::id)
        .select((
            (review_query::id, review_query::due_at),
            (review::id, review::reviewer_id),
            (organisation::id, organisation::code, organisation::name),
            (collection::key, collection::year_label),
            (requirement::code, requirement::title),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|((id, due_at), (review, reviewer), organisation, collection, (code, title))| Waiting {
            id,
            review,
            reviewer,
            organisation,
            collection,
            requirement: format!("{code} {title}"),
            due_on: due_at.london_day(),
        })
        .collect())
}

/// The mail to one person, of what was not written down as sent by another worker meanwhile.
fn queue(tx: &mut Tx<'_>, due: &Vec<Due>, public_url: &str, at: Timestamp) -> Result<bool> {
    let mut new: Vec<&Due> = Vec::with_capacity(due.len());
    for one in due {
        if keep(tx, one)? {
            new.push(one);
        }
    }
    let Some(first) = new.first() else { return Ok(false) };
    let about: Vec<&Reminded> = new.iter().map(|one| &one.about).collect();
    let today = tx.now().london_day();
    let whom = (first.address.as_str(), first.name.as_str());
    let Some(mail) = mail::reminder(whom, &about, today, first.to_reviewer, public_url) else {
        return Ok(false);
    };
    let side = if first.to_reviewer { "reviewer" } else { "organisation" };
    let id = format!("query-reminder-{}-{side}-{}", tx.now().micros(), first.person);
    outbox::queue_at_most_once(tx, &mail, &id, at)?;
    Ok(true)
}

fn keep(tx: &mut Tx<'_>, one: &Due) -> Result<bool> {
    let row = (
        query_reminder::query_id.eq(one.query),
        query_reminder::person_id.eq(one.person),
        query_reminder::due_on.eq(one.about.due_on.to_string()),
        query_reminder::mark.eq(one.mark),
        query_reminder::organisation_id.eq(one.organisation),
        query_reminder::sent_at.eq(tx.now()),
    );
    let made = crate::each!(tx.conn(), c => diesel::insert_into(query_reminder::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made == 1)
}
