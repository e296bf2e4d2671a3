//! Who may not: conflicted reviewers, two at once, the same person twice, other organisations, the wrong roles.

use futures_util::future::join;
use portal::access::CentralRole::{CentralReviewer, Publisher, SecondReviewer};
use portal::access::OrganisationRole::{Contributor, IgLead};

use crate::on_both;
use crate::review::{a_submission_in_the_queue, ask, decide, finish};
use crate::support::World;

on_both!(
    a_member_or_somebody_with_an_interest_cannot_review,
    of_two_who_claim_at_once_one_wins,
    the_same_person_is_never_first_and_second,
    whoever_decided_before_somebody_else_took_over_does_not_confirm,
    only_the_reviewer_of_a_review_works_on_it,
    other_organisations_and_the_public_find_nothing,
    an_interest_is_declared_once,
);

async fn a_member_or_somebody_with_an_interest_cannot_review(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Con Flicted", &[(scene.trust.id, Contributor)], &[CentralReviewer]);
    let mut member = scene.world.signed_in("Con Flicted").await;
    member
        .get("/reviews")
        .await
        .expect(200)
        .hides(&format!("href=\"{}\"", scene.at("")))
        .shows("No review is like this.")
        .shows("neither listed nor counted");
    member
        .get(&scene.at(""))
        .await
        .expect(403)
        .shows("you are a member of this organisation")
        .shows("Leave it to a colleague who has no interest in it.")
        .hides("who holds the role");
    member.post(&scene.at("/claim"), &[]).await.expect(403);

    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get("/reviews/interests").await.expect(200).shows("You have declared no interest");
    let fields = [("organisation", "zz001"), ("reason", "My sister works <there>")];
    ada.post("/reviews/interests", &[("organisation", "NOBODY"), ("reason", "x")])
        .await
        .expect(422)
        .shows("There is no organisation with this code")
        .shows("value=\"NOBODY\"");
    ada.post("/reviews/interests", &fields).await.expect(303);
    ada.get("/reviews/interests").await.expect(200).shows("My sister works &lt;there&gt;");
    ada.post(&scene.at("/claim"), &[]).await.expect(403).shows("have declared an interest");
    ada.get(&scene.at("/requirements/1-1")).await.expect(403);
    assert_eq!(scene.states().0, "queued");
}

async fn of_two_who_claim_at_once_one_wins(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    ada.get(&scene.at("")).await.expect(200);
    cy.get(&scene.at("")).await.expect(200);
    let at = scene.at("/claim");
    let (first, second) = join(ada.post(&at, &[]), cy.post(&at, &[])).await;
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let loser = if first.status.as_u16() == 409 { first } else { second };
    assert!(loser.text().contains("Go back"), "{}", loser.text());
    assert_eq!(scene.states(), ("claimed".into(), "under_review".into()));
}

async fn the_same_person_is_never_first_and_second(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Dee Both", &[], &[CentralReviewer, SecondReviewer]);
    let mut dee = scene.world.signed_in("Dee Both").await;
    dee.get(&scene.at("")).await.expect(200);
    dee.post(&scene.at("/claim"), &[]).await.expect(303);
    decide(&mut dee, &scene, "1-1", "level_0", "Nothing is there.").await;
    dee.agree_with_rest(&scene.at("")).await;
    finish(&mut dee, &scene, "").await;
    dee.get(&scene.at("")).await.expect(200).hides("Confirm or give back");
    dee.get(&scene.at("/confirm")).await.expect(403);
    let mut bea = scene.world.signed_in("Bea Second").await;
    let version = bea.get(&scene.at("/confirm")).await.expect(200).hidden("version");
    let confirm = [("version", version.as_str()), ("verdict", "confirm")];
    dee.post(&scene.at("/confirm"), &confirm).await.expect(403).shows("You scored this review yourself");
    assert_eq!(scene.states().0, "second");
    // Nor somebody with an interest.
    scene.world.person("Con Flicted", &[(scene.trust.id, Contributor)], &[SecondReviewer]);
    let mut member = scene.world.signed_in("Con Flicted").await;
    member.get("/reviews").await.expect(200);
    member.post(&scene.at("/confirm"), &confirm).await.expect(403);
    assert_eq!(scene.states().0, "second");
}

