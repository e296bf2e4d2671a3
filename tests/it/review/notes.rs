//! Private notes: the central team without a conflict sees them, and nothing that an organisation reads, takes out or is
//! sent ever shows one.

use actix_web::test::TestRequest;
use portal::access::CentralRole::{CentralReviewer, Publisher};
use portal::access::OrganisationRole::Contributor;

use crate::on_both;
use crate::review::{Scene, a_submission_in_the_queue, ask, close, decide, finish};
use crate::support::World;

on_both!(notes_are_the_teams_own, no_organisation_ever_sees_a_note);

const SECRET: &str = "Between us: ask the auditor about the basement";
const WHOLE: &str = "Between us: a return in a hurry";

async fn noted(scene: &Scene) -> crate::support::Browser {
    let mut ada = scene.claimed().await;
    ada.get(&scene.at("/requirements/1-1")).await.expect(200);
    let at = scene.at("/notes");
    ada.post(&at, &[("requirement", "1-1"), ("note", " ")]).await.expect(422).shows("Enter the note");
    ada.post(&at, &[("requirement", ""), ("note", "")]).await.expect(422).shows("Enter the note");
    let long = "x".repeat(4001);
    ada.post(&at, &[("requirement", "1-1"), ("note", &long)]).await.expect(422).shows("4,000 characters");
    ada.post(&at, &[("requirement", "1-1"), ("note", SECRET)]).await.expect(303);
    ada.post(&at, &[("requirement", ""), ("note", WHOLE)]).await.expect(303);
    ada
}

async fn notes_are_the_teams_own(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = noted(&scene).await;
    ada.get(&scene.at("/requirements/1-1")).await.expect(200).shows(SECRET).hides(WHOLE);
    ada.get(&scene.at("/requirements/1-2")).await.expect(200).hides(SECRET);
    ada.get(&scene.at("")).await.expect(200).shows(WHOLE).hides(SECRET);
    let mut bea = scene.world.signed_in("Bea Second").await;
    let page = bea.get(&scene.at("/requirements/1-1")).await.expect(200).shows(SECRET).text();
    assert!(!page.contains("Take this note back"), "the note is not hers");
    // Only who wrote it takes it back, and of this review.
    bea.post(&scene.at("/notes/1/withdraw"), &[("requirement", "1-1")]).await.expect(404);
    // Roles that do not review, and reviewers with a conflict, see nothing and write nothing.
    scene.world.person("Pam Publisher", &[], &[Publisher]);
    scene.world.person("Con Flicted", &[(scene.trust.id, Contributor)], &[CentralReviewer]);
    for who in ["Pam Publisher", "Con Flicted"] {
        let mut other = scene.world.signed_in(who).await;
        other.get("/reviews").await;
        other.get(&scene.at("/requirements/1-1")).await.expect(403).hides(SECRET);
        other.get(&scene.at("")).await.expect(403).hides(WHOLE);
        other.post(&scene.at("/notes"), &[("requirement", "1-1"), ("note", "x")]).await.expect(403);
    }
    ada.post(&scene.at("/notes/1/withdraw"), &[("requirement", "1-1")]).await.expect(303);
    ada.post(&scene.at("/notes/1/withdraw"), &[("requirement", "1-1")]).await.expect(404);
    ada.get(&scene.at("/requirements/1-1")).await.expect(200).hides(SECRET);
}

async fn no_organisation_ever_sees_a_note(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut ada = noted(&scene).await;
    let question = ask(&mut ada, &scene, "Which committee?", 10).await;
    scene.world.settle();
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&question).await.expect(200).hides("Between us");
    lead.post(&question, &[("reply", "The board")]).await.expect(303);
    close(&mut ada, &scene, &question, "stands").await;
    decide(&mut ada, &scene, "1-1", "level_3", "More than they say.").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "Good work").await;
    scene.world.settle();
    assert_eq!(scene.states().0, "decided");
    let trust = &scene.trust;
    let mut siro = scene.world.signed_in("Siro ZZ001").await;
    for reader in [&mut lead, &mut siro] {
        for path in ["", "/review", "/requirements/1-1", "/export.json", "/check"] {
            let page = reader.get(&trust.at("2026", path)).await;
            assert!(!page.text().contains("Between us"), "{path}");
        }
        reader.get(&scene.at("/requirements/1-1")).await.expect(404);
        reader.post(&scene.at("/notes"), &[("requirement", "1-1"), ("note", "x")]).await.expect(404);
    }
    lead.get(&trust.at("2026", "/review")).await.expect(200).shows("More than they say.");
    lead.get(&trust.at("2026", "/export.json")).await.expect(200).shows("More than they say.");
    let zip = lead.get(&format!("/organisations/{}/export.zip", trust.code)).await.expect(200);
    assert!(!contains(&unpacked(&zip.body), "Between us"), "the whole archive");
    let token = format!("Bearer {}", scene.world.api_token("Lead ZZ001", "a program", 1));
    let returns = format!("/api/v1/organisations/{}/returns", trust.code);
    for path in [returns.clone(), format!("{returns}/2026"), format!("{returns}/2026/answers/1-1")] {
        let request = TestRequest::get().uri(&path).insert_header(("authorization", token.as_str()));
        scene.world.browser().send(request).await.expect(200).hides("Between us");
    }
    for mail in scene.world.mails() {
        assert!(!mail.contains("Between us"), "{mail}");
    }
}

/// Everything in an archive, file after file.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    use std::io::Read as _;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut all = Vec::new();
    for at in 0..archive.len() {
        archive.by_index(at).unwrap().read_to_end(&mut all).unwrap();
    }
    assert!(!all.is_empty());
    all
}

fn contains(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|piece| piece == words.as_bytes())
}
