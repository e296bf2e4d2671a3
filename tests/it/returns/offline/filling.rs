//! Filling a return in offline: download, change, upload, look, apply; and what colleagues do meanwhile.

use diesel::prelude::*;
use portal::access::OrganisationRole::{Contributor, IgLead};
use portal::platform::ids::PlanId;
use portal::returns::plan::{Funded, PlanState};
use portal::returns::{self, Which};
use portal::schema::{improvement_plan, plan_line};
use serde_json::json;

use super::{applied, given_a_draft, uploaded, workbook};
use crate::on_both;
use crate::support::year::{assertions, outcomes};
use crate::support::{World, everybodys};

on_both!(
    a_workbook_comes_back_filled_in,
    statements_are_said_on_a_sheet_of_their_own,
    every_kind_of_item_is_filled_in,
    a_change_made_online_meanwhile_is_a_conflict,
    a_change_made_after_the_preview_stops_it,
    a_row_that_is_wrong_is_left_out_and_the_rest_is_taken,
    the_deadline_passes_between_preview_and_apply,
    an_upload_is_kept_for_seven_days,
    only_those_who_lead_fill_in_and_contributors_take_nothing_out,
    the_improvement_plan_is_a_sheet_to_be_read,
);

async fn a_workbook_comes_back_filled_in(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "")).await.expect(200).shows("Take it with you");
    lead.get(&trust.at("2026", "/offline")).await.expect(200).shows("Workbook for Excel");
    for (name, code, level) in [("xlsx", "1-2", "2"), ("ods", "1-3", "Not relevant")] {
        let mut sheets = workbook(&mut lead, &trust, name).await;
        assert_eq!(*sheets.cell("1-1", "Answer"), "1");
        assert_eq!(*sheets.cell("1-1", "Comment"), "First comment");
        assert_eq!(*sheets.cell(code, "State"), "Not started");
        // A file that was only opened and saved changes nothing.
        let preview = uploaded(&mut lead, &trust, "same.bin", &sheets.saved(name)).await;
        lead.get(&preview).await.expect(200).shows("3 answers stay as they are").shows("nothing to apply");
        let filled = sheets
            .with(code, "Answer", level)
            .with(code, "Reason or supporting statement", "=Ward 7 & 8")
            .with(code, "Comment", "Line one\nLine <two>")
            .with(code, "State", "completed");
        let preview = uploaded(&mut lead, &trust, &format!("mine.{name}"), &filled.saved(name)).await;
        lead.get(&preview)
            .await
            .expect(200)
            .shows("1 answer changes")
            .shows("=Ward 7 &amp; 8")
            .shows("Line &lt;two&gt;")
            .shows("Apply the 1 change");
        // Nothing is saved by looking.
        lead.get(&trust.at("2026", &format!("/requirements/{code}"))).await.expect(200).hides("Ward 7");
        let done = applied(&mut lead, &preview, &[]).await.expect(303);
        assert_eq!(done.location(), trust.at("2026", ""));
        let page = lead.get(&trust.at("2026", &format!("/requirements/{code}"))).await.expect(200);
        assert_eq!(page.shows("=Ward 7 &amp; 8").shows("Line &lt;two&gt;").hidden("version"), "1");
        // Pressed twice, it is applied once, and the preview says what became of it.
        let again = lead.post(&preview, &[("fingerprint", "whatever")]).await.expect(303);
        assert_eq!(again.location(), trust.at("2026", ""));
        lead.get(&preview)
            .await
            .expect(200)
            .shows("was applied")
            .shows("1 answer was changed")
            .hides("Apply the");
        let page = lead.get(&trust.at("2026", &format!("/requirements/{code}"))).await.expect(200);
        assert_eq!(page.hidden("version"), "1");
        // The same workbook once more finds its own answers.
        let preview = uploaded(&mut lead, &trust, "mine.bin", &filled.saved(name)).await;
        lead.get(&preview).await.expect(200).shows("nothing to apply").shows("3 answers stay as they are");
    }
    world.settle();
}

