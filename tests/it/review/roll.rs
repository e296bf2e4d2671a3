//! The queue held against a straightforward reading of the database: random reviews of several years under random
//! filters, in every order, after every kind of change.

use std::collections::BTreeMap;

use diesel::prelude::*;
use portal::access::CentralRole::CentralReviewer;
use portal::platform::clock::{Timestamp, parse_london};
use portal::platform::ids::{CollectionId, EditionId, OrganisationId, PersonId};
use portal::review::ReviewState;
use portal::schema::{collection, declared_interest, organisation, person, review};
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::on_both;
use crate::support::year::levels;
use crate::support::{Bare, Browser, World, everybodys};

on_both!(
    every_filter_and_order_is_what_the_database_says,
    what_is_searched_for_means_only_itself,
    the_register_can_change_under_the_queue,
    a_page_beyond_the_end_says_so,
    what_can_be_chosen_stands_in_its_order,
    what_its_reader_has_an_interest_in_is_neither_listed_nor_counted,
);

const SECTORS: [&str; 3] = ["gp", "pharmacy", "nhs_trust"];
const REGIONS: [(&str, &str); 2] = [("Y56", "London"), ("Y61", "East of England")];
const GRADES: [&str; 2] = ["satisfactory", "not_satisfactory"];
const NAMES: [&str; 6] = ["abbey", "Brook_House", "100% care", "o'neill`s", "zeta \\ co", "ärztehaus"];

/// A second collection beside the usual year, so that there are several.
fn another_year(world: &World, like: CollectionId) -> CollectionId {
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let edition: EditionId = collection::table
                .filter(collection::id.eq(like))
                .select(collection::edition_id)
                .first(tx.conn())?;
            let at = |text: &str| parse_london(text).unwrap();
            Ok(diesel::insert_into(collection::table)
                .values((
                    collection::edition_id.eq(edition),
                    collection::key.eq("2025"),
                    collection::name.eq("Collection 2025"),
                    collection::year_label.eq("2025"),
                    collection::state.eq("closed"),
                    collection::opens_at.eq(at("2025-01-05 09:00")),
                    collection::deadline_at.eq(at("2025-06-30 12:00")),
                    collection::closes_at.eq(at("2025-07-14 12:00")),
                    collection::created_at.eq(at("2025-01-01 09:00")),
                ))
                .returning(collection::id)
                .get_result(tx.conn())?)
        })
        .unwrap()
}

/// A review of an organisation, without the way to it.
fn given_a_review(
    world: &World,
    (whose, year): (OrganisationId, CollectionId),
    rng: &mut ChaCha8Rng,
    reviewers: &[PersonId],
) {
    let now = world.now();
    let state = *ReviewState::ALL.choose(rng).unwrap();
    let queued = now.plus_seconds(-rng.random_range(0..90) * 86_400);
    let due = queued.plus_seconds(rng.random_range(10..60) * 86_400);
    let waits = state == ReviewState::Queued;
    let reviewer = (!waits).then(|| *reviewers.choose(rng).unwrap());
    let decided = (state == ReviewState::Decided).then(|| queued.plus_seconds(5 * 86_400));
    let grade = *GRADES.choose(rng).unwrap();
    let risk: i64 = rng.random_range(0..900);
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let bare = Bare { claimed: grade, ..Bare::of(whose, year, queued) };
            let (of, sent) = bare.write(tx)?;
            diesel::insert_into(review::table)
                .values((
                    review::submission_id.eq(sent),
                    review::return_id.eq(of),
                    review::organisation_id.eq(whose),
                    review::collection_id.eq(year),
                    review::state.eq(state),
                    review::reviewer_id.eq(reviewer),
                    review::claimed_grade.eq(grade),
                    review::queued_at.eq(queued),
                    review::due_at.eq(due),
                    review::decided_at.eq(decided),
                    review::risk.eq(risk),
                ))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
}

/// Sixty organisations with up to two reviews each, two reviewers, two years.
fn a_nation(world: &World, rng: &mut ChaCha8Rng) -> Vec<OrganisationId> {
    let year = world.usual_year(&levels("sample-2026", 3));
    let before = another_year(world, year);
    let reviewers = [
        world.person("Ada Reviewer", &[], &[CentralReviewer]),
        world.person("Cy Reviewer", &[], &[CentralReviewer]),
    ];
    let mut all = Vec::new();
    for number in 0..60 {
        let code = format!("Q{number:03}");
        let name = format!("{} {}", NAMES.choose(rng).unwrap(), rng.random_range(0..40));
        let id =
            world.organisation_in(*REGIONS.choose(rng).unwrap(), &code, &name, SECTORS.choose(rng).unwrap());
        for of in [year, before] {
            if rng.random_bool(0.8) {
                given_a_review(world, (id, of), rng, &reviewers);
            }
        }
        all.push(id);
    }
    all
}

