//! What everybody may read, as programs keep it: tags, forms, pieces, classifications.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use portal::publication::Source;
use serde_json::Value;

use super::found::release;
use super::{Program, json as read, problem};
use crate::on_both;
use crate::publication::given::Return;
use crate::support::{Answer, World};

on_both!(
    an_answer_that_still_stands_is_not_sent_again,
    a_table_comes_in_the_form_that_is_asked_for,
    measures_are_read_as_tables_are,
    releases_are_read_in_pieces,
    classifications_are_told,
);

async fn asked(anyone: &mut Program, path: &str, name: &'static str, value: &str) -> Answer {
    anyone.send(TestRequest::get().uri(path).insert_header((name, value))).await
}

async fn an_answer_that_still_stands_is_not_sent_again(world: World) {
    let key = release(&world);
    let mut anyone = Program::new(&world, "");
    let addresses = [
        "/api/openapi.json".to_owned(),
        "/api/v1/organisations?limit=2".to_owned(),
        "/api/v1/standards".to_owned(),
        "/api/v1/sectors".to_owned(),
        "/api/v1/regions".to_owned(),
        "/api/v1/releases".to_owned(),
        "/api/v1/calendar".to_owned(),
        format!("/api/v1/releases/{key}"),
        format!("/api/v1/releases/{key}/tables"),
        format!("/api/v1/releases/{key}/tables/grade-by-sector"),
        format!("/api/v1/releases/{key}/tables/grade-by-sector.csv"),
    ];
    for path in &addresses {
        let first = anyone.get(path).await.expect(200);
        let tag = first.header("etag");
        assert!(tag.starts_with('"') && tag.len() == 34, "{path}: {tag}");
        assert_eq!(first.header("cache-control"), "public, no-cache", "{path}");
        let same = asked(&mut anyone, path, "if-none-match", &tag).await.expect(304);
        assert!(same.body.is_empty() && same.header("etag") == tag, "{path}");
        asked(&mut anyone, path, "if-none-match", "\"another\"").await.expect(200);
        let head = anyone.send(TestRequest::with_uri(path).method(Method::HEAD)).await.expect(200);
        assert_eq!(head.header("etag"), tag, "{path}");
    }
    let before = anyone.get("/api/v1/organisations").await.header("etag");
    world.organisation("ZZ999", "Joined since", "gp");
    let after = asked(&mut anyone, "/api/v1/organisations", "if-none-match", &before).await.expect(200);
    assert_ne!(after.header("etag"), before);
}

async fn a_table_comes_in_the_form_that_is_asked_for(world: World) {
    let key = release(&world);
    let mut anyone = Program::new(&world, "");
    let path = format!("/api/v1/releases/{key}/tables/grade-by-sector");
    let json = anyone.get(&path).await.expect(200);
    assert_eq!(json.header("content-type"), "application/json");
    assert_eq!(json.header("vary"), "accept");
    let csv = asked(&mut anyone, &path, "accept", "text/csv").await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert!(csv.text().starts_with("sector_code,sector,grade_code,grade,count,"), "{}", csv.text());
    assert_ne!(csv.header("etag"), json.header("etag"));
    assert_eq!(anyone.get(&format!("{path}.csv")).await.expect(200).body, csv.body);
    assert_eq!(anyone.get(&format!("{path}.json")).await.expect(200).body, json.body);
    problem(asked(&mut anyone, &path, "accept", "text/html").await, 406);
    problem(anyone.get(&format!("{path}.ods")).await, 404);
    // The ending wins.
    let named = asked(&mut anyone, &format!("{path}.csv"), "accept", "application/json").await.expect(200);
    assert_eq!(named.body, csv.body);
    let listed = read(&anyone.get(&format!("/api/v1/releases/{key}/tables")).await.expect(200));
    for table in listed["items"].as_array().unwrap() {
        let href = table["href"].as_str().unwrap();
        assert_eq!(read(&anyone.get(href).await.expect(200))["name"], table["name"]);
        anyone.get(&format!("{href}.csv")).await.expect(200);
    }
    let one = read(&anyone.get(&format!("/api/v1/releases/{key}")).await.expect(200));
    assert!(one["data_package"].as_str().unwrap().ends_with("/datapackage.json"), "{one}");
}

