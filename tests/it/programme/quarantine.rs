//! Deciding about held-back rows in the browser.

use portal::access::CentralRole::StandardsEditor;
use portal::cli::import::import_register;
use portal::organisations::{ImportOptions, OdsCode, by_code};

use super::{central, only_for, programme};
use crate::on_both;
use crate::support::{Browser, World, everybodys};

on_both!(
    a_row_is_found_corrected_and_taken_in,
    what_is_still_wrong_is_said_beside_its_column,
    a_row_is_left_out_with_a_reason,
    the_second_decision_reads_the_first,
    the_list_is_filtered_and_paged_on_the_server,
    hostile_cells_are_only_text,
    only_the_programme_manager_decides,
);

const HEAD: &str = "Code,Organisation Name,Status,Date Of Publication,Primary Sector\n";

fn import_fixture(world: &World) {
    let path = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/organisations/register-2024-05-01.csv");
    import_register(world.db(), &path, &ImportOptions::default()).unwrap();
    world.settle();
}

fn import_text(world: &World, name: &str, text: &str) {
    let path = world.folder().join(name);
    std::fs::write(&path, text).unwrap();
    import_register(world.db(), &path, &ImportOptions::default()).unwrap();
    world.settle();
}

fn name_of(world: &World, code: &str) -> Option<String> {
    let code = OdsCode::parse(code).unwrap();
    world.db().read_now(everybodys(), move |conn| by_code(conn, &code)).unwrap().map(|found| found.name)
}

/// The address of a row of the file, read from the list as a person would.
async fn row(browser: &mut Browser, number: i64) -> String {
    let text = browser.get("/quarantine").await.expect(200).text();
    let end = text.find(&format!(">Row {number}<")).unwrap_or_else(|| panic!("row {number} in {text}"));
    text[..end].rsplit("href=\"").next().unwrap().trim_end_matches('"').to_owned()
}

async fn a_row_is_found_corrected_and_taken_in(world: World) {
    import_fixture(&world);
    let mut mo = programme(&world).await;
    let row = row(&mut mo, 12).await;
    let page =
        mo.get(&row).await.expect(200).shows("Held back").shows("UNMENDED HOME").shows("Take the row in");
    let version = page.hidden("version");
    let fields = [("version", version.as_str()), ("cell-0", "APR4"), ("cell-1", "MENDED HOME")];
    // Cells that the form does not send are empty: a browser sends all of them.
    let all: Vec<(String, String)> = sent(&page.text(), &fields);
    let all: Vec<(&str, &str)> = all.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let to = mo.post(&format!("{row}/resolve"), &all).await.expect(303).location();
    mo.get(&to)
        .await
        .expect(200)
        .shows("Row taken in")
        .shows("It added an organisation to the register.")
        .shows("Code corrected to")
        .shows("APR4")
        .shows("Decided by")
        .shows("Mo Programme")
        .hides("Take the row in");
    assert_eq!(name_of(&world, "APR4").as_deref(), Some("MENDED HOME"));
    world.settle();
}

/// What a browser would send: every input of the first form as the page has it, with some of them changed.
fn sent(html: &str, changed: &[(&str, &str)]) -> Vec<(String, String)> {
    let form = html.split("/resolve\"").nth(1).unwrap().split("</form>").next().unwrap();
    let attribute = |tag: &str, name: &str| {
        tag.split(&format!(" {name}=\"")).nth(1).map(|rest| rest.split('"').next().unwrap().to_owned())
    };
    form.split("<input")
        .skip(1)
        .filter_map(|tag| {
            let tag = tag.split('>').next().unwrap();
            let name = attribute(tag, "name")?;
            let value = attribute(tag, "value").unwrap_or_default();
            (name != "csrf").then_some((name, value))
        })
        .map(|(name, value)| match changed.iter().find(|(n, _)| *n == name) {
            Some((_, new)) => (name, (*new).to_owned()),
            None => (name, value),
        })
        .collect()
}

async fn what_is_still_wrong_is_said_beside_its_column(world: World) {
    import_fixture(&world);
    let mut mo = programme(&world).await;
    let row = row(&mut mo, 12).await;
    let page = mo.get(&row).await.expect(200).text();
    let all = sent(&page, &[("cell-0", "no code at all"), ("cell-1", "KEPT NAME")]);
    let all: Vec<(&str, &str)> = all.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    mo.post(&format!("{row}/resolve"), &all)
        .await
        .expect(422)
        .shows("href=\"#cell-0\"")
        .shows("id=\"cell-0-error\"")
        .shows("A code has letters, digits and hyphens only")
        .shows("value=\"no code at all\"")
        .shows("value=\"KEPT NAME\"");
    mo.post(&format!("{row}/dismiss"), &[("version", "1"), ("reason", "  ")])
        .await
        .expect(422)
        .shows("Say why the row is left out")
        .shows("id=\"reason-error\"");
    mo.get(&row).await.expect(200).shows("Take the row in");
}

