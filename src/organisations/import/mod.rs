//! Importing organisation and register files: streamed, in one transaction, with nothing lost and nothing changed by
//! a second import of the same file.

mod apply;
mod asked;
mod batch;
mod file;
mod kept;
mod known;
mod layout;
mod links;
mod reading;
mod report;
mod runs;
mod single;

use std::sync::Arc;

use diesel::prelude::*;
use serde_json::json;

use self::apply::{Applier, Outcome};
use self::file::{Rows, Survey};
use self::kept::Keeper;
use self::known::Register;
use self::layout::{Layout, Source};
use self::reading::Reader;
use super::labels::{self, Labels};
use crate::access::{Actor, ImportOrganisations, Permit, Subject};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical;
use crate::platform::clock::{Clock, Day};
use crate::platform::db::{Conn, Db, Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ImportRunId;

pub use self::asked::{Asked, NewImport, ask_import, import_asked, look_through, refuse_import};
pub use self::file::{InputFile, Limits};
pub use self::layout::Format;
pub(crate) use self::links::CORRECTION;
pub use self::report::{Damage, Done, ImportReport};
pub use self::runs::{ImportRun, ImportState, asked_run, import_run, import_runs};
pub(crate) use self::single::apply_corrected;
pub use self::single::{KeptCell, cells_of};

/// How a file is to be read. The default finds out everything from the file and its name.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Its format; found from its columns when absent.
    pub format: Option<Format>,
    /// The day it speaks of; taken from its name when absent.
    pub as_of: Option<Day>,
    /// The edition of statuses that name none, such as `18/19`; from the shipped table when absent.
    pub edition: Option<String>,
    /// How large it may be.
    pub limits: Limits,
}

/// A file that has been looked through and is ready to be imported.
struct Plan {
    file: InputFile,
    survey: Survey,
    layout: Layout,
    source: Source,
    edition: Option<String>,
    limits: Limits,
}

/// Which of the two kinds of import is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// Organisations: directory lists, the region lookup, successors.
    Organisations,
    /// Registers: organisations with their published statuses.
    Register,
}

/// Imports a file in one transaction, as the system. Called on a thread that may wait.
///
/// # Errors
/// When the file is refused, in which case nothing is written, or the database cannot be written.
pub fn import_file(
    db: &Db,
    kind: ImportKind,
    file: InputFile,
    options: &ImportOptions,
) -> Result<ImportReport> {
    let plan = plan(file, options)?;
    check_kind(&plan, kind)?;
    let clock = Arc::clone(db.clock());
    db.write_now(Reach::nobodys(), move |tx| {
        let permit = Permit::grant(&Actor::system(), Some(Subject::programme()))?;
        import(tx, &permit, &plan, &*clock, None)
    })
}

/// Looks the whole file through, so that what must be refused is refused before anything is written.
fn plan(file: InputFile, options: &ImportOptions) -> Result<Plan> {
    let survey = file::survey(&file, options.limits)?;
    let layout = Layout::detect(&survey.first, &survey.second, options.format)?;
    let as_of = options.as_of.or_else(|| layout::day_in_name(file.name())).ok_or_else(|| {
        Error::Refused(format!(
            "{} does not say which day it speaks of: put the date in its name (such as register-2022-09-09.csv) \
             or give it with --as-of",
            file.name()
        ))
    })?;
    let source = Source { format: layout.format, as_of };
    Ok(Plan { file, survey, layout, source, edition: options.edition.clone(), limits: options.limits })
}

fn check_kind(plan: &Plan, kind: ImportKind) -> Result<()> {
    let (is, command) = match (kind, plan.layout.format.is_register()) {
        (ImportKind::Organisations, true) => ("a register", "register"),
        (ImportKind::Register, false) => ("not a register", "organisations"),
        _ => return Ok(()),
    };
    Err(Error::Refused(format!(
        "{} is {is} (its format is {}): use portal import {command}",
        plan.file.name(),
        plan.layout.format
    )))
}

