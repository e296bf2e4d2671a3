//! Replacing a piece: drafts show the newest version, whatever was signed or submitted keeps its own.

use actix_web::test::TestRequest;
use portal::access::CentralRole::CentralReviewer;
use portal::platform::canonical::{hex, sha256};
use portal::returns;
use serde_json::json;

use super::{added, choose, drafting, until};
use crate::on_both;
use crate::support::year::Trust;
use crate::support::{Browser, World, everybodys};

on_both!(
    a_draft_shows_the_newest_and_a_submission_keeps_its_own,
    a_signed_return_keeps_what_was_signed_until_it_is_a_draft_again,
    two_who_replace_at_once_do_not_lose_either,
    a_link_may_take_a_files_place,
);

const OLD: &[u8] = b"Our policy of last year";
const NEW: &[u8] = b"Our policy of this year";

/// Replaces a piece as its page asks to.
async fn replace(lead: &mut Browser, piece: &str, content: &[u8]) {
    let at = format!("{piece}/replace");
    let seen = lead.get(&at).await.expect(200).hidden("version");
    assert_eq!(
        lead.upload(&at, &[("version", &seen)], "new.txt", content).await.expect(303).location(),
        piece
    );
}

/// A trust whose answer to 1-1 rests on one piece.
async fn resting(world: &World) -> (Trust, Browser, String, String) {
    let (trust, mut lead) = drafting(world).await;
    let policy = added(&mut lead, &trust, "Access policy", &[], OLD).await;
    let question = trust.at("2026", "/requirements/1-1");
    choose(&mut lead, &question, &[&policy]).await.expect(303);
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    (trust, lead, policy, question)
}

/// The content behind the link in the question's list of evidence.
async fn beside(lead: &mut Browser, question: &str) -> Vec<u8> {
    lead.get(question).await.expect(200);
    let page = lead.get(question).await.expect(200).text();
    let link = page.split(&format!("href=\"{question}/evidence/")).nth(1).unwrap();
    let link = link.split('"').next().unwrap();
    lead.get(&format!("{question}/evidence/{link}")).await.expect(200).body.to_vec()
}

async fn a_draft_shows_the_newest_and_a_submission_keeps_its_own(world: World) {
    let (trust, mut lead, policy, question) = resting(&world).await;
    replace(&mut lead, &policy, NEW).await;
    assert_eq!(beside(&mut lead, &question).await, NEW);
    lead.get(&policy).await.expect(200).shows("policy.txt").shows("new.txt");
    for (number, content) in [(1, OLD), (2, NEW)] {
        let version = lead.get(&format!("{policy}/versions/{number}")).await.expect(200);
        assert_eq!(version.body, content);
    }
    let sent = world.sent(&trust, "2026");
    world.settle();
    // The piece changes once more, and the submission does not.
    replace(&mut lead, &policy, b"Our policy of next year").await;
    assert_eq!(beside(&mut lead, &question).await, NEW);
    let snapshot =
        world.db().read_now(everybodys(), move |conn| returns::submission(conn, sent)?.parsed()).unwrap();
    let file = &snapshot.answers[0].evidence[0];
    assert_eq!((file.name.as_str(), file.sha256.as_str()), ("new.txt", hex(&sha256(NEW)).as_str()));
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    let mut ada = world.signed_in("Ada Reviewer").await;
    let read = ada.get(&format!("/reviews/1/evidence/{}", file.id)).await.expect(200);
    assert_eq!(read.body, NEW);
    // Reopened, it is a draft again and shows the newest; the submission still has its own.
    lead.post(&trust.at("2026", "/reopen"), &[("reason", "A newer policy")]).await.expect(303);
    assert_eq!(beside(&mut lead, &question).await, b"Our policy of next year");
    assert_eq!(ada.get(&format!("/reviews/1/evidence/{}", file.id)).await.expect(200).body, NEW);
    world.settle();
}

async fn a_signed_return_keeps_what_was_signed_until_it_is_a_draft_again(world: World) {
    let (trust, mut lead, policy, question) = resting(&world).await;
    world.signed(&trust, "2026");
    world.settle();
    replace(&mut lead, &policy, NEW).await;
    assert_eq!(beside(&mut lead, &question).await, OLD);
    lead.post(&trust.at("2026", "/draft"), &[]).await.expect(303);
    assert_eq!(beside(&mut lead, &question).await, NEW);
    // Signed anew, it can be submitted with what was signed.
    world.sent(&trust, "2026");
    world.settle();
    assert_eq!(beside(&mut lead, &question).await, NEW);
}

async fn two_who_replace_at_once_do_not_lose_either(world: World) {
    let (_, mut lead, policy, _) = resting(&world).await;
    let at = format!("{policy}/replace");
    let seen = lead.get(&at).await.expect(200).hidden("version");
    lead.upload(&at, &[("version", &seen)], "mine.txt", b"Mine, the first").await.expect(303);
    lead.upload(&at, &[("version", &seen)], "theirs.txt", b"Theirs, the second").await.expect(409);
    lead.get(&policy).await;
    lead.get(&policy).await.expect(200).shows("mine.txt").hides("theirs.txt");
    // The same content again is no newer version, and a version without anything is none.
    let seen = lead.get(&at).await.expect(200).hidden("version");
    lead.upload(&at, &[("version", &seen)], "mine.txt", b"Mine, the first")
        .await
        .expect(422)
        .shows("same content");
    lead.upload(&at, &[("version", &seen)], "", b"").await.expect(422).shows("Choose a file");
    lead.upload(&at, &[], "a.txt", b"x y").await.expect(422).shows("The form is incomplete");
    let mut before = vec![("version", seen.as_str())];
    before.extend(super::date(["valid_from-day", "valid_from-month", "valid_from-year"], ["2", "1", "2026"]));
    before.extend(until("1", "1", "2026"));
    lead.upload(&at, &before, "a.txt", b"x y").await.expect(422).shows("must not be before the first day");
    let broken = TestRequest::post()
        .uri(&at)
        .insert_header(("content-type", "multipart/form-data; boundary=b"))
        .set_payload(format!(
            "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--b\r\nContent-Disposition: \
             form-data; name=\"version\"\r\n\r\n{seen}\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; \
             filename=\"a.txt\"\r\n\r\nOur pol",
            lead.csrf()
        ));
    lead.send(broken).await.expect(422).shows("broke off");
}

async fn a_link_may_take_a_files_place(world: World) {
    let (_, mut lead, policy, question) = resting(&world).await;
    let at = format!("{policy}/replace");
    let seen = lead.get(&at).await.expect(200).hidden("version");
    let fields = [("version", seen.as_str()), ("link", "https://intranet.trust.example/policy")];
    lead.upload(&at, &fields, "", b"").await.expect(303);
    lead.get(&question)
        .await
        .expect(200)
        .shows("href=\"https://intranet.trust.example/policy\"")
        .shows("Web link");
    let sent = lead.get(&format!("{policy}/versions/2")).await.expect(200);
    assert_eq!(sent.text(), "https://intranet.trust.example/policy\r\n");
    assert!(sent.header("content-disposition").starts_with("attachment"));
}
