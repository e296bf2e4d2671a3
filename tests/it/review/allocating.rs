//! Allocation: by hand and by a run, never to somebody conflicted, away or full; two at once; absence with its cover; and a
//! reviewer who leaves the team.

use diesel::prelude::*;
use futures_util::future::join;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::platform::ids::{PersonId, ReviewId};
use portal::schema::review;

use crate::on_both;
use crate::review::{Scene, a_submission_in_the_queue, ask};
use crate::support::{Browser, World, everybodys};

on_both!(
    a_review_is_given_by_hand_and_to_somebody_else,
    nobody_gets_what_they_cannot_take,
    two_who_give_the_same_review,
    a_run_gives_what_its_preview_showed,
    a_run_that_was_overtaken_changes_nothing,
    whoever_stands_in_gets_the_reviews_and_the_mails,
    a_reviewer_who_left_the_team_gets_nothing,
    a_manager_with_an_interest_does_not_choose,
);

impl Scene {
    /// Who has the review.
    fn reviewer(&self) -> Option<PersonId> {
        self.world.reviewer_of(self.id)
    }

    /// The value of the review's box, as a page shows it now.
    fn box_of(&self, id: ReviewId) -> String {
        let version: i64 = self
            .world
            .db()
            .read_now(everybodys(), move |conn| {
                Ok(review::table.filter(review::id.eq(id)).select(review::version).first(conn)?)
            })
            .unwrap();
        format!("{id}/{version}")
    }
}

impl World {
    fn reviewer_of(&self, id: ReviewId) -> Option<PersonId> {
        self.db()
            .read_now(everybodys(), move |conn| {
                Ok(review::table.filter(review::id.eq(id)).select(review::reviewer_id).first(conn)?)
            })
            .unwrap()
    }

    /// Queues the submissions of so many more trusts.
    fn more_in_the_queue(&self, count: usize) -> Vec<ReviewId> {
        let trusts: Vec<_> = (1..=count).map(|n| self.trust(&format!("YY{n:03}"))).collect();
        for trust in &trusts {
            self.submitted_levels(trust, "2026");
        }
        self.settle();
        trusts.iter().map(|trust| self.review_of(trust)).collect()
    }
}

/// Gives reviews by hand from the list of the queue.
async fn give(manager: &mut Browser, boxes: &[String], to: PersonId) -> crate::support::Answer {
    let to = to.to_string();
    let mut fields = vec![("person", to.as_str())];
    fields.extend(boxes.iter().map(|text| ("review", text.as_str())));
    manager.post("/reviews/allocation/queue", &fields).await
}

async fn a_review_is_given_by_hand_and_to_somebody_else(world: World) {
    let scene = a_submission_in_the_queue(world);
    let more = scene.world.more_in_the_queue(1);
    let (cy, dee) = (
        scene.world.person("Cy Reviewer", &[], &[CentralReviewer]),
        scene.world.person("Dee Reviewer", &[], &[CentralReviewer]),
    );
    let mut manager = scene.world.signed_in("Manager 2026").await;
    manager.get("/reviews").await.expect(200).shows("give reviews out");
    manager
        .get("/reviews/allocation/queue")
        .await
        .expect(200)
        .shows("ZZ001")
        .shows("YY001")
        .shows("(0 of 10)");
    manager
        .post("/reviews/allocation/queue", &[])
        .await
        .expect(422)
        .shows("Choose at least one review")
        .shows("Choose a reviewer");
    let boxes = [scene.box_of(scene.id), scene.box_of(more[0])];
    give(&mut manager, &boxes, cy).await.expect(303);
    assert_eq!((scene.reviewer(), scene.world.reviewer_of(more[0])), (Some(cy), Some(cy)));
    assert_eq!(scene.states(), ("claimed".into(), "under_review".into()));
    // One mail for both.
    let told = scene.world.queued("review.allocated");
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (told[0].0.as_str(), told[0].1.as_str()),
        ("cy.reviewer@people.example", "2 reviews were given to you")
    );
    manager.get("/reviews/allocation").await.expect(200).shows("Cy Reviewer");
    manager.get("/reviews/allocation.csv").await.expect(200).shows("Cy Reviewer,2,10");
    // From the review's own page to somebody else; and back into the queue from theirs.
    let version =
        manager.get(&scene.at("")).await.expect(200).shows("Give it to them instead").hidden("version");
    let to = dee.to_string();
    manager.post(&scene.at("/allocate"), &[("person", &to), ("version", &version)]).await.expect(303);
    assert_eq!(scene.reviewer(), Some(dee));
    let at = format!("/reviews/allocation/people/{dee}");
    manager.get(&at).await.expect(200).shows("ZZ001");
    let chosen = scene.box_of(scene.id);
    manager
        .post(&format!("{at}/move"), &[("do", "give"), ("review", &chosen)])
        .await
        .expect(422)
        .shows("Choose a reviewer");
    manager.post(&format!("{at}/move"), &[("do", "take"), ("review", &chosen)]).await.expect(303);
    assert_eq!((scene.reviewer(), scene.states().0), (None, "queued".into()));
    // Reviewers find none of it.
    let mut reviewer = scene.world.signed_in("Cy Reviewer").await;
    reviewer.get("/reviews").await.expect(200).hides("give reviews out");
    reviewer.get("/reviews/allocation").await.expect(403);
    reviewer.get(&scene.at("")).await.expect(200).hides("Give it to them");
    reviewer.post(&scene.at("/allocate"), &[("person", &to)]).await.expect(403);
    scene.world.settle();
}

