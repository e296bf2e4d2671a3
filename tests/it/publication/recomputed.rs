//! What a bundle makes again beyond the public grades: the draw of a sample with its tables, and what a reader could work out
//! of protected tables. Whatever was changed is named by stratum, row and column.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use portal::access::CentralRole::Publisher;
use portal::platform::ids::OrganisationId;
use portal::publication::{Mismatch, Source, Verified, verify_bundle};
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::given::Return;
use crate::on_both;
use crate::support::World;

on_both!(
    a_sample_is_drawn_and_estimated_again,
    figures_that_can_be_worked_out_are_named,
    measures_of_few_are_named,
);

type Files = BTreeMap<String, Vec<u8>>;

fn trusts(world: &World, number: usize) -> Vec<OrganisationId> {
    (0..number)
        .map(|n| {
            let region = if n % 2 == 0 { ("Y56", "London") } else { ("Y61", "East of England") };
            world.organisation_in(region, &format!("R{n:03}"), &format!("Trust {n}"), "nhs_trust")
        })
        .collect()
}

/// The files of the release of 2026.
async fn bundle(world: &World) -> Files {
    let key = world.published(Source::Collection("2026".into()));
    let answer = world.browser().get(&format!("/public/releases/{key}/bundle.zip")).await.expect(200);
    let mut archive = ZipArchive::new(Cursor::new(answer.body.to_vec())).unwrap();
    (0..archive.len())
        .map(|place| {
            let mut entry = archive.by_index(place).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            (entry.name().unwrap().into_owned(), content)
        })
        .collect()
}

fn verified(world: &World, files: &Files) -> Verified {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    verify_bundle(&bytes, Some(world.parts.key.verifier())).unwrap()
}

/// What is found after one of the JSON files was changed.
fn changed(world: &World, honest: &Files, name: &str, change: impl FnOnce(&mut Value)) -> Vec<Mismatch> {
    let mut files = honest.clone();
    let mut value: Value = serde_json::from_slice(&files[name]).unwrap();
    let before = value.clone();
    change(&mut value);
    assert_ne!(value, before, "nothing was changed");
    files.insert(name.to_owned(), serde_json::to_vec(&value).unwrap());
    verified(world, &files).mismatches
}

#[track_caller]
fn names(found: &[Mismatch], part: &str, row: &str, column: &str) {
    assert!(
        found.iter().any(|one| one.part == part && one.row == row && one.column == column),
        "nothing about {part}, {row}, {column}: {found:#?}"
    );
}

async fn a_sample_is_drawn_and_estimated_again(world: World) {
    let trusts = trusts(&world, 40);
    let collected = world.collected("2026", None);
    let mut paul = world.person_signed_in("Paul Publisher", Publisher).await;
    let version = paul.get("/baselining/2026").await.expect(200).hidden("version");
    let plan = [
        ("version", version.as_str()),
        ("size", "20"),
        ("minimum", "2"),
        ("take_all_up_to", "0"),
        ("by_region", "yes"),
        ("method", "proportional"),
    ];
    paul.post("/baselining/2026", &plan).await.expect(303);
    paul.get("/baselining/2026").await.expect(200);
    paul.post("/baselining/2026/draw", &[]).await.expect(303);
    for (n, id) in trusts.iter().take(30).enumerate() {
        let grade = if n % 4 == 0 { "not_satisfactory" } else { "satisfactory" };
        world.submitted(collected, Return { assessed: Some(grade), ..Return::of(*id) });
    }
    let honest = bundle(&world).await;
    let found = verified(&world, &honest);
    assert!(found.mismatches.is_empty(), "{:#?}", found.mismatches);
    for table in ["baseline-response", "baseline-meeting"] {
        assert!(found.recomputed.iter().any(|name| name == table), "{table}: {found:?}");
    }
    assert!(found.checked.iter().any(|one| one.table == "baseline-points"), "{found:?}");
    // Another seed, another member, another size: each is another draw than the plan gives.
    let inputs = "inputs/inputs.json";
    let found = changed(&world, &honest, inputs, |inputs| inputs["sample"]["seed"] = "chosen".into());
    names(&found, "the baselining sample", "nhs_trust|Y56", "drawn");
    let found = changed(&world, &honest, inputs, |inputs| {
        inputs["sample"]["taken"]["nhs_trust|Y61"][0] = "R999".into();
    });
    names(&found, "the baselining sample", "nhs_trust|Y61", "drawn");
    names(&found, "baseline-response", "nhs_trust|Y61", "gone");
    let found = changed(&world, &honest, inputs, |inputs| inputs["sample"]["size"] = 22.into());
    assert!(found.iter().any(|one| one.part == "the baselining sample"), "{found:#?}");
    let found = changed(&world, &honest, inputs, |inputs| {
        inputs.as_object_mut().unwrap().remove("sample");
    });
    names(&found, "baseline-meeting", "", "");
    // A better estimate than the responses give.
    let found = changed(&world, &honest, "document.json", |document| {
        measure(document, "baseline-meeting")["table"]["figures"][0] = serde_json::json!({ "value": "99.9" });
    });
    names(&found, "baseline-meeting", "all", "estimate");
}

