//! Conflicts of interest: every bar, also through head offices, sites and successions; and a reviewer who gains one in the
//! middle of a review.

use diesel::prelude::*;
use portal::access::CentralRole::CentralReviewer;
use portal::access::OrganisationRole::Contributor;
use portal::access::{Actor, Permit, SeedPeople, Subject};
use portal::identity::{self, ConflictCause};
use portal::platform::ids::{OrganisationId, PersonId};
use portal::schema::{declared_interest, former_employer, organisation, review};

use crate::on_both;
use crate::review::{a_submission_in_the_queue, ask, decide};
use crate::support::{World, everybodys};

on_both!(
    declaring_in_the_middle_of_a_review_gives_it_back,
    a_question_goes_on_waiting_without_its_reviewer,
    a_former_employer_bars_until_its_time_is_over,
    head_offices_sites_and_successions_bar_each_other,
    an_interest_ends_with_a_reason,
    a_new_member_gives_the_review_back,
);

impl World {
    /// Says which organisation is another one's head office, or took over from it.
    fn related(&self, of: OrganisationId, head: Option<OrganisationId>, successor: Option<OrganisationId>) {
        self.db()
            .housekeep_now(everybodys(), move |tx| {
                diesel::update(organisation::table.filter(organisation::id.eq(of)))
                    .set((organisation::head_office_id.eq(head), organisation::successor_id.eq(successor)))
                    .execute(tx.conn())?;
                Ok(())
            })
            .unwrap();
    }

    /// What bars a person from an organisation today: the cause and the words.
    fn conflict(&self, person: PersonId, of: OrganisationId) -> Option<(ConflictCause, String)> {
        let day = self.now().london_day();
        self.db()
            .read_now(everybodys(), move |conn| identity::conflict_of(conn, person, of, day))
            .unwrap()
            .map(|conflict| (conflict.cause, conflict.words))
    }

    fn interests(&self) -> Vec<i64> {
        self.db()
            .read_now(everybodys(), |conn| {
                Ok(declared_interest::table
                    .order(declared_interest::id)
                    .select(declared_interest::id)
                    .load(conn)?)
            })
            .unwrap()
    }
}

async fn declaring_in_the_middle_of_a_review_gives_it_back(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-1", "level_2", "Seen.").await;
    let fields = [("organisation", "ZZ001"), ("reason", "A new post there")];
    ada.get("/reviews/interests").await.expect(200);
    ada.post("/reviews/interests", &fields).await.expect(303);
    ada.get("/reviews/interests").await.expect(200).shows("The review that you had in hand went back.");
    assert_eq!(scene.states(), ("queued".into(), "submitted".into()));
    ada.get(&scene.at("")).await.expect(403);
    let told = scene.world.queued("review.given_back");
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, "manager.2026@people.example");
    assert!(told[0].2.contains("ZZ001 & Sons Trust (ZZ001)"), "{}", told[0].2);
    scene.world.settle();

    // The next reviewer sees which decisions are from before, until they have decided again.
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    let marked = "These decisions were made before that.";
    cy.get(&scene.at(""))
        .await
        .expect(200)
        .shows("because of a conflict of interest (declared interest)")
        .shows(marked);
    cy.post(&scene.at("/claim"), &[]).await.expect(303);
    decide(&mut cy, &scene, "1-1", "level_1", "The minutes show a draft.").await;
    cy.get(&scene.at("")).await.expect(200).shows("because of a conflict of interest").hides(marked);
}

async fn a_question_goes_on_waiting_without_its_reviewer(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 20).await;
    scene.world.settle();
    ada.get("/reviews/interests").await.expect(200);
    ada.post("/reviews/interests", &[("organisation", "ZZ001"), ("reason", "x")]).await.expect(303);
    assert_eq!(scene.states(), ("query".into(), "query".into()));
    let mut manager = scene.world.signed_in("Manager 2026").await;
    manager.get("/reviews/allocation").await.expect(200).shows("In nobody").shows("ZZ001 &amp; Sons");
    // The answer comes, and with nobody to have it the review is in the queue.
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    lead.post(&at, &[("reply", "Because.")]).await.expect(303);
    assert_eq!(scene.states(), ("queued".into(), "submitted".into()));
    scene.world.settle();
}

