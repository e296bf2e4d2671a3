//! One requirement under review: read, decided, asked about; and the evidence beside it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::{central, change, form_errors, limited, must_be_allowed, stops};
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
use crate::review::pages::{Attempt, Viewed, WorkspacePage, after_deciding, requirement_href};
use crate::review::workspace::{Show, desk};
use crate::review::{case::Case, reading};
use crate::standards::scoring::Status;

/// The longest a question may wait for its answer, in days.
const LONGEST_WAIT: i64 = 90;

/// The filter over the list, as an address says it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    show: String,
}

/// The filter of this word; one that there is not shows everything.
pub(super) fn filter(word: &str) -> Show {
    word.parse().unwrap_or(Show::All)
}

/// Which requirement of which review is looked at, through which filter.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    /// The review.
    pub id: ReviewId,
    /// The requirement's code.
    pub code: &'a str,
    /// The filter.
    pub show: Show,
}

/// `GET /reviews/{id}/requirements/{code}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<(i64, String)>,
    shown: Query<Shown>,
) -> Result<HttpResponse> {
    let (id, code) = path.into_inner();
    let at = At { id: ReviewId::new(id), code: &code, show: filter(&shown.show) };
    let (attempt, errors) = (Attempt::default(), FormErrors::new());
    let content = workspace(&portal, &central.by.actor, at, &attempt, &errors).await?;
    page(&request, &content)
}

/// The page, as the actor sees it. Where its reviewer is now is kept, unless they were there already.
pub(super) async fn workspace(
    portal: &Portal,
    actor: &Actor,
    at: At<'_>,
    attempt: &Attempt,
    errors: &FormErrors,
) -> Result<WorkspacePage> {
    let (id, show, now) = (at.id, at.show, portal.clock.now());
    let (who, code) = (actor.clone(), at.code.to_owned());
    let reach = actor.central_reach()?;
    let asked = (now.london_day(), show == Show::Doubtful);
    let desk = portal.db.read(reach, move |conn| desk(conn, &who, id, &code, asked)).await?;
    stops::keep(portal, actor, &desk).await?;
    WorkspacePage::new(&desk, at.code, Viewed { actor, now, show }, attempt, errors)
}

/// `POST /reviews/{id}/requirements/{code}`: saves the decision, or puts a reason of the library into the form.
pub(super) async fn decide(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Path<(i64, String)>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let (id, code) = path.into_inner();
    let at = At { id: ReviewId::new(id), code: &code, show: filter(fields.one("show")) };
    let attempt = Attempt {
        assessed: Some(fields.one("assessed").to_owned()),
        reason: Some(fields.text("reason")),
        quoted: fields.one("quoted").parse().ok(),
        ..Attempt::default()
    };
    if fields.one("then") == "quote" {
        return quoted(&request, &portal, &actor, at, &fields, attempt).await;
    }
    let finding = match finding(&fields, &code) {
        Ok(finding) => finding,
        Err(errors) => {
            must_be_allowed::<DecideAnswer>(&portal, actor.central_reach()?, &actor, at.id).await?;
            return refused(&request, &portal, &actor, at, &attempt, &errors).await;
        }
    };
    let (id, show, stays) = (at.id, at.show, fields.one("then") == "stay");
    let saved = change::<DecideAnswer, _, _>(&portal, &actor, id, move |tx, permit, _| {
        let recorded = decide_answer(tx, permit, &finding)?;
        let next = if stays {
            requirement_href(id, &finding.requirement, show)
        } else {
            after_deciding(&Case::load(tx.conn(), id)?, &finding.requirement, show)
        };
        Ok(recorded.map(|outcome| (outcome, next)))
    })
    .await;
    match saved {
        Ok((outcome, next)) => {
            Ok(see_other_with_news(&next, "Decision saved", &format!("{code}: {}.", outcome.words())))
        }
        Err(Error::Invalid(found)) => {
            refused(&request, &portal, &actor, at, &attempt, &form_errors(found)).await
        }
        Err(error @ (Error::Conflict(_) | Error::Refused(_) | Error::Forbidden(_))) => {
            too_late(&request, &portal, &actor, at, attempt, error).await
        }
        Err(error) => Err(error),
    }
}

