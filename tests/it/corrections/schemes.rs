//! The other two schemes: the table of levels, and items that are mandatory for other sectors; and a wrong correction that
//! another one follows.

use diesel::prelude::*;
use portal::access::CentralRole::{ProgrammeManager, StandardsEditor};
use portal::schema::{annual_return, corrected_result};
use serde_json::json;

use super::{differences, state_of};
use crate::on_both;
use crate::returns::plans;
use crate::support::year::{Trust, assertions, levels};
use crate::support::{World, everybodys};

on_both!(
    the_table_of_levels,
    items_of_an_assertion,
    who_approaches_only_by_an_approved_plan,
    a_large_organisation_made_small_approaches_once,
    which_certificate_exceeds_the_standards,
    what_no_grade_can_rest_on_is_refused,
    a_wrong_correction_is_followed_by_another,
);

/// Drafts these changes, has them previewed, approved and put in force; gives what the author saw of the preview.
async fn corrected(world: &World, edition: &str, number: usize, changes: &[(&str, &str)]) -> String {
    let here = format!("/standards/{edition}/corrections");
    let mut edith = world.signed_in("Edith Editor").await;
    let form = [&[("reason", "It was wrong.")], changes].concat();
    edith.get(&format!("{here}/new")).await.expect(200);
    edith.post(&format!("{here}/new"), &form).await.expect(303);
    let one = format!("{here}/{number}");
    let version = edith.get(&one).await.expect(200).hidden("version");
    edith.post(&format!("{one}/preview"), &[("version", &version)]).await.expect(303);
    world.settle();
    let mut max = world.signed_in("Max Manager").await;
    let page = max.get(&one).await.expect(200);
    let (seen, version) = (page.text(), page.hidden("version"));
    let decision = [
        ("version", version.as_str()),
        ("decision", "approve"),
        ("statement", "Checked."),
        ("none_accepted", "yes"),
    ];
    max.post(&format!("{one}/decision"), &decision).await.expect(303);
    world.settle();
    assert_eq!(state_of(world.db()).0, "in_force");
    seen
}

fn rule_makers(world: &World) {
    world.person("Edith Editor", &[], &[StandardsEditor]);
    world.person("Max Manager", &[], &[ProgrammeManager]);
}

async fn the_table_of_levels(world: World) {
    rule_makers(&world);
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.submitted_levels(&trust, "2026");
    world.settle();
    let changes = [("satisfactory_level", "3"), ("bands", "weak 70\nstrong")];
    let seen = corrected(&world, "sample-2026", 1, &changes).await;
    assert!(seen.contains("Of 1 returns 1 met it before, and none does after"), "{seen}");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/corrected"))
        .await
        .expect(200)
        .shows("Satisfactory")
        .shows("Not satisfactory (weak)")
        .shows("Level 3");
    assert_eq!(differences(&world), Vec::<String>::new());
}

async fn items_of_an_assertion(world: World) {
    rule_makers(&world);
    let trust = world.trust("ZZ001");
    world.usual_year(
        &assertions("items-2026")
            .replace("item = \"text\"\nmandatory = [\"nhs_trust\"]", "item = \"text\"\nmandatory = [\"gp\"]"),
    );
    world.started(&trust, "2026");
    world.answered(&trust, "2026", "1.1", &json!({"confirmed": true}), "");
    world.answered(&trust, "2026", "1.1.2", &json!({"date": "2026-01-05"}), "");
    world.answered(&trust, "2026", "1.1.3", &json!({"yes_no": true}), "");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let at = trust.at("2026", "/requirements/1.1.4");
    lead.get(&at).await.expect(200);
    lead.upload(&format!("{at}/evidence"), &[], "policy.txt", b"A policy.").await.expect(303);
    world.answered(&trust, "2026", "1.1.4", &json!({"documents": true}), "");
    world.sent(&trust, "2026");
    world.settle();
    // The text is mandatory for trusts after all: it was left out.
    let seen = corrected(&world, "items-2026", 1, &[("mandatory:1.1.1", "nhs_trust, gp")]).await;
    assert!(seen.contains("NHS trust"), "{seen}");
    lead.get(&trust.at("2026", "/corrected"))
        .await
        .expect(200)
        .shows("Standards met")
        .shows("Standards not met")
        .shows("4 of 4")
        .shows("4 of 5")
        .shows("1.1.1 Item text");
    assert_eq!(differences(&world), Vec::<String>::new());
}

