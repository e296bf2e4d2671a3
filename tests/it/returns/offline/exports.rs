//! Everything taken out, and brought back: the export holds what there is, and restores to an identical return.

mod archive;
mod around;
mod arranged;
mod holdings;
mod shapes;

use std::collections::BTreeMap;

use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::given_a_draft;
use crate::on_both;
use crate::support::oscal::{follows, schema};
use crate::support::year::{Trust, assertions, levels, outcomes};
use crate::support::{Browser, World};

on_both!(
    an_export_holds_everything_that_belongs_to_a_return,
    an_export_restores_to_an_identical_return,
    an_export_of_the_first_version_comes_back_still,
    whose_words_come_back_stays_to_be_seen,
    only_an_export_of_this_organisation_and_edition_comes_back,
    assessment_results_follow_the_published_schema,
    assessment_results_hold_what_was_said,
    everything_of_an_organisation_is_one_archive,
);

const TIMES: [&str; 3] = ["2026-01-05 09:00", "2026-06-30 12:00", "2026-07-14 12:00"];

async fn json(browser: &mut Browser, path: &str) -> Value {
    let answer = browser.get(path).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("content-disposition").starts_with("attachment"));
    serde_json::from_slice(&answer.body).unwrap()
}

async fn attached(lead: &mut Browser, trust: &Trust, code: &str, name: &str, content: &[u8]) {
    let question = trust.at("2026", &format!("/requirements/{code}"));
    lead.get(&question).await.expect(200);
    lead.upload(&format!("{question}/evidence"), &[], name, content).await.expect(303);
}

async fn an_export_holds_everything_that_belongs_to_a_return(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    attached(&mut lead, &trust, "1-1", "policy.txt", b"Our policy").await;
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(
            &trust,
            "2026",
            code,
            &json!({"level": 2, "text": format!("For {code}")}),
            "Second comment",
        );
    }
    world.sent(&trust, "2026");
    world.settle();
    let export = json(&mut lead, &trust.at("2026", "/export.json")).await;
    assert_eq!(export["format"], "return-export");
    assert_eq!(export["version"], 4);
    assert_eq!(export["organisation"]["code"], "ZZ001");
    assert_eq!(export["state"], "submitted");
    let first = &export["requirements"][0];
    assert_eq!(first["requirement"]["text"], "Question 1?");
    assert_eq!(first["requirement"]["levels"][2], "descriptor of level 2");
    assert_eq!(first["section"]["title"], "Area one");
    assert_eq!(first["asked"], "mandatory");
    assert_eq!(first["answer"]["value"], json!({"level": 2, "text": "For 1-1"}));
    assert_eq!(first["answer"]["version"], 2);
    assert_eq!(first["answer"]["history"][0]["comment"], "First comment");
    assert_eq!(first["answer"]["history"][1]["saved_by"], "Lead ZZ001");
    assert_eq!(first["evidence"][0]["name"], "policy.txt");
    assert_eq!(first["evidence"][0]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(export["sign_offs"][0]["person"], "Siro ZZ001");
    assert_eq!(export["sign_offs"][0]["withdrawn_at"], Value::Null);
    let sent = &export["submissions"][0];
    assert_eq!(sent["number"], 1);
    assert_eq!(sent["snapshot"]["answers"][0]["evidence"][0]["name"], "policy.txt");
    let receipt = lead.get(&trust.at("2026", "/receipt")).await.expect(200).text();
    assert!(receipt.contains(sent["snapshot_sha256"].as_str().unwrap()));
    assert_eq!(export["reviews"][0]["state"], "queued");
    // Whoever may not, may not; and nobody else finds anything.
    let other = world.trust("ZZ002");
    world.person("Cal Contributor", &[(trust.id, portal::access::OrganisationRole::Contributor)], &[]);
    for below in ["/export.json", "/oscal.json"] {
        world.signed_in("Cal Contributor").await.get(&trust.at("2026", below)).await.expect(403);
        world.signed_in("Lead ZZ002").await.get(&trust.at("2026", below)).await.expect(404);
        world.signed_in("Lead ZZ002").await.get(&other.at("2026", below)).await.expect(404);
    }
}

