//! Importing an edition of a standard in the browser.

use portal::access::CentralRole::{ProgrammeManager, StandardsEditor};

use super::{central, files_below, only_for};
use crate::on_both;
use crate::support::{Browser, World};

on_both!(
    an_edition_is_previewed_and_then_imported,
    an_edition_is_imported_once_and_a_draft_replaced,
    what_is_wrong_is_listed_with_its_place,
    hostile_and_damaged_files_are_refused,
    a_file_that_is_too_large_is_refused,
    files_without_names_of_their_own_are_given_some,
    the_form_is_kept_with_what_is_wrong,
    only_the_standards_editor_imports,
    a_preview_is_of_what_was_uploaded_and_nothing_else,
);

const PATH: &str = "/standards/import";

fn shipped(word: &str) -> (String, Vec<u8>) {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("config/standards");
    let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    let path = names
        .into_iter()
        .find(|path| {
            path.extension().is_some_and(|e| e == "toml")
                && std::fs::read_to_string(path).unwrap().contains(word)
        })
        .unwrap();
    (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())
}

async fn editor(world: &World) -> Browser {
    central(world, "Ed Standards", StandardsEditor).await
}

async fn upload(browser: &mut Browser, name: &str, content: &[u8]) -> crate::support::Answer {
    browser.get(PATH).await.expect(200);
    browser.upload(PATH, &[], name, content).await
}

/// The hidden fields of a preview, as its form sends them, and its address without the query.
fn confirmation(address: &str, html: &str) -> (String, Vec<(String, String)>) {
    let fields = html
        .split("<input")
        .skip(1)
        .filter_map(|tag| {
            let tag = tag.split('>').next().unwrap();
            let of = |name: &str| {
                tag.split(&format!(" {name}=\""))
                    .nth(1)
                    .map(|rest| rest.split('"').next().unwrap().to_owned())
            };
            Some((of("name")?, of("value").unwrap_or_default()))
        })
        .filter(|(name, _)| name != "csrf")
        .collect();
    (address.split('?').next().unwrap().to_owned(), fields)
}

async fn confirm(browser: &mut Browser, address: &str) -> crate::support::Answer {
    let html = browser.get(address).await.expect(200).text();
    let (path, fields) = confirmation(address, &html);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(&path, &fields).await
}

async fn an_edition_is_previewed_and_then_imported(world: World) {
    let (name, content) = shipped("levels");
    let mut ed = editor(&world).await;
    ed.get("/standards")
        .await
        .expect(200)
        .shows("href=\"/standards/import\"")
        .shows("No edition has been imported");
    let preview = upload(&mut ed, &name, &content).await.expect(303).location();
    ed.get(&preview)
        .await
        .expect(200)
        .shows("Sections and requirements")
        .shows("No edition has this key yet")
        .shows("Import this edition");
    ed.get("/standards").await.expect(200).shows("No edition has been imported");
    let to = confirm(&mut ed, &preview).await.expect(303).location();
    ed.get(&to).await.expect(200).shows("Edition imported").shows("Draft");
    ed.get("/standards").await.expect(200).shows(&to);
    world.settle();
}

async fn an_edition_is_imported_once_and_a_draft_replaced(world: World) {
    let (name, content) = shipped("levels");
    let mut ed = editor(&world).await;
    let preview = upload(&mut ed, &name, &content).await.expect(303).location();
    confirm(&mut ed, &preview).await.expect(303);
    // The very same again: nothing to confirm, and a form sent twice changes nothing.
    let again = upload(&mut ed, &name, &content).await.expect(303).location();
    assert_eq!(again, preview);
    ed.get(&again).await.expect(200).shows("Here already").hides("Import this edition");
    let (path, _) = confirmation(&preview, "");
    let to = ed.post(&path, &[("file_name", name.as_str())]).await.expect(303).location();
    ed.get(&to).await.expect(200).shows("nothing was changed");
    // Another text under the same key replaces the draft.
    let changed = String::from_utf8(content).unwrap().replacen("title = \"", "title = \"Changed ", 1);
    let preview = upload(&mut ed, &name, changed.as_bytes()).await.expect(303).location();
    ed.get(&preview).await.expect(200).shows("Replaces a draft").shows(&to);
    let to = confirm(&mut ed, &preview).await.expect(303).location();
    ed.get(&to).await.expect(200).shows("It replaces the draft");
    world.settle();
}

