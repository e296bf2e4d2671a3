//! A release on its way: its page with every check, its text, explanations, and what moves it on.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::change::change;
use super::releases::{made_public, preview};
use crate::access::{
    Action as _, ApproveRelease, DiscardRelease, ListEarlyReader, Permit, PrepareRelease, PublishCorrection,
    PublishRelease, ScheduleRelease, SendBackRelease, Subject, SubmitRelease, WordRelease,
};
use crate::identity::{Central, Posted};
use crate::platform::canonical::hex;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::ReleaseDateId;
use crate::platform::pages::{Choice, FormErrors};
use crate::publication::pages::{
    CheckRow, ExplainPage, May, OnDate, ReleaseCheckPage, ReleaseTextPage, check_tag, state_tag,
};
use crate::publication::paper;
use crate::publication::pipeline::{self, Check, NewWords, Outcome, Overview};
use crate::publication::public::PublicSite;
use crate::publication::publish_release::subject_of;
use crate::publication::release::ReleaseState;
use crate::publication::report::Report;

async fn read(portal: &Portal, by: &Central, key: &str) -> Result<Overview> {
    let (key, now) = (key.to_owned(), portal.clock.now());
    portal.db.read(by.reach, move |conn| pipeline::overview(conn, &key, now)).await
}

/// The page, with what was typed into the form of the decision and what is wrong with it.
pub(super) async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    by: &Central,
    key: &str,
    (status, said, errors): (StatusCode, &str, &FormErrors),
) -> Result<HttpResponse> {
    let found = read(portal, by, key).await?;
    let (decision, decisions, said, on_date) = ReleaseCheckPage::fields(said, errors);
    let release = &found.release;
    let may = may(by, &found, portal.clock.now());
    // How closely a reader can guess a figure is for those who may read the figures themselves.
    let report = if may.read_suppressed {
        found.report.clone()
    } else {
        Report { withheld: Vec::new(), ..found.report.clone() }
    };
    let content = ReleaseCheckPage {
        errors: errors.summary(),
        state: state_tag(release.state),
        is_public: release.state.is_public(),
        lead_statistician: release.lead_statistician.clone(),
        as_at: release.as_at.micros(),
        hash: hex(&release.document_hash),
        version: release.version.to_string(),
        contact: found.course.contact.clone(),
        commentary: found.course.commentary.clone(),
        reason: found.course.reason.clone(),
        sent_back: found.course.sent_back.clone(),
        statement: found.course.statement.clone(),
        date: found.date.as_ref().map(|date| OnDate {
            due: date.due_at.micros(),
            href: format!("/releases/calendar/{}", date.id),
        }),
        checks: found.checks.iter().map(|check| row(&release.key, check)).collect(),
        may,
        decision,
        decisions,
        said,
        on_date,
        dates: found
            .open_dates
            .iter()
            .map(|date| {
                Choice::new(date.id.to_string(), format!("{}: {}", date.due_at.london_words(), date.title))
            })
            .collect(),
        preview: preview(&found.document, report, String::new()),
        key: release.key.clone(),
    };
    page_with_status(request, status, &content)
}

fn row(key: &str, check: &Check) -> CheckRow {
    let open = matches!(check.outcome, Outcome::Unexplained | Outcome::Explained);
    CheckRow {
        title: check.title.clone(),
        outcome: check_tag(check.outcome),
        found: check.found.clone(),
        explanation: check.explanation.clone(),
        href: if open { format!("/releases/{key}/checks/{}", check.key) } else { String::new() },
    }
}

fn may(by: &Central, found: &Overview, now: crate::platform::clock::Timestamp) -> May {
    let (actor, subject) = (&by.by.actor, subject_of(&found.release));
    let course = &found.course;
    let had_a_hand = [course.composed_by, course.worded_by, course.checked_by].contains(&Some(by.by.person));
    let decides = ApproveRelease::ROW.allows(actor, &subject).is_ok();
    let is_due = found.date.as_ref().is_some_and(|date| date.due_at <= now);
    May {
        word: WordRelease::ROW.allows(actor, &subject).is_ok(),
        submit: SubmitRelease::ROW.allows(actor, &subject).is_ok() && pipeline::are_settled(&found.checks),
        decide: decides && !had_a_hand,
        wait: found.release.state == ReleaseState::Checked && (!decides || had_a_hand),
        schedule: ScheduleRelease::ROW.allows(actor, &subject).is_ok(),
        correct: found.is_revision && PublishCorrection::ROW.allows(actor, &subject).is_ok(),
        list_readers: ListEarlyReader::ROW.allows(actor, &subject).is_ok(),
        publish: is_due && PublishRelease::ROW.allows(actor, &subject).is_ok(),
        discard: DiscardRelease::ROW.allows(actor, &subject).is_ok(),
        read_suppressed: PrepareRelease::ROW.allows(actor, &Subject::programme()).is_ok(),
    }
}

