//! Everybody who must signs: the roles that the edition names, for their own items, and whoever stands in for them.

use diesel::prelude::*;
use portal::access::OrganisationRole::{
    self, CaldicottGuardian, Contributor, Dpo, IgLead, OrganisationAdministrator, Siro,
};
use portal::access::{Permit, SignReturn};
use portal::identity;
use portal::platform::Error;
use portal::platform::clock::parse_london;
use portal::platform::ids::PersonId;
use portal::returns::{self, ReturnState, SentReminders, Which, send_due};
use portal::schema::{ledger_event, sign_off};
use serde_json::json;

use crate::on_both;
use crate::standing::reading::Pdf;
use crate::support::seed::address;
use crate::support::year::{Trust, levels};
use crate::support::{Answer, Browser, World, everybodys};

on_both!(
    the_return_is_signed_when_the_last_role_has_signed,
    an_edit_takes_all_signatures_back_and_everybody_is_asked_again,
    nobody_signs_in_a_role_that_is_not_theirs,
    a_colleague_signs_for_somebody_who_is_away,
    a_delegation_ends_with_its_day_in_london,
    a_delegation_is_neither_handed_on_nor_given_to_just_anybody,
    a_delegation_falls_with_whoever_leaves,
    a_delegate_who_wrote_every_answer_cannot_sign,
    reminders_to_sign_go_to_whom_the_signature_is_wanted_of,
    who_need_not_sign_is_not_asked,
);

/// Three requirements, of which the last is the Caldicott Guardian's.
fn edition() -> String {
    format!(
        "{}[[signers]]\nrole = \"caldicott_guardian\"\nrequirements = [\"1-3\"]\n\
         [[signers]]\nrole = \"dpo\"\nsections = [\"1\"]\nsectors = [\"gp\"]\n",
        levels("sample-2026", 3)
    )
}

/// A trust with a Caldicott Guardian and an administrator, whose return is ready.
fn given_a_return_that_is_ready(world: &World) -> (Trust, PersonId) {
    let trust = world.trust("ZZ001");
    let cal = world.person("Cal Guardian", &[(trust.id, CaldicottGuardian)], &[]);
    world.person("Ann Admin", &[(trust.id, OrganisationAdministrator)], &[]);
    world.usual_year(&edition());
    world.started(&trust, "2026");
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.ready(&trust, "2026");
    (trust, cal)
}

/// Reads the page and signs what it offers.
async fn signs(browser: &mut Browser, trust: &Trust) -> Answer {
    let page = browser.get(&trust.at("2026", "/sign")).await.expect(200);
    let fields: Vec<(&str, String)> =
        ["version", "hash", "role"].into_iter().map(|name| (name, page.hidden(name))).collect();
    let mut form: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form.push(("agree", "yes"));
    browser.post(&trust.at("2026", "/sign"), &form).await
}

fn state(world: &World, trust: &Trust) -> ReturnState {
    let id = trust.id;
    world
        .db()
        .read_now(everybodys(), move |conn| returns::find(conn, Which::Of(id, "2026")))
        .unwrap()
        .unwrap()
        .state
}

fn signed_roles(world: &World) -> Vec<String> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(sign_off::table
                .filter(sign_off::withdrawn_at.is_null())
                .order(sign_off::id)
                .select(sign_off::role)
                .load(conn)?)
        })
        .unwrap()
}

fn asked(world: &World) -> Vec<String> {
    world.queued("returns.signature_wanted").into_iter().map(|(to, ..)| to).collect()
}

