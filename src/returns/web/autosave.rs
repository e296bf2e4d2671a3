//! The answer to a page that saves its form by itself: a few words of JSON instead of another page. It is saved by the
//! same route, the same verb and from the same version as by a button.

use actix_web::http::StatusCode;
use actix_web::http::header::ACCEPT;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::OfQuestion;
use super::question::Read;
use crate::identity::Member;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, json};
use crate::returns::answer_form::AnswerForm;
use crate::returns::model::AnswerState;
use crate::returns::pages::Tag;
use crate::returns::readiness::question_href;
use crate::returns::start::stored_value;

/// What a script is told.
#[derive(Debug, Default, Serialize)]
struct Told {
    /// The version that the form is to be sent from next; 0 when nothing was saved.
    version: i64,
    /// The time it was saved at, in words.
    at: String,
    /// Where the answer stands now; none when nothing was saved.
    tag: Option<Tag>,
    /// Why it was not saved.
    message: String,
    /// Where the answer that stands can be seen; empty when it is the form's own.
    href: String,
}

/// Whether a script asks, and not a person.
pub(super) fn is_wanted(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.starts_with("application/json"))
}

/// The answer to a script.
pub(super) async fn told<T>(
    portal: &Portal,
    member: &Member,
    path: &OfQuestion,
    form: &AnswerForm,
    outcome: Result<T>,
) -> Result<HttpResponse> {
    let refused =
        |status, message: String, href: String| Ok(json(status, &Told { message, href, ..Told::default() }));
    match outcome {
        Ok(_) => {
            let before = form.version.parse::<i64>().unwrap_or_default();
            Ok(saved(before + 1, form, portal.clock.now()))
        }
        Err(Error::Invalid(list)) => {
            let first = list.into_iter().next().map(|error| error.message).unwrap_or_default();
            refused(StatusCode::UNPROCESSABLE_ENTITY, format!("Not saved yet: {first}"), String::new())
        }
        Err(Error::Conflict(_)) => {
            let read = Read::of(portal, member, path).await?;
            match standing(&read, form)? {
                // The answer to an earlier try was lost; what was sent is what stands.
                Some(version) => Ok(saved(version, form, portal.clock.now())),
                None => {
                    let message = "A colleague has saved another answer meanwhile. Save yours with a button to see \
                                   both side by side.";
                    let history = format!("{}/history", question_href(&member.code, &path.year, &path.code));
                    refused(StatusCode::CONFLICT, message.to_owned(), history)
                }
            }
        }
        Err(Error::Refused(why)) => refused(StatusCode::CONFLICT, format!("Not saved: {why}"), String::new()),
        Err(error) => Err(error),
    }
}

fn saved(version: i64, form: &AnswerForm, now: Timestamp) -> HttpResponse {
    let words = now.london_words();
    let at = words.rsplit(" at ").next().unwrap_or_default().to_owned();
    let state = if form.later { AnswerState::Draft } else { AnswerState::Confirmed };
    json(StatusCode::OK, &Told { version, at, tag: Some(state.into()), ..Told::default() })
}

/// The version that stands, if it says what the form says.
fn standing(read: &Read, form: &AnswerForm) -> Result<Option<i64>> {
    let (Some(stored), Ok(new)) = (&read.answer, form.parse(read.id, read.requirement()?)) else {
        return Ok(None);
    };
    let same = stored.value == stored_value(new.value.as_ref())?
        && stored.comment == new.comment
        && stored.state == new.state();
    Ok(same.then_some(stored.version))
}
