//! What an organisation holds goes out with a return and comes back to an organisation that has nothing on record, as
//! after a move to another portal: made-up services and certificates, and what is refused.

use std::collections::BTreeSet;

use diesel::prelude::*;
use portal::platform::clock::{Clock as _, Day, Timestamp};
use portal::platform::ids::ServiceId;
use portal::schema::{certificate, ledger_event, organisation_service};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::super::given_a_draft;
use super::{TIMES, json as exported};
use crate::on_both;
use crate::support::year::{Trust, levels};
use crate::support::{Browser, World, everybodys};

on_both!(
    what_was_held_comes_back_where_nothing_is_on_record,
    what_is_on_record_is_not_mixed_with_an_export,
    certificates_with_a_fault_bring_nothing_back,
);

/// What is made up of one certificate: kind, edition and the most months; which of the services it covers, if not all.
#[derive(Debug, Clone)]
struct MadeUp {
    kind: (&'static str, &'static str, i64),
    texts: [String; 3],
    covered: Option<Vec<bool>>,
    from: (i8, i8),
    months: i64,
    withdrawn: Option<(i64, String)>,
}

/// Names of services, and whether each is listed still.
type Services = Vec<(String, bool)>;

fn made_up() -> impl Strategy<Value = (Services, Vec<MadeUp>)> {
    let text = || "\\PC{1,30}";
    let kinds = vec![
        ("iso_27001", "2022", 36),
        ("iso_27001", "2013", 36),
        ("cyber_essentials_plus", "", 12),
        ("cyber_essentials", "", 12),
        ("informatics_excellence", "", 36),
    ];
    let one = (
        proptest::sample::select(kinds),
        [text().boxed(), "\\PC{0,30}".boxed(), text().boxed()],
        proptest::option::of(proptest::collection::vec(any::<bool>(), 6)),
        (1..13_i8, 1..29_i8),
        0..36_i64,
        proptest::option::of((0..200_i64, text())),
    )
        .prop_map(|(kind, texts, covered, from, months, withdrawn)| MadeUp {
            kind,
            texts,
            covered,
            from,
            months: months % kind.2,
            withdrawn,
        });
    let services = proptest::collection::btree_set(text(), 1..7)
        .prop_flat_map(|names| (Just(names), proptest::collection::vec(any::<bool>(), 6)))
        .prop_map(|(names, listed)| names.into_iter().zip(listed).collect::<Services>());
    (services, proptest::collection::vec(one, 0..5))
}

/// Takes everything that the organisation holds off the record, as in a portal that has never seen it.
pub fn lost(world: &World, trust: &Trust) {
    let whose = trust.id;
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            diesel::delete(certificate::table.filter(certificate::organisation_id.eq(whose)))
                .execute(tx.conn())?;
            diesel::delete(
                organisation_service::table.filter(organisation_service::organisation_id.eq(whose)),
            )
            .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
}

/// Puts made-up services and certificates on record in place of what the organisation holds.
pub fn held(world: &World, trust: &Trust, runner: &mut TestRunner) {
    lost(world, trust);
    let (whose, now) = (trust.id, world.clock.now());
    let (services, certificates) = made_up().new_tree(runner).unwrap().current();
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let mut ids: Vec<ServiceId> = Vec::new();
            for (position, (name, listed)) in (1_i64..).zip(services) {
                let ended: Option<Timestamp> = (!listed).then_some(now);
                let id = diesel::insert_into(organisation_service::table)
                    .values((
                        organisation_service::organisation_id.eq(whose),
                        organisation_service::position.eq(position),
                        organisation_service::name.eq(name),
                        organisation_service::ended_at.eq(ended),
                    ))
                    .returning(organisation_service::id)
                    .get_result(tx.conn())?;
                ids.push(id);
            }
            for made in certificates {
                let (month, day) = made.from;
                let from = Day::new(2025, month, day).unwrap();
                let [body, accreditation, number] = made.texts;
                let covered: BTreeSet<ServiceId> = made
                    .covered
                    .iter()
                    .flat_map(|covered| ids.iter().zip(covered).filter(|(_, is)| **is).map(|(id, _)| *id))
                    .collect();
                let withdrawn = made.withdrawn.map(|(days, why)| (from.plus_days(days).to_string(), why));
                let (on, why) = withdrawn.unzip();
                diesel::insert_into(certificate::table)
                    .values((
                        certificate::organisation_id.eq(whose),
                        certificate::kind.eq(made.kind.0),
                        certificate::edition.eq(made.kind.1),
                        certificate::body.eq(body),
                        certificate::accreditation.eq(accreditation),
                        certificate::number.eq(number),
                        certificate::whole.eq(made.covered.is_none()),
                        certificate::covered.eq(serde_json::to_string(&covered).unwrap()),
                        certificate::issued_on.eq(from.to_string()),
                        certificate::valid_from.eq(from.to_string()),
                        certificate::valid_to.eq(from.plus_months(made.months).to_string()),
                        certificate::withdrawn_on.eq(on),
                        certificate::withdrawn_reason.eq(why),
                        certificate::updated_at.eq(now),
                    ))
                    .execute(tx.conn())?;
            }
            Ok(())
        })
        .unwrap();
}