async fn the_return_is_signed_when_the_last_role_has_signed(world: World) {
    let (trust, _) = given_a_return_that_is_ready(&world);
    assert_eq!(asked(&world), [address("Siro ZZ001"), address("Cal Guardian")]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/trial"))
        .await
        .expect(200)
        .shows("Signature as Caldicott Guardian: Cal Guardian")
        .shows("Signature as senior information risk owner: Siro ZZ001");
    lead.get(&trust.at("2026", "")).await.expect(200).shows("The return waits for 2 signatures");
    let mut cal = world.signed_in("Cal Guardian").await;
    let page = cal.get(&trust.at("2026", "/sign")).await.expect(200);
    page.clone()
        .shows("I sign this statement as Caldicott Guardian")
        .shows("Statement caldicott-2026.1")
        .shows("The rest of the return")
        .shows("ZZ001 &amp; Sons Trust (ZZ001)")
        .shows("Acute");
    signs(&mut cal, &trust).await.expect(303);
    assert_eq!(
        (state(&world, &trust), signed_roles(&world)),
        (ReturnState::Ready, vec!["caldicott_guardian".to_owned()])
    );
    cal.get(&trust.at("2026", "/sign"))
        .await
        .expect(200)
        .shows("There is nothing left for you to sign here.");
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("The return waits for 1 signature")
        .hides("Check and submit");
    // Signed twice, it is signed once.
    let page = lead.get(&trust.at("2026", "/sign")).await;
    assert_eq!(page.status.as_u16(), 403);
    let mut siro = world.signed_in("Siro ZZ001").await;
    signs(&mut siro, &trust).await.expect(303);
    assert_eq!(state(&world, &trust), ReturnState::Signed);
    let version = lead.get(&trust.at("2026", "/submit")).await.expect(200).hidden("version");
    lead.post(&trust.at("2026", "/submit"), &[("version", &version), ("late", "no")]).await.expect(303);
    lead.get(&trust.at("2026", "/receipt"))
        .await
        .expect(200)
        .shows("Caldicott Guardian: Cal Guardian")
        .shows("Senior information risk owner: Siro ZZ001");
    let id = trust.id;
    let (snapshot, statements, bodies): (_, Vec<(String, String)>, Vec<String>) = world
        .db()
        .read_now(everybodys(), move |conn| {
            let found = returns::find(conn, Which::Of(id, "2026"))?.unwrap();
            let snapshot = returns::submission(conn, found.submission.unwrap())?.parsed()?;
            let statements = sign_off::table
                .order(sign_off::id)
                .select((sign_off::statement_version, sign_off::statement))
                .load(conn)?;
            let bodies = ledger_event::table
                .filter(ledger_event::kind.eq("return_signed"))
                .select(ledger_event::body)
                .load(conn)?;
            Ok((snapshot, statements, bodies))
        })
        .unwrap();
    assert_eq!(snapshot.sign_offs.len(), 2);
    assert!(snapshot.sign_offs.iter().all(|one| one.delegation.is_none()));
    assert!(statements[0].1.ends_with("held to the profile \"Acute\"."), "{statements:?}");
    assert_eq!((statements[0].0.as_str(), statements[1].0.as_str()), ("caldicott-2026.1", "siro-2026.2"));
    assert!(bodies[0].contains("\"items\":[\"1-3\"]"), "{}", bodies[0]);
    assert!(!bodies[1].contains("items"), "{}", bodies[1]);
    world.settle();
}

async fn an_edit_takes_all_signatures_back_and_everybody_is_asked_again(world: World) {
    let (trust, _) = given_a_return_that_is_ready(&world);
    let mut cal = world.signed_in("Cal Guardian").await;
    signs(&mut cal, &trust).await.expect(303);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "")).await.expect(200);
    lead.post(&trust.at("2026", "/draft"), &[]).await.expect(303);
    assert_eq!(signed_roles(&world), Vec::<String>::new());
    world.answered(&trust, "2026", "1-1", &json!({"level": 3}), "");
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(303);
    let all = world.queued("returns.signature_wanted");
    assert_eq!(all.len(), 4);
    let again = "It was signed before.";
    let told: Vec<bool> = all.iter().map(|(_, _, text, _)| text.contains(again)).collect();
    assert_eq!(told, [false, false, false, true], "only whose signature fell is told that it did");
    signs(&mut cal, &trust).await.expect(303);
    world.settle();
}

async fn nobody_signs_in_a_role_that_is_not_theirs(world: World) {
    let (trust, cal) = given_a_return_that_is_ready(&world);
    let as_role = |role: OrganisationRole| {
        let id = trust.id;
        world.db().write_now(everybodys(), move |tx| {
            let actor = identity::actor_of(tx.conn(), cal)?;
            let found = returns::find(tx.conn(), Which::Of(id, "2026"))?.unwrap();
            let permit: Permit<SignReturn> = found.permit(&actor)?;
            returns::sign_as(tx, &permit, &found, role)
        })
    };
    assert!(matches!(as_role(Siro), Err(Error::Forbidden(_))));
    assert!(matches!(as_role(Dpo), Err(Error::NotFound)), "the edition does not ask it of trusts");
    assert_eq!(as_role(CaldicottGuardian).unwrap(), ReturnState::Ready);
    assert!(matches!(as_role(CaldicottGuardian), Err(Error::Conflict(_))));
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/sign")).await.expect(403).shows("Caldicott Guardian");
    world.settle();
}