/// The fields in which a restored return differs, as `docs/formats/return-export.md` lists them.
fn comparable(mut export: Value) -> Value {
    for name in [
        "exported_at",
        "collection",
        "collection_name",
        "opened_at",
        "sign_offs",
        "submissions",
        "reviews",
        "letters",
        "state",
        "final_grade",
        "reopened_reason",
        "extended_until",
        "time_requests",
        "interim_returns",
        "extensions",
        "filed_by",
        "started_from",
        "withdrawals",
        "sites",
        "head_office_outcomes",
        "corrections",
        "board_papers",
    ] {
        export.as_object_mut().unwrap().remove(name);
    }
    for row in export["requirements"].as_array_mut().unwrap() {
        if let Some(answer) = row["answer"].as_object_mut() {
            for name in ["version", "history", "carried_forward"] {
                answer.remove(name);
            }
        }
        for file in row["evidence"].as_array_mut().unwrap() {
            file.as_object_mut().unwrap().remove("attached_at");
        }
        if let Some(owner) = row["owner"].as_object_mut() {
            owner.remove("given_at");
        }
    }
    if let Some(plan) = export["plan"].as_object_mut() {
        plan.retain(|name, _| name == "lines");
        for line in plan["lines"].as_array_mut().unwrap() {
            for name in ["rejected", "seen", "escalations"] {
                line.as_object_mut().unwrap().remove(name).unwrap();
            }
        }
    }
    export
}

async fn an_export_restores_to_an_identical_return(world: World) {
    let trust = world.trust("ZZ001");
    let editions = [
        ("levels", world.edition(&levels("sample-2026", 3))),
        ("items", world.edition(&assertions("items-2026"))),
        ("outcomes", world.edition(&outcomes("outcomes-2026"))),
    ];
    let mut lead = world.signed_in("Lead ZZ001").await;
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (name, edition) in editions {
        for round in 0..8 {
            let (from, into) = (format!("{name}-a{round}"), format!("{name}-b{round}"));
            world.collection(&from, edition, TIMES);
            world.collection(&into, edition, TIMES);
            world.started(&trust, &from);
            world.started(&trust, &into);
            // The first one holds nothing at all.
            if round > 0 {
                for shape in shapes::answered(&world, &trust, &from, &mut runner) {
                    *seen.entry(shape).or_default() += 1;
                }
                around::stands_around(&world, &trust, &from, &mut runner);
            }
            holdings::held(&world, &trust, &mut runner);
            let export = json(&mut lead, &trust.at(&from, "/export.json")).await;
            let bytes = serde_json::to_vec(&export).unwrap();
            holdings::lost(&world, &trust);
            lead.get(&trust.at(&into, "/offline")).await.expect(200).shows("Bring an export back");
            let to = trust.at(&into, "/offline/restore");
            let answer = lead.upload(&to, &[], "a.json", &bytes).await.expect(303);
            assert_eq!(answer.location(), trust.at(&into, ""));
            let again = json(&mut lead, &trust.at(&into, "/export.json")).await;
            assert_eq!(comparable(again), comparable(export));
        }
    }
    let shapes = [
        "a value",
        "only a comment",
        "not relevant",
        "alternative control",
        "files",
        "long",
        "to_confirm",
        "draft",
        "confirmed",
    ];
    for shape in shapes {
        assert!(seen.contains_key(shape), "{shape} was not looked at: {seen:?}");
    }
    world.settle();
}

async fn an_export_of_the_first_version_comes_back_still(world: World) {
    let trust = given_a_draft(&world);
    let edition = world.edition(&levels("sample-2026", 3));
    world.collection("again", edition, TIMES);
    world.started(&trust, "again");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let mut export = json(&mut lead, &trust.at("2026", "/export.json")).await;
    export["version"] = json!(1);
    for name in ["extended_until", "holdings", "plan", "time_requests", "interim_returns"] {
        export.as_object_mut().unwrap().remove(name).unwrap();
    }
    for row in export["requirements"].as_array_mut().unwrap() {
        for name in ["owner", "discussion"] {
            row.as_object_mut().unwrap().remove(name).unwrap();
        }
    }
    // On the command line, which says what is wrong as well.
    let file = world.folder().join("export.json");
    std::fs::write(&file, serde_json::to_vec(&export).unwrap()).unwrap();
    let restore = |organisation: &str, collection: &str| {
        portal::cli::import::restore(world.db(), &file, organisation, collection).map_err(|e| e.to_string())
    };
    assert!(restore("ZZ999", "again").unwrap_err().contains("there is no organisation ZZ999"));
    assert!(restore("ZZ001", "never").unwrap_err().contains("has no return in the collection never"));
    assert!(restore("ZZ001", "again").unwrap().starts_with("Answers: 1."));
    assert!(restore("ZZ001", "again").unwrap_err().contains("holds answers already"));
    let again = json(&mut lead, &trust.at("again", "/export.json")).await;
    assert_eq!(again["requirements"][0]["answer"]["comment"], "First comment");
    std::fs::write(&file, b"{}").unwrap();
    assert!(restore("ZZ001", "again").unwrap_err().contains("no export of a return"));
    world.settle();
}

