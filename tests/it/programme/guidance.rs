//! Guidance notes: published at once or ahead, in force from their day in London, shown word by word beside the question,
//! and told once to those whom they concern.

use portal::access::CentralRole::{ProgrammeManager, StandardsEditor};
use portal::access::OrganisationRole::Contributor;
use portal::access::{Actor, Permit, Subject, WithdrawGuidance};
use portal::identity::{self, MailKind};
use portal::platform::clock::parse_london;
use portal::platform::ids::{GuidanceNoteId, JobId, PersonId};
use portal::platform::jobs::{Job, Outcome};
use portal::returns;
use portal::standards::guidance::{self, About};

use super::central;
use crate::on_both;
use crate::support::seed::address;
use crate::support::year::levels;
use crate::support::{Answer, Browser, World, everybodys};

on_both!(
    a_note_takes_the_place_of_the_editions_guidance_and_shows_what_changed,
    a_note_that_is_scheduled_comes_into_force_by_itself,
    days_on_which_the_clocks_change_begin_at_midnight_in_london,
    those_whom_it_concerns_are_told_once,
    a_section_concerns_whoever_was_given_something_in_it,
    a_note_is_taken_back_before_its_day_and_not_after,
    what_is_typed_wrong_is_told_beside_its_field,
    guidance_as_it_was_on_a_day_can_be_read_later,
);

const URL: &str = "https://portal.example";
const AT: &str = "/standards/sample-2026/guidance";
const MAIL: &str = "returns.guidance";

async fn editor(world: &World) -> Browser {
    central(world, "Ed Standards", StandardsEditor).await
}

/// Publishes a note from a day `YYYY-MM-DD`.
async fn published(ed: &mut Browser, about: &str, text: &str, day: &str) -> Answer {
    ed.get(AT).await.expect(200);
    let parts: Vec<&str> = day.split('-').collect();
    let fields = [
        ("about", about),
        ("text", text),
        ("from-day", parts[2]),
        ("from-month", parts[1]),
        ("from-year", parts[0]),
    ];
    ed.post(AT, &fields).await
}

fn told(world: &World) -> Vec<(String, String)> {
    world.queued(MAIL).into_iter().map(|(to, subject, ..)| (to, subject)).collect()
}

async fn a_note_takes_the_place_of_the_editions_guidance_and_shows_what_changed(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let place = trust.at("2026", "/requirements/1-1");
    lead.get(&place).await.expect(200).shows("Guidance 1").hides("All changes of guidance");
    lead.get(&trust.at("2026", "/guidance")).await.expect(200).shows("Nothing has changed");
    let mut ed = editor(&world).await;
    let text = "Guidance 1 and <b>decisions</b>";
    published(&mut ed, "requirement:1-1", text, "2026-01-13").await.expect(303);
    lead.get(&place)
        .await
        .expect(200)
        .shows("changed on 13 January 2026")
        .shows("Guidance 1 and &lt;b&gt;decisions")
        .shows("[added: </span> and &lt;b&gt;decisions")
        .shows("All changes of guidance");
    lead.get(&trust.at("2026", "/requirements/1-2"))
        .await
        .expect(200)
        .shows("Guidance 2")
        .hides("changed on");
    lead.get(&trust.at("2026", "/guidance")).await.expect(200).shows("From 13 January 2026").shows(&place);
    // The next note is compared with this one.
    published(&mut ed, "requirement:1-1", "Only decisions", "2026-01-13").await.expect(303);
    lead.get(&place).await.expect(200).shows("Only decisions").shows("<del>");
    published(&mut ed, "section:1", "All of area one", "2026-01-13").await.expect(303);
    lead.get(&trust.at("2026", "/requirements/1-3"))
        .await
        .expect(200)
        .shows("About section 1 Area one, changed on")
        .shows("Guidance 3");
    let csv = ed.get("/standards/sample-2026/guidance.csv").await.expect(200).text();
    assert!(csv.contains("requirement,1-1,1-1 Title 1,2026-01-13,no,Guidance 1,"), "{csv}");
    ed.get("/standards/sample-2026").await.expect(200).shows("Guidance 1").shows(AT);
    world.settle();
}

