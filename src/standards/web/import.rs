//! Importing an edition in the browser: upload, see what is wrong or what would come in, then confirm. What is
//! confirmed is named by its hash, so it is the document that was shown.

use std::io::Read as _;

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{Actor, ImportEdition, Permit, Subject};
use crate::identity::{Central, Posted, SignedIn};
use crate::platform::canonical::{hex, unhex};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::files::{Folder, Opener, bare_name};
use crate::platform::http::{Once, Portal, Upload, page, page_with_status, see_other, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::standards::editing::begin_from_file;
use crate::standards::formats::{FormatProblem, Imported, MAX_FILE_BYTES, read};
use crate::standards::import_edition::{ImportEffect, import_edition, import_effect};
use crate::standards::pages::{EditionForm, ImportEditionPage, PreviewPage};

fn may(actor: &Actor) -> Result<Permit<ImportEdition>> {
    Permit::grant(actor, Some(Subject::programme()))
}

/// `GET /standards/import`.
pub(super) async fn new(request: HttpRequest, central: Central) -> Result<HttpResponse> {
    may(&central.by.actor)?;
    page(&request, &ImportEditionPage::new(&EditionForm::default(), &FormErrors::new(), &[]))
}

/// Why an upload does not become a preview.
enum Refused {
    Form(FormErrors),
    Problems(Vec<FormatProblem>),
    Error(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// `POST /standards/import`.
pub(super) async fn upload(
    request: HttpRequest,
    portal: Data<Portal>,
    by: SignedIn,
    form: Multipart,
) -> Result<HttpResponse> {
    let central = Central::of(by)?;
    let mut upload = Upload::of(form);
    let refused = match receive(&portal, &central.by, &mut upload).await {
        Ok(address) => return Ok(see_other(&address)),
        Err(refused) => refused,
    };
    let fields = upload.fields();
    upload.drain().await;
    let (status, errors, problems) = told(refused)?;
    let content = ImportEditionPage::new(&EditionForm::read(&fields), &errors, &problems);
    page_with_status(&request, status, &content)
}

/// Takes the file in and reads it; the address of its preview when it is an edition.
async fn receive(portal: &Portal, by: &SignedIn, upload: &mut Upload) -> Result<String, Refused> {
    may(&by.actor)?;
    let file = upload.file(&by.csrf).await?;
    let mut form = EditionForm::read(&upload.fields());
    let names = form.names();
    let Some(mut file) = file else {
        let mut errors = names.err().unwrap_or_default();
        errors.add("file", "Choose a file to import");
        return Err(Refused::Form(errors));
    };
    names.map_err(Refused::Form)?;
    form.file_name = bare_name(&file.name);
    let limit = MAX_FILE_BYTES as u64;
    let incoming = portal.files.take_in(&*portal.random, &mut file.content, limit).await?;
    let imported = parse(form.clone(), incoming.opener()).await??;
    let edition = imported.edition;
    portal.db.read(Reach::nobodys(), move |conn| import_effect(conn, &edition)).await?;
    let sha256 = incoming.keep(Folder::Drafts).await?;
    Ok(format!("/standards/import/{}?{}", hex(&sha256), form.query()))
}

impl From<FormErrors> for Refused {
    fn from(errors: FormErrors) -> Self {
        Self::Form(errors)
    }
}

/// Reads the document off the event loop: the largest takes a while.
async fn parse(form: EditionForm, open: Opener) -> Result<Result<Imported, Refused>> {
    tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        let opened = open().map_err(|e| Error::io("failed to open an upload", e))?;
        // One byte more than is read at most, so that what is larger is seen to be.
        let mut limited = opened.take(MAX_FILE_BYTES as u64 + 1);
        limited.read_to_end(&mut bytes).map_err(|e| Error::io("failed to read an upload", e))?;
        Ok(document(&form, &bytes))
    })
    .await
    .unwrap_or_else(|e| Err(Error::internal("failed to read an edition", e)))
}

fn document(form: &EditionForm, bytes: &[u8]) -> Result<Imported, Refused> {
    let names = form.names()?;
    let format = form.format(bytes)?;
    read(format, &form.file_name, bytes, &names).map_err(Refused::Problems)
}

/// What is said beside which field, and what is wrong in the file; what is no fault of either goes on.
fn told(refused: Refused) -> Result<(StatusCode, FormErrors, Vec<FormatProblem>)> {
    let mut errors = FormErrors::new();
    match refused {
        Refused::Form(errors) => Ok((StatusCode::UNPROCESSABLE_ENTITY, errors, Vec::new())),
        Refused::Problems(problems) => {
            errors.add("file", "The file cannot be imported as it is. This page lists what is wrong in it");
            Ok((StatusCode::UNPROCESSABLE_ENTITY, errors, problems))
        }
        Refused::Error(Error::Invalid(list)) => {
            for found in list {
                errors.add(found.field, found.message);
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, errors, Vec::new()))
        }
        Refused::Error(Error::TooLarge(why)) => {
            errors.add("file", why);
            Ok((StatusCode::PAYLOAD_TOO_LARGE, errors, Vec::new()))
        }
        Refused::Error(Error::Unsupported(why)) => {
            errors.add("file", why);
            Ok((StatusCode::UNSUPPORTED_MEDIA_TYPE, errors, Vec::new()))
        }
        Refused::Error(Error::Refused(why)) => {
            errors.add("file", why);
            Ok((StatusCode::CONFLICT, errors, Vec::new()))
        }
        Refused::Error(other) => Err(other),
    }
}