/// The assertions edition whose text small organisations must have complete to approach the standards, with more scoring.
fn with_subset(scoring: &str) -> String {
    let more = format!("[scoring]\nsmall_subset = [\"1.1.1\"]\n{scoring}");
    assertions("items-2026").replace("[scoring]\n", &more)
}

/// Sends the return of a trust that plans what it lacks: the document.
async fn sent_with_a_plan(world: &World, trust: &Trust) {
    world.started(trust, "2026");
    world.items(trust, &["1.1", "1.1.1", "1.1.2", "1.1.3"]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    plans::planned(world, trust, &mut lead).await;
    plans::sent(world, trust, &mut lead).await;
    world.sent(trust, "2026");
    world.settle();
}

/// Old and new grade of the newest result of the only return.
fn grades(world: &World) -> (String, String) {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(corrected_result::table
                .filter(corrected_result::run.eq("result"))
                .order(corrected_result::correction_id.desc())
                .select((corrected_result::old_claimed, corrected_result::new_claimed))
                .first(conn)?)
        })
        .unwrap()
}

fn pair(old: &str, new: &str) -> (String, String) {
    (old.to_owned(), new.to_owned())
}

async fn who_approaches_only_by_an_approved_plan(world: World) {
    rule_makers(&world);
    let trust = world.trust("ZZ001");
    world.usual_year(&with_subset(""));
    sent_with_a_plan(&world, &trust).await;
    let mut edith = world.signed_in("Edith Editor").await;
    edith
        .get("/standards/items-2026/corrections/new")
        .await
        .expect(200)
        .shows("name=\"approaching_sectors_large\"")
        .shows("name=\"exceeded_certificate\"");
    let changes = [("small_subset", "1.1.1"), ("approaching_sectors_large", "nhs_trust, gp")];
    let seen = corrected(&world, "items-2026", 1, &changes).await;
    let about = "Sectors that approach the standards only by a plan that is approved centrally";
    assert!(seen.contains(about) && seen.contains("General practice, NHS trust"), "{seen}");
    assert_eq!(grades(&world), pair("approaching_standards", "standards_not_met"));
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/corrected"))
        .await
        .expect(200)
        .shows("Approaching standards")
        .shows("Standards not met")
        .shows(about);
    world.browser().get("/public/corrections/1").await.expect(200).shows(about).shows("Nobody");
    // What the form does not change stays as it was corrected.
    let mut edith = world.signed_in("Edith Editor").await;
    let form = edith.get("/standards/items-2026/corrections/new").await.expect(200);
    form.shows("value=\"gp, nhs_trust\"");
    let back = [("small_subset", "1.1.1"), ("approaching_sectors_large", "gp")];
    corrected(&world, "items-2026", 2, &back).await;
    assert_eq!(grades(&world), pair("standards_not_met", "approaching_standards"));
    assert_eq!(differences(&world), Vec::<String>::new());
    world.settle();
}

async fn a_large_organisation_made_small_approaches_once(world: World) {
    rule_makers(&world);
    let trust = world.trust("ZZ001");
    // The year before, in which the trust approached the standards.
    let before = world.edition(&levels("sample-2025", 3));
    world.collection("2025", before, ["2026-01-05 09:00", "2026-02-20 12:00", "2026-02-27 12:00"]);
    world.submitted_levels(&trust, "2025");
    world.settle();
    let whose = trust.id;
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            diesel::update(annual_return::table.filter(annual_return::organisation_id.eq(whose)))
                .set(annual_return::final_grade.eq(Some("approaching_standards")))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    world.usual_year(&with_subset("approaching_sectors_large = [\"nhs_trust\"]\n"));
    sent_with_a_plan(&world, &trust).await;
    let changes = [("small_subset", "1.1.1"), ("approaching_sectors_large", "")];
    corrected(&world, "items-2026", 1, &changes).await;
    // Small, with a plan and the named items, but not for the first time.
    assert_eq!(grades(&world), pair("standards_not_met", "standards_not_met"));
    world.settle();
}

