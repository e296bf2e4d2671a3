//! What a first visit costs a reader: the front page with everything that it loads, as it is sent.

use actix_web::test::TestRequest;
use portal::publication::Source;

use crate::on_both;
use crate::support::{Answer, Browser, World};

on_both!(the_front_page_is_light_and_loads_nothing_from_elsewhere);

const SNAPSHOT: &str = "register@2022-09-09";
/// The most bytes of a first visit.
const MOST: usize = 60_000;

/// As a browser asks.
async fn packed(browser: &mut Browser, path: &str) -> Answer {
    browser
        .send(TestRequest::get().uri(path).insert_header(("accept-encoding", "gzip, br")))
        .await
        .expect(200)
}

/// The addresses in the attributes of this name within elements of these names.
fn loaded(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for element in html.split('<').skip(1) {
        let element = element.split('>').next().unwrap_or_default();
        let name = element.split_whitespace().next().unwrap_or_default();
        let attribute = match name {
            "script" | "img" | "iframe" | "source" | "video" | "audio" => "src=\"",
            // A link to another form of the page, or to its own address, is not followed by itself.
            "link" if element.contains("rel=\"stylesheet\"") || element.contains("rel=\"icon\"") => "href=\"",
            _ => continue,
        };
        let address = element.split_once(attribute).and_then(|(_, rest)| rest.split_once('"'));
        found.extend(address.map(|(address, _)| address.to_owned()));
    }
    found.sort();
    found.dedup();
    found
}

async fn the_front_page_is_light_and_loads_nothing_from_elsewhere(world: World) {
    // Every kind of organisation and every region, so that charts and tables have all their rows.
    let sectors = ["nhs_trust", "gp", "pharmacy", "dentist", "optician", "company", "csu", "icb"];
    let regions = [("Y56", "London"), ("Y60", "Midlands"), ("Y61", "East of England"), ("Y58", "South West")];
    for (s, sector) in sectors.iter().enumerate() {
        for (r, region) in regions.iter().enumerate() {
            let id = world.organisation_in(*region, &format!("A{s}{r}"), &format!("Place {s} {r}"), sector);
            let (label, grade) = match (s + r) % 3 {
                0 => ("Standards Met", "standards_met"),
                1 => ("Standards Exceeded", "standards_exceeded"),
                _ => ("Not Published", "not_published"),
            };
            world.status(SNAPSHOT, id, "21/22", label, grade);
        }
    }
    world.published(Source::Register(SNAPSHOT.into()));
    let mut browser = world.browser();
    let plain = browser.get("/").await.expect(200).text();
    let front = packed(&mut browser, "/").await;
    assert_eq!(front.header("content-encoding"), "br");
    let mut parts = vec![("/".to_owned(), front.body.len())];
    let addresses = loaded(&plain);
    assert!(addresses.iter().any(|address| address.ends_with(".css")), "{addresses:?}");
    assert!(addresses.iter().any(|address| address.ends_with(".js")), "{addresses:?}");
    for address in addresses {
        assert!(address.starts_with('/') && !address.starts_with("//"), "{address} is somebody else's");
        let part = packed(&mut browser, &address).await;
        if address.ends_with(".css") {
            let text = browser.get(&address).await.text();
            assert!(!text.contains("url(http") && !text.contains("@import"), "{address} loads more");
        }
        parts.push((address, part.body.len()));
    }
    let whole: usize = parts.iter().map(|(_, size)| size).sum();
    assert!(whole <= MOST, "{whole} bytes: {parts:#?}");
}
