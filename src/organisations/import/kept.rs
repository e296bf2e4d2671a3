//! Damaged rows on their way into the quarantine: held back whole, or taken with a note; never lost, never twice.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::apply::Applier;
use super::batch::{self, DamagedRow};
use super::file::RawRow;
use super::layout::Source;
use super::reading::Note;
use super::report::{Damage, Done, ImportReport};
use crate::organisations::model::QuarantineState;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ImportRunId;

/// How many wait to be written together.
const BATCH: usize = 500;

/// A row as read, in the form it is kept in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Raw {
    /// Column and text, in the order of the file.
    pub(crate) cells: Vec<(String, String)>,
    /// The edition the import was given for statuses that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) edition: Option<String>,
}

/// Gathers damaged rows of one import.
pub(crate) struct Keeper<'a> {
    run: ImportRunId,
    source: String,
    names: &'a [String],
    edition: Option<&'a str>,
    waiting: Vec<DamagedRow>,
}

impl<'a> Keeper<'a> {
    pub(crate) fn new(
        run: ImportRunId,
        source: Source,
        names: &'a [String],
        edition: Option<&'a str>,
    ) -> Self {
        Self { run, source: source.to_string(), names, edition, waiting: Vec::new() }
    }

    /// Tells what of a row that was taken met an accepted correction. Nothing of it is damaged, so nothing is kept.
    pub(crate) fn corrected(row: &RawRow, notes: &[Note], report: &mut ImportReport) {
        for note in notes {
            report.tell(damage(row, note, Done::Corrected));
        }
    }

    /// Keeps what was noted about a row that was taken.
    pub(crate) fn note(
        &mut self,
        applier: &mut Applier<'_, '_>,
        row: &RawRow,
        notes: Vec<Note>,
        report: &mut ImportReport,
    ) -> Result<()> {
        if notes.is_empty() {
            return Ok(());
        }
        report.repaired += 1;
        let hash = hash(Done::Noted, &row.cells);
        for note in by_column(notes) {
            report.tell(damage(row, &note, Done::Noted));
            self.keep(applier, row, hash.clone(), note, QuarantineState::Noted)?;
        }
        Ok(())
    }

    /// Holds a row back, unless somebody settled it after an earlier import of the same file.
    pub(crate) fn hold(
        &mut self,
        applier: &mut Applier<'_, '_>,
        row: &RawRow,
        faults: Vec<Note>,
        notes: &[Note],
        report: &mut ImportReport,
    ) -> Result<()> {
        let mut faults = faults.into_iter();
        let mut first = faults.next().ok_or_else(|| Error::broken("a row is held back for no reason"))?;
        for other in faults.chain(notes.iter().cloned()) {
            first.reason = format!("{}; {}: {}", first.reason, other.column, other.reason);
        }
        let hash = hash(Done::Quarantined, &row.cells);
        let key = (hash.clone(), first.column.clone());
        let before = applier.register().damage.get(&key).copied();
        if matches!(before, Some(QuarantineState::Resolved | QuarantineState::Dismissed)) {
            report.settled += 1;
            report.unchanged += 1;
            return Ok(());
        }
        report.quarantined += 1;
        report.tell(damage(row, &first, Done::Quarantined));
        self.keep(applier, row, hash, first, QuarantineState::Open)
    }

    /// Writes what is waiting.
    pub(crate) fn flush(&mut self, conn: &mut Conn) -> Result<()> {
        batch::write_damage(conn, &std::mem::take(&mut self.waiting))
    }

    fn keep(
        &mut self,
        applier: &mut Applier<'_, '_>,
        row: &RawRow,
        row_hash: Vec<u8>,
        note: Note,
        state: QuarantineState,
    ) -> Result<()> {
        let key = (row_hash.clone(), note.column.clone());
        if applier.register().damage.insert(key, state).is_some() {
            return Ok(());
        }
        self.waiting.push(DamagedRow {
            import_run_id: self.run,
            format: self.source.clone(),
            row_hash,
            row_number: row.number,
            column_name: note.column,
            reason: note.reason,
            action: note.action,
            raw: self.raw(&row.cells)?,
            state,
        });
        if self.waiting.len() >= BATCH { self.flush(applier.tx().conn()) } else { Ok(()) }
    }

    fn raw(&self, cells: &[String]) -> Result<String> {
        let cells = cells
            .iter()
            .enumerate()
            .map(|(i, cell)| {
                let name = self.names.get(i).cloned().unwrap_or_else(|| format!("extra {}", i + 1));
                (name, cell.clone())
            })
            .collect();
        let raw = Raw { cells, edition: self.edition.map(str::to_owned) };
        serde_json::to_string(&raw).map_err(|e| Error::internal("failed to keep a damaged row", e))
    }
}

/// One note for each column, since the quarantine keeps one.
fn by_column(notes: Vec<Note>) -> Vec<Note> {
    let mut joined: Vec<Note> = Vec::with_capacity(notes.len());
    for note in notes {
        match joined.iter_mut().find(|held| held.column == note.column) {
            Some(held) => {
                held.reason = format!("{}; {}", held.reason, note.reason);
                if held.action != note.action {
                    held.action = format!("{}; {}", held.action, note.action);
                }
            }
            None => joined.push(note),
        }
    }
    joined
}

fn damage(row: &RawRow, note: &Note, done: Done) -> Damage {
    Damage {
        row: row.number,
        column: note.column.clone(),
        reason: note.reason.clone(),
        done,
        action: note.action.clone(),
    }
}

/// One hash for one row's text and fate: the same row may be noted once and, met again, held back as a duplicate.
fn hash(done: Done, cells: &[String]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(done.as_str());
    for cell in cells {
        hash.update((cell.len() as u64).to_be_bytes());
        hash.update(cell);
    }
    hash.finalize().to_vec()
}