async fn whose_words_come_back_stays_to_be_seen(world: World) {
    let trust = given_a_draft(&world);
    let edition = world.edition(&levels("sample-2026", 3));
    for key in ["again", "system"] {
        world.collection(key, edition, TIMES);
        world.started(&trust, key);
    }
    let mut siro = world.signed_in("Siro ZZ001").await;
    let discussion = |year: &str| trust.at(year, "/requirements/1-1/discussion");
    siro.get(&discussion("2026")).await.expect(200);
    siro.post(&discussion("2026"), &[("text", "Who has the minutes?")]).await.expect(303);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let mut export = json(&mut lead, &trust.at("2026", "/export.json")).await;
    let said = export["requirements"][0]["discussion"][0].clone();
    assert_eq!(said["author"], json!({"name": "Siro ZZ001", "email": "siro.zz001@people.example"}));
    // Whoever brings it back may have changed it: their name stands beside the other.
    export["requirements"][0]["discussion"][0]["text"] = json!("I sign everything");
    let bytes = serde_json::to_vec(&export).unwrap();
    lead.get(&trust.at("again", "/offline")).await.expect(200);
    lead.upload(&trust.at("again", "/offline/restore"), &[], "a.json", &bytes).await.expect(303);
    lead.get(&discussion("again"))
        .await
        .expect(200)
        .shows("I sign everything")
        .shows("Siro ZZ001 on 13 January 2026, in an export that Lead ZZ001 brought back");
    // The operator's word is taken for it.
    let file = world.folder().join("export.json");
    std::fs::write(&file, &bytes).unwrap();
    let told = portal::cli::import::restore(world.db(), &file, "ZZ001", "system").unwrap();
    assert!(told.contains("Comments: 1."), "{told}");
    lead.get(&discussion("system")).await.expect(200).shows("Siro ZZ001").hides("brought back");
    // What somebody has begun is not mixed with what comes back.
    world.collection("talked", edition, TIMES);
    world.started(&trust, "talked");
    siro.post(&discussion("talked"), &[("text", "Let us begin")]).await.expect(303);
    lead.upload(&trust.at("talked", "/offline/restore"), &[], "a.json", &bytes)
        .await
        .expect(409)
        .shows("holds comments or an improvement plan already");
    world.settle();
}

async fn only_an_export_of_this_organisation_and_edition_comes_back(world: World) {
    let trust = given_a_draft(&world);
    let other = world.trust("ZZ002");
    world.started(&other, "2026");
    let next = world.edition(&levels("sample-2027", 3));
    world.collection("2027", next, TIMES);
    world.started(&other, "2027");
    let mut lead = world.signed_in("Lead ZZ001").await;
    attached(&mut lead, &trust, "1-1", "policy.txt", b"Our policy").await;
    let mut export = json(&mut lead, &trust.at("2026", "/export.json")).await;
    let mut stranger = world.signed_in("Lead ZZ002").await;
    stranger.get(&other.at("2026", "/offline")).await.expect(200);
    let bytes = |export: &Value| serde_json::to_vec(export).unwrap();
    let to = other.at("2026", "/offline/restore");
    stranger
        .upload(&to, &[], "a.json", &bytes(&export))
        .await
        .expect(422)
        .shows("The export is of the organisation");
    export["organisation"]["code"] = json!("ZZ002");
    let later = other.at("2027", "/offline/restore");
    stranger.upload(&later, &[], "a.json", &bytes(&export)).await.expect(422).shows("another edition");
    for (at, value, words) in [
        ("/requirements/0/answer/value", json!({"level": 9}), "whole number from 0 to 3"),
        ("/requirements/0/answer/value", json!(null), "without a value cannot be completed"),
        ("/requirements/0/requirement/code", json!("9-9"), "no such requirement"),
        ("/requirements/0/answer/state", json!("wild"), "no export of a return"),
        ("/version", json!(9), "version 9"),
        ("/format", json!("holiday"), "holiday"),
        ("/requirements", json!({}), "no export of a return"),
    ] {
        let mut spoilt = export.clone();
        *spoilt.pointer_mut(at).unwrap() = value;
        stranger.upload(&to, &[], "a.json", &bytes(&spoilt)).await.expect(422).shows(words);
    }
    stranger.upload(&to, &[], "a.json", b"not json").await.expect(422).shows("no export of a return");
    stranger.upload(&to, &[], "", b"{}").await.expect(422).shows("Choose the export");
    // Another organisation's files stay its own, whatever the export names.
    stranger.upload(&to, &[], "a.json", &bytes(&export)).await.expect(303);
    let restored = json(&mut stranger, &other.at("2026", "/export.json")).await;
    assert_eq!(restored["requirements"][0]["answer"]["comment"], "First comment");
    assert_eq!(restored["requirements"][0]["evidence"], json!([]));
    stranger.get(&other.at("2026", "")).await.expect(200).shows("1 file is not kept here any more");
    // It holds answers now.
    stranger.upload(&to, &[], "a.json", &bytes(&export)).await.expect(409).shows("holds answers already");
    stranger.get(&other.at("2026", "/offline")).await.expect(200).hides("Bring an export back");
    world.signed_in("Siro ZZ002").await.upload(&to, &[], "a.json", b"{}").await.expect(403);
    world.settle();
}

