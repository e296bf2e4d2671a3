//! What changed since the edition before: marks and differences, answers merged and split, what is asked no more, and
//! evidence that serves another standard.

use diesel::prelude::*;
use portal::access::OrganisationRole::Contributor;
use portal::access::{Actor, ImportMappingBySystem, Permit, Subject};
use portal::platform::clock::parse_london;
use portal::platform::ids::MappingId;
use portal::returns::{self, AnswerState, Which};
use portal::standards::RequirementCode;
use portal::standards::mapping::{self, Line, LineKind};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::year::{Trust, levels, outcomes};
use crate::support::{Browser, World, everybodys};

on_both!(
    marks_say_what_changed_and_the_list_can_be_narrowed,
    the_question_shows_the_difference_word_by_word,
    merged_answers_are_both_shown_and_split_ones_carry_to_each,
    what_is_asked_no_more_stays_readable_for_ever,
    nothing_that_is_merely_carried_is_submitted,
    a_return_keeps_the_mapping_it_was_started_with,
    what_a_newer_mapping_carries_is_taken_over,
    evidence_serves_across_standards_and_answers_do_not,
    evidence_given_elsewhere_is_offered_and_attached_with_one_press,
    a_contributor_sees_the_changes_of_what_they_were_given,
);

/// Last year's return of a trust: 1-1 at level 2 with a file, 1-2 at `second`, 1-3 not relevant.
async fn given_last_year(world: &World, second: &Value) -> Trust {
    let trust = world.trust("ZZ001");
    world.clock.set(parse_london("2025-01-13 10:00").unwrap());
    let edition = world.edition(&levels("sample-2025", 3));
    world.collection("2025", edition, ["2025-01-05 09:00", "2025-06-30 12:00", "2025-07-14 12:00"]);
    world.started(&trust, "2025");
    world.answered(&trust, "2025", "1-1", &json!({"level": 2, "text": "as before"}), "First comment");
    world.answered(&trust, "2025", "1-2", second, "Second comment");
    world.answered(&trust, "2025", "1-3", &json!({"not_relevant": true, "reason": "None here"}), "");
    let mut lead = world.signed_in("Lead ZZ001").await;
    attach(&mut lead, &trust, "2025", "1-1", "policy.txt").await;
    world.sent(&trust, "2025");
    world.clock.set(parse_london("2026-01-13 10:00").unwrap());
    portal::collections::run_due(world.db()).unwrap();
    world.settle();
    trust
}

async fn attach(lead: &mut Browser, trust: &Trust, year: &str, code: &str, name: &str) {
    let question = trust.at(year, &format!("/requirements/{code}"));
    lead.get(&question).await.expect(200);
    let content = format!("The content of {name}");
    lead.upload(&format!("{question}/evidence"), &[], name, content.as_bytes()).await.expect(303);
}

/// Puts a mapping in force, as the command line does; a pair without an old or a new code is an empty text.
fn mapped(world: &World, from: &str, to: &str, lines: &[(&str, &str, LineKind)]) -> MappingId {
    let side = |text: &str| (!text.is_empty()).then(|| RequirementCode::new(text).unwrap());
    let line = |(from, to, kind): &(&str, &str, LineKind)| Line {
        from: side(from),
        to: side(to),
        kind: *kind,
        note: if *kind == LineKind::Retired { "Nobody asks any more.".to_owned() } else { String::new() },
    };
    let lines: Vec<Line> = lines.iter().map(line).collect();
    let (from, to) = (from.to_owned(), to.to_owned());
    world
        .db()
        .write_now(everybodys(), move |tx| {
            let permit =
                Permit::<ImportMappingBySystem>::grant(&Actor::system(), Some(Subject::programme()))?;
            mapping::import_mapping(tx, &permit, (&from, &to), &lines, true)
        })
        .unwrap()
}

/// This year's edition: 1-2 asks in other words, and 1-4 stands in the place of 1-3.
fn this_year() -> String {
    levels("sample-2026", 3)
        .replace("Question 2?", "How far is question 2?")
        .replace("code = \"1-3\"", "code = \"1-4\"")
}

