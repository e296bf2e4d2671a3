//! The whole path: start, answer, ready, sign, submit, receipt, and once more.

use diesel::prelude::*;
use portal::access::OrganisationRole::{Contributor, IgLead, Siro};
use portal::platform::canonical::{hex, sha256};
use portal::platform::clock::parse_london;
use portal::returns::{self, ReturnState, Which};
use portal::schema::{job, ledger_event, outbound_mail, submission};
use portal::standards;

use crate::on_both;
use crate::support::seed::address;
use crate::support::year::{Trust, levels};
use crate::support::{World, everybodys};

on_both!(
    a_long_task_list_is_folded_by_section,
    a_return_goes_from_start_to_receipt,
    the_only_author_cannot_sign,
    what_is_signed_is_what_was_shown,
    a_second_submit_leads_to_the_same_receipt,
    a_reopened_return_is_sent_again_and_the_first_submission_stays,
    a_reopened_return_that_is_not_sent_again_stands_as_it_was,
);

async fn a_return_goes_from_start_to_receipt(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get("/organisations/ZZ001").await.expect(200).shows("Start the return").shows("Not started");
    assert_eq!(
        lead.post(&trust.at("2026", "/start"), &[]).await.expect(303).location(),
        trust.at("2026", "")
    );
    assert_eq!(
        lead.post(&trust.at("2026", "/start"), &[]).await.expect(303).location(),
        trust.at("2026", "")
    );
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("<strong>0 of 3</strong>")
        .shows("There is no answer yet.")
        .shows("1 Area one")
        .shows("0 of 3 completed")
        .hides("Mark as ready");
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(409).shows("3 requirements are not finished");
    answer_all(&mut lead, &trust).await;
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("<strong>3 of 3</strong>")
        .shows("Mark as ready")
        .hides("What still has to be done");
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(303);
    lead.get(&trust.at("2026", "")).await.expect(200).shows("It waits for the senior information risk owner");
    lead.get(&trust.at("2026", "/sign")).await.expect(403).shows("Senior information risk owner");

    let mut siro = world.signed_in("Siro ZZ001").await;
    let page = siro
        .get(&trust.at("2026", "/sign"))
        .await
        .expect(200)
        .shows("descriptor of level 3")
        .shows("Not relevant");
    let signature = [("version", page.hidden("version")), ("hash", page.hidden("hash"))];
    let mut form: Vec<(&str, &str)> = signature.iter().map(|(name, value)| (*name, value.as_str())).collect();
    siro.post(&trust.at("2026", "/sign"), &form).await.expect(422).shows("Tick the box to sign");
    form.push(("agree", "yes"));
    siro.post(&trust.at("2026", "/sign"), &form).await.expect(303);
    siro.get(&trust.at("2026", "/submit")).await.expect(403);

    let page = lead
        .get(&trust.at("2026", "/submit"))
        .await
        .expect(200)
        .shows("Not satisfactory")
        .hides("recorded as late");
    let version = page.hidden("version");
    let sent = lead.post(&trust.at("2026", "/submit"), &[("version", &version)]).await.expect(303);
    assert_eq!(sent.location(), trust.at("2026", "/receipt"));
    let stored = check_submission(&world, &trust);
    lead.get(&trust.at("2026", "/receipt"))
        .await
        .expect(200)
        .shows(&stored)
        .shows("Being recorded")
        .hides(">Late<");
    world.settle();
    lead.get(&trust.at("2026", "/receipt")).await.expect(200).shows("Entry ");
    check_mails(&world, &stored);
    check_ledger_holds_no_texts(&world);
}