async fn statements_are_said_on_a_sheet_of_their_own(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&outcomes("outcomes-2026"));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let mut sheets = workbook(&mut lead, &trust, "ods").await;
    for row in sheets.sheet("Statements").iter_mut().filter(|row| row[2] == "A1.a.P1") {
        row[4] = "yes".to_owned();
    }
    let filled = sheets.with("A1.a", "State", "Completed");
    let preview = uploaded(&mut lead, &trust, "a.ods", &filled.ods()).await;
    lead.get(&preview).await.expect(200).shows("A1.a.P1");
    applied(&mut lead, &preview, &[]).await.expect(303);
    let question = trust.at("2026", "/requirements/A1.a");
    lead.get(&question).await.expect(200).shows("Partially achieved");
    // A claim by an alternative control.
    let sheets = workbook(&mut lead, &trust, "xlsx").await;
    let claimed = sheets.clone().with("A1.a", "Answer", "Achieved");
    let preview = uploaded(&mut lead, &trust, "b.xlsx", &claimed.xlsx()).await;
    lead.get(&preview).await.expect(200).shows("Explain the alternative control").shows("column I");
    let claimed = claimed.with("A1.a", "Alternative control", "A second lock");
    let preview = uploaded(&mut lead, &trust, "b.xlsx", &claimed.xlsx()).await;
    applied(&mut lead, &preview, &[]).await.expect(303);
    lead.get(&question).await.expect(200).shows("A second lock");
    // A statement that is none, twice the same, and neither yes nor no.
    let mut sheets = workbook(&mut lead, &trust, "xlsx").await;
    let rows = sheets.sheet("Statements");
    rows[1][2] = "A1.a.X9".to_owned();
    rows[2][4] = "perhaps".to_owned();
    let copy = rows[3].clone();
    rows.push(copy);
    let preview = uploaded(&mut lead, &trust, "c.xlsx", &sheets.xlsx()).await;
    lead.get(&preview)
        .await
        .expect(200)
        .shows("is no statement of")
        .shows("Enter Yes or No")
        .shows("stands in another row already")
        .shows("nothing to apply");
    world.settle();
}

async fn every_kind_of_item_is_filled_in(world: World) {
    let trust = world.trust("ZZ001");
    world.usual_year(&assertions("items-2026"));
    world.started(&trust, "2026");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let sheets = workbook(&mut lead, &trust, "xlsx").await;
    let filled = [
        ("1.1", "No", "Not yet"),
        ("1.1.1", "In our own words", ""),
        ("1.1.2", "31/1/2026", ""),
        ("1.1.3", "y", "Since March"),
        ("1.1.4", "No", "They are on paper"),
    ]
    .into_iter()
    .fold(sheets, |sheets, (code, answer, statement)| {
        sheets.with(code, "Answer", answer).with(code, "Reason or supporting statement", statement).with(
            code,
            "State",
            "Completed",
        )
    });
    let preview = uploaded(&mut lead, &trust, "a.xlsx", &filled.xlsx()).await;
    lead.get(&preview).await.expect(200).shows("Apply the 5 changes").shows("2026-01-31");
    applied(&mut lead, &preview, &[]).await.expect(303);
    lead.get(&trust.at("2026", "")).await.expect(200).shows("5 of 5");
    let date = lead.get(&trust.at("2026", "/requirements/1.1.2")).await.expect(200);
    assert_eq!((date.hidden("date-day"), date.hidden("date-year")), ("31".to_owned(), "2026".to_owned()));
    world.settle();
}

