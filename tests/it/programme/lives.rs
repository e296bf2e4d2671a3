//! The register of requirements and proposals for change: what is announced is read by organisations, and a proposal
//! becomes part of a draft.

use portal::access::CentralRole::{CentralReviewer, StandardsEditor};

use super::central;
use crate::on_both;
use crate::support::year::levels;
use crate::support::{Answer, Browser, World};

on_both!(
    an_announced_end_is_read_by_organisations_and_comes,
    a_proposal_becomes_part_of_a_draft_or_is_declined,
    what_is_proposed_wrong_is_told_beside_its_field,
    only_editors_announce_and_decide,
);

const REGISTER: &str = "/standards/registers/sample";
const PROPOSALS: &str = "/standards/proposals";

async fn begun(ed: &mut Browser) -> String {
    ed.get("/standards/drafts").await.expect(200);
    let fields = [("from", "sample-2026"), ("key", "sample-2027"), ("label", "sample-2027")];
    ed.post("/standards/drafts", &fields).await.expect(303).location()
}

async fn proposed(browser: &mut Browser, kind: &str, code: &str, text: &str) -> Answer {
    browser.get(PROPOSALS).await.expect(200);
    let fields = [
        ("edition", "sample-2026"),
        ("kind", kind),
        ("code", code),
        ("text", text),
        ("reason", "Because of it."),
    ];
    browser.post(PROPOSALS, &fields).await
}

async fn an_announced_end_is_read_by_organisations_and_comes(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let mut ed = central(&world, "Ed Standards", StandardsEditor).await;
    let mut edie = central(&world, "Edie Standards", StandardsEditor).await;
    ed.get(REGISTER).await.expect(200).shows("1-3 Title 3").shows("It is asked.");
    let end = [("code", "1-3"), ("from_label", "2027/28"), ("reason", "Covered by <i>another</i>.")];
    ed.post(REGISTER, &end).await.expect(303);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get("/standards").await.expect(200).shows(REGISTER);
    lead.get(REGISTER)
        .await
        .expect(200)
        .shows("To retire")
        .shows("It will not be asked from 2027/28: Covered by &lt;i&gt;another")
        .hides("Announce it");
    // Whoever answers it reads it beside the question, and beside no other; also when the next edition is fixed.
    let question = trust.at("2026", "/requirements/1-3");
    let said = "It will not be asked from 2027/28: Covered by &lt;i&gt;another";
    lead.get(&question).await.expect(200).shows("going to be retired").shows(said);
    lead.get(&trust.at("2026", "/requirements/1-1")).await.expect(200).hides("going to be retired");
    let draft = begun(&mut ed).await;
    let place = format!("{draft}/requirements/1-3");
    let version = ed.get(&place).await.expect(200).hidden("version");
    ed.post(&format!("{place}/remove"), &[("version", &version)]).await.expect(303);
    let version = ed.get(&draft).await.expect(200).hidden("version");
    ed.post(&format!("{draft}/done"), &[("version", &version)]).await.expect(303);
    edie.get(&draft).await.expect(200);
    edie.post(&format!("{draft}/freeze"), &[("version", &version)]).await.expect(303);
    lead.get(&question).await.expect(200).shows("It will not be asked from sample-2027: Covered by");
    // The mapping is not in force yet, and by equal codes the requirement has ended all the same.
    lead.get(REGISTER)
        .await
        .expect(200)
        .shows("Retired")
        .shows("It is not asked any more since sample-2027: Covered by")
        .shows("sample-2027: asked no more");
    let csv = lead.get("/standards/registers/sample.csv").await.expect(200).text();
    assert!(csv.contains("1-3 Title 3,retired,"), "{csv}");
    lead.get("/standards/registers/none").await.expect(404);
    world.settle();
}

async fn a_proposal_becomes_part_of_a_draft_or_is_declined(world: World) {
    world.usual_year(&levels("sample-2026", 3));
    let mut ed = central(&world, "Ed Standards", StandardsEditor).await;
    let mut rae = central(&world, "Rae Reviewer", CentralReviewer).await;
    proposed(&mut rae, "reword", "1-1", "How far is question 1?").await.expect(303);
    proposed(&mut rae, "retire", "1-2", "").await.expect(303);
    proposed(&mut rae, "add", "1-9", "Is there more?").await.expect(303);
    proposed(&mut rae, "reword", "1-3", "Never mind?").await.expect(303);
    rae.get(PROPOSALS).await.expect(200).shows("Rae Reviewer").hides("Decline it");
    let draft = begun(&mut ed).await;
    ed.get(&draft).await.expect(200).shows("4 open");
    let id = draft.rsplit('/').next().unwrap().to_owned();
    ed.get(PROPOSALS).await.expect(200).shows("Take it into the draft");
    for proposal in 1..=3 {
        let fields = [("verdict", "take"), ("draft", id.as_str())];
        ed.post(&format!("{PROPOSALS}/{proposal}"), &fields).await.expect(303);
    }
    ed.post(&format!("{PROPOSALS}/4"), &[("verdict", "decline"), ("answer", "")]).await.expect(422);
    ed.post(&format!("{PROPOSALS}/4"), &[("verdict", "decline"), ("answer", "It is clear.")])
        .await
        .expect(303);
    rae.get(PROPOSALS).await.expect(200).shows("Declined: It is clear.").shows("Taken into a draft");
    ed.get(&format!("{draft}/changes"))
        .await
        .expect(200)
        .shows("New: 1")
        .shows("Reworded: 1")
        .shows("Retired: 1");
    // What is new begins incomplete, and the list of faults leads there.
    ed.get(&draft).await.expect(200).shows("/requirements/1-9").shows("must not be empty");
    ed.post(&format!("{PROPOSALS}/1"), &[("verdict", "take"), ("draft", &id)]).await.expect(409);
    world.settle();
}

async fn what_is_proposed_wrong_is_told_beside_its_field(world: World) {
    world.usual_year(&levels("sample-2026", 3));
    let mut ed = central(&world, "Ed Standards", StandardsEditor).await;
    for (kind, code, text, field) in [
        ("", "1-1", "Text", "kind"),
        ("add", "1-1", "Text", "code"),
        ("retire", "9-9", "", "code"),
        ("reword", "not a code", "Text", "code"),
        ("reword", "1-1", "", "text"),
    ] {
        proposed(&mut ed, kind, code, text).await.expect(422).shows(&format!("id=\"{field}-error\""));
    }
    for (code, reason, field) in [("9-9", "Why", "code"), ("1-1", "", "reason")] {
        ed.get(REGISTER).await.expect(200);
        let end = [("code", code), ("from_label", "2027/28"), ("reason", reason)];
        ed.post(REGISTER, &end).await.expect(422).shows(&format!("id=\"{field}-error\""));
    }
    proposed(&mut ed, "retire", "1-1", "").await.expect(303);
    ed.post(&format!("{PROPOSALS}/1"), &[("verdict", "take"), ("draft", "")]).await.expect(422);
    world.settle();
}

async fn only_editors_announce_and_decide(world: World) {
    world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    let mut rae = central(&world, "Rae Reviewer", CentralReviewer).await;
    proposed(&mut rae, "retire", "1-1", "").await.expect(303);
    rae.post(&format!("{PROPOSALS}/1"), &[("verdict", "decline"), ("answer", "x")]).await.expect(403);
    rae.get(REGISTER).await.expect(200);
    rae.post(REGISTER, &[("code", "1-1"), ("from_label", "x"), ("reason", "x")]).await.expect(403);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(PROPOSALS).await.expect(404);
    world.settle();
}
