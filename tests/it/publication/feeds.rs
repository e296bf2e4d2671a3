//! What is offered around the figures: marks for other websites, the feed, the map of the site, citations, the description for
//! search machines, data quality and the glossary.

use std::process::Command;

use portal::publication::Source;
use roxmltree::{Document, Node};
use serde_json::Value;

use super::given::Return;
use super::pipeline::{DUE, KEY, announced, at, scheduled, send};
use crate::on_both;
use crate::source::root;
use crate::support::{Answer, World};
use crate::tools::tool;

on_both!(
    a_mark_says_what_the_page_says_and_follows_it,
    the_feed_tells_what_happened_once_and_nothing_before_its_time,
    the_map_leads_to_every_page_and_crawlers_to_the_map,
    a_release_says_how_it_is_cited_and_what_it_is,
    pages_about_the_data_are_there_with_and_without_a_release,
    the_calendar_is_told_to_programs,
);

const ATOM: &str = "http://www.w3.org/2005/Atom";

fn collection() -> Source {
    Source::Collection("2026".to_owned())
}

/// Every text of the drawing but its title and description.
fn drawn(answer: &Answer) -> String {
    let text = answer.text();
    let parsed = Document::parse(&text).unwrap();
    let texts = parsed.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")));
    texts.filter_map(|node| node.text().map(str::to_owned)).collect::<Vec<_>>().join(" ")
}

async fn a_mark_says_what_the_page_says_and_follows_it(world: World) {
    let collected = world.collected("2026", None);
    let ids: Vec<_> = (0..7)
        .map(|n| world.organisation(&format!("R{n}"), &format!("Trust \"{n}\" <b>"), "nhs_trust"))
        .collect();
    for id in &ids[1..] {
        world.submitted(collected, Return { assessed: Some("satisfactory"), ..Return::of(*id) });
    }
    let mut browser = world.browser();
    browser.get("/public/organisations/R0/mark.svg").await.expect(404);
    world.published(collection());
    let at = "/public/organisations/R0/mark.svg";
    let first = browser.get(at).await.expect(200);
    assert_eq!(first.header("content-type"), "image/svg+xml");
    assert_eq!(first.header("cache-control"), "public, no-cache");
    assert_eq!(first.header("cross-origin-resource-policy"), "cross-origin");
    let said = drawn(&first);
    assert!(said.contains("Not published") && said.contains("no grade of its own"), "{said}");
    assert!(said.contains("Trust \"0\" <b>") && said.contains("Figures of 13 January 2026"), "{said}");
    // A page of the site is not shown by others, and a mark leads nowhere by itself.
    assert_eq!(
        browser.get("/public/organisations/R0").await.header("cross-origin-resource-policy"),
        "same-origin"
    );
    first.clone().hides("href").hides("<b>").hides("<script").hides("style=");
    let other = drawn(&browser.get("/public/organisations/R1/mark.svg").await.expect(200));
    assert!(other.contains("Satisfactory") && !other.contains("own claim"), "{other}");

    // It files, and its claim is published before anybody has reviewed it.
    world.submitted(collected, Return::of(ids[0]));
    world.published(collection());
    let request = actix_web::test::TestRequest::get().uri(at);
    let changed =
        browser.send(request.insert_header(("if-none-match", first.header("etag")))).await.expect(200);
    let said = drawn(&changed);
    assert!(said.contains("Satisfactory") && said.contains("own claim, not reviewed yet"), "{said}");
    assert!(said.contains("Edition "), "{said}");
    let page = browser.get("/public/organisations/R0").await.expect(200);
    page.shows("Satisfactory")
        .shows("Show this status on a website")
        .shows("/public/organisations/R0/mark.svg")
        .shows("read the present status on the public record")
        .hides("<b>");
    browser.get("/public/organisations/NOPE/mark.svg").await.expect(404);
    // It is asked for again and is still the same.
    let again = browser.get(at).await.expect(200);
    assert_eq!((again.header("etag"), again.body), (changed.header("etag"), changed.body));
}

