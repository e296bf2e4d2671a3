//! Scoring blind: nothing of the first review is to be seen, nobody with a part in it scores, and scores are kept with
//! their versions.

use diesel::prelude::*;
use futures_util::future::join;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager, SecondReviewer};
use portal::access::OrganisationRole::Contributor;
use portal::platform::ids::PersonId;
use portal::schema::{blind_case, blind_score, person, score_comparison};

use super::{a_sampled_submission, planned, scored, taken};
use crate::on_both;
use crate::review::{ask, decide, finish};
use crate::support::{World, everybodys};

on_both!(
    nothing_of_the_first_review_is_to_be_seen,
    the_second_scorer_is_kept_from_the_first_review_until_both_are_done,
    nobody_with_a_part_or_an_interest_scores,
    scores_are_kept_with_versions_and_mistakes_are_explained,
    a_case_is_finished_as_a_whole_and_compared_when_both_are_done,
    the_second_scorer_may_be_last_and_both_are_compared_at_once,
    two_who_finish_at_once_do_not_miss_each_other,
    a_case_is_given_and_given_back,
);

/// Words that only the first reviewer wrote.
const SECRETS: [&str; 5] = ["DRAFTPOLICY", "WHICHCOMMITTEE", "Ada Reviewer", "SUMMARYOFADA", "Downgraded"];

async fn nothing_of_the_first_review_is_to_be_seen(world: World) {
    let (scene, mut ada, id) = a_sampled_submission(world).await;
    decide(&mut ada, &scene, "1-1", "level_0", "DRAFTPOLICY").await;
    ask(&mut ada, &scene, "WHICHCOMMITTEE", 10).await;
    let mut bea = taken(&scene).await;
    let mut pages = vec!["/reviews/blind".to_owned(), format!("/reviews/blind/{id}")];
    pages.extend(["1-1", "1-2", "1-3"].map(|code| format!("/reviews/blind/{id}/requirements/{code}")));
    for at in &pages {
        let page = bea.get(at).await.expect(200);
        for secret in SECRETS {
            assert!(!page.text().contains(secret), "{secret} is in {at}");
        }
        // Not even the number of the review, from which its pages could be guessed.
        assert!(!page.text().contains(&scene.at("\"")), "{at}");
        assert!(!page.text().contains(&scene.at("/")), "{at}");
    }
    // The question, the answer and the claim are there.
    bea.get(&pages[2]).await.expect(200).shows("Question 1?").shows("Claimed: Level 2");
    bea.get(&format!("/reviews/blind/{id}/requirements/9-9")).await.expect(404);
    // The first reviewer learns nothing either.
    for at in [scene.at(""), scene.at("/requirements/1-1")] {
        ada.get(&at).await.expect(200).hides("blind").hides("Bea Second");
    }
    scene.world.settle();
}

async fn the_second_scorer_is_kept_from_the_first_review_until_both_are_done(world: World) {
    let (scene, mut ada, id) = a_sampled_submission(world).await;
    let mut bea = taken(&scene).await;
    let closed = [scene.at(""), scene.at("/requirements/1-1")];
    for at in &closed {
        bea.get(at).await.expect(403).shows("without sight of its first review");
    }
    let verdict = [("version", "3"), ("verdict", "confirm")];
    decide(&mut ada, &scene, "1-1", "level_0", "Nothing is there.").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    bea.get(&scene.at("/confirm")).await.expect(403);
    bea.get("/reviews/blind").await.expect(200);
    bea.post(&scene.at("/confirm"), &verdict).await.expect(403);
    assert_eq!(scene.states().0, "second");
    scored(&mut bea, id, &[("1-1", "level_0", "Nothing."), ("1-2", "level_2", ""), ("1-3", "level_2", "")])
        .await;
    for at in &closed {
        bea.get(at).await.expect(200);
    }
    scene.world.settle();
}

