//! Every file of a release, held to validators of others, and hostile words in each of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use portal::publication::Source;
use serde_json::Value;

use super::given::Return;
use crate::on_both;
use crate::source::root;
use crate::support::{Browser, World};
use crate::tools::tool;

on_both!(
    every_file_of_a_release_passes_its_validator,
    every_workbook_keeps_to_the_schema_of_open_document,
    public_pages_pass_the_html_checker,
    hostile_words_survive_every_format,
    the_same_files_stand_at_both_addresses,
);

/// Words that one format or another could take for something else; 167 characters.
fn hostile() -> String {
    let start = "=cmd|' /C calc'!A0 </script><b>&amp; \"q\" \\ \u{202e}\u{5d0}\u{5d1} {{ 7*7 }} #x $y$ \u{1}";
    let whole: String = format!("{start}{}", "W".repeat(167)).chars().take(167).collect();
    assert_eq!(whole.chars().count(), 167);
    whole
}

/// A collection with suppressed answers, late and provisional returns; gives the key of its release.
fn released(world: &World, title: Option<&str>) -> String {
    let collected = world.collected("2026", None);
    for number in 0..9_u8 {
        let name = if number == 0 { hostile() } else { format!("Trust {number}") };
        let id = world.organisation(&format!("R{number:02}"), &name, "nhs_trust");
        let assessed = (number % 2 == 0).then_some("satisfactory");
        if number < 8 {
            let level = number % 3;
            world.submitted(collected, Return { assessed, level, late: number == 1, ..Return::of(id) });
        }
    }
    let draft = world.try_composed(Source::Collection("2026".to_owned()), title).unwrap();
    world.published_draft(draft)
}

/// Writes every file of a release into a folder of its own, under its name.
async fn written(world: &World, browser: &mut Browser, key: &str) -> PathBuf {
    let folder = world.folder().join("files");
    std::fs::create_dir_all(&folder).unwrap();
    let below = format!("/public/releases/{key}/");
    let mut names: Vec<String> = world
        .parts
        .site
        .addresses()
        .iter()
        .filter_map(|a| a.strip_prefix(&below).map(str::to_owned))
        .collect();
    names.extend(["organisations.csv", "organisations.json"].map(str::to_owned));
    assert!(names.len() > 30, "{names:?}");
    for name in names {
        let answer = browser.get(&format!("{below}{name}")).await.expect(200);
        std::fs::write(folder.join(&name), &answer.body).unwrap();
    }
    folder
}

/// Runs a command to its end; panics with what it printed when it fails.
#[track_caller]
fn passes(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("failed to run {command:?}: {error}"));
    let printed =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?} failed:\n{printed}");
    printed
}

async fn every_file_of_a_release_passes_its_validator(world: World) {
    let Some(python) = tool("PORTAL_TEST_FORMATS") else { return };
    let key = released(&world, Some(&hostile()));
    let folder = written(&world, &mut world.browser(), &key).await;
    for kind in ["csvw", "package", "catalogue"] {
        let said =
            passes(Command::new(&python).arg(root().join("scripts/formats/check.py")).arg(kind).arg(&folder));
        assert!(said.contains("right: "), "{said}");
    }
    // The checks can fail.
    std::fs::write(folder.join("headline.csv"), "measure\r\nx\r\n").unwrap();
    for kind in ["csvw", "package"] {
        let mut check = Command::new(&python);
        check.arg(root().join("scripts/formats/check.py")).arg(kind).arg(&folder);
        assert!(!check.output().unwrap().status.success(), "{kind} takes a file that was changed");
    }
}

/// The parts of a workbook, unpacked beside it.
fn unpacked(path: &Path) -> Vec<PathBuf> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    ["content.xml", "styles.xml", "meta.xml"]
        .into_iter()
        .map(|name| {
            let to = path.with_extension(name);
            let mut out = std::fs::File::create(&to).unwrap();
            std::io::copy(&mut archive.by_name(name).unwrap(), &mut out).unwrap();
            to
        })
        .collect()
}

fn workbooks(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|end| end == "ods")).collect();
    found.sort();
    found
}

async fn every_workbook_keeps_to_the_schema_of_open_document(world: World) {
    let (Some(jing), Some(schema)) = (tool("PORTAL_TEST_JING"), tool("PORTAL_TEST_ODF")) else { return };
    let key = released(&world, Some(&hostile()));
    let folder = written(&world, &mut world.browser(), &key).await;
    let parts: Vec<PathBuf> = workbooks(&folder).iter().flat_map(|path| unpacked(path)).collect();
    assert!(parts.len() > 15, "{parts:?}");
    let schema = Path::new(&schema).join("OpenDocument-schema-v1.3.rnc");
    passes(Command::new(&jing).arg("-i").arg("-c").arg(&schema).args(&parts));
    let broken = folder.join("broken.xml");
    let text = std::fs::read_to_string(&parts[0]).unwrap().replace("table:table-row", "table:row");
    std::fs::write(&broken, text).unwrap();
    let refused = Command::new(&jing).arg("-i").arg("-c").arg(&schema).arg(&broken).output().unwrap();
    assert!(!refused.status.success(), "the schema takes anything");
}