/// Lets somebody sign for the person whose browser this is.
async fn delegates(browser: &mut Browser, role: &str, to: PersonId, until: [&str; 3]) -> Answer {
    browser.get("/organisations/ZZ001/sign-off").await.expect(200).shows("Ask a colleague to sign for you");
    let [day, month, year] = until;
    let to = to.to_string();
    let form = [
        ("role", role),
        ("to", to.as_str()),
        ("until-day", day),
        ("until-month", month),
        ("until-year", year),
        ("reason", "Leave, in the mountains"),
    ];
    browser.post("/organisations/ZZ001/sign-off", &form).await
}

fn administrator(world: &World, trust: &Trust) -> PersonId {
    let id = trust.id;
    let all = world
        .db()
        .read_now(everybodys(), move |conn| identity::holders_of(conn, id, &[OrganisationAdministrator]));
    all.unwrap()[0].0
}

async fn a_colleague_signs_for_somebody_who_is_away(world: World) {
    let (trust, _) = given_a_return_that_is_ready(&world);
    let ann = administrator(&world, &trust);
    let mut away = world.signed_in("Siro ZZ001").await;
    away.get("/organisations/ZZ001/sign-off").await.expect(200);
    away.post("/organisations/ZZ001/sign-off", &[("role", "siro")])
        .await
        .expect(422)
        .shows("Choose a colleague from the list")
        .shows("Enter the reason")
        .shows("Enter the date until which they sign");
    delegates(&mut away, "siro", ann, ["31", "1", "2026"]).await.expect(303);
    delegates(&mut away, "siro", ann, ["31", "1", "2026"]).await.expect(409).shows("End that first");
    away.get("/organisations/ZZ001/sign-off")
        .await
        .expect(200)
        .shows("<strong>Ann Admin</strong> signs for Siro ZZ001");
    let [(to, subject, text, _)] = world.queued("identity.delegated").try_into().unwrap();
    assert_eq!(
        (to, subject.as_str()),
        (address("Ann Admin"), "You can sign for Siro ZZ001 until 31 January 2026")
    );
    assert!(!text.contains("mountains"));
    // What is asked now is asked of her too.
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "")).await.expect(200);
    lead.post(&trust.at("2026", "/draft"), &[]).await.expect(303);
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(303);
    let all = world.queued("returns.signature_wanted");
    let hers = all.iter().find(|(to, ..)| *to == address("Ann Admin")).unwrap();
    assert!(hers.2.contains("as senior information risk owner, for Siro ZZ001"), "{}", hers.2);
    let mut ann = world.signed_in("Ann Admin").await;
    ann.get(&trust.at("2026", "")).await.expect(200).shows("Read and sign the return");
    ann.get(&trust.at("2026", "/sign"))
        .await
        .expect(200)
        .shows("I sign this statement as senior information risk owner, for Siro ZZ001");
    signs(&mut ann, &trust).await.expect(303);
    let mut cal = world.signed_in("Cal Guardian").await;
    cal.get(&trust.at("2026", "/sign"))
        .await
        .expect(200)
        .shows("Ann Admin for Siro ZZ001, under a delegation of 13 January 2026");
    signs(&mut cal, &trust).await.expect(303);
    let version = ann.get(&trust.at("2026", "/submit")).await.expect(200).hidden("version");
    ann.post(&trust.at("2026", "/submit"), &[("version", &version)]).await.expect(303);
    ann.get(&trust.at("2026", "/receipt"))
        .await
        .expect(200)
        .shows("Ann Admin for Siro ZZ001, under a delegation of 13 January 2026");
    // The paper says the same as the page.
    let paper = ann.get(&trust.at("2026", "/receipt.pdf")).await.expect(200);
    Pdf::read(&paper.body)
        .says(
            "Senior information risk owner: Ann Admin for Siro ZZ001, under a delegation of 13 January 2026",
        )
        .says("Caldicott Guardian: Cal Guardian");
    let id = trust.id;
    let (snapshot, bodies): (_, Vec<String>) = world
        .db()
        .read_now(everybodys(), move |conn| {
            let found = returns::find(conn, Which::Of(id, "2026"))?.unwrap();
            let snapshot = returns::submission(conn, found.submission.unwrap())?.parsed()?;
            Ok((snapshot, ledger_event::table.select(ledger_event::body).load(conn)?))
        })
        .unwrap();
    let own = snapshot.sign_offs.iter().find(|one| one.role == "siro").unwrap();
    let given = own.delegation.as_ref().unwrap();
    assert_eq!((given.delegator, given.until.to_string().as_str()), (trust.siro, "2026-01-31"));
    assert!(bodies.iter().all(|body| !body.contains("mountains")));
    assert!(bodies.iter().any(|body| body.contains("signing_delegated")));
    // Ended early by the one who gave it: she can no longer sign, and is told.
    away.get("/organisations/ZZ001/sign-off").await.expect(200);
    away.post(&format!("/organisations/ZZ001/sign-off/{}/end", given.id), &[]).await.expect(303);
    away.post(&format!("/organisations/ZZ001/sign-off/{}/end", given.id), &[]).await.expect(409);
    assert_eq!(world.queued("identity.delegation_ended")[0].0, address("Ann Admin"));
    world.settle();
}