async fn marks_say_what_changed_and_the_list_can_be_narrowed(world: World) {
    let trust = given_last_year(&world, &json!({"level": 3})).await;
    world.usual_year(&this_year());
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("Since sample-2025: 1 new, 1 reworded, 1 unchanged.")
        .shows("Reworded since sample-2025")
        .shows("New since sample-2025")
        .shows("1-1 Title 1")
        .shows("Show only what changed");
    lead.get(&trust.at("2026", "?show=changed"))
        .await
        .expect(200)
        .shows("Only what changed is listed")
        .shows("1-2 Title 2")
        .shows("1-4 Title 3")
        .hides(">1-1 Title 1</a>\n<")
        .shows("Show every requirement");
    // A return of the first year has nothing to be compared with.
    lead.get(&trust.at("2025", "?show=changed")).await.expect(200).hides("Since ").shows("1-1 Title 1");
    lead.get(&trust.at("2025", "/changes")).await.expect(404);
}

async fn the_question_shows_the_difference_word_by_word(world: World) {
    let trust = given_last_year(&world, &json!({"level": 3})).await;
    world.usual_year(&this_year());
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/requirements/1-2"))
        .await
        .expect(200)
        .shows("Reworded</strong> since sample-2025")
        .shows("<del><span class=\"nhsuk-u-visually-hidden\">[removed: </span>Question")
        .shows("<ins><span class=\"nhsuk-u-visually-hidden\">[added: </span>How far is question")
        .shows("It was carried forward from Collection 2025, 1-2, submitted 13 January 2025")
        .shows("by equal codes")
        .shows("What was answered in Collection 2025")
        .shows("Second comment");
    lead.get(&trust.at("2026", "/requirements/1-1"))
        .await
        .expect(200)
        .shows("Unchanged</strong> since sample-2025")
        .hides("<del>")
        .shows("Evidence: policy.txt");
    lead.get(&trust.at("2026", "/requirements/1-4"))
        .await
        .expect(200)
        .shows("New</strong> since sample-2025")
        .hides("What was answered in");
}

