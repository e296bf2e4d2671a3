//! One question for its reviewer: read, asked further, given more time, closed.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{REASON_LIMIT, reply_day};
use crate::access::{Action, Actor, AskQuery, CloseQuery, Permit, SetQueryTime};
use crate::identity::{Central, Posted};
use crate::ledger::Recorded;
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Once, Portal, TypedDay, page, page_with_status, see_other_with_news};
use crate::platform::ids::{QueryId, ReviewId};
use crate::platform::pages::FormErrors;
use crate::review::ask::QUESTION_LIMIT;
use crate::review::case::Case;
use crate::review::consistency::may_read;
use crate::review::mail::Links;
use crate::review::queries::model::QueryOutcome;
use crate::review::queries::pages::{Given, ThreadPage, Typed};
use crate::review::queries::{Closing, MoreTime, ask_further, close_query, give_more_time, refuse_more_time};
use crate::review::web::{central, change, form_errors, limited, must_be_allowed};

/// The review and the question that the address names.
type Address = Path<(i64, i64)>;

/// Who looks at which question.
struct Place {
    actor: Actor,
    review: ReviewId,
    query: QueryId,
    at: String,
}

impl Place {
    fn of(actor: Actor, path: &Address) -> Self {
        let (review, query) = **path;
        let (review, query) = (ReviewId::new(review), QueryId::new(query));
        Self { actor, review, query, at: format!("/reviews/{review}/queries/{query}") }
    }

    async fn page(&self, portal: &Portal, typed: &Typed, errors: &FormErrors) -> Result<ThreadPage> {
        let (actor, id, wanted) = (self.actor.clone(), self.review, self.query);
        let case = portal
            .db
            .read(self.actor.central_reach()?, move |conn| {
                let case = Case::load(conn, id)?;
                may_read(conn, &actor, &case.found)?;
                Ok(case)
            })
            .await?;
        let query = case.queries.iter().find(|query| query.id == wanted).ok_or(Error::NotFound)?;
        let given = Given { case: &case, query, actor: &self.actor, now: portal.clock.now() };
        Ok(ThreadPage::new(&given, typed, errors))
    }

    /// Runs a verb once its form was read, and leads back to the question; what was typed stays where it is refused.
    async fn run<A, T, F>(
        self,
        (request, portal): (&HttpRequest, &Portal),
        mut typed: Typed,
        news: (&str, &str),
        verb: Result<F, FormErrors>,
    ) -> Result<HttpResponse>
    where
        A: Action,
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>, &Permit<A>) -> Result<Recorded<T>> + Send + 'static,
    {
        let errors = match verb {
            Err(errors) => {
                must_be_allowed::<A>(portal, self.actor.central_reach()?, &self.actor, self.review).await?;
                errors
            }
            Ok(verb) => {
                let done =
                    change::<A, _, _>(portal, &self.actor, self.review, |tx, permit, _| verb(tx, permit))
                        .await;
                match done {
                    Ok(_) => return Ok(see_other_with_news(&self.at, news.0, news.1)),
                    Err(Error::Invalid(found)) => form_errors(found),
                    Err(Error::Conflict(why)) => {
                        typed.stale = why;
                        let content = self.page(portal, &typed, &FormErrors::new()).await?;
                        return page_with_status(request, StatusCode::CONFLICT, &content);
                    }
                    Err(error) => return Err(error),
                }
            }
        };
        let content = self.page(portal, &typed, &errors).await?;
        page_with_status(request, StatusCode::UNPROCESSABLE_ENTITY, &content)
    }
}

/// `GET /reviews/{id}/queries/{query}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    by: Central,
    path: Address,
) -> Result<HttpResponse> {
    let place = Place::of(by.by.actor, &path);
    page(&request, &place.page(&portal, &Typed::default(), &FormErrors::new()).await?)
}

/// `POST /reviews/{id}/queries/{query}/ask`.
pub(super) async fn ask(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Address,
) -> Result<HttpResponse> {
    let person = posted.by.person;
    let (actor, fields) = central(posted)?;
    let place = Place::of(actor, &path);
    let typed =
        Typed { text: fields.text("text"), due: Some(TypedDay::read(&fields, "due")), ..Typed::default() };
    let (query, links) = (place.query, Links::below(portal.config.public_url()));
    let once = Once::of(person, &format!("{}/ask", place.at), &fields, &place.at)?;
    let verb = further(&typed, portal.clock.now()).map(|(text, due_at)| {
        move |tx: &mut Tx<'_>, permit: &Permit<AskQuery>| {
            once.begin(tx)?;
            ask_further(tx, permit, query, (&text, due_at), &links)
        }
    });
    let news = ("Question sent", "The organisation has been told by mail.");
    place.run((&request, &portal), typed, news, verb).await
}

