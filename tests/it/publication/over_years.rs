//! A table over the years: each year's figures are those of its own release, what is withheld there is withheld here, and what
//! cannot be found is said beside its field.

use actix_web::test::TestRequest;
use portal::platform::clock::parse_london;
use portal::platform::ids::OrganisationId;
use portal::publication::Source;
use serde_json::Value;

use super::given::{Return, levels_edition};
use super::years::year_before;
use crate::on_both;
use crate::support::{Browser, World};

on_both!(
    each_year_tells_what_its_release_tells,
    what_a_release_withholds_is_withheld_over_the_years,
    one_year_is_a_table_too,
    a_new_version_takes_the_place_of_its_year,
    years_and_rows_that_are_not_there_are_refused,
    nothing_is_told_before_the_first_release,
);

const YEARS: [&str; 2] = ["returns-2025", "returns-2026"];
const ANSWERS: &str = "answers-by-requirement";

fn collection(key: &str) -> Source {
    Source::Collection(key.to_owned())
}

fn trusts(world: &World, many: u8) -> Vec<OrganisationId> {
    (0..many).map(|n| world.organisation(&format!("R{n:03}"), &format!("Trust {n}"), "nhs_trust")).collect()
}

/// A year that three filed in, which is too few for any answer, and one that forty filed in. Gives the keys of their releases.
fn two_years(world: &World) -> [String; 2] {
    let trusts = trusts(world, 40);
    let now = world.collected("2026", None);
    let before = year_before(world, "2025");
    let at = parse_london("2025-01-05 12:00").unwrap();
    for (n, id) in trusts.iter().enumerate() {
        world.submitted(now, Return { level: if n % 2 == 0 { 1 } else { 2 }, ..Return::of(*id) });
        if n < 3 {
            world.submitted(before, Return { level: 2, at, ..Return::of(*id) });
        }
    }
    [world.published(collection("2025")), world.published(collection("2026"))]
}

async fn told(anyone: &mut Browser, address: &str) -> Value {
    serde_json::from_slice(&anyone.get(address).await.expect(200).body).unwrap()
}

/// The lines of the releases' own files, each with its year in front, and their heads.
async fn own(anyone: &mut Browser, table: &str, releases: &[(&str, &str)]) -> Vec<String> {
    let mut lines = Vec::new();
    for (year, release) in releases {
        let file = anyone.get(&format!("/public/releases/{release}/{table}.csv")).await.expect(200).text();
        if lines.is_empty() {
            lines.extend(file.lines().take(1).map(|head| format!("year,{head}")));
        }
        lines.extend(file.lines().skip(1).map(|line| format!("{year},{line}")));
    }
    lines
}

async fn each_year_tells_what_its_release_tells(world: World) {
    let [before, now] = two_years(&world);
    let mut anyone = world.browser();
    let releases = [(YEARS[0], before.as_str()), (YEARS[1], now.as_str())];
    for table in ["grade-by-sector", "late-by-sector", ANSWERS] {
        let expected = own(&mut anyone, table, &releases).await;
        let whole = anyone.get(&format!("/api/v1/years/{table}.csv")).await.expect(200);
        assert!(whole.header("content-type").starts_with("text/csv"), "{table}");
        assert_eq!(whole.text().lines().collect::<Vec<_>>(), expected, "{table}");
        // One row, and one year.
        let row = expected[1].split(',').nth(1).unwrap().to_owned();
        let of_row: Vec<&String> = expected
            .iter()
            .enumerate()
            .filter(|(at, line)| *at == 0 || line.split(',').nth(1) == Some(row.as_str()))
            .map(|(_, line)| line)
            .collect();
        let path = format!("/api/v1/years/{table}.csv?row={row}");
        let csv = anyone.get(&path).await.expect(200).text();
        assert_eq!(csv.lines().collect::<Vec<_>>(), of_row, "{table}");
        let last = anyone.get(&format!("{path}&from={}", YEARS[1])).await.expect(200).text();
        let of_last: Vec<&String> = of_row.into_iter().filter(|line| !line.starts_with(YEARS[0])).collect();
        assert_eq!(last.lines().collect::<Vec<_>>(), of_last, "{table}");
    }
    // As a chart with its table behind it, from the breakdown of the newest release.
    anyone.get("/public/sectors").await.expect(200).shows("/public/years?table=grade-by-sector");
    anyone
        .get("/public/years?table=grade-by-sector&row=nhs_trust")
        .await
        .expect(200)
        .shows("chart-place")
        .shows("(Returns 2025)")
        .shows("(Returns 2026)")
        .shows("/api/v1/years/grade-by-sector.csv?row=nhs_trust")
        .shows(&format!("/public/releases/{before}"));
    anyone.get("/public/history").await.expect(200).shows("/public/years");
}

