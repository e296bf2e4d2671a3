//! Runs of imports in the database: begun by the command line, or asked for in the browser and run as a job.

use diesel::prelude::*;

use super::Plan;
use super::asked::Asked;
use super::report::ImportReport;
use crate::organisations::store::{Page, Paged};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ImportRunId;
use crate::schema::{import_run, person};

crate::text_enum! {
    /// How far an import has got.
    ImportState {
        /// Asked for; no worker has taken it up.
        Waiting = "waiting", "Waiting to start";
        /// Being taken in.
        Running = "running", "Being taken in";
        /// Taken in.
        Done = "done", "Taken in";
        /// Not taken in; nothing was changed.
        Refused = "refused", "Refused";
    }
}

impl ImportState {
    /// Whether it is going to change by itself.
    #[must_use]
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }
}

/// One import in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRun {
    /// Its number.
    pub id: ImportRunId,
    /// Format and day of the file, such as `register@2022-09-09`.
    pub source: String,
    /// The file's name.
    pub file_name: String,
    /// When it was asked for, or begun.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Rows of the file; before it is taken in, as counted when it arrived.
    pub rows_read: i64,
    /// Rows that added an organisation.
    pub added: i64,
    /// Rows that changed something.
    pub changed: i64,
    /// Rows that said nothing new.
    pub unchanged: i64,
    /// Rows held back.
    pub quarantined: i64,
    /// How far it has got.
    pub state: ImportState,
    /// Who asked for it; none for the command line.
    pub asked_by: Option<String>,
    /// Why it was refused.
    pub refusal: Option<String>,
}

type Row = (
    (ImportRunId, String, String, Timestamp, Timestamp),
    (i64, i64, i64, i64, i64),
    (ImportState, Option<String>, Option<String>),
);

fn read((what, counts, how): Row) -> ImportRun {
    let (id, source, file_name, started_at, finished_at) = what;
    let (rows_read, added, changed, unchanged, quarantined) = counts;
    let (state, refusal, asked_by) = how;
    ImportRun {
        id,
        source,
        file_name,
        started_at,
        finished_at,
        rows_read,
        added,
        changed,
        unchanged,
        quarantined,
        state,
        asked_by,
        refusal,
    }
}

/// The columns of [`Row`], of the runs with those who asked for them.
macro_rules! rows {
    () => {
        import_run::table.left_join(person::table.on(person::id.nullable().eq(import_run::asked_by))).select(
            (
                (
                    import_run::id,
                    import_run::format,
                    import_run::file_name,
                    import_run::started_at,
                    import_run::finished_at,
                ),
                (
                    import_run::rows_read,
                    import_run::added,
                    import_run::changed,
                    import_run::unchanged,
                    import_run::quarantined,
                ),
                (import_run::state, import_run::refusal, person::name.nullable()),
            ),
        )
    };
}

/// Every import, newest first, a page at a time.
///
/// # Errors
/// When the database cannot be read.
pub fn import_runs(conn: &mut Conn, page: Page) -> Result<Paged<ImportRun>> {
    let total: i64 = import_run::table.count().get_result(conn)?;
    let found: Vec<Row> =
        rows!().order(import_run::id.desc()).limit(page.limit()).offset(page.offset()).load(conn)?;
    Ok(Paged { items: found.into_iter().map(read).collect(), total, page })
}

/// One import with its report, once it has one.
///
/// # Errors
/// [`Error::NotFound`] when there is no such import.
pub fn import_run(conn: &mut Conn, id: ImportRunId) -> Result<(ImportRun, Option<ImportReport>)> {
    let found: Row = rows!().filter(import_run::id.eq(id)).first(conn)?;
    let report: String =
        import_run::table.filter(import_run::id.eq(id)).select(import_run::report).first(conn)?;
    let report = (!report.is_empty())
        .then(|| serde_json::from_str(&report))
        .transpose()
        .map_err(|e| Error::internal("failed to read the report of an import", e))?;
    Ok((read(found), report))
}

