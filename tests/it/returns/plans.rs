//! Improvement plans, through the pages: from the gaps to approval, and what is refused on the way.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager, Publisher};
use portal::access::OrganisationRole::{CaldicottGuardian, OrganisationAdministrator};
use portal::identity;
use portal::platform::clock::parse_london;
use portal::platform::ids::PersonId;
use portal::returns;
use portal::schema::{annual_return, improvement_plan, ledger_event, membership, plan_line, submission};

use super::planned::with_rules;
use crate::on_both;
use crate::support::year::Trust;
use crate::support::{Browser, World, everybodys};

on_both!(
    a_plan_goes_from_the_gaps_to_approval_and_changes_the_grade,
    a_rejected_plan_is_changed_and_sent_again,
    a_plan_without_owners_is_not_signed_or_sent,
    due_dates_keep_to_the_rule,
    two_people_editing_one_line_are_shown_both,
    owners_report_progress_and_complete_their_lines,
    a_plan_that_leaves_out_a_gap_counts_for_nothing,
    only_those_who_may_see_and_decide_a_plan,
);

/// A trust that has answered everything but a text and a document.
pub(super) fn with_two_gaps(world: &World) -> Trust {
    let trust = world.trust("ZZ001");
    world.usual_year(&with_rules("items-2026"));
    world.started(&trust, "2026");
    world.items(&trust, &["1.1", "1.1.2", "1.1.3"]);
    trust
}

fn plan_id(world: &World) -> i64 {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(improvement_plan::table.select(improvement_plan::id).first(conn)?)
        })
        .unwrap()
}

pub(super) fn lines(world: &World) -> Vec<i64> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(plan_line::table.order(plan_line::id).select(plan_line::id).load(conn)?)
        })
        .unwrap()
}

pub(super) fn state(world: &World) -> String {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(improvement_plan::table.select(improvement_plan::state).first(conn)?)
        })
        .unwrap()
}

/// The form of a line, at the version that its page shows.
pub(super) async fn fill(
    browser: &mut Browser,
    at: &str,
    owner: PersonId,
    changed: &[(&str, &str)],
) -> crate::support::Answer {
    let version = browser.get(at).await.expect(200).hidden("version");
    let owner = owner.to_string();
    let usual = [
        ("version", version.as_str()),
        ("action", "Write it and have it agreed."),
        ("owner", owner.as_str()),
        ("due-day", "1"),
        ("due-month", "10"),
        ("due-year", "2026"),
        ("resources", "Two days"),
        ("funded", "yes"),
    ];
    let form: Vec<(&str, &str)> = usual
        .into_iter()
        .map(|(name, value)| {
            (name, changed.iter().find(|(other, _)| *other == name).map_or(value, |(_, value)| *value))
        })
        .collect();
    browser.post(at, &form).await
}

/// Makes the lines and fills them all.
pub async fn planned(world: &World, trust: &Trust, lead: &mut Browser) {
    lead.get(&trust.at("2026", "/plan")).await.expect(200);
    lead.post(&trust.at("2026", "/plan/gaps"), &[]).await.expect(303);
    for line in lines(world) {
        let at = trust.at("2026", &format!("/plan/lines/{line}"));
        fill(lead, &at, trust.lead, &[]).await.expect(303);
    }
}

/// Signs the plan as it is shown.
pub async fn sign(trust: &Trust, siro: &mut Browser) {
    let page = siro.get(&trust.at("2026", "/plan")).await.expect(200).shows("Sign the plan");
    let hash = page.hides("Send for approval").hidden("hash");
    siro.post(&trust.at("2026", "/plan/sign"), &[("hash", &hash)]).await.expect(303);
}

/// Signs the plan and sends it for approval.
pub async fn sent(world: &World, trust: &Trust, lead: &mut Browser) {
    let mut siro = world.signed_in("Siro ZZ001").await;
    sign(trust, &mut siro).await;
    lead.get(&trust.at("2026", "/plan")).await.expect(200).shows("Signed by Siro ZZ001");
    lead.post(&trust.at("2026", "/plan/send"), &[]).await.expect(303);
    assert_eq!(state(world), "sent");
    world.settle();
}

