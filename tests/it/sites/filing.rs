//! Submitting for all sites: once each, whatever is killed, moved or closed meanwhile.

use diesel::prelude::*;
use portal::access::OrganisationRole::IgLead;
use portal::platform::clock::parse_london;
use portal::platform::jobs;
use portal::schema::{annual_return, collection_result, job, ledger_event, submission};

use super::{a_chain, a_site, belongs_to, covering, lines, submitted, verified};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    a_head_office_submits_for_all_its_sites_in_one_action,
    what_is_killed_in_the_middle_goes_on_where_it_was,
    a_site_that_starts_its_own_return_meanwhile_fails_with_the_reason,
    the_moment_of_pressing_counts_though_the_deadline_passes,
    what_fails_after_the_close_is_recorded_as_not_published,
    sites_are_submitted_again_only_where_something_differs,
    a_site_of_two_head_offices_in_one_year_is_submitted_for_once,
);

/// Submissions in the database: organisation's code, number, lateness, and the snapshot.
fn submissions(world: &World) -> Vec<(String, i64, bool, String)> {
    use portal::schema::organisation;
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(submission::table
                .inner_join(organisation::table.on(organisation::id.eq(submission::organisation_id)))
                .order(submission::id)
                .select((organisation::code, submission::number, submission::late, submission::snapshot))
                .load(conn)?)
        })
        .unwrap()
}

async fn a_head_office_submits_for_all_its_sites_in_one_action(world: World) {
    let (head, sites) = a_chain(&world, 3);
    world.person("Sam Site", &[(sites[2], IgLead)], &[]);
    let mut lead = covering(&world, &head).await;
    let own = head.at("2026", "/sites/of/ZS002/requirements/1-1");
    lead.get(&own).await.expect(200);
    lead.post(&own, &[("version", "0"), ("choice", "1"), ("comment", "No <safe>")]).await.expect(303);
    lead.get(&head.at("2026", "")).await.expect(200);
    lead.post(&head.at("2026", "/ready"), &[]).await.expect(303);
    let mut siro = world.signed_in("Siro ZZ001").await;
    let page = siro.get(&head.at("2026", "/sign")).await.expect(200);
    let page = page.shows("I sign for 3 sites besides; 1 answer of theirs differ from ours.");
    let (version, hash) = (page.hidden("version"), page.hidden("hash"));
    let fields = [("version", version.as_str()), ("hash", hash.as_str()), ("agree", "yes")];
    siro.post(&head.at("2026", "/sign"), &fields).await.expect(303);
    let version = lead.get(&head.at("2026", "/submit")).await.expect(200).hidden("version");
    lead.post(&head.at("2026", "/submit"), &[("version", &version)]).await.expect(303);
    lead.get(&head.at("2026", "/sites/progress")).await.expect(200).shows("<strong>0 of 3</strong>");
    // Sites cannot be changed any more, and the return not taken up before they are done.
    lead.post(&own, &[("version", "1"), ("choice", "2")]).await.expect(409);
    lead.post(&head.at("2026", "/reopen"), &[("reason", "Too soon")])
        .await
        .expect(409)
        .shows("still being submitted");
    world.settle();
    let sent = submissions(&world);
    let who: Vec<(&str, i64)> = sent.iter().map(|(code, number, ..)| (code.as_str(), *number)).collect();
    assert_eq!(who, [("ZZ001", 1), ("ZS000", 1), ("ZS001", 1), ("ZS002", 1)]);
    let snapshot: serde_json::Value = serde_json::from_str(&sent[3].3).unwrap();
    assert_eq!(snapshot["filed_by"]["code"], "ZZ001");
    assert_eq!(snapshot["filed_by"]["exceptions"], serde_json::json!(["1-1"]));
    assert_eq!(snapshot["organisation"]["code"], "ZS002");
    assert_eq!(snapshot["answers"][0]["value"]["level"], 1);
    assert_eq!(snapshot["answers"][1]["value"]["level"], 2);
    verified(&world);

    lead.get(&head.at("2026", "/sites/progress"))
        .await
        .expect(200)
        .shows("Sites: 3 submitted.")
        .hides("Not submitted");
    let csv = lead.get(&head.at("2026", "/sites/receipts.csv")).await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let text = csv.text();
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows[0], "code,name,state,reference,number,sha256,submitted_at,late,why");
    assert_eq!(rows.len(), 4);
    assert!(rows[3].starts_with("ZS002,Shop ZS002,filed,"), "{}", rows[3]);
    let mails = world.queued("returns.sites_submitted");
    let told: Vec<&str> = mails.iter().map(|(to, ..)| to.as_str()).collect();
    assert_eq!(told, ["lead.zz001@people.example", "siro.zz001@people.example"]);

    // The site's own people read what was submitted for them, and cannot take it up.
    let mut site = world.signed_in("Sam Site").await;
    site.get("/organisations/ZS002")
        .await
        .expect(200)
        .shows("Submitted by your head office ZZ001 &amp; Sons Trust");
    let overview = site.get("/organisations/ZS002/returns/2026").await.expect(303);
    assert_eq!(overview.location(), "/organisations/ZS002/returns/2026/filed");
    // A question of it stands in the submission alone.
    let question = site.get("/organisations/ZS002/returns/2026/requirements/1-1").await.expect(303);
    assert_eq!(question.location(), "/organisations/ZS002/returns/2026/filed");
    site.get("/organisations/ZS002/returns/2026/filed")
        .await
        .expect(200)
        .shows("Differs for you")
        .shows("No &lt;safe&gt;")
        .shows("Level 1");
    site.get("/organisations/ZS002/returns/2026/receipt").await.expect(200).hides("Reopen the return");
    site.post("/organisations/ZS002/returns/2026/reopen", &[("reason", "Ours")])
        .await
        .expect(409)
        .shows("Your head office");
    lead.get(&head.at("2026", "/filed")).await.expect(404);
    // No free text reaches the ledger.
    let bodies: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| Ok(ledger_event::table.select(ledger_event::body).load(conn)?))
        .unwrap();
    assert!(bodies.iter().all(|body| !body.contains("safe")));
}

