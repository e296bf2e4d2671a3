//! Questions about the register. All of it is public register data, so reads are not scoped to an organisation.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use serde::Serialize;

use super::cells::search_form;
use super::model::{Grade, OdsCode, Organisation, PublishedStatus, Relation, Sector};
use super::standing::{Standing, standing};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::schema::{grade_label, organisation, published_status, region, relation};

// For `counts`, which groups by columns of both tables.
diesel::allow_columns_to_appear_in_same_group_by_clause!(
    organisation::sector,
    published_status::edition_label,
    published_status::label,
    published_status::grade,
);

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Page {
    /// From 1.
    number: i64,
    /// Rows to a page, 1 to 500.
    size: i64,
}

impl Page {
    /// A page; numbers below 1 mean the first and sizes are kept between 1 and 500.
    #[must_use]
    pub fn new(number: i64, size: i64) -> Self {
        Self { number: number.clamp(1, 1_000_000), size: size.clamp(1, 500) }
    }

    /// Its number, from 1.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.number
    }

    /// Rows to a page.
    #[must_use]
    pub const fn limit(self) -> i64 {
        self.size
    }

    /// Rows before it.
    #[must_use]
    pub const fn offset(self) -> i64 {
        (self.number - 1) * self.size
    }
}

/// One page of a list, with the length of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paged<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// How many rows there are in all.
    pub total: i64,
    /// Which page this is.
    pub page: Page,
}

impl<T> Paged<T> {
    /// How many pages there are; at least one.
    #[must_use]
    pub const fn pages(&self) -> i64 {
        let pages = (self.total + self.page.size - 1) / self.page.size;
        if pages < 1 { 1 } else { pages }
    }
}

/// A region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable)]
#[diesel(table_name = region)]
pub struct Region {
    /// Its code, such as `Y56`.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// What to look for.
#[derive(Debug, Clone, Default)]
pub struct SearchFilter {
    /// Part of a name or code, in any case and spacing; empty finds all.
    pub text: String,
    /// Only this sector.
    pub sector: Option<Sector>,
    /// Only this region.
    pub region: Option<String>,
}

/// How many organisations of a sector carry a status in one publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The sector.
    pub sector: Sector,
    /// The edition's label; empty where none was named.
    pub edition_label: String,
    /// The label as printed.
    pub label: String,
    /// What it means.
    pub grade: Grade,
    /// How many.
    pub organisations: i64,
}

/// One line of an organisation's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryEntry {
    /// The status as published.
    pub status: PublishedStatus,
    /// What its label is called today, where it has been renamed.
    pub renamed_to: Option<String>,
}

/// The organisation with this code.
///
/// # Errors
/// When the database cannot be read.
pub fn by_code(conn: &mut Conn, code: &OdsCode) -> Result<Option<Organisation>> {
    Ok(organisation::table
        .filter(organisation::code.eq(code.as_str()))
        .select(Organisation::as_select())
        .first(conn)
        .optional()?)
}

/// The organisation with this number.
///
/// # Errors
/// When the database cannot be read.
pub fn by_id(conn: &mut Conn, id: OrganisationId) -> Result<Option<Organisation>> {
    Ok(organisation::table
        .filter(organisation::id.eq(id))
        .select(Organisation::as_select())
        .first(conn)
        .optional()?)
}

/// Organisations whose name or code contains the text, a page at a time. The one whose code is the text comes first,
/// then those whose name begins with it, then the rest, each by name.
///
/// # Errors
/// When the database cannot be read.
pub fn search(conn: &mut Conn, filter: &SearchFilter, page: Page) -> Result<Paged<Organisation>> {
    // The search form holds letters, digits and spaces only, so nothing in it means anything to LIKE.
    let text = search_form(&filter.text);
    let matching = |with_order: bool| {
        let mut query = organisation::table.into_boxed();
        if !text.is_empty() {
            query = query.filter(organisation::search_name.like(format!("%{text}%")));
        }
        if let Some(sector) = filter.sector {
            query = query.filter(organisation::sector.eq(sector));
        }
        if let Some(region) = &filter.region {
            query = query.filter(organisation::region_code.eq(region.clone()));
        }
        if with_order && !text.is_empty() {
            let code = filter.text.trim().to_ascii_uppercase();
            query = query
                .order(organisation::code.eq(code).desc())
                .then_order_by(organisation::search_name.like(format!("{text}%")).desc());
        }
        query
    };
    let total = matching(false).select(count_star()).first(conn)?;
    let items = matching(true)
        .then_order_by(organisation::search_name)
        .then_order_by(organisation::id)
        .limit(page.limit())
        .offset(page.offset())
        .select(Organisation::as_select())
        .load(conn)?;
    Ok(Paged { items, total, page })
}

/// All regions, by name.
///
/// # Errors
/// When the database cannot be read.
pub fn regions(conn: &mut Conn) -> Result<Vec<Region>> {
    Ok(region::table.order(region::name).select(Region::as_select()).load(conn)?)
}

/// Every publication that statuses came from, such as `register@2022-09-09`.
///
/// # Errors
/// When the database cannot be read.
pub fn sources(conn: &mut Conn) -> Result<Vec<String>> {
    let mut found: Vec<String> =
        published_status::table.select(published_status::source).distinct().load(conn)?;
    found.sort_by(|a, b| by_day(a).cmp(&by_day(b)));
    Ok(found)
}