async fn a_plan_goes_from_the_gaps_to_approval_and_changes_the_grade(world: World) {
    let trust = with_two_gaps(&world);
    world.person("Cen Tral", &[], &[CentralReviewer]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("Improvement plan")
        .shows("<strong>3 of 5</strong>");
    lead.get(&trust.at("2026", "/plan")).await.expect(200).shows("2 gaps are not in the plan yet");
    lead.post(&trust.at("2026", "/plan/gaps"), &[]).await.expect(303);
    lead.post(&trust.at("2026", "/plan/gaps"), &[]).await.expect(409).shows("no gap that is not planned");
    lead.get(&trust.at("2026", "/plan"))
        .await
        .expect(200)
        .shows("1.1.1 Item text")
        .shows("1.1.4 Item document")
        .shows("Say what will be done.")
        .hides("Send for approval");
    for line in lines(&world) {
        let at = trust.at("2026", &format!("/plan/lines/{line}"));
        fill(&mut lead, &at, trust.lead, &[]).await.expect(303);
    }
    // A draft covers nothing; signed, it does.
    lead.get(&trust.at("2026", "")).await.expect(200).shows("<strong>3 of 5</strong>");
    sent(&world, &trust, &mut lead).await;
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("<strong>5 of 5</strong>")
        .shows("Covered by the plan");
    lead.get(&trust.at("2026", "/requirements/1.1.4"))
        .await
        .expect(200)
        .shows("<strong>Covered by the plan</strong>");
    let line = trust.at("2026", &format!("/plan/lines/{}", lines(&world)[0]));
    lead.post(&line, &[("version", "2"), ("action", "Late change")]).await.expect(409);

    let mut central = world.signed_in("Cen Tral").await;
    let at = format!("/plans/{}", plan_id(&world));
    central.get("/plans").await.expect(200).shows("ZZ001 &amp; Sons Trust").shows(&at);
    let version = central.get(&at).await.expect(200).shows("Write it and have it agreed.").hidden("version");
    central
        .post(&at, &[("version", &version)])
        .await
        .expect(422)
        .shows("Choose whether the plan is approved");
    let before = world.mails().len();
    central.post(&at, &[("version", &version), ("verdict", "approve")]).await.expect(303);
    central.get("/plans").await.expect(200).shows("No plan waits for approval");
    world.settle();
    let mails = world.mails();
    assert_eq!(mails.len() - before, 2, "the lead and the SIRO");
    assert!(
        mails[before].contains("improvement plan") && !mails[before].contains("have it agreed"),
        "{}",
        mails[before]
    );

    let id = world.sent(&trust, "2026");
    let submission = world.db().read_now(everybodys(), move |conn| returns::submission(conn, id)).unwrap();
    assert_eq!(submission.claimed_grade, "approaching_standards");
    let fixed = submission.parsed().unwrap().circumstances.unwrap();
    assert_eq!(fixed.planned, ["1.1.1", "1.1.4"]);
    let (_, differences) = world.db().read_now(everybodys(), returns::verify).unwrap();
    assert!(differences.is_empty(), "{differences:?}");
    world.settle();
    let bodies: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| Ok(ledger_event::table.select(ledger_event::body).load(conn)?))
        .unwrap();
    assert!(bodies.iter().all(|body| !body.contains("have it agreed") && !body.contains("Two days")));
}