fn texts<'a>(entry: &Node<'a, '_>, name: &str) -> Vec<&'a str> {
    entry.children().filter(|node| node.has_tag_name((ATOM, name))).filter_map(|node| node.text()).collect()
}

/// Fails unless it is an Atom 1.0 feed; gives id, title and summary of each entry.
fn entries(answer: &Answer) -> Vec<(String, String, String)> {
    assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
    let text = answer.text();
    let parsed = Document::parse(&text).unwrap();
    let feed = parsed.root_element();
    assert!(feed.has_tag_name((ATOM, "feed")));
    let mut found = Vec::new();
    let mut newest = String::from("1970-01-01T00:00:00Z");
    for entry in feed.children().filter(|node| node.has_tag_name((ATOM, "entry"))) {
        for name in ["id", "title", "updated", "published", "summary"] {
            assert_eq!(texts(&entry, name).len(), 1, "{name} of an entry");
        }
        newest = newest.max(texts(&entry, "updated")[0].to_owned());
        let word = |name: &str| texts(&entry, name)[0].to_owned();
        found.push((word("id"), word("title"), word("summary")));
    }
    assert_eq!(texts(&feed, "updated"), [newest.as_str()]);
    assert_eq!((texts(&feed, "id").len(), texts(&feed, "title").len()), (1, 1));
    let mut links = feed.children().filter(|node| node.has_tag_name((ATOM, "link")));
    assert!(links.any(|link| link.attribute("rel") == Some("self")));
    let mut ids: Vec<&str> = found.iter().map(|(id, ..)| id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), found.len(), "{ids:?}");
    assert!(ids.iter().all(|id| id.starts_with("http")), "{ids:?}");
    found
}

async fn the_feed_tells_what_happened_once_and_nothing_before_its_time(world: World) {
    let mut public = world.browser();
    assert!(entries(&public.get("/public/feed.atom").await.expect(200)).is_empty());
    let (_, mut max) = scheduled(&world).await;
    let before = public.get("/public/feed.atom").await.expect(200).hides(KEY);
    let told = entries(&before);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0.ends_with("/public/calendar#date-1") && told[0].1 == "Announced: Results 2026");
    announced(&mut max, ("12", "2", "2026")).await.expect(303);
    let second = "/releases/calendar/2";
    let reason = [("cancel_reason", "Twice <b>announced</b> & wrong.")];
    send(&mut max, second, &format!("{second}/cancel"), &reason).await.expect(303);
    world.settle();
    world.clock.set(at(DUE));
    world.settle();
    let after = public.get("/public/feed.atom").await.expect(200).hides("<b>");
    let now = entries(&after);
    assert_eq!(now.len(), 4, "{now:?}");
    // The newest first, and what was told before is told in the same words.
    assert!(now[0].0.ends_with(&format!("/public/releases/{KEY}")), "{now:?}");
    assert!(now[0].1.starts_with("Published: ") && now[0].2.contains("Every trust filed its return."));
    assert!(now.contains(&told[0]), "{now:?}");
    let cancelled = now.iter().find(|(id, ..)| id.ends_with("#date-2-change-1")).expect("the cancellation");
    assert!(
        cancelled.1.starts_with("Cancelled: ") && cancelled.2.contains("announced</b> & "),
        "{cancelled:?}"
    );
    if let Some(python) = tool("PORTAL_TEST_FORMATS") {
        let file = world.folder().join("feed.atom");
        std::fs::write(&file, &after.body).unwrap();
        let check = |path: &std::path::Path| {
            Command::new(&python)
                .arg(root().join("scripts/formats/check.py"))
                .arg("atom")
                .arg(path)
                .output()
                .unwrap()
        };
        let right = check(&file);
        assert!(right.status.success(), "{}", String::from_utf8_lossy(&right.stdout));
        std::fs::write(&file, &after.body[..after.body.len() / 2]).unwrap();
        assert!(!check(&file).status.success(), "the check takes anything");
    }
}

