//! The bundle of a release: an honest one is confirmed from itself alone, and whatever is changed in it is named.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use std::process::{Command, Output};

use portal::ledger::LogKey;
use portal::platform::canonical::{hex, sha256};
use portal::publication::{Mismatch, Source, Verified, verify_bundle};
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::given::Return;
use crate::on_both;
use crate::support::World;

on_both!(
    an_honest_bundle_is_confirmed_and_stays_the_same,
    a_bundle_of_returns_says_what_cannot_be_made_again,
    whatever_is_changed_is_named,
    a_forger_with_another_key_is_caught_by_key_ledger_and_sums,
    the_command_tells_by_its_exit_code,
    a_stranger_finds_it_from_the_front_page,
);

const SNAPSHOT: &str = "register@2022-09-09";
const EARLIER: &str = "register@2021-09-09";

type Files = BTreeMap<String, Vec<u8>>;

/// A register with an earlier one, a merger, old editions, and names that are hard on every format.
fn some(world: &World) -> String {
    let trust = world.organisation("RX1", "<b>Example</b> Trust & \"Sons\"", "nhs_trust");
    let gone = world.organisation("RX2", "=Gone Trust", "nhs_trust");
    let long: String = "LONG <i>NAME</i> ".repeat(12).chars().take(167).collect();
    let surgery = world.organisation("A81", &long, "gp");
    world.status(EARLIER, trust, "20/21", "Standards Met", "standards_met");
    world.status(EARLIER, gone, "20/21", "Standards Met", "standards_met");
    world.status(SNAPSHOT, trust, "21/22", "Standards Exceeded", "standards_exceeded");
    world.status(SNAPSHOT, gone, "", "Not Published", "not_published");
    world.status(SNAPSHOT, surgery, "19/20", "Entry Level", "approaching_standards");
    world.successor(gone, trust);
    world.published(Source::Register(SNAPSHOT.into()))
}

async fn bundle(world: &World, key: &str) -> Vec<u8> {
    let answer = world.browser().get(&format!("/public/releases/{key}/bundle.zip")).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    answer.body.to_vec()
}

fn files(bundle: &[u8]) -> Files {
    let mut archive = ZipArchive::new(Cursor::new(bundle)).unwrap();
    (0..archive.len())
        .map(|place| {
            let mut entry = archive.by_index(place).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            (entry.name().unwrap().into_owned(), content)
        })
        .collect()
}

fn packed(files: &Files) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn verified(world: &World, bundle: &[u8]) -> Verified {
    verify_bundle(bundle, Some(world.parts.key.verifier())).unwrap()
}

async fn an_honest_bundle_is_confirmed_and_stays_the_same(world: World) {
    let key = some(&world);
    let first = bundle(&world, &key).await;
    let found = verified(&world, &first);
    assert!(found.mismatches.is_empty(), "{found:?}");
    assert_eq!((found.organisations, found.release.as_str()), (3, key.as_str()));
    for table in ["headline", "standing-by-sector", "grade-by-region", "edition-by-sector", "change"] {
        assert!(found.recomputed.iter().any(|name| name == table), "{table}: {found:?}");
    }
    assert!(found.checked.is_empty() && found.key_was_given && found.ledger_size > 1, "{found:?}");
    // The ledger grows and the process starts again; the bundle is the same to the byte.
    let other = world.organisation("ZZ9", "Another", "gp");
    world.status(SNAPSHOT, other, "21/22", "Standards Met", "standards_met");
    let second = world.published(Source::Register(SNAPSHOT.into()));
    let site = portal::publication::PublicSite::open(
        world.db(),
        &world.portal().pages,
        world.portal().config.public_url(),
        &world.parts.key,
        None,
    )
    .unwrap();
    while site.tend().unwrap() {}
    assert!(site.more_addresses().contains(&format!("/public/releases/{key}/bundle.zip")));
    assert_eq!(bundle(&world, &key).await, first);
    let found = verified(&world, &bundle(&world, &second).await);
    assert!(found.mismatches.is_empty(), "{found:?}");
    let mut browser = world.browser();
    browser.get("/public/releases/none/bundle.zip").await.expect(404);
    let listed = browser.get("/.well-known/portal-signing-key").await.expect(200).text();
    assert_eq!(listed.trim(), world.parts.key.verifier());
}