async fn a_rejected_plan_is_changed_and_sent_again(world: World) {
    let trust = with_two_gaps(&world);
    world.person("Cen Tral", &[], &[ProgrammeManager]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    planned(&world, &trust, &mut lead).await;
    sent(&world, &trust, &mut lead).await;
    let mut central = world.signed_in("Cen Tral").await;
    let at = format!("/plans/{}", plan_id(&world));
    let version = central.get(&at).await.expect(200).hidden("version");
    central
        .post(&at, &[("version", &version), ("verdict", "reject")])
        .await
        .expect(422)
        .shows("Enter why the plan is rejected");
    let first = lines(&world)[0];
    let field = format!("line-{first}");
    central
        .post(&at, &[("version", &version), ("verdict", "approve"), (&field, "Who writes it?")])
        .await
        .expect(422)
        .shows("Reject the plan, or take back the reasons")
        .shows("Who writes it?");
    central
        .post(&at, &[("version", &version), ("verdict", "reject"), (&field, "Who writes it?")])
        .await
        .expect(303);
    lead.get(&trust.at("2026", "/plan")).await.expect(200).shows(">Rejected<").shows("Who writes it?");
    // A rejected plan covers nothing.
    lead.get(&trust.at("2026", "")).await.expect(200).shows("<strong>3 of 5</strong>");
    let line = trust.at("2026", &format!("/plan/lines/{first}"));
    fill(&mut lead, &line, trust.siro, &[("action", "The SIRO writes it.")]).await.expect(303);
    sent(&world, &trust, &mut lead).await;
    // What was shown before the plan was changed decides nothing.
    central.post(&at, &[("version", &version), ("verdict", "approve")]).await.expect(409);
    let page = central
        .get(&at)
        .await
        .expect(200)
        .shows("The SIRO writes it.")
        .shows("Rejected before: Who writes it?");
    central.post(&at, &[("version", &page.hidden("version")), ("verdict", "approve")]).await.expect(303);
    assert_eq!(state(&world), "approved");
    lead.get(&trust.at("2026", "/plan"))
        .await
        .expect(200)
        .shows(">Approved<")
        .hides("<strong>Rejected:</strong>");
    world.settle();
}

async fn a_plan_without_owners_is_not_signed_or_sent(world: World) {
    let trust = with_two_gaps(&world);
    let helper = world.person("Con Tributor", &[(trust.id, CaldicottGuardian)], &[]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let mut siro = world.signed_in("Siro ZZ001").await;
    lead.get(&trust.at("2026", "/plan")).await.expect(200);
    siro.get("/account").await.expect(200);
    siro.post(&trust.at("2026", "/plan/sign"), &[]).await.expect(404);
    lead.post(&trust.at("2026", "/plan/gaps"), &[]).await.expect(303);
    let made = lines(&world);
    let [first, second] = [0, 1].map(|n: usize| trust.at("2026", &format!("/plan/lines/{}", made[n])));
    fill(&mut lead, &first, helper, &[]).await.expect(303);
    fill(&mut lead, &second, trust.lead, &[("owner", "")]).await.expect(303);
    siro.post(&trust.at("2026", "/plan/sign"), &[])
        .await
        .expect(409)
        .shows("1 line lacks something")
        .shows("Choose an owner.")
        .shows(&format!("href=\"{second}\""));
    assert_eq!(state(&world), "draft");
    fill(&mut lead, &second, trust.lead, &[]).await.expect(303);
    sign(&trust, &mut siro).await;
    // An owner who leaves after the signature stops the plan before it is sent.
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let now = tx.now();
            diesel::update(membership::table.filter(membership::person_id.eq(helper)))
                .set(membership::ended_at.eq(Some(now)))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    lead.get(&trust.at("2026", "/plan")).await.expect(200).hides("Send for approval");
    lead.post(&trust.at("2026", "/plan/send"), &[])
        .await
        .expect(409)
        .shows("Its owner has left your organisation")
        .shows(&format!("href=\"{first}\""));
    assert_eq!(state(&world), "signed");
    lead.post(&trust.at("2026", "/plan/take-back"), &[]).await.expect(303);
    // Nor can somebody who has left be chosen.
    fill(&mut lead, &first, helper, &[]).await.expect(422).shows("this person has left");
    fill(&mut lead, &first, trust.siro, &[]).await.expect(303);
    sent(&world, &trust, &mut lead).await;
}

async fn due_dates_keep_to_the_rule(world: World) {
    let trust = with_two_gaps(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/plan")).await.expect(200).shows("30 December 2026");
    lead.post(&trust.at("2026", "/plan/gaps"), &[]).await.expect(303);
    let at = trust.at("2026", &format!("/plan/lines/{}", lines(&world)[0]));
    for (day, month, year, words) in [
        ("31", "12", "2026", "within 6 months of the deadline, by 30 December 2026"),
        ("12", "1", "2026", "must not be in the past"),
        ("30", "2", "2026", "Enter a real date"),
    ] {
        let changed = [("due-day", day), ("due-month", month), ("due-year", year)];
        fill(&mut lead, &at, trust.lead, &changed)
            .await
            .expect(422)
            .shows(words)
            .shows("Write it and have it agreed.");
    }
    let last = [("due-day", "30"), ("due-month", "12"), ("due-year", "2026")];
    fill(&mut lead, &at, trust.lead, &last).await.expect(303);
}

async fn two_people_editing_one_line_are_shown_both(world: World) {
    let trust = with_two_gaps(&world);
    world.person("Con Tributor", &[(trust.id, OrganisationAdministrator)], &[]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let mut other = world.signed_in("Con Tributor").await;
    lead.get(&trust.at("2026", "/plan")).await.expect(200);
    lead.post(&trust.at("2026", "/plan/gaps"), &[]).await.expect(303);
    let at = trust.at("2026", &format!("/plan/lines/{}", lines(&world)[0]));
    let version = other.get(&at).await.expect(200).hidden("version");
    fill(&mut lead, &at, trust.lead, &[]).await.expect(303);
    let mine = [("version", version.as_str()), ("action", "My own words"), ("funded", "no")];
    let page = other
        .post(&at, &mine)
        .await
        .expect(409)
        .shows("Write it and have it agreed.")
        .shows("My own words")
        .shows("by Lead ZZ001");
    let version = page.hidden("version");
    other.post(&at, &[("version", &version), ("action", "My own words")]).await.expect(303);
    lead.get(&at).await.expect(200).shows("My own words");
}

async fn owners_report_progress_and_complete_their_lines(world: World) {
    let trust = with_two_gaps(&world);
    let owner = world.person("Ow Ner", &[(trust.id, CaldicottGuardian)], &[]);
    world.person("Con Tributor", &[(trust.id, CaldicottGuardian)], &[]);
    world.person("Cen Tral", &[], &[ProgrammeManager]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    planned(&world, &trust, &mut lead).await;
    let at = trust.at("2026", &format!("/plan/lines/{}", lines(&world)[0]));
    fill(&mut lead, &at, owner, &[]).await.expect(303);
    sent(&world, &trust, &mut lead).await;
    let mut central = world.signed_in("Cen Tral").await;
    let plan = format!("/plans/{}", plan_id(&world));
    let version = central.get(&plan).await.expect(200).hidden("version");
    central.post(&plan, &[("version", &version), ("verdict", "approve")]).await.expect(303);
    world.settle();
    world.clock.set(parse_london("2026-10-02 09:00").unwrap());
    let mut owner = world.signed_in("Ow Ner").await;
    owner.get(&trust.at("2026", "/plan")).await.expect(200).shows(">Overdue<");
    owner.get(&at).await.expect(200).shows("Report progress").hides("Remove from the plan");
    owner.post(&format!("{at}/progress"), &[]).await.expect(422).shows("Enter how it goes");
    owner.post(&format!("{at}/progress"), &[("note", "Half done")]).await.expect(303);
    let mut other = world.signed_in("Con Tributor").await;
    other.get(&at).await.expect(200).shows("Half done");
    other.post(&format!("{at}/progress"), &[("note", "Mine")]).await.expect(403);
    owner.post(&format!("{at}/progress"), &[("evidence", "Minutes of 1 October")]).await.expect(303);
    owner
        .get(&at)
        .await
        .expect(200)
        .shows(">Done<")
        .shows("2 October 2026: Minutes of 1 October")
        .hides("What shows that it is done");
    owner.post(&format!("{at}/progress"), &[("evidence", "Again")]).await.expect(409);
}

async fn a_plan_that_leaves_out_a_gap_counts_for_nothing(world: World) {
    let trust = with_two_gaps(&world);
    world.person("Cen Tral", &[], &[ProgrammeManager]);
    world.items(&trust, &["1.1.1"]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    planned(&world, &trust, &mut lead).await;
    assert_eq!(lines(&world).len(), 1);
    sent(&world, &trust, &mut lead).await;
    let mut central = world.signed_in("Cen Tral").await;
    let plan = format!("/plans/{}", plan_id(&world));
    let version = central.get(&plan).await.expect(200).hidden("version");
    central.post(&plan, &[("version", &version), ("verdict", "approve")]).await.expect(303);
    // After the approval an answer becomes a gap that nobody agreed to.
    world.answered(&trust, "2026", "1.1", &serde_json::json!({"confirmed": false}), "");
    let id = world.sent(&trust, "2026");
    let submission = world.db().read_now(everybodys(), move |conn| returns::submission(conn, id)).unwrap();
    assert_eq!(submission.claimed_grade, "standards_not_met");
    world.settle();
}

async fn only_those_who_may_see_and_decide_a_plan(world: World) {
    let trust = with_two_gaps(&world);
    world.trust("ZZ002");
    let barred = world.person("Bar Red", &[(trust.id, CaldicottGuardian)], &[CentralReviewer]);
    world.person("Pub Lisher", &[], &[Publisher]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    planned(&world, &trust, &mut lead).await;
    sent(&world, &trust, &mut lead).await;
    let plan = format!("/plans/{}", plan_id(&world));
    let mut central = world.signed_in("Bar Red").await;
    central.get("/plans").await.expect(200).shows("No plan waits for approval");
    central.get(&plan).await.expect(403).shows("declared an interest");
    central.post(&plan, &[("verdict", "approve")]).await.expect(403);
    let mut publisher = world.signed_in("Pub Lisher").await;
    publisher.get("/plans").await.expect(403);
    publisher.get(&plan).await.expect(403);
    lead.get(&plan).await.expect(404);
    lead.get("/plans").await.expect(404);
    let mut other = world.signed_in("Lead ZZ002").await;
    other.get(&trust.at("2026", "/plan")).await.expect(404);
    other.get("/account").await.expect(200);
    other.post(&trust.at("2026", "/plan/take-back"), &[]).await.expect(404);
    let mut contributor = world.signed_in("Bar Red").await;
    contributor.get(&trust.at("2026", "/plan")).await.expect(200).hides("Take back to change it");
    contributor.post(&trust.at("2026", "/plan/take-back"), &[]).await.expect(403);
    assert_eq!(state(&world), "sent");
    let actor = world.db().read_now(everybodys(), move |conn| identity::actor_of(conn, barred)).unwrap();
    assert!(actor.is_conflicted(trust.id));
    let returns =
        world.db().read_now(everybodys(), |conn| Ok(annual_return::table.count().get_result::<i64>(conn)?));
    let sent =
        world.db().read_now(everybodys(), |conn| Ok(submission::table.count().get_result::<i64>(conn)?));
    assert_eq!((returns.unwrap(), sent.unwrap()), (1, 0));
}
