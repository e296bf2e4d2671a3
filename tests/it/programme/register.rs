//! The central team's search over the register and the page of one organisation.

use portal::access::CentralRole::{CentralReviewer, ProgrammeManager, Publisher};
use portal::access::OrganisationRole::{IgLead, OrganisationAdministrator};
use portal::cli::import::{import_organisations, import_register};
use portal::organisations::ImportOptions;

use super::{central, programme};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    the_register_is_searched_filtered_and_paged,
    an_organisations_history_is_shown_as_it_was_published,
    the_programme_manager_invites_the_first_administrator,
    a_refused_invitation_keeps_the_form,
    who_may_not_review_it_does_not_see_its_returns,
    only_the_central_team_reads_the_register,
    links_lead_to_where_a_role_can_go,
);

fn import(world: &World, name: &str, register: bool) {
    let path =
        std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/organisations").join(name);
    let run = if register { import_register } else { import_organisations };
    run(world.db(), &path, &ImportOptions::default()).unwrap();
    world.settle();
}

async fn the_register_is_searched_filtered_and_paged(world: World) {
    for n in 0..60 {
        world.organisation(&format!("ZZ{n:03}"), &format!("Example Place {n:02}"), "pharmacy");
    }
    world.organisation("ZZT77", "Fenwick & Marsh Trust", "nhs_trust");
    let mut rae = central(&world, "Rae Reviewer", CentralReviewer).await;
    rae.get("/organisations")
        .await
        .expect(200)
        .shows("61 organisations")
        .shows("Example Place 00")
        .hides("Example Place 55")
        .shows("/organisations?page=2");
    rae.get("/organisations?page=2").await.expect(200).shows("Example Place 55").hides("Example Place 00");
    rae.get("/organisations?words=marsh")
        .await
        .expect(200)
        .shows("1 organisation")
        .shows("/organisations/ZZT77/record")
        .shows("Fenwick &amp; Marsh Trust")
        .shows("value=\"marsh\"")
        .hides("Example Place");
    rae.get("/organisations?sector=nhs_trust").await.expect(200).shows("1 organisation").shows("London");
    rae.get("/organisations?region=Y99").await.expect(200).shows("No organisation is like this");
    rae.get("/organisations?words=%25_%27%22&sector=moon&page=-3").await.expect(200);
    rae.get("/organisations?words=%3Cscript%3E").await.expect(200).hides("<script>\"");
}

async fn an_organisations_history_is_shown_as_it_was_published(world: World) {
    import(&world, "register-2019-03-31.csv", true);
    import(&world, "register-2024-05-01.csv", true);
    import(&world, "ods-trusts-2024-06.csv", false);
    import(&world, "successors-2024-07-01.csv", false);
    let mut pat = central(&world, "Pat Publisher", Publisher).await;
    pat.get("/organisations?words=zzt01")
        .await
        .expect(200)
        .shows("1 organisation")
        .shows("/organisations/ZZT01/record");
    let known: Vec<(String, String, Option<String>)> = history(&world);
    assert!(known.iter().any(|(_, _, now)| now.is_some()), "the fixtures hold a label that was renamed");
    for (code, label, now) in known {
        let page = pat.get(&format!("/organisations/{code}/record")).await.expect(200);
        let page = page.shows("What was published").shows(&label);
        if let Some(now) = now {
            page.shows(&now);
        }
    }
    let (old, new) = successor(&world);
    pat.get(&format!("/organisations/{old}/record"))
        .await
        .expect(200)
        .shows("Followed by")
        .shows(&format!("/organisations/{new}/record"))
        .hides("Invite an administrator");
    pat.get("/organisations/NOSUCH1/record").await.expect(404);
    pat.get("/organisations/no%20code/record").await.expect(404);
}

/// Some organisations with a label they were published with and its name of today, where that differs.
fn history(world: &World) -> Vec<(String, String, Option<String>)> {
    use portal::organisations::{Page, SearchFilter, history_of, search};
    world
        .db()
        .read_now(everybodys(), |conn| {
            let mut found = Vec::new();
            for organisation in search(conn, &SearchFilter::default(), Page::new(1, 500))?.items {
                for entry in history_of(conn, organisation.id)? {
                    // Markup in a label is checked elsewhere; here the words must be there letter by letter.
                    let plain = entry.status.label.chars().all(|c| c.is_alphanumeric() || " ()".contains(c));
                    if plain && !entry.status.label.is_empty() {
                        let code = organisation.code.to_string();
                        found.push((code, entry.status.label, entry.renamed_to));
                    }
                }
            }
            found.sort_by_key(|(_, _, now)| now.is_none());
            found.truncate(5);
            Ok(found)
        })
        .unwrap()
}

/// The codes of an organisation and of the one that took over from it.
fn successor(world: &World) -> (String, String) {
    use portal::organisations::{Page, SearchFilter, by_id, search};
    world
        .db()
        .read_now(everybodys(), |conn| {
            for organisation in search(conn, &SearchFilter::default(), Page::new(1, 500))?.items {
                if let Some(id) = organisation.successor_id {
                    let next = by_id(conn, id)?.unwrap();
                    return Ok((organisation.code.to_string(), next.code.to_string()));
                }
            }
            panic!("the fixtures hold a successor")
        })
        .unwrap()
}

