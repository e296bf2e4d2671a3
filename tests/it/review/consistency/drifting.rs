//! Alerts of drift: raised once with one mail, renewed, acknowledged with a note, and over when the figures are.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::access::{Actor, Permit, Subject, WatchDrift};
use portal::platform::ids::{PersonId, RequirementId, ReviewId};
use portal::review::consistency::{WATCHED, Watched, watch_drift};
use portal::schema::{drift_alert, requirement, review, review_decision};

use crate::on_both;
use crate::support::{World, everybodys};

on_both!(an_alert_is_raised_once_acknowledged_and_over, few_decisions_raise_nothing,);

/// Looks at the figures now.
fn watched(world: &World) -> Watched {
    let seen = world
        .db()
        .write_now(everybodys(), |tx| {
            let permit = Permit::<WatchDrift>::grant(&Actor::system(), Some(Subject::programme()))?;
            watch_drift(tx, &permit, "https://portal.example")
        })
        .unwrap();
    world.settle();
    seen
}

/// So many reviews of three answers each; of all the answers so many were downgraded by this person.
fn decided(world: &World, who: PersonId, codes: &str, downgraded: usize, reviews: usize) {
    for number in 0..reviews {
        let trust = world.trust(&format!("{codes}{number:03}"));
        world.submitted_levels(&trust, "2026");
        world.settle();
        world
            .db()
            .housekeep_now(everybodys(), move |tx| {
                let now = tx.now();
                let id: ReviewId = review::table
                    .filter(review::organisation_id.eq(trust.id))
                    .select(review::id)
                    .first(tx.conn())?;
                let asked: Vec<RequirementId> =
                    requirement::table.order(requirement::id).select(requirement::id).load(tx.conn())?;
                for (place, requirement) in asked.into_iter().enumerate() {
                    let lowered = number * 3 + place < downgraded;
                    diesel::insert_into(review_decision::table)
                        .values((
                            review_decision::review_id.eq(id),
                            review_decision::organisation_id.eq(trust.id),
                            review_decision::requirement_id.eq(requirement),
                            review_decision::outcome.eq(if lowered { "downgrade" } else { "agree" }),
                            review_decision::assessed_level.eq(1_i64),
                            review_decision::reason.eq(""),
                            review_decision::version.eq(1_i64),
                            review_decision::decided_by.eq(who),
                            review_decision::decided_at.eq(now),
                        ))
                        .execute(tx.conn())?;
                }
                Ok(())
            })
            .unwrap();
    }
}

fn states(world: &World) -> Vec<String> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(drift_alert::table.order(drift_alert::id).select(drift_alert::state).load(conn)?)
        })
        .unwrap()
}

/// Two reviewers with 51 decisions each; one downgrades 30 of them, the other 3.
async fn an_alert_is_raised_once_acknowledged_and_over(world: World) {
    world.usual_year(&super::usual_edition());
    let ada = world.person("Ada Reviewer", &[], &[CentralReviewer]);
    let bo = world.person("Bo Reviewer", &[], &[CentralReviewer]);
    let mut mo = world.person_signed_in("Mo Manager", ProgrammeManager).await;
    decided(&world, ada, "A", 30, 17);
    decided(&world, bo, "B", 3, 17);
    assert_eq!(watched(&world), Watched { raised: 2, over: 0 });
    // Once for each alert and programme manager, and never the figures.
    let mails = world.queued("review.drift");
    assert!(!mails.is_empty() && mails.len().is_multiple_of(2));
    assert!(mails.iter().all(|(_, _, text, _)| !text.contains("30")), "{mails:?}");
    let before = mails.len();
    assert_eq!(watched(&world), Watched { raised: 0, over: 0 });
    assert_eq!(world.queued("review.drift").len(), before);
    mo.get("/reviews/drift")
        .await
        .expect(200)
        .shows("Ada Reviewer: Share of answers downgraded")
        .shows("30 of 51 (95% interval 45.2% to 71.2%), where the others would have come to 5.9%.")
        .shows("leaves out the rate that the others would have come to")
        .shows("The last look tested 2 figures. Up to 0.1 of them would be outside by chance alone; 2 are.")
        .shows("/reviews/drift.csv");
    let file = mo.get("/reviews/drift.csv").await.expect(200).text();
    assert!(file.contains("Ada Reviewer,downgrades,open,30,51,45.2,71.2,5.9,2,"), "{file}");
    assert_eq!(file.lines().count(), 3, "{file}");
    let id: i64 = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(drift_alert::table.order(drift_alert::id).select(drift_alert::id).first(conn)?)
        })
        .unwrap();
    let at = format!("/reviews/drift/{id}");
    let note = format!("note-{id}");
    mo.post(&at, &[(note.as_str(), " ")]).await.expect(422).shows("Say what you found or did");
    mo.post(&at, &[(note.as_str(), "We talked & she explained.")]).await.expect(303);
    mo.get("/reviews/drift").await.expect(200).shows("We talked &amp; she explained.");
    assert!(mo.post(&at, &[(note.as_str(), "Again.")]).await.status.is_client_error());
    let mut reviewer = world.signed_in("Ada Reviewer").await;
    reviewer.get("/reviews/drift").await.expect(403);
    reviewer.get("/reviews/drift.csv").await.expect(403);
    reviewer.post(&at, &[(note.as_str(), "Fine.")]).await.expect(403);
    // What is acknowledged stays so while it lasts, and is over when the window has moved on.
    assert_eq!(watched(&world), Watched { raised: 0, over: 0 });
    assert_eq!(states(&world), ["acknowledged", "open"]);
    world.clock.advance_seconds((WATCHED + 1) * 86_400);
    assert_eq!(watched(&world), Watched { raised: 0, over: 2 });
    assert_eq!(states(&world), ["over", "over"]);
}

async fn few_decisions_raise_nothing(world: World) {
    world.usual_year(&super::usual_edition());
    let ada = world.person("Ada Reviewer", &[], &[CentralReviewer]);
    let bo = world.person("Bo Reviewer", &[], &[CentralReviewer]);
    decided(&world, ada, "A", 9, 3);
    decided(&world, bo, "B", 0, 3);
    assert_eq!(watched(&world), Watched::default());
    assert!(states(&world).is_empty());
}
