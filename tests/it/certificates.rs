//! Certificates, through the pages: recording, correcting, withdrawing, and the services that scopes are held against.

use diesel::prelude::*;
use portal::access::OrganisationRole::Contributor;
use portal::platform::clock::parse_london;
use portal::schema::{certificate, ledger_event};

use crate::on_both;
use crate::support::{Browser, World, everybodys};

on_both!(
    a_certificate_counts_until_its_last_day,
    a_scope_is_held_against_the_services_that_are_listed,
    a_2013_edition_ended_whatever_the_certificate_says,
    dates_out_of_order_are_refused_and_nothing_is_lost,
    two_corrections_at_once_show_both,
    a_certificate_is_withdrawn_with_a_reason,
    members_read_and_only_leads_change,
    a_form_sent_twice_adds_one_certificate,
);

const LIST: &str = "/organisations/ZZ001/certificates";

/// A certificate's form; what is given replaces what is usual.
fn form<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("kind", "iso_27001/2022"),
        ("body", "Example Assurance"),
        ("accreditation", "Example accreditor 0001"),
        ("number", "IS 123456"),
        ("scope", "whole"),
        ("issued_on-day", "1"),
        ("issued_on-month", "5"),
        ("issued_on-year", "2024"),
        ("valid_from-day", "4"),
        ("valid_from-month", "5"),
        ("valid_from-year", "2024"),
        ("valid_to-day", "3"),
        ("valid_to-month", "5"),
        ("valid_to-year", "2027"),
    ];
    let mut form: Vec<(&str, &str)> = usual
        .into_iter()
        .map(|(name, value)| {
            (name, changed.iter().find(|(other, _)| *other == name).map_or(value, |(_, value)| *value))
        })
        .collect();
    form.extend(changed.iter().filter(|(name, _)| usual.iter().all(|(other, _)| other != name)));
    form
}

async fn lead(world: &World) -> Browser {
    world.trust("ZZ001");
    world.signed_in("Lead ZZ001").await
}

async fn added(browser: &mut Browser, changed: &[(&str, &str)]) {
    browser.get(&format!("{LIST}/new")).await.expect(200);
    browser.post(&format!("{LIST}/new"), &form(changed)).await.expect(303);
}

fn only_certificate(world: &World) -> i64 {
    world
        .db()
        .read_now(everybodys(), |conn| Ok(certificate::table.select(certificate::id).first(conn)?))
        .unwrap()
}

fn events(world: &World, kind: &'static str) -> Vec<String> {
    world
        .db()
        .read_now(everybodys(), move |conn| {
            Ok(ledger_event::table
                .filter(ledger_event::kind.eq(kind))
                .select(ledger_event::body)
                .load::<String>(conn)?)
        })
        .unwrap()
}

async fn a_certificate_counts_until_its_last_day(world: World) {
    let mut lead = lead(&world).await;
    lead.get("/organisations/ZZ001").await.expect(200).shows(LIST);
    lead.get(LIST).await.expect(200).shows("No certificate is on record");
    added(&mut lead, &[]).await;
    lead.get(LIST)
        .await
        .expect(200)
        .shows("ISO/IEC 27001 (2022 edition)")
        .shows(">Counts<")
        .shows("3 May 2027");
    world.clock.set(parse_london("2027-05-03 23:59").unwrap());
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(LIST).await.expect(200).shows(">Counts<");
    // The clocks are an hour ahead of UTC: the London day decides.
    world.clock.set(parse_london("2027-05-04 00:00").unwrap());
    lead.get(LIST).await.expect(200).hides(">Counts<").shows("because it lapsed after 3 May 2027");
    let told = events(&world, "certificate_added");
    assert_eq!(told.len(), 1);
    assert!(!told[0].contains("IS 123456") && !told[0].contains("Example Assurance"), "{}", told[0]);
    assert!(told[0].contains("\"valid_to\":\"2027-05-03\""), "{}", told[0]);
    world.settle();
}

