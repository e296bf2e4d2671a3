//! The central team's people.

use portal::access::CentralRole::{CentralReviewer, ProgrammeManager, Publisher};

use super::{central, only_for, programme};
use crate::on_both;
use crate::support::World;
use crate::support::seed::PASSWORD;
use crate::support::year::levels;

on_both!(
    a_new_publisher_is_invited_accepts_and_works,
    an_invitation_of_the_programme_is_taken_back,
    a_role_ends_at_once_and_can_be_given_again,
    the_last_programme_manager_stays,
    a_reviewer_who_leaves_leaves_no_review_stuck,
    declared_interests_are_listed,
    the_form_is_kept_with_what_is_wrong,
    only_the_programme_manager_sees_and_changes_the_team,
);

const INVITED: [(&str, &str); 3] =
    [("name", "Bea New"), ("email", "Bea.New@people.example"), ("role", "publisher")];

fn link(world: &World) -> String {
    world.settle();
    let mail = world.mails().pop().expect("a mail was sent").replace("=\r\n", "");
    let start = mail.find("/invitations/").expect("the mail holds a link");
    mail[start..].split_whitespace().next().unwrap().to_owned()
}

async fn a_new_publisher_is_invited_accepts_and_works(world: World) {
    let mut mo = programme(&world).await;
    mo.get("/people/central").await.expect(200).shows("Mo Programme").shows("Programme manager");
    mo.post("/people/central", &INVITED).await.expect(303);
    mo.get("/people/central")
        .await
        .expect(200)
        .shows("Invitation sent")
        .shows("Invited, and not yet accepted")
        .shows("bea.new@people.example");
    let link = link(&world);
    let mut bea = world.browser();
    bea.get(&link).await.expect(200).shows("Publisher in the central team");
    bea.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]).await.expect(303);
    bea.post("/sign-in", &[("email", "bea.new@people.example"), ("password", PASSWORD)]).await.expect(303);
    bea.get("/releases").await.expect(200);
    mo.get("/people/central").await.expect(200).hides("Invited, and not yet accepted").shows("Bea New");
    // An invitation that nobody accepted in time is no longer listed.
    mo.post(
        "/people/central",
        &[("name", "Lou Late"), ("email", "lou@people.example"), ("role", "publisher")],
    )
    .await
    .expect(303);
    world.settle();
    mo.get("/people/central").await.expect(200).shows("Lou Late");
    world.clock.advance_seconds(7 * 24 * 3600);
    let mut again = world.signed_in("Mo Programme").await;
    again.get("/people/central").await.expect(200).hides("Lou Late");
}

async fn an_invitation_of_the_programme_is_taken_back(world: World) {
    world.organisation("ZZ001", "Example Trust", "nhs_trust");
    let mut mo = programme(&world).await;
    mo.get("/people/central").await.expect(200);
    mo.post("/people/central", &INVITED).await.expect(303);
    let first = link(&world);
    mo.get("/organisations/ZZ001/record").await.expect(200).hides("Invited, and not yet accepted");
    let invited = [("name", "Adi Admin"), ("email", "adi@people.example")];
    mo.post("/organisations/ZZ001/record/invitations", &invited).await.expect(303);
    let second = link(&world);
    let mut pat = central(&world, "Pat Publisher", Publisher).await;
    pat.get("/reviews/interests").await.expect(200);
    pat.post("/people/central/invitations/1/revoke", &[]).await.expect(403);
    pat.post("/organisations/ZZ001/record/invitations/2/revoke", &[]).await.expect(403);
    pat.get("/organisations/ZZ001/record").await.expect(200).hides("Adi Admin");
    mo.get("/organisations/ZZ001/record").await.expect(200).shows("the invitation of Adi Admin");
    // Each at its own place only.
    mo.post("/people/central/invitations/2/revoke", &[]).await.expect(404);
    mo.post("/organisations/ZZ001/record/invitations/1/revoke", &[]).await.expect(404);
    mo.post("/organisations/ZZ999/record/invitations/2/revoke", &[]).await.expect(404);
    mo.post("/people/central/invitations/x/revoke", &[]).await.expect(404);
    let mut anybody = world.browser();
    for (link, at) in [
        (first, "/people/central/invitations/1/revoke"),
        (second, "/organisations/ZZ001/record/invitations/2/revoke"),
    ] {
        anybody.get(&link).await.expect(200);
        let back = mo.post(at, &[]).await.expect(303).location();
        mo.get(&back).await.expect(200).shows("Invitation taken back").hides("Invited, and not yet accepted");
        anybody.get(&link).await.expect(404);
        mo.post(at, &[]).await.expect(404);
    }
}