async fn a_former_employer_bars_until_its_time_is_over(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get("/reviews/interests").await.expect(200).shows("for 24 months after you left");
    let form = |to: [&'static str; 3]| {
        [
            ("employer", "ZZ001"),
            ("from-day", "1"),
            ("from-month", "2"),
            ("from-year", "2020"),
            ("to-day", to[0]),
            ("to-month", to[1]),
            ("to-year", to[2]),
        ]
    };
    ada.post("/reviews/interests/employers", &form(["1", "1", "2019"]))
        .await
        .expect(422)
        .shows("must not come before the first");
    ada.post("/reviews/interests/employers", &form(["13", "1", "2024"])).await.expect(303);
    ada.get("/reviews/interests").await.expect(200).shows("13 January 2026");
    // Today is the last day of the two years.
    ada.get(&scene.at("")).await.expect(403).shows("worked for it lately");
    ada.post(&scene.at("/claim"), &[]).await.expect(403);
    scene.world.clock.advance_seconds(86_400);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&scene.at("")).await.expect(200);
    // The programme makes the rule longer.
    let mut manager = scene.world.signed_in("Manager 2026").await;
    manager.get("/reviews/allocation").await.expect(200).shows("value=\"24\"");
    manager.post("/reviews/allocation/months", &[("months", "241")]).await.expect(422).shows("from 0 to 240");
    manager.post("/reviews/allocation/months", &[("months", "36")]).await.expect(303);
    ada.get(&scene.at("")).await.expect(403);
    // Without an end they work there still. And a wrong record is taken back.
    let id: i64 = scene
        .world
        .db()
        .read_now(everybodys(), |conn| Ok(former_employer::table.select(former_employer::id).first(conn)?))
        .unwrap();
    let remove = format!("/reviews/interests/employers/{id}/remove");
    scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    cy.get("/reviews/interests").await.expect(200);
    cy.get(&remove).await.expect(404).hides("Why?");
    cy.post(&remove, &[("reason", "")]).await.expect(404);
    ada.get("/reviews/interests/employers/999/remove").await.expect(404);
    ada.get(&remove).await.expect(200);
    ada.post(&remove, &[("reason", " ")]).await.expect(422).shows("Say why");
    ada.post(&remove, &[("reason", "It was another trust.")]).await.expect(303);
    ada.post(&remove, &[("reason", "Again.")]).await.expect(409);
    ada.get(&remove).await.expect(409).shows("This record was taken back already, on 14 January 2026.");
    ada.get(&scene.at("")).await.expect(200);
    ada.post("/reviews/interests/employers", &form(["", "", ""])).await.expect(303);
    ada.get("/reviews/interests").await.expect(200).shows("Still there");
    ada.get(&scene.at("")).await.expect(403);
}

