//! The short list of what still blocks, beside every page of a return: the same as the trial run says, for who sees what.

use diesel::prelude::*;
use portal::access::OrganisationRole::Contributor;
use portal::returns::{self, Which};
use portal::schema::{evidence, evidence_piece};
use serde_json::json;

use super::planned::with_rules;
use crate::on_both;
use crate::support::year::{Trust, assertions, levels, outcomes};
use crate::support::{Browser, World, everybodys};

on_both!(
    the_list_beside_a_question_is_the_whole_rule,
    an_outcome_that_ticks_nothing_blocks_unless_it_claims_another_control,
    every_page_of_a_return_has_the_list,
    a_contributor_sees_their_own,
    what_is_exempt_does_not_block,
    faulty_evidence_blocks_beside_any_confirmed_answer,
    faulty_evidence_beside_an_optional_answer_keeps_a_return_from_being_ready,
);

/// What the rule itself says blocks, from everything that is stored.
fn blocks(world: &World, trust: &Trust) -> Vec<String> {
    let (id, now) = (trust.id, world.now());
    world
        .db()
        .read_now(everybodys(), move |conn| {
            let found = returns::find(conn, Which::Of(id, "2026"))?.unwrap();
            let answers = returns::answers(conn, found.id)?;
            let files = returns::attached(conn, found.id, None)?;
            let lines = returns::lines(&found, &answers, &files, now)?;
            Ok(returns::standing(&found, &lines, now)
                .blocks
                .into_iter()
                .map(|block| block.requirement)
                .collect())
        })
        .unwrap()
}

/// The codes that the list beside a page leads to.
fn beside(page: &str) -> Vec<String> {
    let Some(list) = page.split("<aside aria-label=\"What is still to do\">").nth(1) else {
        return Vec::new();
    };
    let list = list.split("</aside>").next().unwrap();
    list.split("/requirements/").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

async fn agree(world: &World, browser: &mut Browser, trust: &Trust, code: &str) -> Vec<String> {
    let page = browser.get(&trust.at("2026", &format!("/requirements/{code}"))).await.expect(200).text();
    let shown = beside(&page);
    assert_eq!(shown, blocks(world, trust));
    let counted = match shown.len() {
        0 => "<aside aria-label".to_owned(),
        1 => "1 requirement still blocks the return".to_owned(),
        many => format!("{many} requirements still block the return"),
    };
    assert_eq!(page.contains(&counted), !shown.is_empty(), "{counted}");
    shown
}

async fn the_list_beside_a_question_is_the_whole_rule(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&assertions("items-2026"));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    assert_eq!(agree(&world, &mut lead, &trust, "1.1.1").await.len(), 5);
    let at = trust.at("2026", "/requirements/1.1.1");
    // In progress still blocks.
    lead.post(&at, &[("version", "0"), ("text", "Half"), ("intent", "later")]).await.expect(303);
    assert_eq!(agree(&world, &mut lead, &trust, "1.1.1").await.len(), 5);
    for (code, value) in [
        ("1.1", json!({"confirmed": false})),
        // Somebody's own words that look like what the list looks for.
        ("1.1.1", json!({"text": "{\"documents\":true} and {\"indicators\":[]"})),
        ("1.1.2", json!({"date": "2026-01-02"})),
        ("1.1.3", json!({"yes_no": false})),
    ] {
        world.answered(&trust, "2026", code, &value, "");
        agree(&world, &mut lead, &trust, code).await;
    }
    // Documents that are said to be there and are not; then are; then are out of date, pending, refused.
    world.answered(&trust, "2026", "1.1.4", &json!({"documents": true}), "");
    assert_eq!(agree(&world, &mut lead, &trust, "1.1.4").await, ["1.1.4"]);
    world.answered(&trust, "2026", "1.1.4", &json!({"documents": false, "text": "They burnt."}), "");
    assert_eq!(agree(&world, &mut lead, &trust, "1.1.4").await, Vec::<String>::new());
    world.answered(&trust, "2026", "1.1.4", &json!({"documents": true}), "");
    let upload = trust.at("2026", "/requirements/1.1.4/evidence");
    lead.get(&trust.at("2026", "/requirements/1.1.4")).await.expect(200);
    lead.upload(&upload, &[], "policy.pdf", b"%PDF-1.7 our policy").await.expect(303);
    assert_eq!(agree(&world, &mut lead, &trust, "1.1.4").await, Vec::<String>::new());
    for (column, blocked) in [("2026-01-12", 1), ("2026-01-13", 0)] {
        ends(&world, Some(column));
        assert_eq!(agree(&world, &mut lead, &trust, "1.1.4").await.len(), blocked, "{column}");
    }
    ends(&world, None);
    for (scan, blocked) in [("pending", 1), ("refused", 1), ("clean", 0)] {
        scanned(&world, scan);
        assert_eq!(agree(&world, &mut lead, &trust, "1.1.4").await.len(), blocked, "{scan}");
    }
    world.settle();
}