/// Answers the three questions; each save leads to the next question and the last one back to the list.
async fn answer_all(lead: &mut crate::support::Browser, trust: &Trust) {
    let at = |code: &str| trust.at("2026", &format!("/requirements/{code}"));
    lead.get(&at("1-1"))
        .await
        .expect(200)
        .shows("Question 1?")
        .shows("Guidance 1")
        .shows("Level 2 is expected");
    let first =
        [("version", "0"), ("choice", "3"), ("comment", "A very private comment"), ("intent", "finished")];
    assert_eq!(lead.post(&at("1-1"), &first).await.expect(303).location(), at("1-2"));
    let later = [("version", "0"), ("choice", "1"), ("text", "Half done"), ("intent", "later")];
    assert_eq!(lead.post(&at("1-2"), &later).await.expect(303).location(), trust.at("2026", ""));
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("In progress")
        .shows("The answer is still in progress.");
    let page = lead.get(&at("1-2")).await.expect(200).shows("Half done");
    assert_eq!(page.hidden("version"), "1");
    let second = [("version", "1"), ("choice", "1"), ("text", "Half done"), ("intent", "finished")];
    lead.post(&at("1-2"), &second).await.expect(303);
    let third =
        [("version", "0"), ("choice", "not_relevant"), ("reason", "We have none"), ("intent", "finished")];
    assert_eq!(lead.post(&at("1-3"), &third).await.expect(303).location(), trust.at("2026", ""));
}

/// Everything about the stored submission can be recomputed; gives the snapshot's hash.
fn check_submission(world: &World, trust: &Trust) -> String {
    let id = trust.id;
    let (found, sent) = world
        .db()
        .read_now(everybodys(), |conn| {
            let found = returns::find(conn, Which::Of(id, "2026"))?.unwrap();
            let sent = returns::submission(conn, found.submission.unwrap())?;
            Ok((found, sent))
        })
        .unwrap();
    assert_eq!((found.state, sent.number, sent.late), (ReturnState::Submitted, 1, false));
    assert_eq!(sent.submitted_by, Some(trust.lead));
    assert_eq!(sent.snapshot_hash, sha256(sent.snapshot.as_bytes()));
    assert_eq!(sent.levels, [3, 1, 254]);
    assert_eq!(sent.claimed_grade, "not_satisfactory");
    let snapshot = sent.parsed().unwrap();
    assert_eq!((snapshot.organisation.code.as_str(), snapshot.profile.as_str()), ("ZZ001", "acute"));
    assert_eq!(snapshot.answers.len(), 3);
    assert_eq!(snapshot.answers[0].value, serde_json::json!({"level": 3}));
    assert_eq!(snapshot.answers[0].comment, "A very private comment");
    let [signature] = snapshot.sign_offs.as_slice() else {
        panic!("one signature: {:?}", snapshot.sign_offs)
    };
    assert_eq!((signature.role.as_str(), signature.person), ("siro", trust.siro));
    assert_eq!(signature.content_hash, hex(&returns::content_hash(&snapshot.answers).unwrap()));
    let edition = world
        .db()
        .read_now(everybodys(), |conn| standards::edition(conn, found.collection.edition_id))
        .unwrap();
    let score = returns::score_of(&snapshot, &edition, sent.submitted_at.london_day()).unwrap();
    assert_eq!(score.to_canonical_json(), sent.score);
    assert_eq!(sent.parsed_score().unwrap(), score);
    let queued: Vec<(String, String)> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(job::table
                .filter(job::kind.eq("review.queue"))
                .select((job::payload, job::state))
                .load(conn)?)
        })
        .unwrap();
    assert_eq!(queued, [(sent.id.to_string(), "queued".to_owned())]);
    hex(&sent.snapshot_hash)
}

fn check_mails(world: &World, hash: &str) {
    let mails: Vec<(String, String, String, String)> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(outbound_mail::table
                .order(outbound_mail::id)
                .select((
                    outbound_mail::to_address,
                    outbound_mail::subject,
                    outbound_mail::text_body,
                    outbound_mail::html_body,
                ))
                .load(conn)?)
        })
        .unwrap();
    let to: Vec<&str> = mails.iter().map(|(to, ..)| to.as_str()).collect();
    assert_eq!(to, [address("Siro ZZ001"), address("Lead ZZ001"), address("Siro ZZ001")]);
    assert!(mails.iter().all(|(_, _, text, html)| !text.contains("private") && !html.contains("private")));
    let whole = |(to, subject, text, html): &(String, String, String, String)| {
        format!("{to}\n{subject}\n\n{text}\n{html}").replace(hash, "HASH")
    };
    insta::assert_snapshot!("mail_signature_wanted", whole(&mails[0]));
    insta::assert_snapshot!("mail_receipt", whole(&mails[1]));
    assert_eq!(world.mails().len(), 3);
}