async fn measures_are_read_as_tables_are(world: World) {
    let collected = world.collected("2026", None);
    for number in 0..12_u8 {
        let id = world.organisation(&format!("R{number:02}"), &format!("Trust {number}"), "nhs_trust");
        world.submitted(collected, Return { level: number % 4, ..Return::of(id) });
    }
    let key = world.published(Source::Collection("2026".to_owned()));
    let mut anyone = Program::new(&world, "");
    let listed = read(&anyone.get(&format!("/api/v1/releases/{key}/measures")).await.expect(200));
    let one = read(&anyone.get(&format!("/api/v1/releases/{key}")).await.expect(200));
    assert_eq!(listed["items"], one["measures"]);
    let names: Vec<&str> =
        listed["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"points-by-sector") && names.contains(&"requirements-analysed"), "{names:?}");
    let path = format!("/api/v1/releases/{key}/measures/points-by-sector");
    let table = read(&anyone.get(&path).await.expect(200));
    assert_eq!(table["rows"]["name"], "sector_or_all");
    let all = table["figures"].as_array().unwrap().last().unwrap();
    // Twelve are enough for a median and too few for quartiles.
    assert_eq!(all[0]["status"], "confidential");
    assert_eq!(all[0]["value"], Value::Null);
    assert!(all[1]["value"].is_string(), "{all}");
    assert_eq!(all[3]["value"], "12");
    let csv = anyone.get(&format!("{path}.csv")).await.expect(200);
    assert!(csv.text().starts_with("sector_or_all_code,sector_or_all,measure_code,"), "{}", csv.text());
    let asked = asked(&mut anyone, &path, "accept", "text/csv").await.expect(200);
    assert_eq!(asked.body, csv.body);
    problem(anyone.get(&format!("/api/v1/releases/{key}/measures/grade-by-sector")).await, 404);
}

async fn releases_are_read_in_pieces(world: World) {
    let first = release(&world);
    let mut anyone = Program::new(&world, "");
    let whole = read(&anyone.get("/api/v1/releases?limit=1").await.expect(200));
    assert_eq!((&whole["items"][0]["key"], &whole["next"]), (&Value::from(first.clone()), &Value::Null));
    world.organisation("ZZ998", "Joined since", "gp");
    let id = world.organisation("ZZ999", "Joined since too", "gp");
    world.status("register@2024-05-01", id, "23/24", "Standards Met", "standards_met");
    let second = world.published(Source::Register("register@2024-05-01".to_owned()));
    let piece = read(&anyone.get("/api/v1/releases?limit=1").await.expect(200));
    assert_eq!(piece["items"][0]["key"], second);
    let next = piece["next"].as_str().unwrap().to_owned();
    let rest = read(&anyone.get(&format!("/api/v1/releases?limit=1&cursor={next}")).await.expect(200));
    assert_eq!((&rest["items"][0]["key"], &rest["next"]), (&Value::from(first), &Value::Null));
    for (query, field) in
        [("limit=0", "limit"), ("limit=201", "limit"), ("cursor=x", "cursor"), ("page=2", "query")]
    {
        let told = problem(anyone.get(&format!("/api/v1/releases?{query}")).await, 422);
        assert_eq!(told["errors"][0]["field"], field, "{query}");
    }
}

async fn classifications_are_told(world: World) {
    let mut anyone = Program::new(&world, "");
    let sectors = read(&anyone.get("/api/v1/sectors").await.expect(200));
    let codes: Vec<&str> =
        sectors["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"nhs_trust") && codes.contains(&"gp"), "{codes:?}");
    world.organisation("ZZ001", "Somewhere", "gp");
    let regions = read(&anyone.get("/api/v1/regions").await.expect(200));
    let codes: Vec<&str> =
        regions["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"Y56") && codes.is_sorted(), "{codes:?}");
    problem(anyone.get("/api/v1/regions?x=1").await, 422);
}
