//! Challenging a decision: who may, until when and how often; who settles it, and what it changes.

use portal::access::CentralRole::{CentralReviewer, ProgrammeManager, SecondReviewer};
use portal::access::OrganisationRole::{Contributor, OrganisationAdministrator};
use portal::platform::clock::parse_london;

use crate::on_both;
use crate::review::{Scene, a_submission_in_the_queue, decide, finish};
use crate::support::{Browser, World};

on_both!(
    an_upheld_challenge_changes_the_decision_and_the_grade,
    a_rejected_challenge_leaves_the_decision_and_gets_a_letter,
    a_challenge_is_posted_by_the_right_people_once_and_in_time,
    whoever_had_a_part_in_the_decision_settles_nothing,
    nothing_becomes_final_while_a_challenge_is_open,
    a_form_sent_twice_is_one_challenge,
    a_decision_that_agrees_with_everything_cannot_be_challenged,
);

/// A decided review, with a reviewer who had no part in it and a programme manager.
async fn decided(world: World) -> Scene {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Una Uninvolved", &[], &[CentralReviewer]);
    scene.world.person("Pam Programme", &[], &[ProgrammeManager]);
    scene.decided().await;
    scene
}

const GROUNDS: [(&str, &str); 4] = [
    ("scope", "parts"),
    ("requirements", "1-1"),
    ("grounds", "The board approved <it> in May."),
    ("evidence", "Minutes of May, item 4"),
];

/// The SIRO, who has challenged the first decision.
async fn challenged(scene: &Scene) -> Browser {
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&scene.challenge()).await.expect(200).shows("Send the challenge");
    siro.post(&scene.challenge(), &GROUNDS).await.expect(303);
    siro
}

fn ruling<'a>(ruling: &'a str, assessed: &'a str, reason: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("ruling-0", ruling), ("assessed-0", assessed), ("reason-0", reason), ("remarks", "Thank you.")]
}

async fn an_upheld_challenge_changes_the_decision_and_the_grade(world: World) {
    let scene = decided(world).await;
    let before = scene.world.mails().len();
    let mut siro = challenged(&scene).await;
    siro.get(&scene.challenge())
        .await
        .expect(200)
        .shows("The board approved &lt;it&gt; in May.")
        .shows("Withdraw the challenge")
        .hides("Send the challenge");
    scene.world.settle();
    let mails = scene.world.mails().split_off(before);
    assert!(mails.len() >= 3, "the programme, the IG lead and the SIRO are told: {mails:#?}");
    assert!(mails.iter().all(|mail| !mail.contains("approved") && !mail.contains("1-1")), "{mails:#?}");

    let mut una = scene.world.signed_in("Una Uninvolved").await;
    una.get("/reviews/challenges").await.expect(200).shows("ZZ001 &amp; Sons Trust").shows("Due by");
    let file = una.get("/reviews/challenges.csv?state=all").await.expect(200);
    assert!(file.text().contains("ZZ001,ZZ001 & Sons Trust,2026,open,1,"), "{}", file.text());
    let at = scene.at("/challenge");
    una.get(&at).await.expect(200).shows("Minutes of May, item 4").shows("The minutes show a draft.");
    una.post(&at, &ruling("", "", ""))
        .await
        .expect(422)
        .shows("Choose how you rule")
        .shows("Give the reason");
    una.post(&at, &ruling("partly", "", "Half."))
        .await
        .expect(422)
        .shows("neither the claim nor the decision");
    una.post(&at, &ruling("partly", "level_1", "Half.")).await.expect(422);
    una.post(&at, &ruling("upheld", "", "The minutes of May show it.")).await.expect(303);
    una.post(&at, &ruling("upheld", "", "Again.")).await.expect(409);
    assert_eq!(scene.states(), ("decided".into(), "decided".into()));
    assert_eq!(scene.final_grade().as_deref(), Some("satisfactory"));
    scene.world.settle();

    // The new letter, the old letter, and both decisions stay.
    let second = scene.trust.at("2026", "/letters/2");
    siro.get(&second)
        .await
        .expect(200)
        .shows("The answer to your challenge")
        .shows("Your challenge is upheld.")
        .shows("The minutes of May show it.")
        .shows("The grade stands as you claimed it: Satisfactory.")
        .shows("Thank you.")
        .shows("With this answer the decision becomes final.");
    siro.get(&scene.trust.at("2026", "/letters/1")).await.expect(200).shows("Not satisfactory");
    siro.get(&scene.trust.at("2026", "/review"))
        .await
        .expect(200)
        .shows("The grade stands as you claimed it");
    una.get(&scene.at("/decision/1"))
        .await
        .expect(200)
        .shows("not in force any more")
        .shows("assessed Level 1");
    una.get(&scene.at("/decision")).await.expect(200).shows("Challenge settled").shows("Una Uninvolved");
    siro.post(&scene.challenge(), &GROUNDS).await.expect(409).shows("a decision is challenged once");
    for (_, subject, text, _) in scene.world.queued("review.letter") {
        assert!(!format!("{subject}{text}").contains("pheld"), "{text}");
    }
    assert_eq!(scene.differences(), Vec::<String>::new());
    // Settled, it becomes final at the next look.
    scene.world.db().housekeep_now(crate::support::everybodys(), portal::review::ensure_scheduled).unwrap();
    scene.world.clock.advance_seconds(61);
    scene.world.settle();
    assert!(scene.is_final());
}