async fn whoever_decided_before_somebody_else_took_over_does_not_confirm(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Dee Both", &[], &[CentralReviewer, SecondReviewer]);
    let mut dee = scene.world.signed_in("Dee Both").await;
    dee.get(&scene.at("")).await.expect(200);
    dee.post(&scene.at("/claim"), &[]).await.expect(303);
    decide(&mut dee, &scene, "1-1", "level_0", "Nothing is there.").await;
    dee.post(&scene.at("/release"), &[]).await.expect(303);
    let mut ada = scene.claimed().await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    assert_eq!(scene.states().0, "second");
    dee.get(&scene.at("/confirm")).await.expect(403).shows("You decided answers of this review yourself");
    let confirm = [("version", "0"), ("verdict", "confirm")];
    dee.post(&scene.at("/confirm"), &confirm).await.expect(403);
    scene.confirmed().await;
    assert_eq!(scene.states().0, "decided");
}

async fn only_the_reviewer_of_a_review_works_on_it(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    scene.world.person("Pia Publisher", &[], &[Publisher]);
    scene.claimed().await;
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    cy.get(&scene.at("/requirements/1-1")).await.expect(200).hides("What did you find?");
    let finding = [("version", "0"), ("assessed", "level_2"), ("reason", "")];
    cy.post(&scene.at("/requirements/1-1"), &finding)
        .await
        .expect(403)
        .shows("Only the reviewer who claimed");
    for verb in ["/release", "/agree", "/finish"] {
        cy.post(&scene.at(verb), &[("version", "2")]).await.expect(403);
    }
    let mut bea = scene.world.signed_in("Bea Second").await;
    bea.get(&scene.at("")).await.expect(200).hides("Claim this review");
    bea.post(&scene.at("/requirements/1-1"), &finding)
        .await
        .expect(403)
        .shows("Ask somebody who holds the role.");
    // Whatever a form says, the role is asked first.
    bea.post(&scene.at("/requirements/1-1"), &[]).await.expect(403);
    bea.post(&scene.at("/query"), &[]).await.expect(403);
    bea.post(&scene.at("/finish"), &[("summary", &"x".repeat(20_000))]).await.expect(403);
    let mut pia = scene.world.signed_in("Pia Publisher").await;
    pia.get("/reviews").await.expect(200);
    pia.get(&scene.at("")).await.expect(403);
    pia.post(&scene.at("/claim"), &[]).await.expect(403);
}

async fn other_organisations_and_the_public_find_nothing(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Why?", 20).await;
    scene.world.settle();
    let id = at.rsplit('/').next().unwrap().to_owned();
    let other = scene.world.organisation("ZZ002", "Other Trust", "nhs_trust");
    scene.world.person("Olga Other", &[(other, IgLead)], &[]);
    let mut olga = scene.world.signed_in("Olga Other").await;
    let own = format!("/organisations/ZZ002/returns/2026/queries/{id}");
    olga.get(&own).await.expect(404);
    olga.post(&own, &[("reply", "x")]).await.expect(404);
    for path in [scene.trust.at("2026", "/review"), at.clone()] {
        olga.get(&path).await.expect(404);
    }
    for path in ["/reviews".to_owned(), scene.at(""), scene.at("/requirements/1-1"), scene.at("/confirm")] {
        olga.get(&path).await.expect(404);
    }
    olga.post(&scene.at("/claim"), &[]).await.expect(404);
    // A SIRO may read the question, but it is for others to answer.
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&at).await.expect(200).hides("Send to the reviewer");
    siro.post(&at, &[("reply", "x")]).await.expect(403);
    siro.post(&at, &[]).await.expect(403);
    siro.get(&scene.trust.at("2026", "/review")).await.expect(404);
    scene.world.browser().get(&scene.at("")).await.expect(303);
}

async fn an_interest_is_declared_once(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    let fields = [("organisation", "ZZ001"), ("reason", "A new post there")];
    ada.get("/reviews/interests").await.expect(200);
    ada.post("/reviews/interests", &fields).await.expect(303);
    ada.post("/reviews/interests", &fields).await.expect(422).shows("already declared");
    ada.post("/reviews/interests", &[("organisation", ""), ("reason", "")])
        .await
        .expect(422)
        .shows("Say what your interest is");
}
