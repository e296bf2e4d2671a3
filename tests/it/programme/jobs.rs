//! The background work: what was given up is seen, and tried again by whoever runs the programme.

use portal::access::CentralRole::{Publisher, StandardsEditor};
use portal::ledger;
use portal::platform::jobs::{self, Handlers, Outcome};

use super::{central, only_for, programme};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    a_job_that_was_given_up_is_tried_again,
    what_waits_is_seen,
    only_the_programme_manager_sees_the_background_work
);

/// Runs what is due as if the mail server refused everything.
fn refusing_mail(world: &World) {
    let handlers =
        Handlers::default().on("mail.send", |_, _| Ok(Outcome::GiveUp("550 no such <mailbox>".to_owned())));
    while jobs::run_once(world.db(), &handlers, "test").unwrap() {}
}

async fn a_job_that_was_given_up_is_tried_again(world: World) {
    let mut mo = programme(&world).await;
    mo.get("/jobs").await.expect(200).shows("Nothing has been given up.").shows("Nothing waits.");
    mo.get("/people/central").await.expect(200);
    let invited = [("name", "Bea New"), ("email", "bea@people.example"), ("role", "publisher")];
    mo.post("/people/central", &invited).await.expect(303);
    refusing_mail(&world);
    let page = mo.get("/jobs").await.expect(200).hides("Nothing has been given up.");
    let page = page.shows("Send an email").shows("refused the email").shows("550 no such &lt;mailbox&gt;");
    let page = page.shows("1 try failed").text();
    let at = page.split("action=\"").find(|part| part.contains("/retry\"")).unwrap();
    let at = at.split('"').next().unwrap().to_owned();
    // Not by anybody else, and nothing is there that is no job.
    let mut pat = central(&world, "Pat Publisher", Publisher).await;
    pat.get("/reviews/interests").await.expect(200);
    pat.post(&at, &[]).await.expect(403);
    mo.post("/jobs/999/retry", &[]).await.expect(404);
    mo.post("/jobs/x/retry", &[]).await.expect(404);
    assert!(world.mails().is_empty());
    mo.post(&at, &[]).await.expect(303);
    mo.get("/jobs").await.expect(200).shows("queued again").shows("Nothing has been given up.");
    mo.post(&at, &[]).await.expect(409).shows("You cannot try a job again now");
    world.settle();
    assert_eq!(world.mails().len(), 1);
    mo.get("/jobs").await.expect(200).shows("Nothing has been given up.").shows("Nothing waits.");
    mo.post(&at, &[]).await.expect(409);
    let id = at.split('/').nth(2).unwrap();
    let told = world.db().read_now(everybodys(), |conn| ledger::told(conn, &["job_retried"])).unwrap();
    assert_eq!(told[&format!("job/{id}")]["kind"], "mail.send");
}

async fn what_waits_is_seen(world: World) {
    let mut mo = programme(&world).await;
    mo.get("/people/central").await.expect(200);
    let invited = [("name", "Bea New"), ("email", "bea@people.example"), ("role", "publisher")];
    mo.post("/people/central", &invited).await.expect(303);
    mo.get("/jobs").await.expect(200).shows("Send an email").shows("Now").shows("None failed");
    let down = Handlers::default().on("mail.send", |_, _| {
        Err(portal::platform::Error::Unavailable("the mail server: connection refused".to_owned()))
    });
    jobs::run_once(world.db(), &down, "test").unwrap();
    mo.get("/jobs")
        .await
        .expect(200)
        .shows("13 January 2026 at 10am")
        .shows("1 try failed")
        .shows("The mail server could not be reached")
        .shows("Nothing has been given up.");
    world.clock.advance_seconds(60);
    world.settle();
    assert_eq!(world.mails().len(), 1);
}

async fn only_the_programme_manager_sees_the_background_work(world: World) {
    only_for(&world, StandardsEditor, &["/jobs"]).await;
    let mut rae = world.signed_in("Rae Other").await;
    rae.get("/home").await.expect(200).hides("Background work");
    let mut mo = programme(&world).await;
    mo.get("/home").await.expect(200).shows("Background work");
}