/// How many organisations of each sector carried which status in one publication. The sector is the one the
/// organisation has now.
///
/// # Errors
/// When the database cannot be read.
pub fn counts(conn: &mut Conn, source: &str) -> Result<Vec<Count>> {
    use published_status as s;
    let key = (organisation::sector, s::edition_label, s::label, s::grade);
    let rows = s::table
        .inner_join(organisation::table.on(organisation::id.eq(s::organisation_id)))
        .filter(s::source.eq(source))
        .group_by(key)
        .select((organisation::sector, s::edition_label, s::label, s::grade, count_star()))
        .order((organisation::sector, s::edition_label, s::label, s::grade))
        .load::<(Sector, String, String, Grade, i64)>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(sector, edition_label, label, grade, organisations)| Count {
            sector,
            edition_label,
            label,
            grade,
            organisations,
        })
        .collect())
}

/// Everything ever published about an organisation, newest publication first, as it was published, with today's name
/// beside labels that were renamed.
///
/// # Errors
/// When the database cannot be read.
pub fn history_of(conn: &mut Conn, id: OrganisationId) -> Result<Vec<HistoryEntry>> {
    let mut statuses = published_status::table
        .filter(published_status::organisation_id.eq(id))
        .select(PublishedStatus::as_select())
        .load(conn)?;
    statuses.sort_by(|a, b| by_day(&b.source).cmp(&by_day(&a.source)));
    let today: HashMap<String, String> = grade_label::table
        .select((grade_label::label, grade_label::current_label))
        .load::<(String, String)>(conn)?
        .into_iter()
        .collect();
    Ok(statuses
        .into_iter()
        .map(|status| {
            let renamed_to = today.get(&status.label).filter(|current| **current != status.label).cloned();
            HistoryEntry { status, renamed_to }
        })
        .collect())
}

/// What other organisations are to this one, as all sources said.
///
/// # Errors
/// When the database cannot be read.
pub fn relations_of(conn: &mut Conn, id: OrganisationId) -> Result<Vec<Relation>> {
    Ok(relation::table
        .filter(relation::organisation_id.eq(id))
        .order((relation::kind, relation::source, relation::related_code))
        .select(Relation::as_select())
        .load(conn)?)
}

/// The sites a head office answers for, by name, a page at a time.
///
/// # Errors
/// When the database cannot be read.
pub fn sites_of(conn: &mut Conn, head_office: OrganisationId, page: Page) -> Result<Paged<Organisation>> {
    let total: i64 =
        organisation::table.filter(organisation::head_office_id.eq(head_office)).count().get_result(conn)?;
    let items = organisation::table
        .filter(organisation::head_office_id.eq(head_office))
        .order((organisation::search_name, organisation::id))
        .limit(page.limit())
        .offset(page.offset())
        .select(Organisation::as_select())
        .load(conn)?;
    Ok(Paged { items, total, page })
}

/// What counts for one organisation in an edition, by the status rule.
///
/// # Errors
/// When the database cannot be read.
pub fn standing_of(conn: &mut Conn, id: OrganisationId, edition_label: &str) -> Result<Standing> {
    let mut successors = HashMap::new();
    let mut chain = vec![id];
    let mut next = Some(id);
    while let Some(current) = next {
        let successor: Option<Option<OrganisationId>> = organisation::table
            .filter(organisation::id.eq(current))
            .select(organisation::successor_id)
            .first(conn)
            .optional()?;
        next = successor.flatten().filter(|s| !chain.contains(s));
        if let Some(found) = next {
            successors.insert(current, found);
            chain.push(found);
        }
    }
    let statuses = published_status::table
        .filter(published_status::organisation_id.eq_any(chain))
        .filter(published_status::edition_label.eq(edition_label))
        .select(PublishedStatus::as_select())
        .load(conn)?;
    let statuses = latest(statuses);
    Ok(standing(id, |n| statuses.get(&n), |n| successors.get(&n).copied()))
}

/// What counts for every organisation in an edition, by the status rule. Organisations that are not in the map are
/// "Not Published".
///
/// # Errors
/// When the database cannot be read.
pub fn standings(conn: &mut Conn, edition_label: &str) -> Result<HashMap<OrganisationId, Standing>> {
    let statuses = published_status::table
        .filter(published_status::edition_label.eq(edition_label))
        .select(PublishedStatus::as_select())
        .load(conn)?;
    let statuses = latest(statuses);
    let successors: HashMap<OrganisationId, OrganisationId> = organisation::table
        .filter(organisation::successor_id.is_not_null())
        .select((organisation::id, organisation::successor_id.assume_not_null()))
        .load::<(OrganisationId, OrganisationId)>(conn)?
        .into_iter()
        .collect();
    let found = statuses
        .keys()
        .chain(successors.keys())
        .map(|id| (*id, standing(*id, |n| statuses.get(&n), |n| successors.get(&n).copied())));
    Ok(found.filter(|(_, standing)| standing.status().is_some()).collect())
}

/// The status of the newest publication for every organisation.
fn latest(statuses: Vec<PublishedStatus>) -> HashMap<OrganisationId, PublishedStatus> {
    let mut latest: HashMap<OrganisationId, PublishedStatus> = HashMap::with_capacity(statuses.len());
    for status in statuses {
        let newer = latest
            .get(&status.organisation_id)
            .is_none_or(|held| by_day(&status.source) > by_day(&held.source));
        if newer {
            latest.insert(status.organisation_id, status);
        }
    }
    latest
}

/// Sources in the order of the days they speak of: `register@2022-09-09` by its day, others after all of those.
fn by_day(source: &str) -> (bool, &str, &str) {
    match source.rsplit_once('@') {
        Some((kind, day)) => (false, day, kind),
        None => (true, source, ""),
    }
}