async fn nobody_with_a_part_or_an_interest_scores(world: World) {
    let (scene, mut ada, id) = a_sampled_submission(world).await;
    // The first reviewer is offered nothing, and finds nothing at the case's address.
    ada.get("/reviews/blind").await.expect(200);
    assert!(ada.post("/reviews/blind/next", &[]).await.status.is_client_error());
    ada.get(&format!("/reviews/blind/{id}")).await.expect(404);
    scene.world.person("Con Flicted", &[(scene.trust.id, Contributor)], &[SecondReviewer]);
    let mut con = scene.world.signed_in("Con Flicted").await;
    con.get("/reviews/blind").await.expect(200);
    assert!(con.post("/reviews/blind/next", &[]).await.status.is_client_error());
    let mut mo = scene.world.signed_in("Mo Manager").await;
    let page = mo.get("/reviews/consistency/2026/sample").await.expect(200);
    page.shows("Bea Second").hides("Con Flicted").hides("Ada Reviewer");
    let give = format!("/reviews/consistency/cases/{id}/give");
    for name in ["Ada Reviewer", "Con Flicted", "Mo Manager"] {
        let who = number_of(&scene.world, name).to_string();
        mo.post(&give, &[("scorer", &who)]).await.expect(403);
    }
    assert!(mo.post(&give, &[("scorer", "")]).await.status.is_client_error());
    // Whoever does not score the case finds nothing, whatever their role.
    taken(&scene).await;
    for name in ["Ada Reviewer", "Mo Manager"] {
        let mut other = scene.world.signed_in(name).await;
        other.get(&format!("/reviews/blind/{id}/requirements/1-1")).await.expect(404);
    }
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get("/reviews/blind").await.expect(404);
}

fn number_of(world: &World, name: &str) -> PersonId {
    let name = name.to_owned();
    world
        .db()
        .read_now(everybodys(), move |conn| {
            Ok(person::table.filter(person::name.eq(&name)).select(person::id).first(conn)?)
        })
        .unwrap()
}

async fn scores_are_kept_with_versions_and_mistakes_are_explained(world: World) {
    let (scene, _, id) = a_sampled_submission(world).await;
    let mut bea = taken(&scene).await;
    let at = format!("/reviews/blind/{id}/requirements/1-1");
    bea.get(&at).await.expect(200);
    bea.post(&at, &[("version", "0"), ("assessed", "level_1"), ("reason", " ")])
        .await
        .expect(422)
        .shows("Say why your finding differs from the claim")
        .shows("value=\"level_1\" checked");
    for impossible in ["", "not_relevant", "complete", "level_9"] {
        bea.post(&at, &[("version", "0"), ("assessed", impossible), ("reason", "Kept & shown")])
            .await
            .expect(422)
            .shows("Choose what you found")
            .shows("Kept &amp; shown");
    }
    let long = "x".repeat(4001);
    let form = [("version", "0"), ("assessed", "level_1"), ("reason", long.as_str())];
    bea.post(&at, &form).await.expect(422).shows("4,000 characters or fewer");
    bea.post(&at, &[("version", "0"), ("assessed", "level_1"), ("reason", "One.")]).await.expect(303);
    bea.post(&at, &[("version", "0"), ("assessed", "level_0"), ("reason", "Two.")])
        .await
        .expect(409)
        .shows("Your score was not saved");
    bea.post(&at, &[("version", "1"), ("assessed", "level_0"), ("reason", "Three.")]).await.expect(303);
    let kept: (i64, String, i64) = scene
        .world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(blind_score::table
                .select((blind_score::assessed_level, blind_score::reason, blind_score::version))
                .first(conn)?)
        })
        .unwrap();
    assert_eq!(kept, (0, "Three.".to_owned(), 2));
}

async fn a_case_is_finished_as_a_whole_and_compared_when_both_are_done(world: World) {
    let (scene, mut ada, id) = a_sampled_submission(world).await;
    let mut bea = taken(&scene).await;
    bea.get(&format!("/reviews/blind/{id}")).await.expect(200);
    let early = bea.post(&format!("/reviews/blind/{id}/finish"), &[("version", "2")]).await;
    assert!(early.status.is_client_error());
    assert!(early.text().contains("3 of the answers have no score yet"), "{}", early.text());
    scored(&mut bea, id, &ALL_BUT_ONE_ALIKE).await;
    assert_eq!(compared(&scene.world), 0, "the first review is not done");
    bea.get(&scene.at("")).await.expect(403);
    let at = format!("/reviews/blind/{id}/requirements/1-1");
    bea.post(&at, &[("version", "1"), ("assessed", "level_2"), ("reason", "")]).await.expect(409);
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    // No job has run: whoever finished last had both compared.
    assert_eq!(scene.states().0, "decided");
    assert_eq!(compared(&scene.world), 3);
    assert_eq!(scene.world.open_disagreements().len(), 1);
    assert_eq!(scene.events("scores_compared"), 1);
    bea.get(&scene.at("")).await.expect(200);
    scene.world.settle();
    assert_eq!(compared(&scene.world), 3);
}

const ALL_BUT_ONE_ALIKE: [(&str, &str, &str); 3] =
    [("1-1", "level_2", ""), ("1-2", "level_1", "Thin."), ("1-3", "level_2", "")];

