//! What the public reads, and how it is sent: bytes, tags, encodings, hostile names, a database that is gone.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use portal::publication::Source;

use super::given::Return;
use crate::on_both;
use crate::support::{Answer, Browser, World};

on_both!(
    before_the_first_release_the_front_page_says_so,
    every_page_of_a_release_is_there_and_leads_on,
    encodings_and_tags_are_right_to_the_byte,
    hostile_names_stay_text_in_every_output,
    an_organisations_page_tells_its_whole_story,
    superseded_releases_stay_readable,
);

const SNAPSHOT: &str = "register@2022-09-09";

fn register() -> Source {
    Source::Register(SNAPSHOT.to_owned())
}

async fn before_the_first_release_the_front_page_says_so(world: World) {
    let mut browser = world.browser();
    for path in ["/", "/public/sectors", "/public/data", "/public/change", "/public/boards"] {
        browser.get(path).await.expect(200).shows("Nothing has been published yet");
    }
    browser.get("/public/releases").await.expect(200);
    browser.get("/public/methodology").await.expect(200).shows("How these figures are made");
    browser.get("/public/organisations").await.expect(200).shows("No organisation found");
    for path in ["/public/organisations/RX1", "/public/releases/none", "/public/data/organisations.csv"] {
        browser.get(path).await.expect(404);
    }
}

/// A small register with every kind of status.
fn some(world: &World) {
    let trust = world.organisation("RX1", "Example Trust", "nhs_trust");
    let gone = world.organisation("RX2", "Gone Trust", "nhs_trust");
    let surgery = world.organisation("A81", "Old Surgery", "gp");
    world.status(SNAPSHOT, trust, "21/22", "Standards Met", "standards_met");
    world.status(SNAPSHOT, gone, "", "Not Published", "not_published");
    world.status(SNAPSHOT, surgery, "19/20", "Entry Level", "approaching_standards");
    world.status("register-2019@2019-06-17", surgery, "18/19", "Entry Level", "approaching_standards");
    world.successor(gone, trust);
}

async fn every_page_of_a_release_is_there_and_leads_on(world: World) {
    some(&world);
    let key = world.published(register());
    let mut browser = world.browser();
    let front = browser.get("/").await.expect(200);
    // Two of three: the trust itself, and the one whose status it is too.
    front.clone().shows("2 of 3 organisations (66.7%)").shows("<svg").shows("Base: 3 organisations");
    assert!(front.body.len() < 60_000, "{} bytes", front.body.len());
    assert_eq!(front.header("cache-control"), "public, no-cache");
    assert_eq!(front.header("set-cookie"), "");
    let addresses = world.parts.site.addresses();
    assert!(addresses.contains(&format!("/public/releases/{key}")));
    for address in &addresses {
        let answer = browser.get(address).await.expect(200);
        for link in links(&answer) {
            let status = browser.get(&link).await.status.as_u16();
            assert!(matches!(status, 200 | 303), "{address} leads to {link}: {status}");
        }
    }
    browser.get("/public/sectors").await.shows("grade-by-sector.csv");
    let found = browser.get("/public/organisations?q=old+surgery&sector=gp").await.expect(200);
    found.shows("/public/organisations/A81").hides("Example Trust");
    browser.get("/public/organisations?q=zzz&page=99999999999999999999").await.expect(200);
    browser
        .get("/public/organisations?grade=nonsense&sector=x&page=-1")
        .await
        .expect(200)
        .shows("3 organisations");
}

/// Addresses on this site that a page links to, without fragments.
fn links(answer: &Answer) -> Vec<String> {
    if !answer.header("content-type").starts_with("text/html") {
        return Vec::new();
    }
    let text = answer.text();
    let found = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let without = found.filter_map(|href| href.split('#').next());
    without.filter(|href| href.starts_with('/')).map(|href| href.replace("&amp;", "&")).collect()
}

async fn fetched(browser: &mut Browser, path: &str, accept: &str, tag: &str) -> Answer {
    let mut request = TestRequest::get().uri(path);
    if !accept.is_empty() {
        request = request.insert_header(("accept-encoding", accept));
    }
    if !tag.is_empty() {
        request = request.insert_header(("if-none-match", tag));
    }
    browser.send(request).await
}

