//! Exemptions: shown with their reason, blocking nothing, falling away by themselves, and fixed by a submission.

use diesel::prelude::*;
use portal::certificates;
use portal::platform::clock::parse_london;
use portal::platform::ids::{ServiceId, SubmissionId};
use portal::returns::{self, Snapshot};
use portal::schema::organisation_service;
use portal::standards;
use portal::standards::scoring::{GradeKey, Status};
use serde_json::json;

use super::planned::with_rules;
use crate::on_both;
use crate::support::year::{Trust, levels};
use crate::support::{World, everybodys};

on_both!(
    an_exempt_requirement_needs_no_answer_and_says_why,
    an_exemption_lapses_by_itself_and_stops_what_was_not_sent,
    a_scope_that_leaves_services_out_is_explained,
    an_exemption_is_fixed_by_the_submission,
    a_certificate_lifts_the_grade,
    a_withdrawn_certificate_exempts_from_nothing,
    a_levels_edition_leaves_exempt_requirements_out,
    editions_without_rules_know_nothing_of_certificates,
);

fn a_year(world: &World) -> Trust {
    let trust = world.trust("ZZ001");
    world.usual_year(&with_rules("items-2026"));
    world.started(&trust, "2026");
    trust
}

fn snapshot(world: &World, id: SubmissionId) -> (Snapshot, returns::Submission) {
    let sent = world.db().read_now(everybodys(), move |conn| returns::submission(conn, id)).unwrap();
    (sent.parsed().unwrap(), sent)
}

fn differences(world: &World) -> Vec<String> {
    let (_, found) = world.db().read_now(everybodys(), returns::verify).unwrap();
    found.into_iter().map(|difference| format!("{}: {}", difference.what, difference.how)).collect()
}

async fn an_exempt_requirement_needs_no_answer_and_says_why(world: World) {
    let trust = a_year(&world);
    world.certified(&trust, "iso_27001", ["2024-05-04", "2027-05-03"], None);
    world.items(&trust, &["1.1", "1.1.2", "1.1.3", "1.1.4"]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let at = trust.at("2026", "/requirements/1.1.1");
    lead.get(&at)
        .await
        .expect(200)
        .shows("<strong>Exempt</strong>")
        .shows("Your ISO/IEC 27001 certificate covers the whole organisation until 3 May 2027.")
        .shows("The assessor looked at it.");
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("<strong>5 of 5</strong>")
        .shows(">Exempt")
        .shows("Mark as ready")
        .hides("What still has to be done");
    lead.get(&trust.at("2026", "/requirements/1.1.4")).await.expect(200).hides("<strong>Exempt</strong>");
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(303);
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(&trust.at("2026", "/sign")).await.expect(200).shows("Exempt by a certificate.");
    // An answer given anyway stays.
    lead.post(&trust.at("2026", "/draft"), &[]).await.expect(303);
    world.items(&trust, &["1.1.1"]);
    lead.get(&at).await.expect(200).shows("We do.").shows("<strong>Exempt</strong>");
    let sent = world.sent(&trust, "2026");
    let (_, submission) = snapshot(&world, sent);
    let score = submission.parsed_score().unwrap();
    assert_eq!(score.requirement("1.1.1").unwrap().status, Status::Complete);
    world.settle();
}

async fn an_exemption_lapses_by_itself_and_stops_what_was_not_sent(world: World) {
    let trust = a_year(&world);
    world.certified(&trust, "iso_27001", ["2024-05-04", "2026-05-03"], None);
    world.items(&trust, &["1.1", "1.1.2", "1.1.3", "1.1.4"]);
    world.clock.set(parse_london("2026-05-03 23:30").unwrap());
    world.signed(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let version = lead.get(&trust.at("2026", "/submit")).await.expect(200).hidden("version");
    world.clock.set(parse_london("2026-05-04 00:10").unwrap());
    lead.post(&trust.at("2026", "/submit"), &[("version", &version)])
        .await
        .expect(409)
        .shows("requirement 1.1.1 is not finished");
    lead.post(&trust.at("2026", "/draft"), &[]).await.expect(303);
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("<strong>4 of 5</strong>")
        .shows("There is no answer yet.");
    lead.get(&trust.at("2026", "/requirements/1.1.1"))
        .await
        .expect(200)
        .hides("<strong>Exempt</strong>")
        .shows("Your ISO/IEC 27001 certificate does not exempt you: it lapsed after 3 May 2026.");
    world.settle();
}

async fn a_scope_that_leaves_services_out_is_explained(world: World) {
    let trust = a_year(&world);
    let of = trust.id;
    let services: Vec<ServiceId> = world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let mut ids = Vec::new();
            for position in 1..=7_i64 {
                ids.push(
                    diesel::insert_into(organisation_service::table)
                        .values((
                            organisation_service::organisation_id.eq(of),
                            organisation_service::position.eq(position),
                            organisation_service::name.eq(format!("Service {position}")),
                        ))
                        .returning(organisation_service::id)
                        .get_result(tx.conn())?,
                );
            }
            Ok(ids)
        })
        .unwrap();
    world.certified(&trust, "iso_27001", ["2024-05-04", "2027-05-03"], Some(&services[..5]));
    let mut lead = world.signed_in("Lead ZZ001").await;
    let at = trust.at("2026", "/requirements/1.1.1");
    lead.get(&at)
        .await
        .expect(200)
        .hides("<strong>Exempt</strong>")
        .shows("Your ISO/IEC 27001 certificate does not exempt you: its scope leaves out 2 of 7 services.");
    world.certified(&trust, "iso_27001", ["2024-05-04", "2027-05-03"], Some(&services));
    lead.get(&at).await.expect(200).shows("covers all 7 services until 3 May 2027.");
    world.settle();
}

