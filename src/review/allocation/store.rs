//! Queries about reviewers, their absences, and what waits for a reviewer.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::{count_star, not};
use diesel::prelude::*;

use super::plan::{Away, Bars, Reviewer, Waiting};
use super::{CHOSEN_STATES, USUAL_CAPACITY};
use crate::access::CentralRole;
use crate::identity;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{AbsenceId, CollectionId, OrganisationId, PersonId, ReviewId};
use crate::review::consistency::blind_scorers;
use crate::review::model::ReviewState;
use crate::schema::{
    collection, edition, organisation, review, reviewer, reviewer_absence, reviewer_skill, standard,
};

/// States in which a review is in its reviewer's hands.
pub(super) const IN_HAND: [ReviewState; 2] = [ReviewState::Claimed, ReviewState::Query];

/// Everybody who reviews, by name, as they are on a day.
pub(super) fn reviewers(conn: &mut Conn, day: Day) -> Result<Vec<Reviewer>> {
    let people = identity::central_holders(conn, &[CentralRole::CentralReviewer])?;
    let settings: BTreeMap<PersonId, (i64, i64)> = reviewer::table
        .select((reviewer::person_id, reviewer::capacity, reviewer::version))
        .load::<(PersonId, i64, i64)>(conn)?
        .into_iter()
        .map(|(person, capacity, version)| (person, (capacity, version)))
        .collect();
    let skills: Vec<(PersonId, String, String)> = reviewer_skill::table
        .select((reviewer_skill::person_id, reviewer_skill::kind, reviewer_skill::skill_key))
        .load(conn)?;
    let counts: Vec<(Option<PersonId>, i64)> = review::table
        .filter(review::state.eq_any(IN_HAND.to_vec()))
        .filter(review::reviewer_id.is_not_null())
        .group_by(review::reviewer_id)
        .select((review::reviewer_id, count_star()))
        .load(conn)?;
    let away = away_on(conn, day)?;
    let known = |person: PersonId, kind: &str| -> BTreeSet<String> {
        skills.iter().filter(|(p, k, _)| *p == person && k == kind).map(|(.., key)| key.clone()).collect()
    };
    let mut found: Vec<Reviewer> = people
        .into_iter()
        .map(|(person, name, email)| {
            let (capacity, version) = settings.get(&person).copied().unwrap_or((USUAL_CAPACITY, 0));
            Reviewer {
                capacity,
                version,
                in_hand: counts.iter().find(|(p, _)| *p == Some(person)).map_or(0, |(_, count)| *count),
                sectors: known(person, "sector"),
                standards: known(person, "standard"),
                away: away.get(&person).cloned(),
                person,
                name,
                email,
            }
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name).then(a.person.cmp(&b.person)));
    Ok(found)
}

fn away_on(conn: &mut Conn, day: Day) -> Result<BTreeMap<PersonId, Away>> {
    let rows: Vec<(PersonId, Day, Option<PersonId>)> = reviewer_absence::table
        .filter(reviewer_absence::ended_at.is_null())
        .filter(reviewer_absence::from_on.le(day.to_string()))
        .filter(reviewer_absence::to_on.ge(day.to_string()))
        .order((reviewer_absence::to_on, reviewer_absence::id))
        .select((reviewer_absence::person_id, reviewer_absence::to_on, reviewer_absence::cover_id))
        .load(conn)?;
    // Of several at once the one that ends last counts.
    Ok(rows.into_iter().map(|(person, until, cover)| (person, Away { until, cover })).collect())
}

/// The absence of a person on a day.
pub(super) fn absence_on(conn: &mut Conn, person: PersonId, day: Day) -> Result<Option<Away>> {
    Ok(away_on(conn, day)?.remove(&person))
}

/// One absence as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Absence {
    pub id: AbsenceId,
    pub from: Day,
    pub to: Day,
    pub cover: Option<PersonId>,
}

/// The absences of a person that have not passed or been ended, in order.
pub(super) fn absences_of(conn: &mut Conn, person: PersonId, day: Day) -> Result<Vec<Absence>> {
    let rows: Vec<(AbsenceId, Day, Day, Option<PersonId>)> = reviewer_absence::table
        .filter(reviewer_absence::person_id.eq(person))
        .filter(reviewer_absence::ended_at.is_null())
        .filter(reviewer_absence::to_on.ge(day.to_string()))
        .order((reviewer_absence::from_on, reviewer_absence::id))
        .select((
            reviewer_absence::id,
            reviewer_absence::from_on,
            reviewer_absence::to_on,
            reviewer_absence::cover_id,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, from, to, cover)| Absence { id, from, to, cover }).collect())
}

type WaitingRow = (
    (ReviewId, i64, i64, Timestamp),
    (OrganisationId, String, String, String),
    (CollectionId, String, String),
);