async fn a_delegation_ends_with_its_day_in_london(world: World) {
    let (trust, _) = given_a_return_that_is_ready(&world);
    let ann = administrator(&world, &trust);
    let mut away = world.signed_in("Siro ZZ001").await;
    // The clocks go forward in the night after its last day.
    delegates(&mut away, "siro", ann, ["28", "3", "2026"]).await.expect(303);
    let may = |time: &str| {
        let (id, today) = (trust.id, parse_london(time).unwrap().london_day());
        let right = world
            .db()
            .read_now(everybodys(), move |conn| identity::right_to_sign(conn, ann, id, Siro, today));
        right.unwrap().is_some()
    };
    assert!(may("2026-03-28 23:59"));
    assert!(!may("2026-03-29 00:00"));
    world.clock.set(parse_london("2026-03-28 23:59").unwrap());
    let mut browser = world.signed_in("Ann Admin").await;
    let page = browser.get(&trust.at("2026", "/sign")).await.expect(200);
    let (version, hash) = (page.hidden("version"), page.hidden("hash"));
    world.clock.set(parse_london("2026-03-29 00:00").unwrap());
    let form = [("version", version.as_str()), ("hash", hash.as_str()), ("role", "siro"), ("agree", "yes")];
    browser.post(&trust.at("2026", "/sign"), &form).await.expect(403);
    browser.get(&trust.at("2026", "/sign")).await.expect(403);
    let mut away = world.signed_in("Siro ZZ001").await;
    away.get("/organisations/ZZ001/sign-off").await.expect(200).shows("Nobody signs for somebody else now.");
    // Past its day it is no hindrance to another one.
    delegates(&mut away, "siro", ann, ["30", "3", "2026"]).await.expect(303);
    world.settle();
}

async fn a_delegation_is_neither_handed_on_nor_given_to_just_anybody(world: World) {
    let (trust, cal) = given_a_return_that_is_ready(&world);
    let con = world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    let other = world.trust("ZZ002");
    let ann = administrator(&world, &trust);
    let mut away = world.signed_in("Siro ZZ001").await;
    for nobody in [con, other.lead, trust.siro] {
        delegates(&mut away, "siro", nobody, ["31", "1", "2026"])
            .await
            .expect(422)
            .shows("Choose a colleague");
    }
    delegates(&mut away, "caldicott_guardian", ann, ["31", "1", "2026"])
        .await
        .expect(403)
        .shows("a role that you hold");
    delegates(&mut away, "siro", ann, ["12", "1", "2026"]).await.expect(422).shows("Enter a date from today");
    delegates(&mut away, "siro", cal, ["31", "1", "2026"]).await.expect(303);
    // Whoever stands in holds no role to hand on.
    let mut stand_in = world.signed_in("Cal Guardian").await;
    delegates(&mut stand_in, "siro", ann, ["31", "1", "2026"])
        .await
        .expect(403)
        .shows("a role that you hold");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get("/organisations/ZZ001/sign-off").await.expect(200).hides("Ask a colleague to sign for you");
    lead.post("/organisations/ZZ001/sign-off", &[("role", "siro")]).await.expect(403);
    lead.post("/organisations/ZZ001/sign-off/1/end", &[]).await.expect(403).shows("A delegation is ended by");
    let mut part = world.signed_in("Con Tributor").await;
    part.get("/organisations/ZZ001/sign-off").await.expect(403);
    let mut stranger = world.signed_in("Siro ZZ002").await;
    stranger.get("/organisations/ZZ002/sign-off").await.expect(200);
    stranger.post("/organisations/ZZ002/sign-off/1/end", &[]).await.expect(404);
    // One person in two roles signs in each.
    signs(&mut stand_in, &trust).await.expect(303);
    signs(&mut stand_in, &trust).await.expect(303);
    assert_eq!((state(&world, &trust), signed_roles(&world).len()), (ReturnState::Signed, 2));
    world.settle();
}