fn check_ledger_holds_no_texts(world: &World) {
    let bodies: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| Ok(ledger_event::table.select(ledger_event::body).load(conn)?))
        .unwrap();
    for kind in ["return_started", "answer_saved", "return_ready", "return_signed", "return_submitted"] {
        assert!(bodies.iter().any(|body| body.contains(kind)), "{kind}");
    }
    assert!(bodies.iter().all(|body| !body.contains("private") && !body.contains("Half done")));
}

async fn the_only_author_cannot_sign(world: World) {
    let trust = world.organisation("ZZ001", "Example Trust", "nhs_trust");
    let hats = world.person("Both Hats", &[(trust, IgLead), (trust, Siro)], &[]);
    let cal = world.person("Cal Contributor", &[(trust, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    let at = |more: &str| format!("/organisations/ZZ001/returns/2026{more}");
    let mut both = world.signed_in("Both Hats").await;
    both.get("/organisations/ZZ001").await.expect(200);
    both.post(&at("/start"), &[]).await.expect(303);
    for code in ["1-1", "1-2", "1-3"] {
        both.post(&at(&format!("/requirements/{code}")), &[("version", "0"), ("choice", "2")])
            .await
            .expect(303);
    }
    both.post(&at("/ready"), &[]).await.expect(303);
    let page = both.get(&at("/sign")).await.expect(200);
    let (version, hash) = (page.hidden("version"), page.hidden("hash"));
    both.post(&at("/sign"), &[("version", &version), ("hash", &hash), ("agree", "yes")])
        .await
        .expect(403)
        .shows("somebody else must sign it");
    // A colleague's second look at one answer is enough.
    both.post(&at("/draft"), &[]).await.expect(303);
    world.given(hats, trust, "2026", &["1-1"], cal);
    let mut cal = world.signed_in("Cal Contributor").await;
    cal.get(&at("")).await.expect(200).hides("Mark as ready");
    cal.post(&at("/requirements/1-1"), &[("version", "1"), ("choice", "2")]).await.expect(303);
    cal.post(&at("/ready"), &[]).await.expect(403);
    both.post(&at("/ready"), &[]).await.expect(303);
    let page = both.get(&at("/sign")).await.expect(200);
    let (version, hash) = (page.hidden("version"), page.hidden("hash"));
    both.post(&at("/sign"), &[("version", &version), ("hash", &hash), ("agree", "yes")]).await.expect(303);
    world.settle();
}

async fn what_is_signed_is_what_was_shown(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &serde_json::json!({"level": 2}), "");
    }
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "")).await.expect(200);
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(303);
    let mut siro = world.signed_in("Siro ZZ001").await;
    let seen = siro.get(&trust.at("2026", "/sign")).await.expect(200);
    lead.post(&trust.at("2026", "/draft"), &[]).await.expect(303);
    world.answered(&trust, "2026", "1-1", &serde_json::json!({"level": 3}), "");
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(303);
    let (version, hash) = (seen.hidden("version"), seen.hidden("hash"));
    siro.post(&trust.at("2026", "/sign"), &[("version", &version), ("hash", &hash), ("agree", "yes")])
        .await
        .expect(409)
        .shows("The answers changed after the page was shown");
    // Signed and taken back: the signature is gone and must be given again.
    let seen = siro.get(&trust.at("2026", "/sign")).await.expect(200);
    let (version, hash) = (seen.hidden("version"), seen.hidden("hash"));
    siro.post(&trust.at("2026", "/sign"), &[("version", &version), ("hash", &hash), ("agree", "yes")])
        .await
        .expect(303);
    lead.post(&trust.at("2026", "/requirements/1-1"), &[("version", "2"), ("choice", "0")]).await.expect(409);
    lead.post(&trust.at("2026", "/draft"), &[]).await.expect(303);
    let id = trust.id;
    let signed = world
        .db()
        .read_now(everybodys(), |conn| {
            let found = returns::find(conn, Which::Of(id, "2026"))?.unwrap();
            returns::sign_offs(conn, found.id)
        })
        .unwrap();
    assert_eq!(signed, []);
    world.settle();
}