async fn a_change_made_online_meanwhile_is_a_conflict(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let sheets = workbook(&mut lead, &trust, "ods").await;
    world.answered(&trust, "2026", "1-1", &json!({"level": 2}), "Said online");
    let filled =
        sheets.with("1-1", "Answer", "3").with("1-2", "Answer", "2").with("1-2", "State", "Completed");
    let preview = uploaded(&mut lead, &trust, "a.ods", &filled.ods()).await;
    lead.get(&preview)
        .await
        .expect(200)
        .shows("1 answer changes")
        .shows("1 answer was changed on the website since the download")
        .shows("Said online")
        .shows("First comment")
        .shows("by Lead ZZ001")
        .shows("Apply the 1 change and the answers chosen");
    // What is not chosen stays.
    applied(&mut lead, &preview, &[]).await.expect(303);
    let question = trust.at("2026", "/requirements/1-1");
    let page = lead.get(&question).await.expect(200).shows("Said online");
    assert_eq!(page.hidden("version"), "2");
    assert_eq!(lead.get(&trust.at("2026", "/requirements/1-2")).await.hidden("version"), "1");
    // The same workbook again: nothing to choose is not applied, and what is chosen stands.
    let preview = uploaded(&mut lead, &trust, "a.ods", &filled.ods()).await;
    applied(&mut lead, &preview, &[]).await.expect(422).shows("Choose at least one answer");
    applied(&mut lead, &preview, &["1-1"]).await.expect(303);
    let page = lead.get(&question).await.expect(200).shows("First comment").hides("Said online");
    assert_eq!(page.hidden("version"), "3");
    lead.get(&format!("{question}/history")).await.expect(200).shows("Said online");
    // A row that was not touched is no conflict, whatever happened online.
    let sheets = workbook(&mut lead, &trust, "ods").await;
    world.answered(&trust, "2026", "1-1", &json!({"level": 0}), "Once more");
    let preview = uploaded(&mut lead, &trust, "b.ods", &sheets.ods()).await;
    lead.get(&preview).await.expect(200).shows("nothing to apply");
    // A version that cannot be right makes a conflict of every difference.
    for version in ["", "99", "soon"] {
        let spoilt = workbook(&mut lead, &trust, "ods").await.with("1-1", "Version", version).with(
            "1-1",
            "Comment",
            "Offline words",
        );
        let preview = uploaded(&mut lead, &trust, "c.ods", &spoilt.ods()).await;
        lead.get(&preview).await.expect(200).shows("Apply the answers chosen").shows("Once more");
    }
    world.settle();
}

async fn a_change_made_after_the_preview_stops_it(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let filled =
        workbook(&mut lead, &trust, "xlsx").await.with("1-1", "Answer", "3").with("1-2", "Answer", "1");
    let preview = uploaded(&mut lead, &trust, "a.xlsx", &filled.xlsx()).await;
    let fingerprint = lead.get(&preview).await.expect(200).hidden("fingerprint");
    world.answered(&trust, "2026", "1-1", &json!({"level": 2}), "Quicker");
    let answer = lead.post(&preview, &[("fingerprint", &fingerprint)]).await.expect(303);
    assert_eq!(answer.location(), preview);
    lead.get(&preview)
        .await
        .expect(200)
        .shows("Nothing was changed")
        .shows("Quicker")
        .shows("Apply the 1 change and");
    // All or nothing: the other row was not saved either.
    assert_eq!(lead.get(&trust.at("2026", "/requirements/1-2")).await.hidden("version"), "0");
    assert_eq!(lead.get(&trust.at("2026", "/requirements/1-1")).await.hidden("version"), "2");
    world.settle();
}

async fn a_row_that_is_wrong_is_left_out_and_the_rest_is_taken(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let mut sheets = workbook(&mut lead, &trust, "xlsx")
        .await
        .with("1-1", "Answer", "9")
        .with("1-2", "Answer", "2")
        .with("1-2", "State", "Completed")
        .with("1-3", "State", "Completed");
    let rows = sheets.sheet("Answers");
    let mut stranger = rows[1].clone();
    stranger[0] = "7-777".to_owned();
    let twice = rows[2].clone();
    rows.extend([stranger, twice]);
    let preview = uploaded(&mut lead, &trust, "a.xlsx", &sheets.xlsx()).await;
    lead.get(&preview)
        .await
        .expect(200)
        .shows("4 mistakes")
        .shows("Answers, row 2, column G (Answer)")
        .shows("whole number from 0 to 3")
        .shows("Choose a level")
        .shows("is no requirement of this return")
        .shows("stands in row 3 already")
        .shows("Apply the 1 change");
    applied(&mut lead, &preview, &[]).await.expect(303);
    assert_eq!(lead.get(&trust.at("2026", "/requirements/1-2")).await.hidden("version"), "1");
    assert_eq!(lead.get(&trust.at("2026", "/requirements/1-1")).await.hidden("version"), "1");
    // Rows that were taken out change nothing.
    let mut sheets = workbook(&mut lead, &trust, "ods").await;
    sheets.sheet("Answers").truncate(2);
    let preview = uploaded(&mut lead, &trust, "b.ods", &sheets.ods()).await;
    lead.get(&preview)
        .await
        .expect(200)
        .shows("2 requirements are not in the workbook")
        .shows("nothing to apply");
    world.settle();
}