/// `GET /releases/{key}/text`.
pub(super) async fn text(
    request: HttpRequest,
    portal: Data<Portal>,
    by: Central,
    key: Path<String>,
) -> Result<HttpResponse> {
    let found = read(&portal, &by, &key).await?;
    Permit::<WordRelease>::grant(&by.by.actor, Some(subject_of(&found.release)))?;
    let words = NewWords {
        contact: found.course.contact.clone(),
        commentary: found.course.commentary.clone(),
        reason: found.course.reason.clone(),
    };
    page(&request, &ReleaseTextPage::new(&found.release, &words, found.is_revision, &FormErrors::new()))
}

/// `POST /releases/{key}/text`.
pub(super) async fn save_text(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    key: Path<String>,
) -> Result<HttpResponse> {
    let (by, fields) = (Central::of(posted.by)?, posted.fields);
    let found = read(&portal, &by, &key).await?;
    Permit::<WordRelease>::grant(&by.by.actor, Some(subject_of(&found.release)))?;
    let words = NewWords {
        contact: fields.text("contact"),
        commentary: fields.text("commentary"),
        reason: fields.text("reason"),
    };
    let (at, new) = ((key.as_str(), fields.one("version")), words.clone());
    let outcome = change::<WordRelease, _, _>(&portal, &by.by.actor, at, move |tx, permit, release| {
        pipeline::word_release(tx, permit, release, &new)
    })
    .await;
    let (status, errors) = match outcome {
        Ok(()) => {
            return Ok(see_other_with_news(
                &format!("/releases/{key}"),
                "Text saved",
                "The checks were made again.",
            ));
        }
        Err(Error::Invalid(list)) => (StatusCode::UNPROCESSABLE_ENTITY, FormErrors::found(&list, &[])),
        // What was typed stays on the page, which carries the newest version now.
        Err(Error::Conflict(said)) => {
            let mut errors = FormErrors::new();
            errors.add_whole(said);
            (StatusCode::CONFLICT, errors)
        }
        Err(error) => return Err(error),
    };
    let content = ReleaseTextPage::new(&found.release, &words, found.is_revision, &errors);
    page_with_status(&request, status, &content)
}

fn check_named(found: &Overview, key: &str) -> Result<Check> {
    let open = |check: &&Check| matches!(check.outcome, Outcome::Unexplained | Outcome::Explained);
    found.checks.iter().filter(open).find(|check| check.key == key).cloned().ok_or(Error::NotFound)
}

/// `GET /releases/{key}/checks/{check}`.
pub(super) async fn explain(
    request: HttpRequest,
    portal: Data<Portal>,
    by: Central,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (key, check) = path.into_inner();
    let found = read(&portal, &by, &key).await?;
    Permit::<WordRelease>::grant(&by.by.actor, Some(subject_of(&found.release)))?;
    let check = check_named(&found, &check)?;
    let said = check.explanation.clone();
    page(&request, &ExplainPage::new(&found.release, &check, &said, &FormErrors::new()))
}