async fn the_programme_manager_invites_the_first_administrator(world: World) {
    world.organisation("ZZ001", "Example Trust", "nhs_trust");
    let mut mo = programme(&world).await;
    mo.get("/organisations/ZZ001/record")
        .await
        .expect(200)
        .shows("Nobody belongs to this organisation yet")
        .shows("Invite an administrator");
    let to = mo
        .post(
            "/organisations/ZZ001/record/invitations",
            &[("name", "Adi Admin"), ("email", "Adi@trust.example")],
        )
        .await
        .expect(303)
        .location();
    mo.get(&to).await.expect(200).shows("Invitation sent");
    world.settle();
    let mail = world.mails().pop().unwrap().replace("=\r\n", "");
    assert!(mail.contains("Organisation administrator"), "{mail}");
    let start = mail.find("/invitations/").unwrap();
    let link = mail[start..].split_whitespace().next().unwrap().to_owned();
    let mut adi = world.browser();
    adi.get(&link).await.expect(200).shows("Organisation administrator of Example Trust");
    let password = "three unrelated words";
    adi.post(&link, &[("password", password), ("again", password)]).await.expect(303);
    adi.post("/sign-in", &[("email", "adi@trust.example"), ("password", password)]).await.expect(303);
    adi.get("/organisations/ZZ001/people").await.expect(200).shows("Invite a colleague");
    mo.get("/organisations/ZZ001/record").await.expect(200).shows("Adi Admin (adi@trust.example)");
}

async fn a_refused_invitation_keeps_the_form(world: World) {
    world.organisation("ZZ001", "Example Trust", "nhs_trust");
    let mut mo = programme(&world).await;
    let path = "/organisations/ZZ001/record/invitations";
    mo.get("/organisations/ZZ001/record").await.expect(200);
    mo.post(path, &[("name", ""), ("email", "adi")])
        .await
        .expect(422)
        .shows("Enter a name")
        .shows("correct format")
        .shows("value=\"adi\"")
        .shows("id=\"email-error\"");
    let good = [("name", "Adi Admin"), ("email", "adi@trust.example")];
    mo.post("/organisations/NOSUCH1/record/invitations", &good).await.expect(404);
    let mut rae = central(&world, "Rae Reviewer", CentralReviewer).await;
    rae.get("/reviews/interests").await.expect(200);
    rae.post(path, &good).await.expect(403);
    mo.forget_token();
    mo.post(path, &good).await.expect(403);
    world.settle();
    assert!(world.mails().is_empty());
}

async fn who_may_not_review_it_does_not_see_its_returns(world: World) {
    let trust = world.organisation("ZZ001", "Example Trust", "nhs_trust");
    world.person("Ira Conflicted", &[(trust, IgLead)], &[CentralReviewer]);
    let says = "do not let you read how far its returns have got";
    let mut ira = world.signed_in("Ira Conflicted").await;
    ira.get("/organisations/ZZ001/record").await.expect(200).shows(says);
    let mut pat = central(&world, "Pat Publisher", Publisher).await;
    pat.get("/organisations/ZZ001/record").await.expect(200).shows(says).hides("People");
    let mut rae = central(&world, "Rae Reviewer", CentralReviewer).await;
    rae.get("/organisations/ZZ001/record")
        .await
        .expect(200)
        .shows("It has started no return")
        .hides("People");
    world.person("Ada Lead", &[(trust, IgLead)], &[]);
    let mut mo = central(&world, "Mo Programme", ProgrammeManager).await;
    mo.get("/organisations/ZZ001/record").await.expect(200).shows("Ada Lead");
}

async fn only_the_central_team_reads_the_register(world: World) {
    let trust = world.organisation("ZZ001", "Example Trust", "nhs_trust");
    world.person("Adi Admin", &[(trust, OrganisationAdministrator)], &[]);
    let mut adi = world.signed_in("Adi Admin").await;
    adi.get("/organisations").await.expect(404);
    // Not even a member of it: what is published has its public page.
    adi.get("/organisations/ZZ001/record").await.expect(404);
    adi.get("/organisations/ZZ001/people").await.expect(200);
    adi.post("/organisations/ZZ001/record/invitations", &[("name", "A"), ("email", "a@b.example")])
        .await
        .expect(404);
    let mut nobody = world.browser();
    nobody.get("/organisations").await.expect(303);
    nobody.get("/organisations/ZZ001/record").await.expect(303);
}

async fn links_lead_to_where_a_role_can_go(world: World) {
    for (name, role) in [
        ("Mo", ProgrammeManager),
        ("Ed", portal::access::CentralRole::StandardsEditor),
        ("Rae", CentralReviewer),
    ] {
        let mut browser = central(&world, name, role).await;
        let home = browser.get("/home").await.expect(200).text();
        let main = home.split("<h1").nth(1).unwrap().split("<footer").next().unwrap();
        let header = home.split("<h1").next().unwrap();
        for part in [main, header] {
            for href in part.split("href=\"/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
                if !href.starts_with("assets/") {
                    browser.get(&format!("/{href}")).await.expect(200);
                }
            }
        }
        let manages = role == ProgrammeManager;
        assert_eq!(main.contains("href=\"/imports\""), manages, "{name}");
        assert_eq!(main.contains("href=\"/people/central\""), manages, "{name}");
    }
}