/// Two services, one certificate of one of them, one withdrawn certificate.
async fn given_certificates(lead: &mut Browser) {
    let list = "/organisations/ZZ001/certificates";
    lead.get(&format!("{list}/services")).await.expect(200);
    lead.post(&format!("{list}/services"), &[("services", "Wards\nKitchens\nLaundry")]).await.expect(303);
    let page = lead.get(&format!("{list}/new")).await.expect(200).text();
    let boxes: Vec<&str> = page
        .split("name=\"covered\" type=\"checkbox\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    let dates = [
        ("issued_on-day", "1"),
        ("issued_on-month", "5"),
        ("issued_on-year", "2025"),
        ("valid_from-day", "1"),
        ("valid_from-month", "5"),
        ("valid_from-year", "2025"),
        ("valid_to-day", "30"),
        ("valid_to-month", "4"),
        ("valid_to-year", "2026"),
    ];
    for (kind, number, scope) in
        [("iso_27001/2022", "IS 1", "services"), ("cyber_essentials_plus", "CE 2", "whole")]
    {
        let mut form = vec![
            ("kind", kind),
            ("body", "Example Assurance"),
            ("accreditation", "Example accreditor 0001"),
            ("number", number),
            ("scope", scope),
        ];
        if scope == "services" {
            form.extend([("covered", boxes[0]), ("covered", boxes[1])]);
        }
        form.extend(dates);
        lead.get(&format!("{list}/new")).await.expect(200);
        lead.post(&format!("{list}/new"), &form).await.expect(303);
    }
    // Kitchens are listed no more, and the certificate that names them stays readable.
    lead.get(&format!("{list}/services")).await.expect(200);
    lead.post(&format!("{list}/services"), &[("services", "Wards\nLaundry")]).await.expect(303);
}

async fn brought_back(
    lead: &mut Browser,
    trust: &Trust,
    year: &str,
    export: &Value,
) -> crate::support::Answer {
    lead.get(&trust.at(year, "/offline")).await.expect(200);
    let bytes = serde_json::to_vec(export).unwrap();
    lead.upload(&trust.at(year, "/offline/restore"), &[], "a.json", &bytes).await
}

/// A draft with an answer, and two empty returns of the same edition.
fn given_two_more(world: &World) -> Trust {
    let trust = given_a_draft(world);
    let edition = world.edition(&levels("sample-2026", 3));
    for key in ["again", "system"] {
        world.collection(key, edition, TIMES);
        world.started(&trust, key);
    }
    trust
}