/// What a worker needs to know of an import that was asked for.
#[derive(Debug, Clone)]
pub struct AskedRun {
    /// How far it has got.
    pub state: ImportState,
    /// The file's name.
    pub file_name: String,
    /// The file's hash, by which its content is kept.
    pub file_hash: Vec<u8>,
    /// What was asked for.
    pub asked: Asked,
}

/// The import that a job names.
///
/// # Errors
/// [`Error::NotFound`] when there is no such import.
pub fn asked_run(conn: &mut Conn, id: ImportRunId) -> Result<AskedRun> {
    let (state, file_name, file_hash, options): (ImportState, String, Vec<u8>, String) = import_run::table
        .filter(import_run::id.eq(id))
        .select((import_run::state, import_run::file_name, import_run::file_hash, import_run::options))
        .first(conn)?;
    let asked = serde_json::from_str(&options)
        .map_err(|e| Error::internal("failed to read what an import was asked for with", e))?;
    Ok(AskedRun { state, file_name, file_hash, asked })
}

/// The run that the command line begins.
pub(super) fn begin(tx: &mut Tx<'_>, plan: &Plan) -> Result<ImportRunId> {
    let now = tx.now();
    Ok(diesel::insert_into(import_run::table)
        .values((
            import_run::format.eq(plan.source.to_string()),
            import_run::file_name.eq(plan.file.name().chars().take(200).collect::<String>()),
            import_run::file_hash.eq(&plan.survey.hash[..]),
            import_run::started_at.eq(now),
            import_run::finished_at.eq(now),
            import_run::rows_read.eq(0),
            import_run::added.eq(0),
            import_run::changed.eq(0),
            import_run::unchanged.eq(0),
            import_run::quarantined.eq(0),
            import_run::repaired.eq(0),
        ))
        .returning(import_run::id)
        .get_result(tx.conn())?)
}

/// Makes a run that was asked for the run of this transaction. Another worker that took the same job over finds
/// nothing left to do.
pub(super) fn take_up(conn: &mut Conn, run: ImportRunId, plan: &Plan) -> Result<()> {
    let taken = diesel::update(
        import_run::table
            .filter(import_run::id.eq(run))
            .filter(import_run::file_hash.eq(&plan.survey.hash[..]))
            .filter(import_run::state.eq(ImportState::Running)),
    )
    .set(import_run::format.eq(plan.source.to_string()))
    .execute(conn)?;
    if taken == 1 { Ok(()) } else { Err(Error::Conflict("this import has ended already".to_owned())) }
}

/// Notes that a worker has taken a run up; false when it has ended already.
pub(super) fn mark_running(tx: &mut Tx<'_>, run: ImportRunId) -> Result<bool> {
    let now = tx.now();
    let marked = diesel::update(
        import_run::table
            .filter(import_run::id.eq(run))
            .filter(import_run::state.eq_any([ImportState::Waiting, ImportState::Running])),
    )
    .set((
        import_run::state.eq(ImportState::Running),
        import_run::started_at.eq(now),
        import_run::finished_at.eq(now),
    ))
    .execute(tx.conn())?;
    Ok(marked == 1)
}

pub(super) fn finish(
    conn: &mut Conn,
    run: ImportRunId,
    report: &ImportReport,
    finished: Timestamp,
) -> Result<()> {
    let text = serde_json::to_string(report)
        .map_err(|e| Error::internal("failed to keep the report of an import", e))?;
    diesel::update(import_run::table.filter(import_run::id.eq(run)))
        .set((
            import_run::finished_at.eq(finished),
            import_run::rows_read.eq(report.rows_read),
            import_run::added.eq(report.added),
            import_run::changed.eq(report.changed),
            import_run::unchanged.eq(report.unchanged),
            import_run::quarantined.eq(report.quarantined),
            import_run::repaired.eq(report.repaired),
            import_run::state.eq(ImportState::Done),
            import_run::report.eq(text),
        ))
        .execute(conn)?;
    Ok(())
}