async fn a_scope_is_held_against_the_services_that_are_listed(world: World) {
    let mut lead = lead(&world).await;
    lead.get(&format!("{LIST}/new")).await.expect(200).shows("lists no services yet");
    lead.post(&format!("{LIST}/new"), &form(&[("scope", "services")]))
        .await
        .expect(422)
        .shows("Choose the services that the certificate covers");
    lead.get(&format!("{LIST}/services")).await.expect(200);
    lead.post(&format!("{LIST}/services"), &[("services", "One\nTwo\nOne")])
        .await
        .expect(422)
        .shows("listed twice");
    lead.post(&format!("{LIST}/services"), &[("services", " One \n\nTwo\nThree")]).await.expect(303);
    let page = lead.get(&format!("{LIST}/new")).await.expect(200).shows("Three").text();
    let ids: Vec<&str> = page
        .split("name=\"covered\" type=\"checkbox\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(ids.len(), 3);
    added(&mut lead, &[("scope", "services"), ("covered", ids[0]), ("covered", ids[1])]).await;
    lead.get(LIST).await.expect(200).shows("2 of 3 services").shows("Left out: Three");
    // A service that goes takes the gap with it, and is the same one when it comes back.
    lead.get(&format!("{LIST}/services")).await.expect(200).shows("One\nTwo\nThree");
    lead.post(&format!("{LIST}/services"), &[("services", "Two\nOne")]).await.expect(303);
    lead.get(LIST).await.expect(200).shows("all 2 services").hides("Left out");
    lead.post(&format!("{LIST}/services"), &[("services", "One\nTwo\nThree\nFour")]).await.expect(303);
    lead.get(LIST).await.expect(200).shows("2 of 4 services").shows("Left out: Three and Four");
    // What is not on the list cannot be covered.
    lead.get(&format!("{LIST}/new")).await.expect(200);
    lead.post(&format!("{LIST}/new"), &form(&[("scope", "services"), ("covered", "999999")]))
        .await
        .expect(422)
        .shows("Choose services from the list");
    world.settle();
}

async fn a_2013_edition_ended_whatever_the_certificate_says(world: World) {
    let mut lead = lead(&world).await;
    lead.get(&format!("{LIST}/new")).await.expect(200).shows("2013 edition, ended 31 October 2025");
    added(&mut lead, &[("kind", "iso_27001/2013")]).await;
    lead.get(LIST)
        .await
        .expect(200)
        .shows("Does not count")
        .shows("because certificates of the 2013 edition ended on 31 October 2025");
    world.settle();
}

async fn dates_out_of_order_are_refused_and_nothing_is_lost(world: World) {
    let mut lead = lead(&world).await;
    lead.get(&format!("{LIST}/new")).await.expect(200);
    let new = format!("{LIST}/new");
    lead.post(&new, &form(&[("valid_to-year", "2023")]))
        .await
        .expect(422)
        .shows("The last day must not be before the first day")
        .shows("href=\"#valid_to-day\"")
        .shows("value=\"IS 123456\"");
    lead.post(&new, &form(&[("valid_to-year", "2028")])).await.expect(422).shows("lasts 36 months at most");
    lead.post(&new, &form(&[("valid_to-day", "31"), ("valid_to-month", "6")]))
        .await
        .expect(422)
        .shows("real date");
    lead.post(&new, &form(&[("kind", "iso_27001")])).await.expect(422).shows("Choose one of the kinds");
    lead.post(&new, &form(&[("kind", "stars/2022")])).await.expect(422).shows("Choose one of the kinds");
    lead.post(&new, &form(&[("number", "")])).await.expect(422).shows("Enter the certificate");
    assert!(events(&world, "certificate_added").is_empty());
}

async fn two_corrections_at_once_show_both(world: World) {
    let mut first = lead(&world).await;
    let mut second = first.clone();
    added(&mut first, &[]).await;
    let at = format!("{LIST}/{}", only_certificate(&world));
    let version = first.get(&at).await.expect(200).shows("IS 123456").hidden("version");
    second.get(&at).await.expect(200);
    first.post(&at, &form(&[("number", "IS 7"), ("version", &version)])).await.expect(303);
    let page = second
        .post(&at, &form(&[("number", "IS 8"), ("version", &version)]))
        .await
        .expect(409)
        .shows("number IS 7")
        .shows("value=\"IS 8\"");
    let version = page.hidden("version");
    second.post(&at, &form(&[("number", "IS 8"), ("version", &version)])).await.expect(303);
    first.get(LIST).await.expect(200).shows("IS 8");
    assert_eq!(events(&world, "certificate_corrected").len(), 2);
    world.settle();
}

async fn a_certificate_is_withdrawn_with_a_reason(world: World) {
    let mut lead = lead(&world).await;
    added(&mut lead, &[]).await;
    let at = format!("{LIST}/{}", only_certificate(&world));
    lead.get(&at).await.expect(200);
    lead.post(&format!("{at}/withdraw"), &[])
        .await
        .expect(422)
        .shows("Enter why the certificate is withdrawn");
    lead.post(&format!("{at}/withdraw"), &[("reason", "The body took it back")]).await.expect(303);
    lead.get(LIST).await.expect(200).shows(">Withdrawn<").shows("it was withdrawn on 13 January 2026");
    lead.get(&at).await.expect(409);
    lead.post(&format!("{at}/withdraw"), &[("reason", "Again")]).await.expect(409);
    let told = events(&world, "certificate_withdrawn");
    assert!(told.len() == 1 && !told[0].contains("took it back"), "{told:?}");
    world.settle();
}

async fn members_read_and_only_leads_change(world: World) {
    let mut lead = lead(&world).await;
    added(&mut lead, &[]).await;
    let id = only_certificate(&world);
    let trust = portal::platform::ids::OrganisationId::new(1);
    world.person("Con Tributor", &[(trust, Contributor)], &[]);
    let mut contributor = world.signed_in("Con Tributor").await;
    contributor.get(LIST).await.expect(200).shows("IS 123456").hides("Add a certificate");
    contributor.get(&format!("{LIST}/new")).await.expect(403);
    contributor.get("/account").await.expect(200);
    contributor.post(&format!("{LIST}/{id}"), &form(&[("version", "1")])).await.expect(403);
    world.trust("ZZ002");
    let mut other = world.signed_in("Lead ZZ002").await;
    other.get(LIST).await.expect(404);
    other.get(&format!("/organisations/ZZ002/certificates/{id}")).await.expect(404);
    other
        .post(&format!("/organisations/ZZ002/certificates/{id}/withdraw"), &[("reason", "x")])
        .await
        .expect(404);
    world.settle();
}

async fn a_form_sent_twice_adds_one_certificate(world: World) {
    let mut lead = lead(&world).await;
    let once = lead.get(&format!("{LIST}/new")).await.expect(200).hidden("once");
    for _ in 0..2 {
        let sent = lead.post(&format!("{LIST}/new"), &form(&[("once", &once)])).await.expect(303);
        assert_eq!(sent.location(), LIST);
    }
    assert_eq!(events(&world, "certificate_added").len(), 1);
    world.settle();
}
