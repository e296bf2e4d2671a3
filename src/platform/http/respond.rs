//! The ways to answer: a page, a redirect after a change, JSON for machines, and one mapping of errors to either a
//! page or a problem document. Causes go to the log, never to the answer.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;

use super::cookies::Cookies;
use super::front::RequestId;
use super::state::Portal;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::pages::{Aside, Chrome, Link, NavItem, Page, SignedIn};

/// What surrounds a page for the person who asked; put into the request by the extractor that found them.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
    /// Where they can go.
    pub navigation: Vec<NavItem>,
    /// The token of their forms.
    pub csrf: String,
    /// A short list beside the page.
    pub aside: Option<Aside>,
}

/// Answers with a page.
///
/// # Errors
/// When the page cannot be rendered, which is a fault of ours.
pub fn page<P: Page>(request: &HttpRequest, content: &P) -> Result<HttpResponse> {
    page_with_status(request, StatusCode::OK, content)
}

/// Answers with a page and another status, such as 422 for a form that needs correcting.
///
/// # Errors
/// As [`page`].
pub fn page_with_status<P: Page>(
    request: &HttpRequest,
    status: StatusCode,
    content: &P,
) -> Result<HttpResponse> {
    let portal = portal(request)?;
    let news = Cookies::news_of(request);
    let had_news = news.is_some();
    let mut chrome = chrome(request);
    chrome.flash = news;
    let html = portal
        .pages
        .render(&chrome, content)
        .map_err(|e| Error::internal(format!("failed to render {}", P::TEMPLATE), e))?;
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"));
    if had_news {
        answer.cookie(Cookies::no_news());
    }
    Ok(answer.body(html))
}

/// Sends the browser on after a change (303, so that a reload repeats nothing).
#[must_use]
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, location)).finish()
}

/// [`see_other`], with news to show on the next page.
#[must_use]
pub fn see_other_with_news(location: &str, heading: &str, text: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, location)).cookie(Cookies::news(heading, text)).finish()
}

/// Answers a machine.
#[must_use]
pub fn json<T: Serialize>(status: StatusCode, value: &T) -> HttpResponse {
    HttpResponse::build(status).insert_header((CACHE_CONTROL, "no-store")).json(value)
}

/// Answers with a file to be saved under a name, never shown in the page's own origin.
#[must_use]
pub fn downloaded(media_type: &str, name: &str, body: Vec<u8>) -> HttpResponse {
    let safe: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' }).collect();
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{safe}\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(body)
}

fn portal(request: &HttpRequest) -> Result<&Data<Portal>> {
    request.app_data::<Data<Portal>>().ok_or_else(|| Error::broken("the shared state is missing"))
}

/// The surroundings of a page for this request.
fn chrome(request: &HttpRequest) -> Chrome {
    let found = request.extensions().get::<Surroundings>().cloned().unwrap_or_default();
    let csrf = if found.csrf.is_empty() {
        Cookies::visit_token(request)
            .or_else(|| request.extensions().get::<super::front::NewVisit>().map(|v| v.0.clone()))
            .map(|visit| super::PostedAnonymously::token_for(&visit))
            .unwrap_or_default()
    } else {
        found.csrf
    };
    Chrome {
        service_name: "Data security assurance".to_owned(),
        home_href: "/".to_owned(),
        signed_in: found.signed_in,
        navigation: found.navigation,
        csrf,
        request_id: RequestId::of(request),
        flash: None,
        aside: found.aside,
        footer: vec![
            Link::new("Help", "/help"),
            Link::new("Accessibility statement", "/accessibility"),
            Link::new("Check the ledger", "/ledger"),
            Link::new("Interface for programs", "/api"),
        ],
        ..Chrome::default()
    }
}

/// A problem document after RFC 9457.
#[derive(Debug, Serialize)]
struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    status: u16,
    detail: String,
    instance: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

/// The error page: what happened, what to do, and a reference.
#[derive(Debug, Serialize)]
struct ErrorPage {
    heading: String,
    detail: String,
    advice: String,
    reference: String,
    errors: Vec<String>,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "site/error.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |errors: Vec<String>| Self {
            heading: "Page not found".to_owned(),
            detail: "There is no page at this address.".to_owned(),
            advice: "Check the address, or start from the home page.".to_owned(),
            reference: "0123456789abcdef".to_owned(),
            errors,
        };
        vec![("typical", sample(Vec::new())), ("fields", sample(vec!["Enter a name".to_owned()]))]
    }
}

/// The checks of this module's page.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<crate::platform::pages::PageCheck>, crate::platform::pages::PagesError> {
    Ok(vec![crate::platform::pages::PageCheck::of::<ErrorPage>()?])
}

/// Carries an error from where it arose to the front, which knows the request it has to be told to.
#[derive(Debug, Clone)]
pub(super) struct Raised(pub Arc<Error>);

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignInRequired => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Repeated(_) => StatusCode::SEE_OTHER,
            Self::Conflict(_) | Self::Refused(_) => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Gone(_) => StatusCode::GONE,
            Self::Unsupported(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) | Self::FilesUnreachable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::new(self.status_code());
        answer.extensions_mut().insert(Raised(Arc::new(self.restated())));
        answer
    }
}