async fn what_is_killed_in_the_middle_goes_on_where_it_was(world: World) {
    let (head, sites) = a_chain(&world, 120);
    let mut lead = covering(&world, &head).await;
    submitted(&world, &head, &mut lead).await;
    // One part is done, then the process ends.
    while lines(&world).iter().all(|(_, state, ..)| state == "queued") {
        assert!(jobs::run_once(world.db(), &world.parts.handlers, "killed").unwrap());
    }
    let done = lines(&world).iter().filter(|(_, state, ..)| state == "filed").count();
    assert_eq!(done, 50, "one part of the list is one change");
    // The mark of that job was lost with the process, and all jobs run again.
    world
        .db()
        .housekeep_now(everybodys(), |tx| {
            let kinds = ["returns.sites", "returns.sites_told"];
            Ok(diesel::update(job::table.filter(job::kind.eq_any(kinds)))
                .set((job::state.eq("queued"), job::finished_at.eq(None::<i64>)))
                .execute(tx.conn())?)
        })
        .unwrap();
    let world = world.scanned_by("", 1);
    world.settle();
    let filed: Vec<_> = lines(&world).into_iter().filter(|(_, state, ..)| state == "filed").collect();
    assert_eq!(filed.len(), sites.len(), "nothing is missing");
    let sent = submissions(&world);
    assert_eq!(sent.len(), 1 + sites.len(), "nothing is there twice");
    assert!(sent.iter().all(|(_, number, ..)| *number == 1));
    assert_eq!(world.queued("returns.sites_submitted").len(), 2);
    verified(&world);
}

async fn a_site_that_starts_its_own_return_meanwhile_fails_with_the_reason(world: World) {
    let (head, sites) = a_chain(&world, 2);
    world.person("Sam Site", &[(sites[0], IgLead)], &[]);
    let mut lead = covering(&world, &head).await;
    submitted(&world, &head, &mut lead).await;
    let mut site = world.signed_in("Sam Site").await;
    site.get("/organisations/ZS000").await.expect(200);
    site.post("/organisations/ZS000/returns/2026/start", &[]).await.expect(303);
    world.settle();
    let states: Vec<(String, String)> =
        lines(&world).into_iter().map(|(code, state, ..)| (code, state)).collect();
    assert_eq!(states, [("ZS000".into(), "failed".into()), ("ZS001".into(), "filed".into())]);
    lead.get(&head.at("2026", "/sites/progress"))
        .await
        .expect(200)
        .shows("It has started a return of its own.")
        .shows("Try these again");
    lead.post(&head.at("2026", "/sites/retry"), &[]).await.expect(303);
    world.settle();
    assert_eq!(lines(&world)[0].1, "failed", "it still has its own return");
    assert_eq!(submissions(&world).len(), 2);
    verified(&world);
}

async fn the_moment_of_pressing_counts_though_the_deadline_passes(world: World) {
    let (head, _) = a_chain(&world, 2);
    let mut lead = covering(&world, &head).await;
    world.clock.set(parse_london("2026-06-30 11:59").unwrap());
    let mut lead_again = world.signed_in("Lead ZZ001").await;
    submitted(&world, &head, &mut lead_again).await;
    drop(lead);
    lead = lead_again;
    // Deadline and close pass before any job has run.
    world.clock.set(parse_london("2026-07-14 12:30").unwrap());
    portal::collections::run_due(world.db()).unwrap();
    let missing = || -> i64 {
        world
            .db()
            .read_now(everybodys(), |conn| Ok(collection_result::table.count().get_result(conn)?))
            .unwrap()
    };
    assert_eq!(missing(), 0, "sites that wait for their jobs are not missing");
    world.settle();
    let sent = submissions(&world);
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|(_, _, late, _)| !late));
    assert_eq!(missing(), 0);
    let pressed: Vec<i64> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(submission::table.select(submission::submitted_at).distinct().load(conn)?)
        })
        .unwrap();
    assert_eq!(pressed.len(), 1, "all count from the same moment");
    drop(lead);
    verified(&world);
}