async fn the_map_leads_to_every_page_and_crawlers_to_the_map(world: World) {
    let trust = world.organisation("RX1", "Example Trust", "nhs_trust");
    let mut browser = world.browser();
    browser.get("/sitemap.xml").await.expect(200).shows("/public/methodology</loc>").hides("RX1");
    world.status("register@2022-09-09", trust, "21/22", "Standards Met", "standards_met");
    world.published(Source::Register("register@2022-09-09".to_owned()));
    let robots = browser.get("/robots.txt").await.expect(200);
    assert_eq!(robots.header("content-type"), "text/plain; charset=utf-8");
    let portal = world.portal().config.http.public_url.trim_end_matches('/').to_owned();
    robots.shows(&format!("Sitemap: {portal}/sitemap.xml")).shows("Allow: /public/").shows("\nDisallow: /\n");
    let map = browser.get("/sitemap.xml").await.expect(200);
    assert_eq!(map.header("content-type"), "application/xml; charset=utf-8");
    let text = map.text();
    let parsed = Document::parse(&text).unwrap();
    let places: Vec<&str> = parsed
        .descendants()
        .filter(|node| node.tag_name().name() == "loc")
        .filter_map(|node| node.text())
        .collect();
    assert!(places.len() > 20, "{places:?}");
    for place in &places {
        let path = place.strip_prefix(&portal).expect("an address of the portal");
        let page = browser.get(path).await.expect(200);
        page.shows(&format!("<link rel=\"canonical\" href=\"{place}\">")).shows("<meta name=\"description\"");
    }
    assert!(places.iter().any(|place| place.ends_with("/public/organisations/RX1")));
    browser.get("/public/sitemaps/1.xml").await.expect(404);
    browser.get("/public/sitemaps/x.xml").await.expect(404);
    // However somebody writes the code, the page has one address.
    let page = browser.get("/public/organisations/rx1").await.expect(200);
    page.shows(&format!("href=\"{portal}/public/organisations/RX1\""));
}

/// The block of data in a page.
fn dataset(page: &Answer) -> Value {
    let text = page.text();
    let block = text.split("<script type=\"application/ld+json\">").nth(1).expect("a block of data");
    serde_json::from_str(block.split("</script>").next().unwrap()).unwrap()
}

async fn a_release_says_how_it_is_cited_and_what_it_is(world: World) {
    let collected = world.collected("2026", None);
    for n in 0..6 {
        let id = world.organisation(&format!("R{n}"), &format!("Trust {n}"), "nhs_trust");
        world.submitted(collected, Return { assessed: Some("satisfactory"), ..Return::of(id) });
    }
    let title = "Results </script><script>alert(1)</script> & 2026";
    let key = world.published_draft(world.try_composed(collection(), Some(title)).unwrap());
    let mut browser = world.browser();
    let portal = world.portal().config.http.public_url.trim_end_matches('/').to_owned();
    let at = format!("/public/releases/{key}");
    let page = browser.get(&at).await.expect(200).hides("<script>alert");
    page.clone()
        .shows("How to cite it")
        .shows(", version 1. Published 13 January 2026.")
        .shows(&format!("{portal}{at} (accessed [day month year])."))
        .shows(&format!("{portal}{at}/grade-by-sector.csv (accessed [day month year])."));
    let told = dataset(&page);
    assert_eq!((&told["@type"], &told["name"]), (&Value::from("Dataset"), &Value::from(title)));
    assert_eq!(told["url"], format!("{portal}{at}"));
    let parts = told["hasPart"].as_array().unwrap();
    assert!(parts.len() > 5, "{}", parts.len());
    for part in parts {
        let length = part["description"].as_str().unwrap().chars().count();
        assert!((50..=5000).contains(&length), "{part}");
        for file in part["distribution"].as_array().unwrap() {
            let path = file["contentUrl"].as_str().unwrap().strip_prefix(&portal).unwrap();
            browser.get(path).await.expect(200);
        }
    }
    // The next version counts on.
    let package = |answer: Answer| serde_json::from_slice::<Value>(&answer.body).unwrap()["version"].clone();
    assert_eq!(package(browser.get(&format!("{at}/datapackage.json")).await.expect(200)), "1.0.0");
    let late = world.organisation("R9", "Trust 9", "nhs_trust");
    world.submitted(collected, Return { late: true, ..Return::of(late) });
    let next = world.published(collection());
    let at = format!("/public/releases/{next}");
    browser.get(&at).await.expect(200).shows(", version 2. Published");
    assert_eq!(package(browser.get(&format!("{at}/datapackage.json")).await.expect(200)), "2.0.0");
}