/// Nothing was saved, and nothing typed is lost: beside another decision where one was made meanwhile, or to be taken
/// along where the review itself has moved on.
async fn too_late(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    at: At<'_>,
    mut attempt: Attempt,
    error: Error,
) -> Result<HttpResponse> {
    let (status, why) = match &error {
        Error::Forbidden(why) => (StatusCode::FORBIDDEN, why.clone()),
        Error::Conflict(why) | Error::Refused(why) => (StatusCode::CONFLICT, why.clone()),
        _ => return Err(error),
    };
    if status == StatusCode::FORBIDDEN {
        // Whoever may decide nothing at all is told so; the rest is for those to whom the review belonged.
        must_be_allowed::<DecideAnswer>(portal, actor.central_reach()?, actor, at.id).await?;
    }
    attempt.stale = true;
    let content = workspace(portal, actor, at, &attempt, &FormErrors::new()).await?;
    if content.is_open() {
        return page_with_status(request, status, &content);
    }
    attempt.stale = false;
    attempt.too_late = why;
    let content = workspace(portal, actor, at, &attempt, &FormErrors::new()).await?;
    page_with_status(request, status, &content)
}

/// The same page with a reason of the library put into the form, for browsers that run no scripts. Nothing is saved.
async fn quoted(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    at: At<'_>,
    fields: &Fields,
    mut attempt: Attempt,
) -> Result<HttpResponse> {
    let wanted = fields.one("library").to_owned();
    must_be_allowed::<DecideAnswer>(portal, actor.central_reach()?, actor, at.id).await?;
    let (who, id, code, day) = (actor.clone(), at.id, at.code.to_owned(), portal.clock.now().london_day());
    let desk =
        portal.db.read(actor.central_reach()?, move |conn| desk(conn, &who, id, &code, (day, false))).await?;
    let Some(chosen) = desk.reasons.into_iter().find(|reason| reason.id.to_string() == wanted) else {
        let mut errors = FormErrors::new();
        errors.add("library", "Choose a reason from the list");
        return refused(request, portal, actor, at, &attempt, &errors).await;
    };
    let typed = attempt.reason.take().unwrap_or_default();
    attempt.reason = Some(if typed.is_empty() { chosen.body } else { format!("{typed}\n{}", chosen.body) });
    attempt.quoted = Some(chosen.id);
    let content = workspace(portal, actor, at, &attempt, &FormErrors::new()).await?;
    page(request, &content)
}

/// The page with what was typed and what is wrong with it.
pub(super) async fn refused(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    at: At<'_>,
    attempt: &Attempt,
    errors: &FormErrors,
) -> Result<HttpResponse> {
    let content = workspace(portal, actor, at, attempt, errors).await?;
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
        quoted: fields.one("quoted").parse().ok(),
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
    let at = At { id, code: &code, show: Show::All };
    let attempt = Attempt {
        question: fields.text("question"),
        due: Some(["due-day", "due-month", "due-year"].map(|part| fields.text(part))),
        ..Attempt::default()
    };
    let question = match question(&fields, &code, portal.clock.now()) {
        Ok(question) => question,
        Err(errors) => {
            must_be_allowed::<AskQuery>(&portal, actor.central_reach()?, &actor, id).await?;
            return refused(&request, &portal, &actor, at, &attempt, &errors).await;
        }
    };
    let links = Links::below(portal.config.public_url());
    let to = format!("/reviews/{id}/requirements/{code}");
    let once = Once::of(person, &format!("/reviews/{id}/query"), &fields, &to)?;
    let asked = change::<AskQuery, _, _>(&portal, &actor, id, move |tx, permit, _| {
        once.begin(tx)?;
        ask_query(tx, permit, &question, &links)
    })
    .await;
    match asked {
        Ok(_) => Ok(see_other_with_news(&to, "Question sent", "The organisation has been told by mail.")),
        // It has been asked already. What was typed stays in the form, to be said otherwise.
        Err(Error::Refused(why)) => {
            let mut errors = FormErrors::new();
            errors.add("question", why);
            let content = workspace(&portal, &actor, at, &attempt, &errors).await?;
            page_with_status(&request, StatusCode::CONFLICT, &content)
        }
        Err(error) => Err(error),
    }
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
    sent(&request, &portal, central, path.into_inner(), returns::Sent::ToSave).await
}

/// `GET /reviews/{id}/evidence/{evidence}/view`: shown within the reviewer's own page, where its kind can do no harm.
pub(super) async fn view(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<(i64, i64)>,
) -> Result<HttpResponse> {
    sent(&request, &portal, central, path.into_inner(), returns::Sent::Beside).await
}

async fn sent(
    request: &HttpRequest,
    portal: &Portal,
    central: Central,
    (id, file): (i64, i64),
    how: returns::Sent,
) -> Result<HttpResponse> {
    let (id, file) = (ReviewId::new(id), EvidenceId::new(file));
    let actor = central.by.actor;
    let file = portal.db.read(central.reach, move |conn| reading::evidence(conn, &actor, id, file)).await?;
    returns::download(request, &portal.files, &file, how).await
}