async fn a_second_submit_leads_to_the_same_receipt(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &serde_json::json!({"level": 2}), "");
    }
    world.signed(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let version =
        lead.get(&trust.at("2026", "/submit")).await.expect(200).shows("Satisfactory").hidden("version");
    for _ in 0..2 {
        let sent = lead.post(&trust.at("2026", "/submit"), &[("version", &version)]).await.expect(303);
        assert_eq!(sent.location(), trust.at("2026", "/receipt"));
    }
    assert_eq!(
        lead.get(&trust.at("2026", "/submit")).await.expect(303).location(),
        trust.at("2026", "/receipt")
    );
    let count: i64 =
        world.db().read_now(everybodys(), |conn| Ok(submission::table.count().get_result(conn)?)).unwrap();
    assert_eq!(count, 1);
    world.settle();
}

async fn a_reopened_return_is_sent_again_and_the_first_submission_stays(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    let first = world.submitted_levels(&trust, "2026");
    let before = world.db().read_now(everybodys(), |conn| returns::submission(conn, first)).unwrap();
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/receipt")).await.expect(200).shows("Reopen the return");
    lead.post(&trust.at("2026", "/reopen"), &[("reason", " ")]).await.expect(422).shows("Enter the reason");
    lead.post(&trust.at("2026", "/reopen"), &[("reason", "A file was missing")]).await.expect(303);
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("What you submitted before stands until you submit again");
    lead.get(&trust.at("2026", "/receipt")).await.expect(200).hides("Reopen the return");
    world.answered(&trust, "2026", "1-1", &serde_json::json!({"level": 3}), "");
    let second = world.sent(&trust, "2026");
    let (after, again) = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok((returns::submission(conn, second)?, returns::submission(conn, first)?))
        })
        .unwrap();
    assert_eq!(again, before, "a submission never changes");
    assert_eq!((after.number, after.reason.as_deref()), (2, Some("A file was missing")));
    assert_eq!(after.parsed().unwrap().reason.as_deref(), Some("A file was missing"));
    assert_eq!(after.levels, [3, 2, 2]);
    lead.get(&trust.at("2026", "/receipt")).await.expect(200).shows("Number 2").shows("A file was missing");
    world.settle();
}

async fn a_reopened_return_that_is_not_sent_again_stands_as_it_was(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    let first = world.submitted_levels(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/receipt")).await.expect(200);
    lead.post(&trust.at("2026", "/reopen"), &[("reason", "A file was missing")]).await.expect(303);
    assert_eq!(returns::settle_reopened(world.db()).unwrap(), 0, "not before the close");
    world.clock.set(parse_london("2026-07-14 12:00").unwrap());
    assert_eq!(portal::collections::run_due(world.db()).unwrap().not_published, 0);
    assert_eq!(returns::settle_reopened(world.db()).unwrap(), 1);
    assert_eq!(returns::settle_reopened(world.db()).unwrap(), 0);
    let id = trust.id;
    let found = world
        .db()
        .read_now(everybodys(), |conn| returns::find(conn, Which::Of(id, "2026")))
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.state, found.submission, found.reopened_reason),
        (ReturnState::Submitted, Some(first), None)
    );
    world.settle();
}

async fn a_long_task_list_is_folded_by_section(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(include_str!("../../../config/standards/igt.toml"));
    world.started(&trust, "2026");
    world.answered(&trust, "2026", "1-101", &serde_json::json!({"level": 2}), "");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let page = lead.get(&trust.at("2026", "")).await.expect(200).text();
    let sections: Vec<&str> = page.split("<details").skip(1).collect();
    assert_eq!(sections.len(), 6, "{page}");
    // What is inside is said without opening it, and every task is inside.
    assert!(sections[0].contains("Show 7 requirements, 1 of 7 completed"), "{}", sections[0]);
    let tasks = |part: &str| part.matches("nhsuk-task-list__link").count();
    assert_eq!((tasks(&page), sections.iter().map(|part| tasks(part)).sum::<usize>()), (45, 45));
    // A short one is not folded.
    world.collection(
        "short",
        world.edition(&levels("sample-2026", 3)),
        ["2026-01-05 09:00", "2026-06-30 12:00", "2026-07-14 12:00"],
    );
    world.started(&trust, "short");
    lead.get(&trust.at("short", "")).await.expect(200).hides("<details").shows("0 of 3 completed");
}