async fn nobody_gets_what_they_cannot_take(world: World) {
    let scene = a_submission_in_the_queue(world);
    let more = scene.world.more_in_the_queue(1);
    let cy = scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut reviewer = scene.world.signed_in("Cy Reviewer").await;
    reviewer.get("/reviews/interests").await.expect(200);
    reviewer.post("/reviews/interests", &[("organisation", "ZZ001"), ("reason", "x")]).await.expect(303);
    let mut manager = scene.world.signed_in("Manager 2026").await;
    manager.get("/reviews/allocation/queue").await.expect(200);
    give(&mut manager, &[scene.box_of(scene.id)], cy)
        .await
        .expect(422)
        .shows("Cy Reviewer cannot review this organisation because of an interest in ZZ001");
    assert_eq!(scene.reviewer(), None);
    // Of several none is given when one cannot be.
    give(&mut manager, &[scene.box_of(scene.id), scene.box_of(more[0])], cy).await.expect(422);
    assert_eq!(scene.world.reviewer_of(more[0]), None);
    // Full.
    let at = format!("/reviews/allocation/people/{cy}");
    manager.get(&at).await.expect(200);
    manager
        .post(&at, &[("capacity", "many"), ("version", "0")])
        .await
        .expect(422)
        .shows("Enter a whole number");
    manager.post(&at, &[("capacity", "1001"), ("version", "0")]).await.expect(422).shows("from 0 to 1000");
    manager.post(&at, &[("capacity", "0"), ("version", "0")]).await.expect(303);
    manager.post(&at, &[("capacity", "5"), ("version", "0")]).await.expect(409);
    give(&mut manager, &[scene.box_of(more[0])], cy).await.expect(422).shows("can take 0 at a time");
    manager
        .post(&at, &[("capacity", "5"), ("version", "1"), ("sector", "gp"), ("sector", "nonsense")])
        .await
        .expect(303);
    manager.get("/reviews/allocation.csv").await.expect(200).shows("Cy Reviewer,0,5,gp,");
    // Away.
    let away = |from: &'static str, to: &'static str| {
        [
            ("from-day", from),
            ("from-month", "1"),
            ("from-year", "2026"),
            ("to-day", to),
            ("to-month", "1"),
            ("to-year", "2026"),
        ]
    };
    reviewer.get("/reviews/absences").await.expect(200);
    reviewer
        .post("/reviews/absences", &away("20", "13"))
        .await
        .expect(422)
        .shows("must not come before the first");
    reviewer.post("/reviews/absences", &away("13", "20")).await.expect(303);
    give(&mut manager, &[scene.box_of(more[0])], cy).await.expect(422).shows("is away until 20 January 2026");
    // By hand the manager may give what the reviewer's sectors leave out, once they are back.
    let page = reviewer.get("/reviews/absences").await.expect(200).text();
    let end =
        page.split("action=\"").filter_map(|part| part.split('"').next()).find(|at| at.ends_with("/end"));
    reviewer.post(end.unwrap(), &[]).await.expect(303);
    give(&mut manager, &[scene.box_of(more[0])], cy).await.expect(303);
    assert_eq!(scene.world.reviewer_of(more[0]), Some(cy));
    scene.world.settle();
}

