//! The programme's dashboard: what it counts, what it foretells, who is at risk and why, and its files.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::platform::clock::parse_london;
use portal::platform::ids::{CollectionId, OrganisationId};
use portal::platform::jobs;
use portal::schema::{outlook, outlook_risk, submission_day};

use crate::on_both;
use crate::review::{a_submission_in_the_queue, ask};
use crate::support::year::levels;
use crate::support::{Bare, World, everybodys};

on_both!(
    the_dashboard_counts_what_there_is,
    the_forecast_follows_last_year,
    organisations_at_risk_are_listed_with_the_reason,
    lists_are_files_that_run_nothing,
    wrong_addresses_are_left_aside_or_not_there,
);

impl World {
    /// Makes the outlook now, as the hourly job does.
    pub(super) fn looked_ahead(&self) {
        self.db()
            .housekeep_now(everybodys(), |tx| {
                let now = tx.now();
                jobs::enqueue(tx, "review.outlook", "{}", now, None)
            })
            .unwrap();
        self.settle();
    }
}

async fn the_dashboard_counts_what_there_is(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Mo Manager", &[], &[ProgrammeManager]);
    let mut mo = scene.world.signed_in("Mo Manager").await;
    // From the day on which the collection opened, before the hour is over.
    mo.get("/programme/dashboard")
        .await
        .expect(200)
        .shows("the last time")
        .hides("have not been worked out yet");
    scene.world.looked_ahead();
    let page = mo
        .get("/programme/dashboard")
        .await
        .expect(200)
        .shows("30 June 2026 at 12pm")
        .shows("168 days")
        .shows("No question waits.")
        .shows("Nobody has asked for more time.")
        .shows("There is no forecast yet")
        .text();
    assert_eq!(row(&page, "Ada Reviewer</a>"), ["0", "0", "0", "0", "Reviewer"]);
    let mut ada = scene.claimed().await;
    ask(&mut ada, &scene, "Why?", 5).await;
    scene.world.settle();
    scene.world.clock.advance_seconds(10 * 86_400);
    let mut mo = scene.world.signed_in("Mo Manager").await;
    let page = mo.get("/programme/dashboard").await.expect(200).shows("18 January 2026 (overdue)").text();
    assert_eq!(row(&page, "Ada Reviewer</a>"), ["1", "0", "1", "0", "Reviewer"]);
    // The clock stopped on the day of the question, which was the first.
    assert_eq!(row(&page, "Waiting for a reply</a>"), ["1", "1", "0", "0", "0"]);
    assert_eq!(row(&page, "8 to 14 days</th>"), ["1"]);
    let mut cy = scene.world.person_signed_in("Cy Reviewer", CentralReviewer).await;
    cy.get("/programme/dashboard").await.expect(200).hides("and remind them");
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get("/programme/dashboard").await.expect(404);
    lead.get("/programme/at-risk").await.expect(404);
    scene.world.settle();
}

/// What stands in the row of a table whose first cell ends like this.
fn row(page: &str, name: &str) -> Vec<String> {
    let rest = page.split(name).nth(1).unwrap().split("</tr>").next().unwrap();
    let cell = |cell: &str| cell.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
    rest.split("<td").skip(1).map(cell).collect()
}

/// First submissions of a collection, one organisation each, at these London times.
fn submitted_at(world: &World, year: CollectionId, prefix: &str, times: &[&str]) {
    for (number, time) in times.iter().enumerate() {
        let code = format!("{prefix}{number:02}");
        let whose: OrganisationId = world.organisation(&code, &format!("Trust {code}"), "nhs_trust");
        let at = parse_london(time).unwrap();
        world
            .db()
            .housekeep_now(everybodys(), move |tx| {
                Bare::of(whose, year, at).write(tx)?;
                Ok(())
            })
            .unwrap();
    }
}