/// Everything about a review that a filter can ask, read plainly.
#[derive(Debug, Clone)]
struct Plain {
    id: i64,
    state: ReviewState,
    collection: String,
    grade: String,
    reviewer: Option<String>,
    sector: String,
    region: Option<String>,
    name: String,
    code: String,
    queued: Timestamp,
    due: Timestamp,
    decided: Option<Timestamp>,
    risk: i64,
}

fn plainly(world: &World) -> Vec<Plain> {
    type Row = (
        (i64, ReviewState, String, Timestamp, Timestamp, Option<Timestamp>, i64),
        String,
        Option<String>,
        (String, Option<String>, String, String),
    );
    let rows: Vec<Row> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(review::table
                .inner_join(organisation::table.on(organisation::id.eq(review::organisation_id)))
                .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
                .left_join(person::table.on(person::id.nullable().eq(review::reviewer_id)))
                .select((
                    (
                        review::id,
                        review::state,
                        review::claimed_grade,
                        review::queued_at,
                        review::due_at,
                        review::decided_at,
                        review::risk,
                    ),
                    collection::key,
                    person::name.nullable(),
                    (
                        organisation::sector,
                        organisation::region_code,
                        organisation::search_name,
                        organisation::code,
                    ),
                ))
                .load(conn)?)
        })
        .unwrap();
    rows.into_iter()
        .map(|((id, state, grade, queued, due, decided, risk), collection, reviewer, of)| {
            let (sector, region, name, code) = of;
            Plain {
                id,
                state,
                collection,
                grade,
                reviewer,
                sector,
                region,
                name,
                code,
                queued,
                due,
                decided,
                risk,
            }
        })
        .collect()
}

type Wish = BTreeMap<&'static str, String>;

fn a_wish(rng: &mut ChaCha8Rng) -> Wish {
    let mut wish = Wish::new();
    let mut say = |rng: &mut ChaCha8Rng, name, from: &[&str], often: f64| {
        if rng.random_bool(often) {
            wish.insert(name, (*from.choose(rng).unwrap()).to_owned());
        }
    };
    say(rng, "collection", &["2025", "2026", "all"], 0.7);
    say(rng, "state", &["all", "queued", "claimed", "query", "second", "decided", "withdrawn"], 0.6);
    say(rng, "sector", &SECTORS, 0.3);
    say(rng, "region", &["Y56", "Y61"], 0.3);
    say(rng, "grade", &GRADES, 0.3);
    say(rng, "whose", &["mine", "unclaimed"], 0.3);
    say(rng, "overdue", &["yes"], 0.2);
    say(rng, "risk", &["high", "medium", "low"], 0.2);
    say(rng, "search", &["q0", "%", "_", "abbey", "1", "CARE", "`", "\\", "nothing such"], 0.3);
    say(rng, "sort", &["due", "risk", "age", "organisation", "queued"], 0.9);
    say(rng, "order", &["asc", "desc"], 0.6);
    wish
}

impl Plain {
    fn is_open(&self) -> bool {
        matches!(
            self.state,
            ReviewState::Queued | ReviewState::Claimed | ReviewState::Query | ReviewState::Second
        )
    }

    /// Everything of a wish but its states.
    fn admitted(&self, wish: &Wish, now: Timestamp) -> bool {
        let is = |name: &str, own: &str| wish.get(name).is_none_or(|wanted| wanted == own);
        let collection = wish.get("collection").map_or("2026", String::as_str);
        let band = match self.risk {
            ..200 => "low",
            200..500 => "medium",
            _ => "high",
        };
        let runs = self.is_open() && self.state != ReviewState::Query;
        let mine = match wish.get("whose").map(String::as_str) {
            Some("mine") => self.reviewer.as_deref() == Some("Ada Reviewer"),
            Some(_) => self.reviewer.is_none(),
            None => true,
        };
        let text = wish.get("search").map(|text| text.to_lowercase());
        (collection == "all" || collection == self.collection)
            && is("sector", &self.sector)
            && is("region", self.region.as_deref().unwrap_or_default())
            && is("grade", &self.grade)
            && is("risk", band)
            && mine
            && (!wish.contains_key("overdue") || (runs && self.due < now))
            && text.is_none_or(|text| self.name.contains(&text) || self.code.to_lowercase().contains(&text))
    }

    fn in_states(&self, wish: &Wish) -> bool {
        match wish.get("state").map(String::as_str) {
            None => self.is_open(),
            Some("all") => true,
            Some(state) => self.state.as_str() == state,
        }
    }