async fn encodings_and_tags_are_right_to_the_byte(world: World) {
    some(&world);
    world.published(register());
    let mut browser = world.browser();
    for path in [
        "/",
        "/public/organisations/RX1",
        "/public/data/grade-by-sector.csv",
        "/public/data/organisations.json",
    ] {
        let plain = fetched(&mut browser, path, "", "").await.expect(200);
        assert_eq!(plain.header("content-encoding"), "");
        let gzip = fetched(&mut browser, path, "gzip", "").await.expect(200);
        assert_eq!(gzip.header("content-encoding"), "gzip");
        let mut unpacked = Vec::new();
        std::io::copy(&mut flate2::read::GzDecoder::new(gzip.body.as_ref()), &mut unpacked).unwrap();
        assert_eq!(unpacked, plain.body, "{path}");
        let mut tags = vec![plain.header("etag"), gzip.header("etag")];
        if !path.contains("organisations.") {
            let brotli = fetched(&mut browser, path, "gzip, br", "").await.expect(200);
            assert_eq!(brotli.header("content-encoding"), "br");
            let mut unpacked = Vec::new();
            brotli::BrotliDecompress(&mut brotli.body.as_ref(), &mut unpacked).unwrap();
            assert_eq!(unpacked, plain.body, "{path}");
            tags.push(brotli.header("etag"));
        }
        for (tag, accept) in tags.iter().zip(["", "gzip", "br"]) {
            assert!(
                tag.starts_with('"') && tags.iter().filter(|other| *other == tag).count() == 1,
                "{tags:?}"
            );
            let same = fetched(&mut browser, path, accept, tag).await.expect(304);
            assert!(
                same.body.is_empty()
                    && same.header("etag") == *tag
                    && same.header("vary") == "accept-encoding"
            );
            fetched(&mut browser, path, accept, "\"another\"").await.expect(200);
        }
        let head = browser.send(TestRequest::default().method(Method::HEAD).uri(path)).await.expect(200);
        assert_eq!(head.header("etag"), plain.header("etag"));
    }
    browser.post("/", &[]).await.expect(405);
}