async fn pages_about_the_data_are_there_with_and_without_a_release(world: World) {
    let mut browser = world.browser();
    browser.get("/public/data-quality").await.expect(200).shows("Nothing has been published yet");
    let glossary = browser.get("/public/glossary").await.expect(200);
    glossary.shows("A dated set of statistics").hides("**").hides("inside the program");
    let collected = world.collected("2026", None);
    for n in 0..8 {
        let id = world.organisation(&format!("R{n}"), &format!("Trust {n}"), "nhs_trust");
        if n < 6 {
            let assessed = (n > 1).then_some("satisfactory");
            world.submitted(collected, Return { assessed, late: n == 5, ..Return::of(id) });
        }
    }
    let key = world.published(collection());
    let page = browser.get("/public/data-quality").await.expect(200);
    page.shows("Without a published grade")
        .shows("2 (25.0%)")
        .shows("not reviewed yet")
        .shows("2 (33.3%)")
        .shows("Filed after the deadline")
        .shows("1 (16.7%)")
        .shows("NHS trusts, of 8")
        .shows("have not been replaced by another version")
        .shows(&format!("/public/releases/{key}"));
    browser.get("/").await.expect(200).shows("/public/feed.atom").shows("/public/glossary");
}

async fn the_calendar_is_told_to_programs(world: World) {
    let mut anyone = world.browser();
    let json = |answer: Answer| serde_json::from_slice::<Value>(&answer.expect(200).body).unwrap();
    assert_eq!(json(anyone.get("/api/v1/calendar").await)["items"], Value::Array(Vec::new()));
    let (_, mut max) = scheduled(&world).await;
    announced(&mut max, ("12", "2", "2026")).await.expect(303);
    let second = "/releases/calendar/2";
    let reason = [("cancel_reason", "Announced twice.")];
    send(&mut max, second, &format!("{second}/cancel"), &reason).await.expect(303);
    world.settle();
    let answer = anyone.get("/api/v1/calendar").await.expect(200).hides(KEY);
    let tag = answer.header("etag");
    let told = json(answer);
    let first = &told["items"][0];
    assert_eq!((&first["state"], &first["release"]), (&Value::from("announced"), &Value::Null));
    assert_eq!(first["due_at"], "2026-02-11T09:30:00Z");
    let change = &told["items"][1]["changes"][0];
    assert_eq!((&change["now"], &change["reason"]), (&Value::Null, &Value::from("Announced twice.")));
    world.clock.set(at(DUE));
    world.settle();
    let request = actix_web::test::TestRequest::get().uri("/api/v1/calendar");
    let now = json(anyone.send(request.insert_header(("if-none-match", tag))).await);
    assert_eq!(
        (&now["items"][0]["state"], &now["items"][0]["release"]),
        (&Value::from("published"), &Value::from(KEY))
    );
    anyone.get("/api/v1/calendar?month=2").await.expect(422);
}
