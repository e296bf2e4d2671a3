//! Queries for the dashboard: what the outlook keeps, and what is counted live because it is little.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::curve::Way;
use super::rules::Rule;
use crate::collections::{Collection, RequestState};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, ReviewId};
use crate::review::queries::QueryState;
use crate::schema::{
    annual_return, collection, extension, extension_request, organisation, outlook, outlook_count,
    outlook_risk, review, review_query, reviewer_absence, submission, submission_day,
};

/// Seconds before an outlook from which on submissions are counted live: one that was being committed is in neither or
/// in the live part, never in both.
pub(super) const UNSETTLED: i64 = 600;

/// When the outlook of a collection was made, and how many organisations were in its scope.
pub(super) fn made(conn: &mut Conn, of: CollectionId) -> Result<Option<(Timestamp, i64)>> {
    Ok(outlook::table
        .filter(outlook::collection_id.eq(of))
        .select((outlook::made_at, outlook::in_scope))
        .first(conn)
        .optional()?)
}

/// First submissions of a collection by London day: the kept days, and what came later one by one.
pub(super) fn way(conn: &mut Conn, of: &Collection) -> Result<Way> {
    let kept = made(conn, of.id)?.map(|(at, _)| at.plus_seconds(-UNSETTLED));
    let mut days: BTreeMap<Day, i64> = BTreeMap::new();
    if kept.is_some() {
        let rows: Vec<(Day, i64)> = submission_day::table
            .filter(submission_day::collection_id.eq(of.id))
            .select((submission_day::day, submission_day::sent))
            .load(conn)?;
        days.extend(rows);
    }
    add_days(&mut days, &first_sent(conn, of.id, kept, None)?);
    Ok(Way { label: of.year_label.clone(), deadline: of.deadline_at.london_day(), days })
}

/// Counts moments by their London day. Days begin with whole hours of UTC there, so a run of moments within one hour asks
/// the calendar once.
pub(super) fn add_days(days: &mut BTreeMap<Day, i64>, moments: &[Timestamp]) {
    let mut last: Option<(i64, Day)> = None;
    for at in moments {
        let hour = at.micros().div_euclid(3_600_000_000);
        let day = match last {
            Some((known, day)) if known == hour => day,
            _ => at.london_day(),
        };
        last = Some((hour, day));
        *days.entry(day).or_default() += 1;
    }
}

/// When organisations submitted for the first time, from a moment on and before another.
pub(super) fn first_sent(
    conn: &mut Conn,
    of: CollectionId,
    from: Option<Timestamp>,
    before: Option<Timestamp>,
) -> Result<Vec<Timestamp>> {
    let far = Timestamp::from_micros(i64::MAX);
    Ok(submission::table
        .filter(submission::collection_id.eq(of))
        .filter(submission::number.eq(1))
        .filter(submission::submitted_at.ge(from.unwrap_or(Timestamp::from_micros(i64::MIN))))
        .filter(submission::submitted_at.lt(before.unwrap_or(far)))
        .select(submission::submitted_at)
        .load(conn)?)
}

/// How many organisations each rule is the first for.
pub(super) fn at_risk_counts(conn: &mut Conn, of: CollectionId) -> Result<Vec<(Rule, i64)>> {
    let rows: Vec<(Rule, i64)> = outlook_count::table
        .filter(outlook_count::collection_id.eq(of))
        .select((outlook_count::rule, outlook_count::organisations))
        .load(conn)?;
    let found: BTreeMap<Rule, i64> = rows.into_iter().collect();
    Ok(Rule::ALL.iter().map(|rule| (*rule, found.get(rule).copied().unwrap_or_default())).collect())
}

/// One organisation at risk.
#[derive(Debug, Clone)]
pub(super) struct AtRisk {
    pub organisation: OrganisationId,
    pub code: String,
    pub name: String,
    pub sector: String,
    pub rules: Vec<Rule>,
    pub state: String,
    pub confirmed: i64,
    pub asked: i64,
    pub due_at: Timestamp,
    pub lead_seen_at: Option<Timestamp>,
    /// Whether it has submitted since the outlook was made.
    pub submitted: bool,
}