async fn assessment_results_follow_the_published_schema(world: World) {
    let schema = schema();
    if let Some(schema) = &schema {
        assert!(
            !schema.is_valid(&json!({"assessment-results": {"uuid": "x"}})),
            "the schema refuses something"
        );
    }
    let trust = world.trust("ZZ001");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let editions = [
        ("2026", levels("sample-2026", 3)),
        ("items", assertions("items-2026")),
        ("outcomes", outcomes("outcomes-2026")),
    ];
    for (key, edition) in editions {
        let edition = world.edition(&edition);
        world.collection(key, edition, TIMES);
        world.started(&trust, key);
        let empty = json(&mut lead, &trust.at(key, "/oscal.json")).await;
        follows(schema.as_ref(), &empty);
        let findings = empty["assessment-results"]["results"][0]["findings"].as_array().unwrap().clone();
        assert!(
            findings.iter().all(|finding| finding["target"]["status"]["state"] == "not-satisfied"),
            "{findings:?}"
        );
    }
    world.answered(&trust, "2026", "1-1", &json!({"level": 2}), "");
    world.answered(&trust, "2026", "1-2", &json!({"level": 1}), "");
    world.answered(&trust, "2026", "1-3", &json!({"not_relevant": true, "reason": "We have none"}), "");
    attached(&mut lead, &trust, "1-1", "  A policy\u{a0}(final) .txt", b"Our policy").await;
    attached(&mut lead, &trust, "1-2", "the same.txt", b"Our policy").await;
    world.answered(&trust, "items", "1.1.3", &json!({"yes_no": true}), "");
    world.answered(&trust, "outcomes", "A1.a", &json!({"indicators": ["A1.a.A1", "A1.a.A2"]}), "");
    for key in ["2026", "items", "outcomes"] {
        follows(schema.as_ref(), &json(&mut lead, &trust.at(key, "/oscal.json")).await);
    }
    let document = json(&mut lead, &trust.at("2026", "/oscal.json")).await;
    let result = &document["assessment-results"]["results"][0];
    let states: Vec<&str> = result["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["target"]["status"]["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["satisfied", "not-satisfied", "satisfied"]);
    assert_eq!(result["findings"][0]["target"]["target-id"], "r-1-1");
    let observation = &result["observations"][0];
    assert_eq!(result["findings"][0]["related-observations"][0]["observation-uuid"], observation["uuid"]);
    assert_eq!(document["assessment-results"]["back-matter"]["resources"].as_array().unwrap().len(), 2);
    // The same return gives the same document, whenever it is asked for.
    world.clock.advance_seconds(90);
    assert_eq!(json(&mut lead, &trust.at("2026", "/oscal.json")).await, document);
    world.settle();
}