async fn a_note_that_is_scheduled_comes_into_force_by_itself(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let mut ed = editor(&world).await;
    published(&mut ed, "requirement:1-1", "From February", "2026-02-01").await.expect(303);
    world.settle();
    assert_eq!(told(&world), []);
    let place = trust.at("2026", "/requirements/1-1");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&place).await.expect(200).hides("From February");
    lead.get(AT).await.expect(200).hides("From February");
    ed.get(AT).await.expect(200).shows("Scheduled").shows("From February");
    world.clock.set(parse_london("2026-02-01 00:00").unwrap());
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&place).await.expect(200).shows("From February");
    world.settle();
    assert_eq!(told(&world), [], "it is night");
    world.clock.set(parse_london("2026-02-01 08:00").unwrap());
    world.settle();
    world.settle();
    assert_eq!(told(&world), [(address("Lead ZZ001"), "Guidance has changed: 1-1 Title 1".to_owned())]);
}

async fn days_on_which_the_clocks_change_begin_at_midnight_in_london(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let mut ed = editor(&world).await;
    published(&mut ed, "requirement:1-1", "Summer", "2026-03-29").await.expect(303);
    let place = trust.at("2026", "/requirements/1-1");
    for (moment, summer, mails) in
        [("2026-03-28 23:59", false, 0), ("2026-03-29 00:00", true, 0), ("2026-03-29 08:00", true, 1)]
    {
        world.clock.set(parse_london(moment).unwrap());
        world.settle();
        let mut lead = world.signed_in("Lead ZZ001").await;
        let page = lead.get(&place).await.expect(200);
        assert_eq!(page.text().contains("Summer"), summer, "{moment}");
        assert_eq!(told(&world).len(), mails, "{moment}");
    }
}

/// The job of a note, run by hand.
fn tell(world: &World, note: i64) -> Outcome {
    let job =
        Job { id: JobId::new(1), kind: guidance::TELL.to_owned(), payload: note.to_string(), attempts: 0 };
    returns::tell_guidance(world.db(), URL, &job).unwrap()
}

fn unwanted(world: &World, person: PersonId) {
    let wanted: Vec<MailKind> =
        MailKind::ALL.iter().copied().filter(|kind| *kind != MailKind::Guidance).collect();
    world.db().write_now(everybodys(), move |tx| identity::choose_emails(tx, person, &wanted)).unwrap();
}

