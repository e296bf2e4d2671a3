//! Deciding and asking: bad input, stale decisions, evidence, and all three schemes.

use serde_json::json;

use crate::on_both;
use crate::review::{Scene, a_submission_in_the_queue, decide, finish};
use crate::support::World;
use crate::support::year::{Trust, assertions, levels, outcomes};
use portal::access::CentralRole::{CentralReviewer, SecondReviewer};

on_both!(
    a_decision_with_mistakes_is_kept_and_explained,
    a_stale_decision_shows_both_texts,
    requirements_outside_the_edition_are_not_found,
    a_question_with_mistakes_is_kept_and_explained,
    evidence_is_downloaded_by_those_who_review_it,
    items_of_an_assertions_edition_are_shown_and_decided,
    outcomes_are_shown_with_every_statement,
    last_years_answer_and_decision_stand_beside_this_years,
);

async fn a_decision_with_mistakes_is_kept_and_explained(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = scene.at("/requirements/1-1");
    ada.get(&at).await.expect(200);
    ada.post(&at, &[("version", "0"), ("assessed", "level_1"), ("reason", "  ")])
        .await
        .expect(422)
        .shows("Say why your finding differs from the claim")
        .shows("Error: 1-1 Title 1")
        .shows("value=\"level_1\" checked");
    ada.post(&at, &[("version", "0"), ("reason", "Typed & kept")])
        .await
        .expect(422)
        .shows("Choose what you found")
        .shows("Typed &amp; kept");
    for impossible in ["level_4", "not_relevant", "complete", "achieved", "exempt", "nonsense"] {
        ada.post(&at, &[("version", "0"), ("assessed", impossible), ("reason", "x")])
            .await
            .expect(422)
            .shows("Choose what you found");
    }
    let long = "x".repeat(4001);
    ada.post(&at, &[("version", "0"), ("assessed", "level_1"), ("reason", &long)])
        .await
        .expect(422)
        .shows("4,000 characters or fewer");
    ada.post(&at, &[("version", "one"), ("assessed", "level_2"), ("reason", "")]).await.expect(422);
    ada.get(&at).await.expect(200).hides("Agreed:").hides("Downgraded:");
    // The third may be not relevant, and a finding of "not relevant" is an upgrade.
    decide(&mut ada, &scene, "1-3", "not_relevant", "They have no such service.").await;
    ada.get(&scene.at("/requirements/1-3")).await.expect(200).shows("Upgraded: Not relevant");
}

async fn a_stale_decision_shows_both_texts(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = scene.at("/requirements/1-1");
    let mut tab = ada.clone();
    tab.get(&at).await.expect(200);
    decide(&mut ada, &scene, "1-1", "level_1", "The first finding.").await;
    let page = tab
        .post(&at, &[("version", "0"), ("assessed", "level_0"), ("reason", "The second finding.")])
        .await
        .expect(409)
        .shows("Your decision was not saved")
        .shows("The first finding.")
        .shows("The second finding.")
        .shows("Downgraded: Level 1")
        .shows("value=\"level_0\" checked");
    let version = page.hidden("version");
    assert_eq!(version, "1");
    tab.post(&at, &[("version", &version), ("assessed", "level_0"), ("reason", "The second finding.")])
        .await
        .expect(303);
    // What it said before stays readable beside what it says now.
    ada.get(&at)
        .await
        .expect(200)
        .shows("Downgraded: Level 0")
        .shows("Version 2, Ada Reviewer")
        .shows("Earlier versions of this decision")
        .shows("The first finding.");
}

async fn requirements_outside_the_edition_are_not_found(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let finding = [("version", "0"), ("assessed", "level_2"), ("reason", "")];
    for code in ["9-9", "A1.a", "1-1%27--"] {
        ada.get(&scene.at(&format!("/requirements/{code}"))).await.expect(404);
        ada.post(&scene.at(&format!("/requirements/{code}")), &finding).await.expect(404);
    }
    for path in
        ["/reviews/999", "/reviews/x", "/reviews/999/requirements/1-1", "/reviews/99999999999999999999"]
    {
        ada.get(path).await.expect(404);
    }
    ada.post("/reviews/999/claim", &[]).await.expect(404);
}

async fn a_question_with_mistakes_is_kept_and_explained(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = scene.at("/query");
    let with = |question: &'static str, day: &'static str, month: &'static str, year: &'static str| {
        [
            ("requirement", "1-1"),
            ("question", question),
            ("due-day", day),
            ("due-month", month),
            ("due-year", year),
        ]
    };
    ada.post(&at, &with("", "20", "1", "2026")).await.expect(422).shows("Enter your question");
    for (day, month, year, words) in [
        ("31", "2", "2026", "Enter a real date"),
        ("", "", "", "Enter a real date"),
        ("999", "1", "2026", "Enter a real date"),
        ("13", "1", "2026", "The date must be after today"),
        ("1", "1", "2027", "The date must be within 90 days"),
    ] {
        ada.post(&at, &with("Why is it so?", day, month, year))
            .await
            .expect(422)
            .shows(words)
            .shows("Why is it so?</textarea>");
    }
    let mut outside = with("Why?", "20", "1", "2026");
    outside[0] = ("requirement", "9-9");
    ada.post(&at, &outside).await.expect(404);
    assert_eq!(scene.states().0, "claimed");
}

/// A year of another edition with one trust, whose answers the caller gives.
fn another_scheme(world: World, toml: &str, answers: &[(&str, serde_json::Value)]) -> Scene {
    let trust = world.trust("ZZ001");
    world.usual_year(toml);
    world.started(&trust, "2026");
    for (code, value) in answers {
        world.answered(&trust, "2026", code, value, &format!("Comment on {code}"));
    }
    world.sent(&trust, "2026");
    queued(world, trust)
}