async fn the_forecast_follows_last_year(world: World) {
    let (before, edition) =
        (world.edition(&levels("sample-2025", 3)), world.edition(&levels("sample-2026", 3)));
    // Last year: 2 of 5 had submitted ten days before the deadline, and one came late.
    let last = world.collection("2025", before, ["2025-01-05 09:00", "2025-03-31 12:00", "2025-04-14 12:00"]);
    let times = [
        "2025-03-01 10:00",
        "2025-03-21 23:59",
        "2025-03-22 00:01",
        "2025-03-30 10:00",
        "2025-03-31 23:00",
        "2025-04-02 10:00",
    ];
    submitted_at(&world, last, "L", &times);
    // This year three by the end of yesterday, one today.
    let now = world.collection("2026", edition, ["2026-01-05 09:00", "2026-01-22 12:00", "2026-02-14 12:00"]);
    let times = ["2026-01-06 10:00", "2026-01-11 10:00", "2026-01-12 23:59", "2026-01-13 09:30"];
    submitted_at(&world, now, "N", &times);
    for number in 0..10 {
        world.organisation(&format!("O{number}"), "Another trust", "nhs_trust");
    }
    let mut mo = world.person_signed_in("Mo Manager", ProgrammeManager).await;
    // Between the opening and its outlook nothing is known of the scope, and a forecast would be held to it.
    world
        .db()
        .housekeep_now(everybodys(), |tx| {
            diesel::delete(outlook::table).execute(tx.conn())?;
            diesel::delete(submission_day::table).execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    for looked in [false, true, true] {
        if looked {
            world.looked_ahead();
        }
        let page = mo.get("/programme/dashboard?collection=2026").await.expect(200).text();
        // 3 x 5 / 2 = 7.5, rounded up to 8; without a scope it is held to what there is.
        let expected = if looked { "8 will have by the deadline" } else { "3 will have by the deadline" };
        assert!(page.contains("10 days before the deadline, 3 organisations had submitted"), "{page}");
        assert!(page.contains(expected), "{page}");
        assert!(page.contains("only one earlier year"));
    }
    // Whoever submits after the outlook counts at once.
    submitted_at(&world, now, "P", &["2026-01-13 09:59"]);
    let file = mo.get("/programme/dashboard/submissions.csv?collection=2026").await.expect(200).text();
    assert_eq!(
        file,
        "day,submitted_for_the_first_time,submitted_so_far\r\n2026-01-06,1,1\r\n2026-01-11,1,2\r\n2026-01-12,1,3\r\n\
         2026-01-13,2,5\r\n"
    );
    let before = mo.get("/programme/dashboard/submissions.csv?collection=2025").await.expect(200).text();
    assert!(before.ends_with("2025-03-31,1,5\r\n2025-04-02,1,6\r\n"), "{before}");
}

async fn organisations_at_risk_are_listed_with_the_reason(world: World) {
    let scene = a_submission_in_the_queue(world);
    let world = scene.world;
    let behind = world.trust("BB002");
    world.started(&behind, "2026");
    world.organisation("NN003", "=HYPERLINK(\"x\") Nobody's Trust", "nhs_trust");
    world.organisation("GG004", "A practice that is not asked", "gp");
    // Half of the time from 5 January to 30 June.
    world.clock.set(parse_london("2026-04-03 10:00").unwrap());
    let mut mo = world.person_signed_in("Mo Manager", ProgrammeManager).await;
    let mut lead = world.signed_in("Lead BB002").await;
    lead.get("/account").await.expect(200);
    world.looked_ahead();
    let rules: Vec<(String, String)> = world
        .db()
        .read_now(everybodys(), |conn| {
            use portal::schema::organisation;
            Ok(outlook_risk::table
                .inner_join(organisation::table.on(organisation::id.eq(outlook_risk::organisation_id)))
                .order(organisation::code)
                .select((organisation::code, outlook_risk::rule))
                .load(conn)?)
        })
        .unwrap();
    let said =
        [("BB002", "behind"), ("NN003", "no_lead")].map(|(code, rule)| (code.to_owned(), rule.to_owned()));
    assert_eq!(rules, said);
    mo.get("/programme/dashboard")
        .await
        .expect(200)
        .shows("0 of 3")
        .shows("Behind the pace. A lead was last in the portal on 3 April 2026.")
        .shows("No lead has signed in, Not started. No lead has been in the portal.");
    mo.get("/programme/at-risk?rule=behind").await.expect(200).shows("BB002").hides("NN003");
    mo.get("/programme/at-risk")
        .await
        .expect(200)
        .shows("BB002")
        .shows("NN003")
        .hides("ZZ001")
        .hides("GG004");
    // Whoever submits meanwhile is marked, until the next look leaves them out.
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&behind, "2026", code, &serde_json::json!({"level": 2}), "");
    }
    world.sent(&behind, "2026");
    world.settle();
    mo.get("/programme/at-risk?rule=behind").await.expect(200).shows("Submitted since");
    world.clock.advance_seconds(3_700);
    world.settle();
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get("/programme/at-risk").await.expect(200).hides("BB002").shows("NN003");
}

async fn lists_are_files_that_run_nothing(world: World) {
    let scene = a_submission_in_the_queue(world);
    let world = scene.world;
    world.organisation("NN003", "=1+1, \"and\" more", "nhs_trust");
    world.clock.set(parse_london("2026-04-03 10:00").unwrap());
    world.looked_ahead();
    let mut mo = world.person_signed_in("Mo Manager", ProgrammeManager).await;
    let file = mo.get("/programme/dashboard/at-risk.csv?collection=2026").await.expect(200).text();
    assert!(file.contains("\r\n\"'=1+1, \"\"and\"\" more\",NN003,"), "{file}");
    for list in ["submissions", "reviews", "reviewers", "questions", "more-time"] {
        let file = mo.get(&format!("/programme/dashboard/{list}.csv")).await.expect(200).text();
        assert!(file.contains("\r\n"), "{list}: {file}");
    }
    let file = mo.get("/programme/dashboard/reviews.csv").await.expect(200).text();
    assert!(file.contains("Queued,1,0,0,0,1\r\n"), "{file}");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get("/programme/dashboard/at-risk.csv").await.expect(404);
}

async fn wrong_addresses_are_left_aside_or_not_there(world: World) {
    let mut mo = world.person_signed_in("Mo Manager", ProgrammeManager).await;
    mo.get("/programme/dashboard").await.expect(200).shows("No collection has been opened yet");
    mo.get("/programme/at-risk").await.expect(404);
    world.usual_year(&levels("sample-2026", 3));
    mo.get("/programme/dashboard").await.expect(200);
    mo.get("/programme/dashboard?collection=2099").await.expect(404);
    mo.get("/programme/dashboard/nonsense.csv").await.expect(404);
    for query in ["page=0", "page=-7", "page=99999999999999999999", "rule=nonsense", "rule=%27%25_%60"] {
        mo.get(&format!("/programme/at-risk?{query}")).await.expect(200);
    }
    mo.get("/programme/at-risk?page=900").await.expect(200).shows("No organisation is on this page.");
}