async fn what_was_held_comes_back_where_nothing_is_on_record(world: World) {
    let trust = given_two_more(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    given_certificates(&mut lead).await;
    let export = exported(&mut lead, &trust.at("2026", "/export.json")).await;
    assert_eq!(export["holdings"]["services"], json!(["Wards", "Laundry"]));
    assert_eq!(export["holdings"]["certificates"].as_array().unwrap().len(), 2);
    let named = &export["holdings"]["certificates"][0]["covered"];
    assert_eq!(*named, json!(["Kitchens", "Wards"]), "what is listed no more is named still");
    lost(&world, &trust);
    brought_back(&mut lead, &trust, "again", &export).await.expect(303);
    lead.get(&trust.at("again", ""))
        .await
        .expect(200)
        .shows("Services listed again: 2.")
        .shows("Certificates on record again: 2.");
    let again = exported(&mut lead, &trust.at("again", "/export.json")).await;
    assert_eq!(again["holdings"], export["holdings"]);
    lead.get("/organisations/ZZ001/certificates")
        .await
        .expect(200)
        .shows("ISO/IEC 27001 (2022 edition)")
        .shows("IS 1");
    // The ledger has the facts and no names.
    let told: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(ledger_event::table
                .filter(ledger_event::kind.eq("holdings_restored"))
                .select(ledger_event::body)
                .load(conn)?)
        })
        .unwrap();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("\"valid_to\":\"2026-04-30\""), "{}", told[0]);
    assert!(!told[0].contains("Wards") && !told[0].contains("IS 1"), "{}", told[0]);
    // Whoever runs the portal brings it back in the same way.
    lost(&world, &trust);
    let file = world.folder().join("export.json");
    std::fs::write(&file, serde_json::to_vec(&export).unwrap()).unwrap();
    let words = portal::cli::import::restore(world.db(), &file, "ZZ001", "system").unwrap();
    assert!(words.contains("Certificates on record again: 2."), "{words}");
    let system = exported(&mut lead, &trust.at("system", "/export.json")).await;
    assert_eq!(system["holdings"], export["holdings"]);
    world.settle();
}

async fn what_is_on_record_is_not_mixed_with_an_export(world: World) {
    let trust = given_two_more(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    given_certificates(&mut lead).await;
    let mut export = exported(&mut lead, &trust.at("2026", "/export.json")).await;
    let before = export["holdings"].clone();
    export["holdings"]["certificates"][0]["valid_to"] = json!("2028-04-30");
    export["holdings"]["services"] = json!(["Wards", "Laundry", "Pharmacy"]);
    brought_back(&mut lead, &trust, "again", &export).await.expect(303);
    lead.get(&trust.at("again", ""))
        .await
        .expect(200)
        .shows("stay as your organisation has them on record here")
        .hides("on record again");
    let again = exported(&mut lead, &trust.at("again", "/export.json")).await;
    assert_eq!(again["holdings"], before);
    world.settle();
}

async fn certificates_with_a_fault_bring_nothing_back(world: World) {
    let trust = given_two_more(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    given_certificates(&mut lead).await;
    let export = exported(&mut lead, &trust.at("2026", "/export.json")).await;
    lost(&world, &trust);
    for (at, value, words) in [
        ("/holdings/certificates/0/kind", json!("driving_licence"), "Choose one of the kinds in the list"),
        ("/holdings/certificates/0/kind", json!("No Key!"), "of a kind that is none"),
        ("/holdings/certificates/0/valid_to", json!("2030-01-01"), "lasts 36 months at most"),
        ("/holdings/certificates/0/valid_to", json!("2024-01-01"), "must not be before the first day"),
        ("/holdings/certificates/0/valid_to", json!("31 April"), "no export of a return"),
        ("/holdings/certificates/0/body", json!("x".repeat(201)), "a text of a certificate is too long"),
        ("/holdings/services", json!(["Wards", "Wards"]), "is listed twice"),
        ("/holdings/services", json!(["x".repeat(201)]), "200 characters at most"),
    ] {
        let mut spoilt = export.clone();
        *spoilt.pointer_mut(at).unwrap() = value;
        brought_back(&mut lead, &trust, "again", &spoilt).await.expect(422).shows(words);
    }
    // All or nothing: not even the answers before the fault were kept.
    let empty = exported(&mut lead, &trust.at("again", "/export.json")).await;
    assert_eq!(empty["holdings"], json!({"services": [], "certificates": []}));
    assert_eq!(empty["requirements"][0]["answer"], Value::Null);
    world.settle();
}