/// The draft that an address names, read again.
async fn draft(portal: &Portal, address: &str, form: &EditionForm) -> Result<Imported> {
    let sha256 = unhex(address).ok_or(Error::NotFound)?;
    let open = portal.files.kept(Folder::Drafts, &sha256).await?;
    match parse(form.clone(), open).await? {
        Ok(imported) => Ok(imported),
        Err(Refused::Error(error)) => Err(error),
        // Only an address that was changed by hand names a draft that cannot be read.
        Err(Refused::Form(_) | Refused::Problems(_)) => Err(Error::NotFound),
    }
}

/// `GET /standards/import/{sha256}`.
pub(super) async fn preview(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    address: Path<String>,
    form: Query<EditionForm>,
) -> Result<HttpResponse> {
    may(&central.by.actor)?;
    let form = form.into_inner();
    let imported = draft(&portal, &address, &form).await?;
    let edition = imported.edition.clone();
    let effect = portal.db.read(Reach::nobodys(), move |conn| import_effect(conn, &edition)).await?;
    page(&request, &PreviewPage::new(&imported, effect, &address, &form))
}

/// `POST /standards/import/{sha256}`.
pub(super) async fn confirm(
    portal: Data<Portal>,
    posted: Posted,
    address: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    may(&central.by.actor)?;
    let imported = draft(&portal, &address, &EditionForm::read(&fields)).await?;
    let edition = imported.edition;
    if fields.one("as") == "draft" {
        let here = format!("/standards/import/{address}");
        let once = Once::of(central.by.person, &here, &fields, "/standards/drafts")?;
        return begin_from_file(&portal, &central, (once, edition)).await;
    }
    let actor = central.by.actor;
    let to = format!("/standards/{}", edition.key());
    let effect = portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let effect = import_effect(tx.conn(), &edition)?;
            Ok(import_edition(tx, &may(&actor)?, &edition)?.map(|_| effect))
        })
        .await?;
    let text = match effect {
        ImportEffect::Added => "A collection can ask it from now on.",
        ImportEffect::Changed => "It replaces the draft that was here.",
        ImportEffect::Unchanged => "The same document was here already; nothing was changed.",
    };
    Ok(see_other_with_news(&to, "Edition imported", text))
}