async fn two_who_give_the_same_review(world: World) {
    let scene = a_submission_in_the_queue(world);
    let (cy, dee) = (
        scene.world.person("Cy Reviewer", &[], &[CentralReviewer]),
        scene.world.person("Dee Reviewer", &[], &[CentralReviewer]),
    );
    scene.world.person("Second Manager", &[], &[ProgrammeManager]);
    let mut one = scene.world.signed_in("Manager 2026").await;
    let mut two = scene.world.signed_in("Second Manager").await;
    one.get("/reviews/allocation/queue").await.expect(200);
    two.get("/reviews/allocation/queue").await.expect(200);
    let boxes = [scene.box_of(scene.id)];
    let (first, second) = join(give(&mut one, &boxes, cy), give(&mut two, &boxes, dee)).await;
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{}\n{}", first.text(), second.text());
    let winner = if first.status.as_u16() == 303 { cy } else { dee };
    assert_eq!(scene.reviewer(), Some(winner));
    assert_eq!(scene.world.queued("review.allocated").len(), 1);
    // The same form again leads where the first one led and gives nothing twice.
    scene.world.settle();
}

async fn a_run_gives_what_its_preview_showed(world: World) {
    let scene = a_submission_in_the_queue(world);
    let more = scene.world.more_in_the_queue(4);
    // Ada is there already; Cy has half the room, and an interest in the first trust.
    let cy = scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut reviewer = scene.world.signed_in("Cy Reviewer").await;
    reviewer.get("/reviews/interests").await.expect(200);
    reviewer.post("/reviews/interests", &[("organisation", "ZZ001"), ("reason", "x")]).await.expect(303);
    let mut manager = scene.world.signed_in("Manager 2026").await;
    let at = format!("/reviews/allocation/people/{cy}");
    manager.get(&at).await.expect(200);
    manager.post(&at, &[("capacity", "5"), ("version", "0")]).await.expect(303);
    let page = manager.get("/reviews/allocation/preview?number=10").await.expect(200);
    let page = page.shows("5 of 5 would be given").shows("in hand");
    assert_eq!(scene.reviewer(), None, "a preview does nothing");
    let [number, collection, seed, plan] =
        ["number", "collection", "seed", "plan"].map(|name| page.hidden(name));
    let form = [("number", number.as_str()), ("collection", &collection), ("seed", &seed), ("plan", &plan)];
    manager.post("/reviews/allocation/run", &form).await.expect(303);
    assert_ne!(scene.reviewer(), Some(cy), "never somebody with an interest");
    let all: Vec<ReviewId> = std::iter::once(scene.id).chain(more).collect();
    let held = all.iter().filter(|id| scene.world.reviewer_of(**id) == Some(cy)).count();
    assert!(all.iter().all(|id| scene.world.reviewer_of(*id).is_some()));
    // Five over capacities of ten and five: as equal parts as whole reviews allow.
    assert!((1..=2).contains(&held), "{held}");
    assert_eq!(scene.world.queued("review.allocated").len(), 2, "one mail to each");
    manager.get("/reviews/allocation/preview").await.expect(200).shows("Nothing waits for a reviewer.");
    scene.world.settle();
}

