//! Imports asked for in the browser: the file is looked through when it arrives, then taken in by a job, in one
//! transaction, with the same verb as the command line's.

use std::sync::Arc;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::file::{InputFile, Limits};
use super::layout::{Format, day_in_name};
use super::report::ImportReport;
use super::runs::{self, ImportState};
use super::{ImportOptions, import, plan};
use crate::access::{Actor, ImportOrganisations, ImportOrganisationsByHand, Permit, Subject};
use crate::ledger::{self, Event, Recorded};
use crate::organisations::jobs::IMPORT;
use crate::platform::canonical::{self, hex};
use crate::platform::clock::Day;
use crate::platform::db::{Db, Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ImportRunId;
use crate::platform::jobs;
use crate::schema::import_run;

/// What somebody said about the file they uploaded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its format; found from its columns when absent.
    pub format: Option<Format>,
    /// The day it speaks of; taken from its name when absent.
    pub as_of: Option<Day>,
    /// The edition of statuses that name none.
    pub edition: Option<String>,
}

/// A file that was looked through and kept, to be imported.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// Its name, without a folder.
    pub file_name: String,
    /// SHA-256 of its content, by which it is kept.
    pub sha256: [u8; 32],
    /// Format and day, such as `register@2022-09-09`.
    pub source: String,
    /// Its rows, a header included.
    pub rows: i64,
    /// What was said about it.
    pub asked: Asked,
}

impl Asked {
    fn options(&self, file_bytes: u64) -> ImportOptions {
        let limits = Limits { file_bytes, ..Limits::default() };
        ImportOptions { format: self.format, as_of: self.as_of, edition: self.edition.clone(), limits }
    }
}

/// Looks an uploaded file through, so that what must be refused is refused while the person waits. Called on a
/// thread that may wait.
///
/// # Errors
/// [`Error::Invalid`] for the field `as_of`, [`Error::TooLarge`] or [`Error::Unsupported`] for the file.
pub fn look_through(file: InputFile, asked: Asked, limit: u64) -> Result<NewImport> {
    if asked.as_of.is_none() && day_in_name(file.name()).is_none() {
        return Err(Error::field(
            "as_of",
            "Enter the day the file speaks of: its name holds no date such as 2026-07-01",
        ));
    }
    let file_name = file.name().to_owned();
    let found = plan(file, &asked.options(limit))?;
    Ok(NewImport {
        file_name,
        sha256: found.survey.hash,
        source: found.source.to_string(),
        rows: found.survey.rows,
        asked,
    })
}

/// Asks for an import: a row for people to watch, and the job that does it. The same file asked for in the same words
/// while the first is under way is the same import.
///
/// # Errors
/// When the rows cannot be written.
pub fn ask_import(
    tx: &mut Tx<'_>,
    permit: &Permit<ImportOrganisationsByHand>,
    new: &NewImport,
) -> Result<Recorded<ImportRunId>> {
    let now = tx.now();
    let options = canonical::to_string(&new.asked)?;
    let there: Option<ImportRunId> = import_run::table
        .filter(import_run::file_hash.eq(&new.sha256[..]))
        .filter(import_run::options.eq(&options))
        .filter(import_run::state.eq_any([ImportState::Waiting, ImportState::Running]))
        .select(import_run::id)
        .first(tx.conn())
        .optional()?;
    let id = match there {
        Some(id) => id,
        None => diesel::insert_into(import_run::table)
            .values((
                import_run::format.eq(&new.source),
                import_run::file_name.eq(&new.file_name),
                import_run::file_hash.eq(&new.sha256[..]),
                import_run::started_at.eq(now),
                import_run::finished_at.eq(now),
                import_run::rows_read.eq(new.rows),
                import_run::added.eq(0),
                import_run::changed.eq(0),
                import_run::unchanged.eq(0),
                import_run::quarantined.eq(0),
                import_run::repaired.eq(0),
                import_run::state.eq(ImportState::Waiting),
                import_run::asked_by.eq(permit.actor().id()),
                import_run::options.eq(&options),
            ))
            .returning(import_run::id)
            .get_result(tx.conn())?,
    };
    let payload = json!({ "run": id }).to_string();
    jobs::enqueue(tx, IMPORT, &payload, now, Some(&format!("{IMPORT}/{id}")))?;
    let data = json!({ "source": new.source, "file_hash": hex(&new.sha256), "repeated": there.is_some() });
    ledger::append(tx, &Event::of(permit, "organisations.import_asked", format!("import_run/{id}"), data), id)
}

/// Takes in the file of an import that was asked for. None when it had ended before.
///
/// # Errors
/// When the file is refused, in which case nothing is written, or the database cannot be written.
pub fn import_asked(
    db: &Db,
    run: ImportRunId,
    file: InputFile,
    asked: &Asked,
    limit: u64,
) -> Result<Option<ImportReport>> {
    if !db.housekeep_now(Reach::nobodys(), move |tx| runs::mark_running(tx, run))? {
        return Ok(None);
    }
    let plan = plan(file, &asked.options(limit))?;
    let clock = Arc::clone(db.clock());
    db.write_now(Reach::nobodys(), move |tx| import(tx, &by_system()?, &plan, &*clock, Some(run))).map(Some)
}

/// Ends an import that was asked for and cannot be done; nothing of it was written.
///
/// # Errors
/// [`Error::Conflict`] when it had ended before.
pub fn refuse_import(db: &Db, run: ImportRunId, why: &str) -> Result<()> {
    let why = why.to_owned();
    db.write_now(Reach::nobodys(), move |tx| refuse(tx, &by_system()?, run, &why))
}

fn refuse(
    tx: &mut Tx<'_>,
    permit: &Permit<ImportOrganisations>,
    run: ImportRunId,
    why: &str,
) -> Result<Recorded<()>> {
    let now = tx.now();
    let ended = diesel::update(
        import_run::table
            .filter(import_run::id.eq(run))
            .filter(import_run::state.eq_any([ImportState::Waiting, ImportState::Running])),
    )
    .set((
        import_run::state.eq(ImportState::Refused),
        import_run::refusal.eq(Some(why)),
        import_run::finished_at.eq(now),
    ))
    .execute(tx.conn())?;
    if ended == 0 {
        return Err(Error::Conflict("this import has ended already".to_owned()));
    }
    let data = json!({ "reason_sha256": hex(&canonical::sha256(why.as_bytes())) });
    ledger::append(
        tx,
        &Event::of(permit, "organisations.import_refused", format!("import_run/{run}"), data),
        (),
    )
}

fn by_system() -> Result<Permit<ImportOrganisations>> {
    Permit::grant(&Actor::system(), Some(Subject::programme()))
}
