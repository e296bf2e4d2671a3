//! Mails over SMTP: what the server takes is sent once; and where nobody can say whether it took one, a letter comes again
//! under its old identity and a reminder does not.

use std::net::TcpListener;

use diesel::prelude::*;
use portal::access::CentralRole::ProgrammeManager;
use portal::platform::clock::Timestamp;
use portal::platform::jobs::{self, Handlers};
use portal::platform::mail::{self, Mail, Mailer};
use portal::schema::{job, outbound_mail};

use crate::on_both;
use crate::support::smtp::{MailServer, Then};
use crate::support::{World, everybodys};

on_both!(
    what_the_server_takes_is_sent_once,
    a_reminder_is_not_sent_twice_after_an_unknown_end,
    a_letter_is_sent_again_after_an_unknown_end,
    a_reminder_waits_for_a_server_that_is_away,
    a_reminder_is_tried_again_when_the_server_says_not_now,
    a_crash_after_the_try_began_sends_no_reminder_twice,
);

const FROM: &str = "Portal <portal@programme.example>";

/// Puts a letter and a reminder, or one of them, into the outbox.
fn queued(world: &World, all: &'static [&'static str]) {
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            for what in all {
                let mail = Mail {
                    template: what,
                    to: "ida@trust.example".to_owned(),
                    subject: format!("A {what}"),
                    text: "Text".to_owned(),
                    html: "<p>Text</p>".to_owned(),
                };
                let now = tx.now();
                match *what {
                    "reminder" => mail::queue_at_most_once(tx, &mail, what, now)?,
                    _ => mail::queue(tx, &mail, what)?,
                }
            }
            Ok(())
        })
        .unwrap();
}

/// Runs every job that is due now, with mails going to this server.
fn run(world: &World, url: &str) {
    let mailer = Mailer::open(url, FROM).unwrap();
    let handlers = Handlers::default().on(mail::SEND, move |db, job| mail::send(db, &mailer, job));
    while jobs::run_once(world.db(), &handlers, "test").unwrap() {}
}

/// As [`run`], again and again for a day.
fn run_all_day(world: &World, url: &str) {
    for _ in 0..24 {
        run(world, url);
        world.clock.advance_seconds(3600);
    }
}

/// Whether the one mail was sent, whether it was given up, its job's state and what the job said.
fn end(world: &World) -> (bool, bool, String, String) {
    world
        .db()
        .read_now(everybodys(), |conn| {
            let (sent, gave_up): (Option<Timestamp>, Option<Timestamp>) = outbound_mail::table
                .select((outbound_mail::sent_at, outbound_mail::gave_up_at))
                .first(conn)?;
            let (state, said): (String, Option<String>) = job::table
                .filter(job::kind.eq(mail::SEND))
                .select((job::state, job::last_error))
                .first(conn)?;
            Ok((sent.is_some(), gave_up.is_some(), state, said.unwrap_or_default()))
        })
        .unwrap()
}

async fn what_the_server_takes_is_sent_once(world: World) {
    let server = MailServer::start();
    queued(&world, &["letter", "reminder"]);
    run_all_day(&world, &server.url());
    let got = server.got();
    assert_eq!(got.len(), 2);
    for (mail, name) in got.iter().zip(["letter", "reminder"]) {
        assert!(mail.contains(&format!("Message-ID: <{name}@portal.invalid>")), "{mail}");
        assert!(mail.contains(&format!("Subject: A {name}")), "{mail}");
    }
    assert_eq!(end(&world), (true, false, "done".to_owned(), String::new()));
}

async fn a_reminder_is_not_sent_twice_after_an_unknown_end(world: World) {
    let server = MailServer::start();
    server.will(&[Then::Vanish]);
    queued(&world, &["reminder"]);
    run_all_day(&world, &server.url());
    assert_eq!(server.got().len(), 1, "it has arrived, and only we do not know");
    let (sent, gave_up, state, said) = end(&world);
    assert_eq!((sent, gave_up, state.as_str()), (false, true, "gave_up"));
    assert!(said.contains("It may have arrived"), "{said}");
    // Somebody looks at it and has it tried again.
    world.person("Mo Programme", &[], &[ProgrammeManager]);
    let mut mo = world.signed_in("Mo Programme").await;
    let page = mo.get("/jobs").await.expect(200).shows("It may have arrived").text();
    let at = page.split("action=\"").find(|part| part.contains("/retry\"")).unwrap();
    let at = at.split('"').next().unwrap().to_owned();
    mo.post(&at, &[]).await.expect(303);
    run(&world, &server.url());
    let got = server.got();
    assert_eq!(got.len(), 2);
    assert!(got.iter().all(|mail| mail.contains("Message-ID: <reminder@portal.invalid>")), "{got:?}");
    let (sent, gave_up, state, _) = end(&world);
    assert_eq!((sent, gave_up, state.as_str()), (true, false, "done"));
    world.settle();
}

async fn a_letter_is_sent_again_after_an_unknown_end(world: World) {
    let server = MailServer::start();
    server.will(&[Then::Vanish]);
    queued(&world, &["letter"]);
    run_all_day(&world, &server.url());
    let got = server.got();
    assert_eq!(got.len(), 2);
    assert!(got.iter().all(|mail| mail.contains("Message-ID: <letter@portal.invalid>")), "{got:?}");
    assert!(end(&world).0);
}

async fn a_reminder_waits_for_a_server_that_is_away(world: World) {
    // Nobody listens there: the port was free a moment ago.
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    queued(&world, &["reminder"]);
    run(&world, &format!("smtp://{nobody}"));
    let (sent, gave_up, state, said) = end(&world);
    assert_eq!((sent, gave_up, state.as_str()), (false, false, "queued"));
    assert!(said.contains("mail server"), "{said}");
    let server = MailServer::start();
    run_all_day(&world, &server.url());
    assert_eq!(server.got().len(), 1);
    assert!(end(&world).0);
}

async fn a_reminder_is_tried_again_when_the_server_says_not_now(world: World) {
    let server = MailServer::start();
    server.will(&[Then::NotNow, Then::NotNow]);
    queued(&world, &["reminder"]);
    run(&world, &server.url());
    assert_eq!((server.got().len(), end(&world).2.as_str()), (0, "queued"));
    run_all_day(&world, &server.url());
    assert_eq!(server.got().len(), 1);
    assert!(end(&world).0);
}

async fn a_crash_after_the_try_began_sends_no_reminder_twice(world: World) {
    let server = MailServer::start();
    queued(&world, &["reminder"]);
    // What is stored when the process is killed after it wrote down that it begins, wherever it was by then.
    world
        .db()
        .housekeep_now(everybodys(), |tx| {
            let now = tx.now();
            Ok(diesel::update(outbound_mail::table)
                .set(outbound_mail::attempted_at.eq(Some(now)))
                .execute(tx.conn())?)
        })
        .unwrap();
    run_all_day(&world, &server.url());
    assert!(server.got().is_empty());
    assert_eq!(end(&world).2, "gave_up");
}
