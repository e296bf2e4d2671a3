//! A decided review taken up again: the earlier decision and its letter stay, and what was published stays as it was.

use diesel::connection::SimpleConnection as _;
use futures_util::future::join;
use portal::access::CentralRole::{ProgrammeManager, SecondReviewer};
use portal::publication::{self, Source};

use crate::on_both;
use crate::review::{Scene, a_submission_in_the_queue, decide, finish};
use crate::support::{Browser, World, everybodys};

on_both!(
    a_final_review_is_reopened_and_decided_anew_and_both_letters_stay,
    only_the_programme_manager_reopens_and_says_why,
    of_two_who_confirm_at_once_one_decides,
    what_was_altered_in_a_conclusion_or_letter_is_found,
);

async fn decided(world: World) -> (Scene, Browser) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Pam Programme", &[], &[ProgrammeManager]);
    scene.decided().await;
    let pam = scene.world.signed_in("Pam Programme").await;
    (scene, pam)
}

async fn reopened(scene: &Scene, pam: &mut Browser) {
    let version = pam.get(&scene.at("/reopen")).await.expect(200).hidden("version");
    let form = [("version", version.as_str()), ("reason", "The minutes of May came to light.")];
    pam.post(&scene.at("/reopen"), &form).await.expect(303);
    scene.world.settle();
}

async fn a_final_review_is_reopened_and_decided_anew_and_both_letters_stay(world: World) {
    let (scene, _) = decided(world).await;
    scene.world.db().housekeep_now(everybodys(), portal::review::ensure_scheduled).unwrap();
    scene.world.clock.advance_seconds(40 * 86_400);
    scene.world.settle();
    assert!(scene.is_final());
    let key = scene.world.published(Source::Collection("2026".to_owned()));
    let public = scene.world.browser().get(&format!("/public/releases/{key}")).await.expect(200).text();
    let mut pam = scene.world.signed_in("Pam Programme").await;
    reopened(&scene, &mut pam).await;
    assert_eq!(scene.states(), ("claimed".into(), "under_review".into()));
    assert_eq!(scene.final_grade().as_deref(), Some("not_satisfactory"), "the grade stands until another");
    assert!(!scene.is_final());

    // The organisation reads why, and what was decided before.
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&scene.trust.at("2026", "/review"))
        .await
        .expect(200)
        .shows("The minutes of May came to light.")
        .shows("from Level 2 to Level 1")
        .hides("Open to challenge");
    siro.get(&scene.trust.at("2026", "")).await.expect(200).shows("/letters/1\"");
    siro.post(&scene.challenge(), &[("scope", "whole"), ("grounds", "x")])
        .await
        .expect(409)
        .shows("no decision that can be challenged now");
    for (_, subject, text, _) in scene.world.queued("review.reopened") {
        assert!(!format!("{subject}{text}").contains("minutes"), "{text}");
    }
    assert_eq!(scene.differences(), Vec::<String>::new());

    // Decided anew, the other way.
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    decide(&mut ada, &scene, "1-1", "level_2", "Now it is shown.").await;
    finish(&mut ada, &scene, "").await;
    scene.world.settle();
    assert_eq!(scene.states().0, "decided");
    assert_eq!(scene.final_grade().as_deref(), Some("satisfactory"));
    siro.get(&scene.trust.at("2026", "/letters/2"))
        .await
        .expect(200)
        .shows("A new decision on your 2026 return")
        .shows("takes the place of our letter of 13 January 2026");
    siro.get(&scene.trust.at("2026", "/letters/1")).await.expect(200).shows("Not satisfactory");
    siro.get(&scene.challenge()).await.expect(200);
    ada.get(&scene.at("/decision/1"))
        .await
        .expect(200)
        .shows("assessed Level 1")
        .shows("not in force any more");
    ada.get(&scene.at("/decision/2")).await.expect(200).shows("Review reopened and decided anew");
    ada.get(&scene.at("/decision/3")).await.expect(404);

    // What was published is as it was, and everything still verifies.
    assert_eq!(
        scene.world.browser().get(&format!("/public/releases/{key}")).await.expect(200).text(),
        public
    );
    assert_eq!(scene.differences(), Vec::<String>::new());
    let (_, found) = scene.world.db().read_now(everybodys(), publication::verify).unwrap();
    assert!(found.is_empty(), "{found:?}");
}

