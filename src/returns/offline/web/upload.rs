//! Uploading a workbook: streamed to the disk within its limit, looked through there, and kept as what was read from it.

use std::io::Read as _;

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::take_out::{Whole, offline_page};
use super::{Year, aside};
use crate::access::FillInOffline;
use crate::identity::Member;
use crate::platform::error::{Error, Result};
use crate::platform::files::{Opener, bare_name};
use crate::platform::http::{Portal, Upload, UploadedFile, page_with_status, see_other};
use crate::platform::ids::WorkbookId;
use crate::platform::pages::FormErrors;
use crate::returns::blocking;
use crate::returns::offline::archive::PACKED_LIMIT;
use crate::returns::offline::grid::Unreadable;
use crate::returns::offline::same_edition::is_of_edition;
use crate::returns::offline::take_in::{NewWorkbook, take_in};
use crate::returns::offline::workbook_in::{self, NotTaken};
use crate::returns::readiness::return_href;
use crate::returns::store::{self, Found, Which};

/// Why an upload did not become a preview.
pub(super) enum Refused {
    /// The file is not taken.
    File(StatusCode, String, Vec<String>),
    /// Anything else.
    Error(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        match error {
            Error::TooLarge(why) => Self::File(StatusCode::PAYLOAD_TOO_LARGE, why, Vec::new()),
            Error::Unsupported(why) => Self::File(StatusCode::UNSUPPORTED_MEDIA_TYPE, why, Vec::new()),
            Error::Invalid(list) => {
                let first = list.into_iter().next().map_or_else(String::new, |first| first.message);
                Self::File(StatusCode::UNPROCESSABLE_ENTITY, first, Vec::new())
            }
            other => Self::Error(other),
        }
    }
}

impl From<NotTaken> for Refused {
    fn from(reason: NotTaken) -> Self {
        match reason {
            NotTaken::Unreadable(Unreadable::TooMuch(why)) => {
                Self::File(StatusCode::PAYLOAD_TOO_LARGE, why, Vec::new())
            }
            NotTaken::Unreadable(Unreadable::NotThis(why)) => {
                Self::File(StatusCode::UNSUPPORTED_MEDIA_TYPE, why, Vec::new())
            }
            NotTaken::Faults(faults) => Self::faults(faults),
        }
    }
}

impl Refused {
    fn faults(faults: Vec<String>) -> Self {
        let why = "The workbook cannot be used as it is. This page lists what has to be put right".to_owned();
        Self::File(StatusCode::UNPROCESSABLE_ENTITY, why, faults)
    }
}

/// `POST …/offline/workbook`.
pub(super) async fn workbook(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
    form: Multipart,
) -> Result<HttpResponse> {
    let mut form = Upload::of(form);
    match receive(&portal, &member, &path.year, &mut form).await {
        Ok(id) => Ok(see_other(&preview_href(&member.code, &path.year, id))),
        Err(refused) => {
            form.drain().await;
            let (status, why, faults) = match refused {
                Refused::File(status, why, faults) => (status, why, faults),
                Refused::Error(error) => return Err(error),
            };
            let mut errors = FormErrors::new();
            errors.add("file", why);
            let whole = Whole::of(&portal, &member, &path.year).await?;
            blocking::beside(&request, &portal, &member, &whole.found).await?;
            page_with_status(&request, status, &offline_page(&portal, &member, &whole, (&errors, faults)))
        }
    }
}

/// Where the preview of a workbook is.
pub(super) fn preview_href(code: &str, year: &str, id: WorkbookId) -> String {
    format!("{}/offline/workbook/{id}", return_href(code, year))
}

async fn receive(
    portal: &Portal,
    member: &Member,
    year: &str,
    form: &mut Upload,
) -> Result<WorkbookId, Refused> {
    let found = may_fill_in(portal, member, year).await?;
    let Some(file) = form.file(&member.by.csrf).await? else {
        return Err(Error::field("file", "Choose the workbook that you filled in").into());
    };
    let new = looked_through(portal, file).await?;
    let (edition, hash) = (found.edition.id(), new.uploaded.edition.clone());
    let same = portal.db.read(member.reach, move |conn| is_of_edition(conn, edition, &hash)).await?;
    let faults = new.uploaded.faults(&(&found).into(), same);
    if !faults.is_empty() {
        return Err(Refused::faults(faults));
    }
    let (organisation, year, actor) = (member.organisation, year.to_owned(), member.by.actor.clone());
    Ok(portal
        .db
        .write(member.reach, move |tx| {
            let found = store::find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<FillInOffline>(&actor)?;
            take_in(tx, &permit, &found, &new)
        })
        .await?)
}

/// Asked before the content is taken, so that nothing is stored for somebody who may not.
async fn may_fill_in(portal: &Portal, member: &Member, year: &str) -> Result<Found> {
    let (organisation, year) = (member.organisation, year.to_owned());
    let found = portal
        .db
        .read(member.reach, move |conn| {
            store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)
        })
        .await?;
    found.permit::<FillInOffline>(&member.by.actor)?;
    found.must_be_taken(portal.clock.now())?;
    Ok(found)
}

async fn looked_through(portal: &Portal, mut file: UploadedFile) -> Result<NewWorkbook, Refused> {
    // Gone from the disk when this is done: what was read from it is kept, not the file.
    let incoming = portal.files.take_in(&*portal.random, &mut file.content, PACKED_LIMIT).await?;
    let (open, sha256) = (incoming.opener(), *incoming.sha256());
    let read = match aside("failed to read a workbook", move || read(&open)).await {
        Ok(read) => read?,
        Err(error) => {
            // A file that makes its reader panic is damaged, whatever else is wrong with the reader.
            log::error!(target: "portal::returns", "reading a workbook failed: {error}");
            Err(NotTaken::Unreadable(Unreadable::damaged()))
        }
    };
    let (format, uploaded) = read?;
    Ok(NewWorkbook { file_name: bare_name(&file.name), format, sha256, uploaded })
}

type ReadWorkbook = Result<(crate::returns::offline::archive::Format, workbook_in::Uploaded), NotTaken>;

fn read(open: &Opener) -> Result<ReadWorkbook> {
    let mut bytes = Vec::new();
    let opened = open().map_err(|e| Error::io("failed to open an upload", e))?;
    let mut limited = opened.take(PACKED_LIMIT);
    limited.read_to_end(&mut bytes).map_err(|e| Error::io("failed to read an upload", e))?;
    Ok(workbook_in::read(&bytes))
}
