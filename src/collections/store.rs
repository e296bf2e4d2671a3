//! Queries about collections, their scope and their extensions.

use std::collections::BTreeMap;

use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;

use super::model::{Collection, CollectionState};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, EditionId, OrganisationId};
use crate::schema::{
    annual_return, collection, collection_result, collection_scope, extension, organisation, site_filing,
    site_filing_line,
};
use crate::standards::mapping;

/// The columns of a [`CollectionRow`], for queries that join a collection to something else.
pub const COLUMNS: (
    collection::id,
    collection::key,
    collection::name,
    collection::year_label,
    collection::edition_id,
    collection::previous_id,
    collection::state,
    collection::opens_at,
    collection::interim_due_at,
    collection::deadline_at,
    collection::closes_at,
) = (
    collection::id,
    collection::key,
    collection::name,
    collection::year_label,
    collection::edition_id,
    collection::previous_id,
    collection::state,
    collection::opens_at,
    collection::interim_due_at,
    collection::deadline_at,
    collection::closes_at,
);

/// What [`COLUMNS`] loads.
pub type CollectionRow = (
    CollectionId,
    String,
    String,
    String,
    EditionId,
    Option<CollectionId>,
    CollectionState,
    Timestamp,
    Option<Timestamp>,
    Timestamp,
    Timestamp,
);

/// The collection of a row.
#[must_use]
pub fn collection_of(row: CollectionRow) -> Collection {
    let (
        id,
        key,
        name,
        year_label,
        edition_id,
        previous_id,
        state,
        opens_at,
        interim_due_at,
        deadline_at,
        closes_at,
    ) = row;
    Collection {
        id,
        key,
        name,
        year_label,
        edition_id,
        previous_id,
        state,
        opens_at,
        interim_due_at,
        deadline_at,
        closes_at,
    }
}

/// The collection with this number.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn collection(conn: &mut Conn, id: CollectionId) -> Result<Collection> {
    Ok(collection_of(collection::table.filter(collection::id.eq(id)).select(COLUMNS).first(conn)?))
}

/// The collection that an address names.
///
/// # Errors
/// When the database cannot be asked.
pub fn collection_by_key(conn: &mut Conn, key: &str) -> Result<Option<Collection>> {
    let row = collection::table.filter(collection::key.eq(key)).select(COLUMNS).first(conn).optional()?;
    Ok(row.map(collection_of))
}

/// Every collection, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn collections(conn: &mut Conn) -> Result<Vec<Collection>> {
    let rows: Vec<CollectionRow> = collection::table
        .order((collection::deadline_at.desc(), collection::id.desc()))
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(collection_of).collect())
}

/// Until when an organisation has more time, if it was given any.
///
/// # Errors
/// When the database cannot be asked.
pub fn extension_of(conn: &mut Conn, of: CollectionId, whose: OrganisationId) -> Result<Option<Timestamp>> {
    Ok(extension::table
        .filter(extension::collection_id.eq(of))
        .filter(extension::organisation_id.eq(whose))
        .select(extension::until)
        .first(conn)
        .optional()?)
}

/// When an organisation's return is due, its extension included.
///
/// # Errors
/// When the database cannot be asked.
pub fn deadline_for(conn: &mut Conn, of: &Collection, whose: OrganisationId) -> Result<Timestamp> {
    Ok(of.due_at(extension_of(conn, of.id, whose)?))
}

/// The profile that organisations of a sector are held to; `None` when the sector is out of scope, an empty text when
/// the edition has no profiles.
///
/// # Errors
/// When the database cannot be asked.
pub fn profile_for(conn: &mut Conn, of: CollectionId, sector: &str) -> Result<Option<String>> {
    Ok(collection_scope::table
        .filter(collection_scope::collection_id.eq(of))
        .filter(collection_scope::sector.eq(sector))
        .select(collection_scope::profile)
        .first(conn)
        .optional()?)
}

