//! What differs between a draft and the edition before, or between any two editions, as a page and as a file.

use std::sync::Arc;

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::super::diff::Diff;
use super::super::diff_csv::csv_of;
use super::super::draft_href;
use super::super::pages::{ChangesPage, Side};
use super::super::read::compared;
use super::read;
use crate::identity::{Central, SignedIn};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, downloaded, page};
use crate::platform::pages::{Choice, Link};
use crate::standards::model::Edition;
use crate::standards::store::{EditionRow, edition_by_key, editions};

const CSV: &str = "text/csv; charset=utf-8";

/// Which editions, by their keys.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    from: String,
    to: String,
}

fn name(edition: &Edition) -> String {
    format!("{} {}", edition.standard_name(), edition.label())
}

/// `GET /standards/drafts/{draft}/changes`.
pub(super) async fn draft_changes(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
) -> Result<HttpResponse> {
    let read = read(&portal, &central.by.actor, &id).await?;
    let (head, parts) = (&read.draft.head, &read.draft.content.parts);
    let href = draft_href(head.id);
    let diff = read.diff();
    let side = Side {
        from: read.base.as_ref().map(|base| name(base)).unwrap_or_default(),
        to: format!("{} {}", parts.standard_name, parts.label),
        csv_href: if diff.is_some() { format!("{href}/changes.csv") } else { String::new() },
        way: vec![
            Link::new("Home", "/home"),
            Link::new("Standards", "/standards"),
            Link::new("Drafts", "/standards/drafts"),
            Link::new(head.label.clone(), href),
        ],
    };
    page(&request, &ChangesPage::new(side, &diff.unwrap_or_default()))
}

/// `GET /standards/drafts/{draft}/changes.csv`.
pub(super) async fn draft_as_file(
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
) -> Result<HttpResponse> {
    let read = read(&portal, &central.by.actor, &id).await?;
    let diff = read.diff().ok_or(Error::NotFound)?;
    let name = format!("{}-changes-v{}.csv", read.draft.head.key, read.draft.head.version);
    Ok(downloaded(CSV, &name, csv_of(&diff)?))
}

type Both = Option<(Arc<Edition>, Arc<Edition>, Diff)>;

async fn both(portal: &Portal, which: Which) -> Result<(Vec<EditionRow>, Both)> {
    portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let rows = editions(conn)?;
            let Some((from, _)) = edition_by_key(conn, &which.from)? else { return Ok((rows, None)) };
            let Some((to, _)) = edition_by_key(conn, &which.to)? else { return Ok((rows, None)) };
            let diff = compared(conn, &from, &to)?;
            Ok((rows, Some((Arc::clone(from.edition()), Arc::clone(to.edition()), diff))))
        })
        .await
}

/// `GET /standards/compare`.
pub(super) async fn editions_compared(
    request: HttpRequest,
    portal: Data<Portal>,
    _by: SignedIn,
    which: Query<Which>,
) -> Result<HttpResponse> {
    let which = which.into_inner();
    let (rows, found) = both(&portal, which.clone()).await?;
    let mut choices = vec![Choice::new("", "Select an edition")];
    choices.extend(
        rows.iter()
            .map(|row| Choice::new(&row.key, format!("{} {} ({})", row.standard_name, row.label, row.key))),
    );
    let way = vec![Link::new("Home", "/home"), Link::new("Standards", "/standards")];
    let (side, diff) = match found {
        Some((from, to, diff)) => {
            // Keys are plain, so the address needs nothing escaped.
            let csv_href = format!("/standards/compare.csv?from={}&to={}", from.key(), to.key());
            (Side { from: name(&from), to: name(&to), csv_href, way }, diff)
        }
        None => {
            (Side { from: String::new(), to: String::new(), csv_href: String::new(), way }, Diff::default())
        }
    };
    page(&request, &ChangesPage::new(side, &diff).choosing(choices, &which.from, &which.to))
}

/// `GET /standards/compare.csv`.
pub(super) async fn editions_as_file(
    portal: Data<Portal>,
    _by: SignedIn,
    which: Query<Which>,
) -> Result<HttpResponse> {
    let (_, found) = both(&portal, which.into_inner()).await?;
    let (from, to, diff) = found.ok_or(Error::NotFound)?;
    Ok(downloaded(CSV, &format!("{}-to-{}-changes.csv", from.key(), to.key()), csv_of(&diff)?))
}