async fn those_whom_it_concerns_are_told_once(world: World) {
    let (first, second, third) = (world.trust("ZZ001"), world.trust("ZZ002"), world.trust("ZZ003"));
    let cal = world.person("Cal Contributor", &[(first.id, Contributor)], &[]);
    let nan = world.person("Nan Contributor", &[(first.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    for trust in [&first, &second] {
        world.started(trust, "2026");
    }
    world.given(first.lead, first.id, "2026", &["1-1"], cal);
    world.given(first.lead, first.id, "2026", &["1-2"], nan);
    unwanted(&world, second.lead);
    let mut ed = editor(&world).await;
    published(&mut ed, "requirement:1-1", "Something new", "2026-01-13").await.expect(303);
    world.settle();
    let expected = [address("Lead ZZ001"), address("Cal Contributor")]
        .map(|to| (to, "Guidance has changed: 1-1 Title 1".to_owned()));
    let mut sent = told(&world);
    sent.sort();
    let mut wanted = expected.to_vec();
    wanted.sort();
    assert_eq!(sent, wanted, "{third:?} has not started");
    // A crash after the mails and before the job was marked runs it again; two workers may run it at once.
    assert_eq!(tell(&world, 1), Outcome::Done);
    assert_eq!(tell(&world, 1), Outcome::Done);
    world.settle();
    assert_eq!(told(&world).len(), 2);
    assert!(matches!(tell_broken(&world), Outcome::GiveUp(_)));
    let (_, _, text, _) = world.queued(MAIL).into_iter().next().unwrap();
    assert!(text.contains("It concerns the return of ZZ001 & Sons Trust."), "{text}");
    assert!(text.contains("/organisations/ZZ001/returns/2026/guidance"), "{text}");
    assert!(!text.contains("Something new"), "{text}");
}

fn tell_broken(world: &World) -> Outcome {
    let job =
        Job { id: JobId::new(1), kind: guidance::TELL.to_owned(), payload: "none".to_owned(), attempts: 0 };
    returns::tell_guidance(world.db(), URL, &job).unwrap()
}

async fn a_section_concerns_whoever_was_given_something_in_it(world: World) {
    let trust = world.trust("ZZ001");
    let cal = world.person("Cal Contributor", &[(trust.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    world.given(trust.lead, trust.id, "2026", &["1-3"], cal);
    let mut ed = editor(&world).await;
    published(&mut ed, "section:1", "All of it", "2026-01-13").await.expect(303);
    world.settle();
    assert_eq!(told(&world).len(), 2);
    // A contributor reads the notes to what they were given, and to sections.
    published(&mut ed, "requirement:1-1", "Not for Cal", "2026-01-13").await.expect(303);
    let mut contributor = world.signed_in("Cal Contributor").await;
    contributor.get(&trust.at("2026", "/guidance")).await.expect(200).shows("All of it").hides("Not for Cal");
    world.settle();
}

async fn a_note_is_taken_back_before_its_day_and_not_after(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    let mut ed = editor(&world).await;
    published(&mut ed, "requirement:1-1", "Now", "2026-01-13").await.expect(303);
    published(&mut ed, "requirement:1-1", "Later", "2026-01-20").await.expect(303);
    ed.get(AT).await.expect(200);
    ed.post("/standards/guidance/1/withdraw", &[]).await.expect(409);
    ed.post("/standards/guidance/2/withdraw", &[]).await.expect(303);
    ed.get(AT).await.expect(200).shows("Taken back");
    ed.post("/standards/guidance/2/withdraw", &[]).await.expect(409);
    ed.post("/standards/guidance/9/withdraw", &[]).await.expect(404);
    world.settle();
    world.clock.set(parse_london("2026-01-20 09:00").unwrap());
    world.settle();
    assert_eq!(told(&world).len(), 1);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/requirements/1-1")).await.expect(200).shows("Now").hides("Later");
    let outcome = world.db().write_now(everybodys(), |tx| {
        let subject = Some(Subject { kind: "guidance note", id: 1, organisation: None, state: "scheduled" });
        guidance::withdraw_guidance(tx, &Permit::<WithdrawGuidance>::grant(&Actor::system(), subject)?)
    });
    assert!(outcome.is_err(), "the system is no standards editor");
}

async fn what_is_typed_wrong_is_told_beside_its_field(world: World) {
    world.edition(&levels("other-2026", 3).replace("\"sample\"", "\"other\""));
    world.usual_year(&levels("sample-2026", 3));
    let mut ed = editor(&world).await;
    for (about, text, day, field) in [
        ("requirement:9-9", "Text", "2026-01-13", "about"),
        ("", "Text", "2026-01-13", "about"),
        ("requirement:1-1", "", "2026-01-13", "text"),
        ("requirement:1-1", "Text", "2026-01-12", "from"),
        ("requirement:1-1", "Text", "2026-02-30", "from"),
    ] {
        published(&mut ed, about, text, day).await.expect(422).shows(&format!("id=\"{field}-error\""));
    }
    let long = "x".repeat(20_001);
    published(&mut ed, "requirement:1-1", &long, "2026-01-13").await.expect(422).shows("id=\"text-error\"");
    let longest = "\u{5e9}".repeat(10_000);
    published(&mut ed, "requirement:1-1", &longest, "2026-01-13").await.expect(303);
    // What is not frozen is changed itself.
    let other = "/standards/other-2026/guidance";
    let today = [("from-day", "13"), ("from-month", "1"), ("from-year", "2026")];
    let note = [[("about", "requirement:1-1"), ("text", "Text")].as_slice(), &today].concat();
    ed.post(other, &note).await.expect(422).shows("not frozen yet");
    let mut other = central(&world, "Pru Programme", ProgrammeManager).await;
    other.get(AT).await.expect(200).hides("Publish guidance");
    other.post(AT, &note).await.expect(403);
    world.settle();
}

async fn guidance_as_it_was_on_a_day_can_be_read_later(world: World) {
    world.usual_year(&levels("sample-2026", 3));
    let mut ed = editor(&world).await;
    published(&mut ed, "requirement:1-1", "First", "2026-01-13").await.expect(303);
    published(&mut ed, "requirement:1-1", "Second", "2026-02-01").await.expect(303);
    let on = |day: &str| {
        let day = day.parse().unwrap();
        world
            .db()
            .read_now(everybodys(), move |conn| {
                let (edition, _) = portal::standards::edition_by_key(conn, "sample-2026")?.unwrap();
                let found = guidance::guidance_on(conn, edition.id(), day)?;
                Ok(found.get(&(About::Requirement, "1-1".to_owned())).map(|now| now.text.clone()))
            })
            .unwrap()
    };
    assert_eq!(on("2026-01-12"), None);
    assert_eq!(on("2026-01-31").as_deref(), Some("First"));
    assert_eq!(on("2026-02-01").as_deref(), Some("Second"));
    let note =
        world.db().read_now(everybodys(), |conn| guidance::note(conn, GuidanceNoteId::new(2))).unwrap();
    assert_eq!(note.effective_on.to_string(), "2026-02-01");
    world.settle();
}
