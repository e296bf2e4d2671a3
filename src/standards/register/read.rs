//! The register of a standard as it is read: its fixed editions in order, and what happened to each requirement.

use std::sync::Arc;

use super::model::{Life, Step, lives};
use super::store::stages;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::EditionId;
use crate::standards::mapping::{in_force, usual_lines};
use crate::standards::model::Edition;
use crate::standards::store::{EditionState, edition, editions};

/// The newest edition of a standard that is fixed, and the lives of its requirements.
///
/// # Errors
/// [`Error::NotFound`] when the standard has no fixed edition.
pub fn register_of(conn: &mut Conn, standard: &str) -> Result<(Arc<Edition>, Vec<Life>)> {
    let mut rows = editions(conn)?;
    rows.retain(|row| row.standard_key == standard && row.state != EditionState::Draft);
    rows.sort_by(|a, b| (&a.label, a.id).cmp(&(&b.label, b.id)));
    let mut found: Vec<(EditionId, Arc<Edition>)> = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push((row.id, edition(conn, row.id)?));
    }
    let (_, newest) = found.last().cloned().ok_or(Error::NotFound)?;
    let ids: Vec<EditionId> = found.iter().map(|(id, _)| *id).collect();
    let mut steps: Vec<Step<'_>> = Vec::with_capacity(found.len());
    for (id, now) in &found {
        let lines = match steps.last() {
            None => Vec::new(),
            Some((before, from, _)) => match in_force(conn, *before, *id)? {
                Some(mapping) => mapping.lines,
                None => usual_lines(from, now),
            },
        };
        steps.push((*id, now, lines));
    }
    let stages = stages(conn, &ids)?;
    Ok((newest, lives(&steps, &stages)))
}