/// The first so many that wait for a reviewer, those that need a look most first; of one collection if one is named, and
/// of none of some organisations.
pub(super) fn waiting(
    conn: &mut Conn,
    of: Option<CollectionId>,
    without: &[OrganisationId],
    limit: i64,
) -> Result<Vec<Waiting>> {
    let mut query = review::table
        .inner_join(organisation::table.on(organisation::id.eq(review::organisation_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .inner_join(edition::table.on(edition::id.eq(collection::edition_id)))
        .inner_join(standard::table.on(standard::id.eq(edition::standard_id)))
        .filter(review::state.eq(ReviewState::Queued))
        .order((review::risk.desc(), review::due_at.asc(), review::id.asc()))
        .limit(limit)
        .select((
            (review::id, review::version, review::risk, review::due_at),
            (organisation::id, organisation::code, organisation::name, organisation::sector),
            (collection::id, collection::year_label, standard::key),
        ))
        .into_boxed();
    if let Some(collection) = of {
        query = query.filter(review::collection_id.eq(collection));
    }
    if !without.is_empty() {
        query = query.filter(not(review::organisation_id.eq_any(without.to_vec())));
    }
    let rows: Vec<WaitingRow> = query.load(conn)?;
    let ids: Vec<ReviewId> = rows.iter().map(|((review, ..), ..)| *review).collect();
    let blind = blind_scorers(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(of_review, (organisation, code, name, sector), (collection, year, standard))| {
            let (review, version, risk, due_at) = of_review;
            Waiting {
                review,
                version,
                organisation,
                code,
                name,
                sector,
                standard,
                collection,
                year,
                risk,
                due_at,
                blind: blind.get(&review).copied(),
            }
        })
        .collect())
}

/// How many wait for a reviewer, by collection: its number, its year and the count; newest first.
pub(super) fn counts(conn: &mut Conn) -> Result<Vec<(CollectionId, String, i64)>> {
    let counts: Vec<(CollectionId, i64)> = review::table
        .filter(review::state.eq(ReviewState::Queued))
        .group_by(review::collection_id)
        .select((review::collection_id, count_star()))
        .load(conn)?;
    let ids: Vec<CollectionId> = counts.iter().map(|(id, _)| *id).collect();
    let years: Vec<(CollectionId, String)> = collection::table
        .filter(collection::id.eq_any(ids))
        .order((collection::opens_at.desc(), collection::id.desc()))
        .select((collection::id, collection::year_label))
        .load(conn)?;
    Ok(years
        .into_iter()
        .map(|(id, year)| {
            let count = counts.iter().find(|(of, _)| *of == id).map_or(0, |(_, count)| *count);
            (id, year, count)
        })
        .collect())
}

/// A review in somebody's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct InHand {
    pub review: ReviewId,
    pub version: i64,
    pub organisation: OrganisationId,
    pub code: String,
    pub name: String,
    pub year: String,
    pub state: ReviewState,
    pub risk: i64,
    pub due_at: Timestamp,
    pub reviewer: Option<PersonId>,
}

type InHandRow = (
    (ReviewId, i64, ReviewState, i64, Timestamp, Option<PersonId>),
    (OrganisationId, String, String),
    String,
);

/// What is in hand: somebody's, or everybody's; with those whose reviewer gave them back while a question was open.
pub(super) fn in_hand(conn: &mut Conn, of: Option<PersonId>) -> Result<Vec<InHand>> {
    let mut query = review::table
        .inner_join(organisation::table.on(organisation::id.eq(review::organisation_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .filter(review::state.eq_any(IN_HAND.to_vec()))
        .order((review::due_at.asc(), review::id.asc()))
        .select((
            (review::id, review::version, review::state, review::risk, review::due_at, review::reviewer_id),
            (organisation::id, organisation::code, organisation::name),
            collection::year_label,
        ))
        .into_boxed();
    if let Some(person) = of {
        query = query.filter(review::reviewer_id.eq(person));
    }
    let rows: Vec<InHandRow> = query.load(conn)?;
    Ok(rows.into_iter().map(held).collect())
}

fn held(row: InHandRow) -> InHand {
    let ((review, version, state, risk, due_at, reviewer), (organisation, code, name), year) = row;
    InHand { review, version, organisation, code, name, year, state, risk, due_at, reviewer }
}

/// Those of some reviews that can be given to somebody, as they are now, but for what belongs to some organisations.
pub(super) fn chosen(conn: &mut Conn, ids: &[ReviewId], without: &[OrganisationId]) -> Result<Vec<InHand>> {
    let mut query = review::table
        .inner_join(organisation::table.on(organisation::id.eq(review::organisation_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .filter(review::id.eq_any(ids.to_vec()))
        .filter(review::state.eq_any(CHOSEN_STATES.to_vec()))
        .order((review::risk.desc(), review::due_at.asc(), review::id.asc()))
        .select((
            (review::id, review::version, review::state, review::risk, review::due_at, review::reviewer_id),
            (organisation::id, organisation::code, organisation::name),
            collection::year_label,
        ))
        .into_boxed();
    if !without.is_empty() {
        query = query.filter(not(review::organisation_id.eq_any(without.to_vec())));
    }
    let rows: Vec<InHandRow> = query.load(conn)?;
    Ok(rows.into_iter().map(held).collect())
}

/// What each of these people must keep away from on a day.
pub(super) fn bars(conn: &mut Conn, people: impl Iterator<Item = PersonId>, day: Day) -> Result<Bars> {
    let mut bars = Bars::new();
    for person in people {
        bars.insert(person, identity::conflicts_of(conn, person, day)?.into_keys().collect());
    }
    Ok(bars)
}

/// Every standard that reviews can be of: its key and name.
pub(super) fn standards(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    Ok(standard::table.order(standard::name).select((standard::key, standard::name)).load(conn)?)
}