fn measure<'a>(document: &'a mut Value, name: &str) -> &'a mut Value {
    let all = document["measures"].as_array_mut().unwrap();
    all.iter_mut().find(|one| one["name"] == name).unwrap()
}

/// A release with some figures withheld: 40 trusts of which 33 answered the same.
async fn with_answers(world: &World) -> Files {
    let collected = world.collected("2026", None);
    for (n, id) in trusts(world, 40).into_iter().enumerate() {
        let (claimed, level) = if n < 7 { ("not_satisfactory", 1) } else { ("satisfactory", 2) };
        world.submitted(collected, Return { claimed, level, ..Return::of(id) });
    }
    bundle(world).await
}

fn answers(document: &mut Value) -> &mut Value {
    let all = document["tables"].as_array_mut().unwrap();
    &mut all.iter_mut().find(|one| one["name"] == "answers-by-requirement").unwrap()["table"]
}

async fn figures_that_can_be_worked_out_are_named(world: World) {
    let honest = with_answers(&world).await;
    let found = verified(&world, &honest);
    assert!(found.mismatches.is_empty(), "{:#?}", found.mismatches);
    let told = found.checked.iter().find(|one| one.table == "answers-by-requirement").unwrap();
    assert!(told.possible.is_none_or(|possible| possible > 1), "{told:?}");
    let mut document: Value = serde_json::from_slice(&honest["document.json"]).unwrap();
    let table = answers(&mut document).clone();
    let width = table["columns"]["categories"].as_array().unwrap().len();
    let (row, total) =
        (table["rows"]["categories"][0]["key"].as_str().unwrap(), table["row_totals"][0].clone());
    let column = |at: usize| table["columns"]["categories"][at]["key"].as_str().unwrap();
    // One cell has everybody, and the others are withheld although nothing is left for them.
    let found = changed(&world, &honest, "document.json", |document| {
        let table = answers(document);
        for at in 0..width {
            table["cells"][at] = if at == 0 { total.clone() } else { Value::Null };
        }
    });
    for at in 1..width {
        names(&found, "answers-by-requirement", row, column(at));
    }
    // Nobody answers twice.
    let found = changed(&world, &honest, "document.json", |document| {
        answers(document)["row_totals"][0] = 41.into();
    });
    names(&found, "answers-by-requirement", row, "total");
}

async fn measures_of_few_are_named(world: World) {
    let honest = with_answers(&world).await;
    let found = changed(&world, &honest, "document.json", |document| {
        let table = &mut measure(document, "points-by-sector")["table"];
        let last = table["figures"].as_array().unwrap().len() - 1;
        table["figures"][last] = serde_json::json!({ "value": "12" });
    });
    names(&found, "points-by-sector", "all", "organisations");
    // Twelve are enough for a median and not for quartiles; the sentence says which rule it was.
    let about = |one: &&Mismatch| one.part == "points-by-sector" && one.column != "organisations";
    assert!(found.iter().filter(about).all(|one| one.expected.contains("among 12")), "{found:#?}");
}
