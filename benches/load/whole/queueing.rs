//! The queue and the dashboard over the whole nation and several years: earlier collections in which everybody was
//! reviewed, and the pages that a programme manager turns.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::prelude::*;
use portal::access::Actor;
use portal::platform::canonical::{sha256, to_string};
use portal::platform::clock::SystemClock;
use portal::platform::db::{Conn, Db, Target, Tx};
use portal::platform::ids::{CollectionId, EditionId, OrganisationId, PersonId};
use portal::schema::{annual_return, collection, collection_scope, review, submission};
use portal::standards::scoring::BYTE_NONE;
use portal::standards::{self, Edition};

use super::people::Person;
use super::rows::{ReturnRow, ReviewRow, SubmissionRow};
use super::world::{AT_ONCE, Size, YEAR, count_on, insert, number, snapshot};
use crate::driver::Result;

/// Earlier years, each with a review of every organisation.
const YEARS: usize = 3;
/// Where the numbers of an earlier year's rows begin, times the year.
const APART: usize = 2_000_000;
const DAY: i64 = 86_400;

/// Adds the earlier years to what [`super::world::make`] made, with a state and a reviewer in turns.
pub fn make(url: &str, size: Size) -> Result<()> {
    let db = Db::open(&Target::parse(url)?, 1, Arc::new(SystemClock))?;
    let (now, edition) = db.read_now(Actor::system_reach(), |conn| {
        let (id, edition): (CollectionId, EditionId) = collection::table
            .filter(collection::key.eq(YEAR))
            .select((collection::id, collection::edition_id))
            .first(conn)?;
        Ok((id, standards::edition(conn, edition)?))
    })?;
    let sent = db.read_now(Actor::system_reach(), move |conn| sent(conn, now))?;
    let this = Arc::new(ThisYear { size, edition, sent });
    let mut later = now;
    for year in 1..=YEARS {
        let (id, edition) = db.housekeep_now(Actor::system_reach(), move |tx| begin(tx, year, later))?;
        later = id;
        for from in (0..size.organisations).step_by(AT_ONCE) {
            let to = (from + AT_ONCE).min(size.organisations);
            let this = Arc::clone(&this);
            db.housekeep_now(Actor::system_reach(), move |tx| {
                reviews(tx, (id, edition), year, from..to, &this)
            })?;
        }
    }
    db.housekeep_now(Actor::system_reach(), count_on)?;
    Ok(())
}

/// What an organisation submitted, so far as a later reader opens it: snapshot, its hash, levels.
type Sent = (String, Vec<u8>, Vec<u8>);

/// What the earlier years take from this one.
struct ThisYear {
    size: Size,
    edition: Arc<Edition>,
    sent: HashMap<OrganisationId, Sent>,
}