async fn a_bundle_of_returns_says_what_cannot_be_made_again(world: World) {
    let collected = world.collected("2026", None);
    for number in 0..30 {
        let trust = world.organisation(&format!("RX{number:02}"), &format!("Trust {number}"), "nhs_trust");
        let assessed = (number % 3 == 0).then_some("satisfactory");
        world.submitted(collected, Return { late: number % 4 == 0, assessed, ..Return::of(trust) });
    }
    let key = world.published(Source::Collection("2026".into()));
    let found = verified(&world, &bundle(&world, &key).await);
    assert!(found.mismatches.is_empty(), "{found:?}");
    // Late and not reviewed at once: both are counted from the lines.
    for table in ["late-by-sector", "late-by-region", "review-by-sector"] {
        assert!(found.recomputed.iter().any(|name| name == table), "{table}: {found:?}");
    }
    let answers = found.checked.iter().find(|one| one.table == "answers-by-requirement").unwrap();
    assert!(answers.why.contains("not public"), "{}", answers.why);
}

async fn whatever_is_changed_is_named(world: World) {
    let key = some(&world);
    let honest = files(&bundle(&world, &key).await);
    for name in honest.keys() {
        let mut other = honest.clone();
        other.get_mut(name).unwrap().push(b'\n');
        let found = verified(&world, &packed(&other)).mismatches;
        let named = if name == "bundle.json" { "bundle.json.sig" } else { name.as_str() };
        assert!(found.iter().any(|one| one.part == named), "{name}: {found:?}");
        other.remove(name);
        match verify_bundle(&packed(&other), Some(world.parts.key.verifier())) {
            Ok(found) => assert!(found.mismatches.iter().any(|one| one.part == *name), "{name}: {found:?}"),
            Err(why) => assert!(why.to_string().contains(name.as_str()), "{name}: {why}"),
        }
    }
    let mut more = honest.clone();
    more.insert("tables/more.csv".into(), b"a".to_vec());
    assert!(verified(&world, &packed(&more)).mismatches.iter().any(|one| one.part == "tables/more.csv"));
    // A cell of a file that people open.
    let mut other = honest.clone();
    let csv = String::from_utf8(other["organisations.csv"].clone()).unwrap();
    other.insert(
        "organisations.csv".into(),
        csv.replacen("standards_exceeded", "standards_met", 1).into_bytes(),
    );
    let found = verified(&world, &packed(&other)).mismatches;
    let cell = found.iter().find(|one| one.part == "organisations.csv" && !one.row.is_empty()).unwrap();
    assert_eq!((cell.row.as_str(), cell.column.as_str()), ("RX1 (line 3)", "status_now_code"), "{cell:?}");
}

/// Changes the document and signs everything anew with a key of the forger's own.
fn forged(honest: &Files, forger: &LogKey, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut files = honest.clone();
    let mut document: Value = serde_json::from_slice(&files["document.json"]).unwrap();
    change(&mut document);
    files.insert("document.json".into(), serde_json::to_vec(&document).unwrap());
    let mut manifest: Value = serde_json::from_slice(&files["bundle.json"]).unwrap();
    let hash = hex(&sha256(&files["document.json"]));
    manifest["files"]["document.json"]["sha256"] = Value::String(hash);
    manifest["key"] = Value::String(forger.verifier().to_owned());
    let release = manifest["release"].as_str().unwrap().to_owned();
    let manifest = serde_json::to_vec(&manifest).unwrap();
    let hash = hex(&sha256(&manifest));
    let note = forger.sign(&format!("portal release bundle v1\n{release}\n{hash}\n")).unwrap();
    files.insert("bundle.json.sig".into(), note.into_bytes());
    files.insert("bundle.json".into(), manifest);
    packed(&files)
}