async fn the_deadline_passes_between_preview_and_apply(world: World) {
    let trust = given_a_draft(&world);
    world.clock.set(portal::platform::clock::parse_london("2026-07-14 11:59").unwrap());
    let mut lead = world.signed_in("Lead ZZ001").await;
    let filled = workbook(&mut lead, &trust, "xlsx").await.with("1-2", "Answer", "2");
    let preview = uploaded(&mut lead, &trust, "a.xlsx", &filled.xlsx()).await;
    let fingerprint = lead.get(&preview).await.expect(200).hidden("fingerprint");
    world.clock.advance_seconds(120);
    lead.post(&preview, &[("fingerprint", &fingerprint)]).await.expect(409).shows("took returns until");
    lead.get(&preview).await.expect(200).shows("took returns until").hides("Apply the");
    lead.get(&trust.at("2026", "/offline")).await.expect(200).hides("Upload and see the changes");
    lead.upload(&trust.at("2026", "/offline/workbook"), &[], "a.xlsx", &filled.xlsx()).await.expect(409);
    world.settle();
}

async fn an_upload_is_kept_for_seven_days(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let filled = workbook(&mut lead, &trust, "xlsx").await.with("1-2", "Answer", "2");
    // Written once: a workbook carries the second in which it was written.
    let file = filled.xlsx();
    let preview = uploaded(&mut lead, &trust, "a.xlsx", &file).await;
    // The same file again is the same upload.
    assert_eq!(uploaded(&mut lead, &trust, "a.xlsx", &file).await, preview);
    world.clock.advance_seconds(7 * 24 * 3600 + 1);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&preview).await.expect(409).shows("has expired");
    let again = uploaded(&mut lead, &trust, "a.xlsx", &file).await;
    assert_ne!(again, preview);
    let job = portal::platform::jobs::Job {
        id: portal::platform::ids::JobId::new(1),
        kind: portal::returns::FORGET_WORKBOOKS.to_owned(),
        payload: "{}".to_owned(),
        attempts: 0,
    };
    portal::returns::forget_workbooks(world.db(), &job).unwrap();
    lead.get(&preview).await.expect(404);
    lead.get(&again).await.expect(200).shows("1 answer changes");
    world.settle();
}

