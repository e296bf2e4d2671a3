//! Mappings between editions in the browser: begun, decided, put in force, taken away as a file and brought back.

use std::process::{Command, Output, Stdio};

use portal::access::CentralRole::{ProgrammeManager, StandardsEditor};
use portal::standards::mapping;

use super::{central, only_for};
use crate::on_both;
use crate::support::year::{levels, outcomes};
use crate::support::{Answer, Browser, World, everybodys};

on_both!(
    a_mapping_is_begun_decided_and_put_in_force,
    a_new_version_leaves_the_old_one_readable,
    what_does_not_fit_is_not_put_in_force,
    two_editors_lose_nothing,
    a_file_takes_the_place_of_the_draft_or_nothing_is_changed,
    files_that_are_no_mapping_are_refused,
    between_two_standards_only_evidence_serves,
    only_the_standards_editor_makes_mappings,
    what_cannot_be_mapped_is_told_beside_its_field,
    a_mapping_is_begun_once,
    the_command_line_imports_a_mapping,
);

const LIST: &str = "/standards/mappings";

/// Two editions of one standard: 1-2 is reworded, 1-3 of the older is 1-4 of the newer.
fn two_editions(world: &World) {
    world.edition(&levels("sample-2025", 3));
    let newer = levels("sample-2026", 3)
        .replace("Question 2?", "How far is question 2?")
        .replace("code = \"1-3\"", "code = \"1-4\"");
    world.edition(&newer);
}

async fn editor(world: &World) -> Browser {
    central(world, "Ed Standards", StandardsEditor).await
}

/// Begins the mapping; its address.
async fn begun(browser: &mut Browser, from: &str, to: &str) -> String {
    browser.get(LIST).await.expect(200);
    browser.post(LIST, &[("from", from), ("to", to)]).await.expect(303).location()
}

/// Posts a form of a page with the revision that the page shows.
async fn decided(browser: &mut Browser, at: &str, fields: &[(&str, &str)]) -> Answer {
    let revision = browser.get(at).await.expect(200).hidden("revision");
    browser.post(at, &[fields, &[("revision", revision.as_str())]].concat()).await
}

async fn put_in_force(browser: &mut Browser, at: &str) -> Answer {
    let revision = browser.get(at).await.expect(200).hidden("revision");
    browser.post(&format!("{at}/in-force"), &[("revision", revision.as_str())]).await
}

async fn a_mapping_is_begun_decided_and_put_in_force(world: World) {
    two_editions(&world);
    let mut ed = editor(&world).await;
    ed.get("/standards").await.expect(200).shows("href=\"/standards/mappings\"");
    let at = begun(&mut ed, "sample-2025", "sample-2026").await;
    ed.get(&at)
        .await
        .expect(200)
        .shows("Mapping begun")
        .shows("Nobody has decided about 2 requirements yet")
        .shows("Unchanged (1)")
        .shows("Reworded (1)")
        .shows("New (1)")
        .shows("Retired (1)")
        .shows("Suggested: 1-3 Title 3 (similar words)");
    ed.get(&format!("{at}?show=undecided")).await.expect(200).shows("1-4 Title 3").hides("Question 1?");
    // The suggestion is taken with one press.
    let take = format!("{at}/to/1-4");
    let saved =
        decided(&mut ed, &take, &[("kind", "reworded"), ("from", "1-3"), ("show", "undecided")]).await;
    assert_eq!(saved.expect(303).location(), format!("{at}?show=undecided"));
    ed.get(&format!("{at}?show=undecided")).await.expect(200).shows("There are none");
    decided(
        &mut ed,
        &take,
        &[("kind", "reworded"), ("from", "1-3"), ("note", "Only the code <b>changed</b>")],
    )
    .await
    .expect(303);
    ed.get(&at).await.expect(200).shows("Only the code &lt;b&gt;changed").hides("Nobody has decided");
    put_in_force(&mut ed, &at).await.expect(303);
    ed.get(&at).await.expect(200).shows("Mapping in force").shows("In force").hides("Discard the draft");
    // What is in force never changes.
    ed.get(&take).await.expect(409).shows("You cannot change a mapping between editions now");
    ed.post(&take, &[("kind", ""), ("revision", "3")]).await.expect(409);
    ed.post(&format!("{at}/discard"), &[("revision", "3")]).await.expect(409);
    let found = world
        .db()
        .read_now(everybodys(), |conn| {
            let from = portal::standards::edition_by_key(conn, "sample-2025")?.unwrap().0.id();
            let to = portal::standards::edition_by_key(conn, "sample-2026")?.unwrap().0.id();
            mapping::in_force(conn, from, to)
        })
        .unwrap()
        .unwrap();
    assert_eq!((found.version, found.lines.len()), (1, 3));
    world.settle();
}