async fn hostile_names_stay_text_in_every_output(world: World) {
    let hostile = [
        "=HYPERLINK(\"http://x\",\"y\")",
        "+44 SURGERY",
        "-1 SURGERY",
        "@SUM(A1)",
        "<script>alert(1)</script> & \"CO\"",
        "\u{202e}REVERSED {{ 7 * 7 }}",
    ];
    for (n, name) in hostile.iter().enumerate() {
        let id = world.organisation(&format!("X{n}"), name, "company");
        world.status(SNAPSHOT, id, "21/22", "Standards Met", "standards_met");
    }
    let long = format!("{} TAIL", "LONG<b>".repeat(23)).chars().take(167).collect::<String>();
    assert_eq!(long.len(), 166);
    let id = world.organisation("LONG", &format!("{long}!"), "company");
    world.status(SNAPSHOT, id, "21/22", "Standards Met", "standards_met");
    let key = world.published(register());
    let mut browser = world.browser();
    let csv = browser.get("/public/data/organisations.csv").await.expect(200).text();
    let mut reader = csv::ReaderBuilder::new().from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 7);
    for row in &rows {
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{row:?}");
    }
    assert!(csv.contains("\r\n") && csv.contains("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""));
    let json: serde_json::Value =
        serde_json::from_slice(&browser.get("/public/data/organisations.json").await.expect(200).body)
            .unwrap();
    let names: Vec<&str> =
        json["organisations"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(hostile.iter().all(|name| names.contains(name)), "{names:?}");
    for (n, _) in hostile.iter().enumerate() {
        browser
            .get(&format!("/public/organisations/X{n}"))
            .await
            .expect(200)
            .hides("<script>alert")
            .hides(">49<");
    }
    browser.get("/public/organisations/LONG").await.expect(200).hides("LONG<b>").shows("LONG&lt;b&gt;");
    browser.get("/public/organisations").await.expect(200).hides("<script>alert").hides("LONG<b>");
    browser.get(&format!("/public/releases/{key}/organisations.csv")).await.expect(200);
}

async fn an_organisations_page_tells_its_whole_story(world: World) {
    some(&world);
    world.published(register());
    let mut browser = world.browser();
    let old = browser.get("/public/organisations/A81").await.expect(200);
    old.shows("Older edition only")
        .shows("Entry Level")
        .shows("now called Approaching standards")
        .shows("The national register of 17 June 2019")
        .shows("The current edition is 21/22");
    let gone = browser.get("/public/organisations/RX2").await.expect(200);
    gone.shows("Standards met")
        .shows("/public/organisations/RX1")
        .shows("the status of the organisation that took over");
    browser.get("/public/organisations/rx1").await.expect(200).shows("Example Trust");
    browser.get("/public/organisations/NOPE").await.expect(404);
}

async fn superseded_releases_stay_readable(world: World) {
    some(&world);
    let first = world.published(register());
    let late = world.organisation("NEW", "New Practice", "gp");
    world.status(SNAPSHOT, late, "21/22", "Standards Met", "standards_met");
    let second = world.published(register());
    assert_eq!((first.as_str(), second.as_str()), ("register-2022-09-09", "register-2022-09-09-r2"));
    let mut browser = world.browser();
    browser
        .get(&format!("/public/releases/{first}"))
        .await
        .expect(200)
        .shows("A newer release")
        .shows("2 of 3");
    browser
        .get(&format!("/public/releases/{second}"))
        .await
        .expect(200)
        .hides("A newer release")
        .shows("3 of 4");
    browser.get(&format!("/public/releases/{first}/grade-by-sector.csv")).await.expect(200);
    let old = browser.get(&format!("/public/releases/{first}/organisations.csv")).await.expect(200);
    assert_eq!(old.text().lines().count(), 4);
    browser.get("/").await.shows("3 of 4 organisations");
    // An older snapshot published later is history from the start.
    let older = world.published(Source::Register("register-2019@2019-06-17".into()));
    browser.get("/").await.shows("3 of 4 organisations");
    browser.get(&format!("/public/releases/{older}")).await.expect(200).shows("A newer release");
}

/// The database file is moved away and everything public still answers.
#[test]
fn pages_are_served_without_the_database() {
    World::sqlite().run(async |world: World| {
        some(&world);
        world.published(register());
        let mut browser = world.browser();
        browser.get("/public/data/organisations.csv").await.expect(200);
        for name in ["portal.sqlite", "portal.sqlite-wal", "portal.sqlite-shm"] {
            let path = world.folder().join(name);
            if path.exists() {
                std::fs::rename(&path, world.folder().join(format!("away-{name}"))).unwrap();
            }
            std::fs::write(&path, "this is no database").unwrap();
        }
        let mut addresses = world.parts.site.addresses();
        let more = [
            "/public/organisations?q=surgery",
            "/public/organisations?q=sugrery",
            "/public/compare?codes=A81+RX1",
            "/public/years?table=grade-by-sector&row=gp",
            "/public/organisations/A81",
            "/public/data/organisations.csv",
        ];
        addresses.extend(more.map(str::to_owned));
        for address in addresses {
            browser.get(&address).await.expect(200);
        }
        for name in ["portal.sqlite", "portal.sqlite-wal", "portal.sqlite-shm"] {
            let away = world.folder().join(format!("away-{name}"));
            let path = world.folder().join(name);
            if away.exists() {
                std::fs::rename(&away, &path).unwrap();
            } else {
                std::fs::remove_file(&path).unwrap();
            }
        }
    });
}

/// A collection's results join every organisation's history.
#[test]
fn a_collections_results_become_history() {
    World::sqlite().run(async |world: World| {
        let trust = world.organisation("RX1", "Example Trust", "nhs_trust");
        world.organisation("RX2", "Silent Trust", "nhs_trust");
        let collected = world.collected("2026", None);
        world
            .submitted(collected, Return { assessed: Some("satisfactory"), late: true, ..Return::of(trust) });
        let key = world.published(Source::Collection("2026".into()));
        assert_eq!(key, "returns-2026");
        let mut browser = world.browser();
        browser
            .get("/public/organisations/RX1")
            .await
            .expect(200)
            .shows("Late")
            .shows("Data security assurance: Returns 2026");
        browser.get("/public/organisations/RX2").await.expect(200).shows("Not published");
    });
}