impl Error {
    /// The same error without its cause, which the front has no use for after logging.
    fn restated(&self) -> Self {
        match self {
            Self::NotFound => Self::NotFound,
            Self::SignInRequired => Self::SignInRequired,
            Self::Forbidden(t) => Self::Forbidden(t.clone()),
            Self::Conflict(t) => Self::Conflict(t.clone()),
            Self::Repeated(t) => Self::Repeated(t.clone()),
            Self::Refused(t) => Self::Refused(t.clone()),
            Self::Invalid(list) => Self::Invalid(list.clone()),
            Self::TooLarge(t) => Self::TooLarge(t.clone()),
            Self::Gone(t) => Self::Gone(t.clone()),
            Self::Unsupported(t) => Self::Unsupported(t.clone()),
            Self::TooMany(s) => Self::TooMany(*s),
            Self::Unavailable(t) => Self::Unavailable(t.clone()),
            Self::FilesUnreachable(t) => Self::FilesUnreachable(t.clone()),
            Self::Internal { doing, cause } => Self::internal(doing.clone(), cause.to_string()),
        }
    }

    /// What people read: heading, what happened, what to do.
    fn told(&self) -> (&'static str, String, &'static str) {
        match self {
            Self::NotFound => (
                "Page not found",
                "There is nothing at this address, or it is not for you to see.".to_owned(),
                "Check the address, or start again from the home page.",
            ),
            Self::SignInRequired => (
                "Sign in to continue",
                "You need to sign in to see this.".to_owned(),
                "Sign in and try again.",
            ),
            Self::Repeated(_) => ("Done already", "This was sent before.".to_owned(), "Go on from there."),
            Self::Forbidden(text) => (
                "You cannot do this",
                text.clone(),
                "Go back to where you came from, or start again from the home page.",
            ),
            Self::Conflict(text) => (
                "Somebody else changed this first",
                text.clone(),
                "Go back, load the page again to see the newest state, and make your change once more.",
            ),
            Self::Refused(text) => {
                ("This cannot be done now", text.clone(), "Go back to see the present state.")
            }
            Self::Invalid(_) => (
                "Something needs correcting",
                "Some of what was sent cannot be used.".to_owned(),
                "Correct it and send it again.",
            ),
            Self::TooLarge(text) => ("Too large", text.clone(), "Send something smaller."),
            Self::Gone(text) => (
                "This is not there any more",
                text.clone(),
                "Tell the people who run this service, and quote the reference below.",
            ),
            Self::Unsupported(text) => ("Not accepted", text.clone(), "Send it in another form."),
            Self::TooMany(seconds) => (
                "Too many tries",
                format!("Wait {seconds} seconds before you try again."),
                "Nothing is lost; the limit protects the accounts of everybody.",
            ),
            Self::Unavailable(_) => (
                "The service is not available just now",
                "What you sent may not have been saved.".to_owned(),
                "Wait a minute and try again. Sending the same thing twice does no harm.",
            ),
            Self::FilesUnreachable(_) => (
                "Files cannot be reached just now",
                "The place where the portal keeps files does not answer, so nothing was saved or sent."
                    .to_owned(),
                "Wait a minute and try again. Everything but files goes on working.",
            ),
            Self::Internal { .. } => (
                "Something went wrong",
                "The fault is ours and has been recorded.".to_owned(),
                "Try again later. If it happens again, quote the reference below.",
            ),
        }
    }
}

/// The answer to an error as a problem document or as a page, after what the request asked for.
pub(super) fn tell(request: &HttpRequest, error: &Error) -> HttpResponse {
    let status = error.status_code();
    let reference = RequestId::of(request);
    let (heading, detail, advice) = error.told();
    let mut answer = if wants_problem(request) {
        problem_of(status, heading, &detail, &reference, error)
    } else if matches!(error, Error::SignInRequired) {
        see_other(&format!("/sign-in?next={}", encoded(request.uri().path())))
    } else if let Error::Repeated(then) = error {
        see_other(then)
    } else {
        let errors = match error {
            Error::Invalid(list) => list.iter().map(|e| e.message.clone()).collect(),
            _ => Vec::new(),
        };
        let content = ErrorPage {
            heading: heading.to_owned(),
            detail,
            advice: advice.to_owned(),
            reference: reference.clone(),
            errors,
        };
        page_with_status(request, status, &content).unwrap_or_else(|fault| {
            log::error!(target: "portal::http", request = reference.as_str(); "failed to render the error page: {fault}");
            HttpResponse::build(status)
                .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
                .body(format!("{heading}. {advice} Reference: {reference}"))
        })
    };
    let retry = match error {
        Error::TooMany(seconds) => Some(*seconds),
        Error::Unavailable(_) | Error::FilesUnreachable(_) => Some(5),
        _ => None,
    };
    if let Some(value) =
        retry.and_then(|s| actix_web::http::header::HeaderValue::from_str(&s.to_string()).ok())
    {
        answer.headers_mut().insert(RETRY_AFTER, value);
    }
    answer
}

/// A problem document.
#[must_use]
pub fn problem_of(
    status: StatusCode,
    title: &str,
    detail: &str,
    reference: &str,
    error: &Error,
) -> HttpResponse {
    let errors = match error {
        Error::Invalid(list) => list.clone(),
        _ => Vec::new(),
    };
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "application/problem+json"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(
            serde_json::to_vec(&Problem {
                kind: "about:blank",
                title: title.to_owned(),
                status: status.as_u16(),
                detail: detail.to_owned(),
                instance: format!("urn:request:{reference}"),
                errors,
            })
            .unwrap_or_default(),
        )
}

fn wants_problem(request: &HttpRequest) -> bool {
    request.path().starts_with("/api/")
}

fn encoded(path: &str) -> String {
    path.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"/-_.".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}
