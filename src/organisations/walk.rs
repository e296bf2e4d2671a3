//! The register in the order of its codes, piece by piece: every piece begins after the code that the last one ended
//! with, so nothing is missed or told twice however the register changes in between.

use diesel::prelude::*;

use super::cells::search_form;
use super::model::{OdsCode, Organisation};
use super::store::SearchFilter;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::schema::organisation;

/// At most `limit` organisations that fit the filter, by code, beginning after a code.
///
/// # Errors
/// When the database cannot be read.
pub fn walk(
    conn: &mut Conn,
    filter: &SearchFilter,
    after: Option<&OdsCode>,
    limit: i64,
) -> Result<Vec<Organisation>> {
    let mut query = organisation::table.into_boxed();
    // The search form holds letters, digits and spaces only, so nothing in it means anything to LIKE.
    let text = search_form(&filter.text);
    if !text.is_empty() {
        query = query.filter(organisation::search_name.like(format!("%{text}%")));
    }
    if let Some(sector) = filter.sector {
        query = query.filter(organisation::sector.eq(sector));
    }
    if let Some(region) = &filter.region {
        query = query.filter(organisation::region_code.eq(region.clone()));
    }
    if let Some(after) = after {
        query = query.filter(organisation::code.gt(after.as_str().to_owned()));
    }
    Ok(query.order(organisation::code).limit(limit).select(Organisation::as_select()).load(conn)?)
}