fn ends(world: &World, day: Option<&str>) {
    let day = day.map(str::to_owned);
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            Ok(diesel::update(evidence_piece::table)
                .set(evidence_piece::valid_to.eq(day))
                .execute(tx.conn())?)
        })
        .unwrap();
}

fn scanned(world: &World, scan: &'static str) {
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            Ok(diesel::update(evidence::table).set(evidence::scan.eq(scan)).execute(tx.conn())?)
        })
        .unwrap();
}

async fn an_outcome_that_ticks_nothing_blocks_unless_it_claims_another_control(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&outcomes("outcomes-2026"));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    assert_eq!(agree(&world, &mut lead, &trust, "A1.a").await, ["A1.a"]);
    for (value, blocked) in [
        (json!({"indicators": []}), 1),
        (json!({"indicators": [], "text": "Nothing of it."}), 1),
        (json!({"indicators": ["A1.a.N1"]}), 0),
        (json!({"indicators": [], "override": {"level": "achieved", "justification": "A moat."}}), 0),
    ] {
        world.answered(&trust, "2026", "A1.a", &value, "");
        assert_eq!(agree(&world, &mut lead, &trust, "A1.a").await.len(), blocked, "{value}");
    }
    world.settle();
}

async fn every_page_of_a_return_has_the_list(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    world.answered(&trust, "2026", "1-1", &json!({"level": 2}), "");
    let mut lead = world.signed_in("Lead ZZ001").await;
    for page in [
        "/requirements/1-1",
        "/requirements/1-1/history",
        "/requirements/1-1/discussion",
        "/requirements/1-1/owner",
        "/requirements/1-1/evidence/choose",
        "/owners",
        "/mine",
        "/activity",
        "/plan",
        "/offline",
        "/submissions",
        "/guidance",
        "/more-time",
        "/queries",
        "/standing",
    ] {
        let text = lead.get(&trust.at("2026", page)).await.expect(200).text();
        assert_eq!(beside(&text), ["1-2", "1-3"], "{page}");
        assert!(text.contains("2 requirements still block the return"), "{page}");
        assert!(text.contains(&format!("href=\"{}\"", trust.at("2026", "/trial"))), "{page}");
    }
    // A form that comes back has it too; the overview and the trial run are the list themselves.
    lead.post(&trust.at("2026", "/requirements/1-2"), &[("version", "0")])
        .await
        .expect(422)
        .shows("<aside aria-label");
    lead.post(&trust.at("2026", "/more-time"), &[("until", ""), ("reason", "")])
        .await
        .expect(422)
        .shows("<aside aria-label");
    for page in ["", "/trial"] {
        lead.get(&trust.at("2026", page)).await.expect(200).hides("<aside aria-label");
    }
    world.settle();
}

async fn a_contributor_sees_their_own(world: World) {
    let trust = world.trust("ZZ001");
    let con = world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    world.given(trust.lead, trust.id, "2026", &["1-2"], con);
    let mut part = world.signed_in("Con Tributor").await;
    let page = part.get(&trust.at("2026", "/requirements/1-2")).await.expect(200);
    let text = page.shows("1 of your requirements still blocks the return").hides("/trial").text();
    assert_eq!(beside(&text), ["1-2"]);
    world.answered(&trust, "2026", "1-2", &json!({"level": 2}), "");
    part.get(&trust.at("2026", "/requirements/1-2")).await.expect(200).hides("<aside aria-label");
    world.settle();
}

async fn what_is_exempt_does_not_block(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&with_rules("items-2026"));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    assert_eq!(agree(&world, &mut lead, &trust, "1.1.1").await.len(), 5);
    world.certified(&trust, "iso_27001", ["2025-12-01", "2026-12-01"], None);
    assert_eq!(agree(&world, &mut lead, &trust, "1.1.1").await, blocks(&world, &trust));
    assert!(!blocks(&world, &trust).contains(&"1.1.1".to_owned()));
    world.settle();
}

