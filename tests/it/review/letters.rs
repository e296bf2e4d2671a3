//! The decision's page, the trial before it, and the letter: composed, previewed, frozen, mailed about without a word of what was
//! decided, and taken away as a PDF file.

use portal::access::CentralRole::ProgrammeManager;
use portal::access::OrganisationRole::Contributor;

use crate::on_both;
use crate::review::{a_submission_in_the_queue, decide, finish};
use crate::standing::reading::Pdf;
use crate::support::World;

on_both!(
    a_trial_says_what_the_decisions_so_far_give,
    a_letter_tells_of_the_decision_and_stays_as_it_was,
    a_letter_is_written_by_the_reviewer_alone,
    a_decision_becomes_final_on_time_and_once,
    a_review_withdrawn_in_the_middle_gets_no_letter,
);

async fn a_trial_says_what_the_decisions_so_far_give(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let page = ada.get(&scene.at("/decision")).await.expect(200);
    page.shows("This is a trial")
        .shows("Sample standard")
        .shows("sample-2026.1")
        .shows("Answers that still need a decision: 3")
        .shows("As it stands, finishing decides it.")
        .shows("3 of 3")
        .shows("Not asked for");
    decide(&mut ada, &scene, "1-1", "level_1", "The minutes show a draft.").await;
    let page = ada.get(&scene.at("/decision")).await.expect(200);
    page.shows("Not satisfactory")
        .shows("a second reviewer has to confirm it")
        .shows("Claimed Level 2, assessed Level 1, asked Level 2.")
        .shows("The minutes show a draft.")
        .shows("Reach level 2: descriptor of level 2.")
        .shows("every action done by 30 December 2026");
    // The organisation knows nothing of it.
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&scene.trust.at("2026", "/letters/1")).await.expect(404);
    lead.get(&scene.at("/decision")).await.expect(404);
    lead.get(&scene.challenge()).await.expect(404);
}

async fn a_letter_tells_of_the_decision_and_stays_as_it_was(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Con Tributor", &[(scene.trust.id, Contributor)], &[]);
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-1", "level_1", "The minutes show a draft.").await;
    ada.agree_with_rest(&scene.at("")).await;
    // Written and previewed first.
    ada.get(&scene.at("/decision")).await.expect(200).shows("Save and preview the letter");
    let long = "x".repeat(4001);
    ada.post(&scene.at("/letter"), &[("summary", ""), ("paragraph", &long)])
        .await
        .expect(422)
        .shows("The paragraph must be 4,000 characters or fewer");
    let texts = [("summary", "A careful {year} return."), ("paragraph", "Ask <us> #panic about it.")];
    ada.post(&scene.at("/letter"), &texts).await.expect(303);
    let preview = ada.get(&scene.at("/letter")).await.expect(200);
    let preview = preview.shows("A careful {year} return.").shows("Ask &lt;us&gt; #panic about it.");
    let form = [("version", preview.hidden("version")), ("summary", preview.hidden("summary"))];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ada.post(&scene.at("/finish"), &form).await.expect(303);
    ada.post(&scene.at("/letter"), &texts).await.expect(409);
    let told = scene.world.mails().len();
    scene.confirmed().await;

    // The mails lead to it and say nothing of it.
    let mails = scene.world.mails().split_off(told);
    assert_eq!(mails.len(), 2, "{mails:#?}");
    for mail in scene.world.queued("review.letter") {
        let (_, subject, text, html) = mail;
        for word in ["atisfactory", "Level", "1-1", "draft", "careful", "Ask "] {
            assert!(!format!("{subject}{text}{html}").contains(word), "{word} is in {text}");
        }
        assert!(text.contains("/organisations/ZZ001/returns/2026/letters/1"), "{text}");
        assert!(text.contains("You can challenge the decision until 10 February 2026 at 5pm."), "{text}");
    }
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    let at = scene.trust.at("2026", "/letters/1");
    siro.get(&scene.trust.at("2026", "")).await.expect(200).shows(&at).shows("Letter 1 of 13 January 2026");
    siro.get(&scene.trust.at("2026", "/review"))
        .await
        .expect(200)
        .shows(&at)
        .shows("Open to challenge until");
    let letter = siro.get(&at).await.expect(200);
    letter
        .clone()
        .shows("The decision on your 2026 return")
        .shows("You claimed Satisfactory. After review the grade is Not satisfactory.")
        .shows("A careful {year} return.")
        .shows("1-1 Title 1")
        .shows("You claimed Level 2. We found Level 1. Asked is Level 2.")
        .shows("Every action must be done by 30 December 2026.")
        .shows("until 10 February 2026 at 5pm (20 working days)");
    let file = siro.get(&format!("{at}/letter.pdf")).await.expect(200);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"ZZ001-letter-1.pdf\"");
    let pdf = Pdf::read(&file.body);
    assert_eq!(
        (pdf.title().as_str(), pdf.language().as_str()),
        ("The decision on your 2026 return", "en-GB")
    );
    assert!(pdf.is_tagged_ua());
    let tags = pdf.tags();
    for tag in ["H1", "H2", "Table", "TH", "TD", "P"] {
        assert!(tags.contains_key(tag), "{tag}: {tags:?}");
    }
    pdf.says("Ask <us> #panic about it.")
        .says("The minutes show a draft.")
        .says("What would close it: Reach level 2: descriptor of level 2.")
        .says("For ZZ001 & Sons Trust only");
    // The same for the centre, and the same whenever it is read.
    scene.world.clock.advance_seconds(3 * 86_400);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    let centre = ada.get(&scene.at("/letters/1/letter.pdf")).await.expect(200);
    assert_eq!(centre.body, file.body);
    ada.get(&scene.at("/letters/1")).await.expect(200).shows("A careful {year} return.");
    ada.get(&scene.at("/letters/2")).await.expect(404);
    ada.get(&scene.at("/letter")).await.expect(409);
    let mut part = scene.world.signed_in("Con Tributor").await;
    part.get(&at).await.expect(403);
    part.get(&format!("{at}/letter.pdf")).await.expect(403);
    assert_eq!(scene.differences(), Vec::<String>::new());
}