async fn a_new_version_leaves_the_old_one_readable(world: World) {
    two_editions(&world);
    let mut ed = editor(&world).await;
    let first = begun(&mut ed, "sample-2025", "sample-2026").await;
    decided(&mut ed, &format!("{first}/from/1-3"), &[("kind", "retired"), ("note", "Nobody asks any more")])
        .await
        .expect(303);
    put_in_force(&mut ed, &first).await.expect(303);
    let second = begun(&mut ed, "sample-2025", "sample-2026").await;
    assert_ne!(first, second);
    ed.get(&second)
        .await
        .expect(200)
        .shows("Version 2")
        .shows("Nobody asks any more")
        .shows("Version 1, in force");
    decided(&mut ed, &format!("{second}/from/1-3"), &[("kind", "")]).await.expect(303);
    decided(&mut ed, &format!("{second}/to/1-4"), &[("kind", "reworded"), ("from", "1-3")]).await.expect(303);
    put_in_force(&mut ed, &second).await.expect(303);
    ed.get(&first).await.expect(200).shows("Replaced").shows("Nobody asks any more");
    ed.get(&second).await.expect(200).shows("In force").hides("Nobody asks any more");
    // A draft can be discarded, and what is in force stays.
    let third = begun(&mut ed, "sample-2025", "sample-2026").await;
    let revision = ed.get(&third).await.expect(200).hidden("revision");
    ed.post(&format!("{third}/discard"), &[("revision", revision.as_str())]).await.expect(303);
    ed.get(&third).await.expect(404);
    ed.get(LIST).await.expect(200).shows("In force").shows("Replaced").hides("Draft</");
    world.settle();
}

async fn what_does_not_fit_is_not_put_in_force(world: World) {
    two_editions(&world);
    let mut ed = editor(&world).await;
    let at = begun(&mut ed, "sample-2025", "sample-2026").await;
    decided(&mut ed, &format!("{at}/to/1-4"), &[("kind", "split"), ("from", "1-2")]).await.expect(303);
    put_in_force(&mut ed, &at)
        .await
        .expect(422)
        .shows("must say &quot;split&quot;")
        .shows("href=\"#lines\"")
        .shows("Put in force");
    decided(&mut ed, &format!("{at}/to/1-2"), &[("kind", "split"), ("from", "1-2")]).await.expect(303);
    put_in_force(&mut ed, &at).await.expect(303);
    for (fields, field) in [
        (vec![("kind", "merged"), ("from", "1-1")], "from"),
        (vec![("kind", "reworded"), ("from", "9-9")], "from"),
        (vec![("kind", "renamed"), ("from", "")], "kind"),
    ] {
        let at = begun(&mut ed, "sample-2025", "sample-2026").await;
        let place = format!("{at}/to/1-1");
        decided(&mut ed, &place, &fields).await.expect(422).shows(&format!("id=\"{field}-error\""));
    }
    let long = "x".repeat(501);
    let at = begun(&mut ed, "sample-2025", "sample-2026").await;
    decided(&mut ed, &format!("{at}/from/1-3"), &[("kind", "retired"), ("note", &long)])
        .await
        .expect(422)
        .shows("id=\"note-error\"");
    ed.get(&format!("{at}/to/9-9")).await.expect(404);
    ed.get(&format!("{at}/from/1-4")).await.expect(404);
    world.settle();
}

