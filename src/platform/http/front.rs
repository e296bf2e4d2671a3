//! The outermost middleware: a request id, security headers, errors told to the right audience, one log line and one
//! measurement per request.

use std::sync::LazyLock;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest};

use super::cookies::Cookies;
use super::head;
use super::respond::{Raised, tell};
use super::state::Portal;
use crate::platform::canonical::hex;
use crate::platform::error::Error;
use crate::platform::random;

/// The reference of one request, in the answer, on its page and in the log.
#[derive(Debug, Clone)]
pub struct RequestId(String);

impl RequestId {
    /// The reference of a request; empty before the front has seen it.
    #[must_use]
    pub fn of(request: &HttpRequest) -> String {
        request.extensions().get::<Self>().map(|id| id.0.clone()).unwrap_or_default()
    }
}

/// A visit cookie that this answer sets, for forms of people who are not signed in.
#[derive(Debug, Clone)]
pub(super) struct NewVisit(pub String);

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                   connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
                   frame-ancestors 'none'";

/// Headers that every answer carries.
const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];

/// The same, checked once: every answer, also of the public pages, would otherwise pay for it.
static READY: LazyLock<Vec<(HeaderName, HeaderValue)>> = LazyLock::new(|| {
    HEADERS
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect()
});

/// Wraps every request.
///
/// # Errors
/// None of its own: a handler's error has become an answer before it gets here.
pub async fn front(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let portal = request.app_data::<Data<Portal>>().cloned();
    let (id, visit) = identify(&request, portal.as_ref().map(Data::get_ref));
    let is_head = head::as_get(&mut request);
    // The request must not be cloned before routing, which wants it to itself.
    let answer = next.call(request).await?.map_into_boxed_body();
    let mut answer = told(answer, &id);
    if let Some(visit) = visit.filter(|_| is_html(answer.headers())) {
        // A cookie that cannot be set leaves a form that says so when it is sent.
        answer.response_mut().add_cookie(&Cookies::visit(&visit)).unwrap_or_default();
    }
    let https = portal.as_ref().is_some_and(|p| p.config.http.public_url.starts_with("https://"));
    secure(answer.headers_mut(), https, &id);
    let method = if is_head { "HEAD" } else { answer.request().method().as_str() };
    record(&answer, portal.as_ref().map(Data::get_ref), &id, (method, started));
    Ok(if is_head { head::without_body(answer) } else { answer })
}

/// Gives the request its id and, to a browser without one, a visit token.
fn identify(request: &ServiceRequest, portal: Option<&Portal>) -> (String, Option<String>) {
    let mut bytes = [0_u8; 8];
    let mut visit = None;
    if let Some(portal) = portal {
        // Without randomness there are no references and no forms, but pages can still be read.
        portal.random.fill(&mut bytes).unwrap_or_default();
        if Cookies::visit_token(request.request()).is_none()
            && Cookies::session_token(request.request()).is_none()
        {
            visit = random::token(&*portal.random).ok();
        }
    }
    let id = hex(&bytes);
    let mut extensions = request.extensions_mut();
    extensions.insert(RequestId(id.clone()));
    if let Some(token) = &visit {
        extensions.insert(NewVisit(token.clone()));
    }
    (id, visit)
}

/// Replaces an error's empty answer with one that people or machines can read.
fn told(answer: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    let raised = answer.response().extensions().get::<Raised>().cloned();
    let error = match raised {
        Some(Raised(error)) => error,
        None => match answer.status() {
            status
                if answer.headers().contains_key(CONTENT_TYPE)
                    || status.is_success()
                    || status.is_redirection() =>
            {
                return answer;
            }
            StatusCode::NOT_FOUND => Error::NotFound.into(),
            StatusCode::METHOD_NOT_ALLOWED => return answer,
            StatusCode::BAD_REQUEST => Error::field("request", "The request could not be read.").into(),
            _ => return answer,
        },
    };
    if matches!(&*error, Error::Internal { .. } | Error::Unavailable(_) | Error::FilesUnreachable(_)) {
        log::error!(target: "portal::http", request = id, path = answer.request().path(); "{error}");
    }
    let request = answer.request().clone();
    let told = tell(&request, &error);
    ServiceResponse::new(request, told)
}

/// Adds the security headers that the answer does not set itself.
pub fn secure(headers: &mut HeaderMap, https: bool, id: &str) {
    for (name, value) in READY.iter() {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
    if https {
        headers.insert(
            HeaderName::from_static("strict-transport-security"),
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    // A published page is the same for everybody and carries no reference.
    if !id.is_empty()
        && let Ok(value) = HeaderValue::from_str(id)
    {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"))
        && headers.get(CACHE_CONTROL).is_some_and(|v| v.as_bytes() == b"no-store")
}

fn record(
    answer: &ServiceResponse<BoxBody>,
    portal: Option<&Portal>,
    id: &str,
    (method, started): (&str, Instant),
) {
    let elapsed = started.elapsed();
    let route = answer.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    let status = answer.status().as_u16();
    if let Some(portal) = portal {
        portal.metrics.answered(&route, method, status, elapsed.as_secs_f64());
    }
    log::info!(
        target: "portal::access",
        request = id, method = method, route = route.as_str(), status = status,
        micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        "answered"
    );
}
