//! `portal import mapping`: what became of each requirement from one edition to another.

use std::path::Path;

use super::command::unreadable;
use crate::access::{Actor, ImportMappingBySystem, Permit, Subject};
use crate::platform::db::{Db, Reach};
use crate::platform::error::{Error, FieldError, Result};
use crate::standards::edition_by_key;
use crate::standards::mapping::{CSV_LIMIT, RowProblem, editions_named, import_mapping, lines_from_csv};

/// Imports a mapping and gives the text to print.
pub(super) fn mapping(database: &Db, file: &Path, in_force: bool) -> Result<String> {
    let size = std::fs::metadata(file).map_err(|e| unreadable(file, &e))?.len();
    if size > CSV_LIMIT {
        return Err(Error::TooLarge(format!("{} is larger than {} MiB", file.display(), CSV_LIMIT >> 20)));
    }
    let bytes = std::fs::read(file).map_err(|e| unreadable(file, &e))?;
    let (from, to) = editions_named(&bytes).map_err(told)?;
    let ends = (from.clone(), to.clone());
    let (before, now) = database.read_now(Reach::nobodys(), move |conn| {
        let missing = |key: &str| Error::field("FILE", format!("there is no edition \"{key}\""));
        let before = edition_by_key(conn, &ends.0)?.ok_or_else(|| missing(&ends.0))?.0;
        let now = edition_by_key(conn, &ends.1)?.ok_or_else(|| missing(&ends.1))?.0;
        Ok((before, now))
    })?;
    let lines = lines_from_csv(&bytes, before.edition(), now.edition()).map_err(told)?;
    let count = lines.len();
    let ends = (from.clone(), to.clone());
    database.write_now(Reach::nobodys(), move |tx| {
        let permit = Permit::<ImportMappingBySystem>::grant(&Actor::system(), Some(Subject::programme()))?;
        import_mapping(tx, &permit, (&ends.0, &ends.1), &lines, in_force)
    })?;
    let state = if in_force { "in force" } else { "a draft" };
    Ok(format!("Mapping from {from} to {to}: {count} lines, {state}."))
}

/// Every problem with its place.
fn told(problems: Vec<RowProblem>) -> Error {
    let field = |problem: RowProblem| FieldError { field: problem.place(), message: problem.message };
    Error::Invalid(problems.into_iter().map(field).collect())
}
