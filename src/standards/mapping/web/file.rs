//! A mapping as a file: taking it away, and bringing it back with every wrong row told.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{Read, change, changed_meanwhile, read, revision};
use crate::access::EditMapping;
use crate::identity::{Central, SignedIn};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, Upload, downloaded, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::standards::mapping::csv_in::{CSV_LIMIT, RowProblem, lines_from_csv};
use crate::standards::mapping::csv_out::csv_of;
use crate::standards::mapping::mapping_href;
use crate::standards::mapping::model::Line;
use crate::standards::mapping::pages::FilePage;
use crate::standards::mapping::take_lines::take_lines;

/// `GET /standards/mappings/{mapping}/csv`.
pub(super) async fn download(portal: Data<Portal>, _by: SignedIn, id: Path<String>) -> Result<HttpResponse> {
    let found = read(&portal, &id).await?;
    let (from, to) = (&found.ends.from, &found.ends.to);
    let name = format!("{}-to-{}-v{}.csv", from.key(), to.key(), found.mapping.version);
    Ok(downloaded("text/csv; charset=utf-8", &name, csv_of(&found.mapping.lines, from, to)?))
}

/// `GET /standards/mappings/{mapping}/upload`.
pub(super) async fn form(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
) -> Result<HttpResponse> {
    let found = read(&portal, &id).await?;
    found.must_be_editable(&central.by.actor)?;
    shown(&request, &found, &[], (StatusCode::OK, &FormErrors::new()))
}

fn shown(
    request: &HttpRequest,
    found: &Read,
    problems: &[RowProblem],
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let ends = (&*found.ends.from, &*found.ends.to);
    page_with_status(request, status, &FilePage::new(&found.mapping, ends, problems, errors))
}

/// Why a file does not become lines.
enum Refused {
    Rows(Vec<RowProblem>),
    Error(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// `POST /standards/mappings/{mapping}/upload`.
pub(super) async fn upload(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
    form: Multipart,
) -> Result<HttpResponse> {
    let found = read(&portal, &id).await?;
    found.must_be_editable(&central.by.actor)?;
    let mut form = Upload::of(form);
    let outcome = receive(&portal, &central, &found, &mut form).await;
    form.drain().await;
    let mut errors = FormErrors::new();
    let (status, problems) = match outcome {
        Ok(count) => {
            let text = format!("The draft has {count} lines now.");
            return Ok(see_other_with_news(&mapping_href(found.mapping.id), "File taken", &text));
        }
        Err(Refused::Rows(problems)) => {
            errors.add("file", "Nothing was taken from the file. This page lists what is wrong in it");
            (StatusCode::UNPROCESSABLE_ENTITY, problems)
        }
        Err(Refused::Error(Error::Invalid(list))) => {
            for found in list {
                errors.add(found.field, found.message);
            }
            (StatusCode::UNPROCESSABLE_ENTITY, Vec::new())
        }
        Err(Refused::Error(Error::TooLarge(why))) => {
            errors.add("file", why);
            (StatusCode::PAYLOAD_TOO_LARGE, Vec::new())
        }
        Err(Refused::Error(Error::Conflict(_))) => {
            let now = read(&portal, &id).await?;
            return shown(&request, &now, &[], (StatusCode::CONFLICT, &changed_meanwhile()));
        }
        Err(Refused::Error(error)) => return Err(error),
    };
    shown(&request, &found, &problems, (status, &errors))
}

async fn receive(
    portal: &Portal,
    central: &Central,
    found: &Read,
    form: &mut Upload,
) -> Result<usize, Refused> {
    let file = form.file(&central.by.csrf).await?;
    let Some(file) = file else { return Err(Error::field("file", "Choose a CSV file").into()) };
    let fields = form.fields();
    let bytes = file.whole(CSV_LIMIT).await?;
    let lines = lines_from_csv(&bytes, &found.ends.from, &found.ends.to).map_err(Refused::Rows)?;
    Ok(taken(portal, central, found, (&fields, lines)).await?)
}

async fn taken(
    portal: &Portal,
    central: &Central,
    found: &Read,
    (fields, lines): (&Fields, Vec<Line>),
) -> Result<usize> {
    let (revision, count) = (revision(fields)?, lines.len());
    change::<EditMapping, _>(portal, &central.by.actor, found.mapping.id, move |tx, permit| {
        take_lines(tx, permit, revision, &lines)
    })
    .await?;
    Ok(count)
}