type RiskRow = (
    (OrganisationId, i64, String, i64, i64, Timestamp, Option<Timestamp>),
    (String, String, String),
    Option<crate::platform::ids::SubmissionId>,
);

/// Which part of the list of organisations at risk is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub rule: Option<Rule>,
    /// Those after this one.
    pub after: Option<OrganisationId>,
    pub skip: i64,
    pub size: i64,
}

/// A part of the list, in the order of the register's numbers.
pub(super) fn at_risk(conn: &mut Conn, of: CollectionId, part: Part) -> Result<Vec<AtRisk>> {
    let mut ids = outlook_risk::table
        .filter(outlook_risk::collection_id.eq(of))
        .select(outlook_risk::organisation_id)
        .order(outlook_risk::organisation_id)
        .limit(part.size)
        .offset(part.skip)
        .into_boxed::<<Conn as diesel::Connection>::Backend>();
    if let Some(rule) = part.rule {
        ids = ids.filter(outlook_risk::rule.eq(rule));
    }
    if let Some(after) = part.after {
        ids = ids.filter(outlook_risk::organisation_id.gt(after));
    }
    let ids: Vec<OrganisationId> = ids.load(conn)?;
    these_at_risk(conn, of, &ids)
}

/// Those of these organisations that are at risk.
pub(super) fn these_at_risk(
    conn: &mut Conn,
    of: CollectionId,
    ids: &[OrganisationId],
) -> Result<Vec<AtRisk>> {
    let rows: Vec<RiskRow> = outlook_risk::table
        .inner_join(organisation::table.on(organisation::id.eq(outlook_risk::organisation_id)))
        .left_join(
            annual_return::table.on(annual_return::organisation_id
                .eq(outlook_risk::organisation_id)
                .and(annual_return::collection_id.eq(outlook_risk::collection_id))),
        )
        .filter(outlook_risk::collection_id.eq(of))
        .filter(outlook_risk::organisation_id.eq_any(ids.to_vec()))
        .order(outlook_risk::organisation_id)
        .select((
            (
                outlook_risk::organisation_id,
                outlook_risk::rules,
                outlook_risk::state,
                outlook_risk::confirmed,
                outlook_risk::asked,
                outlook_risk::due_at,
                outlook_risk::lead_seen_at,
            ),
            (organisation::code, organisation::name, organisation::sector),
            annual_return::submission_id.nullable(),
        ))
        .load(conn)?;
    let read = |(kept, (code, name, sector), sent): RiskRow| {
        let (organisation, rules, state, confirmed, asked, due_at, lead_seen_at) = kept;
        AtRisk {
            organisation,
            code,
            name,
            sector,
            rules: Rule::of_bits(rules),
            state,
            confirmed,
            asked,
            due_at,
            lead_seen_at,
            submitted: sent.is_some(),
        }
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Questions that wait, counted by how long: asked after each of these moments but not after the one before, and the
/// rest.
pub(super) fn waiting_questions(conn: &mut Conn, since: &[Timestamp]) -> Result<Vec<i64>> {
    let mut before = Timestamp::from_micros(i64::MAX);
    let mut counts = Vec::with_capacity(since.len() + 1);
    for from in since.iter().copied().chain([Timestamp::from_micros(i64::MIN)]) {
        counts.push(
            review_query::table
                .filter(review_query::state.eq(QueryState::Open))
                .filter(review_query::asked_at.gt(from))
                .filter(review_query::asked_at.le(before))
                .select(count_star())
                .first(conn)?,
        );
        before = from;
    }
    Ok(counts)
}

/// One question that waits.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub review: ReviewId,
    pub code: String,
    pub name: String,
    pub collection: String,
    pub asked_at: Timestamp,
    pub due_at: Timestamp,
}

/// The questions that have waited longest.
pub(super) fn oldest_questions(conn: &mut Conn, most: i64) -> Result<Vec<Waiting>> {
    let rows: Vec<(ReviewId, String, String, String, Timestamp, Timestamp)> = review_query::table
        .inner_join(review::table.on(review::id.eq(review_query::review_id)))
        .inner_join(organisation::table.on(organisation::id.eq(review::organisation_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .filter(review_query::state.eq(QueryState::Open))
        .order((review_query::asked_at, review_query::id))
        .limit(most)
        .select((
            review::id,
            organisation::code,
            organisation::name,
            collection::year_label,
            review_query::asked_at,
            review_query::due_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(review, code, name, collection, asked_at, due_at)| Waiting {
            review,
            code,
            name,
            collection,
            asked_at,
            due_at,
        })
        .collect())
}

/// Who of the reviewers is away on a day, and until when.
pub(super) fn away(conn: &mut Conn, day: Day) -> Result<BTreeMap<PersonId, Day>> {
    let rows: Vec<(PersonId, Day)> = reviewer_absence::table
        .filter(reviewer_absence::ended_at.is_null())
        .filter(reviewer_absence::from_on.le(day.to_string()))
        .filter(reviewer_absence::to_on.ge(day.to_string()))
        .order((reviewer_absence::to_on, reviewer_absence::id))
        .select((reviewer_absence::person_id, reviewer_absence::to_on))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// One answer about more time, or a request that waits for one.
#[derive(Debug, Clone)]
pub(super) struct MoreTime {
    pub code: String,
    pub name: String,
    pub state: RequestState,
    pub until: Timestamp,
    pub asked_at: Timestamp,
    pub answered_at: Option<Timestamp>,
}

/// Requests for more time by state, and extensions in force, whether asked for or given unasked.
pub(super) fn more_time_counts(
    conn: &mut Conn,
    of: CollectionId,
) -> Result<(BTreeMap<RequestState, i64>, i64)> {
    let rows: Vec<(RequestState, i64)> = extension_request::table
        .filter(extension_request::collection_id.eq(of))
        .group_by(extension_request::state)
        .select((extension_request::state, count_star()))
        .load(conn)?;
    let given = extension::table.filter(extension::collection_id.eq(of)).select(count_star()).first(conn)?;
    Ok((rows.into_iter().collect(), given))
}

/// The newest requests for more time that are not taken back.
pub(super) fn more_time(conn: &mut Conn, of: CollectionId, most: i64) -> Result<Vec<MoreTime>> {
    type Row = (String, String, RequestState, Timestamp, Timestamp, Option<Timestamp>);
    let mut found = Vec::new();
    for state in [RequestState::Open, RequestState::Granted, RequestState::Refused] {
        let rows: Vec<Row> = extension_request::table
            .inner_join(organisation::table.on(organisation::id.eq(extension_request::organisation_id)))
            .filter(extension_request::collection_id.eq(of))
            .filter(extension_request::state.eq(state))
            .order(extension_request::id.desc())
            .limit(most)
            .select((
                organisation::code,
                organisation::name,
                extension_request::state,
                extension_request::until,
                extension_request::asked_at,
                extension_request::answered_at,
            ))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(code, name, state, until, asked_at, answered_at)| MoreTime {
            code,
            name,
            state,
            until,
            asked_at,
            answered_at,
        }));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;

    #[test]
    fn moments_are_counted_on_their_day_in_london() {
        // Around midnight in winter and in summer, and over both changes of the clocks.
        let begins = ["2026-01-14 22:30", "2026-03-28 22:30", "2026-07-14 22:30", "2026-10-24 22:30"];
        let moments: Vec<Timestamp> = begins
            .iter()
            .flat_map(|begin| {
                let begin = parse_london(begin).unwrap();
                (0..30).map(move |quarter| begin.plus_seconds(quarter * 900))
            })
            .collect();
        let (mut found, mut slowly) = (BTreeMap::new(), BTreeMap::new());
        add_days(&mut found, &moments);
        for at in &moments {
            *slowly.entry(at.london_day()).or_insert(0_i64) += 1;
        }
        assert_eq!((found.len(), &found), (8, &slowly));
    }
}