async fn what_fails_after_the_close_is_recorded_as_not_published(world: World) {
    let (head, sites) = a_chain(&world, 2);
    world.person("Sam Site", &[(sites[0], IgLead)], &[]);
    let mut lead = covering(&world, &head).await;
    submitted(&world, &head, &mut lead).await;
    let mut site = world.signed_in("Sam Site").await;
    site.get("/organisations/ZS000").await.expect(200);
    site.post("/organisations/ZS000/returns/2026/start", &[]).await.expect(303);
    world.clock.set(parse_london("2026-07-14 12:30").unwrap());
    portal::collections::run_due(world.db()).unwrap();
    let missing = || -> Vec<portal::platform::ids::OrganisationId> {
        world
            .db()
            .read_now(everybodys(), |conn| {
                Ok(collection_result::table.select(collection_result::organisation_id).load(conn)?)
            })
            .unwrap()
    };
    assert_eq!(missing(), [], "both wait for their jobs");
    world.settle();
    portal::collections::run_due(world.db()).unwrap();
    assert_eq!(missing(), [sites[0]], "it has a return of its own that was never submitted");
    let moved = portal::collections::run_due(world.db()).unwrap();
    assert_eq!(moved.not_published, 0, "once");
    verified(&world);
}

async fn sites_are_submitted_again_only_where_something_differs(world: World) {
    let (head, sites) = a_chain(&world, 3);
    world.person("Sam Site", &[(sites[2], IgLead)], &[]);
    let mut lead = covering(&world, &head).await;
    submitted(&world, &head, &mut lead).await;
    world.settle();
    lead.get(&head.at("2026", "/receipt")).await.expect(200);
    lead.post(&head.at("2026", "/reopen"), &[("reason", "One shop differs")]).await.expect(303);
    let own = head.at("2026", "/sites/of/ZS001/requirements/1-2");
    lead.post(&own, &[("version", "0"), ("choice", "3")]).await.expect(303);
    let many = head.at("2026", "/sites/many");
    lead.post(&many, &[("action", "leave_out"), ("kind", "files_own"), ("codes", "ZS002")]).await.expect(303);
    submitted(&world, &head, &mut lead).await;
    world.settle();
    let again: Vec<(String, String, Option<i64>)> =
        lines(&world).into_iter().skip(3).map(|(code, state, number, _)| (code, state, number)).collect();
    assert_eq!(
        again,
        [
            ("ZS000".into(), "stands".into(), Some(1)),
            ("ZS001".into(), "filed".into(), Some(2)),
            ("ZS002".into(), "released".into(), None),
        ]
    );
    // The site that was left out has its return back, with the answers to be confirmed.
    let mut site = world.signed_in("Sam Site").await;
    site.get("/organisations/ZS002/returns/2026")
        .await
        .expect(200)
        .shows("answer must be confirmed or changed");
    let (state, reason): (String, Option<String>) = world
        .db()
        .read_now(everybodys(), {
            let site = sites[2];
            move |conn| {
                Ok(annual_return::table
                    .filter(annual_return::organisation_id.eq(site))
                    .select((annual_return::state, annual_return::reopened_reason))
                    .first(conn)?)
            }
        })
        .unwrap();
    assert_eq!(state, "draft");
    assert!(reason.unwrap().contains("no longer submits"));
    lead.get(&head.at("2026", "/sites/progress"))
        .await
        .expect(200)
        .shows("1 submitted, 1 unchanged since they were submitted before, 1 given back to the site");
    verified(&world);
}

async fn a_site_of_two_head_offices_in_one_year_is_submitted_for_once(world: World) {
    let (head, sites) = a_chain(&world, 2);
    let mut lead = covering(&world, &head).await;
    submitted(&world, &head, &mut lead).await;
    world.settle();
    let other = world.trust("ZZ002");
    a_site(&world, &other, "ZS200", "nhs_trust");
    belongs_to(&world, sites[1], Some(other.id));
    world.started(&other, "2026");
    let mut lead = world.signed_in("Lead ZZ002").await;
    lead.get(&other.at("2026", "/sites")).await.expect(200);
    lead.post(&other.at("2026", "/sites/cover"), &[]).await.expect(303);
    lead.get(&other.at("2026", "/sites"))
        .await
        .expect(200)
        .shows("Left out: another head office files for it")
        .shows("Shop ZS200");
    verified(&world);
}
