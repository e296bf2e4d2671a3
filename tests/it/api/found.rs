//! What everybody may read: the register in pieces, standards in use, and published releases.

use std::path::PathBuf;

use portal::access::{Actor, Permit, PublishBySystem, Subject};
use portal::cli::import::import_register;
use portal::organisations::ImportOptions;
use portal::publication::{self, ReleaseRequest, Source};
use serde_json::{Value, json};

use super::programme::Programme;
use super::{Program, json as read, problem};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    the_register_is_read_in_pieces_without_a_gap,
    an_organisation_tells_what_was_published_about_it,
    a_query_that_cannot_be_used_is_refused,
    standards_are_told_once_they_are_in_use,
    a_release_is_told_once_it_is_published,
);

fn import(world: &World) {
    let file =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/organisations/register-2024-05-01.csv");
    import_register(world.db(), &file, &ImportOptions::default()).unwrap();
}

fn codes(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|o| o["code"].as_str().unwrap().to_owned()).collect()
}

async fn the_register_is_read_in_pieces_without_a_gap(world: World) {
    for number in 0..7 {
        let sector = if number % 2 == 0 { "gp" } else { "dentist" };
        world.organisation(&format!("ZZ10{number}"), &format!("Practice {number}"), sector);
    }
    let mut anyone = Program::new(&world, "");
    let all = codes(&read(&anyone.get("/api/v1/organisations").await.expect(200)));
    assert_eq!(all.len(), 7);
    let mut seen = Vec::new();
    let mut path = "/api/v1/organisations?limit=3".to_owned();
    loop {
        let piece = read(&anyone.get(&path).await.expect(200));
        seen.extend(codes(&piece));
        let Some(next) = piece["next"].as_str() else { break };
        // What joins or changes in between neither repeats nor hides the rest.
        if seen.len() == 3 {
            world.organisation("ZZ000", "Joined before", "gp");
        }
        path = format!("/api/v1/organisations?limit=3&cursor={next}");
    }
    assert_eq!(seen, all);
    let exact = read(&anyone.get("/api/v1/organisations?limit=7&cursor=ZZ000").await.expect(200));
    assert_eq!((codes(&exact).len(), &exact["next"]), (7, &Value::Null));
    let dentists = read(&anyone.get("/api/v1/organisations?sector=dentist&region=Y56").await.expect(200));
    assert_eq!(codes(&dentists), ["ZZ101", "ZZ103", "ZZ105"]);
    let named = read(&anyone.get("/api/v1/organisations?search=PRACTICE%203").await.expect(200));
    assert_eq!(codes(&named), ["ZZ103"]);
    assert!(codes(&read(&anyone.get("/api/v1/organisations?search=%00%25").await.expect(200))).len() > 3);
}

async fn an_organisation_tells_what_was_published_about_it(world: World) {
    import(&world);
    let mut anyone = Program::new(&world, "");
    let list = read(&anyone.get("/api/v1/organisations?limit=200").await.expect(200));
    let mut published = 0;
    for code in codes(&list) {
        let one = read(&anyone.get(&format!("/api/v1/organisations/{code}")).await.expect(200));
        assert_eq!(one["code"], code);
        for status in one["published"].as_array().unwrap() {
            assert_eq!(status["source"], "register@2024-05-01");
            published += 1;
        }
    }
    assert!(published > 5, "{published} statuses");
    for unknown in ["ZZ999", "zz", "a%00b", "..", "%C3%A9"] {
        problem(anyone.get(&format!("/api/v1/organisations/{unknown}")).await, 404);
    }
}

async fn a_query_that_cannot_be_used_is_refused(world: World) {
    let mut anyone = Program::new(&world, "");
    for (query, field) in [
        ("sector=king", "sector"),
        ("region=%00", "region"),
        ("region=", "region"),
        ("cursor=x", "cursor"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "query"),
        ("limit=1&limit=2", "query"),
        ("page=2", "query"),
    ] {
        let told = problem(anyone.get(&format!("/api/v1/organisations?{query}")).await, 422);
        assert_eq!(told["errors"][0]["field"], field, "{query}");
    }
    let long = format!("/api/v1/organisations?search={}", "x".repeat(201));
    problem(anyone.get(&long).await, 422);
    problem(anyone.get("/api/v1/standards?x=1").await, 422);
    problem(anyone.get("/api/v1/nothing").await, 404);
}

async fn standards_are_told_once_they_are_in_use(world: World) {
    let mut anyone = Program::new(&world, "");
    assert_eq!(read(&anyone.get("/api/v1/standards").await.expect(200))["items"], json!([]));
    Programme::begin(&world);
    let list = read(&anyone.get("/api/v1/standards").await.expect(200));
    assert_eq!(
        (&list["items"][0]["key"], &list["items"][0]["state"]),
        (&json!("locks-2026"), &json!("open"))
    );
    let one = read(&anyone.get("/api/v1/standards/locks-2026").await.expect(200));
    assert_eq!(one["hash"], list["items"][0]["hash"]);
    assert_eq!(one["document"]["requirements"][0]["code"], "1-1");
    problem(anyone.get("/api/v1/standards/locks-1999").await, 404);
}

fn publish(world: &World, publish: bool) -> String {
    let request = ReleaseRequest {
        source: Source::Register("register@2024-05-01".to_owned()),
        title: None,
        lead_statistician: "Lea Statistician".to_owned(),
        contact: String::new(),
        edition: None,
    };
    let permit = || Permit::<PublishBySystem>::grant(&Actor::system(), Some(Subject::programme()));
    let now = world.now();
    let draft = world
        .db()
        .read_now(everybodys(), move |conn| publication::compose_release(conn, &request, now))
        .unwrap();
    let (_, key) = world
        .db()
        .write_now(everybodys(), move |tx| publication::prepare_release(tx, &permit()?, &draft))
        .unwrap();
    if publish {
        let wanted = key.clone();
        world
            .db()
            .write_now(everybodys(), move |tx| {
                let (_, found) = publication::release_subject(tx.conn(), &wanted)?.unwrap();
                publication::publish_release(tx, &permit()?, &found)
            })
            .unwrap();
    }
    key
}

/// A published release of a small register; gives its key.
pub fn release(world: &World) -> String {
    import(world);
    publish(world, true)
}

async fn a_release_is_told_once_it_is_published(world: World) {
    import(&world);
    let mut anyone = Program::new(&world, "");
    let draft = publish(&world, false);
    assert_eq!(read(&anyone.get("/api/v1/releases").await.expect(200))["items"], json!([]));
    problem(anyone.get(&format!("/api/v1/releases/{draft}")).await, 404);
    let key = publish(&world, true);
    let list = read(&anyone.get("/api/v1/releases").await.expect(200));
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["key"], key);
    let one = read(&anyone.get(&format!("/api/v1/releases/{key}")).await.expect(200));
    let tables = one["tables"].as_array().unwrap();
    assert!(!tables.is_empty(), "{one}");
    for table in tables {
        let path = format!("/api/v1/releases/{key}/tables/{}", table["name"].as_str().unwrap());
        let table = read(&anyone.get(&path).await.expect(200));
        let (rows, columns) = (&table["rows"]["categories"], &table["columns"]["categories"]);
        let cells = table["cells"].as_array().unwrap();
        assert_eq!(cells.len(), rows.as_array().unwrap().len());
        for row in cells {
            assert_eq!(row.as_array().unwrap().len(), columns.as_array().unwrap().len());
        }
    }
    problem(anyone.get(&format!("/api/v1/releases/{key}/tables/nothing")).await, 404);
}
