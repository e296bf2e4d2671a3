//! Where an organisation comes across a question that waits for it, besides the mail: on the overview of the return and in the
//! weekly digest; and evidence that came with an answer is used evidence.

use portal::access::OrganisationRole::{Contributor, IgLead};
use portal::platform::clock::parse_london;
use portal::returns::send_due;

use crate::on_both;
use crate::review::queries::draft;
use crate::review::{a_submission_in_the_queue, ask, question};
use crate::support::World;
use crate::support::seed::address;

on_both!(
    the_overview_lists_what_waits,
    the_digest_names_what_waits,
    evidence_that_came_with_an_answer_is_used,
    an_answer_after_the_day_is_marked_late,
    a_question_that_was_asked_already_stays_in_the_form,
);

async fn the_overview_lists_what_waits(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.world.person("Con Tributor", &[(scene.trust.id, Contributor)], &[]);
    let overview = scene.trust.at("2026", "");
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&overview).await.expect(200).hides("What waits for you");
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Which <minutes>?", 10).await;
    scene.world.settle();
    lead.get(&overview)
        .await
        .expect(200)
        .shows("What waits for you")
        .shows(&format!("href=\"{at}\""))
        .shows("Question of the reviewer about 1-1")
        .hides("minutes")
        .hides("Overdue");
    // A colleague who was given nothing sees no part of it.
    let mut colleague = scene.world.signed_in("Con Tributor").await;
    colleague.get(&overview).await.hides("What waits for you");
    scene.world.clock.advance_seconds(15 * 86_400);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&overview).await.expect(200).shows("Overdue");
    lead.get(&at).await.expect(200);
    lead.post(&at, &[("reply", "Those of March."), ("do", "send")]).await.expect(303);
    lead.get(&overview).await.expect(200).hides("What waits for you");
    scene.world.settle();
}

async fn the_digest_names_what_waits(world: World) {
    let scene = a_submission_in_the_queue(world);
    scene.claimed().await;
    scene.world.clock.set(parse_london("2026-05-15 10:00").unwrap());
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&scene.at("")).await.expect(200);
    let at = ask(&mut ada, &scene, "Which <minutes>?", 10).await;
    scene.world.settle();
    // A second trust that has not begun, so that its digest is as ever.
    scene.world.trust("YY001");
    scene.world.clock.set(parse_london("2026-05-18 09:00").unwrap());
    let url = "https://portal.example";
    assert_eq!(send_due(scene.world.db(), url).unwrap().digests, 2);
    assert_eq!(send_due(scene.world.db(), url).unwrap().digests, 0, "once a week");
    let mails = scene.world.queued("returns.digest");
    let of = |to: &str| mails.iter().find(|(whom, ..)| *whom == address(to)).unwrap();
    let (_, subject, text, html) = of("Lead ZZ001");
    assert_eq!(subject, "This week: a question about the 2026 return of ZZ001 & Sons Trust");
    assert!(text.contains("the reviewer of the 2026 return waits for an answer about 1-1"), "{text}");
    assert!(text.contains("in 7 days.") && text.contains(&format!("{url}{at}")), "{text}");
    assert!(!text.contains("minutes") && !html.contains("minutes"), "mails do not say what was asked");
    let (_, subject, text, _) = of("Lead YY001");
    assert_eq!(subject, "This week: 2026 return of YY001 & Sons Trust");
    assert!(!text.contains("reviewer"), "{text}");
    // Overdue a week and a half later; answered, it is named no more.
    scene.world.clock.set(parse_london("2026-06-01 09:00").unwrap());
    send_due(scene.world.db(), url).unwrap();
    let mails = scene.world.queued("returns.digest");
    let last = mails.iter().rfind(|(whom, ..)| *whom == address("Lead ZZ001")).unwrap();
    assert!(last.2.contains("and overdue."), "{}", last.2);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    lead.post(&at, &[("reply", "Those of March."), ("do", "send")]).await.expect(303);
    scene.world.clock.set(parse_london("2026-06-08 09:00").unwrap());
    send_due(scene.world.db(), url).unwrap();
    let count = |mails: &[(String, String, String, String)]| {
        mails.iter().filter(|(whom, ..)| *whom == address("Lead ZZ001")).count()
    };
    assert_eq!(count(&scene.world.queued("returns.digest")), count(&mails));
    scene.world.settle();
}

async fn evidence_that_came_with_an_answer_is_used(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Which minutes?", 10).await;
    scene.world.settle();
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    let mine = draft(&mut lead, &at, "These").await;
    lead.get(&mine).await.expect(200);
    lead.upload(&format!("{mine}/file"), &[], "minutes.txt", b"Minutes of the board").await.expect(303);
    let library = "/organisations/ZZ001/evidence";
    lead.get(library).await.expect(200).shows("minutes.txt").shows("1 place");
    lead.get(&format!("{library}?show=unused"))
        .await
        .expect(200)
        .hides("minutes.txt")
        .shows("No evidence is like this");
    let page = lead.get(library).await.expect(200).text();
    let piece = page.split("href=\"").filter_map(|part| part.split('"').next());
    let piece = piece
        .filter(|href| href.starts_with("/organisations/ZZ001/evidence/"))
        .find(|href| href.ends_with(|last: char| last.is_ascii_digit()))
        .unwrap()
        .to_owned();
    lead.get(&piece).await.expect(200).hides("Questions of reviewers");
    let version = lead.get(&mine).await.expect(200).hidden("version");
    lead.post(&format!("{mine}/send"), &[("version", &version)]).await.expect(303);
    lead.get(&piece).await.expect(200).shows("Questions of reviewers").shows(&format!("href=\"{at}\""));
    // Another organisation's pieces have nothing to do with it.
    let other = scene.world.organisation("YY001", "Other Trust", "nhs_trust");
    scene.world.person("Olga Other", &[(other, IgLead)], &[]);
    let mut olga = scene.world.signed_in("Olga Other").await;
    olga.get("/organisations/YY001/evidence?show=unused").await.expect(200).hides("minutes.txt");
    scene.world.settle();
}

async fn an_answer_after_the_day_is_marked_late(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    let at = ask(&mut ada, &scene, "Which minutes?", 5).await;
    scene.world.clock.advance_seconds(8 * 86_400);
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    let mine = draft(&mut lead, &at, "These, with our apologies").await;
    lead.get(&mine).await.expect(200);
    lead.upload(&format!("{mine}/file"), &[], "minutes.txt", b"Minutes of the board").await.expect(303);
    let version = lead.get(&mine).await.expect(200).hidden("version");
    lead.post(&format!("{mine}/send"), &[("version", &version)]).await.expect(303);
    lead.get(&at).await.expect(200).shows("(Late)").shows("minutes.txt");
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&scene.thread(&at)).await.expect(200).shows("(Late)").shows("minutes.txt");
    scene.world.settle();
}

async fn a_question_that_was_asked_already_stays_in_the_form(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    ask(&mut ada, &scene, "Which <minutes>?", 10).await;
    ada.get(&scene.at("/requirements/1-1")).await.expect(200);
    let form = question(&scene, "Which <minutes>?", 12);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ada.post(&scene.at("/query"), &form)
        .await
        .expect(409)
        .shows("This question has been asked already")
        .shows("Which &lt;minutes&gt;?</textarea>");
    // Whoever else asks is told that it is not theirs, and of no form.
    let mut bea = scene.world.signed_in("Bea Second").await;
    bea.get("/reviews").await.expect(200);
    bea.post(&scene.at("/query"), &form).await.expect(403).hides("</textarea>");
    scene.world.settle();
}
