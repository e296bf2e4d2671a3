//! Reading what a request says: its query, its JSON body, its precondition and the keys in its address. What is not
//! known is refused, never passed over.

use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_TYPE, IF_MATCH};
use actix_web::web::{Bytes, Payload};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::problem::Refusal;
use crate::platform::error::Error;
use crate::platform::http::read_body;

/// The query of an address that takes none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoQuery {}

/// The query of a request.
///
/// # Errors
/// 422 with what is wrong, also for a name that is not known.
pub fn query<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, Refusal> {
    serde_urlencoded::from_str(request.query_string())
        .map_err(|e| Error::field("query", format!("The query cannot be used: {e}")).into())
}

/// The JSON body of a request, with the bytes it was read from.
///
/// # Errors
/// 415 when it does not say that it is JSON, 413 when it is too large, 400 when it is not JSON, 422 when it does not
/// have the shape that is wanted.
pub async fn body<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: Payload,
) -> Result<(T, Bytes), Refusal> {
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = media.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Error::Unsupported("Send the body as application/json.".to_owned()).into());
    }
    let bytes = read_body(request, &mut payload.into_inner()).await?;
    let value = serde_json::from_slice(&bytes).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => {
            Refusal::from(Error::field("body", format!("The body cannot be used: {e}")))
        }
        _ => Refusal::unreadable(request, format!("The body is not JSON: {e}.")),
    })?;
    Ok((value, bytes))
}

/// The version that a change is made to, from `If-Match: "3"`.
///
/// # Errors
/// 428 without the header, 400 when it names no version.
pub fn version(request: &HttpRequest) -> Result<i64, Refusal> {
    let Some(value) = request.headers().get(IF_MATCH) else {
        return Err(Refusal::unconditional(request));
    };
    let quoted = value.to_str().ok().and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'));
    let digits = quoted.filter(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()));
    digits.and_then(|text| text.parse().ok()).ok_or_else(|| {
        Refusal::unreadable(request, "If-Match must hold one version in quotation marks, such as \"3\".")
    })
}

/// A key from the address, of the characters that keys are made of; anything else names nothing.
///
/// # Errors
/// 404 when it cannot be a key.
pub fn key(request: &HttpRequest, name: &str) -> Result<String, Refusal> {
    let text = request.match_info().get(name).unwrap_or_default();
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if plain && (1..=100).contains(&text.len()) { Ok(text.to_owned()) } else { Err(Error::NotFound.into()) }
}