async fn merged_answers_are_both_shown_and_split_ones_carry_to_each(world: World) {
    let trust = given_last_year(&world, &json!({"level": 3})).await;
    world.edition(&this_year());
    mapped(
        &world,
        "sample-2025",
        "sample-2026",
        &[
            ("1-1", "1-1", LineKind::Merged),
            ("1-2", "1-1", LineKind::Merged),
            ("1-3", "1-2", LineKind::Split),
            ("1-3", "1-4", LineKind::Split),
        ],
    );
    world.usual_year(&this_year());
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let page = lead.get(&trust.at("2026", "/requirements/1-1")).await.expect(200);
    page.shows("Merged</strong> since sample-2025")
        .shows("Level 2: descriptor of level 2")
        .shows("Level 3: descriptor of level 3")
        .shows("One of several that became this question.")
        .shows("1-1 Title 1:\nFirst comment")
        .shows("1-2 Title 2:\nSecond comment")
        .shows("1-1 and 1-2, submitted")
        .shows("version 1 of the mapping")
        .shows("policy.txt")
        .hides(" checked");
    for code in ["1-2", "1-4"] {
        lead.get(&trust.at("2026", &format!("/requirements/{code}")))
            .await
            .expect(200)
            .shows("Split</strong>");
    }
    // Where it fits it carries; where it cannot be the answer, its words stand in the comment.
    let fits = answer_of(&world, &trust, "1-4").unwrap();
    assert_eq!(fits.0, r#"{"not_relevant":true,"reason":"None here"}"#);
    assert_eq!(answer_of(&world, &trust, "1-2").unwrap().0, "null");
    lead.get(&trust.at("2026", "/requirements/1-2")).await.expect(200).shows("could not be carried over");
    let merged = answer_of(&world, &trust, "1-1").unwrap();
    assert_eq!((merged.0.as_str(), merged.1), ("null", AnswerState::ToConfirm));
    // It cannot be finished without choosing.
    let question = trust.at("2026", "/requirements/1-1");
    let version = lead.get(&question).await.expect(200).hidden("version");
    lead.post(&question, &[("version", version.as_str()), ("intent", "finished"), ("comment", "x")])
        .await
        .expect(422);
}

/// Value and state of an answer of this year's return.
fn answer_of(world: &World, trust: &Trust, code: &str) -> Option<(String, AnswerState)> {
    let (id, code) = (trust.id, code.to_owned());
    let answer = world.db().read_now(everybodys(), move |conn| {
        let found = returns::find(conn, Which::Of(id, "2026"))?.unwrap();
        let requirement = found.edition.requirement_id(&code).unwrap();
        returns::answer_to(conn, found.id, requirement)
    });
    answer.unwrap().map(|answer| (answer.value, answer.state))
}

async fn what_is_asked_no_more_stays_readable_for_ever(world: World) {
    let trust = given_last_year(&world, &json!({"level": 3})).await;
    world.edition(&this_year());
    mapped(
        &world,
        "sample-2025",
        "sample-2026",
        &[("1-2", "1-2", LineKind::Reworded), ("1-1", "", LineKind::Retired), ("1-3", "", LineKind::Retired)],
    );
    world.usual_year(&this_year());
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let page = trust.at("2026", "/changes");
    let read = |answer: crate::support::Answer| {
        answer
            .expect(200)
            .shows("Asked no more")
            .shows("1-1 Title 1")
            .shows("Nobody asks any more.")
            .shows("Level 2: descriptor of level 2")
            .shows("as before")
            .shows("First comment")
            .shows("Evidence: policy.txt")
            .shows("Not relevant")
            .shows("None here")
            .shows(&trust.at("2025", "/requirements/1-1"))
            .shows("Collection 2025, submitted 13 January 2025")
    };
    read(lead.get(&page).await).shows("version 1 of the mapping").hides("has come into force since");
    for code in ["1-1", "1-2", "1-4"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.sent(&trust, "2026");
    world.clock.set(parse_london("2027-01-13 10:00").unwrap());
    portal::collections::run_due(world.db()).unwrap();
    world.settle();
    let mut lead = world.signed_in("Lead ZZ001").await;
    read(lead.get(&page).await);
    world.trust("ZZ002");
    world.signed_in("Lead ZZ002").await.get(&page).await.expect(404);
}

async fn nothing_that_is_merely_carried_is_submitted(world: World) {
    let trust = given_last_year(&world, &json!({"level": 3})).await;
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "")).await.expect(200).shows("<strong>0 of 3</strong>").hides("Mark as ready");
    for step in ["/ready", "/submit"] {
        lead.get("/account").await.expect(200);
        lead.post(&trust.at("2026", step), &[]).await.expect(409);
    }
    let id = trust.id;
    let content = move |world: &World| {
        world.db().read_now(everybodys(), move |conn| {
            let found = returns::find(conn, Which::Of(id, "2026"))?.unwrap();
            returns::current(conn, &found)
        })
    };
    let carried = content(&world).unwrap();
    assert!(carried.iter().all(|answer| answer.value.is_null() && answer.comment.is_empty()));
    assert!(carried.iter().all(|answer| answer.evidence.is_empty()));
    // Two of three confirmed are not enough, and only they count.
    for code in ["1-1", "1-2"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(409);
    let said: Vec<bool> = content(&world).unwrap().iter().map(|answer| !answer.value.is_null()).collect();
    assert_eq!(said, [true, true, false]);
    world.answered(&trust, "2026", "1-3", &json!({"level": 2}), "");
    world.sent(&trust, "2026");
    world.settle();
}

async fn a_return_keeps_the_mapping_it_was_started_with(world: World) {
    let trust = given_last_year(&world, &json!({"level": 3})).await;
    world.edition(&this_year());
    let first = mapped(&world, "sample-2025", "sample-2026", &[("1-1", "1-1", LineKind::Unchanged)]);
    world.usual_year(&this_year());
    world.started(&trust, "2026");
    let second = mapped(&world, "sample-2025", "sample-2026", &[("1-3", "1-4", LineKind::Reworded)]);
    let later = world.trust("ZZ002");
    world.started(&later, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "")).await.expect(200).shows("2 new, 1 unchanged");
    lead.get(&trust.at("2026", "/changes"))
        .await
        .expect(200)
        .shows(&format!("href=\"/standards/mappings/{first}\""))
        .shows("version 1 of the mapping")
        .shows("Version 2 of the mapping</a> has come into force since")
        .shows(&format!("href=\"/standards/mappings/{second}\""));
    lead.get(&format!("/standards/mappings/{first}")).await.expect(200).shows("Replaced");
    let mut other = world.signed_in("Lead ZZ002").await;
    other.get(&later.at("2026", "")).await.expect(200).shows("2 new, 1 reworded");
    other
        .get(&later.at("2026", "/changes"))
        .await
        .expect(200)
        .shows("version 2 of the mapping")
        .shows("submitted nothing for the edition before")
        .hides("has come into force since");
}