async fn a_role_ends_at_once_and_can_be_given_again(world: World) {
    let mut mo = programme(&world).await;
    let id = world.person("Pat Publisher", &[], &[Publisher]).to_string();
    let mut pat = world.signed_in("Pat Publisher").await;
    pat.get("/releases").await.expect(200);
    mo.get("/people/central").await.expect(200).shows("Pat Publisher");
    let fields = [("person", id.as_str()), ("role", "publisher")];
    mo.post("/people/central/end", &fields).await.expect(303);
    mo.get("/people/central").await.expect(200).shows("Role ended").hides("Pat Publisher");
    pat.get("/releases").await.expect(404);
    mo.post("/people/central/end", &fields).await.expect(404);
    mo.post("/people/central/end", &[("person", "x"), ("role", "publisher")]).await.expect(404);
    mo.post("/people/central/end", &[("person", id.as_str()), ("role", "king")]).await.expect(404);
    let again = [("name", "Pat Publisher"), ("email", "pat.publisher@people.example"), ("role", "publisher")];
    mo.get("/people/central").await.expect(200);
    mo.post("/people/central", &again).await.expect(303);
    let link = link(&world);
    pat.get(&link).await.expect(200).hides("Choose a password");
    pat.post(&link, &[]).await.expect(303);
    pat.get("/releases").await.expect(200);
}

async fn the_last_programme_manager_stays(world: World) {
    let id = world.person("Mo Programme", &[], &[ProgrammeManager]).to_string();
    let mut mo = world.signed_in("Mo Programme").await;
    mo.get("/people/central").await.expect(200);
    let fields = [("person", id.as_str()), ("role", "programme_manager")];
    mo.post("/people/central/end", &fields).await.expect(409).shows("last programme manager");
    world.person("Lee Second", &[], &[ProgrammeManager]);
    mo.get("/people/central").await.expect(200);
    mo.post("/people/central/end", &fields).await.expect(303);
    mo.get("/people/central").await.expect(404);
}

async fn a_reviewer_who_leaves_leaves_no_review_stuck(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.submitted_levels(&trust, "2026");
    world.settle();
    let gone = world.person("Rae Reviewer", &[], &[CentralReviewer]).to_string();
    let mut rae = world.signed_in("Rae Reviewer").await;
    let mut mo = programme(&world).await;
    rae.get("/reviews/1").await.expect(200);
    rae.post("/reviews/1/claim", &[]).await.expect(303);
    mo.get("/people/central").await.expect(200);
    mo.post("/people/central/end", &[("person", gone.as_str()), ("role", "central_reviewer")])
        .await
        .expect(303);
    rae.post("/reviews/1/release", &[]).await.expect(404);
    // Another reviewer cannot take it out of her hands; the programme manager can.
    let mut ray = central(&world, "Ray Reviewer", CentralReviewer).await;
    ray.get("/reviews/1").await.expect(200).hides("Give back to the queue");
    ray.get("/reviews/interests").await.expect(200);
    ray.post("/reviews/1/release", &[]).await.expect(403);
    mo.get("/reviews/1").await.expect(200).shows("Give back to the queue");
    mo.post("/reviews/1/release", &[]).await.expect(303);
    ray.get("/reviews/1").await.expect(200);
    ray.post("/reviews/1/claim", &[]).await.expect(303);
    world.settle();
}

async fn declared_interests_are_listed(world: World) {
    world.organisation("ZZ001", "Example Trust", "nhs_trust");
    let mut rae = central(&world, "Rae Reviewer", CentralReviewer).await;
    rae.get("/reviews/interests").await.expect(200);
    let fields = [("organisation", "ZZ001"), ("reason", "A relative works <there>.")];
    rae.post("/reviews/interests", &fields).await.expect(303);
    let mut mo = programme(&world).await;
    mo.get("/people/central")
        .await
        .expect(200)
        .shows("Example Trust (ZZ001)")
        .shows("A relative works &lt;there&gt;.")
        .shows("/organisations/ZZ001/record");
    world.settle();
}

async fn the_form_is_kept_with_what_is_wrong(world: World) {
    let mut mo = programme(&world).await;
    mo.get("/people/central").await.expect(200);
    mo.post("/people/central", &[("name", ""), ("email", "bea"), ("role", "king")])
        .await
        .expect(422)
        .shows("Enter a name")
        .shows("correct format")
        .shows("Select a role")
        .shows("value=\"bea\"");
    mo.post(
        "/people/central",
        &[("name", &"x".repeat(201)), ("email", "b@c.example"), ("role", "publisher")],
    )
    .await
    .expect(422)
    .shows("at most 200 characters");
    mo.forget_token();
    mo.post("/people/central", &INVITED).await.expect(403);
    world.settle();
    assert!(world.mails().is_empty());
}

async fn only_the_programme_manager_sees_and_changes_the_team(world: World) {
    only_for(&world, CentralReviewer, &["/people/central"]).await;
    let mut rae = world.signed_in("Rae Other").await;
    rae.get("/reviews/interests").await.expect(200);
    rae.post("/people/central", &INVITED).await.expect(403);
    rae.post("/people/central/end", &[("person", "1"), ("role", "publisher")]).await.expect(403);
    let mut adi = world.signed_in("Adi Admin").await;
    adi.get("/organisations/ZZX99/people").await.expect(200);
    adi.post("/people/central", &INVITED).await.expect(404);
    adi.post("/people/central/end", &[("person", "1"), ("role", "publisher")]).await.expect(404);
}