async fn the_second_scorer_may_be_last_and_both_are_compared_at_once(world: World) {
    let (scene, mut ada, id) = a_sampled_submission(world).await;
    let mut bea = taken(&scene).await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    assert_eq!(scene.states().0, "decided");
    bea.get(&scene.at("")).await.expect(403);
    scored(&mut bea, id, &ALL_BUT_ONE_ALIKE).await;
    assert_eq!(compared(&scene.world), 3);
    assert_eq!(scene.world.open_disagreements().len(), 1);
    assert_eq!(scene.events("scores_compared"), 1);
    bea.get(&scene.at("")).await.expect(200);
    scene.world.settle();
}

async fn two_who_finish_at_once_do_not_miss_each_other(world: World) {
    let (scene, mut ada, id) = a_sampled_submission(world).await;
    let mut bea = taken(&scene).await;
    for (code, assessed, reason) in ALL_BUT_ONE_ALIKE {
        let at = format!("/reviews/blind/{id}/requirements/{code}");
        let version = bea.get(&at).await.expect(200).hidden("version");
        let form = [("version", version.as_str()), ("assessed", assessed), ("reason", reason)];
        bea.post(&at, &form).await.expect(303);
    }
    ada.agree_with_rest(&scene.at("")).await;
    let first = ada.get(&scene.at("")).await.expect(200).hidden("version");
    let second = bea.get(&format!("/reviews/blind/{id}")).await.expect(200).hidden("version");
    let (finish_first, finish_second) = (scene.at("/finish"), format!("/reviews/blind/{id}/finish"));
    let first = [("version", first.as_str()), ("summary", "")];
    let second = [("version", second.as_str())];
    let (one, other) = join(ada.post(&finish_first, &first), bea.post(&finish_second, &second)).await;
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (303, 303));
    assert_eq!(compared(&scene.world), 3);
    bea.get(&scene.at("")).await.expect(200);
    scene.world.settle();
}

fn compared(world: &World) -> i64 {
    world.db().read_now(everybodys(), |conn| Ok(score_comparison::table.count().get_result(conn)?)).unwrap()
}

async fn a_case_is_given_and_given_back(world: World) {
    let (scene, _, id) = a_sampled_submission(world).await;
    let cy = scene.world.person("Cy Reviewer", &[], &[CentralReviewer]);
    let mut bea = taken(&scene).await;
    let at = format!("/reviews/blind/{id}/requirements/1-1");
    bea.get(&at).await.expect(200);
    bea.post(&at, &[("version", "0"), ("assessed", "level_2"), ("reason", "")]).await.expect(303);
    // Bea cannot take another while there is none.
    assert!(bea.post("/reviews/blind/next", &[]).await.status.is_client_error());
    let mut mo = scene.world.signed_in("Mo Manager").await;
    mo.get("/reviews/consistency/2026/sample").await.expect(200);
    let give = format!("/reviews/consistency/cases/{id}/give");
    mo.post(&give, &[("scorer", &cy.to_string())]).await.expect(303);
    bea.get(&at).await.expect(404);
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    cy.get(&at).await.expect(200).shows("name=\"version\" value=\"0\"");
    cy.post(&format!("/reviews/blind/{id}/release"), &[]).await.expect(303);
    let state: String = scene
        .world
        .db()
        .read_now(everybodys(), |conn| Ok(blind_case::table.select(blind_case::state).first(conn)?))
        .unwrap();
    assert_eq!(state, "waiting");
    // A case whose first review nobody has begun is not given out: its reviewer could still be anybody.
    let unclaimed = super::another_submission(&scene, "ZZ002");
    let mut mo = scene.world.signed_in("Mo Manager").await;
    planned(&mut mo, "100").await;
    mo.post("/reviews/consistency/2026/draw", &[]).await.expect(303);
    let second = scene.world.case_of(unclaimed).unwrap();
    let offered = mo.get("/reviews/consistency/2026/sample").await.expect(200).text();
    assert!(
        !offered.contains(&format!("cases/{second}/give")) && offered.contains(&format!("cases/{id}/give"))
    );
}

/// A plan without any submission draws nothing, and its pages stand.
#[test]
fn an_empty_year_has_empty_pages() {
    World::run(World::sqlite(), |world| async move {
        world.usual_year(&super::usual_edition());
        let mut mo = world.person_signed_in("Mo Manager", ProgrammeManager).await;
        for at in ["sample", "agreement", "agreement.csv", "calibration", "calibration.csv"] {
            mo.get(&format!("/reviews/consistency/2026/{at}")).await.expect(200);
        }
    });
}
