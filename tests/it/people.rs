//! Invitations, colleagues and accounts.

use actix_web::http::header::USER_AGENT;
use actix_web::test::TestRequest;
use portal::access::OrganisationRole::{Contributor, IgLead, OrganisationAdministrator};

use crate::on_both;
use crate::support::seed::{PASSWORD, address};
use crate::support::{World, everybodys};

on_both!(
    an_invited_colleague_accepts_sets_a_password_and_signs_in,
    an_invitation_works_once_and_not_after_it_expires,
    only_the_right_roles_invite_and_end,
    the_last_administrator_stays,
    another_organisations_people_are_not_there,
    an_invitation_is_taken_back,
    a_person_signs_out_everywhere_else,
    the_account_names_the_browser,
);

const INVITED: [(&str, &str); 3] =
    [("name", "Bea New"), ("email", "Bea.New@people.example"), ("role", "contributor")];

/// The path of the link in the newest mail.
fn link(world: &World) -> String {
    world.settle();
    let mail = world.mails().pop().expect("a mail was sent").replace("=\r\n", "");
    let start = mail.find("/invitations/").expect("the mail holds a link");
    mail[start..].split_whitespace().next().unwrap().to_owned()
}

async fn an_invited_colleague_accepts_sets_a_password_and_signs_in(world: World) {
    let trust = world.organisation("ZZ001", "Example Trust", "nhs_trust");
    world.person("Ada Lead", &[(trust, IgLead)], &[]);
    let mut ada = world.signed_in("Ada Lead").await;
    ada.get("/organisations/ZZ001/people").await.expect(200).shows("Ada Lead").shows("Invite a colleague");
    ada.post("/organisations/ZZ001/people", &[("name", ""), ("email", "bea"), ("role", "king")])
        .await
        .expect(422)
        .shows("Enter a name")
        .shows("correct format")
        .shows("Select a role")
        .shows("value=\"bea\"");
    ada.post("/organisations/ZZ001/people", &INVITED).await.expect(303);
    let link = link(&world);
    let mut bea = world.browser();
    bea.get(&link).await.expect(200).shows("Contributor of Example Trust");
    bea.post(&link, &[("password", "short"), ("again", "short")])
        .await
        .expect(422)
        .shows("at least 12 characters");
    let (password, other) = ("three unrelated words", "three unrelated worms");
    bea.post(&link, &[("password", password), ("again", other)])
        .await
        .expect(422)
        .shows("same password twice");
    bea.post(&link, &[("password", password), ("again", password)]).await.expect(303);
    bea.get("/sign-in").await.expect(200).shows("Invitation accepted");
    bea.post("/sign-in", &[("email", "bea.new@people.example"), ("password", password)]).await.expect(303);
    bea.get("/organisations/ZZ001/people").await.expect(200).shows("Bea New").hides("Invite a colleague");
}

async fn an_invitation_works_once_and_not_after_it_expires(world: World) {
    let trust = world.organisation("ZZ001", "Example Trust", "nhs_trust");
    world.person("Ada Lead", &[(trust, IgLead)], &[]);
    let mut ada = world.signed_in("Ada Lead").await;
    ada.get("/organisations/ZZ001/people").await;
    ada.post("/organisations/ZZ001/people", &INVITED).await.expect(303);
    let first = link(&world);
    let mut bea = world.browser();
    bea.get(&first).await.expect(200);
    let password = [("password", "three unrelated words"), ("again", "three unrelated words")];
    bea.post(&first, &password).await.expect(303);
    bea.get(&first).await.expect(404);
    bea.get(&format!("{first}x")).await.expect(404);
    // Somebody who is known already joins without a new password.
    let mut again = INVITED;
    again[2] = ("role", "siro");
    ada.get("/organisations/ZZ001/people").await;
    ada.post("/organisations/ZZ001/people", &again).await.expect(303);
    let second = link(&world);
    bea.get(&second).await.expect(200).hides("Choose a password");
    world.clock.advance_seconds(7 * 24 * 3600);
    bea.get(&second).await.expect(404);
}

async fn only_the_right_roles_invite_and_end(world: World) {
    let trust = world.organisation("ZZ001", "Example Trust", "nhs_trust");
    world.person("Cyd Contributor", &[(trust, Contributor)], &[]);
    world.person("Ada Lead", &[(trust, IgLead)], &[]);
    let mut cyd = world.signed_in("Cyd Contributor").await;
    cyd.get("/organisations/ZZ001/people").await.expect(200);
    cyd.post("/organisations/ZZ001/people", &INVITED).await.expect(403);
    // Whatever the form says, the role is asked first.
    cyd.post("/organisations/ZZ001/people", &[]).await.expect(403);
    let mut ada = world.signed_in("Ada Lead").await;
    ada.get("/organisations/ZZ001/people").await.expect(200).hides("End this role");
    ada.post("/organisations/ZZ001/people/1/end", &[]).await.expect(403);
}