async fn a_rejected_challenge_leaves_the_decision_and_gets_a_letter(world: World) {
    let scene = decided(world).await;
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&scene.challenge()).await.expect(200);
    let whole = [("scope", "whole"), ("grounds", "All of it."), ("evidence", "")];
    siro.post(&scene.challenge(), &whole).await.expect(303);
    let mut una = scene.world.signed_in("Una Uninvolved").await;
    una.get(&scene.at("/challenge")).await.expect(200);
    una.post(&scene.at("/challenge"), &ruling("rejected", "", "May is not in the file.")).await.expect(303);
    assert_eq!(scene.final_grade().as_deref(), Some("not_satisfactory"));
    scene.world.settle();
    siro.get(&scene.trust.at("2026", "/letters/2"))
        .await
        .expect(200)
        .shows("Your challenge is rejected.")
        .shows("It stands at: Level 1.")
        .shows("May is not in the file.");
    assert_eq!(scene.events("review_concluded"), 1);
    assert_eq!(scene.events("letter_sent"), 2);
    assert_eq!(scene.differences(), Vec::<String>::new());
}

async fn a_challenge_is_posted_by_the_right_people_once_and_in_time(world: World) {
    let scene = decided(world).await;
    scene.world.person("Adi Administrator", &[(scene.trust.id, OrganisationAdministrator)], &[]);
    scene.world.person("Con Tributor", &[(scene.trust.id, Contributor)], &[]);
    let at = scene.challenge();
    let mut adi = scene.world.signed_in("Adi Administrator").await;
    adi.get(&at)
        .await
        .expect(200)
        .shows("information governance lead challenges")
        .hides("Send the challenge");
    adi.post(&at, &GROUNDS).await.expect(403);
    let mut part = scene.world.signed_in("Con Tributor").await;
    part.get(&at).await.expect(403);
    part.post(&at, &GROUNDS).await.expect(403);
    let mut una = scene.world.signed_in("Una Uninvolved").await;
    una.get("/reviews").await.expect(200);
    una.post(&at, &GROUNDS).await.expect(404);

    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200).shows("until 10 February 2026 at 5pm");
    lead.post(&at, &[("scope", "parts"), ("grounds", "")])
        .await
        .expect(422)
        .shows("Choose what you challenge")
        .shows("Say why the decision is wrong");
    // What stands as claimed is no decision against anybody, and what is not in the edition is nothing.
    for code in ["1-2", "9-9"] {
        lead.post(&at, &[("scope", "parts"), ("requirements", code), ("grounds", "Why?")]).await.expect(422);
    }
    lead.post(&at, &GROUNDS).await.expect(303);
    lead.post(&at, &GROUNDS)
        .await
        .expect(409)
        .shows("challenged this decision already")
        .shows("The board approved &lt;it&gt; in May.");
    lead.post(&format!("{at}/withdraw"), &[]).await.expect(303);
    lead.post(&format!("{at}/withdraw"), &[]).await.expect(409);
    scene.world.settle();
    assert_eq!(scene.world.queued("review.challenge_withdrawn").len(), 2);
    // Withdrawn, it can be posted again while there is time; after that the text is kept and told what else can be done.
    scene.world.clock.set(parse_london("2026-02-10 17:01").unwrap());
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at)
        .await
        .expect(200)
        .shows("could be challenged until 10 February 2026")
        .hides("Send the challenge");
    lead.post(&at, &GROUNDS)
        .await
        .expect(409)
        .shows("could be challenged until 10 February 2026 at 5pm")
        .shows("a programme manager can reopen a review")
        .shows("The board approved &lt;it&gt; in May.")
        .shows("Minutes of May, item 4");
    assert_eq!(scene.events("decision_challenged"), 1);
}

