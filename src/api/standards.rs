//! Standards in use: their editions, and one edition as the document that every return and score refers to.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::cached::public;
use super::problem::Answer;
use super::reading::{NoQuery, key, query};
use crate::platform::db::Reach;
use crate::platform::error::Error;
use crate::platform::http::Portal;
use crate::standards::{self, EditionRow};

/// An edition of a standard.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditionItem {
    /// Its key.
    key: String,
    /// The key of its standard.
    standard: String,
    /// The name of its standard.
    name: String,
    /// Its label, such as a year.
    label: String,
    /// How it is scored: `levels`, `assertions` or `outcomes`.
    scheme: String,
    /// The version of its scoring rules.
    rule_set: String,
    /// `open` while a collection uses it, then `closed`.
    state: &'static str,
    /// SHA-256 of the canonical JSON of its document, in hexadecimal.
    hash: String,
}

impl From<EditionRow> for EditionItem {
    fn from(row: EditionRow) -> Self {
        Self {
            key: row.key,
            standard: row.standard_key,
            name: row.standard_name,
            label: row.label,
            scheme: row.scheme,
            rule_set: row.rule_set,
            state: row.state.as_str(),
            hash: row.hash,
        }
    }
}

/// Every edition that is or was in use.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditionList {
    /// The editions, by standard and then newest first.
    items: Vec<EditionItem>,
}

/// One edition.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditionDetail {
    /// Its key.
    key: String,
    /// `open` while a collection uses it, then `closed`.
    state: &'static str,
    /// SHA-256 of the canonical JSON of the document, in hexadecimal.
    hash: String,
    /// Sections, requirements, profiles and scoring scheme; it never changes.
    #[schema(value_type = Object)]
    document: Value,
}

/// List editions of standards
///
/// Every edition that a collection uses or has used.
#[utoipa::path(
    get, path = "/api/v1/standards", tag = "standards", operation_id = "list_standards",
    responses((status = 200, description = "The editions", body = EditionList)),
)]
pub async fn list(request: HttpRequest, portal: Data<Portal>) -> Answer {
    query::<NoQuery>(&request)?;
    let rows = portal.db.read(Reach::nobodys(), standards::editions).await?;
    let used = rows.into_iter().filter(|row| row.state.is_used());
    public(&request, &EditionList { items: used.map(EditionItem::from).collect() })
}

/// Read one edition
///
/// The whole document: what is asked of whom, and how it is scored.
#[utoipa::path(
    get, path = "/api/v1/standards/{edition}", tag = "standards", operation_id = "read_standard",
    params(("edition" = String, Path, description = "The edition's key", pattern = "^[A-Za-z0-9._-]{1,100}$")),
    responses((status = 200, description = "The edition", body = EditionDetail)),
)]
pub async fn show(request: HttpRequest, portal: Data<Portal>) -> Answer {
    query::<NoQuery>(&request)?;
    let wanted = key(&request, "edition")?;
    let found =
        portal.db.read(Reach::nobodys(), move |conn| standards::edition_by_key(conn, &wanted)).await?;
    let (stored, state) = found.filter(|(_, state)| state.is_used()).ok_or(Error::NotFound)?;
    let edition = stored.edition();
    let document = serde_json::from_str(edition.canonical_json())
        .map_err(|e| Error::internal(format!("failed to read edition {}", edition.key()), e))?;
    let detail = EditionDetail {
        key: edition.key().to_string(),
        state: state.as_str(),
        hash: edition.hash().to_hex(),
        document,
    };
    public(&request, &detail)
}