async fn what_is_wrong_is_listed_with_its_place(world: World) {
    let (name, content) = shipped("levels");
    let broken = String::from_utf8(content).unwrap().replacen("code = \"", "code = \"<b>!!", 1);
    let mut ed = editor(&world).await;
    ed.get(PATH).await.expect(200);
    ed.upload(PATH, &[("format", "toml"), ("label", "2031/32")], &name, broken.as_bytes())
        .await
        .expect(422)
        .shows("What is wrong in the file")
        .shows("id=\"problems\"")
        .shows("&lt;b&gt;!!")
        .hides("<b>!!")
        .shows("value=\"2031/32\"")
        .shows("id=\"file-error\"");
    upload(&mut ed, "half.toml", b"[standard]\nkey = \"a-b\"\nname = ").await.expect(422).shows("line 3");
    let latin = b"[standard]\nkey = \"ab\"\nname = \"caf\xe9\"\n";
    upload(&mut ed, "latin.toml", latin).await.expect(422).shows("line 3").shows("not UTF-8");
    assert_eq!((files_below(&world, "incoming"), files_below(&world, "drafts")), (0, 0));
}

async fn hostile_and_damaged_files_are_refused(world: World) {
    let mut ed = editor(&world).await;
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (next, before) in ('b'..='z').zip('a'..='y') {
        let many = vec![format!("*{before}"); 9].join(", ");
        bomb.push_str(&format!("{next}: &{next} [{many}]\n"));
    }
    bomb.push_str("objectives: *z\n");
    let deep_json = format!("{{\"catalog\": {}", "[".repeat(200_000));
    let deep_toml = format!("x = {}", "[".repeat(200_000));
    let deep_yaml = format!("objectives: {}", "[".repeat(200_000));
    for (name, content) in [
        ("bomb.yaml", bomb.as_bytes()),
        ("deep.json", deep_json.as_bytes()),
        ("deep.toml", deep_toml.as_bytes()),
        ("deep.yaml", deep_yaml.as_bytes()),
        ("empty.json", b"{}".as_slice()),
        ("null.json", b"null".as_slice()),
        ("cut.json", b"{\"catalog\": {\"uuid\": \"".as_slice()),
        ("wide.toml", b"\xff\xfea\0".as_slice()),
        ("picture.yaml", b"\x89PNG\r\n\x1a\n\0\0".as_slice()),
    ] {
        upload(&mut ed, name, content).await.expect(422).shows("id=\"problems\"");
    }
    upload(&mut ed, "what.bin", b"\x7fELF\x02\x01").await.expect(422).shows("Select what kind of file it is");
    upload(&mut ed, "none.toml", b"").await.expect(415).shows("The file is empty");
    assert_eq!((files_below(&world, "incoming"), files_below(&world, "drafts")), (0, 0));
    ed.get("/standards").await.expect(200).shows("No edition has been imported");
}

async fn a_file_that_is_too_large_is_refused(world: World) {
    let mut ed = editor(&world).await;
    let large = vec![b'#'; 16 * 1024 * 1024 + 1];
    upload(&mut ed, "large.toml", &large).await.expect(413).shows("larger than 16 MB");
    assert_eq!((files_below(&world, "incoming"), files_below(&world, "drafts")), (0, 0));
}