async fn public_pages_pass_the_html_checker(world: World) {
    let Some(checker) = tool("PORTAL_TEST_VNU") else { return };
    let key = released(&world, Some("Results <b> & \"more\""));
    let mut browser = world.browser();
    let folder = world.folder().join("pages");
    std::fs::create_dir_all(&folder).unwrap();
    let mut addresses = world.parts.site.addresses();
    addresses.extend(["/public/organisations", "/public/organisations/R01", "/api"].map(str::to_owned));
    assert!(addresses.contains(&format!("/public/releases/{key}")));
    for address in addresses {
        let answer = browser.get(&address).await.expect(200);
        if answer.header("content-type").starts_with("text/html") {
            std::fs::write(folder.join(format!("page{}.html", address.replace('/', "_"))), &answer.body)
                .unwrap();
        }
    }
    // On narrow screens tables become blocks, and browsers forget that they were tables: the design system says it again, and
    // the checker takes saying it twice for an error.
    let roles =
        ".*.role. attribute must not be used on a .(tr|th|td). element which has a .table. ancestor.*";
    let asked = ["-jar", &checker, "--errors-only", "--format", "text", "--filterpattern", roles];
    passes(Command::new("java").args(asked).arg(&folder));
}

fn json(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap())
        .unwrap_or_else(|e| panic!("{name}: {e}"))
}

async fn hostile_words_survive_every_format(world: World) {
    let key = released(&world, Some(&hostile()));
    let folder = written(&world, &mut world.browser(), &key).await;
    // A title is one line.
    let title = hostile().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(json(&folder, "headline.json")["release"]["title"], title);
    assert_eq!(json(&folder, "datapackage.json")["title"], title);
    assert_eq!(json(&folder, "catalogue.jsonld")["@graph"][0]["dct:title"][0]["@value"], title);
    let described = json(&folder, "grade-by-sector.csv-metadata.json");
    assert!(described["dc:title"].as_str().unwrap().starts_with(&title), "{described}");
    let turtle = std::fs::read_to_string(folder.join("catalogue.ttl")).unwrap();
    assert!(turtle.contains("\\\"q\\\" \\\\ ") && turtle.contains("\\u0001"), "{turtle}");
    let list = json(&folder, "organisations.json");
    assert_eq!(list["organisations"][0]["name"], hostile());
    let mut rows = csv::Reader::from_path(folder.join("organisations.csv")).unwrap();
    let first = rows.records().next().unwrap().unwrap();
    assert_eq!(first[1], format!("'{}", hostile()));
    for path in workbooks(&folder) {
        for part in unpacked(&path) {
            let text = std::fs::read_to_string(&part).unwrap();
            let parsed = roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{part:?}: {e}"));
            let mut texts = parsed.descendants().filter_map(|node| node.text());
            let wanted = title.replace('\u{1}', "\u{fffd}");
            let is_styles = part.to_string_lossy().ends_with("styles.xml");
            assert!(is_styles || texts.any(|said| said.starts_with(&wanted)), "{part:?} has no title");
            assert!(parsed.descendants().all(|node| node.attributes().all(|one| one.name() != "formula")));
        }
    }
}

async fn the_same_files_stand_at_both_addresses(world: World) {
    let key = released(&world, None);
    let mut browser = world.browser();
    let page = browser.get("/public/data").await.expect(200);
    let page =
        page.shows("ODS").shows(" KB)").shows("datapackage.json").shows("catalogue.ttl").hides("report.pdf");
    page.shows("Open Government Licence");
    for (name, media_type) in [
        ("all-tables.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("grade-by-sector.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("grade-by-sector.csv", "text/csv; charset=utf-8; header=present"),
        ("grade-by-sector.csv-metadata.json", "application/csvm+json"),
        ("organisations.csv-metadata.json", "application/csvm+json"),
        ("points-by-sector.csv", "text/csv; charset=utf-8; header=present"),
        ("points-by-sector.csv-metadata.json", "application/csvm+json"),
        ("points-by-sector.json", "application/json"),
        ("points-by-sector.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("headline.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("datapackage.json", "application/json"),
        ("catalogue.jsonld", "application/ld+json"),
        ("catalogue.ttl", "text/turtle; charset=utf-8"),
    ] {
        let steady = browser.get(&format!("/public/data/{name}")).await.expect(200);
        let permanent = browser.get(&format!("/public/releases/{key}/{name}")).await.expect(200);
        assert_eq!(steady.header("content-type"), media_type, "{name}");
        assert_eq!(
            (&steady.body, steady.header("etag")),
            (&permanent.body, permanent.header("etag")),
            "{name}"
        );
    }
    browser.get(&format!("/public/releases/{key}/report.pdf")).await.expect(404);
    let folder = written(&world, &mut browser, &key).await;
    marks_are_explained_where_they_stand(&folder.join("all-tables.ods"));
}

/// Every mark in a cell is explained above its table, and no sheet explains one that it does not use.
fn marks_are_explained_where_they_stand(workbook: &Path) {
    let content = std::fs::read_to_string(&unpacked(workbook)[0]).unwrap();
    let parsed = roxmltree::Document::parse(&content).unwrap();
    let sheets: Vec<_> = parsed.descendants().filter(|node| node.tag_name().name() == "table").collect();
    let mut found = 0;
    for sheet in sheets {
        let cells = || {
            let all = sheet.descendants().filter(|node| node.tag_name().name() == "table-cell");
            all.map(|cell| {
                let texts = cell.descendants().filter(roxmltree::Node::is_text);
                texts.filter_map(|node| node.text()).collect::<String>()
            })
        };
        let blank = sheet.descendants().filter(|node| node.tag_name().name() == "table-row");
        assert!(blank.into_iter().all(|row| row.has_children()), "a row is blank");
        for mark in ["[b]", "[c]", "[low]", "[p]", "[r]", "[x]", "[z]"] {
            let explained = cells().any(|text| text.starts_with(&format!("{mark} = ")));
            let used = cells().any(|text| text == mark || text.contains(&format!(" {mark}")));
            assert_eq!(explained, used, "{mark}");
            found += usize::from(used);
        }
    }
    assert!(found > 2, "{found} marks");
}