async fn assessment_results_hold_what_was_said(world: World) {
    let schema = schema();
    let trust = world.trust("ZZ001");
    world.usual_year(&outcomes("outcomes-2026"));
    world.started(&trust, "2026");
    let answer = json!({
        "indicators": ["A1.a.N1"],
        "override": {"level": "achieved", "justification": "The justification"},
        "text": "The statement\n\nin two parts",
    });
    world.answered(&trust, "2026", "A1.a", &answer, "The comment");
    let mut siro = world.signed_in("Siro ZZ001").await;
    let discussion = trust.at("2026", "/requirements/A1.a/discussion");
    siro.get(&discussion).await.expect(200);
    siro.post(&discussion, &[("text", "Who has the minutes?")]).await.expect(303);
    around::stands_around(&world, &trust, "2026", &mut TestRunner::deterministic());
    let mut lead = world.signed_in("Lead ZZ001").await;
    let document = json(&mut lead, &trust.at("2026", "/oscal.json")).await;
    follows(schema.as_ref(), &document);
    let results = &document["assessment-results"];
    let result = &results["results"][0];
    let question = &results["local-definitions"]["objectives-and-methods"][0];
    assert_eq!(question["parts"][0]["prose"], "Is it so?");
    let said = &result["observations"][0];
    let words = said["description"].as_str().unwrap();
    assert!(
        words.contains("The justification") && words.contains("The statement\n\nin two parts"),
        "{words}"
    );
    assert_eq!(said["remarks"], "The comment");
    assert_eq!(said["props"][0]["value"], "confirmed");
    let comment = result["observations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["description"] == "Who has the minutes?")
        .expect("the comment is an observation");
    assert_eq!(comment["title"], "Comment of Siro ZZ001 on A1.a");
    let related = result["findings"][0]["related-observations"].as_array().unwrap();
    for one in [said, comment] {
        assert!(related.iter().any(|of| of["observation-uuid"] == one["uuid"]), "{related:?}");
    }
    // Every risk is of the plan, and has what will be done.
    let export = json(&mut lead, &trust.at("2026", "/export.json")).await;
    let lines = export["plan"]["lines"].as_array().map_or(&[][..], Vec::as_slice);
    let risks = result["risks"].as_array().map_or(&[][..], Vec::as_slice);
    assert_eq!(risks.len(), lines.len());
    for (risk, line) in risks.iter().zip(lines) {
        assert_eq!(risk["remediations"][0]["description"], line["action"]);
    }
    world.settle();
}

async fn everything_of_an_organisation_is_one_archive(world: World) {
    let trust = given_a_draft(&world);
    let later = world.edition(&levels("sample-2027", 3));
    world.collection("2027", later, TIMES);
    world.started(&trust, "2027");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let large: Vec<u8> = b"A line of evidence.\n".repeat(60_000);
    attached(&mut lead, &trust, "1-1", "minutes.txt", &large).await;
    attached(&mut lead, &trust, "1-2", "../policy.txt", b"Our policy").await;
    let answer = lead.get("/organisations/ZZ001/export.zip").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(answer.body.to_vec())).unwrap();
    let mut names: Vec<String> =
        (0..archive.len()).map(|at| archive.by_index(at).unwrap().name().unwrap().into_owned()).collect();
    names.sort();
    assert_eq!(names.len(), 6, "{names:?}");
    assert!(
        names.iter().any(|name| name.starts_with("evidence/") && name.ends_with("/policy.txt")),
        "{names:?}"
    );
    let mut read = |wanted: &str| {
        let name = names.iter().find(|name| name.ends_with(wanted)).unwrap();
        let mut content = Vec::new();
        std::io::copy(&mut archive.by_name(name).unwrap(), &mut content).unwrap();
        content
    };
    assert_eq!(read("/minutes.txt"), large);
    assert!(String::from_utf8(read("README.txt")).unwrap().contains("evidence/"));
    let export: Value = serde_json::from_slice(&read("returns/2026.json")).unwrap();
    assert_eq!(export["requirements"][0]["answer"]["comment"], "First comment");
    assert_eq!(export["requirements"][0]["evidence"][0]["name"], "minutes.txt");
    let kept: Value = serde_json::from_slice(&read("organisation.json")).unwrap();
    assert_eq!(kept["organisation"]["code"], "ZZ001");
    let lead_of = |person: &Value| person["name"] == "Lead ZZ001" && person["role"] == "ig_lead";
    assert!(kept["people"].as_array().unwrap().iter().any(lead_of), "{}", kept["people"]);
    assert_eq!(kept["library"][0]["versions"][0]["name"], "minutes.txt");
    assert_eq!(kept["holdings"], json!({"services": [], "certificates": []}));
    // A file that is gone from the disk breaks the download off instead of being left out.
    let folder = world.portal().files.folder().join("evidence");
    std::fs::remove_dir_all(folder).unwrap();
    let broken = std::panic::AssertUnwindSafe(lead.get("/organisations/ZZ001/export.zip"));
    assert!(futures_util::FutureExt::catch_unwind(broken).await.is_err(), "the body breaks off");
    // Nobody else's.
    world.trust("ZZ002");
    world.signed_in("Lead ZZ002").await.get("/organisations/ZZ001/export.zip").await.expect(404);
    world.person("Cal Contributor", &[(trust.id, portal::access::OrganisationRole::Contributor)], &[]);
    world.signed_in("Cal Contributor").await.get("/organisations/ZZ001/export.zip").await.expect(403);
    world.settle();
}