/// Whether an organisation is asked for a return in a collection.
pub(super) fn is_in_scope(conn: &mut Conn, of: CollectionId, whose: OrganisationId) -> Result<bool> {
    let sector: String =
        organisation::table.filter(organisation::id.eq(whose)).select(organisation::sector).first(conn)?;
    Ok(profile_for(conn, of, &sector)?.is_some())
}

/// The sectors in scope with their profiles.
///
/// # Errors
/// When the database cannot be asked.
pub fn scope_of(conn: &mut Conn, of: CollectionId) -> Result<BTreeMap<String, String>> {
    let rows: Vec<(String, String)> = collection_scope::table
        .filter(collection_scope::collection_id.eq(of))
        .select((collection_scope::sector, collection_scope::profile))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The collection before one that opens at this moment: the latest of the same standard that is due before it; where
/// there is none, the latest of an edition from which a mapping in force leads to this one.
pub(super) fn previous(
    conn: &mut Conn,
    edition: EditionId,
    opens_at: Timestamp,
) -> Result<Option<CollectionId>> {
    use crate::schema::edition;
    let standard: i64 =
        edition::table.filter(edition::id.eq(edition)).select(edition::standard_id).first(conn)?;
    let own = collection::table
        .inner_join(edition::table.on(edition::id.eq(collection::edition_id)))
        .filter(edition::standard_id.eq(standard))
        .filter(collection::deadline_at.lt(opens_at))
        .order((collection::deadline_at.desc(), collection::id.desc()))
        .select(collection::id)
        .first(conn)
        .optional()?;
    if own.is_some() {
        return Ok(own);
    }
    let mapped = mapping::mapped_into(conn, edition)?;
    Ok(collection::table
        .filter(collection::edition_id.eq_any(mapped))
        .filter(collection::deadline_at.lt(opens_at))
        .order((collection::deadline_at.desc(), collection::id.desc()))
        .select(collection::id)
        .first(conn)
        .optional()?)
}

/// Collections whose time to open, or to close, has come.
pub(super) fn due(
    conn: &mut Conn,
    now: Timestamp,
) -> Result<(Vec<CollectionId>, Vec<CollectionId>, Vec<CollectionId>)> {
    let opening = collection::table
        .filter(collection::state.eq(CollectionState::Planned))
        .filter(collection::opens_at.le(now))
        .order(collection::id)
        .select(collection::id)
        .load(conn)?;
    let closing = collection::table
        .filter(collection::state.eq(CollectionState::Open))
        .filter(collection::closes_at.le(now))
        .order(collection::id)
        .select(collection::id)
        .load(conn)?;
    // The same organisations as the close itself records, or the scheduler would find work that it cannot do.
    let overdue = overdue(conn, now)?;
    Ok((opening, closing, overdue))
}

/// Closed collections in which somebody is to be recorded who was not at the close: their extension has ended without a
/// submission, or what their head office submitted for them has failed since. The same organisations as the close
/// itself records, or the scheduler would find work that it cannot do.
fn overdue(conn: &mut Conn, now: Timestamp) -> Result<Vec<CollectionId>> {
    let in_scope = collection_scope::collection_id
        .eq(collection::id)
        .and(collection_scope::sector.eq(organisation::sector));
    let is_open =
        organisation::closed_on.is_null().or(organisation::closed_on.gt(now.london_day().to_string()));
    let recorded = collection_result::table
        .filter(collection_result::collection_id.eq(collection::id))
        .filter(collection_result::organisation_id.eq(organisation::id));
    let submitted = annual_return::table
        .filter(annual_return::collection_id.eq(collection::id))
        .filter(annual_return::organisation_id.eq(organisation::id))
        .filter(annual_return::submission_id.is_not_null());
    let mut late: Vec<CollectionId> = collection::table
        .inner_join(extension::table.on(extension::collection_id.eq(collection::id)))
        .inner_join(organisation::table.on(organisation::id.eq(extension::organisation_id)))
        .inner_join(collection_scope::table.on(in_scope))
        .filter(collection::state.eq(CollectionState::Closed))
        .filter(extension::until.le(now))
        .filter(is_open.clone())
        .filter(not(exists(recorded)))
        .filter(not(exists(submitted)))
        .select(collection::id)
        .distinct()
        .load(conn)?;
    let waits = extension::table
        .filter(extension::collection_id.eq(collection::id))
        .filter(extension::organisation_id.eq(organisation::id))
        .filter(extension::until.gt(now));
    let failed: Vec<CollectionId> = collection::table
        .inner_join(site_filing::table.on(site_filing::collection_id.eq(collection::id)))
        .inner_join(site_filing_line::table.on(site_filing_line::filing_id.eq(site_filing::id)))
        .inner_join(organisation::table.on(organisation::id.eq(site_filing_line::site_id)))
        .inner_join(collection_scope::table.on(in_scope))
        .filter(collection::state.eq(CollectionState::Closed))
        .filter(site_filing_line::state.eq("failed"))
        .filter(is_open)
        .filter(not(exists(recorded)))
        .filter(not(exists(submitted)))
        .filter(not(exists(waits)))
        .select(collection::id)
        .distinct()
        .load(conn)?;
    late.extend(failed);
    late.sort_unstable();
    late.dedup();
    Ok(late)
}

/// Whether another collection that is not closed uses the edition.
pub(super) fn edition_is_needed(conn: &mut Conn, edition: EditionId, beside: CollectionId) -> Result<bool> {
    let found: Option<CollectionId> = collection::table
        .filter(collection::edition_id.eq(edition))
        .filter(collection::id.ne(beside))
        .filter(collection::state.ne(CollectionState::Closed))
        .select(collection::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// What a collection looks like from above.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    /// Organisations in scope that are open on the day asked about.
    pub in_scope: i64,
    /// Returns by state, as stored.
    pub by_state: BTreeMap<String, i64>,
    /// Organisations recorded as not published at the close.
    pub not_published: i64,
    /// Organisations with more time: code, name, until, reason.
    pub extensions: Vec<(String, String, Timestamp, String)>,
}

/// How far a collection's returns have got.
pub(super) fn progress(conn: &mut Conn, of: CollectionId, today: Day) -> Result<Progress> {
    let in_scope = organisation::table
        .inner_join(collection_scope::table.on(collection_scope::sector.eq(organisation::sector)))
        .filter(collection_scope::collection_id.eq(of))
        .filter(organisation::closed_on.is_null().or(organisation::closed_on.gt(today.to_string())))
        .select(count_star())
        .first(conn)?;
    let states: Vec<(String, i64)> = annual_return::table
        .filter(annual_return::collection_id.eq(of))
        .group_by(annual_return::state)
        .select((annual_return::state, count_star()))
        .load(conn)?;
    let not_published = collection_result::table
        .filter(collection_result::collection_id.eq(of))
        .select(count_star())
        .first(conn)?;
    let extensions = extension::table
        .inner_join(organisation::table.on(organisation::id.eq(extension::organisation_id)))
        .filter(extension::collection_id.eq(of))
        .order((extension::until, organisation::code))
        .select((organisation::code, organisation::name, extension::until, extension::reason))
        .load(conn)?;
    Ok(Progress { in_scope, by_state: states.into_iter().collect(), not_published, extensions })
}

/// An organisation with its sector, if it is there.
pub(super) fn organisation_by_code(conn: &mut Conn, code: &str) -> Result<Option<(OrganisationId, String)>> {
    Ok(organisation::table
        .filter(organisation::code.eq(code))
        .select((organisation::id, organisation::sector))
        .first(conn)
        .optional()?)
}

/// The state of a collection, for the permit.
pub(super) fn state_of(conn: &mut Conn, id: CollectionId) -> Result<CollectionState> {
    collection::table
        .filter(collection::id.eq(id))
        .select(collection::state)
        .first(conn)
        .optional()?
        .ok_or(Error::NotFound)
}