async fn what_a_release_withholds_is_withheld_over_the_years(world: World) {
    two_years(&world);
    let mut anyone = world.browser();
    let row = levels_edition().requirements()[0].code.as_str().to_owned();
    let found = told(&mut anyone, &format!("/api/v1/years/{ANSWERS}?row={row}")).await;
    let years = found["years"].as_array().unwrap();
    assert_eq!(years.iter().map(|year| &year["key"]).collect::<Vec<_>>(), YEARS);
    assert!(years[0]["standard"].is_string() && years[0]["standard"] == years[1]["standard"], "{found}");
    assert_eq!(found["disclosure_control"], true);
    // Where three filed, the level that they all claimed, and one more behind which it hides.
    let mut withheld = 0;
    for figure in found["figures"].as_array().unwrap() {
        assert_eq!(figure["row"], row);
        let is_withheld = figure["status"] == "confidential";
        assert_eq!(figure["count"].is_null(), is_withheld, "{figure}");
        assert!(!is_withheld || figure["percentage"].is_null(), "{figure}");
        withheld += usize::from(is_withheld && figure["year"] == YEARS[0]);
    }
    assert!(withheld > 1, "{found}");
    let path = format!("/public/years?table={ANSWERS}&row={row}");
    anyone.get("/public/requirements").await.expect(200).shows(&format!("/public/years?table={ANSWERS}"));
    anyone
        .get(&path)
        .await
        .expect(200)
        .shows("suppressed")
        .shows("followed by its code")
        .shows("chart-place");
    // Kept by those who have it.
    let path = format!("/api/v1/years/{ANSWERS}?row={row}");
    let tag = anyone.get(&path).await.expect(200).header("etag");
    assert_eq!(tag.len(), 34, "{tag}");
    let request = TestRequest::get().uri(&path).insert_header(("if-none-match", tag.as_str()));
    assert!(anyone.send(request).await.expect(304).body.is_empty());
}

async fn one_year_is_a_table_too(world: World) {
    let collected = world.collected("2026", None);
    for id in trusts(&world, 6) {
        world.submitted(collected, Return::of(id));
    }
    let key = world.published(collection("2026"));
    let mut anyone = world.browser();
    let expected = own(&mut anyone, "grade-by-sector", &[(YEARS[1], key.as_str())]).await;
    let whole = anyone.get("/api/v1/years/grade-by-sector.csv").await.expect(200).text();
    assert_eq!(whole.lines().collect::<Vec<_>>(), expected);
    anyone.get("/public/years").await.expect(200).shows("(Returns 2026)").shows("chart-place").shows("Total");
    let list = told(&mut anyone, "/api/v1/years").await;
    assert_eq!(list["years"].as_array().unwrap().len(), 1);
    let tables = list["tables"].as_array().unwrap();
    assert!(tables.iter().any(|one| one["href"] == format!("/api/v1/years/{ANSWERS}")), "{list}");
    for table in tables {
        let address = table["href"].as_str().unwrap();
        assert!(!told(&mut anyone, address).await["figures"].as_array().unwrap().is_empty(), "{address}");
    }
}

async fn a_new_version_takes_the_place_of_its_year(world: World) {
    let [before, now] = two_years(&world);
    world.clock.advance_seconds(3600);
    world.organisation("R999", "Joined since", "nhs_trust");
    // That of the earlier year, which stays the earlier one.
    let version = world.published(collection("2025"));
    assert_ne!(version, before);
    let mut anyone = world.browser();
    let expected =
        own(&mut anyone, "grade-by-sector", &[(YEARS[0], version.as_str()), (YEARS[1], now.as_str())]).await;
    let whole = anyone.get("/api/v1/years/grade-by-sector.csv").await.expect(200).text();
    assert_eq!(whole.lines().collect::<Vec<_>>(), expected);
}

async fn years_and_rows_that_are_not_there_are_refused(world: World) {
    two_years(&world);
    let mut anyone = world.browser();
    for (query, field, said) in [
        ("row=nothing", "row", "No published year has this row"),
        ("from=2025", "from", "Choose one of: returns-2025, returns-2026."),
        ("to=returns-1999", "to", "Choose one of: returns-2025, returns-2026."),
        ("from=returns-2026&to=returns-2025", "to", "The last year is before the first"),
        ("year=returns-2025", "query", "unknown field"),
    ] {
        let answer = anyone.get(&format!("/api/v1/years/grade-by-sector?{query}")).await.expect(422);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{query}");
        let problem: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem["errors"][0]["field"], field, "{query}");
        assert!(problem["errors"][0]["message"].as_str().unwrap().contains(said), "{problem}");
        if field != "query" {
            let page = anyone.get(&format!("/public/years?table=grade-by-sector&{query}")).await;
            page.expect(422).shows(said).shows("There is a problem").hides("chart-place");
        }
    }
    anyone.get("/public/years?table=nothing").await.expect(422).shows("Choose one of the tables");
    for unknown in ["nothing", "change", "a%00b"] {
        let answer = anyone.get(&format!("/api/v1/years/{unknown}")).await.expect(404);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{unknown}");
    }
    let html = TestRequest::get().uri("/api/v1/years/grade-by-sector").insert_header(("accept", "text/html"));
    anyone.send(html).await.expect(406);
}

async fn nothing_is_told_before_the_first_release(world: World) {
    let mut anyone = world.browser();
    let list = told(&mut anyone, "/api/v1/years").await;
    assert_eq!((list["years"].as_array().unwrap().len(), list["tables"].as_array().unwrap().len()), (0, 0));
    anyone.get("/api/v1/years/grade-by-sector").await.expect(404);
    anyone.get("/public/years").await.expect(200).shows("Nothing has been published yet");
    // What is prepared and not public is no year.
    let collected = world.collected("2026", None);
    for id in trusts(&world, 3) {
        world.submitted(collected, Return::of(id));
    }
    world.stored(collection("2026"));
    world.settle();
    anyone.get("/api/v1/years/grade-by-sector").await.expect(404);
}
