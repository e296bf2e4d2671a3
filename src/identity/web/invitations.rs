//! Accepting an invitation by its link.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::identity::accept::accept;
use crate::identity::invite::{InvitedRole, Links, OpenInvitation, open_invitation};
use crate::identity::pages::InvitationPage;
use crate::identity::password::{self, Password};
use crate::identity::store;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{
    Client, Portal, PostedAnonymously, Routes, page, page_with_status, resource, see_other_with_news,
};
use crate::platform::pages::FormErrors;

/// `/invitations/{token}`.
pub(super) fn routes(routes: &mut Routes) {
    routes.service(resource("/invitations/{token}").name("invitation").get(show).post(submit));
}

/// The open invitation of a token, what it is to, and whether the person must set a password.
async fn found(portal: &Portal, token: &str) -> Result<(OpenInvitation, String, bool)> {
    let links = Links { site: String::new(), key: portal.link_key };
    let now = portal.clock.now();
    let id = links.invitation(token, now).ok_or(Error::NotFound)?;
    portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let open = open_invitation(conn, id, now)?.ok_or(Error::NotFound)?;
            let known = store::person_by_email(conn, &open.email)?;
            let place = match open.role {
                InvitedRole::Member(organisation, role) => {
                    format!("{} of {}", role.words(), store::organisation_name(conn, organisation)?)
                }
                InvitedRole::Central(role) => format!("{} in the central team", role.words()),
            };
            Ok((open, place, known.is_none_or(|account| account.password_hash.is_none())))
        })
        .await
}

/// [`found`], counted as a failed try of the client when there is none: a link must not be guessed.
async fn found_by(
    request: &HttpRequest,
    portal: &Portal,
    token: &str,
) -> Result<(OpenInvitation, String, bool)> {
    let client = Client::of(request, &portal.config.http);
    portal.tries.begin(client, portal.clock.now())?;
    let outcome = found(portal, token).await;
    if !matches!(outcome, Err(Error::NotFound)) {
        portal.tries.succeeded(client)?;
    }
    outcome
}

async fn show(request: HttpRequest, portal: Data<Portal>, token: Path<String>) -> Result<HttpResponse> {
    let (open, place, is_new) = found_by(&request, &portal, &token).await?;
    page(&request, &InvitationPage::new(&open.name, &place, is_new, &FormErrors::new()))
}

async fn submit(
    request: HttpRequest,
    portal: Data<Portal>,
    token: Path<String>,
    form: PostedAnonymously,
) -> Result<HttpResponse> {
    let PostedAnonymously(fields) = form;
    let (open, place, is_new) = found_by(&request, &portal, &token).await?;
    let mut errors = FormErrors::new();
    let mut hash = None;
    if is_new {
        match Password::new(fields.one("password")) {
            Err(why) => errors.add("password", why),
            Ok(_) if fields.one("password") != fields.one("again") => {
                errors.add("again", "Enter the same password twice");
            }
            Ok(password) => hash = Some(hashed(&portal, password).await?),
        }
    }
    if !errors.is_empty() {
        let content = InvitationPage::new(&open.name, &place, is_new, &errors);
        return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
    }
    portal.db.write(Reach::nobodys(), move |tx| accept(tx, open.id, hash)).await?;
    Ok(see_other_with_news(
        "/sign-in",
        "Invitation accepted",
        "Sign in with your email address and password.",
    ))
}

async fn hashed(portal: &Portal, password: Password) -> Result<String> {
    let random = portal.random.clone();
    tokio::task::spawn_blocking(move || password::hash(&password, &*random))
        .await
        .unwrap_or_else(|e| Err(Error::internal("failed to hash a password", e)))
}
