//! Corrections of a list of sites: asked by a head office, answered by the programme, seen in the register.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager};
use portal::organisations::{self, OdsCode, Organisation};
use portal::schema::{ledger_event, site_correction};

use super::{a_chain, belongs_to, covering};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    an_accepted_correction_changes_the_register,
    an_accepted_correction_stands_until_the_register_goes_on,
    a_correction_is_refused_with_a_reason_or_taken_back,
    what_is_wrong_with_a_request_is_said_beside_it,
);

const AT: &str = "/organisations/ZZ001/sites/corrections";

fn registered(world: &World, code: &str) -> Organisation {
    let code = OdsCode::parse(code).unwrap();
    world.db().read_now(everybodys(), move |conn| organisations::by_code(conn, &code)).unwrap().unwrap()
}

fn newest(world: &World) -> i64 {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(site_correction::table
                .order(site_correction::id.desc())
                .select(site_correction::id)
                .first(conn)?)
        })
        .unwrap()
}

async fn an_accepted_correction_changes_the_register(world: World) {
    let (head, sites) = a_chain(&world, 4);
    world.person("Mo Manager", &[], &[ProgrammeManager]);
    belongs_to(&world, sites[3], None);
    let mut lead = covering(&world, &head).await;
    let mut mo = world.signed_in("Mo Manager").await;
    lead.get(&head.at("2026", "/sites")).await.expect(200).shows("Something in this list is wrong");
    let asked = [
        ("not_ours", "ZS000", ""),
        ("closed", "zs001", ""),
        ("wrong_name", "ZS002", "High <Street> Shop"),
        ("missing", "ZS003", ""),
    ];
    for (kind, site, detail) in asked {
        lead.get(AT).await.expect(200);
        let form = [("kind", kind), ("site", site), ("detail", detail), ("note", "We were there")];
        lead.post(AT, &form).await.expect(303);
        let at = format!("/corrections/{}", newest(&world));
        mo.get("/corrections").await.expect(200).shows(&site.to_uppercase());
        mo.get(&at).await.expect(200).shows("We were there").shows("Waiting for an answer");
        mo.post(&at, &[("decision", "accept"), ("words", "")]).await.expect(303);
        mo.get(&at).await.expect(200).shows("Accepted").hides("Send the answer");
        mo.post(&at, &[("decision", "accept"), ("words", "")]).await.expect(409);
    }
    assert_eq!(registered(&world, "ZS000").head_office_id, None);
    assert_eq!(registered(&world, "ZS001").closed_on, Some(world.now().london_day()));
    assert_eq!(registered(&world, "ZS002").name, "High <Street> Shop");
    assert_eq!(registered(&world, "ZS003").head_office_id, Some(head.id));
    lead.get(&head.at("2026", "/sites"))
        .await
        .expect(200)
        .hides("ZS000")
        .shows("Left out: not open, says the register")
        .shows("High &lt;Street&gt; Shop")
        .shows("ZS003");
    let told = world.queued("organisations.correction_answered");
    assert_eq!(told.len(), 4);
    assert!(told.iter().all(|(to, ..)| to == "lead.zz001@people.example"));
    let bodies: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| Ok(ledger_event::table.select(ledger_event::body).load(conn)?))
        .unwrap();
    assert_eq!(bodies.iter().filter(|body| body.contains("register_corrected")).count(), 4);
    assert!(bodies.iter().all(|body| !body.contains("We were there") && !body.contains("Street")));
    world.settle();
}

async fn a_correction_is_refused_with_a_reason_or_taken_back(world: World) {
    let (head, _) = a_chain(&world, 1);
    world.person("Mo Manager", &[], &[ProgrammeManager]);
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    let mut lead = covering(&world, &head).await;
    let form = [("kind", "closed"), ("site", "ZS000"), ("note", "The lease ended")];
    lead.get(AT).await.expect(200).shows("Nothing was asked yet");
    lead.post(AT, &form).await.expect(303);
    let id = newest(&world);
    lead.post(&format!("{AT}/{id}/withdraw"), &[]).await.expect(303);
    lead.post(&format!("{AT}/{id}/withdraw"), &[]).await.expect(409);
    lead.get(AT).await.expect(200).shows("Taken back");
    lead.post(AT, &form).await.expect(303);
    let at = format!("/corrections/{}", newest(&world));
    let mut ada = world.signed_in("Ada Reviewer").await;
    ada.get("/corrections").await.expect(403);
    ada.get(&at).await.expect(403);
    let mut mo = world.signed_in("Mo Manager").await;
    mo.get(&at).await.expect(200);
    mo.post(&at, &[("decision", "refuse")]).await.expect(422).shows("Say why the request is refused");
    mo.post(&at, &[("words", "Well.")]).await.expect(422).shows("Choose whether").shows("Well.");
    mo.post(&at, &[("decision", "refuse"), ("words", "It opened again.")]).await.expect(303);
    lead.get(AT).await.expect(200).shows("Refused").shows("It opened again.");
    assert_eq!(registered(&world, "ZS000").closed_on, None);
    let mails = world.queued("organisations.correction_answered");
    assert!(mails[0].2.contains("It opened again."));
    world.settle();
}