async fn a_forger_with_another_key_is_caught_by_key_ledger_and_sums(world: World) {
    let key = some(&world);
    let honest = files(&bundle(&world, &key).await);
    let forger = LogKey::from_seed("forger.example/x", &[3; 32]);
    let parts = |found: &[Mismatch]| -> Vec<String> { found.iter().map(|one| one.part.clone()).collect() };
    let same = forged(&honest, &forger, |_| ());
    let found = verified(&world, &same).mismatches;
    assert!(parts(&found).contains(&"bundle.json.sig".to_owned()), "{found:?}");
    // Whoever trusts the key that comes with it still sees that no ledger vouches for it.
    let found = verify_bundle(&same, None).unwrap();
    assert!(!found.key_was_given && parts(&found.mismatches).contains(&"ledger/proof.json".to_owned()));
    let better = forged(&honest, &forger, |document| document["headline"]["meeting"] = 3.into());
    let found = verify_bundle(&better, None).unwrap().mismatches;
    let headline = Mismatch {
        part: "headline".into(),
        row: "meeting".into(),
        column: "count".into(),
        expected: "2".into(),
        found: "3".into(),
    };
    assert!(found.contains(&headline), "{found:?}");
    let told = found.iter().filter(|one| one.part == "ledger/proof.json" && one.column == "/data/document");
    assert_eq!(told.count(), 2, "{found:?}");
    let table = forged(&honest, &forger, |document| {
        let tables = document["tables"].as_array_mut().unwrap();
        let table = tables.iter_mut().find(|one| one["name"] == "grade-by-sector").unwrap();
        table["table"]["cells"][0] = 41.into();
    });
    let found = verify_bundle(&table, None).unwrap().mismatches;
    let cell = found.iter().find(|one| one.part == "grade-by-sector").unwrap();
    assert_eq!((cell.row.as_str(), cell.found.as_str()), ("nhs_trust", "41"), "{cell:?}");
    assert!(found.iter().any(|one| one.part == "tables/grade-by-sector.csv" && one.expected == "\"41\""));
}

fn portal(arguments: &[&str]) -> Output {
    // Nothing of the surroundings: no settings, no database.
    Command::new(env!("CARGO_BIN_EXE_portal")).args(arguments).env_clear().output().unwrap()
}

async fn the_command_tells_by_its_exit_code(world: World) {
    let key = some(&world);
    let honest = bundle(&world, &key).await;
    let path = world.folder().join("bundle.zip");
    let name = path.display().to_string();
    std::fs::write(&path, &honest).unwrap();
    let good = portal(&["verify", &name, "--key", world.parts.key.verifier()]);
    let said = String::from_utf8_lossy(&good.stdout).into_owned();
    assert!(good.status.success() && said.contains("Everything agrees."), "{said}");
    assert!(said.contains("RECOMPUTED: grade-by-sector"), "{said}");
    let unsure = portal(&["verify", &name]);
    assert!(String::from_utf8_lossy(&unsure.stdout).contains("This key came with the bundle"));
    let mut other = files(&honest);
    other.get_mut("tables/change.csv").unwrap().extend_from_slice(b"x\r\n");
    std::fs::write(&path, packed(&other)).unwrap();
    let bad = portal(&["verify", &name, "--json", "--key", world.parts.key.verifier()]);
    assert_eq!(bad.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&bad.stdout).unwrap();
    let first = &told["mismatches"].as_array().unwrap()[0];
    assert_eq!(first["part"], "tables/change.csv", "{told}");
    for (content, key) in
        [(b"no bundle".to_vec(), "x"), (honest[..honest.len() / 2].to_vec(), "x"), (honest, "x")]
    {
        std::fs::write(&path, content).unwrap();
        let unread = portal(&["verify", &name, "--key", key]);
        assert_eq!(unread.status.code(), Some(2), "{}", String::from_utf8_lossy(&unread.stderr));
    }
}

async fn a_stranger_finds_it_from_the_front_page(world: World) {
    let key = some(&world);
    let mut browser = world.browser();
    browser.get("/").await.expect(200).shows("href=\"/public/check\"");
    let check = browser.get("/public/check").await.expect(200);
    let check = check.shows("portal verify bundle.zip").shows("/.well-known/portal-signing-key");
    check.shows(&format!("/public/releases/{key}/bundle.zip"));
    let release = browser.get(&format!("/public/releases/{key}")).await.expect(200);
    release.shows("bundle.zip").shows("/public/check");
}
