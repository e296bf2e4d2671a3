//! The library of reasons: kept by the team in versions, offered where it fits, put into a decision with and without
//! scripts, counted.

use portal::access::CentralRole::{CentralReviewer, Publisher, StandardsEditor};

use crate::on_both;
use crate::review::{Scene, a_submission_in_the_queue, decide};
use crate::support::{Browser, World};

on_both!(
    a_reason_is_added_changed_retired_and_offered_again,
    a_reason_is_put_into_a_decision_and_counted,
    a_reason_is_offered_only_where_it_fits,
    only_those_who_review_keep_the_library,
);

async fn with_reason(scene: &Scene, title: &str, standard: &str, section: &str) -> Browser {
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get("/reviews/reasons").await.expect(200);
    let text = format!("The words of {title}.");
    let fields = [("title", title), ("text", &*text), ("standard", standard), ("section", section)];
    ada.post("/reviews/reasons", &fields).await.expect(303);
    ada
}

async fn a_reason_is_added_changed_retired_and_offered_again(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get("/reviews/reasons").await.expect(200).shows("The library is empty.");
    ada.post("/reviews/reasons", &[("title", ""), ("text", " ")])
        .await
        .expect(422)
        .shows("Enter a title to find it by")
        .shows("Enter the words of the reason");
    let nowhere = [("title", "T"), ("text", "W"), ("standard", "nothing"), ("section", "")];
    ada.post("/reviews/reasons", &nowhere).await.expect(422).shows("Choose a standard from the list");
    let loose = [("title", "T"), ("text", "W"), ("standard", ""), ("section", "1")];
    ada.post("/reviews/reasons", &loose)
        .await
        .expect(422)
        .shows("Choose the standard that the section is of");
    let mut ada = with_reason(&scene, "=Draft <policy>", "", "").await;
    ada.get("/reviews/reasons").await.expect(200).shows("=Draft &lt;policy&gt;");
    ada.get("/reviews/reasons.csv").await.expect(200).shows("'=Draft <policy>").shows("In use");
    let at = "/reviews/reasons/1";
    let version = ada.get(at).await.expect(200).hidden("version");
    let change = [("version", version.as_str()), ("title", "Draft policy"), ("text", "Better words.")];
    ada.post(at, &change).await.expect(303);
    ada.get(at)
        .await
        .expect(200)
        .shows("Better words.")
        .shows("Earlier versions")
        .shows("The words of =Draft &lt;policy&gt;.");
    // Two tabs: the second sees what stands and keeps what was typed.
    let late = [("version", version.as_str()), ("title", "Other title"), ("text", "Other words.")];
    ada.post(at, &late).await.expect(409).shows("Better words.").shows("Other words.");
    ada.post(&format!("{at}/retire"), &[]).await.expect(303);
    ada.post(&format!("{at}/retire"), &[]).await.expect(409);
    ada.post(at, &[("version", "2"), ("title", "T"), ("text", "W")]).await.expect(409);
    let mut ada = scene.claimed().await;
    ada.get(&scene.at("/requirements/1-1")).await.expect(200).hides("Use this reason");
    ada.post(&format!("{at}/restore"), &[]).await.expect(303);
    ada.get(&scene.at("/requirements/1-1")).await.expect(200).shows("Use this reason").shows("Draft policy");
    ada.get("/reviews/reasons/99").await.expect(404);
}

async fn a_reason_is_put_into_a_decision_and_counted(world: World) {
    let scene = a_submission_in_the_queue(world);
    with_reason(&scene, "Draft policy", "", "").await;
    let mut ada = scene.claimed().await;
    let at = scene.at("/requirements/1-1");
    ada.get(&at)
        .await
        .expect(200)
        .shows("Draft policy (not used yet)")
        .shows("data-reason=\"The words of Draft policy.\"");
    let fields = [
        ("version", "0"),
        ("assessed", "level_1"),
        ("reason", "As seen on 3 March."),
        ("library", "1"),
        ("then", "quote"),
    ];
    let page = ada
        .post(&at, &fields)
        .await
        .expect(200)
        .shows("As seen on 3 March.\nThe words of Draft policy.</textarea>")
        .shows("value=\"level_1\" checked");
    assert_eq!(page.hidden("quoted"), "1");
    // Nothing is saved or counted yet.
    ada.get(&at).await.expect(200).shows("not used yet").shows("0 of 3 decided");
    let none = [("version", "0"), ("assessed", ""), ("reason", "Kept"), ("library", "9"), ("then", "quote")];
    ada.post(&at, &none).await.expect(422).shows("Choose a reason from the list").shows("Kept</textarea>");
    let fields = [
        ("version", "0"),
        ("assessed", "level_1"),
        ("reason", "The words of Draft policy."),
        ("quoted", "1"),
    ];
    ada.post(&at, &fields).await.expect(303);
    ada.get(&at).await.expect(200).shows("Draft policy (used once)").shows("Downgraded: Level 1");
    decide(&mut ada, &scene, "1-2", "level_1", "Words of my own.").await;
    ada.get(&at).await.expect(200).shows("Draft policy (used once)");
}

async fn a_reason_is_offered_only_where_it_fits(world: World) {
    let scene = a_submission_in_the_queue(world);
    with_reason(&scene, "Everywhere", "", "").await;
    with_reason(&scene, "Of the standard", "sample", "").await;
    with_reason(&scene, "Of the section", "sample", "1").await;
    with_reason(&scene, "Of another section", "sample", "2").await;
    let mut ada = scene.claimed().await;
    ada.get(&scene.at("/requirements/1-1"))
        .await
        .expect(200)
        .shows("Everywhere (not used yet)")
        .shows("Of the standard (not used yet)")
        .shows("Of the section (not used yet)")
        .hides("Of another section");
    let other = [("then", "quote"), ("library", "4"), ("version", "0")];
    ada.post(&scene.at("/requirements/1-1"), &other).await.expect(422);
}

async fn only_those_who_review_keep_the_library(world: World) {
    let scene = a_submission_in_the_queue(world);
    with_reason(&scene, "Draft policy", "", "").await;
    scene.world.person("Pam Publisher", &[], &[Publisher, StandardsEditor]);
    scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut pam = scene.world.signed_in("Pam Publisher").await;
    pam.get("/reviews").await;
    pam.get("/reviews/reasons").await.expect(403);
    pam.get("/reviews/reasons.csv").await.expect(403);
    pam.get("/reviews/reasons/1").await.expect(403);
    pam.post("/reviews/reasons/1/retire", &[]).await.expect(403);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get("/reviews/reasons").await.expect(404);
    // Another reviewer keeps it as well: it is the team's.
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    cy.get("/reviews/reasons/1").await.expect(200);
    cy.post("/reviews/reasons/1/retire", &[]).await.expect(303);
}