async fn what_is_wrong_with_a_request_is_said_beside_it(world: World) {
    let (head, _) = a_chain(&world, 1);
    world.trust("ZZ002");
    let mut lead = covering(&world, &head).await;
    lead.get(AT).await.expect(200);
    let form =
        |kind: &'static str, site: &'static str| [("kind", kind), ("site", site), ("note", "So it is")];
    let cases = [
        (form("closed", ""), "Enter the code of the site"),
        (form("", "ZS000"), "Choose what is wrong"),
        (form("wrong_name", "ZS000"), "Enter the right name"),
        (form("closed", "ZX999"), "The register has no organisation with this code"),
        (form("closed", "ZZ002"), "This code is not in your list of sites"),
        (form("missing", "ZS000"), "This site is in your list already"),
        (form("missing", "ZZ001"), "The register has no organisation with this code"),
    ];
    for (fields, message) in cases {
        lead.post(AT, &fields).await.expect(422).shows(message);
    }
    lead.post(AT, &form("closed", "ZS000")).await.expect(303);
    lead.post(AT, &form("not_ours", "ZS000")).await.expect(422).shows("waits for its answer already");
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(AT).await.expect(200).hides("Send the request</button>");
    siro.post(AT, &form("closed", "ZS000")).await.expect(403);
    world.settle();
}

/// A line of the directory's list of sites with head offices.
fn line(code: &str, name: &str, closed: &str, head: &str) -> String {
    let mut cells = vec![String::new(); 27];
    for (place, text) in [(0, code), (1, name), (10, "20000401"), (11, closed), (12, "A"), (14, head)] {
        text.clone_into(&mut cells[place]);
    }
    cells.join(",")
}

/// Imports such a list that speaks of a day.
fn listed(world: &World, day: &str, lines: &[String]) -> organisations::ImportReport {
    let path = world.folder().join(format!("heads-{day}.csv"));
    std::fs::write(&path, lines.join("\n")).unwrap();
    let options = organisations::ImportOptions {
        format: Some(organisations::Format::OdsHeadOffices),
        ..organisations::ImportOptions::default()
    };
    portal::cli::import::import_organisations(world.db(), &path, &options).unwrap()
}

/// What a report says of accepted corrections: the part, and what holds.
fn met(report: &organisations::ImportReport) -> Vec<(&str, bool)> {
    let lines = report.damage.iter().filter(|damage| damage.done == organisations::Done::Corrected);
    lines.map(|line| (line.column.as_str(), line.action.contains("the correction stands"))).collect()
}

async fn an_accepted_correction_stands_until_the_register_goes_on(world: World) {
    let head = world.trust("FZ001");
    world.person("Mo Manager", &[], &[ProgrammeManager]);
    let today = world.now().london_day();
    let day = |days: i64| today.plus_days(days).to_string();
    let old = [line("FS000", "SHOP 0", "", "FZ001"), line("FS001", "SHOP 1", "", "FZ001")];
    let more = [line("FS002", "SHOP 2", "", "FZ001")];
    let old: Vec<String> = old.into_iter().chain(more).collect();
    assert_eq!(listed(&world, &day(-30), &old).added, 3);
    assert_eq!(registered(&world, "FS000").head_office_id, Some(head.id));
    let mut lead = world.signed_in("Lead FZ001").await;
    let mut mo = world.signed_in("Mo Manager").await;
    let at = "/organisations/FZ001/sites/corrections";
    for (kind, site, detail) in
        [("not_ours", "FS000", ""), ("closed", "FS001", ""), ("wrong_name", "FS002", "High Street")]
    {
        lead.get(at).await.expect(200);
        let form = [("kind", kind), ("site", site), ("detail", detail), ("note", "We were there")];
        lead.post(at, &form).await.expect(303);
        let one = format!("/corrections/{}", newest(&world));
        mo.get(&one).await.expect(200).hides("Against imported files");
        mo.post(&one, &[("decision", "accept"), ("words", "")]).await.expect(303);
        mo.get(&one).await.expect(200).shows("It stands: a file that still says the old thing");
    }
    mo.get("/imports/new").await.expect(200).shows("Corrections that stand").shows("High Street");
    let corrected = |world: &World| {
        assert_eq!(registered(world, "FS000").head_office_id, None);
        assert_eq!(registered(world, "FS001").closed_on, Some(today));
        assert_eq!(registered(world, "FS002").name, "High Street");
    };
    corrected(&world);
    // The same file again, and a later one that has not learnt of it, change nothing and say so.
    for days in [-30, 5] {
        let report = listed(&world, &day(days), &old);
        assert_eq!(met(&report), [("Head office", true), ("Closing", true), ("Name", true)], "{report}");
        corrected(&world);
    }
    // The register agrees about the closing and goes on with the name; it does not move on with the head office.
    let closed = today.plus_days(-3).to_string().replace('-', "");
    let news = [
        line("FS000", "SHOP 0", "", "FZ001"),
        line("FS001", "SHOP 1", &closed, "FZ001"),
        line("FS002", "CORNER SHOP", "", "FZ001"),
    ];
    let report = listed(&world, &day(10), &news);
    assert_eq!(met(&report), [("Head office", true), ("Closing", false), ("Name", false)], "{report}");
    assert_eq!(registered(&world, "FS000").head_office_id, None);
    assert_eq!(registered(&world, "FS001").closed_on, Some(today.plus_days(-3)));
    assert_eq!(registered(&world, "FS002").name, "CORNER SHOP");
    // From now on the register rules what is done.
    let report = listed(&world, &day(20), &old);
    assert_eq!(met(&report), [("Head office", true)], "{report}");
    assert_eq!(registered(&world, "FS001").closed_on, None);
    assert_eq!(registered(&world, "FS002").name, "SHOP 2");
    let one = format!("/corrections/{}", newest(&world));
    mo.get(&one).await.expect(200).shows("It is done: the register has gone on");
    mo.get("/imports/new").await.expect(200).shows("FS000").hides("High Street");
    world.settle();
}
