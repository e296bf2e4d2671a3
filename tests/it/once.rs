//! Forms that create something, sent twice from the same page: the second leads where the first one did and makes
//! nothing; the same form from another page is a new wish.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::schema::{answer_evidence, extension, invitation, review, review_query};

use crate::on_both;
use crate::support::year::levels;
use crate::support::{Answer, Browser, World, everybodys};

on_both!(
    an_invitation_is_sent_once,
    a_central_invitation_is_sent_once,
    a_file_is_attached_once,
    a_question_is_asked_once,
    an_extension_is_granted_once,
);

/// Posts the fields twice as from the page at `from`; both answers must lead to the same place.
async fn twice(browser: &mut Browser, from: &str, to: &str, fields: &[(&str, &str)]) -> Answer {
    let once = browser.get(from).await.expect(200).hidden("once");
    assert!(!once.is_empty(), "the form at {from} carries no reference");
    let all = [fields, &[("once", once.as_str())]].concat();
    let first = browser.post(to, &all).await.expect(303);
    let second = browser.post(to, &all).await.expect(303);
    assert_eq!(first.location(), second.location());
    second
}

macro_rules! count {
    ($world:expr, $table:ident) => {
        $world.db().read_now(everybodys(), |conn| Ok($table::table.count().get_result::<i64>(conn)?)).unwrap()
    };
}

async fn an_invitation_is_sent_once(world: World) {
    let trust = world.trust("ZZ001");
    let mut lead = world.signed_in(&format!("Lead {}", trust.code)).await;
    let at = "/organisations/ZZ001/people";
    let new = [("name", "New Colleague"), ("email", "new@people.example"), ("role", "contributor")];
    twice(&mut lead, at, at, &new).await;
    assert_eq!(count!(world, invitation), 1);
    world.settle();
    assert_eq!(world.mails().len(), 1);
    // From a page of its own it is meant.
    let once = lead.get(at).await.hidden("once");
    lead.post(at, &[&new[..], &[("once", once.as_str())]].concat()).await.expect(303);
    assert_eq!(count!(world, invitation), 2);
    world.settle();
}

async fn a_central_invitation_is_sent_once(world: World) {
    world.trust("ZZ001");
    world.person("Max Manager", &[], &[ProgrammeManager]);
    let mut max = world.signed_in("Max Manager").await;
    let new = [("name", "New Reviewer"), ("email", "new@people.example"), ("role", "central_reviewer")];
    twice(&mut max, "/people/central", "/people/central", &new).await;
    assert_eq!(count!(world, invitation), 1);
    let at = "/organisations/ZZ001/record";
    let first = [("name", "First Administrator"), ("email", "first@people.example")];
    twice(&mut max, at, &format!("{at}/invitations"), &first).await;
    assert_eq!(count!(world, invitation), 2);
    world.settle();
    assert_eq!(world.mails().len(), 2);
}

async fn a_file_is_attached_once(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let question = trust.at("2026", "/requirements/1-1");
    let once = lead.get(&question).await.expect(200).hidden("once");
    let to = format!("{question}/evidence");
    for _ in 0..2 {
        let answer =
            lead.upload(&to, &[("once", once.as_str())], "policy.txt", b"A policy.").await.expect(303);
        assert_eq!(answer.location(), question);
    }
    assert_eq!(count!(world, answer_evidence), 1);
    // Another file from the same page is another wish.
    lead.upload(&to, &[("once", once.as_str())], "other.txt", b"Another policy.").await.expect(303);
    assert_eq!(count!(world, answer_evidence), 2);
    world.settle();
}

async fn a_question_is_asked_once(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.submitted_levels(&trust, "2026");
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    world.settle();
    let id: i64 =
        world.db().read_now(everybodys(), |conn| Ok(review::table.select(review::id).first(conn)?)).unwrap();
    let mut ada = world.signed_in("Ada Reviewer").await;
    ada.get(&format!("/reviews/{id}")).await.expect(200);
    ada.post(&format!("/reviews/{id}/claim"), &[]).await.expect(303);
    let fields = [
        ("requirement", "1-1"),
        ("question", "Which committee approved it?"),
        ("due-day", "30"),
        ("due-month", "1"),
        ("due-year", "2026"),
    ];
    let page = format!("/reviews/{id}/requirements/1-1");
    twice(&mut ada, &page, &format!("/reviews/{id}/query"), &fields).await;
    assert_eq!(count!(world, review_query), 1);
    world.settle();
}

async fn an_extension_is_granted_once(world: World) {
    world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.person("Max Manager", &[], &[ProgrammeManager]);
    let mut max = world.signed_in("Max Manager").await;
    let fields = [
        ("organisation", "ZZ001"),
        ("until-day", "7"),
        ("until-month", "7"),
        ("until-year", "2026"),
        ("until-time", "12:00"),
        ("reason", "A flood in the records office."),
    ];
    twice(&mut max, "/collections/2026", "/collections/2026/extensions", &fields).await;
    assert_eq!(count!(world, extension), 1);
    world.settle();
}