async fn two_editors_lose_nothing(world: World) {
    two_editions(&world);
    let mut ed = editor(&world).await;
    let mut edie = central(&world, "Edie Standards", StandardsEditor).await;
    let at = begun(&mut ed, "sample-2025", "sample-2026").await;
    let place = format!("{at}/to/1-4");
    let seen = edie.get(&place).await.expect(200).hidden("revision");
    decided(&mut ed, &place, &[("kind", "reworded"), ("from", "1-3")]).await.expect(303);
    let mine = [("kind", "new"), ("note", "My own words"), ("revision", seen.as_str())];
    let refused = edie
        .post(&place, &mine)
        .await
        .expect(409)
        .shows("A colleague changed the mapping")
        .shows("My own words");
    assert_ne!(refused.hidden("revision"), seen);
    edie.post(&format!("{at}/in-force"), &[("revision", seen.as_str())])
        .await
        .expect(409)
        .shows("A colleague changed the mapping");
    edie.post(&format!("{at}/discard"), &[("revision", seen.as_str())]).await.expect(409);
    ed.get(&at).await.expect(200).shows("1-3 Title 3").hides("Undecided</");
    edie.post(&place, &[("kind", "new")]).await.expect(422);
    world.settle();
}

async fn a_file_takes_the_place_of_the_draft_or_nothing_is_changed(world: World) {
    two_editions(&world);
    let mut ed = editor(&world).await;
    let at = begun(&mut ed, "sample-2025", "sample-2026").await;
    let file = ed.get(&format!("{at}/csv")).await.expect(200);
    assert!(file.header("content-disposition").contains("sample-2025-to-sample-2026-v1.csv"));
    let text = file.text();
    let form = format!("{at}/upload");
    let revision = ed.get(&form).await.expect(200).hidden("revision");
    // Taken as it came, it changes nothing but the revision.
    let fields = [("revision", revision.as_str())];
    ed.upload(&form, &fields, "mapping.csv", text.as_bytes()).await.expect(303);
    ed.get(&at).await.expect(200).shows("The draft has 2 lines now").shows("Nobody has decided about 2");
    // A colleague, or the same page twice, is told.
    ed.get(&form).await.expect(200);
    ed.upload(&form, &fields, "mapping.csv", text.as_bytes()).await.expect(409).shows("A colleague changed");
    // Moved columns, and what was open decided.
    let moved = "kind,note,to_code,from_code,to_edition,from_edition\r\n\
                 merged,,1-1,1-1,sample-2026,sample-2025\r\nmerged,'=1+1,1-1,1-2,sample-2026,sample-2025\r\n\
                 retired,,,1-3,sample-2026,sample-2025\r\n";
    let revision = ed.get(&form).await.expect(200).hidden("revision");
    ed.upload(&form, &[("revision", revision.as_str())], "m.csv", moved.as_bytes()).await.expect(303);
    ed.get(&at).await.expect(200).shows("Merged or split (1)").shows("=1+1");
    assert!(ed.get(&format!("{at}/csv")).await.expect(200).text().contains("'=1+1"));
    // One wrong row, and nothing is taken.
    let broken = moved.replace("1-3,sample-2026", "9-9,sample-2026").replace("merged,,1-1", "renamed,,1-1");
    let revision = ed.get(&form).await.expect(200).hidden("revision");
    ed.upload(&form, &[("revision", revision.as_str())], "m.csv", broken.as_bytes())
        .await
        .expect(422)
        .shows("id=\"problems\"")
        .shows("Row 2")
        .shows("Row 4")
        .shows("9-9 is no requirement of");
    ed.get(&at).await.expect(200).shows("Merged or split (1)").shows("=1+1");
    put_in_force(&mut ed, &at).await.expect(303);
    ed.get(&form).await.expect(409);
    world.settle();
}