async fn evidence_serves_across_standards_and_answers_do_not(world: World) {
    let trust = given_last_year(&world, &json!({"level": 3})).await;
    let edition = world.edition(&outcomes("outcomes-2026"));
    mapped(&world, "sample-2025", "outcomes-2026", &[("1-1", "A1.a", LineKind::Serves)]);
    // No collection of this standard was before, so the one that the mapping leads on from is.
    world.collection("2026", edition, ["2026-01-05 09:00", "2026-06-30 12:00", "2026-07-14 12:00"]);
    world.started(&trust, "2026");
    assert_eq!(answer_of(&world, &trust, "A1.a"), None);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("Since Sample standard sample-2025: 1 new.")
        .shows("Not started");
    lead.get(&trust.at("2026", "/requirements/A1.a"))
        .await
        .expect(200)
        .shows("Its evidence serves here")
        .shows("Level 2: descriptor of level 2")
        .shows("policy.txt")
        .hides("This is last year");
    lead.get(&trust.at("2026", "/changes"))
        .await
        .expect(200)
        .shows("The edition before is of another standard")
        .shows("Its evidence serves A1.a.")
        .shows("1-2 Title 2")
        .shows("Second comment");
}

async fn evidence_given_elsewhere_is_offered_and_attached_with_one_press(world: World) {
    let trust = world.trust("ZZ001");
    let con = world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    let other = world.trust("ZZ002");
    world.usual_year(&levels("sample-2026", 3));
    let edition = world.edition(&outcomes("outcomes-2026"));
    world.collection("outcomes-2026", edition, ["2026-01-05 09:00", "2026-06-30 12:00", "2026-07-14 12:00"]);
    mapped(&world, "sample-2026", "outcomes-2026", &[("1-1", "A1.a", LineKind::Serves)]);
    for (whose, name) in [(&trust, "ours.txt"), (&other, "theirs.txt")] {
        world.started(whose, "2026");
        world.started(whose, "outcomes-2026");
        let mut lead = world.signed_in(&format!("Lead {}", whose.code)).await;
        attach(&mut lead, whose, "2026", "1-1", name).await;
    }
    let mut lead = world.signed_in("Lead ZZ001").await;
    attach(&mut lead, &trust, "2026", "1-2", "unrelated.txt").await;
    let question = trust.at("outcomes-2026", "/requirements/A1.a");
    // The news of the last file is read on another page.
    lead.get("/account").await.expect(200).shows("unrelated.txt");
    let page = lead
        .get(&question)
        .await
        .expect(200)
        .shows("Evidence that serves here too")
        .shows("ours.txt (1-1 in Collection 2026)")
        .hides("theirs.txt")
        .hides("unrelated.txt");
    let piece = page.hidden("pieces");
    // A contributor sees what stands beside the answer, and is offered nothing of the library.
    world.given(trust.lead, trust.id, "outcomes-2026", &["A1.a"], con);
    world.signed_in("Con Tributor").await.get(&question).await.expect(200).hides("ours.txt");
    let attach = [("pieces", piece.as_str())];
    let to = format!("{question}/evidence/choose");
    assert_eq!(lead.post(&to, &attach).await.expect(303).location(), question);
    lead.get(&question).await.expect(200).shows("ours.txt").hides("Evidence that serves here too");
    world.settle();
}

