//! The moves of an improvement plan: how a signature is asked for and what it is under, what taking an approved plan back
//! does, and which decisions stay to be read.

use std::collections::BTreeSet;

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::access::OrganisationRole::{CaldicottGuardian, Siro};
use portal::schema::ledger_event;

use super::followed::{approve, plan_at};
use super::plans::{fill, lines, planned, sent, sign, state, with_two_gaps};
use crate::on_both;
use crate::support::seed::address;
use crate::support::{World, everybodys};

on_both!(
    the_risk_owner_is_asked_to_sign_once_for_the_same_lines,
    only_the_lines_that_were_shown_are_signed,
    an_approved_plan_is_taken_back_changed_and_approved_again,
    every_decision_about_a_plan_stays_to_be_read,
);

async fn the_risk_owner_is_asked_to_sign_once_for_the_same_lines(world: World) {
    let trust = with_two_gaps(&world);
    world.person("Sia Second", &[(trust.id, Siro)], &[]);
    world.person("Cal Guardian", &[(trust.id, CaldicottGuardian)], &[]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let (plan, ask) = (trust.at("2026", "/plan"), trust.at("2026", "/plan/ask"));
    lead.get(&plan).await.expect(200).hides("Ask for the signature");
    lead.post(&ask, &[]).await.expect(404);
    // Nobody is asked to sign what is not complete.
    lead.post(&trust.at("2026", "/plan/gaps"), &[]).await.expect(303);
    lead.get(&plan).await.expect(200).hides("Ask for the signature");
    lead.post(&ask, &[]).await.expect(409).shows("2 lines lack something");
    assert!(world.queued("returns.plan_to_sign").is_empty());
    for line in lines(&world) {
        fill(&mut lead, &trust.at("2026", &format!("/plan/lines/{line}")), trust.lead, &[]).await.expect(303);
    }
    lead.get(&plan).await.expect(200).shows("Ask for the signature");
    lead.post(&ask, &[]).await.expect(303);
    lead.post(&ask, &[]).await.expect(409).shows("was asked to sign these lines before");
    let mails = world.queued("returns.plan_to_sign");
    let to: BTreeSet<&str> = mails.iter().map(|(to, ..)| to.as_str()).collect();
    assert_eq!(to, BTreeSet::from([address("Siro ZZ001").as_str(), address("Sia Second").as_str()]));
    assert_eq!(mails.len(), 2);
    for (_, subject, text, html) in &mails {
        assert!(text.contains(&plan), "{text}");
        for word in ["have it agreed", "1.1.1", "Two days"] {
            assert!(!format!("{subject}{text}{html}").contains(word), "{word} is in {text}");
        }
    }
    // Other lines are asked for anew, and so are the same ones once a signature under them was void.
    let line = trust.at("2026", &format!("/plan/lines/{}", lines(&world)[0]));
    fill(&mut lead, &line, trust.lead, &[("action", "Write all of it.")]).await.expect(303);
    lead.post(&ask, &[]).await.expect(303);
    assert_eq!(world.queued("returns.plan_to_sign").len(), 4);
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(&plan).await.expect(200).hides("Ask for the signature");
    siro.post(&ask, &[]).await.expect(403);
    sign(&trust, &mut siro).await;
    lead.get(&plan).await.expect(200).hides("Ask for the signature");
    lead.post(&ask, &[]).await.expect(409);
    lead.post(&trust.at("2026", "/plan/take-back"), &[]).await.expect(303);
    lead.post(&ask, &[]).await.expect(303);
    assert_eq!(world.queued("returns.plan_to_sign").len(), 6);
    world.settle();
    let asked: i64 = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(ledger_event::table
                .filter(ledger_event::kind.eq("plan_signature_asked"))
                .count()
                .get_result(conn)?)
        })
        .unwrap();
    assert_eq!(asked, 3, "what was refused is not recorded");
}

