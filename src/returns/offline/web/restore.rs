//! Bringing an export back into an empty return.

use std::io::Read as _;

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::take_out::{Whole, offline_page};
use super::{Year, aside};
use crate::access::RestoreReturn;
use crate::identity::Member;
use crate::platform::error::{Error, Result};
use crate::platform::files::Opener;
use crate::platform::http::{Portal, Upload, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::returns::blocking;
use crate::returns::offline::restore::{EXPORT_LIMIT, Export, Restored, read, restore_return};
use crate::returns::readiness::return_href;
use crate::returns::store::{self, Which};

/// `POST …/offline/restore`.
pub(super) async fn restore(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
    form: Multipart,
) -> Result<HttpResponse> {
    let mut form = Upload::of(form);
    let error = match receive(&portal, &member, &path.year, &mut form).await {
        Ok(restored) => {
            let overview = return_href(&member.code, &path.year);
            return Ok(see_other_with_news(&overview, "Export brought back", &restored.words()));
        }
        Err(error) => error,
    };
    form.drain().await;
    let (status, why) = match error {
        Error::TooLarge(why) => (StatusCode::PAYLOAD_TOO_LARGE, why),
        Error::Unsupported(why) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, why),
        Error::Invalid(list) => {
            let first = list.into_iter().next().map_or_else(String::new, |first| first.message);
            (StatusCode::UNPROCESSABLE_ENTITY, first)
        }
        other => return Err(other),
    };
    let mut errors = FormErrors::new();
    errors.add("export", why);
    let whole = Whole::of(&portal, &member, &path.year).await?;
    blocking::beside(&request, &portal, &member, &whole.found).await?;
    page_with_status(&request, status, &offline_page(&portal, &member, &whole, (&errors, Vec::new())))
}

async fn receive(portal: &Portal, member: &Member, year: &str, form: &mut Upload) -> Result<Restored> {
    may_restore(portal, member, year).await?;
    let Some(mut file) = form.file(&member.by.csrf).await? else {
        return Err(Error::field("export", "Choose the export to bring back"));
    };
    let incoming = portal.files.take_in(&*portal.random, &mut file.content, EXPORT_LIMIT).await?;
    let open = incoming.opener();
    let export = aside("failed to read an export", move || read_all(&open)).await??;
    let (organisation, year, actor) = (member.organisation, year.to_owned(), member.by.actor.clone());
    portal
        .db
        .write(member.reach, move |tx| {
            let found = store::find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<RestoreReturn>(&actor)?;
            restore_return(tx, &permit, &found, &export)
        })
        .await
}

/// Asked before the content is taken.
async fn may_restore(portal: &Portal, member: &Member, year: &str) -> Result<()> {
    let (organisation, year) = (member.organisation, year.to_owned());
    let found = portal
        .db
        .read(member.reach, move |conn| {
            store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)
        })
        .await?;
    found.permit::<RestoreReturn>(&member.by.actor)?;
    found.must_be_taken(portal.clock.now())
}

fn read_all(open: &Opener) -> Result<Export> {
    let mut bytes = Vec::new();
    let opened = open().map_err(|e| Error::io("failed to open an upload", e))?;
    let mut limited = opened.take(EXPORT_LIMIT);
    limited.read_to_end(&mut bytes).map_err(|e| Error::io("failed to read an upload", e))?;
    read(&bytes).map_err(|why| Error::field("export", why))
}