async fn files_that_are_no_mapping_are_refused(world: World) {
    two_editions(&world);
    let mut ed = editor(&world).await;
    let at = begun(&mut ed, "sample-2025", "sample-2026").await;
    let form = format!("{at}/upload");
    let head = "from_edition,from_code,to_edition,to_code,kind\n";
    let wrong = format!("{head}sample-2024,1-1,sample-2026,1-1,reworded\n");
    let formula = format!("{head}=cmd|' /C calc'!A0,1-1,sample-2026,1-1,reworded\n");
    for (content, said) in [
        (wrong.as_bytes(), "from_edition says &quot;sample-2024&quot;"),
        (formula.as_bytes(), "but this mapping is about sample-2025"),
        (b"PK\x03\x04\x14\0".as_slice(), "This is a spreadsheet file"),
        (b"a,b\n1,2\n".as_slice(), "The column from_edition is missing"),
        (b"from_edition,\xff\xfe\n".as_slice(), "not UTF-8"),
    ] {
        let revision = ed.get(&form).await.expect(200).hidden("revision");
        ed.upload(&form, &[("revision", revision.as_str())], "m.csv", content).await.expect(422).shows(said);
    }
    let large = vec![b'x'; 4 * 1024 * 1024 + 1];
    ed.upload(&form, &[("revision", "1")], "m.csv", &large).await.expect(413).shows("larger than 4 MB");
    ed.upload(&form, &[("revision", "1")], "", b"").await.expect(422).shows("Choose a CSV file");
    ed.forget_token();
    ed.upload(&form, &[("revision", "1")], "m.csv", head.as_bytes()).await.expect(403);
    ed.get(&at).await.expect(200).shows("Reworded (1)");
    world.settle();
}

async fn between_two_standards_only_evidence_serves(world: World) {
    two_editions(&world);
    world.edition(&outcomes("outcomes-2026"));
    let mut ed = editor(&world).await;
    let at = begun(&mut ed, "sample-2026", "outcomes-2026").await;
    ed.get(&at).await.expect(200).shows("Between them evidence serves").shows("Undecided (4)");
    let place = format!("{at}/to/A1.a");
    ed.get(&place).await.expect(200).hides("name=\"from\"");
    decided(&mut ed, &place, &[("kind", "reworded"), ("from", "1-1")]).await.expect(422);
    decided(&mut ed, &place, &[("kind", ""), ("serves", "1-1, 1-2")]).await.expect(303);
    ed.get(&format!("{at}?show=serves")).await.expect(200).shows("A1.a Outcome").shows("1-2 Title 2");
    ed.get(&format!("{at}/from/1-1")).await.expect(200).shows("Its evidence serves A1.a");
    put_in_force(&mut ed, &at).await.expect(303);
    // Evidence may serve the other way round as well.
    begun(&mut ed, "outcomes-2026", "sample-2026").await;
    world.settle();
}

async fn only_the_standards_editor_makes_mappings(world: World) {
    two_editions(&world);
    let mut ed = editor(&world).await;
    let at = begun(&mut ed, "sample-2025", "sample-2026").await;
    let pages = [format!("{at}/to/1-1"), format!("{at}/from/1-3"), format!("{at}/upload")];
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    only_for(&world, ProgrammeManager, &pages).await;
    // Everybody signed in reads what became of the requirements.
    for name in ["Adi Admin", "Rae Other"] {
        let mut reader = world.signed_in(name).await;
        reader.get(LIST).await.expect(200).shows(&at).hides("Begin the mapping");
        reader.get(&at).await.expect(200).shows("1-2 Title 2").hides("Put in force").hides("Suggested:");
        reader.get(&format!("{at}/csv")).await.expect(200);
        reader.get("/account").await.expect(200);
        let refused = if name == "Adi Admin" { 404 } else { 403 };
        reader.post(LIST, &[("from", "sample-2025"), ("to", "sample-2026")]).await.expect(refused);
        for more in ["/in-force", "/discard", "/to/1-1", "/from/1-3"] {
            reader.post(&format!("{at}{more}"), &[("revision", "1"), ("kind", "")]).await.expect(refused);
        }
        reader.upload(&format!("{at}/upload"), &[("revision", "1")], "m.csv", b"a").await.expect(refused);
    }
    ed.get(&at).await.expect(200).shows("Draft");
    world.settle();
}

