//! The queue as people read it: the roll says which reviews stand on a page and how many there are in each state, the
//! database what is shown of those.

use std::collections::BTreeMap;

use diesel::RunQueryDsl as _;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::age::Hand;
use super::filter::Filter;
use super::roll::Roll;
use super::rows;
use super::store::{self, Choices};
use crate::access::Actor;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReviewId;
use crate::review::model::ReviewState;

/// Reviews on one page.
pub(in crate::review) const PAGE_SIZE: usize = 100;

/// One review in the list.
#[derive(Debug, Clone)]
pub(in crate::review) struct Listed {
    pub id: ReviewId,
    pub state: ReviewState,
    pub code: String,
    pub organisation: String,
    pub sector: String,
    pub region: Option<String>,
    pub collection: String,
    pub claimed_grade: String,
    pub reviewer: Option<String>,
    pub queued_at: Timestamp,
    pub due_at: Timestamp,
    pub risk: i64,
    /// How many sites it covers besides the organisation itself.
    pub sites: Option<i64>,
    /// How its clock stands.
    pub hand: Hand,
}

/// One page of the list.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Listing {
    /// Reviews under the filter, its states left aside.
    pub counts: BTreeMap<ReviewState, i64>,
    /// Reviews under the whole filter.
    pub total: usize,
    /// The page's reviews.
    pub rows: Vec<Listed>,
}

/// What is asked for, and whoever asks.
pub(in crate::review) type Reading<'a> = dyn Fn(&Choices) -> Filter + 'a;

/// What can be chosen, and one page of the queue under the filter that follows from it.
pub(in crate::review) fn page(
    conn: &mut Conn,
    roll: &Roll,
    filter: &Reading<'_>,
    now: Timestamp,
) -> Result<(Choices, Filter, Listing)> {
    // Before the look, so that the roll knows every collection that can be chosen.
    let mut choices = store::choices(conn)?;
    let filter = filter(&choices);
    let (found, known) = {
        let reviews = roll.now(conn)?;
        (rows::matched(&reviews, &filter, PAGE_SIZE, now), reviews.reviewers.clone())
    };
    choices.reviewers = store::reviewers(conn, &known)?;
    let rows = rows_of(conn, &found.ids)?;
    Ok((choices, filter, Listing { counts: found.counts, total: found.total, rows }))
}

/// The numbers of every review under a filter, in its order.
pub(in crate::review) fn all(
    conn: &mut Conn,
    roll: &Roll,
    filter: &Reading<'_>,
    now: Timestamp,
) -> Result<Vec<ReviewId>> {
    let choices = store::choices(conn)?;
    let filter = Filter { page: 1, ..filter(&choices) };
    let reviews = roll.now(conn)?;
    Ok(rows::matched(&reviews, &filter, usize::MAX, now).ids)
}

type Row = (
    (ReviewId, ReviewState, String, Timestamp, Timestamp, Option<Timestamp>, Option<Timestamp>, i64),
    (String, String, String),
    Option<String>,
    String,
    Option<String>,
    Option<i64>,
);

type Columns = (
    (BigInt, Text, Text, BigInt, BigInt, Nullable<BigInt>, Nullable<BigInt>, BigInt),
    (Text, Text, Text),
    Nullable<Text>,
    Text,
    Nullable<Text>,
    Nullable<BigInt>,
);

/// What is shown of reviews, in no particular order.
const ROWS: (&str, &str) = store::about!(
    "SELECT r.id, r.state, r.claimed_grade, r.queued_at, r.due_at, r.decided_at, r.clock_stopped_at, r.risk, \
     o.code, o.name, o.sector, g.name, c.year_label, p.name, f.sites \
     FROM review r JOIN organisation o ON o.id = r.organisation_id JOIN collection c ON c.id = r.collection_id \
     LEFT JOIN region g ON g.code = o.region_code LEFT JOIN person p ON p.id = r.reviewer_id \
     LEFT JOIN site_filing f ON f.submission_id = r.submission_id WHERE r.id",
    ""
);

/// The reviews of these numbers, in their order.
pub(in crate::review) fn rows_of(conn: &mut Conn, ids: &[ReviewId]) -> Result<Vec<Listed>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let these = ids.iter().copied().map(ReviewId::get);
    let rows: Vec<Row> = store::about_these::<Columns>(conn, ROWS, these).load(conn)?;
    let mut found: BTreeMap<ReviewId, Listed> = rows.into_iter().map(|row| (row.0.0, listed(row))).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

fn listed(row: Row) -> Listed {
    let (of_review, (code, organisation, sector), region, collection, reviewer, sites) = row;
    let (id, state, claimed_grade, queued_at, due_at, decided_at, stopped_at, risk) = of_review;
    Listed {
        id,
        state,
        code,
        organisation,
        sector,
        region,
        collection,
        claimed_grade,
        reviewer,
        queued_at,
        due_at,
        risk,
        sites: sites.filter(|sites| *sites > 0),
        hand: super::age::hand(state, stopped_at, decided_at),
    }
}

/// The filter of somebody's form. What they have an interest in is left to colleagues, and so is not even counted.
pub(in crate::review) fn reading(
    form: &super::filter::QueueForm,
    by: &Actor,
) -> Result<impl Fn(&Choices) -> Filter + use<>> {
    let me = by.id().ok_or_else(|| Error::broken("the queue is read by people"))?;
    let (form, without) = (form.clone(), by.conflicts());
    Ok(move |choices: &Choices| Filter {
        without: without.clone(),
        ..Filter::read(&form, &choices.collections, choices.bands, me)
    })
}
