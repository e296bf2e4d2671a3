//! The demo's nation as it is written down: the same seed gives the same rows on either database, everything verifies,
//! and every kind of return and review is there.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use portal::demo::nation::sector::Scale;
use portal::demo::seed::{Document, SeedPlan, Seeded, seed};
use portal::platform::canonical::{hex, sha256};
use portal::platform::clock::Day;
use portal::platform::db::Conn;
use portal::{ledger, returns, review};

use crate::support::{World, everybodys};

crate::on_both!(a_seed_gives_the_same_nation_everywhere_and_it_verifies);

/// What the demo writes, with the columns that name what a row is about; all of each row is compared.
const WRITTEN: [(&str, &str, &str); 10] = [
    ("organisation", "code || '|' || name || '|' || sector || '|' || coalesce(icb_code, '')", "id"),
    (
        "relation",
        "organisation_id || '|' || kind || '|' || related_code",
        "organisation_id, kind, related_code",
    ),
    ("person", "id || '|' || name || '|' || email || '|' || coalesce(persona, '')", "id"),
    (
        "annual_return",
        "id || '|' || organisation_id || '|' || state || '|' || coalesce(final_grade, '')",
        "id",
    ),
    ("answer", "id || '|' || return_id || '|' || value || '|' || comment || '|' || updated_at", "id"),
    (
        "answer_owner",
        "return_id || '|' || requirement_id || '|' || person_id || '|' || due_on",
        "return_id, requirement_id",
    ),
    ("evidence", "id || '|' || file_name || '|' || uploaded_at", "id"),
    ("submission", "id || '|' || snapshot || '|' || score || '|' || submitted_at", "id"),
    (
        "review",
        "id || '|' || state || '|' || coalesce(assessed_grade, '') || '|' || coalesce(assessed_score, '')",
        "id",
    ),
    (
        "review_decision",
        "review_id || '|' || requirement_id || '|' || outcome || '|' || reason",
        "review_id, requirement_id",
    ),
];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = BigInt)]
    many: i64,
}

fn given_a_nation(world: &World, number: u64) -> Seeded {
    let plan = SeedPlan { seed: number, scale: Scale::Sample, today: Day::new(2026, 11, 21).unwrap() };
    let documents = [Document { sha256: sha256(b"evidence"), size: 8 }];
    seed(world.db(), plan, "not a hash", &documents, &|_| ()).unwrap()
}

/// One hash over every written table.
fn digest(world: &World) -> Vec<(&'static str, usize, String)> {
    let read = |conn: &mut Conn| {
        WRITTEN
            .iter()
            .map(|(table, columns, order)| {
                let query = format!("SELECT {columns} AS line FROM {table} ORDER BY {order}");
                let lines: Vec<Line> = diesel::sql_query(query).load(conn)?;
                let all = lines.iter().map(|line| line.line.as_str()).collect::<Vec<_>>().join("\n");
                Ok((*table, lines.len(), hex(&sha256(all.as_bytes()))))
            })
            .collect()
    };
    world.db().read_now(everybodys(), read).unwrap()
}

fn counts(world: &World, query: &str) -> BTreeMap<String, i64> {
    let query = query.to_owned();
    let rows: Vec<Counted> =
        world.db().read_now(everybodys(), move |conn| Ok(diesel::sql_query(query).load(conn)?)).unwrap();
    rows.into_iter().map(|row| (row.what, row.many)).collect()
}

async fn a_seed_gives_the_same_nation_everywhere_and_it_verifies(world: World) {
    let again = World::sqlite();
    let (made, there) = (given_a_nation(&world, 7), given_a_nation(&again, 7));
    assert_eq!((made.organisations, made.returns), (there.organisations, there.returns));
    let written = digest(&world);
    assert_eq!(written, digest(&again));
    for (table, rows, _) in &written {
        assert!(*rows > 4, "{table} has {rows} rows");
    }
    again.settle();
    world.settle();
    let key = world.parts.key.clone();
    let (events, wrong) = world.db().read_now(everybodys(), move |conn| ledger::verify(conn, &key)).unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
    let (submissions, wrong) = world.db().read_now(everybodys(), returns::verify).unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
    let (reviews, wrong) = world.db().read_now(everybodys(), review::verify).unwrap();
    assert!(wrong.is_empty() && reviews > 10, "{reviews} reviews: {wrong:?}");
    assert!(submissions > made.returns / 2 && events as usize > submissions, "{submissions} of {events}");

    let states = counts(&world, "SELECT state AS what, count(*) AS many FROM annual_return GROUP BY state");
    for state in ["draft", "ready", "signed", "submitted", "under_review", "query", "decided", "published"] {
        assert!(states.contains_key(state), "no return is {state}: {states:?}");
    }
    let late = counts(
        &world,
        "SELECT CASE WHEN late THEN 'late' ELSE 'in time' END AS what, count(*) AS many FROM submission \
         GROUP BY CASE WHEN late THEN 'late' ELSE 'in time' END",
    );
    assert!(late["late"] > 0 && late["in time"] > late["late"], "{late:?}");
    let outcomes =
        counts(&world, "SELECT outcome AS what, count(*) AS many FROM review_decision GROUP BY outcome");
    assert!(outcomes["agree"] > outcomes["downgrade"] && outcomes["downgrade"] > 0, "{outcomes:?}");

    // Grades of past years follow from what was sent and decided, so that corrected rules change what they mean to change.
    let strange = counts(
        &world,
        "SELECT coalesce(a.final_grade, '') || ' for ' || coalesce(r.assessed_grade, '') AS what, count(*) AS many \
         FROM annual_return a JOIN review r ON r.submission_id = a.submission_id \
         JOIN collection c ON c.id = a.collection_id \
         WHERE c.state = 'closed' AND r.state = 'decided' AND a.final_grade <> r.assessed_grade \
         GROUP BY coalesce(a.final_grade, '') || ' for ' || coalesce(r.assessed_grade, '')",
    );
    assert_eq!(strange, BTreeMap::new());

    // The next row of the portal's own gets a number of its own.
    let new = world.organisation("NEW1", "A newcomer", "nhs_trust");
    assert!(usize::try_from(new.get()).unwrap() > made.organisations);
}

/// A sample of the nation is too small to have everything that follows a decision; the nation that people see has it.
#[test]
fn what_follows_a_decision_is_there_to_be_seen() {
    let world = World::sqlite();
    let plan = SeedPlan { seed: 1, scale: Scale::Small, today: Day::new(2026, 11, 21).unwrap() };
    let documents = [Document { sha256: sha256(b"evidence"), size: 8 }];
    seed(world.db(), plan, "not a hash", &documents, &|_| ()).unwrap();
    world.settle();
    let challenges =
        counts(&world, "SELECT state AS what, count(*) AS many FROM decision_challenge GROUP BY state");
    assert_eq!(challenges, BTreeMap::from([("open".to_owned(), 1), ("settled".to_owned(), 1)]));
    let letters = counts(&world, "SELECT 'all' AS what, count(*) AS many FROM decision_letter");
    assert!(letters["all"] >= 3, "{letters:?}");
    let compared =
        counts(&world, "SELECT state AS what, count(*) AS many FROM score_comparison GROUP BY state");
    assert!(compared["agreed"] > 0 && compared["open"] > 0 && compared["settled"] > 0, "{compared:?}");
    assert!(
        counts(&world, "SELECT state AS what, count(*) AS many FROM gold_case GROUP BY state")["in_use"] > 0
    );
}
