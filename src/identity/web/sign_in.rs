//! Signing in and out in the browser; in the demo also by choosing a persona.

use actix_web::http::StatusCode;
use actix_web::http::header::USER_AGENT;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};

use super::extract::{Posted, SignedIn};
use crate::identity::model::{EmailAddress, Persona};
use crate::identity::pages::SignInPage;
use crate::identity::password::Password;
use crate::identity::session::{begin_session, end_session};
use crate::identity::sign_in::{SignIn, sign_in};
use crate::identity::store;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{
    Client, Cookies, Portal, PostedAnonymously, Routes, page, page_with_status, resource, see_other,
};
use crate::platform::pages::FormErrors;
use crate::platform::random;

/// Sign-in, sign-out.
pub fn routes(routes: &mut Routes) {
    routes
        .service(resource("/sign-in").name("sign-in").get(show).post(submit))
        .service(resource("/sign-in/persona").name("sign-in-persona").post(as_persona))
        .service(resource("/sign-out").name("sign-out").post(sign_out));
}

#[derive(serde::Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn show(request: HttpRequest, portal: Data<Portal>, query: Query<Next>) -> Result<HttpResponse> {
    let personas = personas(&portal).await?;
    page(&request, &SignInPage::new("", local(&query.next), personas, &FormErrors::new()))
}

async fn submit(request: HttpRequest, portal: Data<Portal>, form: PostedAnonymously) -> Result<HttpResponse> {
    let PostedAnonymously(fields) = form;
    let next = local(fields.one("next"));
    let mut errors = FormErrors::new();
    let email = EmailAddress::parse(fields.one("email"));
    if email.is_none() {
        errors.add("email", "Enter an email address in the correct format, like name@example.com");
    }
    if fields.one("password").is_empty() {
        errors.add("password", "Enter your password");
    }
    let token = match email {
        Some(email) if errors.is_empty() => {
            let password = Password::typed(fields.one("password"));
            let client = Client::of(&request, &portal.config.http);
            sign_in(&portal, SignIn { email, password, user_agent: user_agent(&request), client }).await?
        }
        _ => None,
    };
    if let Some(token) = token {
        return Ok(welcome(&portal, &token, &next));
    }
    if errors.is_empty() {
        errors
            .add("email", "The email address and the password do not go together. Check both and try again");
    }
    let content = SignInPage::new(fields.one("email"), next, personas(&portal).await?, &errors);
    page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}

/// One-click sign-in of the demo; in every other mode there is nothing at this address.
async fn as_persona(
    request: HttpRequest,
    portal: Data<Portal>,
    form: PostedAnonymously,
) -> Result<HttpResponse> {
    if !portal.demo {
        return Err(Error::NotFound);
    }
    let PostedAnonymously(fields) = form;
    let wanted = fields.one("email").to_owned();
    let next = local(fields.one("next"));
    let persona = personas(&portal).await?.into_iter().find(|p| p.email == wanted).ok_or(Error::NotFound)?;
    let email = EmailAddress::parse(&persona.email).ok_or(Error::NotFound)?;
    let token = random::token(&*portal.random)?;
    let csrf = random::token(&*portal.random)?;
    let (limits, given, agent) = (portal.config.http.clone(), token.clone(), user_agent(&request));
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let account = store::person_by_email(tx.conn(), &email)?.ok_or(Error::NotFound)?;
            begin_session(tx, account.id, "persona", (&given, &csrf), &limits, &agent)
        })
        .await?;
    Ok(welcome(&portal, &token, &next))
}

async fn sign_out(portal: Data<Portal>, form: Posted) -> Result<HttpResponse> {
    let SignedIn { session, person, .. } = form.by;
    portal.db.write(Reach::nobodys(), move |tx| end_session(tx, session, person)).await?;
    let mut answer = see_other("/");
    answer
        .add_cookie(&Cookies::no_session())
        .map_err(|e| Error::internal("failed to clear the session cookie", e))?;
    Ok(answer)
}

fn welcome(portal: &Portal, token: &str, next: &str) -> HttpResponse {
    let seconds = portal.config.http.session_hours * 3600;
    let mut answer = see_other(if next.is_empty() { "/home" } else { next });
    // A cookie made of base64 always fits a header.
    answer.add_cookie(&Cookies::session(token, seconds)).unwrap_or_default();
    answer
}

async fn personas(portal: &Portal) -> Result<Vec<Persona>> {
    if portal.demo { portal.db.read(Reach::nobodys(), store::personas).await } else { Ok(Vec::new()) }
}

fn user_agent(request: &HttpRequest) -> String {
    request.headers().get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
}

/// An address on this site to go on to; anything else becomes empty, so that sign-in cannot be used to send people
/// elsewhere.
fn local(next: &str) -> String {
    let plain = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(|c: char| c.is_control() || c == '\\' || c == ':');
    if plain { next.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_addresses_on_this_site_are_gone_on_to() {
        assert_eq!(local("/organisations/ZZ1"), "/organisations/ZZ1");
        for bad in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""] {
            assert_eq!(local(bad), "", "{bad}");
        }
    }
}