async fn a_letter_is_written_by_the_reviewer_alone(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Cy Reviewer", &[], &[portal::access::CentralRole::CentralReviewer]);
    scene.claimed().await;
    let mut cy = scene.world.signed_in("Cy Reviewer").await;
    cy.get(&scene.at("/decision")).await.expect(200).hides("Save and preview the letter");
    cy.post(&scene.at("/letter"), &[("summary", "Mine"), ("paragraph", "")])
        .await
        .expect(403)
        .shows("Only the reviewer who claimed");
    let mut bea = scene.world.signed_in("Bea Second").await;
    bea.get(&scene.at("/decision")).await.expect(200);
    bea.post(&scene.at("/letter"), &[("summary", &"x".repeat(5000)), ("paragraph", "")]).await.expect(403);
    bea.get(&scene.at("/letter")).await.expect(200).hides("Finish the review");
}

async fn a_decision_becomes_final_on_time_and_once(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Pam Programme", &[], &[ProgrammeManager]);
    scene.decided().await;
    scene.world.db().housekeep_now(crate::support::everybodys(), portal::review::ensure_scheduled).unwrap();
    scene.world.settle();
    let mut pam = scene.world.signed_in("Pam Programme").await;
    pam.get(&scene.at("/decision"))
        .await
        .expect(200)
        .shows("Open to challenge until 10 February 2026 at 5pm.")
        .hides("Make the decision final");
    pam.post(&scene.at("/finalise"), &[]).await.expect(409).shows("It becomes final after that.");
    // A minute before the end, and a minute after it.
    scene.world.clock.set(portal::platform::clock::parse_london("2026-02-10 16:59").unwrap());
    scene.world.settle();
    assert!(!scene.is_final());
    scene.world.clock.set(portal::platform::clock::parse_london("2026-02-10 17:01").unwrap());
    let mut pam = scene.world.signed_in("Pam Programme").await;
    pam.get(&scene.at("/decision")).await.expect(200).shows("Make the decision final");
    scene.world.settle();
    assert!(scene.is_final());
    pam.post(&scene.at("/finalise"), &[]).await.expect(409).shows("final already");
    scene.world.clock.advance_seconds(120);
    scene.world.settle();
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    siro.get(&scene.trust.at("2026", "/review"))
        .await
        .expect(200)
        .shows("Final since 10 February 2026 at 5:01pm.")
        .hides("Challenge the decision");
    assert_eq!(scene.events("decision_final"), 1);
    assert_eq!(scene.differences(), Vec::<String>::new());
}

async fn a_review_withdrawn_in_the_middle_gets_no_letter(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    ada.agree_with_rest(&scene.at("")).await;
    let version = ada.get(&scene.at("")).await.expect(200).hidden("version");
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&scene.trust.at("2026", "/withdraw")).await.expect(200);
    lead.post(&scene.trust.at("2026", "/withdraw"), &[("reason", "Sent by mistake")]).await.expect(303);
    // Before the job has told the review, and after.
    ada.post(&scene.at("/finish"), &[("version", &version), ("summary", "")]).await.expect(409);
    scene.world.settle();
    assert_eq!(scene.states().0, "withdrawn");
    ada.post(&scene.at("/finish"), &[("version", &version), ("summary", "")]).await.expect(409);
    ada.post(&scene.at("/letter"), &[("summary", "x"), ("paragraph", "")]).await.expect(409);
    lead.get(&scene.trust.at("2026", "/letters/1")).await.expect(404);
    lead.get(&scene.trust.at("2026", "/review")).await.expect(404);
    assert!(scene.world.queued("review.letter").is_empty());
    assert_eq!(scene.differences(), Vec::<String>::new());
}

#[test]
fn finishing_needs_a_second_pair_of_eyes_only_for_a_grade() {
    World::run(World::sqlite(), |world| async move {
        let scene = a_submission_in_the_queue(world);
        let mut ada = scene.claimed().await;
        decide(&mut ada, &scene, "1-1", "level_3", "Better than they say.").await;
        ada.agree_with_rest(&scene.at("")).await;
        finish(&mut ada, &scene, "").await;
        assert_eq!(scene.states().0, "decided");
        scene.world.settle();
        let mut siro = scene.world.signed_in("Siro ZZ001").await;
        siro.get(&scene.trust.at("2026", "/letters/1"))
            .await
            .expect(200)
            .shows("The grade stands as you claimed it: Satisfactory.")
            .shows("Every requirement that counts for you meets what is asked of it.")
            .shows("We ask for no improvement plan.");
    });
}