async fn files_without_names_of_their_own_are_given_some(world: World) {
    let catalog = r#"{"catalog": {"uuid": "00000000-0000-4000-8000-000000000000",
        "metadata": {"title": "Example catalog", "version": "1"},
        "groups": [{"id": "ac", "title": "Access", "controls": [
            {"id": "ac-1", "title": "Rules", "parts": [{"id": "ac-1_smt", "name": "statement", "prose": "Write them."}]}
        ]}]}}"#;
    let mut ed = editor(&world).await;
    ed.get(PATH).await.expect(200);
    let named = [("key", "example-cat"), ("edition", "example-cat-1"), ("label", "2030/31")];
    let preview = ed.upload(PATH, &named, "catalog.json", catalog.as_bytes()).await.expect(303).location();
    ed.get(&preview).await.expect(200).shows("example-cat-1").shows("2030/31").shows("Rules");
    let to = confirm(&mut ed, &preview).await.expect(303).location();
    assert_eq!(to, "/standards/example-cat-1");
    ed.get(&to).await.expect(200).shows("2030/31").shows("Rules");
    world.settle();
}

async fn the_form_is_kept_with_what_is_wrong(world: World) {
    let mut ed = editor(&world).await;
    ed.get(PATH).await.expect(200);
    let typed = [("format", "workbook"), ("key", "No Key"), ("edition", "e!"), ("label", "2030/31")];
    ed.upload(PATH, &typed, "", b"")
        .await
        .expect(422)
        .shows("Choose a file to import")
        .shows("id=\"format-error\"")
        .shows("id=\"key-error\"")
        .shows("id=\"edition-error\"")
        .shows("value=\"No Key\"")
        .shows("value=\"2030/31\"");
    ed.forget_token();
    let (name, content) = shipped("levels");
    ed.upload(PATH, &[], &name, &content).await.expect(403);
    assert_eq!((files_below(&world, "incoming"), files_below(&world, "drafts")), (0, 0));
}

async fn only_the_standards_editor_imports(world: World) {
    let (name, content) = shipped("levels");
    let mut ed = editor(&world).await;
    let preview = upload(&mut ed, &name, &content).await.expect(303).location();
    only_for(&world, ProgrammeManager, &[PATH, &preview]).await;
    let (path, _) = confirmation(&preview, "");
    let mut inside = world.signed_in("Rae Other").await;
    inside.get("/standards").await.expect(200).hides("/standards/import");
    inside.get("/reviews/interests").await.expect(200);
    inside.upload(PATH, &[], &name, &content).await.expect(403);
    inside.post(&path, &[("file_name", name.as_str())]).await.expect(403);
    let mut outside = world.signed_in("Adi Admin").await;
    outside.get("/organisations/ZZX99/people").await.expect(200);
    outside.upload(PATH, &[], &name, &content).await.expect(404);
    outside.post(&path, &[("file_name", name.as_str())]).await.expect(404);
    ed.get(&preview).await.expect(200);
    ed.forget_token();
    ed.post(&path, &[("file_name", name.as_str())]).await.expect(403);
    ed.get("/standards").await.expect(200).shows("No edition has been imported");
}

async fn a_preview_is_of_what_was_uploaded_and_nothing_else(world: World) {
    let mut ed = editor(&world).await;
    for address in ["00", "../../ledger.key", &"0".repeat(64), &"Z".repeat(64)] {
        ed.get(&format!("{PATH}/{address}?file_name=a.toml")).await.expect(404);
    }
    let (name, content) = shipped("levels");
    let preview = upload(&mut ed, &name, &content).await.expect(303).location();
    let (path, _) = confirmation(&preview, "");
    // The same content, said to be of another kind, is no edition.
    ed.get(&format!("{path}?file_name={name}&format=oscal")).await.expect(404);
    ed.get(&preview).await.expect(200);
    ed.post(&path, &[("file_name", name.as_str()), ("format", "oscal")]).await.expect(404);
    // Kept no longer than a day.
    assert_eq!(world.portal().files.sweep_drafts(3600).unwrap(), 0);
    assert_eq!(files_below(&world, "drafts"), 1);
}