async fn which_certificate_exceeds_the_standards(world: World) {
    rule_makers(&world);
    let trust = world.trust("ZZ001");
    world.usual_year(&assertions("items-2026"));
    world.certified(&trust, "cyber_essentials_plus", ["2025-08-01", "2026-07-31"], None);
    world.started(&trust, "2026");
    world.items(&trust, &["1.1", "1.1.1", "1.1.2", "1.1.3"]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let at = trust.at("2026", "/requirements/1.1.4");
    lead.get(&at).await.expect(200);
    lead.upload(&format!("{at}/evidence"), &[], "policy.txt", b"A policy.").await.expect(303);
    world.answered(&trust, "2026", "1.1.4", &json!({"documents": true}), "");
    world.sent(&trust, "2026");
    world.settle();
    // Nothing asked for certificates: what was held counts all the same, because the submission fixed it.
    let changes = [("exceeded_certificate", "cyber_essentials_plus")];
    let seen = corrected(&world, "items-2026", 1, &changes).await;
    assert!(seen.contains("Certificate that exceeds the standards"), "{seen}");
    assert!(seen.contains("Cyber Essentials Plus"), "{seen}");
    assert_eq!(grades(&world), pair("standards_met", "standards_exceeded"));
    lead.get(&trust.at("2026", "/corrected"))
        .await
        .expect(200)
        .shows("Standards exceeded")
        .shows("Certificate that exceeds the standards");
    // A form without the field leaves the certificate as it is.
    corrected(&world, "items-2026", 2, &[("mandatory:1.1.1", "nhs_trust, gp")]).await;
    assert_eq!(grades(&world), pair("standards_exceeded", "standards_exceeded"));
    corrected(&world, "items-2026", 3, &[("exceeded_certificate", "iso_27001")]).await;
    assert_eq!(grades(&world), pair("standards_exceeded", "standards_met"));
    corrected(&world, "items-2026", 4, &[("exceeded_certificate", "cyber_essentials_plus")]).await;
    assert_eq!(grades(&world), pair("standards_met", "standards_exceeded"));
    corrected(&world, "items-2026", 5, &[("exceeded_certificate", "")]).await;
    assert_eq!(grades(&world), pair("standards_exceeded", "standards_met"));
    assert_eq!(differences(&world), Vec::<String>::new());
    world.settle();
}

async fn what_no_grade_can_rest_on_is_refused(world: World) {
    rule_makers(&world);
    world.usual_year(&with_subset(""));
    let mut edith = world.signed_in("Edith Editor").await;
    let at = "/standards/items-2026/corrections/new";
    edith.get(at).await.expect(200);
    let all = [
        ("reason", "Wrong."),
        ("small_subset", "1.1.1"),
        ("approaching_sectors_large", "nhs_trsut"),
        ("exceeded_certificate", "driving_licence"),
    ];
    edith
        .post(at, &all)
        .await
        .expect(422)
        .shows("is not a sector: use one of nhs_trust, icb")
        .shows("Select a certificate that organisations can record, or none")
        .shows("value=\"nhs_trsut\"");
    let nothing = [
        ("reason", "Wrong."),
        ("small_subset", "1.1.1"),
        ("approaching_sectors_large", ""),
        ("exceeded_certificate", ""),
    ];
    edith.post(at, &nothing).await.expect(422).shows("at least one rule");
    edith.get("/standards/items-2026/corrections").await.expect(200).shows("have never been corrected");
}

async fn a_wrong_correction_is_followed_by_another(world: World) {
    rule_makers(&world);
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.submitted_levels(&trust, "2026");
    world.settle();
    corrected(&world, "sample-2026", 1, &[("satisfactory_level", "3")]).await;
    corrected(&world, "sample-2026", 2, &[("satisfactory_level", "2")]).await;
    let mut lead = world.signed_in("Lead ZZ001").await;
    let page = lead.get(&trust.at("2026", "/corrected")).await.expect(200);
    page.shows("sample-2026.1+1").shows("sample-2026.1+2");
    let mut edith = world.signed_in("Edith Editor").await;
    let list = edith.get("/standards/sample-2026/corrections").await.expect(200);
    list.shows("Replaced by a later correction").shows("In force");
    let mut public = world.browser();
    public.get("/public/corrections").await.expect(200).shows("Correction 1 of").shows("Correction 2 of");
    // Each result is verified under the rules that it was made by.
    assert_eq!(differences(&world), Vec::<String>::new());
}
