//! Posted forms: read only after their CSRF token was found right.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use subtle::ConstantTimeEq as _;

use super::cookies::Cookies;
use super::state::Portal;
use crate::platform::canonical::{hex, sha256};
use crate::platform::error::{Error, Result};

/// What a body may hold before a handler's own limit applies, in bytes.
pub const BASE_BODY_LIMIT: usize = 512 * 1024;

/// The fields of a posted form as raw strings, in the order they came.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// When it is not that.
    pub fn parse(body: &[u8]) -> Result<Self> {
        serde_urlencoded::from_bytes(body)
            .map(Self)
            .map_err(|_| Error::field("form", "The form could not be read. Go back and send it again."))
    }

    /// Fields made by hand, for tests and multipart forms.
    #[must_use]
    pub const fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of this name; empty when there is none.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }

    /// The first value of this name without outer spaces and with line ends as `\n`.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        self.one(name).replace("\r\n", "\n").trim().to_owned()
    }

    /// Every value of this name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()).collect()
    }

    /// Every field.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

/// A form posted by somebody who is not signed in: its token matches the browser's visit cookie.
#[derive(Debug)]
pub struct PostedAnonymously(pub Fields);

impl PostedAnonymously {
    /// The token that a form must carry for this visit cookie.
    #[must_use]
    pub fn token_for(visit: &str) -> String {
        hex(&sha256(format!("visit form {visit}").as_bytes()))
    }
}

impl FromRequest for PostedAnonymously {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visit = Cookies::visit_token(&request).ok_or_else(expired)?;
            let fields = Fields::parse(&read_body(&request, &mut payload).await?)?;
            if same_secret(fields.one("csrf"), &Self::token_for(&visit)) {
                Ok(Self(fields))
            } else {
                Err(expired())
            }
        })
    }
}

fn expired() -> Error {
    Error::Forbidden(
        "This form has expired or was not made by this site. Go back, load the page again and send it once more. Your \
         browser must accept this site's cookies."
            .to_owned(),
    )
}

/// Reads a body of at most the configured size.
///
/// # Errors
/// [`Error::TooLarge`], or what broke the stream.
pub async fn read_body(request: &HttpRequest, payload: &mut Payload) -> Result<Bytes> {
    let limit = request
        .app_data::<Data<Portal>>()
        .map_or(BASE_BODY_LIMIT, |portal| portal.config.http.body_limit_kib * 1024);
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|e| Error::field("form", format!("The request broke off: {e}")))?;
        if body.len() + chunk.len() > limit {
            return Err(Error::TooLarge(format!("The request is larger than {} KB.", limit / 1024)));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Compares two secrets in constant time.
#[must_use]
pub fn same_secret(a: &str, b: &str) -> bool {
    !b.is_empty() && a.as_bytes().ct_eq(b.as_bytes()).into()
}
