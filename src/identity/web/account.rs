//! A person's own account: where they are signed in, signing out everywhere else, and which mails they want.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::extract::{Posted, SignedIn};
use crate::identity::emails::{MailKind, choose_emails, unwanted_of};
use crate::identity::pages::{AccountPage, EmailsPage};
use crate::identity::session::{end_other_sessions, sessions_of};
use crate::platform::db::Reach;
use crate::platform::error::Result;
use crate::platform::http::{Portal, Routes, page, resource, see_other_with_news};

/// `/account`.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/account").name("account").get(show))
        .service(resource("/account/emails").name("account-emails").get(emails).post(choose))
        .service(resource("/account/sign-out-elsewhere").name("account-sign-out").post(elsewhere));
}

async fn show(request: HttpRequest, portal: Data<Portal>, by: SignedIn) -> Result<HttpResponse> {
    let (person, here, now) = (by.person, by.session, portal.clock.now());
    let sessions = portal.db.read(Reach::nobodys(), move |conn| sessions_of(conn, person, here, now)).await?;
    page(&request, &AccountPage { name: by.actor.name().to_owned(), sessions })
}

async fn elsewhere(portal: Data<Portal>, form: Posted) -> Result<HttpResponse> {
    let (person, here) = (form.by.person, form.by.session);
    let ended = portal.db.write(Reach::nobodys(), move |tx| end_other_sessions(tx, person, here)).await?;
    let text = format!("{ended} other {} ended.", if ended == 1 { "session was" } else { "sessions were" });
    Ok(see_other_with_news("/account", "Signed out elsewhere", &text))
}

async fn emails(request: HttpRequest, portal: Data<Portal>, by: SignedIn) -> Result<HttpResponse> {
    let person = by.person;
    let unwanted = portal.db.read(Reach::nobodys(), move |conn| unwanted_of(conn, person)).await?;
    page(&request, &EmailsPage::new(&unwanted))
}

async fn choose(portal: Data<Portal>, form: Posted) -> Result<HttpResponse> {
    let (person, fields) = (form.by.person, form.fields);
    let wanted: Vec<MailKind> = fields.all("wanted").iter().filter_map(|kind| kind.parse().ok()).collect();
    portal.db.write(Reach::nobodys(), move |tx| choose_emails(tx, person, &wanted)).await?;
    Ok(see_other_with_news("/account/emails", "Saved", "You get the emails that are ticked."))
}