async fn a_row_is_left_out_with_a_reason(world: World) {
    import_fixture(&world);
    let mut mo = programme(&world).await;
    let row = row(&mut mo, 14).await;
    let version = mo.get(&row).await.expect(200).hidden("version");
    let fields = [("version", version.as_str()), ("reason", "A demonstration account.")];
    let to = mo.post(&format!("{row}/dismiss"), &fields).await.expect(303).location();
    mo.get(&to)
        .await
        .expect(200)
        .shows("Row left out")
        .shows("A demonstration account.")
        .shows("Left out")
        .hides("Leave the row out");
    mo.get("/quarantine?state=dismissed").await.expect(200).shows(">Row 14<").shows("1 row");
    mo.get("/quarantine").await.expect(200).hides(">Row 14<");
    world.settle();
}

async fn the_second_decision_reads_the_first(world: World) {
    import_fixture(&world);
    let mut mo = programme(&world).await;
    let mut late = central(&world, "Lee Late", portal::access::CentralRole::ProgrammeManager).await;
    let row = row(&mut mo, 14).await;
    let version = mo.get(&row).await.expect(200).hidden("version");
    let page = late.get(&row).await.expect(200).text();
    let fields = [("version", version.as_str()), ("reason", "A demonstration account.")];
    mo.post(&format!("{row}/dismiss"), &fields).await.expect(303);
    late.post(&format!("{row}/dismiss"), &[("version", version.as_str()), ("reason", "Mine.")])
        .await
        .expect(409)
        .shows("Decided already")
        .shows("A demonstration account.")
        .shows("Mo Programme")
        .hides("Mine.");
    let all = sent(&page, &[("cell-0", "ZZ014")]);
    let all: Vec<(&str, &str)> = all.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    late.post(&format!("{row}/resolve"), &all)
        .await
        .expect(409)
        .shows("somebody else decided about this row first");
    assert_eq!(name_of(&world, "ZZ014"), None);
    // A version that was never there is stale too.
    late.get("/quarantine").await.expect(200);
    let other = self::row(&mut late, 12).await;
    late.get(&other).await.expect(200);
    late.post(&format!("{other}/dismiss"), &[("version", "77"), ("reason", "Why not.")]).await.expect(409);
    world.settle();
}

async fn the_list_is_filtered_and_paged_on_the_server(world: World) {
    let mut text = HEAD.to_owned();
    for n in 0..60 {
        text.push_str(&format!("not a code {n},PLACE {n},23/24 Standards Met,2024-04-01,Company\n"));
    }
    import_text(&world, "register-2024-06-01.csv", &text);
    import_fixture(&world);
    let mut mo = programme(&world).await;
    let of = "source=register%402024-06-01";
    mo.get(&format!("/quarantine?{of}"))
        .await
        .expect(200)
        .shows("60 rows")
        .shows(">Row 2<")
        .hides(">Row 61<")
        .shows(&format!("/quarantine?{of}&amp;page=2"));
    mo.get(&format!("/quarantine?{of}&page=2")).await.expect(200).shows(">Row 61<").hides(">Row 2<");
    mo.get("/quarantine?column=Code&source=register%402024-05-01")
        .await
        .expect(200)
        .hides("PLACE")
        .shows(">Row 12<");
    mo.get("/quarantine?state=resolved").await.expect(200).shows("No row is like this");
    mo.get("/quarantine?state=nonsense&page=minus").await.expect(200).shows("72 rows");
    mo.get("/quarantine/999999").await.expect(404);
}

async fn hostile_cells_are_only_text(world: World) {
    let row =
        "\"<script>alert('x')</script>\",\"=HYPERLINK(\"\"x\"\")\",23/24 Standards Met,2024-04-01,Company\n";
    import_text(&world, "register-2024-06-01.csv", &format!("{HEAD}{row}"));
    let mut mo = programme(&world).await;
    mo.get("/quarantine").await.expect(200).hides("<script>alert");
    mo.get("/quarantine/1").await.expect(200).hides("<script>alert").shows("&lt;script&gt;alert");
    mo.get("/imports/1").await.expect(200).hides("<script>alert");
}

async fn only_the_programme_manager_decides(world: World) {
    import_fixture(&world);
    let mut mo = programme(&world).await;
    let row = row(&mut mo, 14).await;
    only_for(&world, StandardsEditor, &["/quarantine", &row]).await;
    let fields = [("version", "1"), ("reason", "Because.")];
    let (resolve, dismiss) = (format!("{row}/resolve"), format!("{row}/dismiss"));
    let mut editor = world.signed_in("Rae Other").await;
    editor.get("/reviews/interests").await.expect(200);
    editor.post(&dismiss, &fields).await.expect(403);
    editor.post(&resolve, &fields).await.expect(403);
    let mut outside = world.signed_in("Adi Admin").await;
    outside.get("/organisations/ZZX99/people").await.expect(200);
    outside.post(&dismiss, &fields).await.expect(404);
    outside.post(&resolve, &fields).await.expect(404);
    mo.get(&row).await.expect(200);
    mo.forget_token();
    mo.post(&dismiss, &fields).await.expect(403);
    mo.get(&row).await.expect(200).shows("Leave the row out");
}
