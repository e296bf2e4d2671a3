//! Sharing out the work: who gives what to whom until when, what a contributor sees and may therefore do, and how far
//! everybody has got.

use diesel::prelude::*;
use portal::access::OrganisationRole::{Contributor, Dpo, OrganisationAdministrator};
use portal::access::{EndMembership, Permit, Subject};
use portal::identity;
use portal::platform::clock::parse_london;
use portal::platform::ids::{OrganisationId, PersonId};
use portal::schema::{answer_owner, ledger_event};
use serde_json::json;

use crate::on_both;
use crate::support::seed::address;
use crate::support::year::{Trust, levels};
use crate::support::{World, everybodys};

on_both!(
    a_contributor_sees_and_changes_what_they_were_given_and_nothing_else,
    another_role_beside_contributor_sees_the_whole_return,
    an_answer_stands_on_its_page_whoever_was_given_what,
    sections_are_given_at_once_with_one_mail_that_lists_all_of_it,
    what_cannot_be_given_is_refused_and_the_ticks_are_kept,
    one_requirement_is_given_from_its_own_page_and_taken_back,
    an_owner_who_left_is_shown_and_counts_as_none,
    requests_are_listed_by_day_the_overdue_first,
    only_a_lead_or_administrator_shares_out,
    a_form_sent_twice_gives_once,
);

