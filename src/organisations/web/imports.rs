//! Imports: the list, one with its report, and uploading a file.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};

use super::{Paging, may};
use crate::access::{ImportOrganisationsByHand, Permit, ReadImports, Subject};
use crate::identity::{Central, SignedIn};
use crate::organisations::corrected;
use crate::organisations::import::{
    Asked, InputFile, NewImport, ask_import, import_run, import_runs, look_through,
};
use crate::organisations::pages::{ImportForm, ImportPage, ImportsPage, NewImportPage};
use crate::organisations::store::Page;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::files::{Folder, bare_name};
use crate::platform::http::{Portal, Upload, page, page_with_status, see_other_with_news};
use crate::platform::ids::ImportRunId;
use crate::platform::pages::{FormErrors, words};

/// Imports on one page of the list.
const PAGE_SIZE: i64 = 50;

/// `GET /imports`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    paging: Query<Paging>,
) -> Result<HttpResponse> {
    Permit::<ReadImports>::grant(&central.by.actor, Some(Subject::programme()))?;
    let wanted = Page::new(paging.number(), PAGE_SIZE);
    let found = portal.db.read(Reach::nobodys(), move |conn| import_runs(conn, wanted)).await?;
    page(&request, &ImportsPage::new(&found, may::<ImportOrganisationsByHand>(&central.by.actor)))
}

/// `GET /imports/{id}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    Permit::<ReadImports>::grant(&central.by.actor, Some(Subject::programme()))?;
    let id = ImportRunId::new(id.into_inner());
    let (run, report) = portal.db.read(Reach::nobodys(), move |conn| import_run(conn, id)).await?;
    page(&request, &ImportPage::new(&run, report.as_ref()))
}

/// `GET /imports/new`.
pub(super) async fn new(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    Permit::<ImportOrganisationsByHand>::grant(&central.by.actor, Some(Subject::programme()))?;
    let limit = portal.config.files.import_limit_mib;
    let standing = portal.db.read(Reach::nobodys(), corrected::listed).await?;
    page(&request, &NewImportPage::new(&ImportForm::default(), limit, &FormErrors::new()).beside(&standing))
}

/// `POST /imports/new`. The content goes to the disk as it arrives, is looked through there, and is kept only when it
/// can be imported.
pub(super) async fn upload(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    form: Multipart,
) -> Result<HttpResponse> {
    let mut upload = Upload::of(form);
    match receive(&portal, &central.by, &mut upload).await {
        Ok(id) => {
            let text = "It is taken in as a whole or not at all. This page says how far it has got.";
            Ok(see_other_with_news(&format!("/imports/{id}"), "File received", text))
        }
        Err(refused) => {
            let fields = upload.fields();
            upload.drain().await;
            let (status, errors) = told(refused)?;
            let limit = portal.config.files.import_limit_mib;
            let standing = portal.db.read(Reach::nobodys(), corrected::listed).await?;
            let form = NewImportPage::new(&ImportForm::read(&fields), limit, &errors).beside(&standing);
            page_with_status(&request, status, &form)
        }
    }
}

/// Why an upload did not become an import.
enum Refused {
    Form(FormErrors),
    Error(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

async fn receive(portal: &Portal, by: &SignedIn, upload: &mut Upload) -> Result<ImportRunId, Refused> {
    Permit::<ImportOrganisationsByHand>::grant(&by.actor, Some(Subject::programme()))?;
    let file = upload.file(&by.csrf).await?;
    let asked = ImportForm::read(&upload.fields()).parse();
    let Some(mut file) = file else {
        let mut errors = asked.err().unwrap_or_default();
        errors.add("file", "Choose a file to import");
        return Err(Refused::Form(errors));
    };
    let asked = asked.map_err(Refused::Form)?;
    let limit = portal.config.files.import_limit_mib.saturating_mul(1024 * 1024);
    let incoming = portal.files.take_in(&*portal.random, &mut file.content, limit).await?;
    let open = incoming.opener();
    let input = InputFile::new(bare_name(&file.name), move || open());
    let new = looked_through(input, asked, limit).await?;
    if new.sha256 != *incoming.sha256() {
        return Err(Error::broken("an upload changed while it was looked through").into());
    }
    incoming.keep(Folder::Imports).await?;
    let actor = by.actor.clone();
    Ok(portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let permit = Permit::<ImportOrganisationsByHand>::grant(&actor, Some(Subject::programme()))?;
            ask_import(tx, &permit, &new)
        })
        .await?)
}

async fn looked_through(file: InputFile, asked: Asked, limit: u64) -> Result<NewImport> {
    tokio::task::spawn_blocking(move || look_through(file, asked, limit))
        .await
        .unwrap_or_else(|e| Err(Error::internal("failed to look an upload through", e)))
}

/// What is said beside which field, with which status; what is no fault of the form goes on.
fn told(refused: Refused) -> Result<(StatusCode, FormErrors)> {
    let error = match refused {
        Refused::Form(errors) => return Ok((StatusCode::UNPROCESSABLE_ENTITY, errors)),
        Refused::Error(error) => error,
    };
    let mut errors = FormErrors::new();
    let status = match error {
        Error::Invalid(list) => {
            for found in list {
                let control = if found.field == "as_of" { "as_of-day" } else { &found.field };
                errors.add_at(&found.field, control, found.message);
            }
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Error::TooLarge(why) => {
            errors.add("file", words::capitalised(&why));
            StatusCode::PAYLOAD_TOO_LARGE
        }
        Error::Unsupported(why) => {
            errors.add("file", words::capitalised(&why));
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        }
        Error::Refused(why) => {
            errors.add("file", words::capitalised(&why));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        other => return Err(other),
    };
    Ok((status, errors))
}
