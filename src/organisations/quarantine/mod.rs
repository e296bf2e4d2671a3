//! The quarantine: rows that imports noted or held back, and what an administrator decides about them.

mod dismiss;
mod listing;
mod resolve;

use diesel::prelude::*;

use super::model::{QuarantineState, QuarantinedRow};
use super::store::{Page, Paged};
use crate::access::Subject;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::QuarantineId;
use crate::schema::quarantined_row;

pub use dismiss::dismiss;
pub use listing::{QuarantineFilter, decided_by, quarantine_choices, quarantined_where};
pub use resolve::{Correction, resolve};

/// The rows in a state, oldest first, a page at a time.
///
/// # Errors
/// When the database cannot be read.
pub fn quarantined(conn: &mut Conn, state: QuarantineState, page: Page) -> Result<Paged<QuarantinedRow>> {
    quarantined_where(conn, &QuarantineFilter { state: Some(state), ..QuarantineFilter::default() }, page)
}

/// One row.
///
/// # Errors
/// [`Error::NotFound`] when there is no such row.
pub fn quarantined_row(conn: &mut Conn, id: QuarantineId) -> Result<QuarantinedRow> {
    Ok(quarantined_row::table
        .filter(quarantined_row::id.eq(id))
        .select(QuarantinedRow::as_select())
        .first(conn)?)
}

/// The row as the subject of a permit; none when there is no such row.
///
/// # Errors
/// When the database cannot be read.
pub fn quarantined_subject(conn: &mut Conn, id: QuarantineId) -> Result<Option<Subject>> {
    let state: Option<QuarantineState> = quarantined_row::table
        .filter(quarantined_row::id.eq(id))
        .select(quarantined_row::state)
        .first(conn)
        .optional()?;
    Ok(state.map(|state| Subject {
        kind: "quarantined row",
        id: id.get(),
        organisation: None,
        state: state.as_str(),
    }))
}

/// Checks that the row is still the one that the decision was made on.
fn still(row: &QuarantinedRow, version: i64) -> Result<()> {
    if row.version == version && row.state == QuarantineState::Open {
        Ok(())
    } else {
        Err(Error::Conflict("somebody else has decided about this row meanwhile".to_owned()))
    }
}