async fn only_the_programme_manager_reopens_and_says_why(world: World) {
    let (scene, mut pam) = decided(world).await;
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&scene.at("/decision")).await.expect(200).hides("Reopen the review");
    ada.get(&scene.at("/reopen")).await.expect(403);
    ada.post(&scene.at("/reopen"), &[("version", "1"), ("reason", "x")]).await.expect(403);
    let version = pam.get(&scene.at("/reopen")).await.expect(200).hidden("version");
    pam.post(&scene.at("/reopen"), &[("version", &version), ("reason", " ")])
        .await
        .expect(422)
        .shows("Enter the reason");
    pam.post(&scene.at("/reopen"), &[("version", "99"), ("reason", "x")]).await.expect(409);
    reopened(&scene, &mut pam).await;
    pam.post(&scene.at("/reopen"), &[("version", &version), ("reason", "Again")]).await.expect(409);
    // It can be given to somebody else from there.
    pam.get(&scene.at("")).await.expect(200);
    pam.post(&scene.at("/release"), &[]).await.expect(303);
    assert_eq!(scene.states(), ("queued".into(), "submitted".into()));
    scene.world.settle();
}

async fn of_two_who_confirm_at_once_one_decides(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Dot Second", &[], &[SecondReviewer]);
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-1", "level_1", "The minutes show a draft.").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    let (mut bea, mut dot) =
        (scene.world.signed_in("Bea Second").await, scene.world.signed_in("Dot Second").await);
    let at = scene.at("/confirm");
    let version = bea.get(&at).await.expect(200).hidden("version");
    dot.get(&at).await.expect(200);
    let form = [("version", version.as_str()), ("verdict", "confirm")];
    let (first, second) = join(bea.post(&at, &form), dot.post(&at, &form)).await;
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    scene.world.settle();
    assert_eq!((scene.events("review_concluded"), scene.events("letter_sent")), (1, 1));
    assert_eq!(scene.world.queued("review.letter").len(), 2);
    assert_eq!(scene.differences(), Vec::<String>::new());
}

async fn what_was_altered_in_a_conclusion_or_letter_is_found(world: World) {
    let (scene, mut pam) = decided(world).await;
    scene.world.clock.advance_seconds(60);
    reopened(&scene, &mut pam).await;
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    decide(&mut ada, &scene, "1-1", "level_2", "Now it is shown.").await;
    finish(&mut ada, &scene, "").await;
    scene.world.settle();
    assert_eq!(scene.differences(), Vec::<String>::new());
    let run = |sql: &'static str| {
        let changed =
            scene.world.db().housekeep_now(everybodys(), move |tx| Ok(tx.conn().batch_execute(sql)?));
        changed.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    };
    for (alter, back, words) in [
        (
            "UPDATE review_conclusion SET assessed_grade = 'satisfactory' WHERE number = 1",
            "UPDATE review_conclusion SET assessed_grade = 'not_satisfactory' WHERE number = 1",
            "conclusion/1: its score is not the one",
        ),
        (
            "UPDATE review_conclusion SET summary = 'Another' WHERE number = 1",
            "UPDATE review_conclusion SET summary = 'A careful return.' WHERE number = 1",
            "conclusion/1: it hashes to",
        ),
        (
            "UPDATE decision_letter SET content = replace(content, 'A careful', 'A careless') WHERE number = 1",
            "UPDATE decision_letter SET content = replace(content, 'A careless', 'A careful') WHERE number = 1",
            "letter/1: it hashes to",
        ),
    ] {
        run(alter);
        let found = scene.differences();
        assert!(found.iter().any(|line| line.contains(words)), "{alter}: {found:#?}");
        run(back);
        assert_eq!(scene.differences(), Vec::<String>::new(), "{back}");
    }
    run("DELETE FROM decision_letter WHERE number = 1");
    let found = scene.differences();
    assert!(found.iter().any(|line| line.contains("letter/1: the ledger tells of it")), "{found:#?}");
}