async fn faulty_evidence_blocks_beside_any_confirmed_answer(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&with_rules("items-2026"));
    world.started(&trust, "2026");
    world.certified(&trust, "iso_27001", ["2025-12-01", "2026-12-01"], None);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let at = trust.at("2026", "/requirements/1.1.1");
    lead.get(&at).await.expect(200);
    lead.upload(&format!("{at}/evidence"), &[], "policy.pdf", b"%PDF-1.7 our policy").await.expect(303);
    ends(&world, Some("2026-01-12"));
    // Nothing is confirmed, so nothing of it would be submitted; nor while it is in progress.
    assert!(!is_blocked(&world, &mut lead, &trust).await);
    let version = lead.get(&at).await.expect(200).hidden("version");
    lead.post(&at, &[("version", &version), ("text", "Half"), ("intent", "later")]).await.expect(303);
    assert!(!is_blocked(&world, &mut lead, &trust).await);
    let before = standing(&world, &trust);
    world.answered(&trust, "2026", "1.1.1", &json!({"text": "Here."}), "");
    assert!(is_blocked(&world, &mut lead, &trust).await, "exempt, but out of date");
    assert_eq!(standing(&world, &trust), (before.0, before.1 - 1));
    ends(&world, None);
    assert!(!is_blocked(&world, &mut lead, &trust).await);
    for (scan, blocked) in [("pending", true), ("refused", true), ("clean", false)] {
        scanned(&world, scan);
        assert_eq!(is_blocked(&world, &mut lead, &trust).await, blocked, "{scan}");
    }
    removed(&world, true);
    assert!(is_blocked(&world, &mut lead, &trust).await);
    lead.get(&trust.at("2026", "/trial")).await.expect(200).shows("was taken out of the library");
    removed(&world, false);
    assert!(!is_blocked(&world, &mut lead, &trust).await);
    world.settle();
}

async fn faulty_evidence_beside_an_optional_answer_keeps_a_return_from_being_ready(world: World) {
    let trust = world.trust("ZZ001");
    let (asked, optional) =
        ("item = \"date\"\nmandatory = [\"nhs_trust\"]", "item = \"date\"\nmandatory = []");
    world.usual_year(&assertions("items-2026").replace(asked, optional));
    world.started(&trust, "2026");
    for (code, value) in [
        ("1.1", json!({"confirmed": true})),
        ("1.1.1", json!({"text": "Here."})),
        ("1.1.2", json!({"date": "2026-01-02"})),
        ("1.1.3", json!({"yes_no": true})),
        ("1.1.4", json!({"documents": false, "text": "They burnt."})),
    ] {
        world.answered(&trust, "2026", code, &value, "");
    }
    let mut lead = world.signed_in("Lead ZZ001").await;
    let at = trust.at("2026", "/requirements/1.1.2");
    lead.get(&at).await.expect(200);
    lead.upload(&format!("{at}/evidence"), &[], "policy.pdf", b"%PDF-1.7 our policy").await.expect(303);
    assert_eq!(standing(&world, &trust), (4, 4));
    ends(&world, Some("2026-01-12"));
    assert_eq!(agree(&world, &mut lead, &trust, "1.1.2").await, ["1.1.2"]);
    assert_eq!(standing(&world, &trust), (4, 4), "it does not count, and blocks all the same");
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(409).shows("1.1.2 is not finished");
    ends(&world, None);
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(303);
    world.settle();
}

/// Whether 1.1.1 is in the list beside its page, which says the same as the rule.
async fn is_blocked(world: &World, lead: &mut Browser, trust: &Trust) -> bool {
    agree(world, lead, trust, "1.1.1").await.contains(&"1.1.1".to_owned())
}

/// How many requirements count, and how many of them are settled.
fn standing(world: &World, trust: &Trust) -> (usize, usize) {
    let (id, now) = (trust.id, world.now());
    world
        .db()
        .read_now(everybodys(), move |conn| {
            let found = returns::find(conn, Which::Of(id, "2026"))?.unwrap();
            let answers = returns::answers(conn, found.id)?;
            let files = returns::attached(conn, found.id, None)?;
            let standing = returns::standing(&found, &returns::lines(&found, &answers, &files, now)?, now);
            Ok((standing.asked, standing.settled))
        })
        .unwrap()
}

fn removed(world: &World, is: bool) {
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let at = is.then(|| tx.now());
            Ok(diesel::update(evidence_piece::table)
                .set(evidence_piece::removed_at.eq(at))
                .execute(tx.conn())?)
        })
        .unwrap();
}