async fn only_those_who_lead_fill_in_and_contributors_take_nothing_out(world: World) {
    let trust = given_a_draft(&world);
    world.person("Cal Contributor", &[(trust.id, Contributor)], &[]);
    let other = world.trust("ZZ002");
    world.started(&other, "2026");
    world.person("Second Lead", &[(trust.id, IgLead)], &[]);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let filled = workbook(&mut lead, &trust, "xlsx").await.with("1-2", "Answer", "2");
    let preview = uploaded(&mut lead, &trust, "a.xlsx", &filled.xlsx()).await;
    let mut cal = world.signed_in("Cal Contributor").await;
    cal.get(&trust.at("2026", "")).await.expect(200).hides("Take it with you");
    for below in ["/offline", "/workbook.xlsx", "/workbook.ods"] {
        cal.get(&trust.at("2026", below)).await.expect(403);
    }
    cal.get(&preview).await.expect(403);
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(&trust.at("2026", "/offline"))
        .await
        .expect(200)
        .shows("Workbook for Excel")
        .hides("Upload and see");
    siro.upload(&trust.at("2026", "/offline/workbook"), &[], "a.xlsx", &filled.xlsx()).await.expect(403);
    siro.post(&preview, &[("fingerprint", "x")]).await.expect(403);
    // Another organisation finds nothing, neither here nor at its own return.
    let number = preview.rsplit('/').next().unwrap();
    let mut stranger = world.signed_in("Lead ZZ002").await;
    stranger.get(&other.at("2026", "/offline")).await.expect(200);
    stranger.get(&preview).await.expect(404);
    stranger.get(&other.at("2026", &format!("/offline/workbook/{number}"))).await.expect(404);
    stranger.post(&other.at("2026", &format!("/offline/workbook/{number}")), &[]).await.expect(404);
    // A colleague with the same role may apply what another uploaded; two at once apply it once.
    let mut second = world.signed_in("Second Lead").await;
    let fingerprint = second.get(&preview).await.expect(200).shows("by Lead ZZ001").hidden("fingerprint");
    second.post(&preview, &[("fingerprint", &fingerprint)]).await.expect(303);
    lead.post(&preview, &[("fingerprint", &fingerprint)]).await.expect(303);
    assert_eq!(lead.get(&trust.at("2026", "/requirements/1-2")).await.hidden("version"), "1");
    // A return that has moved on is not filled in.
    let again = workbook(&mut lead, &trust, "xlsx").await.with("1-2", "Comment", "Late");
    let late = uploaded(&mut lead, &trust, "b.xlsx", &again.xlsx()).await;
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.signed(&trust, "2026");
    lead.post(&late, &[("fingerprint", "x")]).await.expect(409);
    lead.get(&late).await.expect(200).hides("Apply the");
    world.settle();
}

async fn the_improvement_plan_is_a_sheet_to_be_read(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let before = workbook(&mut lead, &trust, "xlsx").await;
    assert!(before.0.iter().all(|(name, _)| name != "Improvement plan"), "there is no plan yet");
    let (whose, owner, now) = (trust.id, trust.lead, world.now());
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let found = returns::find(tx.conn(), Which::Of(whose, "2026"))?.unwrap();
            let plan: PlanId = diesel::insert_into(improvement_plan::table)
                .values((
                    improvement_plan::return_id.eq(found.id),
                    improvement_plan::organisation_id.eq(whose),
                    improvement_plan::state.eq(PlanState::Draft),
                ))
                .returning(improvement_plan::id)
                .get_result(tx.conn())?;
            for (code, by, done) in [("1-1", Some(owner), None), ("1-2", None, Some("2026-08-30"))] {
                diesel::insert_into(plan_line::table)
                    .values((
                        plan_line::plan_id.eq(plan),
                        plan_line::organisation_id.eq(whose),
                        plan_line::requirement_id.eq(found.edition.requirement_id(code).unwrap()),
                        plan_line::action.eq("=Buy a safe"),
                        plan_line::owner_id.eq(by),
                        plan_line::due_on.eq("2026-09-01"),
                        plan_line::resources.eq("200 pounds"),
                        plan_line::funded.eq(Funded::Yes),
                        plan_line::done_on.eq(done),
                        plan_line::updated_at.eq(now),
                    ))
                    .execute(tx.conn())?;
            }
            Ok(())
        })
        .unwrap();
    for name in ["xlsx", "ods"] {
        let mut sheets = workbook(&mut lead, &trust, name).await;
        let rows = sheets.sheet("Improvement plan").clone();
        let heads = ["Code", "Requirement", "Action", "Owner", "Due", "Resources", "Funded", "Progress"];
        assert_eq!(rows[0], heads);
        let first = ["1-1", "Title 1", "=Buy a safe", "Lead ZZ001", "1 September 2026", "200 pounds"];
        assert_eq!(rows[1][..6], first);
        assert_eq!((rows[1][6].as_str(), rows[1][7].as_str()), (Funded::Yes.words(), "Not done yet"));
        assert_eq!((rows[2][3].as_str(), rows[2][7].as_str()), ("", "Done on 30 August 2026"));
        // What is changed in it is not taken.
        sheets.sheet("Improvement plan")[1][2] = "Buy nothing".to_owned();
        let preview = uploaded(&mut lead, &trust, "mine.bin", &sheets.saved(name)).await;
        lead.get(&preview).await.expect(200).shows("nothing to apply").hides("Buy nothing");
    }
    world.settle();
}