async fn an_exemption_is_fixed_by_the_submission(world: World) {
    let trust = a_year(&world);
    let id = world.certified(&trust, "iso_27001", ["2024-05-04", "2027-05-03"], None);
    world.items(&trust, &["1.1", "1.1.2", "1.1.3"]);
    world.answered(&trust, "2026", "1.1.4", &json!({"documents": false, "text": "Not yet."}), "");
    let sent = world.sent(&trust, "2026");
    let (snapshot, submission) = snapshot(&world, sent);
    let fixed = snapshot.circumstances.unwrap();
    assert_eq!(fixed.certificates.len(), 1);
    assert_eq!(fixed.certificates[0].id, Some(id.get()));
    let exemption = &fixed.exemptions[0];
    assert_eq!(
        (
            exemption.requirement.as_str(),
            exemption.rule.as_str(),
            exemption.certificate,
            fixed.exemptions.len()
        ),
        ("1.1.1", "iso", id.get(), 1)
    );
    assert_eq!(exemption.until.to_string(), "2027-05-03");
    let score = submission.parsed_score().unwrap();
    let item = score.requirement("1.1.1").unwrap();
    assert_eq!(item.status, Status::Exempt);
    assert_eq!(item.explanation[0].inputs["certificate"]["id"], json!(id.get()));
    assert_eq!(score.grade, GradeKey::StandardsNotMet);
    assert_eq!(differences(&world), Vec::<String>::new());
    // The certificate lapses and its services change: what was submitted keeps its score.
    world.clock.set(parse_london("2028-01-01 09:00").unwrap());
    assert_eq!(differences(&world), Vec::<String>::new());
    world.clock.set(parse_london("2026-01-13 10:00").unwrap());
    world.settle();
}

async fn a_certificate_lifts_the_grade(world: World) {
    let (with, without) = (world.trust("ZZ001"), world.trust("ZZ002"));
    world.usual_year(&with_rules("items-2026"));
    world.certified(&with, "cyber_essentials_plus", ["2025-08-01", "2026-07-31"], None);
    world.certified(&without, "cyber_essentials", ["2025-08-01", "2026-07-31"], None);
    for trust in [&with, &without] {
        world.started(trust, "2026");
        world.items(trust, &["1.1", "1.1.1", "1.1.2", "1.1.3", "1.1.4"]);
        world.sent(trust, "2026");
    }
    let grades: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| {
            use portal::schema::submission;
            Ok(submission::table.order(submission::id).select(submission::claimed_grade).load(conn)?)
        })
        .unwrap();
    // The document that is not attached is exempt for the one, and a gap for the other.
    assert_eq!(grades, ["standards_exceeded", "standards_not_met"]);
    assert_eq!(differences(&world), Vec::<String>::new());
    world.settle();
}

async fn a_withdrawn_certificate_exempts_from_nothing(world: World) {
    let trust = a_year(&world);
    let id = world.certified(&trust, "iso_27001", ["2024-05-04", "2027-05-03"], None);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let at = trust.at("2026", "/requirements/1.1.1");
    lead.get(&at).await.expect(200).shows("<strong>Exempt</strong>");
    lead.post(&format!("/organisations/ZZ001/certificates/{id}/withdraw"), &[("reason", "Given up")])
        .await
        .expect(303);
    lead.get(&at)
        .await
        .expect(200)
        .hides("<strong>Exempt</strong>")
        .shows("it was withdrawn on 13 January 2026");
    lead.get(&trust.at("2026", "")).await.expect(200).shows("<strong>0 of 5</strong>");
    let of = trust.id;
    let held = world.db().read_now(everybodys(), move |conn| certificates::holdings(conn, of)).unwrap();
    assert_eq!(held.certificates[0].withdrawn_reason, "Given up");
    world.settle();
}

async fn a_levels_edition_leaves_exempt_requirements_out(world: World) {
    let trust = world.trust("ZZ001");
    let rule = "[[exemptions]]\ncode = \"iso\"\ncertificate = \"iso_27001\"\nrequirements = [\"1-3\"]\n\
                whole_scope = true\nfrom = \"2025-09-01\"\nreason = \"It is audited.\"\n";
    world.usual_year(&(levels("sample-2026", 3) + rule));
    world.started(&trust, "2026");
    world.certified(&trust, "iso_27001", ["2024-05-04", "2027-05-03"], None);
    for code in ["1-1", "1-2"] {
        world.answered(&trust, "2026", code, &json!({"level": 3}), "");
    }
    let sent = world.sent(&trust, "2026");
    let (_, submission) = snapshot(&world, sent);
    let score = submission.parsed_score().unwrap();
    assert_eq!((score.grade, score.percentage), (GradeKey::Satisfactory, Some(100)));
    assert_eq!(submission.levels, [3, 3, 253]);
    assert_eq!(differences(&world), Vec::<String>::new());
    world.settle();
}

async fn editions_without_rules_know_nothing_of_certificates(world: World) {
    let trust = world.trust("ZZ001");
    let edition = world.edition(&levels("sample-2026", 3));
    let document = world.db().read_now(everybodys(), move |conn| standards::edition(conn, edition)).unwrap();
    assert!(!document.asks_for_certificates());
    world.collection("2026", edition, ["2026-01-05 09:00", "2026-06-30 12:00", "2026-07-14 12:00"]);
    world.certified(&trust, "iso_27001", ["2024-05-04", "2027-05-03"], None);
    let sent = world.submitted_levels(&trust, "2026");
    let (snapshot, submission) = snapshot(&world, sent);
    assert_eq!(snapshot.circumstances, None);
    assert!(!submission.snapshot.contains("circumstances"), "{}", submission.snapshot);
    world.settle();
}