    /// Microseconds by which its clock is past the due moment; no question is asked here, so a query's clock runs.
    fn used(&self, now: Timestamp) -> i64 {
        match self.state {
            ReviewState::Decided => self.decided.map_or(i64::MIN, |at| at.micros() - self.due.micros()),
            ReviewState::Superseded | ReviewState::Withdrawn => i64::MIN,
            _ => now.micros() - self.due.micros(),
        }
    }
}

/// The numbers of the reviews that a wish should list, in order.
fn expected(all: &[Plain], wish: &Wish, now: Timestamp) -> Vec<i64> {
    let mut found: Vec<&Plain> =
        all.iter().filter(|one| one.admitted(wish, now) && one.in_states(wish)).collect();
    let sort = wish.get("sort").map_or("due", String::as_str);
    found.sort_by(|a, b| match sort {
        "risk" => (a.risk, a.id).cmp(&(b.risk, b.id)),
        "age" => (a.used(now), a.id).cmp(&(b.used(now), b.id)),
        "organisation" => (&a.name, &a.code, a.id).cmp(&(&b.name, &b.code, b.id)),
        "queued" => (a.queued, a.id).cmp(&(b.queued, b.id)),
        _ => (a.due, a.id).cmp(&(b.due, b.id)),
    });
    let falls = matches!(sort, "risk" | "age");
    let descending = wish.get("order").map_or(falls, |order| order == "desc");
    if descending {
        found.reverse();
    }
    found.into_iter().map(|one| one.id).collect()
}

fn address(path: &str, wish: &Wish) -> String {
    // Something is always said, so that the address is not bare.
    let pairs: Vec<(&str, &str)> = wish.iter().map(|(name, value)| (*name, value.as_str())).collect();
    format!("{path}?{}", serde_urlencoded::to_string(pairs).unwrap())
}

/// The numbers of the reviews on a page, in order.
fn listed(page: &str) -> Vec<i64> {
    let table =
        page.split("id=\"queue\"").nth(1).and_then(|rest| rest.split("</table>").next()).unwrap_or("");
    let links = table.split("href=\"/reviews/").skip(1);
    links.map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}

async fn holds(browser: &mut Browser, world: &World, wish: &Wish) {
    holds_without(browser, world, wish, &[]).await;
}

/// The same for somebody who has an interest in the organisations of these codes.
async fn holds_without(browser: &mut Browser, world: &World, wish: &Wish, codes: &[String]) {
    let mut all = plainly(world);
    all.retain(|one| !codes.contains(&one.code));
    let expected = expected(&all, wish, world.now());
    let page = browser.get(&address("/reviews", wish)).await.expect(200).text();
    assert_eq!(listed(&page), expected.iter().copied().take(100).collect::<Vec<_>>(), "{wish:?}");
    for state in ReviewState::ALL {
        let count = all.iter().filter(|one| one.state == *state && one.admitted(wish, world.now())).count();
        let said = format!("{}</a>: {count}</li>", state.words());
        assert!(page.contains(&said), "{said} in {wish:?}");
    }
    let file = browser.get(&address("/reviews/queue.csv", wish)).await.expect(200).text();
    let in_file: Vec<i64> =
        file.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap()).collect();
    assert_eq!(in_file, expected, "the file of {wish:?}");
}

async fn every_filter_and_order_is_what_the_database_says(world: World) {
    let mut rng = ChaCha8Rng::seed_from_u64(2026);
    a_nation(&world, &mut rng);
    let mut ada = world.signed_in("Ada Reviewer").await;
    for turn in 0..60 {
        let wish = a_wish(&mut rng);
        holds(&mut ada, &world, &wish).await;
        if turn % 4 == 0 {
            // Somebody moves a few reviews, one at a time and so many at once that the orders are made anew.
            let most = if turn % 16 == 0 { 100 } else { 3 };
            let ids: Vec<i64> = plainly(&world).iter().map(|one| one.id).collect();
            let moved: Vec<i64> = (0..most).map(|_| *ids.choose(&mut rng).unwrap()).collect();
            let (state, risk) = (*ReviewState::ALL.choose(&mut rng).unwrap(), rng.random_range(0..900_i64));
            let due = world.now().plus_seconds(rng.random_range(-20..20) * 86_400);
            let decided = (state == ReviewState::Decided).then(|| world.now());
            world
                .db()
                .housekeep_now(everybodys(), move |tx| {
                    diesel::update(review::table.filter(review::id.eq_any(moved)))
                        .set((
                            review::state.eq(state),
                            review::risk.eq(risk),
                            review::due_at.eq(due),
                            review::decided_at.eq(decided),
                        ))
                        .execute(tx.conn())?;
                    Ok(())
                })
                .unwrap();
        }
    }
}