async fn head_offices_sites_and_successions_bar_each_other(world: World) {
    let scene = a_submission_in_the_queue(world);
    let world = &scene.world;
    let trust = scene.trust.id;
    let new = |code: &str| world.organisation(code, &format!("Organisation {code}"), "nhs_trust");
    let (head, sister, older, oldest) = (new("HQ001"), new("SI001"), new("OL001"), new("OL002"));
    world.related(trust, Some(head), None);
    world.related(sister, Some(head), None);
    world.related(older, None, Some(trust));
    world.related(oldest, None, Some(older));
    for (name, code, barred) in [
        ("Abe Head", "HQ001", Some("(its head office)")),
        ("Bo Sister", "SI001", None),
        ("Cal Older", "OL001", Some("(the organisation that it took over from)")),
        ("Di Oldest", "OL002", Some("(an organisation that it took over from)")),
    ] {
        let person = world.person(name, &[], &[CentralReviewer]);
        let mut browser = world.signed_in(name).await;
        browser.get("/reviews/interests").await.expect(200);
        browser.post("/reviews/interests", &[("organisation", code), ("reason", "x")]).await.expect(303);
        let status = if barred.is_some() { 403 } else { 200 };
        browser.get(&scene.at("")).await.expect(status);
        let found = world.conflict(person, trust);
        assert_eq!(found.is_some(), barred.is_some(), "{name}: {found:?}");
        if let (Some((cause, words)), Some(said)) = (found, barred) {
            assert_eq!(cause, ConflictCause::Interest);
            assert!(words.contains(said), "{name}: {words}");
        }
    }
    // The other way round: the trust bars its head office and whoever it took over from, but no sister.
    let ada = world.person("Eve Trust", &[(trust, Contributor)], &[CentralReviewer]);
    let words = |of| world.conflict(ada, of).map(|(_, words)| words).unwrap_or_default();
    assert!(words(trust).contains("a membership of ZZ001 & Sons Trust"));
    assert!(words(head).contains("(one of its sites)"), "{}", words(head));
    assert!(words(older).contains("(the organisation that took over from it)"), "{}", words(older));
    assert!(words(oldest).contains("(an organisation that took over from it)"), "{}", words(oldest));
    assert_eq!(words(sister), "");
    // A succession that leads back to itself ends.
    world.related(trust, Some(head), Some(oldest));
    assert!(words(older).contains("took over from"));
}

async fn an_interest_ends_with_a_reason(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get("/reviews/interests").await.expect(200);
    ada.post("/reviews/interests", &[("organisation", "ZZ001"), ("reason", "My sister")]).await.expect(303);
    ada.get(&scene.at("")).await.expect(403);
    let id = scene.world.interests()[0];
    let end = format!("/reviews/interests/{id}/end");
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    cy.get("/reviews/interests").await.expect(200);
    // Neither is shown the form, nor asked for a reason, of what is not theirs or of nothing.
    for at in [end.as_str(), "/reviews/interests/999/end"] {
        cy.get(at).await.expect(404).hides("Why?");
        cy.post(at, &[("reason", "")]).await.expect(404);
        cy.post(at, &[("reason", "Not mine")]).await.expect(404);
    }
    ada.get("/reviews/interests/999/end").await.expect(404);
    ada.get(&end).await.expect(200).shows("Why?");
    ada.post(&end, &[("reason", "")]).await.expect(422).shows("Say why");
    ada.post(&end, &[("reason", "She <left> in May")]).await.expect(303);
    for again in [
        ada.get(&end).await,
        ada.post(&end, &[("reason", "")]).await,
        ada.post(&end, &[("reason", "Again")]).await,
    ] {
        again.expect(409).shows("This interest has ended already, on 13 January 2026.").hides("Why?");
    }
    ada.get("/reviews/interests")
        .await
        .expect(200)
        .shows("She &lt;left&gt; in May")
        .shows("You have declared no interest");
    ada.get(&scene.at("")).await.expect(200);
    // It can be declared again.
    ada.get("/reviews/interests").await.expect(200);
    ada.post("/reviews/interests", &[("organisation", "ZZ001"), ("reason", "She is back")]).await.expect(303);
    assert_eq!(scene.world.interests().len(), 2);
}

async fn a_new_member_gives_the_review_back(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let (trust, id) = (scene.trust.id, scene.id);
    scene
        .world
        .db()
        .write_now(everybodys(), move |tx| {
            let ada: Option<PersonId> =
                review::table.filter(review::id.eq(id)).select(review::reviewer_id).first(tx.conn())?;
            let permit = Permit::<SeedPeople>::grant(&Actor::system(), Some(Subject::programme()))?;
            identity::grant_membership(tx, &permit, ada.unwrap(), trust, Contributor)
        })
        .unwrap();
    // At once they may do nothing with it; a moment later it is in the queue again.
    ada.get(&scene.at("")).await.expect(403);
    ada.post(&scene.at("/agree"), &[]).await.expect(403);
    scene.world.settle();
    assert_eq!(scene.states(), ("queued".into(), "submitted".into()));
    assert_eq!(scene.world.queued("review.given_back").len(), 1);
}
