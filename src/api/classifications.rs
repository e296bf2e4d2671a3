//! The lists that organisations and tables are sorted by: sectors and regions, with their codes and words.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::cached::public;
use super::problem::Answer;
use super::reading::{NoQuery, query};
use crate::organisations::{self, Sector};
use crate::platform::db::Reach;
use crate::platform::http::Portal;

/// A sector or a region.
#[derive(Debug, Serialize, ToSchema)]
pub struct Class {
    /// Its code, as organisations and tables name it.
    code: String,
    /// Its name.
    name: String,
}

/// Every sector or every region.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClassList {
    /// In order.
    items: Vec<Class>,
}

/// List sectors
///
/// In the programme's order.
#[utoipa::path(
    get, path = "/api/v1/sectors", tag = "classifications", operation_id = "list_sectors",
    responses((status = 200, description = "The sectors", body = ClassList)),
)]
pub async fn sectors(request: HttpRequest) -> Answer {
    query::<NoQuery>(&request)?;
    let class = |sector: &Sector| Class { code: sector.as_str().to_owned(), name: sector.words().to_owned() };
    public(&request, &ClassList { items: Sector::ALL.iter().map(class).collect() })
}

/// List regions
///
/// In the order of their codes.
#[utoipa::path(
    get, path = "/api/v1/regions", tag = "classifications", operation_id = "list_regions",
    responses((status = 200, description = "The regions", body = ClassList)),
)]
pub async fn regions(request: HttpRequest, portal: Data<Portal>) -> Answer {
    query::<NoQuery>(&request)?;
    let mut found = portal.db.read(Reach::nobodys(), organisations::regions).await?;
    // The databases sort text by different rules.
    found.sort_by(|a, b| a.code.cmp(&b.code));
    let items = found.into_iter().map(|region| Class { code: region.code, name: region.name }).collect();
    public(&request, &ClassList { items })
}