/// A trust with a draft return of three requirements and a contributor, Cal.
fn a_draft(world: &World) -> (Trust, PersonId) {
    let trust = world.trust("ZZ001");
    let cal = world.person("Cal Contributor", &[(trust.id, Contributor)], &[]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    (trust, cal)
}

/// Ends every role of somebody in an organisation, as this administrator.
fn leaves(world: &World, admin: PersonId, organisation: OrganisationId, name: &str) {
    let name = name.to_owned();
    world
        .db()
        .write_now(everybodys(), move |tx| {
            let list = identity::colleagues(tx.conn(), organisation)?;
            let one = list.iter().find(|colleague| colleague.name == name).unwrap();
            let subject = Subject::organisation(organisation);
            let admin = identity::actor_of(tx.conn(), admin)?;
            identity::end_membership(
                tx,
                &Permit::<EndMembership>::grant(&admin, Some(subject))?,
                one.membership,
            )
        })
        .unwrap();
}

fn mails(world: &World) -> Vec<(String, String, String, String)> {
    world.queued("returns.given")
}

async fn a_contributor_sees_and_changes_what_they_were_given_and_nothing_else(world: World) {
    let (trust, cal_id) = a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/requirements/1-3")).await.expect(200);
    lead.upload(&trust.at("2026", "/requirements/1-3/evidence"), &[], "a.txt", b"Evidence.")
        .await
        .expect(303);
    world.answered(&trust, "2026", "1-3", &json!({"level": 1}), "The lead's own comment");
    let file = {
        let page = lead.get(&trust.at("2026", "/requirements/1-3")).await.expect(200).text();
        let start = page.find("/requirements/1-3/evidence/").unwrap();
        page[start..].split('"').next().unwrap().to_owned()
    };
    let mut cal = world.signed_in("Cal Contributor").await;
    // Nothing given, nothing seen: not a question, not a count.
    cal.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("You have not been given any requirement")
        .shows("<strong>0 of 0</strong>")
        .hides("Title 1")
        .hides("Title 3");
    cal.get(&trust.at("2026", "/requirements/1-1")).await.expect(404);
    world.given(trust.lead, trust.id, "2026", &["1-1", "1-2"], cal_id);
    cal.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("<strong>0 of 2</strong>")
        .shows("Title 1")
        .shows("Cal Contributor, by 12 February 2026")
        .hides("Title 3");
    // Steps from one question to the next stay within what was given.
    let page = cal.get(&trust.at("2026", "/requirements/1-2")).await.expect(200);
    let page = page.shows("Question 2 of 2").hides("Title 3").shows("Given to Cal Contributor");
    assert_eq!(page.hidden("version"), "0");
    let next = cal
        .post(&trust.at("2026", "/requirements/1-1"), &[("version", "0"), ("choice", "2")])
        .await
        .expect(303)
        .location();
    assert_eq!(next, trust.at("2026", "/requirements/1-2"));
    let last = cal
        .post(&trust.at("2026", "/requirements/1-2"), &[("version", "0"), ("choice", "2")])
        .await
        .expect(303)
        .location();
    assert_eq!(last, trust.at("2026", ""));
    cal.upload(&trust.at("2026", "/requirements/1-1/evidence"), &[], "b.txt", b"More.").await.expect(303);
    cal.get(&trust.at("2026", "/requirements/1-1/history")).await.expect(200).shows("Version 1");
    cal.get(&trust.at("2026", "/requirements/1-1/discussion")).await.expect(200);
    // Of the rest there is nothing, whatever is tried.
    for more in ["", "/history", "/discussion", "/owner"] {
        cal.get(&trust.at("2026", &format!("/requirements/1-3{more}"))).await.expect(if more == "/owner" {
            403
        } else {
            404
        });
    }
    cal.get(&trust.at("2026", &file)).await.expect(404);
    let whole = [("version", "1"), ("choice", "3"), ("comment", "Overwritten")];
    cal.post(&trust.at("2026", "/requirements/1-3"), &whole).await.expect(404).hides("own comment");
    cal.post(&trust.at("2026", "/requirements/1-3"), &[("version", "0")]).await.expect(404);
    cal.post(&trust.at("2026", "/requirements/1-3/history/1/restore"), &[("version", "1")]).await.expect(404);
    cal.post(&trust.at("2026", "/requirements/1-3/discussion"), &[("text", "Hello")]).await.expect(404);
    cal.post(&trust.at("2026", &format!("{file}/detach")), &[]).await.expect(404);
    let refused = cal.upload(&trust.at("2026", "/requirements/1-3/evidence"), &[], "c.txt", b"No.").await;
    refused.expect(404);
    for whole in ["/owners", "/activity", "/sign"] {
        cal.get(&trust.at("2026", whole)).await.expect(403);
    }
    lead.get(&trust.at("2026", "/requirements/1-3")).await.expect(200).shows("own comment").shows("a.txt");
    // What is taken from them is gone again, with what they wrote themselves.
    lead.post(&trust.at("2026", "/owners"), &[("pick", "requirement:1-1"), ("owner", "nobody")])
        .await
        .expect(303);
    cal.get(&trust.at("2026", "/requirements/1-1")).await.expect(404);
    cal.post(&trust.at("2026", "/requirements/1-1"), &[("version", "1"), ("choice", "0")]).await.expect(404);
    world.settle();
}

async fn an_answer_stands_on_its_page_whoever_was_given_what(world: World) {
    let (trust, cal_id) = a_draft(&world);
    let dee_id = world.person("Dee Contributor", &[(trust.id, Contributor)], &[]);
    for code in ["1-1", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 1}), &format!("Words on {code}."));
    }
    let at = |code: &str| trust.at("2026", &format!("/requirements/{code}"));
    let mut lead = world.signed_in("Lead ZZ001").await;
    // Given to nobody, to somebody with others, and to somebody else.
    for round in 0..2 {
        for code in ["1-1", "1-3"] {
            let page = lead.get(&at(code)).await.expect(200);
            let page = page.shows(&format!("Words on {code}.")).shows("by Lead ZZ001.");
            assert_eq!(page.hidden("version"), "1");
        }
        let page = lead.get(&at("1-2")).await.expect(200).hides("Words on").hides("Last saved");
        assert_eq!(page.hidden("version"), "0");
        if round == 0 {
            world.given(trust.lead, trust.id, "2026", &["1-1", "1-2"], cal_id);
            world.given(trust.lead, trust.id, "2026", &["1-3"], dee_id);
        }
    }
    let mut cal = world.signed_in("Cal Contributor").await;
    cal.get(&at("1-1")).await.expect(200).shows("Words on 1-1.").shows("by Lead ZZ001.");
    let page = cal.get(&at("1-2")).await.expect(200).hides("Words on").hides("Last saved");
    assert_eq!(page.hidden("version"), "0");
    cal.get(&at("1-3")).await.expect(404);
    let mut dee = world.signed_in("Dee Contributor").await;
    dee.get(&at("1-3")).await.expect(200).shows("Words on 1-3.").shows("by Lead ZZ001.");
    dee.get(&at("1-1")).await.expect(404);
    world.settle();
}

