//! Importing a file of organisations in the browser.

use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::cli::import::import_register;
use portal::organisations::{ImportOptions, OdsCode, by_code};
use portal::platform::jobs;

use super::{central, files_below, fixture, only_for, programme};
use crate::on_both;
use crate::support::{Browser, World, everybodys};

on_both!(
    an_uploaded_register_is_taken_in_and_reported,
    the_same_file_again_changes_nothing,
    imports_of_the_command_line_are_listed_too,
    the_form_is_kept_with_what_is_wrong,
    what_is_no_list_of_organisations_is_refused_and_leaves_nothing,
    a_file_that_is_too_large_is_refused_and_leaves_nothing,
    a_file_too_damaged_is_refused_as_a_whole,
    an_import_that_lost_its_file_says_so,
    only_the_programme_manager_imports,
    a_form_without_its_token_imports_nothing,
);

const REGISTER: &str = "register-2024-05-01.csv";

async fn upload(browser: &mut Browser, name: &str, content: &[u8]) -> crate::support::Answer {
    browser.get("/imports/new").await.expect(200);
    browser.upload("/imports/new", &[], name, content).await
}

fn known(world: &World, code: &str) -> bool {
    let code = OdsCode::parse(code).unwrap();
    world.db().read_now(everybodys(), move |conn| by_code(conn, &code)).unwrap().is_some()
}

async fn an_uploaded_register_is_taken_in_and_reported(world: World) {
    let mut mo = programme(&world).await;
    mo.get("/imports").await.expect(200).shows("Nothing has been imported yet").shows("Import a file");
    let to = upload(&mut mo, REGISTER, &fixture(REGISTER)).await.expect(303).location();
    mo.get(&to).await.expect(200).shows("File received").shows("Waiting to start").shows("Refresh this page");
    mo.get("/imports").await.expect(200).shows("Waiting to start").shows("Mo Programme");
    assert!(!known(&world, "ZZT01"), "nothing is taken in before the job has run");
    world.settle();
    assert!(known(&world, "ZZT01"));
    mo.get(&to)
        .await
        .expect(200)
        .shows("Taken in")
        .hides("Refresh this page")
        .shows("National register")
        .shows("1 May 2024")
        .shows("Rows held back: 12")
        .shows("held back")
        .shows("/quarantine?state=all&amp;source=register%402024-05-01");
    mo.get("/imports").await.expect(200).shows(REGISTER).shows("Mo Programme").shows("1 import");
    mo.get("/imports/999").await.expect(404);
    mo.get("/imports/nonsense").await.expect(404);
}

async fn the_same_file_again_changes_nothing(world: World) {
    let mut mo = programme(&world).await;
    let first = upload(&mut mo, REGISTER, &fixture(REGISTER)).await.expect(303).location();
    // Sent twice before a worker came to it, it is one import.
    let twice = upload(&mut mo, REGISTER, &fixture(REGISTER)).await.expect(303).location();
    assert_eq!(first, twice);
    world.settle();
    let again = upload(&mut mo, REGISTER, &fixture(REGISTER)).await.expect(303).location();
    assert_ne!(first, again);
    world.settle();
    let text = mo.get(&again).await.expect(200).text();
    let row = |words: &str| {
        let rest = text.split(words).nth(1).unwrap();
        rest.split("</td>").next().unwrap().rsplit('>').next().unwrap().to_owned()
    };
    assert_eq!((row("Added an organisation").as_str(), row("Changed something").as_str()), ("0", "0"));
    assert_ne!(row("Said nothing new"), "0");
    assert_eq!(files_below(&world, "imports"), 1, "the same content is kept once");
}

async fn imports_of_the_command_line_are_listed_too(world: World) {
    let path =
        std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/organisations").join(REGISTER);
    import_register(world.db(), &path, &ImportOptions::default()).unwrap();
    let mut mo = programme(&world).await;
    mo.get("/imports").await.expect(200).shows(REGISTER).shows("The command line");
    mo.get("/imports/1").await.expect(200).shows("The command line").shows("Rows held back: 12");
    world.settle();
}

async fn the_form_is_kept_with_what_is_wrong(world: World) {
    let mut mo = programme(&world).await;
    mo.get("/imports/new").await.expect(200);
    let typed = [
        ("format", "workbook"),
        ("as_of-day", "31"),
        ("as_of-month", "2"),
        ("as_of-year", "2024"),
        ("edition", "23/24"),
    ];
    mo.upload("/imports/new", &typed, "", b"")
        .await
        .expect(422)
        .shows("Select what kind of file it is")
        .shows("must be a real date")
        .shows("Choose a file to import")
        .shows("value=\"31\"")
        .shows("value=\"23/24\"")
        .shows("href=\"#as_of-day\"");
    // A name without a date, and no day given.
    mo.upload("/imports/new", &[], "register.csv", &fixture(REGISTER))
        .await
        .expect(422)
        .shows("Enter the day the file speaks of");
    assert_eq!(files_below(&world, ""), files_below(&world, "incoming") + secrets(&world));
    assert_eq!(files_below(&world, "incoming"), 0);
    let day = [("as_of-day", "1"), ("as_of-month", "5"), ("as_of-year", "2024")];
    let to = mo.upload("/imports/new", &day, "register.csv", &fixture(REGISTER)).await.expect(303).location();
    world.settle();
    mo.get(&to).await.expect(200).shows("1 May 2024").shows("Taken in");
}