async fn only_the_lines_that_were_shown_are_signed(world: World) {
    let trust = with_two_gaps(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let mut siro = world.signed_in("Siro ZZ001").await;
    planned(&world, &trust, &mut lead).await;
    let (plan, to_sign) = (trust.at("2026", "/plan"), trust.at("2026", "/plan/sign"));
    let page = siro.get(&plan).await.expect(200).shows("Sign the plan").shows("Resources: Two days");
    let shown = page.hidden("hash");
    let line = trust.at("2026", &format!("/plan/lines/{}", lines(&world)[0]));
    for changed in [("action", "Write half of it."), ("resources", "Two years"), ("due-day", "2")] {
        fill(&mut lead, &line, trust.lead, &[changed]).await.expect(303);
        siro.post(&to_sign, &[("hash", &shown)])
            .await
            .expect(409)
            .shows("The plan has changed since you opened this page: read it again before you sign.");
        assert_eq!(state(&world), "draft", "after {changed:?}");
    }
    // Nor is anything signed that does not say what was shown.
    siro.post(&to_sign, &[]).await.expect(409).shows("read it again before you sign");
    assert_eq!(state(&world), "draft");
    // Changed back, the lines are what was shown: the signature is under them, not under how they came about.
    fill(&mut lead, &line, trust.lead, &[]).await.expect(303);
    siro.post(&to_sign, &[("hash", &shown)]).await.expect(303);
    assert_eq!(state(&world), "signed");
    // Lines are not signed twice.
    siro.post(&to_sign, &[("hash", &shown)]).await.expect(409);
    world.settle();
}

async fn an_approved_plan_is_taken_back_changed_and_approved_again(world: World) {
    let trust = with_two_gaps(&world);
    world.person("Cen Tral", &[], &[ProgrammeManager]);
    world.person("Re Viewer", &[], &[CentralReviewer]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    planned(&world, &trust, &mut lead).await;
    let (plan, back) = (trust.at("2026", "/plan"), trust.at("2026", "/plan/take-back"));
    // Taking back what nobody has approved concerns nobody in the programme.
    let mut siro = world.signed_in("Siro ZZ001").await;
    sign(&trust, &mut siro).await;
    lead.get(&plan).await.expect(200).shows("To change a line, take the plan back.");
    lead.post(&back, &[]).await.expect(303);
    assert!(world.queued("returns.plan_taken_back").is_empty());
    approve(&world, &trust, &mut lead).await;
    lead.get(&trust.at("2026", "")).await.expect(200).shows("<strong>5 of 5</strong>");
    // A line is done and was looked at, so that more than notes hangs on it.
    let first = lines(&world)[0];
    let line = trust.at("2026", &format!("/plan/lines/{first}"));
    lead.get(&line).await.expect(200);
    lead.post(&format!("{line}/progress"), &[("note", "Done"), ("evidence", "The minutes")])
        .await
        .expect(303);
    let mut central = world.signed_in("Cen Tral").await;
    central.get(&plan_at(&world)).await.expect(200);
    central.post(&format!("{}/lines/{first}/seen", plan_at(&world)), &[]).await.expect(303);

    siro.get(&plan).await.expect(200).hides("Take back to change it");
    siro.post(&back, &[]).await.expect(403);
    lead.get(&plan).await.expect(200).shows("the approval is void").shows("Take back to change it");
    lead.post(&back, &[]).await.expect(303);
    assert_eq!(state(&world), "draft");
    lead.get(&plan).await.expect(200).shows(">Draft<").hides("Signed by");
    lead.get(&trust.at("2026", "")).await.expect(200).shows("<strong>3 of 5</strong>");
    let told = world.queued("returns.plan_taken_back");
    // Every programme manager: the one who published the year's standard, and Cen Tral. Nobody else.
    let mut to: Vec<_> = told.iter().map(|(to, ..)| to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, [address("Cen Tral"), address("Manager 2026")], "{told:#?}");
    let (_, subject, text, _) = &told[0];
    assert!(subject.starts_with("Taken back: ") && text.contains("The approval is void"), "{text}");
    assert!(text.contains(&plan_at(&world)) && !text.contains("have it agreed"), "{text}");
    central.get("/plans?show=agreed").await.expect(200).shows("No plan is like this");
    // The line goes with all that hangs on it, and the gap is planned anew.
    lead.post(&format!("{line}/remove"), &[]).await.expect(303);
    lead.post(&trust.at("2026", "/plan/gaps"), &[]).await.expect(303);
    for line in lines(&world) {
        fill(&mut lead, &trust.at("2026", &format!("/plan/lines/{line}")), trust.lead, &[]).await.expect(303);
    }
    approve(&world, &trust, &mut lead).await;
    assert_eq!(state(&world), "approved");
    lead.get(&trust.at("2026", "")).await.expect(200).shows("<strong>5 of 5</strong>");
    world.settle();
}

async fn every_decision_about_a_plan_stays_to_be_read(world: World) {
    let trust = with_two_gaps(&world);
    world.person("Cen Tral", &[], &[ProgrammeManager]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let mut central = world.signed_in("Cen Tral").await;
    planned(&world, &trust, &mut lead).await;
    lead.get(&trust.at("2026", "/plan")).await.expect(200).hides("Earlier decisions");
    let line = lines(&world)[0];
    let (field, at) = (format!("line-{line}"), trust.at("2026", &format!("/plan/lines/{line}")));
    for (round, reason, of_line) in
        [("1", "The dates are <too> late.", "Say who."), ("2", "They are too late still.", "Say when.")]
    {
        sent(&world, &trust, &mut lead).await;
        let version = central.get(&plan_at(&world)).await.expect(200).hidden("version");
        let form = [
            ("version", version.as_str()),
            ("verdict", "reject"),
            ("reason", reason),
            (field.as_str(), of_line),
        ];
        central.post(&plan_at(&world), &form).await.expect(303);
        fill(&mut lead, &at, trust.lead, &[("action", round)]).await.expect(303);
    }
    // What was said against a line stays when the line goes.
    lead.post(&format!("{at}/remove"), &[]).await.expect(303);
    lead.post(&trust.at("2026", "/plan/gaps"), &[]).await.expect(303);
    for line in lines(&world) {
        fill(&mut lead, &trust.at("2026", &format!("/plan/lines/{line}")), trust.lead, &[]).await.expect(303);
    }
    sent(&world, &trust, &mut lead).await;
    let version = central.get(&plan_at(&world)).await.expect(200).hidden("version");
    let form = [("version", version.as_str()), ("verdict", "approve"), ("reason", "Well done.")];
    central.post(&plan_at(&world), &form).await.expect(303);
    for page in [
        lead.get(&trust.at("2026", "/plan")).await.expect(200),
        central.get(&plan_at(&world)).await.expect(200),
    ] {
        let text = page.text();
        let (_, decisions) = text.split_once("Earlier decisions").expect("the decisions");
        let mut from = 0;
        for said in [
            "Approved, ",
            "Cen Tral",
            "Well done.",
            "Rejected, ",
            "They are too late still.",
            "<strong>1.1.1 Item text:</strong> Say when.",
            "Rejected, ",
            "The dates are &lt;too&gt; late.",
            "<strong>1.1.1 Item text:</strong> Say who.",
        ] {
            let found = decisions[from..].find(said);
            from += found.unwrap_or_else(|| panic!("\"{said}\" is not in its place in {decisions}"));
        }
    }
    let export = lead.get(&trust.at("2026", "/export.json")).await.expect(200).text();
    let export: serde_json::Value = serde_json::from_str(&export).unwrap();
    let kept = export["plan"]["decisions"].as_array().unwrap();
    let told: Vec<(&str, &str, &str)> = kept
        .iter()
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap();
            (text("verdict"), text("decided_by"), text("reason"))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("approved", "Cen Tral", "Well done."),
            ("rejected", "Cen Tral", "They are too late still."),
            ("rejected", "Cen Tral", "The dates are <too> late."),
        ]
    );
    assert_eq!(kept[1]["lines"], serde_json::json!({"1.1.1": "Say when."}));
    assert_eq!(kept[0]["lines"], serde_json::json!({}));
    world.settle();
}