async fn what_is_searched_for_means_only_itself(world: World) {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    a_nation(&world, &mut rng);
    let mut ada = world.signed_in("Ada Reviewer").await;
    for text in ["%", "_", "'", "`", "\\", "%_'`", "\" OR 1=1 --", "  Q00  ", "ÄRZTE", &"x".repeat(5000)] {
        let wish = Wish::from([("search", text.trim().to_owned()), ("state", "all".to_owned())]);
        if text.len() < 100 {
            holds(&mut ada, &world, &wish).await;
        } else {
            ada.get(&address("/reviews", &wish)).await.expect(200).shows("No review is like this.");
        }
    }
}

async fn the_register_can_change_under_the_queue(world: World) {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let all = a_nation(&world, &mut rng);
    let mut ada = world.signed_in("Ada Reviewer").await;
    let wish = Wish::from([("sort", "organisation".to_owned()), ("collection", "all".to_owned())]);
    holds(&mut ada, &world, &wish).await;
    let first = all[0];
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            diesel::update(organisation::table.filter(organisation::id.eq(first)))
                .set((
                    organisation::name.eq("AAA Renamed"),
                    organisation::search_name.eq("aaa renamed"),
                    organisation::sector.eq("dentist"),
                ))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    holds(&mut ada, &world, &wish).await;
    let moved = Wish::from([
        ("sector", "dentist".to_owned()),
        ("state", "all".to_owned()),
        ("collection", "all".to_owned()),
    ]);
    holds(&mut ada, &world, &moved).await;
    let searched = Wish::from([("search", "renamed".to_owned()), ("state", "all".to_owned())]);
    holds(&mut ada, &world, &searched).await;
}

async fn a_page_beyond_the_end_says_so(world: World) {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    a_nation(&world, &mut rng);
    let mut ada = world.signed_in("Ada Reviewer").await;
    for page in ["2", "999999", "9223372036854775807"] {
        ada.get(&format!("/reviews?state=all&page={page}"))
            .await
            .expect(200)
            .shows("The list ends before this page");
    }
    for page in ["0", "-1", "nonsense", "99999999999999999999999"] {
        let page = ada.get(&format!("/reviews?state=all&page={page}")).await.expect(200).text();
        assert!(!listed(&page).is_empty());
    }
}

async fn what_can_be_chosen_stands_in_its_order(world: World) {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    a_nation(&world, &mut rng);
    let mut ada = world.signed_in("Ada Reviewer").await;
    let page = ada.get("/reviews").await.expect(200).text();
    let values = |name: &str| -> Vec<&str> {
        let from = page.split_once(&format!("name=\"{name}\"")).unwrap().1;
        let options = from.split_once("</select>").unwrap().0.split("<option value=\"").skip(1);
        options.map(|option| option.split_once('"').unwrap().0).collect()
    };
    // The newest year first, whenever it was put in.
    assert_eq!(values("collection"), ["2026", "2025", "all"]);
    // By name, and not by code.
    let regions = values("region");
    assert!(regions.ends_with(&["Y61", "Y56"]), "{regions:?}");
}

async fn what_its_reader_has_an_interest_in_is_neither_listed_nor_counted(world: World) {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let all = a_nation(&world, &mut rng);
    let mut ada = world.signed_in("Ada Reviewer").await;
    ada.get("/reviews?state=all").await.expect(200).hides("neither listed nor counted");
    let chosen: Vec<(OrganisationId, String)> =
        all.iter().enumerate().step_by(7).map(|(at, id)| (*id, format!("Q{at:03}"))).collect();
    let declared = chosen.clone();
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let now = tx.now();
            let ada: PersonId =
                person::table.filter(person::name.eq("Ada Reviewer")).select(person::id).first(tx.conn())?;
            for (organisation, _) in declared {
                diesel::insert_into(declared_interest::table)
                    .values((
                        declared_interest::person_id.eq(ada),
                        declared_interest::organisation_id.eq(organisation),
                        declared_interest::reason.eq("A relative works there"),
                        declared_interest::declared_at.eq(now),
                    ))
                    .execute(tx.conn())?;
            }
            Ok(())
        })
        .unwrap();
    let codes: Vec<String> = chosen.into_iter().map(|(_, code)| code).collect();
    // Whoever has no interest goes on seeing everything, from the same roll.
    let mut cy = world.signed_in("Cy Reviewer").await;
    for _ in 0..30 {
        let wish = a_wish(&mut rng);
        holds_without(&mut ada, &world, &wish, &codes).await;
        if !wish.contains_key("whose") {
            holds(&mut cy, &world, &wish).await;
        }
    }
    ada.get("/reviews?state=all").await.expect(200).shows("neither listed nor counted");
}
