//! Discussions: who may write and whom they name, mails without a word of it, and withdrawing.

use diesel::prelude::*;
use portal::access::OrganisationRole::Contributor;
use portal::platform::ids::PersonId;
use portal::returns;
use portal::schema::{discussion_comment, ledger_event};
use serde_json::json;

use crate::on_both;
use crate::support::seed::address;
use crate::support::year::{Trust, levels};
use crate::support::{World, everybodys};

on_both!(
    comments_stand_in_order_and_whoever_is_named_gets_a_mail_without_them,
    what_is_no_comment_is_refused_and_kept,
    the_author_withdraws_and_the_place_stays,
    a_discussion_is_no_part_of_the_submission,
);

fn a_draft(world: &World) -> (Trust, PersonId) {
    let trust = world.trust("ZZ001");
    let cal = world.person("Cal Contributor", &[(trust.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    world.given(trust.lead, trust.id, "2026", &["1-1"], cal);
    (trust, cal)
}

fn mentions(world: &World) -> Vec<(String, String, String, String)> {
    world.queued("returns.mentioned")
}

async fn comments_stand_in_order_and_whoever_is_named_gets_a_mail_without_them(world: World) {
    let (trust, cal_id) = a_draft(&world);
    world.person("Con Other", &[(trust.id, Contributor)], &[]);
    let at = trust.at("2026", "/requirements/1-1/discussion");
    let mut cal = world.signed_in("Cal Contributor").await;
    let page = cal.get(&at).await.expect(200).shows("Nobody has written anything yet").shows("Siro ZZ001");
    // Those who would find nothing there cannot be named, nor oneself.
    let page = page.hides("Con Other").text();
    assert!(
        !page.contains("> Cal Contributor</label>") && !page.contains(&format!("value=\"{cal_id}\"")),
        "{page}"
    );
    let (lead, siro) = (trust.lead.to_string(), trust.siro.to_string());
    let form = [
        ("text", "Who has <the> minutes?\r\nI do not."),
        ("mention", lead.as_str()),
        ("mention", siro.as_str()),
    ];
    assert_eq!(cal.post(&at, &form).await.expect(303).location(), at);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/requirements/1-1")).await.expect(200).shows("(1 comment)");
    lead.get(&at)
        .await
        .expect(200)
        .shows("Who has &lt;the&gt; minutes?\nI do not.")
        .shows("For Lead ZZ001 and Siro ZZ001")
        .hides("Withdraw<");
    lead.post(&at, &[("text", "The board's clerk.")]).await.expect(303);
    let page = lead.get(&at).await.expect(200).text();
    assert!(
        page.find("minutes?").unwrap() < page.find("board&#39;s clerk").unwrap(),
        "the newest stands last"
    );
    lead.get(&trust.at("2026", "/requirements/1-1")).await.expect(200).shows("(2 comments)");
    lead.get(&trust.at("2026", "/requirements/1-2")).await.expect(200).hides("comment)").hides("comments)");
    world.settle();
    let mails = mentions(&world);
    let to: Vec<&str> = mails.iter().map(|(to, ..)| to.as_str()).collect();
    assert_eq!(to, [address("Lead ZZ001"), address("Siro ZZ001")]);
    assert!(mails.iter().all(|(_, _, text, html)| !text.contains("minutes") && !html.contains("minutes")));
    let (to, subject, text, html) = &mails[0];
    insta::assert_snapshot!("mail_mentioned", format!("{to}\n{subject}\n\n{text}\n{html}"));
    let bodies: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(ledger_event::table
                .filter(ledger_event::kind.eq("requirement_discussed"))
                .select(ledger_event::body)
                .load(conn)?)
        })
        .unwrap();
    assert_eq!(bodies.len(), 2);
    assert!(bodies.iter().all(|body| !body.contains("minutes") && !body.contains("clerk")), "{bodies:?}");
}

async fn what_is_no_comment_is_refused_and_kept(world: World) {
    let (trust, _) = a_draft(&world);
    let other = world.person("Con Other", &[(trust.id, Contributor)], &[]).to_string();
    let stranger = world.trust("ZZ002").lead.to_string();
    let at = trust.at("2026", "/requirements/1-1/discussion");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    let long = "x".repeat(4001);
    let own = trust.lead.to_string();
    let cases: [(&[(&str, &str)], &str); 6] = [
        (&[("text", " \r\n ")], "Enter your comment"),
        (&[("text", long.as_str())], "4,000 characters or fewer"),
        (&[("text", "a\u{0}b")], "characters that are no text"),
        (&[("text", "Kept words"), ("mention", other.as_str())], "does not see this requirement"),
        (&[("text", "Kept words"), ("mention", stranger.as_str())], "does not see this requirement"),
        (&[("text", "Kept words"), ("mention", own.as_str())], "does not see this requirement"),
    ];
    for (form, words) in cases {
        let page = lead.post(&at, form).await.expect(422).shows(words).shows("<title>Error: ");
        if form.len() > 1 {
            page.shows("Kept words");
        }
    }
    let full = "y".repeat(4000);
    lead.post(&at, &[("text", &full)]).await.expect(303);
    // The same form again is the same comment.
    let once = lead.get(&at).await.expect(200).hidden("once");
    for _ in 0..2 {
        lead.post(&at, &[("once", &once), ("text", "Once")]).await.expect(303);
    }
    let count: i64 = world
        .db()
        .read_now(everybodys(), |conn| Ok(discussion_comment::table.count().get_result(conn)?))
        .unwrap();
    assert_eq!((count, mentions(&world).len()), (2, 0));
}

async fn the_author_withdraws_and_the_place_stays(world: World) {
    let (trust, _) = a_draft(&world);
    let at = trust.at("2026", "/requirements/1-1/discussion");
    let (mut lead, mut cal) = (world.signed_in("Lead ZZ001").await, world.signed_in("Cal Contributor").await);
    lead.get(&at).await.expect(200);
    cal.get(&at).await.expect(200);
    lead.post(&at, &[("text", "Said in anger")]).await.expect(303);
    let page = lead.get(&at).await.expect(200).text();
    let start = page.find(&trust.at("2026", "/requirements/1-1/comments/")).unwrap();
    let withdraw = page[start..].split('"').next().unwrap().to_owned();
    cal.get(&at).await.expect(200).shows("Said in anger").hides("/withdraw");
    cal.post(&withdraw, &[]).await.expect(404);
    // Not under another requirement's address either.
    lead.post(&withdraw.replace("1-1", "1-2"), &[]).await.expect(404);
    world.clock.advance_seconds(600);
    lead.post(&withdraw, &[]).await.expect(303);
    lead.post(&withdraw, &[]).await.expect(404);
    cal.get(&at)
        .await
        .expect(200)
        .hides("Said in anger")
        .shows("Withdrawn by Lead ZZ001, 13 January 2026 at 10:10am");
    cal.get(&trust.at("2026", "/requirements/1-1")).await.expect(200).hides("comment)");
    let texts: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(discussion_comment::table.select(discussion_comment::text).load(conn)?)
        })
        .unwrap();
    assert_eq!(texts, [""], "the row stays and the text is gone");
    lead.get(&trust.at("2026", "/activity")).await.expect(200).shows("withdrew a comment").hides("anger");
}

async fn a_discussion_is_no_part_of_the_submission(world: World) {
    let (trust, _) = a_draft(&world);
    let at = trust.at("2026", "/requirements/1-1/discussion");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&at).await.expect(200);
    lead.post(&at, &[("text", "Between ourselves")]).await.expect(303);
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    let sent = world.sent(&trust, "2026");
    let stored = world.db().read_now(everybodys(), |conn| returns::submission(conn, sent)).unwrap();
    assert!(!stored.snapshot.contains("ourselves"), "{}", stored.snapshot);
    // It goes on after the submission: a reviewer's question is discussed too.
    lead.post(&at, &[("text", "What will they ask?")]).await.expect(303);
    world.settle();
}