async fn another_role_beside_contributor_sees_the_whole_return(world: World) {
    let (trust, cal) = a_draft(&world);
    world.person("Two Roles", &[(trust.id, Contributor), (trust.id, Dpo)], &[]);
    world.given(trust.lead, trust.id, "2026", &["1-1"], cal);
    let mut both = world.signed_in("Two Roles").await;
    both.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("Title 3")
        .shows("Cal Contributor, by 12 February 2026");
    both.get(&trust.at("2026", "/requirements/1-3")).await.expect(200).shows("Question 3 of 3");
    both.post(&trust.at("2026", "/requirements/1-3"), &[("version", "0"), ("choice", "2")]).await.expect(303);
    both.get(&trust.at("2026", "/activity")).await.expect(200).shows("Two Roles");
}

async fn sections_are_given_at_once_with_one_mail_that_lists_all_of_it(world: World) {
    let (trust, cal) = a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", ""))
        .await
        .expect(200)
        .shows("Share out the work, and see how far everybody has got");
    lead.get(&trust.at("2026", "/owners"))
        .await
        .expect(200)
        .shows("<strong>3 of 3</strong> requirements have nobody")
        .shows("All of 1 Area one")
        .shows("Nobody yet")
        .shows("At the latest 30 June 2026");
    let to = cal.to_string();
    let form = [
        ("pick", "section:1"),
        ("pick", "requirement:1-1"),
        ("owner", to.as_str()),
        ("due-day", "31"),
        ("due-month", "3"),
        ("due-year", "2026"),
    ];
    let sent = lead.post(&trust.at("2026", "/owners"), &form).await.expect(303);
    assert_eq!(sent.location(), trust.at("2026", "/owners"));
    world.settle();
    lead.get(&trust.at("2026", "/owners"))
        .await
        .expect(200)
        .shows("3 requirements given")
        .shows("Every requirement has somebody")
        .shows("Cal Contributor, by 31 March 2026");
    let mails = mails(&world);
    let [(to, subject, text, html)] = mails.as_slice() else { panic!("one mail: {mails:?}") };
    assert_eq!(*to, address("Cal Contributor"));
    insta::assert_snapshot!("mail_given", format!("{to}\n{subject}\n\n{text}\n{html}"));
    let bodies: Vec<String> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(ledger_event::table
                .filter(ledger_event::kind.eq("work_shared_out"))
                .select(ledger_event::body)
                .load(conn)?)
        })
        .unwrap();
    assert_eq!(bodies.len(), 1);
    assert!(bodies[0].contains(&format!("\"owner\":{cal}")) && !bodies[0].contains("Cal"), "{bodies:?}");
    // Completed, begun and overdue are counted.
    let mut cal = world.signed_in("Cal Contributor").await;
    cal.get(&trust.at("2026", "/requirements/1-1")).await.expect(200);
    cal.post(&trust.at("2026", "/requirements/1-1"), &[("version", "0"), ("choice", "2")]).await.expect(303);
    let later = [("version", "0"), ("choice", "2"), ("intent", "later")];
    cal.post(&trust.at("2026", "/requirements/1-2"), &later).await.expect(303);
    world.clock.set(parse_london("2026-04-01 09:00").unwrap());
    let mut lead = world.signed_in("Lead ZZ001").await;
    let page = lead.get(&trust.at("2026", "/owners")).await.expect(200).text();
    let row = page.split("<tbody").nth(1).unwrap().split("</tbody").next().unwrap();
    let number = |cell: &str| cell.chars().skip_while(|c| *c != '>').filter(char::is_ascii_digit).collect();
    let numbers: Vec<String> = row.split("<td").skip(1).map(number).collect();
    assert_eq!(numbers, ["3", "1", "1", "2"], "given, completed, in progress, overdue: {row}");
}

