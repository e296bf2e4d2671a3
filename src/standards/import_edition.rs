//! Importing an edition: its document, hash and list of requirements. The same document again changes nothing; a
//! changed one replaces a draft and is refused once a collection has used the edition.

use diesel::prelude::*;
use serde_json::json;

use super::model::Edition;
use super::store::EditionState;
use crate::access::{Action, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionId, StandardId};
use crate::schema::{edition, requirement, standard};

/// Rows inserted with one statement; keeps the number of bound values far below both databases' limits.
const BATCH: usize = 500;

/// What importing a document does or would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportEffect {
    /// The edition is new.
    Added,
    /// A draft is replaced.
    Changed,
    /// The same document is there already.
    Unchanged,
}

/// What importing this document would do now.
///
/// # Errors
/// [`Error::Refused`] when it would be refused.
pub fn import_effect(conn: &mut Conn, new: &Edition) -> Result<ImportEffect> {
    Ok(examine(conn, new)?.1)
}

/// Imports an edition under either permit of `access`: the editor's or the command line's.
///
/// # Errors
/// [`Error::Refused`] when the edition is in use with another definition, belongs to another standard, or the
/// standard has another scheme.
pub fn import_edition<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    new: &Edition,
) -> Result<Recorded<EditionId>> {
    let (id, effect) = place(tx, new)?;
    let data = json!({
        "key": new.key(),
        "effect": effect,
        "definition_hash": new.hash(),
        "rule_set": new.rule_set(),
        "requirements": new.requirements().len(),
    });
    let event = Event::of(permit, "edition_imported", format!("edition/{id}"), data);
    ledger::append(tx, &event, id)
}

/// Writes the document where it belongs. Part of a verb that records itself.
pub(super) fn place(tx: &mut Tx<'_>, new: &Edition) -> Result<(EditionId, ImportEffect)> {
    let (existing, effect) = examine(tx.conn(), new)?;
    let id = match (existing, effect) {
        (Some(id), ImportEffect::Unchanged) => id,
        (Some(id), _) => {
            replace_draft(tx, id, new)?;
            id
        }
        (None, _) => add(tx, new)?,
    };
    if effect != ImportEffect::Unchanged {
        list_requirements(tx, id, new)?;
    }
    Ok((id, effect))
}

/// The edition's row, if there is one, and what importing the document would do to it.
fn examine(conn: &mut Conn, new: &Edition) -> Result<(Option<EditionId>, ImportEffect)> {
    let found: Option<(EditionId, EditionState, Vec<u8>, String)> = edition::table
        .inner_join(standard::table.on(standard::id.eq(edition::standard_id)))
        .filter(edition::key.eq(new.key().as_str()))
        .select((edition::id, edition::state, edition::definition_hash, standard::key))
        .first(conn)
        .optional()?;
    let Some((id, state, hash, standard_key)) = found else {
        check_scheme(conn, new)?;
        return Ok((None, ImportEffect::Added));
    };
    if standard_key != new.standard_key().as_str() {
        let key = new.key();
        return Err(Error::Refused(format!("The edition {key} belongs to the standard {standard_key}.")));
    }
    if hash == new.hash().as_bytes() {
        return Ok((Some(id), ImportEffect::Unchanged));
    }
    if state != EditionState::Draft {
        return Err(Error::Refused(format!(
            "The edition {} is {} and cannot be changed: answers rest on it. Import the corrected text as a new \
             edition.",
            new.key(),
            if state == EditionState::Frozen { "frozen" } else { "in use" }
        )));
    }
    check_scheme(conn, new)?;
    Ok((Some(id), ImportEffect::Changed))
}

fn check_scheme(conn: &mut Conn, new: &Edition) -> Result<()> {
    let scheme: Option<String> = standard::table
        .filter(standard::key.eq(new.standard_key().as_str()))
        .select(standard::scheme)
        .first(conn)
        .optional()?;
    match scheme {
        Some(scheme) if scheme != new.scheme().kind().as_str() => Err(Error::Refused(format!(
            "The standard {} is scored by {scheme}; this edition is scored by {}.",
            new.standard_key(),
            new.scheme().kind().as_str()
        ))),
        _ => Ok(()),
    }
}

fn add(tx: &mut Tx<'_>, new: &Edition) -> Result<EditionId> {
    let now = tx.now();
    let standard = standard_row(tx, new)?;
    Ok(diesel::insert_into(edition::table)
        .values((
            edition::standard_id.eq(standard),
            edition::key.eq(new.key().as_str()),
            edition::label.eq(new.label()),
            edition::rule_set.eq(new.rule_set()),
            edition::state.eq(EditionState::Draft),
            edition::definition.eq(new.canonical_json()),
            edition::definition_hash.eq(&new.hash().as_bytes()[..]),
            edition::created_at.eq(now),
        ))
        .returning(edition::id)
        .get_result(tx.conn())?)
}

/// The standard's row, made or renamed after the newest edition.
fn standard_row(tx: &mut Tx<'_>, new: &Edition) -> Result<StandardId> {
    let key = new.standard_key().as_str();
    let renamed: Option<StandardId> = diesel::update(standard::table.filter(standard::key.eq(key)))
        .set(standard::name.eq(new.standard_name()))
        .returning(standard::id)
        .get_result(tx.conn())
        .optional()?;
    if let Some(id) = renamed {
        return Ok(id);
    }
    Ok(diesel::insert_into(standard::table)
        .values((
            standard::key.eq(key),
            standard::name.eq(new.standard_name()),
            standard::scheme.eq(new.scheme().kind().as_str()),
        ))
        .returning(standard::id)
        .get_result(tx.conn())?)
}

/// Nothing can refer to a draft's requirements: returns exist only once a collection has opened the edition.
fn replace_draft(tx: &mut Tx<'_>, id: EditionId, new: &Edition) -> Result<()> {
    standard_row(tx, new)?;
    let replaced = diesel::update(
        edition::table.filter(edition::id.eq(id)).filter(edition::state.eq(EditionState::Draft)),
    )
    .set((
        edition::label.eq(new.label()),
        edition::rule_set.eq(new.rule_set()),
        edition::definition.eq(new.canonical_json()),
        edition::definition_hash.eq(&new.hash().as_bytes()[..]),
    ))
    .execute(tx.conn())?;
    if replaced != 1 {
        return Err(Error::Conflict("The edition was opened at the same moment.".to_owned()));
    }
    diesel::delete(requirement::table.filter(requirement::edition_id.eq(id))).execute(tx.conn())?;
    Ok(())
}

fn list_requirements(tx: &mut Tx<'_>, id: EditionId, new: &Edition) -> Result<()> {
    let rows: Vec<_> = new
        .requirements()
        .iter()
        .zip(0_i64..)
        .map(|(listed, position)| {
            (
                requirement::edition_id.eq(id),
                requirement::code.eq(listed.code.as_str()),
                requirement::position.eq(position),
                requirement::title.eq(listed.title.as_str()),
            )
        })
        .collect();
    for batch in rows.chunks(BATCH) {
        let batch = batch.to_vec();
        crate::each!(tx.conn(), c => diesel::insert_into(requirement::table).values(batch).execute(c))?;
    }
    Ok(())
}
