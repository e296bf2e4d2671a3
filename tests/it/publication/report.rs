//! The report of a release as a PDF file: typeset once, stored, recorded in the ledger, and fit for everybody to read.

use std::process::Command;

use diesel::prelude::*;
use portal::publication::{self, Draft, Source};
use portal::schema::release_file;

use super::given::Return;
use crate::on_both;
use crate::source::root;
use crate::support::{World, everybodys};
use crate::tools::tool;

on_both!(a_report_is_kept_with_its_release);

fn draft(world: &World) -> Draft {
    let collected = world.collected("2026", None);
    for number in 0..6_u8 {
        let id = world.organisation(&format!("R{number:02}"), &format!("Trust {number}"), "nhs_trust");
        world.submitted(collected, Return { level: number % 3, ..Return::of(id) });
    }
    let title = "Results <b> #panic() $x$ \u{202e}\u{5d0} 2026";
    world.try_composed(Source::Collection("2026".to_owned()), Some(title)).unwrap()
}

fn differences(world: &World) -> Vec<String> {
    let (_, found) = world.db().read_now(everybodys(), publication::verify).unwrap();
    found.into_iter().map(|one| one.how).collect()
}

async fn a_report_is_kept_with_its_release(world: World) {
    let draft = publication::with_paper(draft(&world)).unwrap();
    let paper = draft.paper.clone().expect("this build typesets");
    let again = publication::with_paper(Draft { paper: None, ..draft.clone() }).unwrap();
    assert!(again.paper.as_ref() == Some(&paper), "the same document gives the same file");
    let key = world.published_draft(draft);
    let mut browser = world.browser();
    let at = format!("/public/releases/{key}/report.pdf");
    let answer = browser.get(&at).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert!(answer.body == paper, "the stored file is the one that is sent");
    browser.get("/public/data").await.shows("/public/data/report.pdf").shows("Report");
    browser.get(&format!("/public/releases/{key}")).await.shows(&at);
    assert_eq!(differences(&world), Vec::<String>::new());
    let whole = lopdf::Document::load_mem(&paper).unwrap();
    assert!(whole.get_pages().len() > 3, "{} pages", whole.get_pages().len());
    if let Some(python) = tool("PORTAL_TEST_FORMATS") {
        let file = world.folder().join("report.pdf");
        std::fs::write(&file, &paper).unwrap();
        let check = Command::new(python)
            .arg(root().join("scripts/formats/check.py"))
            .arg("pdf")
            .arg(&file)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&check.stdout);
        assert!(check.status.success(), "{said}\n{}", String::from_utf8_lossy(&check.stderr));
    }
    world
        .db()
        .housekeep_now(everybodys(), |tx| {
            diesel::update(release_file::table)
                .set(release_file::content.eq(b"another".to_vec()))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    let found = differences(&world);
    assert!(found.iter().any(|how| how.starts_with("its report hashes to ")), "{found:?}");
}

/// Forty pages within two seconds. Only an optimised build is held to it.
#[test]
fn forty_pages_are_typeset_in_time() {
    if cfg!(debug_assertions) {
        println!("skipped: only an optimised build is measured");
        return;
    }
    World::sqlite().run(async |world: World| {
        let mut draft = draft(&world);
        let tables = draft.document.tables.clone();
        while draft.document.tables.len() < 40 {
            let number = draft.document.tables.len();
            let mut entry = tables[number % tables.len()].clone();
            entry.name = format!("{}-{number}", entry.name);
            draft.document.tables.push(entry);
        }
        let started = std::time::Instant::now();
        let paper = publication::with_paper(draft).unwrap().paper.unwrap();
        let took = started.elapsed();
        let pages = lopdf::Document::load_mem(&paper).unwrap().get_pages().len();
        println!("{pages} pages in {took:?}, {} bytes", paper.len());
        assert!(pages >= 40, "{pages} pages");
        assert!(took.as_secs_f64() < 2.0, "{took:?}");
    });
}
