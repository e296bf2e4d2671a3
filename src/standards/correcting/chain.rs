//! The rule sets of an edition in the database: which one is in force, and the edition under any of them. A correction
//! names the hash of the rules that it is applied to, so the way back to the edition's own document is a chain of hashes.

use std::sync::Arc;

use diesel::prelude::*;

use super::changes::{CorrectionDocument, applied};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionId, RequirementId, RuleCorrectionId};
use crate::schema::{edition, requirement, rule_correction};
use crate::standards::model::Edition;
use crate::standards::store::{StoredEdition, known_edition};

/// The correction whose rules are in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// Its row.
    pub id: RuleCorrectionId,
    /// Counts the corrections of the edition.
    pub number: i64,
    /// The version of the rules.
    pub rule_set: String,
    /// Since when.
    pub since: Timestamp,
}

/// The correction whose rules are in force; none while the edition's own are.
///
/// # Errors
/// When the database cannot be asked.
pub fn rules_in_force(conn: &mut Conn, of: EditionId) -> Result<Option<InForce>> {
    let row: Option<(RuleCorrectionId, i64, String, Option<Timestamp>)> = rule_correction::table
        .filter(rule_correction::edition_id.eq(of))
        .filter(rule_correction::state.eq("in_force"))
        .select((
            rule_correction::id,
            rule_correction::number,
            rule_correction::rule_set,
            rule_correction::in_force_at,
        ))
        .first(conn)
        .optional()?;
    Ok(row
        .and_then(|(id, number, rule_set, since)| since.map(|since| InForce { id, number, rule_set, since })))
}

/// The hash of the rules in force, where a correction is, and the row of the edition's first requirement.
pub(in crate::standards) fn hash_in_force(
    conn: &mut Conn,
    id: EditionId,
) -> Result<(Vec<u8>, RequirementId)> {
    let (own, corrected, first): (Vec<u8>, Option<Vec<u8>>, RequirementId) = edition::table
        .inner_join(
            requirement::table.on(requirement::edition_id.eq(edition::id).and(requirement::position.eq(0))),
        )
        .left_join(
            rule_correction::table
                .on(rule_correction::edition_id.eq(edition::id).and(rule_correction::state.eq("in_force"))),
        )
        .filter(edition::id.eq(id))
        .select((edition::definition_hash, rule_correction::rules_hash.nullable(), requirement::id))
        .first(conn)?;
    Ok((corrected.unwrap_or(own), first))
}

/// Whether this is the hash of an edition under rules that are or once were in force: its own, or those of a correction.
/// Whatever was answered under one of them can be read under every other, because a correction never changes a question.
///
/// # Errors
/// When the database cannot be asked.
pub fn was_in_force(conn: &mut Conn, of: EditionId, hash: &[u8]) -> Result<bool> {
    let own: Vec<u8> =
        edition::table.filter(edition::id.eq(of)).select(edition::definition_hash).first(conn)?;
    if own == hash {
        return Ok(true);
    }
    Ok(diesel::select(diesel::dsl::exists(
        rule_correction::table
            .filter(rule_correction::edition_id.eq(of))
            .filter(rule_correction::rules_hash.eq(hash))
            .filter(rule_correction::in_force_at.is_not_null()),
    ))
    .get_result(conn)?)
}

/// The edition under the rule set of this name: its own, or that of one of its corrections.
///
/// # Errors
/// [`Error::NotFound`] where it never had such rules, or a fault when a stored document is not what its hash says.
pub fn stored_edition_under(conn: &mut Conn, id: EditionId, rule_set: &str) -> Result<Arc<StoredEdition>> {
    let (own_name, own, first): (String, Vec<u8>, RequirementId) = edition::table
        .inner_join(
            requirement::table.on(requirement::edition_id.eq(edition::id).and(requirement::position.eq(0))),
        )
        .filter(edition::id.eq(id))
        .select((edition::rule_set, edition::definition_hash, requirement::id))
        .first(conn)?;
    let hash = if own_name == rule_set {
        own
    } else {
        rule_correction::table
            .filter(rule_correction::edition_id.eq(id))
            .filter(rule_correction::rule_set.eq(rule_set))
            .filter(rule_correction::state.ne("discarded"))
            .select(rule_correction::rules_hash)
            .first(conn)?
    };
    known_edition(conn, id, hash, first)
}

/// [`stored_edition_under`], the document alone.
///
/// # Errors
/// As [`stored_edition_under`].
pub fn edition_under(conn: &mut Conn, id: EditionId, rule_set: &str) -> Result<Arc<Edition>> {
    Ok(Arc::clone(stored_edition_under(conn, id, rule_set)?.edition()))
}

/// The edition whose canonical JSON has this hash, made from its own document and the corrections that lead there.
pub(in crate::standards) fn document_under(
    conn: &mut Conn,
    id: EditionId,
    original: Edition,
    wanted: &[u8],
) -> Result<Edition> {
    type Row = (Vec<u8>, Vec<u8>, String);
    let rows: Vec<Row> = rule_correction::table
        .filter(rule_correction::edition_id.eq(id))
        .filter(rule_correction::state.ne("discarded"))
        .order(rule_correction::number)
        .select((rule_correction::rules_hash, rule_correction::base_hash, rule_correction::document))
        .load(conn)?;
    let broken = |what: &str| Error::broken(format!("the rules of the stored edition {id} {what}"));
    let mut steps: Vec<&str> = Vec::new();
    let mut at = wanted;
    while at != original.hash().as_bytes().as_slice() {
        let step = rows.iter().find(|(rules, ..)| rules.as_slice() == at);
        let Some((_, base, text)) = step.filter(|_| steps.len() < rows.len()) else {
            return Err(broken("do not lead back to its document"));
        };
        steps.push(text);
        at = base;
    }
    let mut edition = original;
    for text in steps.into_iter().rev() {
        let document: CorrectionDocument = serde_json::from_str(text)
            .map_err(|e| Error::internal(format!("failed to read a correction of edition {id}"), e))?;
        edition = applied(&edition, &document.changes, &document.rule_set)
            .map_err(|_| broken("cannot be applied"))?;
    }
    if edition.hash().as_bytes().as_slice() == wanted {
        Ok(edition)
    } else {
        Err(broken("do not have their hash"))
    }
}
