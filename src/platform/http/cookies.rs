//! The portal's cookies: `__Host-` names, sent over TLS or to this machine only, never readable by scripts.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponseBuilder};
use base64::Engine as _;

use crate::platform::pages::Flash;

const SESSION: &str = "__Host-session";
const VISIT: &str = "__Host-visit";
const NEWS: &str = "__Host-news";

/// Makes and reads the portal's cookies.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cookies;

impl Cookies {
    /// The session cookie holding an opaque token, for so many seconds.
    #[must_use]
    pub fn session(token: &str, seconds: i64) -> Cookie<'static> {
        build(SESSION, token.to_owned(), Some(seconds))
    }

    /// The token of the session cookie that came with the request.
    #[must_use]
    pub fn session_token(request: &HttpRequest) -> Option<String> {
        request.cookie(SESSION).map(|c| c.value().to_owned())
    }

    /// A cookie that ends the session in the browser.
    #[must_use]
    pub fn no_session() -> Cookie<'static> {
        build(SESSION, String::new(), Some(0))
    }

    /// The cookie that ties the forms of somebody not signed in to their browser.
    #[must_use]
    pub fn visit(token: &str) -> Cookie<'static> {
        build(VISIT, token.to_owned(), None)
    }

    /// The token of that cookie.
    #[must_use]
    pub fn visit_token(request: &HttpRequest) -> Option<String> {
        request.cookie(VISIT).map(|c| c.value().to_owned()).filter(|v| v.len() >= 32)
    }

    /// News of the last action, shown once on the next page.
    #[must_use]
    pub fn news(heading: &str, text: &str) -> Cookie<'static> {
        let value = serde_json::json!([heading, text]).to_string();
        build(NEWS, base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value), Some(60))
    }

    /// Takes the news away again.
    #[must_use]
    pub fn no_news() -> Cookie<'static> {
        build(NEWS, String::new(), Some(0))
    }

    /// The news that came with the request.
    #[must_use]
    pub fn news_of(request: &HttpRequest) -> Option<Flash> {
        let value = request.cookie(NEWS)?;
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(value.value()).ok()?;
        let (heading, text): (String, String) = serde_json::from_slice(&bytes).ok()?;
        Some(Flash { success: true, heading, text })
    }
}

/// Adds news to an answer.
pub fn flash(answer: &mut HttpResponseBuilder, heading: &str, text: &str) {
    answer.cookie(Cookies::news(heading, text));
}

fn build(name: &'static str, value: String, seconds: Option<i64>) -> Cookie<'static> {
    let mut cookie =
        Cookie::build(name, value).path("/").secure(true).http_only(true).same_site(SameSite::Lax);
    if let Some(seconds) = seconds {
        cookie = cookie.max_age(Duration::seconds(seconds));
    }
    cookie.finish()
}
