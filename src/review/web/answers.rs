//! One requirement under review: read, decided, asked about; and the evidence beside it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{central, change, form_errors, limited, must_be_allowed};
use crate::access::{Actor, AskQuery, DecideAnswer};
use crate::identity::{Central, Posted};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Once, Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::{EvidenceId, ReviewId};
use crate::platform::pages::FormErrors;
use crate::returns;
use crate::review::ask::{QUESTION_LIMIT, Question, ask_query};
use crate::review::decide::{Finding, REASON_LIMIT, decide_answer};
use crate::review::mail::Links;
use crate::review::model::end_of_office_day;
use crate::review::pages::{Attempt, WorkspacePage, after_deciding};
use crate::review::{case::Case, reading};
use crate::standards::scoring::Status;

/// The longest a question may wait for its answer, in days.
const LONGEST_WAIT: i64 = 90;

/// `GET /reviews/{id}/requirements/{code}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<(i64, String)>,
) -> Result<HttpResponse> {
    let (id, code) = path.into_inner();
    let (attempt, errors) = (Attempt::default(), FormErrors::new());
    let content = workspace(&portal, &central.by.actor, ReviewId::new(id), &code, &attempt, &errors).await?;
    page(&request, &content)
}

async fn workspace(
    portal: &Portal,
    actor: &Actor,
    id: ReviewId,
    code: &str,
    attempt: &Attempt,
    errors: &FormErrors,
) -> Result<WorkspacePage> {
    let (who, wanted) = (actor.clone(), code.to_owned());
    let of = portal
        .db
        .read(actor.central_reach()?, move |conn| reading::workspace(conn, &who, id, &wanted))
        .await?;
    WorkspacePage::new(&of, code, actor, portal.clock.now(), attempt, errors)
}

/// `POST /reviews/{id}/requirements/{code}`.
pub(super) async fn decide(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Path<(i64, String)>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let (id, code) = path.into_inner();
    let id = ReviewId::new(id);
    let mut attempt = Attempt {
        assessed: Some(fields.one("assessed").to_owned()),
        reason: Some(fields.text("reason")),
        ..Attempt::default()
    };
    let finding = match finding(&fields, &code) {
        Ok(finding) => finding,
        Err(errors) => {
            must_be_allowed::<DecideAnswer>(&portal, actor.central_reach()?, &actor, id).await?;
            return refused(&request, &portal, &actor, (id, &code), &attempt, &errors).await;
        }
    };
    let saved = change::<DecideAnswer, _, _>(&portal, &actor, id, move |tx, permit, _| {
        let recorded = decide_answer(tx, permit, &finding)?;
        let next = after_deciding(&Case::load(tx.conn(), id)?, &finding.requirement);
        Ok(recorded.map(|outcome| (outcome, next)))
    })
    .await;
    match saved {
        Ok((outcome, next)) => {
            Ok(see_other_with_news(&next, "Decision saved", &format!("{code}: {}.", outcome.words())))
        }
        Err(Error::Invalid(found)) => {
            refused(&request, &portal, &actor, (id, &code), &attempt, &form_errors(found)).await
        }
        Err(Error::Conflict(why)) => {
            // Both texts on one page: what is stored now, and what was typed; unless the review itself has moved on.
            attempt.stale = true;
            let content = workspace(&portal, &actor, id, &code, &attempt, &FormErrors::new()).await?;
            if content.is_open() {
                page_with_status(&request, StatusCode::CONFLICT, &content)
            } else {
                Err(Error::Conflict(why))
            }
        }
        Err(error) => Err(error),
    }
}

async fn refused(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    (id, code): (ReviewId, &str),
    attempt: &Attempt,
    errors: &FormErrors,
) -> Result<HttpResponse> {
    let content = workspace(portal, actor, id, code, attempt, errors).await?;
    page_with_status(request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}

/// The decision form, parsed. Which statuses the requirement can have is the verb's to say.
fn finding(fields: &Fields, code: &str) -> Result<Finding, FormErrors> {
    let mut errors = FormErrors::new();
    let assessed = Status::try_from(fields.one("assessed").to_owned());
    if assessed.is_err() {
        errors.add("assessed", "Choose what you found");
    }
    let reason = fields.text("reason");
    limited(&reason, REASON_LIMIT, "reason", "The reason", &mut errors);
    let version = fields.one("version").parse();
    if version.is_err() {
        errors.add_whole("The form could not be read. Load the page again");
    }
    let finding = assessed.ok().zip(version.ok()).map(|(assessed, version)| Finding {
        requirement: code.to_owned(),
        assessed,
        reason,
        version,
    });
    errors.into_result(finding)
}

/// `POST /reviews/{id}/query`.
pub(super) async fn ask(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let person = posted.by.person;
    let (actor, fields) = central(posted)?;
    let id = ReviewId::new(*id);
    let code = fields.one("requirement").to_owned();
    let question = match question(&fields, &code, portal.clock.now()) {
        Ok(question) => question,
        Err(errors) => {
            must_be_allowed::<AskQuery>(&portal, actor.central_reach()?, &actor, id).await?;
            let attempt = Attempt {
                question: fields.text("question"),
                due: Some(["due-day", "due-month", "due-year"].map(|part| fields.text(part))),
                ..Attempt::default()
            };
            return refused(&request, &portal, &actor, (id, &code), &attempt, &errors).await;
        }
    };
    let links = Links::below(portal.config.public_url());
    let to = format!("/reviews/{id}/requirements/{code}");
    let once = Once::of(person, &format!("/reviews/{id}/query"), &fields, &to)?;
    change::<AskQuery, _, _>(&portal, &actor, id, move |tx, permit, _| {
        once.begin(tx)?;
        ask_query(tx, permit, &question, &links)
    })
    .await?;
    Ok(see_other_with_news(&to, "Question sent", "The organisation has been told by mail."))
}

/// The question form, parsed.
fn question(fields: &Fields, code: &str, now: Timestamp) -> Result<Question, FormErrors> {
    let mut errors = FormErrors::new();
    let text = fields.text("question");
    if text.is_empty() {
        errors.add("question", "Enter your question");
    }
    limited(&text, QUESTION_LIMIT, "question", "The question", &mut errors);
    let number = |part: &str| fields.text(part).parse::<i16>().ok();
    let small = |part: &str| number(part).and_then(|n| i8::try_from(n).ok());
    let day = match (small("due-day"), small("due-month"), number("due-year")) {
        (Some(day), Some(month), Some(year)) => Day::new(year, month, day),
        _ => None,
    };
    match day.map(|day| now.london_day().days_until(day)) {
        None => errors.add_at("due", "due-day", "Enter a real date, for example 31 3 2027"),
        Some(..1) => errors.add_at("due", "due-day", "The date must be after today"),
        Some(wait) if wait > LONGEST_WAIT => {
            errors.add_at("due", "due-day", format!("The date must be within {LONGEST_WAIT} days"));
        }
        Some(_) => {}
    }
    let question =
        day.map(|day| Question { requirement: code.to_owned(), text, due_at: end_of_office_day(day) });
    errors.into_result(question)
}

/// `GET /reviews/{id}/evidence/{evidence}`: to be saved, never shown in the page's own origin.
pub(super) async fn evidence(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<(i64, i64)>,
) -> Result<HttpResponse> {
    let (id, file) = path.into_inner();
    let (id, file) = (ReviewId::new(id), EvidenceId::new(file));
    let actor = central.by.actor;
    let file = portal.db.read(central.reach, move |conn| reading::evidence(conn, &actor, id, file)).await?;
    returns::download(&request, &portal.files, &file, returns::Sent::ToSave).await
}
