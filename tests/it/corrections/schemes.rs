//! The other two schemes: the table of levels, and items that are mandatory for other sectors; and a wrong correction that
//! another one follows.

use portal::access::CentralRole::{ProgrammeManager, StandardsEditor};
use serde_json::json;

use super::{differences, state_of};
use crate::on_both;
use crate::support::World;
use crate::support::year::{assertions, levels};

on_both!(the_table_of_levels, items_of_an_assertion, a_wrong_correction_is_followed_by_another);

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