fn further(typed: &Typed, now: Timestamp) -> Result<(String, Timestamp), FormErrors> {
    let mut errors = FormErrors::new();
    if typed.text.is_empty() {
        errors.add("text", "Enter your question");
    }
    limited(&typed.text, QUESTION_LIMIT, "text", "The question", &mut errors);
    let due = typed.due.clone().unwrap_or_default();
    let due = reply_day(&due, ("due", "by which you need the answer"), now, &mut errors);
    errors.into_result(due.map(|due| (typed.text.clone(), due)))
}

/// `POST /reviews/{id}/queries/{query}/time`: more time given, or refused where it was asked for.
pub(super) async fn time(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Address,
) -> Result<HttpResponse> {
    let person = posted.by.person;
    let (actor, fields) = central(posted)?;
    let place = Place::of(actor, &path);
    let typed = Typed {
        verdict: fields.text("verdict"),
        until: Some(TypedDay::read(&fields, "until")),
        reason: fields.text("reason"),
        ..Typed::default()
    };
    let (query, links) = (place.query, Links::below(portal.config.public_url()));
    let once = Once::of(person, &format!("{}/time", place.at), &fields, &place.at)?;
    let gives = typed.verdict == "give";
    let verb = more_time(&typed, portal.clock.now()).map(|given| {
        move |tx: &mut Tx<'_>, permit: &Permit<SetQueryTime>| {
            once.begin(tx)?;
            match given {
                (Some(until), reason) => {
                    give_more_time(tx, permit, query, &MoreTime { until, reason }, &links)
                }
                (None, reason) => refuse_more_time(tx, permit, query, &reason, &links),
            }
        }
    });
    let heading = if gives { "More time given" } else { "More time refused" };
    place.run((&request, &portal), typed, (heading, "The organisation has been told by mail."), verb).await
}

/// Until when, where it is given; and why.
fn more_time(typed: &Typed, now: Timestamp) -> Result<(Option<Timestamp>, String), FormErrors> {
    let mut errors = FormErrors::new();
    let until = match typed.verdict.as_str() {
        "give" => {
            let until = typed.until.clone().unwrap_or_default();
            reply_day(&until, ("until", "until which there is time"), now, &mut errors)
        }
        "refuse" => None,
        _ => {
            errors.add("verdict", "Choose whether to give more time");
            None
        }
    };
    if typed.reason.is_empty() {
        errors.add("reason", "Enter the reason");
    }
    limited(&typed.reason, REASON_LIMIT, "reason", "The reason", &mut errors);
    errors.into_result(Some((until, typed.reason.clone())))
}

/// `POST /reviews/{id}/queries/{query}/close`.
pub(super) async fn close(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Address,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let place = Place::of(actor, &path);
    let typed = Typed { outcome: fields.text("outcome"), note: fields.text("note"), ..Typed::default() };
    let (query, links) = (place.query, Links::below(portal.config.public_url()));
    let verb = closing(&fields, &typed).map(|closing| {
        move |tx: &mut Tx<'_>, permit: &Permit<CloseQuery>| close_query(tx, permit, query, &closing, &links)
    });
    let news = ("Question closed", "The organisation reads what came of it.");
    place.run((&request, &portal), typed, news, verb).await
}

fn closing(fields: &Fields, typed: &Typed) -> Result<Closing, FormErrors> {
    let mut errors = FormErrors::new();
    let outcome: Option<QueryOutcome> = typed.outcome.parse().ok();
    let outcome = outcome.filter(|outcome| QueryOutcome::CHOICES.contains(outcome));
    if outcome.is_none() {
        errors.add("outcome", "Choose what came of the question");
    }
    if typed.note.is_empty() {
        errors.add("note", "Enter a note");
    }
    limited(&typed.note, REASON_LIMIT, "note", "The note", &mut errors);
    let seen = fields.one("seen").parse();
    if seen.is_err() {
        errors.add_whole("The form could not be read. Load the page again");
    }
    let closing =
        outcome.zip(seen.ok()).map(|(outcome, seen)| Closing { outcome, note: typed.note.clone(), seen });
    errors.into_result(closing)
}