async fn a_run_that_was_overtaken_changes_nothing(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut manager = scene.world.signed_in("Manager 2026").await;
    let page = manager.get("/reviews/allocation/preview?number=5").await.expect(200).shows("Ada Reviewer");
    let [number, seed, plan] = ["number", "seed", "plan"].map(|name| page.hidden(name));
    // Meanwhile the only reviewer declares an interest.
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get("/reviews/interests").await.expect(200);
    ada.post("/reviews/interests", &[("organisation", "ZZ001"), ("reason", "x")]).await.expect(303);
    let form = [("number", number.as_str()), ("seed", &seed), ("plan", &plan)];
    manager
        .post("/reviews/allocation/run", &form)
        .await
        .expect(409)
        .shows("have changed since you looked")
        .shows("1 with a conflict of interest");
    assert_eq!(scene.reviewer(), None);
    assert!(scene.world.queued("review.allocated").is_empty());
}

async fn whoever_stands_in_gets_the_reviews_and_the_mails(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 20).await;
    scene.world.settle();
    let cy = scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let whose = scene.reviewer().unwrap();
    let mut manager = scene.world.signed_in("Manager 2026").await;
    let page = format!("/reviews/allocation/people/{whose}");
    manager.get(&page).await.expect(200).hides("who stands in</button>");
    let cover = cy.to_string();
    let form = [
        ("from-day", "12"),
        ("from-month", "1"),
        ("from-year", "2026"),
        ("to-day", "23"),
        ("to-month", "1"),
        ("to-year", "2026"),
        ("cover", cover.as_str()),
    ];
    manager.post(&format!("{page}/absence"), &form).await.expect(303);
    manager.get("/reviews/allocation").await.expect(200).shows("Cy Reviewer stands in");
    // The organisation answers: both are told.
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    lead.post(&at, &[("reply", "Because.")]).await.expect(303);
    let told = scene.world.queued("review.query_answered");
    let to: Vec<&str> = told.iter().map(|(to, ..)| to.as_str()).collect();
    assert_eq!(to, ["ada.reviewer@people.example", "cy.reviewer@people.example"]);
    assert!(told[1].2.starts_with("Dear Cy Reviewer, you stand in for Ada Reviewer"), "{}", told[1].2);
    manager.get(&page).await.expect(200).shows("Move everything to Cy Reviewer");
    manager.post(&format!("{page}/cover"), &[]).await.expect(303);
    assert_eq!((scene.reviewer(), scene.states().0), (Some(cy), "claimed".into()));
    // Nobody but the manager says so of others.
    let mut other = scene.world.signed_in("Cy Reviewer").await;
    other.get("/reviews/absences").await.expect(200);
    other.post(&format!("{page}/absence"), &form).await.expect(403);
    scene.world.settle();
}

async fn a_reviewer_who_left_the_team_gets_nothing(world: World) {
    let scene = a_submission_in_the_queue(world);
    let cy = scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut manager = scene.world.signed_in("Manager 2026").await;
    manager.get("/people/central").await.expect(200);
    let gone = cy.to_string();
    manager.post("/people/central/end", &[("person", &gone), ("role", "central_reviewer")]).await.expect(303);
    manager.get("/reviews/allocation/queue").await.expect(200).hides("Cy Reviewer");
    give(&mut manager, &[scene.box_of(scene.id)], cy)
        .await
        .expect(422)
        .shows("do not review, or not any more");
    manager.get(&format!("/reviews/allocation/people/{cy}")).await.expect(404);
    assert_eq!(scene.reviewer(), None);
}

async fn a_manager_with_an_interest_does_not_choose(world: World) {
    let scene = a_submission_in_the_queue(world);
    let cy = scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut manager = scene.world.signed_in("Manager 2026").await;
    manager.get("/reviews/interests").await.expect(200);
    manager.post("/reviews/interests", &[("organisation", "ZZ001"), ("reason", "x")]).await.expect(303);
    manager.get("/reviews/allocation/queue").await.expect(200).hides("ZZ001");
    give(&mut manager, &[scene.box_of(scene.id)], cy).await.expect(403);
    manager
        .get("/reviews/allocation/preview")
        .await
        .expect(200)
        .shows("0 of 1 would be given")
        .shows("because of an interest of your own");
    assert_eq!(scene.reviewer(), None);
}
