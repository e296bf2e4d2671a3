//! Answers that are the same for everybody: with a strong entity tag, and 304 for a caller that has them already.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::problem::Answer;
use crate::platform::canonical::{hex, sha256};
use crate::platform::error::Error;
use crate::publication::names_tag;

/// Kept by anybody, and shown only after asking whether it still stands.
const ASK_AGAIN: &str = "public, no-cache";

/// The JSON of a value.
pub fn public<T: Serialize>(request: &HttpRequest, value: &T) -> Answer {
    let bytes = serde_json::to_vec(value).map_err(|e| Error::internal("failed to write an answer", e))?;
    Ok(tagged(request, "application/json", bytes))
}

/// A body of this media type.
pub fn tagged(request: &HttpRequest, media_type: &'static str, bytes: Vec<u8>) -> HttpResponse {
    let digest = hex(&sha256(&bytes));
    let tag = format!("\"{}\"", digest.get(..32).unwrap_or(&digest));
    let given = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let has_it = given.is_some_and(|given| names_tag(given, &tag));
    let mut answer = HttpResponse::build(if has_it { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    answer
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, ASK_AGAIN))
        .insert_header((VARY, "accept"));
    if has_it {
        return answer.finish();
    }
    answer.insert_header((CONTENT_TYPE, media_type)).body(bytes)
}