fn queued(world: World, trust: Trust) -> Scene {
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    world.person("Bea Second", &[], &[SecondReviewer]);
    world.settle();
    let id = world.review_of(&trust);
    Scene { world, trust, id }
}

async fn evidence_is_downloaded_by_those_who_review_it(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let question = trust.at("2026", "/requirements/1-1");
    lead.get(&question).await.expect(200);
    let path = format!("{question}/evidence");
    let content = b"Minutes of the board";
    lead.upload(&path, &[], "minutes 3.txt", content).await.expect(303);
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.sent(&trust, "2026");
    let scene = queued(world, trust);
    let mut ada = scene.claimed().await;
    let page = ada.get(&scene.at("/requirements/1-1")).await.expect(200).shows("minutes").text();
    let start = scene.at("/evidence/");
    let id: String = page.split(&start).nth(1).unwrap().chars().take_while(char::is_ascii_digit).collect();
    let file = ada.get(&format!("{start}{id}")).await.expect(200);
    assert_eq!(&file.body[..], content);
    assert!(file.header("content-disposition").starts_with("attachment"));
    ada.get(&format!("{start}999")).await.expect(404);
    ada.get(&format!("/reviews/999/evidence/{id}")).await.expect(404);
    ada.get(&scene.at("/requirements/1-2")).await.expect(200).shows("No file is attached");
    let other = scene.world.organisation("ZZ002", "Other Trust", "nhs_trust");
    scene.world.person("Olga Other", &[(other, portal::access::OrganisationRole::IgLead)], &[]);
    let mut olga = scene.world.signed_in("Olga Other").await;
    olga.get(&format!("{start}{id}")).await.expect(404);
}

async fn items_of_an_assertions_edition_are_shown_and_decided(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&assertions("items-2026"));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let question = trust.at("2026", "/requirements/1.1.4");
    lead.get(&question).await.expect(200);
    lead.upload(&format!("{question}/evidence"), &[], "policy.txt", b"Our policy").await.expect(303);
    for (code, value) in [
        ("1.1.1", json!({"text": "We train everybody.\nEvery year."})),
        ("1.1.2", json!({"date": "2025-12-01"})),
        ("1.1.3", json!({"yes_no": true, "text": "Since 2020."})),
        ("1.1.4", json!({"documents": true})),
        ("1.1", json!({"confirmed": true})),
    ] {
        world.answered(&trust, "2026", code, &value, "");
    }
    world.sent(&trust, "2026");
    let scene = queued(world, trust);
    let mut ada = scene.claimed().await;
    let shown = [
        ("1.1.1", "We train everybody."),
        ("1.1.2", "1 December 2025"),
        ("1.1.3", "Since 2020."),
        ("1.1.4", "The documents are attached"),
        ("1.1", "Confirmed"),
    ];
    for (code, words) in shown {
        ada.get(&scene.at(&format!("/requirements/{code}")))
            .await
            .expect(200)
            .shows(words)
            .shows("Claimed: Complete");
    }
    decide(&mut ada, &scene, "1.1.4", "incomplete", "The file is empty of content.").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    assert_eq!(scene.states().0, "second");
    let mut bea = scene.world.signed_in("Bea Second").await;
    bea.get(&scene.at("/confirm"))
        .await
        .expect(200)
        .shows("Standards not met")
        .shows("from Complete to Incomplete");
}

async fn outcomes_are_shown_with_every_statement(world: World) {
    let value = json!({"indicators": ["A1.a.A1", "A1.a.A2"], "text": "It is so."});
    let scene = another_scheme(world, &outcomes("outcomes-2026"), &[("A1.a", value)]);
    let mut ada = scene.claimed().await;
    ada.get(&scene.at("/requirements/A1.a"))
        .await
        .expect(200)
        .shows("Claimed: Achieved")
        .shows("(expected: Achieved)")
        .shows("First good")
        .shows("Half good")
        .shows("Not said to be true")
        .shows("It is so.")
        .shows("Comment on A1.a");
    decide(&mut ada, &scene, "A1.a", "partially_achieved", "The second is not so.").await;
    finish(&mut ada, &scene, "").await;
    assert_eq!(scene.states().0, "second");
}

async fn last_years_answer_and_decision_stand_beside_this_years(world: World) {
    let trust = world.trust("ZZ001");
    let first = world.edition(&levels("sample-2025", 3));
    world.collection("2025", first, ["2025-12-01 09:00", "2026-01-20 12:00", "2026-01-21 12:00"]);
    world.submitted_levels(&trust, "2025");
    let scene = queued(world, trust);
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-1", "level_1", "The reason of last year.").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    let mut bea = scene.world.signed_in("Bea Second").await;
    let version = bea.get(&scene.at("/confirm")).await.expect(200).hidden("version");
    bea.post(&scene.at("/confirm"), &[("version", &version), ("verdict", "confirm")]).await.expect(303);
    scene.world.settle();
    let Scene { world, trust, .. } = scene;
    world.clock.set(portal::platform::clock::parse_london("2026-02-02 10:00").unwrap());
    let second = world.edition(&levels("sample-2026", 3));
    world.collection("2026", second, ["2026-02-01 09:00", "2026-06-30 12:00", "2026-07-14 12:00"]);
    world.submitted_levels(&trust, "2026");
    world.settle();
    let id = world.review_of(&trust);
    let mut ada = world.signed_in("Ada Reviewer").await;
    ada.get(&format!("/reviews/{id}/requirements/1-1"))
        .await
        .expect(200)
        .shows("The year before")
        .shows("Downgraded by review")
        .shows("The reason of last year.");
}
