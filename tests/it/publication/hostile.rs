//! Names and titles that one format or another could take for something else, of 167 characters, in the outputs that programs
//! and other people's pages read: feed, description for search machines, mark, comparison, lists, bundle, interface, report.

use std::io::{Cursor, Read as _};

use portal::publication::{Source, verify_bundle};
use serde_json::Value;

use crate::on_both;
use crate::support::{Browser, World};

on_both!(hostile_words_stay_words_wherever_programs_read_them);

const SNAPSHOT: &str = "register@2022-09-09";

/// What spreadsheets, pages, XML, templates and typesetters each take for something of theirs.
const STARTS: [&str; 4] = [
    "=HYPERLINK(\"http://x\",\"y\") </script><script>alert(1)</script> ]]> &amp; {{ 7*7 }}",
    "<b>Bold</b> --> <!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]> &e; \u{1}",
    "@SUM(A1) #eval(\"1\") $x^2$ *strong* `code` \\ #image(\"x\") \u{202e}\u{5d0}\u{5d1}",
    "-1+1|' /C calc'!A0 <svg onload=alert(1)> \"; -- %0d%0aSet-Cookie:x=1",
];

/// One of them, 167 characters long.
fn hostile(at: usize) -> String {
    let whole: String = format!("{} {}", STARTS[at], "W".repeat(167)).chars().take(167).collect();
    assert_eq!(whole.chars().count(), 167);
    whole
}

/// An XML document whose elements all have one of these names.
fn parsed(text: &str, allowed: &[&str]) -> Vec<String> {
    let parsed = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    for element in parsed.descendants().filter(roxmltree::Node::is_element) {
        assert!(allowed.contains(&element.tag_name().name()), "{element:?} in\n{text}");
    }
    let texts = parsed.descendants().filter(roxmltree::Node::is_text);
    texts.filter_map(|node| node.text()).map(str::to_owned).collect()
}

/// A page on which nothing of ours runs.
async fn page(browser: &mut Browser, path: &str) -> String {
    let answer = browser.get(path).await.expect(200);
    for wrong in ["<script>alert", "<svg onload", "<b>Bold", ">49<", "<!ENTITY"] {
        assert!(!answer.text().contains(wrong), "{path} holds {wrong}");
    }
    answer.text()
}

async fn hostile_words_stay_words_wherever_programs_read_them(world: World) {
    for at in 0..STARTS.len() {
        let id = world.organisation(&format!("X{at}"), &hostile(at), "company");
        world.status(SNAPSHOT, id, "21/22", "Standards Met", "standards_met");
    }
    let draft = world.try_composed(Source::Register(SNAPSHOT.into()), Some(&hostile(0))).unwrap();
    let draft = portal::publication::with_paper(draft).unwrap();
    let key = world.published_draft(draft);
    let title = hostile(0);
    let mut browser = world.browser();

    let release = page(&mut browser, &format!("/public/releases/{key}")).await;
    let start = "<script type=\"application/ld+json\">";
    let described = release.split_once(start).expect("a description for search machines").1;
    let described = described.split_once("</script>").unwrap().0;
    let described: Value = serde_json::from_str(described).unwrap();
    assert_eq!(described["name"], title.as_str());

    let feed = browser.get("/public/feed.atom").await.expect(200).text();
    let elements = [
        "feed",
        "id",
        "title",
        "updated",
        "published",
        "link",
        "author",
        "name",
        "rights",
        "entry",
        "summary",
    ];
    let texts = parsed(&feed, &elements);
    assert!(texts.iter().any(|text| text.contains(&title)), "{texts:?}");

    for (at, start) in STARTS.iter().enumerate() {
        let here = format!("/public/organisations/X{at}");
        let shown = page(&mut browser, &here).await;
        assert!(shown.contains(&"W".repeat(40)), "{start}");
        let mark = browser.get(&format!("{here}/mark.svg")).await.expect(200);
        let drawn = mark.text();
        let document = roxmltree::Document::parse(&drawn).unwrap_or_else(|error| panic!("{error}:\n{drawn}"));
        let foreign = document.descendants().filter(|node| {
            node.is_element()
                && (["script", "b", "image", "foreignObject", "a"].contains(&node.tag_name().name())
                    || node.attributes().any(|one| one.name().starts_with("on")))
        });
        assert_eq!(foreign.count(), 0, "{drawn}");
        assert!(!drawn.contains("<!") && !drawn.contains('\u{202e}'), "{drawn}");
    }
    for path in [
        "/",
        "/public/a-to-z",
        "/public/a-to-z/other",
        "/public/compare?codes=X0+X1+X2+X3",
        "/public/years",
        "/public/releases",
        "/public/organisations?q=hyperlink",
        "/public/check",
        "/public/data",
    ] {
        page(&mut browser, path).await;
    }
    let map = browser.get("/sitemap.xml").await.expect(200).text();
    parsed(&map, &["urlset", "url", "loc", "sitemapindex", "sitemap"]);
    let api = browser.get("/api/v1/organisations").await.expect(200).text();
    let api: Value = serde_json::from_str(&api).unwrap();
    let names: Vec<&str> =
        api["items"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    for at in 0..STARTS.len() {
        assert!(names.contains(&hostile(at).as_str()), "{names:?}");
    }
    bundle_and_report(&world, &mut browser, &key, &title).await;
}

async fn bundle_and_report(world: &World, browser: &mut Browser, key: &str, title: &str) {
    let bundle = browser.get(&format!("/public/releases/{key}/bundle.zip")).await.expect(200).body;
    let verified = verify_bundle(&bundle, Some(world.parts.key.verifier())).unwrap();
    assert!(verified.mismatches.is_empty(), "{:#?}", verified.mismatches);
    assert_eq!(verified.title, title);
    let mut archive = zip::ZipArchive::new(Cursor::new(bundle.to_vec())).unwrap();
    let mut lines = Vec::new();
    archive.by_name("inputs/organisations.json").unwrap().read_to_end(&mut lines).unwrap();
    let lines: Value = serde_json::from_slice(&lines).unwrap();
    let codes = lines.as_array().unwrap();
    assert_eq!(codes.len(), STARTS.len());
    for (at, line) in codes.iter().enumerate() {
        assert_eq!(line["name"], hostile(at).as_str());
    }
    // Every spreadsheet's first rows name the release; none of them calculates.
    let list = browser.get(&format!("/public/releases/{key}/organisations.csv")).await.expect(200).body;
    let mut reader = csv::Reader::from_reader(&list[..]);
    for row in reader.records().map(Result::unwrap) {
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{row:?}");
    }
    let paper = browser.get(&format!("/public/releases/{key}/report.pdf")).await;
    if paper.status == 200 {
        let read = lopdf::Document::load_mem(&paper.body).unwrap();
        assert!(!read.get_pages().is_empty());
        // No action, no file and no form came out of a title.
        for bad in [&b"/JavaScript"[..], b"/Launch", b"/EmbeddedFile", b"/AcroForm"] {
            assert!(!paper.body.windows(bad.len()).any(|window| window == bad), "the report holds {bad:?}");
        }
    }
}
