//! The public register: organisations in pages, and one organisation with everything published about it.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::{IntoParams, ToSchema};

use super::cached::public;
use super::problem::Answer;
use super::reading::{NoQuery, query};
use crate::organisations::{self, HistoryEntry, OdsCode, Organisation, SearchFilter, Sector};
use crate::platform::db::Reach;
use crate::platform::error::{Error, FieldError};
use crate::platform::http::Portal;

/// The most organisations of one answer.
const MOST: u32 = 200;
/// How many there are when nothing is said.
const USUAL: u32 = 50;
/// The most characters of a search.
const SEARCH_LIMIT: usize = 200;

/// Which organisations are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Part of the name or code, in any case and spacing.
    #[param(nullable = false, max_length = 200)]
    search: Option<String>,
    /// Only this sector.
    #[param(schema_with = sector_schema)]
    sector: Option<String>,
    /// Only this region, by its code.
    #[param(nullable = false, pattern = "^[A-Z0-9]{1,20}$")]
    region: Option<String>,
    /// Where to go on: `next` of the answer before.
    #[param(nullable = false, pattern = "^[A-Z0-9][A-Z0-9-]{0,21}[A-Z0-9]$")]
    cursor: Option<String>,
    /// How many at most; 50 when left out.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

fn sector_schema() -> Object {
    let keys = Sector::ALL.iter().map(|sector| sector.as_str());
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(keys)).build()
}

/// An organisation of the register.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationItem {
    /// Its code in the national directory.
    code: String,
    /// Its name as last published.
    name: String,
    /// Its sector's key.
    #[schema(schema_with = sector_schema)]
    sector: &'static str,
    /// The code of its region.
    region: Option<String>,
    /// The code of the board in whose area it lies.
    icb: Option<String>,
    /// The day it closed.
    #[schema(format = Date)]
    closed_on: Option<String>,
}

impl From<&Organisation> for OrganisationItem {
    fn from(one: &Organisation) -> Self {
        Self {
            code: one.code.to_string(),
            name: one.name.clone(),
            sector: one.sector.as_str(),
            region: one.region_code.clone(),
            icb: one.icb_code.clone(),
            closed_on: one.closed_on.map(|day| day.to_string()),
        }
    }
}

/// A piece of the register, in the order of the codes.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationList {
    /// The organisations.
    items: Vec<OrganisationItem>,
    /// The cursor of the next piece; null at the end.
    next: Option<String>,
}

/// A status that was published about an organisation once.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedItem {
    /// The edition it is about, as it was printed; empty where none was named.
    edition: String,
    /// The words that were printed; empty where the cell was.
    label: String,
    /// What the label is called today, where it was renamed.
    renamed_to: Option<String>,
    /// The grade that the words mean.
    grade: &'static str,
    /// The day the organisation published.
    #[schema(format = Date)]
    published_on: Option<String>,
    /// The publication it stood in.
    source: String,
}

impl From<HistoryEntry> for PublishedItem {
    fn from(entry: HistoryEntry) -> Self {
        Self {
            edition: entry.status.edition_label,
            label: entry.status.label,
            renamed_to: entry.renamed_to,
            grade: entry.status.grade.as_str(),
            published_on: entry.status.published_on.map(|day| day.to_string()),
            source: entry.status.source,
        }
    }
}

/// One organisation with everything published about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationDetail {
    /// The organisation.
    #[serde(flatten)]
    item: OrganisationItem,
    /// Its postcode.
    postcode: Option<String>,
    /// The day it opened.
    #[schema(format = Date)]
    opened_on: Option<String>,
    /// The code of the organisation that took over from it.
    successor: Option<String>,
    /// The code of the head office that answers for it.
    head_office: Option<String>,
    /// Every published status, the newest publication first.
    published: Vec<PublishedItem>,
}

/// What the query asks for, checked.
struct Piece {
    filter: SearchFilter,
    after: Option<OdsCode>,
    limit: u32,
}

fn piece(wanted: Wanted) -> Result<Piece, Error> {
    let mut errors = Vec::new();
    let mut wrong =
        |field: &str, message: String| errors.push(FieldError { field: field.to_owned(), message });
    let text = wanted.search.unwrap_or_default();
    if text.chars().count() > SEARCH_LIMIT {
        wrong("search", format!("Search for at most {SEARCH_LIMIT} characters"));
    }
    let sector = wanted.sector.map(|key| key.parse::<Sector>());
    if let Some(Err(why)) = &sector {
        wrong("sector", why.clone());
    }
    let region = wanted.region;
    if region.as_ref().is_some_and(|code| !is_region(code)) {
        wrong("region", "A region's code has 1 to 20 capital letters and digits".to_owned());
    }
    let after = wanted.cursor.map(|cursor| OdsCode::strict(&cursor));
    if after == Some(None) {
        wrong("cursor", "Send what the answer before gave as next".to_owned());
    }
    let limit = wanted.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        wrong("limit", format!("Ask for 1 to {MOST} organisations"));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let filter = SearchFilter { text, sector: sector.and_then(Result::ok), region };
    Ok(Piece { filter, after: after.flatten(), limit })
}

fn is_region(code: &str) -> bool {
    (1..=20).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// List organisations
///
/// The register in the order of the codes, a piece at a time, after name or code, sector and region.
#[utoipa::path(
    get, path = "/api/v1/organisations", tag = "organisations", operation_id = "list_organisations",
    params(Wanted),
    responses((status = 200, description = "A piece of the register", body = OrganisationList)),
)]
pub async fn list(request: HttpRequest, portal: Data<Portal>) -> Answer {
    let Piece { filter, after, limit } = piece(query(&request)?)?;
    let size = limit as usize;
    let mut found = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            organisations::walk(conn, &filter, after.as_ref(), i64::from(limit) + 1)
        })
        .await?;
    let more = found.len() > size;
    found.truncate(size);
    let next = found.last().filter(|_| more).map(|last| last.code.to_string());
    let items = found.iter().map(OrganisationItem::from).collect();
    public(&request, &OrganisationList { items, next })
}

/// Read one organisation
///
/// What the register holds of it, and every status that was published about it.
#[utoipa::path(
    get, path = "/api/v1/organisations/{code}", tag = "organisations", operation_id = "read_organisation",
    params(("code" = String, Path, description = "The organisation's code", pattern = "^[A-Z0-9][A-Z0-9-]{0,21}[A-Z0-9]$")),
    responses((status = 200, description = "The organisation", body = OrganisationDetail)),
)]
pub async fn show(request: HttpRequest, portal: Data<Portal>) -> Answer {
    query::<NoQuery>(&request)?;
    let code = request.match_info().get("code").and_then(OdsCode::strict).ok_or(Error::NotFound)?;
    let detail = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let Some(one) = organisations::by_code(conn, &code)? else {
                return Ok(None);
            };
            let mut code_of = |id| match id {
                Some(id) => organisations::by_id(conn, id).map(|found| found.map(|o| o.code.to_string())),
                None => Ok(None),
            };
            let (successor, head_office) = (code_of(one.successor_id)?, code_of(one.head_office_id)?);
            let history = organisations::history_of(conn, one.id)?;
            Ok(Some(OrganisationDetail {
                item: OrganisationItem::from(&one),
                postcode: one.postcode,
                opened_on: one.opened_on.map(|day| day.to_string()),
                successor,
                head_office,
                published: history.into_iter().map(PublishedItem::from).collect(),
            }))
        })
        .await?;
    public(&request, &detail.ok_or(Error::NotFound)?)
}
