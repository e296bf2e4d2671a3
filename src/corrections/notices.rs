//! What the public is told: a notice of every correction that was ever in force, and the grades that it changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::prelude::*;

use super::listing::Group;
use super::model::CorrectionState;
use super::store::{self, Correction};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionId, ReleaseId, RuleCorrectionId};
use crate::schema::{collection, edition, organisation, release, revised_status, rule_correction};
use crate::standards::Edition;
use crate::standards::correcting::{RuleDifference, applied, differences, edition_under};

/// A public notice of a correction.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The correction.
    pub id: RuleCorrectionId,
    /// The edition.
    pub edition: EditionId,
    /// Its standard and label.
    pub edition_name: String,
    /// Its key.
    pub edition_key: String,
    /// Counts the corrections of the edition.
    pub number: i64,
    /// The version of the rules since.
    pub rule_set: String,
    /// The version of the rules before.
    pub earlier_rule_set: String,
    /// What was wrong.
    pub reason: String,
    /// Since when the corrected rules count.
    pub since: Timestamp,
    /// What changed.
    pub differences: Vec<RuleDifference>,
    /// Keys of the collections that ask the edition.
    pub collections: Vec<String>,
    /// Returns by old and new standing grade.
    pub groups: Vec<Group>,
}

/// Every notice, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn notices(conn: &mut Conn) -> Result<Vec<Notice>> {
    let mut found = Vec::new();
    for correction in store::corrections(conn, None)? {
        let Some(since) = correction.in_force_at.filter(|_| correction.state.was_in_force()) else {
            continue;
        };
        found.push(notice(conn, correction, since)?);
    }
    Ok(found)
}

fn notice(conn: &mut Conn, of: Correction, since: Timestamp) -> Result<Notice> {
    let after = edition_under(conn, of.edition, &of.rule_set)?;
    let before = before(conn, &of)?;
    let groups = serde_json::from_str(&of.counts)
        .map_err(|e| Error::internal(format!("failed to read the counts of correction {}", of.id), e))?;
    let collections = collection::table
        .filter(collection::edition_id.eq(of.edition))
        .order(collection::id)
        .select(collection::key)
        .load(conn)?;
    Ok(Notice {
        collections,
        id: of.id,
        edition: of.edition,
        edition_name: format!("{} {}", after.standard_name(), after.label()),
        edition_key: of.edition_key,
        number: of.number,
        earlier_rule_set: before.rule_set().to_owned(),
        rule_set: of.rule_set,
        reason: of.reason,
        since,
        differences: differences(&before, &after),
        groups,
    })
}

/// The rules that a correction was applied to.
pub(super) fn before(conn: &mut Conn, of: &Correction) -> Result<Arc<Edition>> {
    let earlier: Option<String> = rule_correction::table
        .filter(rule_correction::edition_id.eq(of.edition))
        .filter(rule_correction::rules_hash.eq(&of.base_hash))
        .select(rule_correction::rule_set)
        .first(conn)
        .optional()?;
    match earlier {
        Some(rule_set) => edition_under(conn, of.edition, &rule_set),
        None => {
            let own: String =
                edition::table.filter(edition::id.eq(of.edition)).select(edition::rule_set).first(conn)?;
            edition_under(conn, of.edition, &own)
        }
    }
}

/// The rules that a correction was applied to, and those that it makes.
pub(super) fn both_rules(conn: &mut Conn, of: &Correction) -> Result<(Arc<Edition>, Arc<Edition>)> {
    if of.state == CorrectionState::Discarded {
        // Its rules are no version of the edition any more; what it said is made again.
        let base = before(conn, of)?;
        let document = of.parsed()?;
        let made = applied(&base, &document.changes, &document.rule_set);
        let made = made.map_err(|_| Error::broken(format!("correction {} cannot be applied", of.id)))?;
        return Ok((base, Arc::new(made)));
    }
    Ok((before(conn, of)?, edition_under(conn, of.edition, &of.rule_set)?))
}

/// Public releases whose figures rest on an edition: address and title, the newest first.
pub(super) fn releases_of(conn: &mut Conn, of: EditionId) -> Result<Vec<(String, String)>> {
    let rows: Vec<(String, String)> = release::table
        .inner_join(collection::table.on(release::collection_id.eq(collection::id.nullable())))
        .filter(collection::edition_id.eq(of))
        .filter(release::published_at.is_not_null())
        .order(release::id.desc())
        .select((release::key, release::title))
        .load(conn)?;
    Ok(rows.into_iter().map(|(key, title)| (format!("/public/releases/{key}"), title)).collect())
}

/// A number that changes whenever a notice is added.
///
/// # Errors
/// When the database cannot be asked.
pub fn notices_mark(conn: &mut Conn) -> Result<i64> {
    Ok(rule_correction::table.filter(rule_correction::in_force_at.is_not_null()).count().get_result(conn)?)
}

/// How the published grade of an organisation was revised. Every field is public.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RevisedGrade {
    /// The newest correction that changed it.
    pub notice: RuleCorrectionId,
    /// The grade that was published.
    pub old: String,
    /// The one that counts now.
    pub new: String,
}

/// The published grades of a release that corrections changed since, by the organisation's code.
///
/// # Errors
/// When the database cannot be asked.
pub fn revised_grades(conn: &mut Conn, of: ReleaseId) -> Result<BTreeMap<String, RevisedGrade>> {
    type Row = (String, RuleCorrectionId, String, String);
    let rows: Vec<Row> = revised_status::table
        .inner_join(organisation::table.on(organisation::id.eq(revised_status::organisation_id)))
        .filter(revised_status::release_id.eq(of))
        .order((revised_status::correction_id, revised_status::organisation_id))
        .select((
            organisation::code,
            revised_status::correction_id,
            revised_status::old_grade,
            revised_status::new_grade,
        ))
        .load(conn)?;
    let mut all: BTreeMap<String, RevisedGrade> = BTreeMap::new();
    for (organisation, notice, old, new) in rows {
        let known = all.entry(organisation).or_insert(RevisedGrade { notice, old, new: String::new() });
        (known.notice, known.new) = (notice, new);
    }
    Ok(all)
}