/// Files that every installation keeps beside uploads: its two keys.
fn secrets(world: &World) -> usize {
    files_below(world, "") - files_below(world, "incoming") - files_below(world, "imports")
}

async fn what_is_no_list_of_organisations_is_refused_and_leaves_nothing(world: World) {
    let mut mo = programme(&world).await;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice();
    let wide = b"\xff\xfeC\0o\0d\0e\0".as_slice();
    let columns = b"Colour,Shape\nred,round\n".as_slice();
    let page = b"<html><script>alert(1)</script></html>".as_slice();
    let endless = [b"Code,".as_slice(), &[b'x'; 70_000]].concat();
    for (content, status, says) in [
        (b"PK\x03\x04zip".as_slice(), 415, "The file is a workbook or an archive"),
        (b"%PDF-1.7".as_slice(), 415, "The file is a PDF"),
        (b"\x1f\x8bgz".as_slice(), 415, "The file is compressed"),
        (png, 415, "zero bytes"),
        (wide, 415, "UTF-16"),
        (columns, 415, "The columns are not those of any known file"),
        (page, 415, "The columns are not those of any known file"),
        (&endless, 413, "longer than 64 KiB"),
        (b"".as_slice(), 415, "The file is empty"),
    ] {
        upload(&mut mo, "register-2024-05-01.csv", content)
            .await
            .expect(status)
            .shows(says)
            .shows("id=\"file-error\"")
            .hides("<script>alert");
    }
    assert_eq!((files_below(&world, "incoming"), files_below(&world, "imports")), (0, 0));
    mo.get("/imports").await.expect(200).shows("Nothing has been imported yet");
}

async fn a_file_that_is_too_large_is_refused_and_leaves_nothing(world: World) {
    let mut mo = programme(&world).await;
    let line = b"ZZ001,SOME PLACE,Standards Met,2024-04-01,Company\n";
    let large = line.repeat(2 * 1024 * 1024 / line.len() + 2);
    upload(&mut mo, REGISTER, &large).await.expect(413).shows("larger than 2 MB").shows("id=\"file-error\"");
    assert_eq!((files_below(&world, "incoming"), files_below(&world, "imports")), (0, 0));
}

async fn a_file_too_damaged_is_refused_as_a_whole(world: World) {
    let mut mo = programme(&world).await;
    let mut text = "Code,Organisation Name,Status,Date Of Publication,Primary Sector\n".to_owned();
    text.push_str("ZZ001,GOOD PLACE,23/24 Standards Met,2024-04-01,Company\n");
    for n in 0..20_001 {
        text.push_str(&format!("no code {n},,,,\n"));
    }
    let to = upload(&mut mo, REGISTER, text.as_bytes()).await.expect(303).location();
    world.settle();
    mo.get(&to)
        .await
        .expect(200)
        .shows("Refused")
        .shows("Nothing was imported")
        .shows("more than 20000 rows");
    assert!(!known(&world, "ZZ001"), "the good row is not taken in either");
    mo.get("/imports").await.expect(200).shows("Refused");
    mo.get("/quarantine").await.expect(200).shows("No row is like this");
}

async fn an_import_that_lost_its_file_says_so(world: World) {
    let mut mo = programme(&world).await;
    let to = upload(&mut mo, REGISTER, &fixture(REGISTER)).await.expect(303).location();
    std::fs::remove_dir_all(world.folder().join("files/imports")).unwrap();
    world.settle();
    mo.get(&to).await.expect(200).shows("Refused").shows("no longer there");
    // The job has ended: nothing is tried again.
    assert!(!jobs::run_once(world.db(), &world.parts.handlers, "test").unwrap());
}

async fn only_the_programme_manager_imports(world: World) {
    world.person("Mo Programme", &[], &[ProgrammeManager]);
    let mut mo = world.signed_in("Mo Programme").await;
    let to = upload(&mut mo, REGISTER, &fixture(REGISTER)).await.expect(303).location();
    world.settle();
    only_for(&world, CentralReviewer, &["/imports", "/imports/new", &to]).await;
    let mut rae = central(&world, "Rae Reviewer", CentralReviewer).await;
    rae.get("/home").await.expect(200);
    rae.get("/reviews/interests").await.expect(200);
    rae.upload("/imports/new", &[], REGISTER, b"x").await.expect(403);
    let mut outside = world.signed_in("Adi Admin").await;
    outside.get("/organisations/ZZX99/people").await.expect(200);
    outside.upload("/imports/new", &[], REGISTER, b"x").await.expect(404);
}

async fn a_form_without_its_token_imports_nothing(world: World) {
    let mut mo = programme(&world).await;
    mo.get("/imports/new").await.expect(200);
    mo.forget_token();
    mo.upload("/imports/new", &[], REGISTER, &fixture(REGISTER))
        .await
        .expect(403)
        .shows("This form has expired");
    assert_eq!((files_below(&world, "incoming"), files_below(&world, "imports")), (0, 0));
    mo.get("/imports").await.expect(200).shows("Nothing has been imported yet");
}
