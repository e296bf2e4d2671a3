//! How the API says no: a problem document after RFC 9457, with the status and headers that HTTP has for the reason.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::error::Error;
use crate::platform::http::{RequestId, problem_of};

/// Why a request was not answered as asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Problem")]
pub struct Problem {
    /// The kind of problem; always `about:blank`, so the status says all.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// The reference of this request, to quote when asking for help.
    pub instance: String,
    /// What is wrong with which field; only where the status is 400 or 422.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub errors: Option<Vec<FieldProblem>>,
}

/// What is wrong with one field, header or parameter.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Its name; dots lead into the body.
    pub field: String,
    /// What is wrong and what to do, as a sentence.
    pub message: String,
}

/// A request that was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// One of the reasons that pages have too.
    #[error("{0}")]
    Known(#[from] Error),
    /// A reason that only HTTP for machines has.
    #[error("{}: {}", .0.title, .0.detail)]
    Http(Box<HttpReason>),
}

/// A reason in the terms of HTTP.
#[derive(Debug)]
pub struct HttpReason {
    status: StatusCode,
    title: &'static str,
    detail: String,
    reference: String,
    header: Option<(HeaderName, HeaderValue)>,
}

/// What a handler of the API gives.
pub type Answer = Result<HttpResponse, Refusal>;

impl Refusal {
    fn http(
        request: &HttpRequest,
        status: StatusCode,
        title: &'static str,
        detail: impl Into<String>,
        header: Option<(HeaderName, HeaderValue)>,
    ) -> Self {
        let (detail, reference) = (detail.into(), RequestId::of(request));
        Self::Http(Box::new(HttpReason { status, title, detail, reference, header }))
    }

    /// 400: the request could not be read.
    pub fn unreadable(request: &HttpRequest, detail: impl Into<String>) -> Self {
        Self::http(request, StatusCode::BAD_REQUEST, "The request could not be read", detail, None)
    }

    /// 401: no token, or one that is not good.
    pub fn unauthorised(request: &HttpRequest, detail: &str) -> Self {
        let challenge = HeaderValue::from_static("Bearer realm=\"api\"");
        let header = Some((WWW_AUTHENTICATE, challenge));
        Self::http(request, StatusCode::UNAUTHORIZED, "A token is needed", detail, header)
    }

    /// 405: the address takes other methods, `allow`.
    pub fn method(request: &HttpRequest, allow: &'static str) -> Self {
        let detail = format!("This address takes {allow} only.");
        let header = Some((ALLOW, HeaderValue::from_static(allow)));
        Self::http(request, StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", detail, header)
    }

    /// 406: there is no form of it that the request accepts.
    pub fn not_acceptable(request: &HttpRequest, detail: &str) -> Self {
        Self::http(request, StatusCode::NOT_ACCEPTABLE, "Not there in that form", detail, None)
    }

    /// 412: the record is not at the version that the request names.
    pub fn stale(request: &HttpRequest, detail: impl Into<String>) -> Self {
        let title = "Somebody else changed this first";
        Self::http(request, StatusCode::PRECONDITION_FAILED, title, detail, None)
    }

    /// 428: the request must name the version that it changes.
    pub fn unconditional(request: &HttpRequest) -> Self {
        let detail = "Send the version that you read in the header If-Match, in quotation marks; \"0\" where there is \
                      no answer yet.";
        let title = "The request must be conditional";
        Self::http(request, StatusCode::PRECONDITION_REQUIRED, title, detail, None)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Known(error) => error.status_code(),
            Self::Http(reason) => reason.status,
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Known(error) => error.error_response(),
            Self::Http(reason) => {
                let HttpReason { status, title, detail, reference, header } = &**reason;
                let mut answer = problem_of(*status, title, detail, reference, &Error::NotFound);
                if let Some((name, value)) = header {
                    answer.headers_mut().insert(name.clone(), value.clone());
                }
                answer
            }
        }
    }
}