/// `POST /releases/{key}/checks/{check}`.
pub(super) async fn save_explanation(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (by, fields) = (Central::of(posted.by)?, posted.fields);
    let (key, check) = path.into_inner();
    let found = read(&portal, &by, &key).await?;
    Permit::<WordRelease>::grant(&by.by.actor, Some(subject_of(&found.release)))?;
    let check = check_named(&found, &check)?;
    let said = fields.text("explanation");
    let at = (key.as_str(), fields.one("version"));
    let (name, new) = (check.key.clone(), said.clone());
    let outcome = change::<WordRelease, _, _>(&portal, &by.by.actor, at, move |tx, permit, release| {
        pipeline::explain_check(tx, permit, release, &name, &new)
    })
    .await;
    match outcome {
        Ok(()) => Ok(see_other_with_news(&format!("/releases/{key}"), "Explained", "The approver reads it.")),
        Err(Error::Invalid(list)) => {
            let errors = FormErrors::found(&list, &[]);
            let content = ExplainPage::new(&found.release, &check, &said, &errors);
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}

/// `POST /releases/{key}/submit`.
pub(super) async fn submit(portal: Data<Portal>, posted: Posted, key: Path<String>) -> Result<HttpResponse> {
    let at = (key.as_str(), posted.fields.one("version"));
    change::<SubmitRelease, _, _>(&portal, &posted.by.actor, at, pipeline::submit_release).await?;
    Ok(see_other_with_news(&format!("/releases/{key}"), "Submitted", "Somebody else approves it."))
}

/// The report with the words that are about to be approved. It is typeset before the change, which it would hold up; if the
/// words change meanwhile, so does the version that the change asks for, and nothing is approved.
async fn paper_of(found: &Overview) -> Result<Option<Vec<u8>>> {
    let (document, course) = (found.document.clone(), found.course.clone());
    actix_web::web::block(move || {
        let words =
            paper::Words { commentary: &course.commentary, contact: &course.contact, reason: &course.reason };
        paper::report(&document, words)
    })
    .await
    .map_err(|e| Error::internal("failed to wait for a report", e))?
}

/// `POST /releases/{key}/decision`: approves it, or sends it back.
pub(super) async fn decide(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    key: Path<String>,
) -> Result<HttpResponse> {
    let (by, fields) = (Central::of(posted.by)?, posted.fields);
    let found = read(&portal, &by, &key).await?;
    Permit::<SendBackRelease>::grant(&by.by.actor, Some(subject_of(&found.release)))?;
    let said = fields.text("statement");
    let approves = match fields.one("decision") {
        "approve" => true,
        "send_back" => false,
        _ => {
            let mut errors = FormErrors::new();
            errors.add("decision", "Select your decision");
            let refused = (StatusCode::UNPROCESSABLE_ENTITY, said.as_str(), &errors);
            return shown(&request, &portal, &by, &key, refused).await;
        }
    };
    let paper = if approves && !said.is_empty() { paper_of(&found).await? } else { None };
    let (actor, at, text) = (&by.by.actor, (key.as_str(), fields.one("version")), said.clone());
    let outcome = if approves {
        change::<ApproveRelease, _, _>(&portal, actor, at, move |tx, permit, release| {
            pipeline::approve_release(tx, permit, release, &text, paper.as_deref())
        })
        .await
    } else {
        change::<SendBackRelease, _, _>(&portal, actor, at, move |tx, permit, release| {
            pipeline::send_back(tx, permit, release, &text)
        })
        .await
    };
    let here = format!("/releases/{key}");
    match outcome {
        Ok(()) if approves => Ok(see_other_with_news(&here, "Approved", "Put it on an announced date.")),
        Ok(()) => Ok(see_other_with_news(&here, "Sent back", "It is a draft again, with your words.")),
        Err(Error::Invalid(list)) => {
            let refused = (StatusCode::UNPROCESSABLE_ENTITY, said.as_str(), &FormErrors::found(&list, &[]));
            shown(&request, &portal, &by, &key, refused).await
        }
        Err(error) => Err(error),
    }
}

/// `POST /releases/{key}/schedule`.
pub(super) async fn schedule(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    key: Path<String>,
) -> Result<HttpResponse> {
    let (by, fields) = (Central::of(posted.by)?, posted.fields);
    let found = read(&portal, &by, &key).await?;
    Permit::<ScheduleRelease>::grant(&by.by.actor, Some(subject_of(&found.release)))?;
    let Ok(date) = fields.one("date").parse::<ReleaseDateId>() else {
        let mut errors = FormErrors::new();
        errors.add("date", "Select a date");
        return shown(&request, &portal, &by, &key, (StatusCode::UNPROCESSABLE_ENTITY, "", &errors)).await;
    };
    let at = (key.as_str(), fields.one("version"));
    change::<ScheduleRelease, _, _>(&portal, &by.by.actor, at, move |tx, permit, release| {
        let date = pipeline::date(tx.conn(), date)?.ok_or(Error::NotFound)?;
        pipeline::schedule_release(tx, permit, release, &date)
    })
    .await?;
    let news = "It becomes public at its time by itself.";
    Ok(see_other_with_news(&format!("/releases/{key}"), "On the calendar", news))
}

/// `POST /releases/{key}/correction`.
pub(super) async fn correct(
    portal: Data<Portal>,
    site: Data<PublicSite>,
    posted: Posted,
    key: Path<String>,
) -> Result<HttpResponse> {
    let at = (key.as_str(), posted.fields.one("version"));
    change::<PublishCorrection, _, _>(&portal, &posted.by.actor, at, pipeline::publish_correction).await?;
    Ok(made_public(site, &key).await)
}

/// `POST /releases/{key}/discard`.
pub(super) async fn discard(portal: Data<Portal>, posted: Posted, key: Path<String>) -> Result<HttpResponse> {
    let at = (key.as_str(), posted.fields.one("version"));
    change::<DiscardRelease, _, _>(&portal, &posted.by.actor, at, pipeline::discard_release).await?;
    Ok(see_other_with_news("/releases", "Discarded", "The record of it stays."))
}
