//! Keeping the rules of an edition as they are while something is scored by them. On the database where changes run side by
//! side a submission could otherwise be scored by rules that a correction replaces at that very moment, and never again.

use diesel::prelude::*;

use super::hash_in_force;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::EditionId;
use crate::schema::edition;
use crate::standards::model::Edition;

/// Keeps the rules of an edition as they are until this change is committed. To be called before anything else is held, so
/// that nobody waits in a circle.
///
/// # Errors
/// When the database cannot be asked.
pub fn hold_rules(tx: &mut Tx<'_>, of: EditionId) -> Result<()> {
    if let Conn::Postgres(conn) = tx.conn() {
        let _held: EditionId =
            edition::table.filter(edition::id.eq(of)).select(edition::id).for_share().first(conn)?;
    }
    Ok(())
}

/// [`hold_rules`] for an edition that was read before: a refusal where its rules were corrected since.
///
/// # Errors
/// [`Error::Conflict`], or when the database cannot be asked.
pub fn rules_must_stand(tx: &mut Tx<'_>, of: EditionId, as_read: &Edition) -> Result<()> {
    hold_rules(tx, of)?;
    let (hash, _) = hash_in_force(tx.conn(), of)?;
    if hash.as_slice() == as_read.hash().as_bytes().as_slice() {
        return Ok(());
    }
    Err(Error::Conflict("The rules of the edition have just been corrected. Load the page again.".to_owned()))
}

/// Waits until nothing is being scored by the rules of an edition, and lets nothing be until this change is committed.
///
/// # Errors
/// When the database cannot be asked.
pub fn take_rules(tx: &mut Tx<'_>, of: EditionId) -> Result<()> {
    if let Conn::Postgres(conn) = tx.conn() {
        let _taken: EditionId =
            edition::table.filter(edition::id.eq(of)).select(edition::id).for_update().first(conn)?;
    }
    Ok(())
}