async fn whoever_had_a_part_in_the_decision_settles_nothing(world: World) {
    let scene = decided(world).await;
    scene.world.person("Max Member", &[(scene.trust.id, Contributor)], &[SecondReviewer]);
    challenged(&scene).await;
    scene.world.settle();
    let at = scene.at("/challenge");
    for name in ["Ada Reviewer", "Bea Second"] {
        let mut involved = scene.world.signed_in(name).await;
        involved.get(&at).await.expect(200).hides("Settle the challenge");
        involved
            .post(&at, &ruling("rejected", "", "I said so."))
            .await
            .expect(403)
            .shows("You had a part in this decision");
    }
    let mut max = scene.world.signed_in("Max Member").await;
    max.get("/reviews").await.expect(200);
    max.get(&at).await.expect(403);
    max.post(&at, &ruling("upheld", "", "Ours.")).await.expect(403);
    // An interest gained in the middle bars as well.
    let mut una = scene.world.signed_in("Una Uninvolved").await;
    una.get(&at).await.expect(200).shows("Settle the challenge");
    una.get("/reviews/interests").await.expect(200);
    una.post("/reviews/interests", &[("organisation", "ZZ001"), ("reason", "A new post there")])
        .await
        .expect(303);
    una.post(&at, &ruling("upheld", "", "Theirs.")).await.expect(403);
    let mut pam = scene.world.signed_in("Pam Programme").await;
    pam.get(&at).await.expect(200);
    pam.post(&at, &ruling("partly", "level_0", "It is worse.")).await.expect(303);
    scene.world.settle();
    assert_eq!(scene.differences(), Vec::<String>::new());
}

async fn nothing_becomes_final_while_a_challenge_is_open(world: World) {
    let scene = decided(world).await;
    challenged(&scene).await;
    scene.world.db().housekeep_now(crate::support::everybodys(), portal::review::ensure_scheduled).unwrap();
    scene.world.settle();
    scene.world.clock.set(parse_london("2026-02-12 09:00").unwrap());
    scene.world.settle();
    assert!(!scene.is_final());
    let mut pam = scene.world.signed_in("Pam Programme").await;
    pam.get(&scene.at("/decision"))
        .await
        .expect(200)
        .hides("Make the decision final")
        .hides("Reopen the review");
    pam.post(&scene.at("/finalise"), &[]).await.expect(409).shows("A challenge of the decision is open");
    let version = pam.get(&scene.at("/reopen")).await.expect(200).hidden("version");
    pam.post(&scene.at("/reopen"), &[("version", &version), ("reason", "New facts")])
        .await
        .expect(409)
        .shows("A challenge of the decision is open");
    pam.get("/reviews/challenges").await.expect(200).shows("Overdue since 10 February 2026");
    scene.world.clock.set(parse_london("2026-02-13 09:00").unwrap());
    scene.world.settle();
    let mut pam = scene.world.signed_in("Pam Programme").await;
    pam.get(&scene.at("/challenge")).await.expect(200);
    pam.post(&scene.at("/challenge"), &ruling("rejected", "", "No.")).await.expect(303);
    scene.world.clock.advance_seconds(120);
    scene.world.settle();
    assert!(scene.is_final());
}

async fn a_form_sent_twice_is_one_challenge(world: World) {
    let scene = decided(world).await;
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&scene.challenge()).await.expect(200);
    let mut form = GROUNDS.to_vec();
    form.push(("once", "the same page"));
    for _ in 0..2 {
        siro.post(&scene.challenge(), &form).await.expect(303);
    }
    assert_eq!(scene.events("decision_challenged"), 1);
    scene.world.settle();
}

async fn a_decision_that_agrees_with_everything_cannot_be_challenged(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-1", "level_2", "").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    scene.world.settle();
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&scene.challenge()).await.expect(200).shows("there is no decision to challenge");
    siro.post(&scene.challenge(), &GROUNDS).await.expect(409).shows("there is no decision to challenge");
}