async fn the_last_administrator_stays(world: World) {
    let trust = world.organisation("ZZ001", "Example Trust", "nhs_trust");
    world.person("Ada Admin", &[(trust, OrganisationAdministrator)], &[]);
    world.person("Cyd Contributor", &[(trust, Contributor)], &[]);
    let mut ada = world.signed_in("Ada Admin").await;
    ada.get("/organisations/ZZ001/people").await.expect(200).shows("End this role");
    ada.post("/organisations/ZZ001/people/1/end", &[]).await.expect(409).shows("last administrator");
    let mut cyd = world.signed_in("Cyd Contributor").await;
    cyd.get("/organisations/ZZ001/people").await.expect(200);
    ada.post("/organisations/ZZ001/people/2/end", &[]).await.expect(303);
    cyd.get("/organisations/ZZ001/people").await.expect(404);
}

async fn another_organisations_people_are_not_there(world: World) {
    let one = world.organisation("ZZ001", "Example Trust", "nhs_trust");
    let two = world.organisation("ZZ002", "Other Trust", "nhs_trust");
    world.person("Ada Admin", &[(one, OrganisationAdministrator)], &[]);
    world.person("Bea Lead", &[(two, IgLead)], &[]);
    let mut ada = world.signed_in("Ada Admin").await;
    ada.get("/organisations/ZZ002/people").await.expect(404);
    ada.get("/organisations/ZZ999/people").await.expect(404);
    ada.get("/organisations/ZZ001/people").await.expect(200);
    // Bea's membership is number 2, of another organisation than the address names.
    ada.post("/organisations/ZZ001/people/2/end", &[]).await.expect(404);
}

async fn a_person_signs_out_everywhere_else(world: World) {
    world.person("Ada Lead", &[], &[]);
    let mut here = world.signed_in("Ada Lead").await;
    let mut there = world.signed_in("Ada Lead").await;
    here.get("/account").await.expect(200).shows("This browser");
    here.post("/account/sign-out-elsewhere", &[]).await.expect(303);
    here.get("/account").await.expect(200).shows("1 other session was ended");
    there.get("/account").await.expect(303);
}

async fn an_invitation_is_taken_back(world: World) {
    let trust = world.organisation("ZZ001", "Example Trust", "nhs_trust");
    let other = world.organisation("ZZ002", "Other Trust", "nhs_trust");
    world.person("Ada Lead", &[(trust, IgLead), (other, IgLead)], &[]);
    world.person("Cyd Contributor", &[(trust, Contributor)], &[]);
    let mut ada = world.signed_in("Ada Lead").await;
    ada.get("/organisations/ZZ001/people").await.expect(200).hides("Invited, and not yet accepted");
    ada.post("/organisations/ZZ001/people", &INVITED).await.expect(303);
    let link = link(&world);
    let page =
        ada.get("/organisations/ZZ001/people").await.expect(200).shows("Invited, and not yet accepted");
    let page = page.shows("bea.new@people.example").shows("the invitation of Bea New as Contributor");
    let at = page.text().split("action=\"").find(|part| part.contains("/revoke")).unwrap().to_owned();
    let at = at.split('"').next().unwrap();
    // Neither a colleague without the role, nor by another organisation's address.
    let mut cyd = world.signed_in("Cyd Contributor").await;
    cyd.get("/organisations/ZZ001/people").await.expect(200).hides("Bea New");
    cyd.post(at, &[]).await.expect(403);
    ada.post(&at.replace("ZZ001", "ZZ002"), &[]).await.expect(404);
    let mut bea = world.browser();
    bea.get(&link).await.expect(200);
    ada.post(at, &[]).await.expect(303);
    ada.get("/organisations/ZZ001/people")
        .await
        .expect(200)
        .shows("Invitation taken back")
        .hides("Invited, and not yet accepted");
    ada.post(at, &[]).await.expect(404);
    // Whoever had the link open already cannot use it either.
    bea.post(&link, &[("password", "three unrelated words"), ("again", "three unrelated words")])
        .await
        .expect(404);
    bea.get(&link).await.expect(404);
    let told = portal::ledger::told;
    let told = world.db().read_now(everybodys(), move |conn| told(conn, &["invitation_revoked"])).unwrap();
    assert_eq!(told.keys().collect::<Vec<_>>(), ["invitation/1"]);
}

async fn the_account_names_the_browser(world: World) {
    world.person("Ada Lead", &[], &[]);
    for (said, shown) in [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Otherfox/1.0 <b>", "It says of itself: Otherfox/1.0 &lt;b&gt;"),
    ] {
        let mut ada = world.browser();
        ada.get("/sign-in").await.expect(200);
        let (email, csrf) = (address("Ada Lead"), ada.csrf().to_owned());
        let form = [("csrf", csrf.as_str()), ("email", &email), ("password", PASSWORD)];
        let request = TestRequest::post().uri("/sign-in").insert_header((USER_AGENT, said)).set_form(form);
        ada.send(request).await.expect(303);
        let page = ada.get("/account").await.expect(200).shows(shown);
        if shown.starts_with("Firefox") {
            page.hides("Gecko");
        } else {
            page.shows("A browser that is not recognised");
        }
    }
}