async fn what_cannot_be_mapped_is_told_beside_its_field(world: World) {
    two_editions(&world);
    let mut ed = editor(&world).await;
    ed.get(LIST).await.expect(200);
    ed.post(LIST, &[]).await.expect(422).shows("id=\"from-error\"");
    ed.post(LIST, &[("from", "sample-2025"), ("to", "nothing")]).await.expect(422).shows("id=\"to-error\"");
    ed.post(LIST, &[("from", "sample-2025"), ("to", "sample-2025")])
        .await
        .expect(422)
        .shows("Select another edition");
    begun(&mut ed, "sample-2025", "sample-2026").await;
    ed.get(LIST).await.expect(200);
    ed.post(LIST, &[("from", "sample-2026"), ("to", "sample-2025")])
        .await
        .expect(422)
        .shows("There is a mapping the other way round already");
    ed.get("/standards/mappings/999").await.expect(404);
    ed.get("/standards/mappings/x").await.expect(404);
    world.settle();
}

async fn a_mapping_is_begun_once(world: World) {
    two_editions(&world);
    let mut ed = editor(&world).await;
    let once = ed.get(LIST).await.expect(200).hidden("once");
    assert!(!once.is_empty());
    let fields = [("from", "sample-2025"), ("to", "sample-2026"), ("once", once.as_str())];
    let first = ed.post(LIST, &fields).await.expect(303).location();
    let second = ed.post(LIST, &fields).await.expect(303).location();
    assert_eq!(first, second);
    ed.get(&second).await.expect(200).shows("There is a draft already");
    world.settle();
}

/// Runs `portal import mapping` on a file with this content.
fn imported(world: &World, content: &str, more: &[&str]) -> (bool, String) {
    let file = world.folder().join("mapping.csv");
    std::fs::write(&file, content).unwrap();
    let output: Output = Command::new(env!("CARGO_BIN_EXE_portal"))
        .env_clear()
        .envs(world.environment())
        .env("RUST_LOG", "error")
        .stdin(Stdio::null())
        .args(["import", "mapping"])
        .arg(&file)
        .args(more)
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

async fn the_command_line_imports_a_mapping(world: World) {
    two_editions(&world);
    let head = "from_edition,from_code,to_edition,to_code,kind\n";
    let good = format!(
        "{head}sample-2025,1-3,sample-2026,1-4,reworded\nsample-2025,1-1,sample-2026,1-1,unchanged\n"
    );
    let (done, said) = imported(&world, &good, &["--in-force"]);
    assert!(done && said.contains("from sample-2025 to sample-2026: 2 lines, in force"), "{said}");
    let (done, said) = imported(&world, &good.replace("1-4", "9-9"), &[]);
    assert!(!done && said.contains("Row 2") && said.contains("9-9 is no requirement"), "{said}");
    let (done, said) = imported(&world, &good.replace("sample-2026", "sample-2031"), &[]);
    assert!(!done && said.contains("there is no edition \"sample-2031\""), "{said}");
    let (done, said) = imported(&world, &good, &[]);
    assert!(done && said.contains("a draft"), "{said}");
    // A draft that somebody works on is not overtaken.
    let (done, said) = imported(&world, &good, &["--in-force"]);
    assert!(!done && said.contains("is being worked on"), "{said}");
    let mut ed = editor(&world).await;
    ed.get(LIST).await.expect(200).shows("In force").shows("Draft");
    world.settle();
}
