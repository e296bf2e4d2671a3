//! The exported site: every address with the bytes that are served, whole files only, and nothing of others touched.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use portal::publication::Source;
use serde_json::Value;

use crate::on_both;
use crate::support::World;

on_both!(every_address_is_exported_as_it_is_served, an_export_is_taken_up_again_and_keeps_to_its_folder);

const SNAPSHOT: &str = "register@2022-09-09";

fn some(world: &World) -> String {
    let long: String = "LONG <i>NAME</i> ".repeat(12).chars().take(167).collect();
    for (code, name) in
        [("A1", "<b>Able</b> Practice"), ("B1", "=Baker"), ("C1", long.as_str()), ("D1", "9 Roads")]
    {
        let id = world.organisation(code, name, "gp");
        world.status(SNAPSHOT, id, "21/22", "Standards Met", "standards_met");
    }
    world.published(Source::Register(SNAPSHOT.into()))
}

fn export(world: &World, folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_portal"))
        .arg("export-site")
        .arg(folder)
        .env_clear()
        .envs(world.environment())
        .output()
        .unwrap()
}

#[track_caller]
fn exported(world: &World, folder: &Path) -> (Value, String) {
    let output = export(world, folder);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    (serde_json::from_slice(&std::fs::read(folder.join("portal-site.json")).unwrap()).unwrap(), said)
}

fn every_file(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let content = std::fs::read(&path).unwrap();
                found.insert(path, content);
            }
        }
    }
    found
}

async fn every_address_is_exported_as_it_is_served(world: World) {
    let key = some(&world);
    let folder = world.folder().join("site");
    let (list, said) = exported(&world, &folder);
    assert!(said.contains("Writing") && said.contains("The search form does not search"), "{said}");
    let files = list["files"].as_array().unwrap();
    let mut addresses: Vec<String> = world.parts.site.addresses();
    addresses.extend(world.parts.site.more_addresses());
    addresses.extend(["A1", "B1", "C1", "D1"].map(|code| format!("/public/organisations/{code}")));
    addresses.extend(["A1", "C1"].map(|code| format!("/public/organisations/{code}/mark.svg")));
    addresses.extend(["/sitemap.xml", "/robots.txt", "/public/feed.atom"].map(str::to_owned));
    addresses.extend(["/public/organisations", "/public/a-to-z", "/public/a-to-z/other"].map(str::to_owned));
    addresses.push(format!("/public/releases/{key}/bundle.zip"));
    for address in &addresses {
        assert!(files.iter().any(|file| file["address"] == address.as_str()), "{address} is not exported");
    }
    let mut browser = world.browser();
    for file in files {
        let address = file["address"].as_str().unwrap();
        let served = browser.get(address).await.expect(200);
        let content = std::fs::read(folder.join(file["file"].as_str().unwrap())).unwrap();
        assert!(content == served.body, "{address} differs from what is served");
        let headers = &list["headers"][usize::try_from(file["headers"].as_u64().unwrap()).unwrap()];
        for name in
            ["content-type", "cache-control", "content-security-policy", "cross-origin-resource-policy"]
        {
            assert_eq!(headers[name].as_str().unwrap_or_default(), served.header(name), "{address}: {name}");
        }
        for (encoding, name) in file["packed"].as_object().unwrap() {
            let asked = actix_web::test::TestRequest::get()
                .uri(address)
                .insert_header(("accept-encoding", encoding.as_str()));
            let packed = browser.send(asked).await.expect(200);
            let content = std::fs::read(folder.join(name.as_str().unwrap())).unwrap();
            assert!(content == packed.body, "{address} differs in {encoding}");
        }
    }
    // What answers to a question of the reader has no file.
    for address in ["/ledger", "/public/compare", "/public/years"] {
        assert!(list["elsewhere"].as_array().unwrap().iter().any(|one| one == address), "{address}");
        assert!(!files.iter().any(|file| file["address"] == address), "{address} is exported");
    }
}

async fn an_export_is_taken_up_again_and_keeps_to_its_folder(world: World) {
    some(&world);
    let folder = world.folder().join("site");
    exported(&world, &folder);
    let first = every_file(&folder);
    // Killed half-way: some files are missing, one is not whole yet, and the list is gone.
    std::fs::remove_file(folder.join("portal-site.json")).unwrap();
    std::fs::remove_file(folder.join("public/organisations/A1/index.html")).unwrap();
    let half = folder.join("public/organisations/B1/index.html.portal-part");
    std::fs::write(&half, "half").unwrap();
    std::fs::write(folder.join("index.html"), "something else").unwrap();
    let (_, said) = exported(&world, &folder);
    std::fs::remove_file(&half).unwrap_or_default();
    assert_eq!(every_file(&folder), first);
    assert!(said.contains("2 files written"), "{said}");
    let mine = world.folder().join("mine");
    std::fs::create_dir(&mine).unwrap();
    std::fs::write(mine.join("letter.txt"), "mine").unwrap();
    let refused = export(&world, &mine);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is not empty"));
    assert_eq!(every_file(&mine).len(), 1);
}