/// The verb: reads the planned file again and applies it row by row. `asked` is the run that somebody asked for and
/// that is under way; without one a new run begins.
fn import(
    tx: &mut Tx<'_>,
    permit: &Permit<ImportOrganisations>,
    plan: &Plan,
    clock: &dyn Clock,
    asked: Option<ImportRunId>,
) -> Result<Recorded<ImportReport>> {
    let started = clock.now();
    one_at_a_time(tx.conn())?;
    labels::seed(tx.conn())?;
    let labels = labels::load(tx.conn())?;
    let run = match asked {
        Some(run) => {
            runs::take_up(tx.conn(), run, plan)?;
            run
        }
        None => runs::begin(tx, plan)?,
    };
    let register = Register::load(tx.conn(), plan.source, None)?;
    let mut report = apply_rows(tx, plan, &labels, register, run)?;
    links::link(tx.conn())?;
    let finished = clock.now();
    #[expect(clippy::cast_precision_loss, reason = "a duration for people; far below 2^52 microseconds")]
    let seconds = (finished.micros() - started.micros()) as f64 / 1_000_000.0;
    report.seconds = seconds;
    runs::finish(tx.conn(), run, &report, finished)?;
    let event = Event::of(
        permit,
        "organisations.imported",
        format!("import_run/{run}"),
        json!({
            "source": plan.source.to_string(),
            "file_hash": report.file_hash,
            "rows_read": report.rows_read,
            "added": report.added,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "quarantined": report.quarantined,
            "repaired": report.repaired,
            "corrected": report.corrected(),
        }),
    );
    ledger::append(tx, &event, report)
}

/// Two imports at once would both add the same organisation. SQLite has one writer anyway.
pub(crate) fn one_at_a_time(conn: &mut Conn) -> Result<()> {
    if let Conn::Postgres(pg) = conn {
        diesel::sql_query("LOCK TABLE organisation IN SHARE ROW EXCLUSIVE MODE").execute(pg)?;
    }
    Ok(())
}

fn apply_rows(
    tx: &mut Tx<'_>,
    plan: &Plan,
    labels: &Labels,
    register: Register,
    run: ImportRunId,
) -> Result<ImportReport> {
    let reader = Reader::new(&plan.layout, labels, plan.source, plan.edition.as_deref());
    let mut report = blank_report(plan);
    let mut keeper = Keeper::new(run, plan.source, plan.layout.names(), plan.edition.as_deref());
    let mut applier = Applier::new(tx, plan.source, register);
    let mut rows = Rows::open(&plan.file, plan.limits)?;
    if !plan.layout.format.is_headerless() {
        rows.next_row()?;
    }
    while let Some(row) = rows.next_row()? {
        report.rows_read += 1;
        let mut reading = reader.read(&row);
        let mut notes = std::mem::take(&mut reading.notes);
        let mut faults = std::mem::take(&mut reading.faults);
        if faults.is_empty() {
            match applier.take(row.number, reading)? {
                Ok(outcome) => {
                    match outcome {
                        Outcome::Added => report.added += 1,
                        Outcome::Changed => report.changed += 1,
                        Outcome::Unchanged => report.unchanged += 1,
                    }
                    notes.extend(applier.contradictions());
                    Keeper::corrected(&row, &applier.corrected(), &mut report);
                    keeper.note(&mut applier, &row, notes, &mut report)?;
                    continue;
                }
                Err(fault) => faults.push(fault),
            }
        }
        keeper.hold(&mut applier, &row, faults, &notes, &mut report)?;
        if report.quarantined > plan.limits.held_rows {
            return Err(too_damaged(&report));
        }
    }
    applier.flush()?;
    keeper.flush(applier.tx().conn())?;
    if rows.hash() != plan.survey.hash {
        return Err(Error::Refused("the file changed while it was read; nothing was imported".to_owned()));
    }
    Ok(report)
}

fn too_damaged(report: &ImportReport) -> Error {
    let first = report.damage.iter().find(|d| d.done == Done::Quarantined);
    let example = first.map(|d| format!("; row {}, {}: {}", d.row, d.column, d.reason)).unwrap_or_default();
    Error::Unsupported(format!(
        "more than {} rows would have to be held back, so nothing was imported{example}",
        report.quarantined - 1
    ))
}

fn blank_report(plan: &Plan) -> ImportReport {
    ImportReport {
        file: plan.file.name().to_owned(),
        file_hash: canonical::hex(&plan.survey.hash),
        format: plan.layout.format,
        as_of: plan.source.as_of,
        rows_read: 0,
        added: 0,
        changed: 0,
        unchanged: 0,
        quarantined: 0,
        repaired: 0,
        settled: 0,
        unused_columns: plan.layout.unused(),
        damage: Vec::new(),
        seconds: 0.0,
    }
}