async fn what_cannot_be_given_is_refused_and_the_ticks_are_kept(world: World) {
    let (trust, cal) = a_draft(&world);
    let dpo = world.person("Dee Officer", &[(trust.id, Dpo)], &[]);
    let stranger = world.trust("ZZ002").lead;
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/owners")).await.expect(200).shows("Cal Contributor").hides("Dee Officer");
    let ids = [cal, dpo, stranger].map(|person| person.to_string());
    let [cal, dpo, stranger] = ids.each_ref().map(String::as_str);
    let day = |day: &'static str, month: &'static str, year: &'static str| {
        [("due-day", day), ("due-month", month), ("due-year", year)]
    };
    let pick = ("pick", "requirement:1-2");
    let cases: Vec<(Vec<(&str, &str)>, &str)> = vec![
        (vec![("owner", cal)], "Tick at least one requirement or section"),
        (vec![("owner", cal), ("pick", "requirement:9-9")], "Tick at least one requirement or section"),
        (vec![pick], "Choose a colleague"),
        (vec![pick, ("owner", "somebody")], "Choose a colleague"),
        (vec![pick, ("owner", dpo)], "Choose a colleague who may answer"),
        (vec![pick, ("owner", stranger)], "Choose a colleague who may answer"),
    ];
    for (mut form, words) in cases {
        form.extend(day("1", "3", "2026"));
        let page = lead.post(&trust.at("2026", "/owners"), &form).await.expect(422).shows(words);
        let page = page.shows("<title>Error: ").text();
        let box_of = page.split("<input").find(|tag| tag.contains("requirement:1-2")).unwrap();
        assert_eq!(box_of.split('>').next().unwrap().contains("checked"), form.contains(&pick), "{box_of}");
    }
    for (date, words) in [
        (day("31", "2", "2026"), "Enter a real date"),
        (day("", "", ""), "Enter a real date"),
        (day("12", "1", "2026"), "must not be in the past"),
        (day("1", "7", "2026"), "must not be after 30 June 2026"),
    ] {
        let mut form = vec![pick, ("owner", cal)];
        form.extend(date);
        lead.post(&trust.at("2026", "/owners"), &form).await.expect(422).shows(words);
    }
    let count: i64 =
        world.db().read_now(everybodys(), |conn| Ok(answer_owner::table.count().get_result(conn)?)).unwrap();
    assert_eq!((count, mails(&world).len()), (0, 0));
}

async fn one_requirement_is_given_from_its_own_page_and_taken_back(world: World) {
    let (trust, cal) = a_draft(&world);
    let question = trust.at("2026", "/requirements/1-2");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&question)
        .await
        .expect(200)
        .shows("Nobody was given this requirement yet")
        .shows("Give it to a colleague");
    lead.get(&format!("{question}/owner"))
        .await
        .expect(200)
        .shows("Nobody was given it yet")
        .shows("value=\"30\"");
    let to = cal.to_string();
    let form = [("owner", to.as_str()), ("due-day", "30"), ("due-month", "6"), ("due-year", "2026")];
    assert_eq!(lead.post(&format!("{question}/owner"), &form).await.expect(303).location(), question);
    lead.get(&question).await.expect(200).shows("Given to Cal Contributor, by 30 June 2026");
    // Given to another, who is told; the one before sees it no more.
    let lead_id = trust.lead.to_string();
    let form = [("owner", lead_id.as_str()), ("due-day", "1"), ("due-month", "6"), ("due-year", "2026")];
    lead.post(&format!("{question}/owner"), &form).await.expect(303);
    lead.get(&question).await.expect(200).shows("Given to Lead ZZ001, by 1 June 2026");
    let mut cal = world.signed_in("Cal Contributor").await;
    cal.get(&question).await.expect(404);
    lead.post(&format!("{question}/owner"), &[("owner", "nobody")]).await.expect(303);
    lead.get(&question).await.expect(200).shows("Nobody was given this requirement yet");
    lead.post(&format!("{question}/owner"), &[("owner", "")]).await.expect(422).shows("Choose a colleague");
    assert_eq!(mails(&world).len(), 1, "nobody gets a mail about what they give to themselves");
    world.settle();
}

async fn an_owner_who_left_is_shown_and_counts_as_none(world: World) {
    let (trust, cal) = a_draft(&world);
    let admin = world.person("Di Administrator", &[(trust.id, OrganisationAdministrator)], &[]);
    world.given(trust.lead, trust.id, "2026", &["1-1", "1-2"], cal);
    leaves(&world, admin, trust.id, "Cal Contributor");
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/owners"))
        .await
        .expect(200)
        .shows("<strong>3 of 3</strong> requirements have nobody")
        .shows("Cal Contributor (left; needs a new owner)")
        .hides(">Cal Contributor</option>");
    lead.get(&trust.at("2026", "/requirements/1-1")).await.expect(200).shows("(left; needs a new owner)");
    let mut cal = world.signed_in("Cal Contributor").await;
    cal.get(&trust.at("2026", "/mine")).await.expect(404);
    cal.get(&trust.at("2026", "/requirements/1-1")).await.expect(404);
    world.given(admin, trust.id, "2026", &["1-1", "1-2", "1-3"], trust.lead);
    lead.get(&trust.at("2026", "/owners"))
        .await
        .expect(200)
        .shows("Every requirement has somebody")
        .hides("needs a new owner");
}