async fn a_delegation_falls_with_whoever_leaves(world: World) {
    let (trust, _) = given_a_return_that_is_ready(&world);
    let ann = administrator(&world, &trust);
    world.person("Second Admin", &[(trust.id, OrganisationAdministrator)], &[]);
    let mut away = world.signed_in("Siro ZZ001").await;
    delegates(&mut away, "siro", ann, ["31", "1", "2026"]).await.expect(303);
    let mut second = world.signed_in("Second Admin").await;
    second.get("/organisations/ZZ001/people").await.expect(200);
    let id = trust.id;
    let held = world
        .db()
        .read_now(everybodys(), move |conn| identity::colleagues(conn, id))
        .unwrap()
        .into_iter()
        .find(|one| one.name == "Siro ZZ001")
        .unwrap()
        .membership;
    second.post(&format!("/organisations/ZZ001/people/{held}/end"), &[]).await.expect(303);
    let mut stand_in = world.signed_in("Ann Admin").await;
    stand_in.get(&trust.at("2026", "/sign")).await.expect(403);
    stand_in
        .get(&trust.at("2026", "/trial"))
        .await
        .expect(200)
        .shows("Nobody in your organisation holds this role.");
    stand_in
        .get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("Senior information risk owner: nobody in your organisation holds this role");
    // The leads are told in the morning, and once.
    for _ in 0..2 {
        returns::tell_of_leavers(world.db(), "https://portal.example").unwrap();
    }
    let told = world.queued("returns.leavers");
    let to: Vec<&str> = told.iter().map(|(to, ..)| to.as_str()).collect();
    assert_eq!(to, [address("Lead ZZ001"), address("Ann Admin"), address("Second Admin")]);
    assert!(
        told[0].2.contains("as senior information risk owner, and nobody holds that role"),
        "{}",
        told[0].2
    );
    world.settle();
}

async fn a_delegate_who_wrote_every_answer_cannot_sign(world: World) {
    let (trust, _) = given_a_return_that_is_ready(&world);
    let mut away = world.signed_in("Siro ZZ001").await;
    delegates(&mut away, "siro", trust.lead, ["31", "1", "2026"]).await.expect(303);
    let mut lead = world.signed_in("Lead ZZ001").await;
    signs(&mut lead, &trust).await.expect(403).shows("You wrote every answer of this return yourself");
    assert_eq!(signed_roles(&world), Vec::<String>::new());
    world.settle();
}

async fn reminders_to_sign_go_to_whom_the_signature_is_wanted_of(world: World) {
    let (trust, _) = given_a_return_that_is_ready(&world);
    let ann = administrator(&world, &trust);
    let mut cal = world.signed_in("Cal Guardian").await;
    signs(&mut cal, &trust).await.expect(303);
    world.clock.set(parse_london("2026-06-20 09:00").unwrap());
    let mut away = world.signed_in("Siro ZZ001").await;
    delegates(&mut away, "siro", ann, ["30", "6", "2026"]).await.expect(303);
    world.clock.set(parse_london("2026-06-23 09:00").unwrap());
    let sent = send_due(world.db(), "https://portal.example").unwrap();
    assert_eq!(sent, SentReminders { reminders: 3, digests: 0 });
    let mut to: Vec<String> = world.queued("returns.reminder").into_iter().map(|(to, ..)| to).collect();
    to.sort();
    assert_eq!(
        to,
        [address("Ann Admin"), address("Lead ZZ001"), address("Siro ZZ001")],
        "not the guardian, who signed"
    );
    assert_eq!(send_due(world.db(), "https://portal.example").unwrap(), SentReminders::default());
    world.settle();
}

async fn who_need_not_sign_is_not_asked(world: World) {
    let trust = world.trust("ZZ001");
    world.person("Cal Guardian", &[(trust.id, CaldicottGuardian)], &[]);
    world.person("Dai Officer", &[(trust.id, Dpo), (trust.id, IgLead)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.submitted_levels(&trust, "2026");
    assert_eq!(asked(&world), [address("Siro ZZ001")]);
    world.settle();
}