/// What was submitted this year. The same organisations submitted the same in the earlier years, so that a page that
/// shows last year's answer has one to read; of the others' returns only the lists tell, and the job that works out the
/// risk of those whose review is open.
fn sent(
    conn: &mut Conn,
    year: CollectionId,
) -> portal::platform::error::Result<HashMap<OrganisationId, Sent>> {
    let rows: Vec<(OrganisationId, String, Vec<u8>, Vec<u8>)> = submission::table
        .filter(submission::collection_id.eq(year))
        .select((
            submission::organisation_id,
            submission::snapshot,
            submission::snapshot_hash,
            submission::levels,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(|(whose, text, hash, levels)| (whose, (text, hash, levels))).collect())
}

/// A submission so many years ago that answers nothing: as little as can be read.
fn unanswered(edition: &Edition, year: usize, position: usize) -> portal::platform::error::Result<Sent> {
    let text = to_string(&snapshot(edition, &key(year), position, Vec::new()))?;
    let hash = sha256(text.as_bytes()).to_vec();
    Ok((text, hash, vec![BYTE_NONE; edition.requirements().len()]))
}

/// The key of the collection so many years ago.
fn key(year: usize) -> String {
    format!("{YEAR}-{year}")
}

/// The collection so many years ago, which the later one follows.
fn begin(
    tx: &mut Tx<'_>,
    year: usize,
    later: CollectionId,
) -> portal::platform::error::Result<(CollectionId, EditionId)> {
    let then = tx.now().plus_seconds(-365 * DAY * number(year - 1));
    let edition: EditionId =
        collection::table.filter(collection::id.eq(later)).select(collection::edition_id).first(tx.conn())?;
    let id: CollectionId = diesel::insert_into(collection::table)
        .values((
            collection::edition_id.eq(edition),
            collection::key.eq(key(year)),
            collection::name.eq(format!("Annual return {year} years ago")),
            collection::year_label.eq(format!("{year} years ago")),
            collection::state.eq("closed"),
            collection::opens_at.eq(then.plus_seconds(-30 * DAY)),
            collection::deadline_at.eq(then.plus_seconds(60 * DAY)),
            collection::closes_at.eq(then.plus_seconds(90 * DAY)),
            collection::created_at.eq(then.plus_seconds(-40 * DAY)),
        ))
        .returning(collection::id)
        .get_result(tx.conn())?;
    let scope: Vec<String> = collection_scope::table
        .filter(collection_scope::collection_id.eq(later))
        .select(collection_scope::sector)
        .load(tx.conn())?;
    for sector in scope {
        diesel::insert_into(collection_scope::table)
            .values((
                collection_scope::collection_id.eq(id),
                collection_scope::sector.eq(sector),
                collection_scope::profile.eq("baseline"),
            ))
            .execute(tx.conn())?;
    }
    diesel::update(collection::table.filter(collection::id.eq(later)))
        .set(collection::previous_id.eq(Some(id)))
        .execute(tx.conn())?;
    Ok((id, edition))
}

fn reviews(
    tx: &mut Tx<'_>,
    (collection_id, edition_id): (CollectionId, EditionId),
    year: usize,
    positions: std::ops::Range<usize>,
    this: &ThisYear,
) -> portal::platform::error::Result<()> {
    let mut rows = (Vec::new(), Vec::new(), Vec::new());
    let opened = tx.now().plus_seconds(-365 * DAY * number(year - 1) - 30 * DAY);
    let reviewer = PersonId::new(number(this.size.submitted + this.size.drafts));
    for position in positions {
        let id = number(APART * year + position);
        let organisation_id = OrganisationId::new(number(position));
        let at = opened.plus_seconds(number(position * 7 % 90) * DAY);
        let grade = if position.is_multiple_of(5) { "standards_not_met" } else { "standards_met" };
        // Last year some are still open.
        let open = year == 1 && position.is_multiple_of(4);
        let state = if open { "submitted" } else { "decided" };
        let of_year =
            ReturnRow::sent(id, organisation_id, (collection_id, edition_id), ("baseline", state), opened);
        let (snapshot, snapshot_hash, levels) = match this.sent.get(&organisation_id) {
            Some(sent) => sent.clone(),
            // The job that works out the risk of open reviews reads what was submitted.
            None if open => unanswered(&this.edition, year, position)?,
            None => ("{}".to_owned(), Vec::new(), Vec::new()),
        };
        rows.1.push(SubmissionRow {
            snapshot,
            snapshot_hash,
            levels,
            claimed_grade: grade.to_owned(),
            rule_set: this.edition.rule_set().to_owned(),
            ..SubmissionRow::of(&of_year, at)
        });
        rows.0.push(of_year);
        let due_at = at.plus_seconds(DAY * (20 + number(position) % 30));
        rows.2.push(ReviewRow {
            state: if open { "queued" } else { "decided" },
            reviewer_id: (!open).then_some(reviewer),
            ..ReviewRow::waiting(id, organisation_id, collection_id, grade, (at, due_at))
        });
    }
    insert!(tx, annual_return, rows.0);
    insert!(tx, submission, rows.1);
    insert!(tx, review, rows.2);
    Ok(())
}

/// The pages by the names of the table. The first one is asked once before: it reads the roll.
pub fn pages(reviewer: &Person) -> Vec<(String, Vec<Vec<u8>>)> {
    let all = "/reviews?collection=all&state=all";
    let one = |path: &str| vec![reviewer.get(path)];
    let mut pages = vec![
        ("queue, first page".to_owned(), one("/reviews?state=open")),
        ("queue, every year, first page".to_owned(), one(all)),
        (
            "queue, every year, deep pages".to_owned(),
            [400, 900, 1_250, 1_700, 2_400].map(|page| reviewer.get(&format!("{all}&page={page}"))).to_vec(),
        ),
        (
            "queue, every year, search".to_owned(),
            ["benchmark", "number 77", "zb01", "nothing like it"]
                .map(|text| reviewer.get(&format!("{all}&search={}", text.replace(' ', "+"))))
                .to_vec(),
        ),
        (
            "queue, every year, filters in turns".to_owned(),
            [
                "sector=nhs_trust",
                "region=Y61",
                "grade=standards_not_met",
                "whose=mine",
                "whose=unclaimed",
                "overdue=yes",
                "risk=low",
                "sector=gp&region=Y56&grade=standards_met",
            ]
            .map(|filter| reviewer.get(&format!("{all}&{filter}")))
            .to_vec(),
        ),
    ];
    for sort in ["due", "risk", "age", "organisation", "queued"] {
        let both =
            ["asc", "desc"].map(|order| reviewer.get(&format!("{all}&sort={sort}&order={order}&page=700")));
        pages.push((format!("queue, every year, by {sort}, page 700"), both.to_vec()));
    }
    pages.push(("programme dashboard".to_owned(), one(&format!("/programme/dashboard?collection={YEAR}"))));
    pages.push((
        "organisations at risk, deep page".to_owned(),
        one(&format!("/programme/at-risk?collection={YEAR}&page=300")),
    ));
    pages
}