async fn requests_are_listed_by_day_the_overdue_first(world: World) {
    let (trust, cal) = a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/owners")).await.expect(200);
    let to = cal.to_string();
    for (code, day, month) in [("1-1", "1", "6"), ("1-2", "20", "1"), ("1-3", "1", "5")] {
        let pick = format!("requirement:{code}");
        let form = [
            ("pick", pick.as_str()),
            ("owner", to.as_str()),
            ("due-day", day),
            ("due-month", month),
            ("due-year", "2026"),
        ];
        lead.post(&trust.at("2026", "/owners"), &form).await.expect(303);
    }
    world.settle();
    assert_eq!(mails(&world).len(), 3);
    world.answered(&trust, "2026", "1-3", &json!({"level": 2}), "");
    world.clock.set(parse_london("2026-01-21 00:00").unwrap());
    let mut cal = world.signed_in("Cal Contributor").await;
    let page = cal.get(&trust.at("2026", "/mine")).await.expect(200).text();
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not in {page}"));
    let order = [
        "Overdue</h2>",
        "1-2 Title 2",
        "Due 20 January 2026",
        "To do</h2>",
        "1-1 Title 1",
        "Due 1 June 2026",
        "Completed</h2>",
        "1-3 Title 3",
    ];
    assert!(order.windows(2).all(|pair| place(pair[0]) < place(pair[1])), "{page}");
    // The last day itself is not late, and others see their own.
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/mine")).await.expect(200).shows("You have not been given any requirement");
    world.clock.set(parse_london("2026-01-20 23:59").unwrap());
    cal.get(&trust.at("2026", "/mine")).await.expect(200).hides("Overdue");
}

async fn only_a_lead_or_administrator_shares_out(world: World) {
    let (trust, cal) = a_draft(&world);
    world.person("Di Administrator", &[(trust.id, OrganisationAdministrator)], &[]);
    let to = cal.to_string();
    let form = [
        ("pick", "section:1"),
        ("owner", to.as_str()),
        ("due-day", "1"),
        ("due-month", "6"),
        ("due-year", "2026"),
    ];
    for name in ["Siro ZZ001", "Cal Contributor"] {
        let mut browser = world.signed_in(name).await;
        browser.get("/account").await.expect(200);
        browser.post(&trust.at("2026", "/owners"), &form).await.expect(403);
        browser.post(&trust.at("2026", "/requirements/1-1/owner"), &form).await.expect(403);
    }
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(&trust.at("2026", "/owners"))
        .await
        .expect(200)
        .hides("Give requirements to a colleague")
        .shows("Nobody yet");
    let mut admin = world.signed_in("Di Administrator").await;
    admin.get(&trust.at("2026", "/owners")).await.expect(200);
    admin.post(&trust.at("2026", "/owners"), &form).await.expect(303);
    world.settle();
    // Not while it waits for its signature, and not after the close.
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.signed(&trust, "2026");
    world.settle();
    admin.get(&trust.at("2026", "/owners")).await.expect(200).hides("Give requirements to a colleague");
    admin.post(&trust.at("2026", "/owners"), &form).await.expect(409);
}

async fn a_form_sent_twice_gives_once(world: World) {
    let (trust, cal) = a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let once = lead.get(&trust.at("2026", "/owners")).await.expect(200).hidden("once");
    let to = cal.to_string();
    let form = [
        ("once", once.as_str()),
        ("pick", "section:1"),
        ("owner", to.as_str()),
        ("due-day", "1"),
        ("due-month", "6"),
        ("due-year", "2026"),
    ];
    for _ in 0..2 {
        let sent = lead.post(&trust.at("2026", "/owners"), &form).await.expect(303);
        assert_eq!(sent.location(), trust.at("2026", "/owners"));
    }
    world.settle();
    assert_eq!(mails(&world).len(), 1);
}