async fn a_contributor_sees_the_changes_of_what_they_were_given(world: World) {
    let trust = given_last_year(&world, &json!({"level": 3})).await;
    let con = world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    world.usual_year(&this_year());
    world.started(&trust, "2026");
    world.given(trust.lead, trust.id, "2026", &["1-2"], con);
    let mut con = world.signed_in("Con Tributor").await;
    con.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("Since sample-2025: 1 reworded.")
        .hides("1-4 Title 3")
        .hides("/changes");
    con.get(&trust.at("2026", "/requirements/1-2"))
        .await
        .expect(200)
        .shows("<ins>")
        .shows("Second comment")
        .hides("See it in that return");
    con.get(&trust.at("2026", "/changes")).await.expect(403);
    con.get(&trust.at("2026", "/requirements/1-1")).await.expect(404);
}

async fn what_a_newer_mapping_carries_is_taken_over(world: World) {
    let trust = given_last_year(&world, &json!({"level": 3})).await;
    world.edition(&this_year());
    let first = [("1-1", "1-1", LineKind::Unchanged), ("1-3", "1-2", LineKind::Reworded)];
    mapped(&world, "sample-2025", "sample-2026", &first);
    world.usual_year(&this_year());
    world.started(&trust, "2026");
    world.answered(&trust, "2026", "1-1", &json!({"level": 1}), "Said this year");
    let page = trust.at("2026", "/changes/take-over");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/changes")).await.expect(200).hides("Take over what");
    lead.get(&page).await.expect(404);
    // The editor sees the mistake: 1-2 goes on as 1-2, and 1-4 came of 1-3.
    let second = [
        ("1-2", "1-1", LineKind::Split),
        ("1-2", "1-2", LineKind::Split),
        ("1-3", "1-4", LineKind::Reworded),
        ("1-1", "1-4", LineKind::Serves),
    ];
    let second = mapped(&world, "sample-2025", "sample-2026", &second);
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(&trust.at("2026", "/changes")).await.expect(200).hides("Take over what");
    siro.get(&page).await.expect(403);
    lead.get(&trust.at("2026", "/changes"))
        .await
        .expect(200)
        .shows("Version 2 of the mapping</a> has come into force since")
        .shows(&format!("href=\"{page}\""));
    let seen = lead
        .get(&page)
        .await
        .expect(200)
        .shows("1-2 Title 2")
        .shows("Second comment")
        .shows("It takes the place of what was carried forward and not confirmed")
        .shows("1-4 Title 3")
        .shows("None here")
        .shows("1 piece of evidence")
        .hides("1-1 Title 1")
        .hidden("mapping");
    assert_eq!(seen, second.to_string());
    lead.post(&page, &[("mapping", "")]).await.expect(409);
    // What a person answers in the meantime is not touched either.
    let before = answer_of(&world, &trust, "1-1");
    lead.post(&page, &[("mapping", &seen)]).await.expect(303);
    assert_eq!(answer_of(&world, &trust, "1-1"), before);
    let waits = |value: &str| Some((value.to_owned(), AnswerState::ToConfirm));
    assert_eq!(answer_of(&world, &trust, "1-2"), waits("{\"level\":3}"));
    assert_eq!(answer_of(&world, &trust, "1-4"), waits("{\"not_relevant\":true,\"reason\":\"None here\"}"));
    lead.get(&trust.at("2026", "/requirements/1-4"))
        .await
        .expect(200)
        .shows("version 2 of the mapping between the editions")
        .shows("policy.txt");
    lead.get(&trust.at("2026", "/requirements/1-2/history")).await.expect(200).shows("carried forward");
    lead.get(&trust.at("2026", "/changes"))
        .await
        .expect(200)
        .shows("version 2 of the mapping")
        .hides("has come into force since");
    lead.get(&page).await.expect(404);
    lead.post(&page, &[("mapping", &seen)]).await.expect(409);
    let bodies: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(portal::schema::ledger_event::table.select(portal::schema::ledger_event::body).load(conn)?)
        })
        .unwrap();
    assert_eq!(bodies.iter().filter(|body| body.contains("mapping_taken_over")).count(), 1);
    world.settle();
}
