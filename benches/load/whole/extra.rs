//! What is measured once: the machine's limits in durable commits, and the import of a real register.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::program::Program;
use crate::driver::Result;
use crate::driver::fsync::Counter;
use crate::driver::process::Process;

/// How many durable commits a bare writer makes for so many clients.
#[derive(Debug, Clone)]
pub struct Limit {
    /// Clients that each wait for their save.
    pub clients: usize,
    /// Saves a second.
    pub rate: f64,
    /// Fsyncs for each.
    pub fsyncs: f64,
}

/// An import of a register into an empty database.
#[derive(Debug, Clone)]
pub struct Import {
    /// Rows that the report counts.
    pub rows: u64,
    /// Seconds of the import by its own report.
    pub seconds: f64,
    /// Seconds of the whole command, migration and start included.
    pub command: f64,
}

/// Bare durable commits in `folder`.
pub fn limits(folder: &Path, time: Duration) -> Result<Vec<Limit>> {
    let folder = tempfile::tempdir_in(folder)?;
    let counter = Counter::build(folder.path())?;
    [1, 16, 64].into_iter().map(|clients| limit(folder.path(), &counter, clients, time)).collect()
}

/// Bare durable commits for so many clients.
pub fn limit(folder: &Path, counter: &Counter, clients: usize, time: Duration) -> Result<Limit> {
    let place = folder.join(format!("bare-for-{clients}"));
    std::fs::create_dir_all(&place)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args([
        "commit-bare",
        &place.to_string_lossy(),
        &clients.to_string(),
        &time.as_secs().to_string(),
    ]);
    counter.attach(&mut command);
    let before = counter.count()?;
    let (_, printed, _) = Process::start(&mut command, "done: ")?;
    let (saves, seconds) = printed.split_once(' ').ok_or("the commits were not counted")?;
    let (saves, seconds): (u64, f64) = (saves.parse()?, seconds.parse()?);
    let fsyncs = (counter.count()? - before) as f64 / saves as f64;
    std::fs::remove_dir_all(&place)?;
    Ok(Limit { clients, rate: saves as f64 / seconds, fsyncs })
}

/// The import of a register file on SQLite.
pub fn import(folder: &Path, file: &Path) -> Result<Import> {
    let place = folder.join("import");
    std::fs::create_dir_all(&place)?;
    let program = Program::new(&format!("sqlite://{}", place.join("portal.sqlite").display()), &place);
    program.run(&["migrate"])?;
    let (report, took) = program.run(&["import", "register", "--json", &file.to_string_lossy()])?;
    let report: serde_json::Value = serde_json::from_str(&report)?;
    let rows = report.get("rows_read").or_else(|| report.get("rows")).and_then(serde_json::Value::as_u64);
    let seconds = report.get("seconds").and_then(serde_json::Value::as_f64);
    Ok(Import {
        rows: rows.ok_or_else(|| format!("no rows in {report}"))?,
        seconds: seconds.ok_or_else(|| format!("no seconds in {report}"))?,
        command: took.as_secs_f64(),
    })
}
