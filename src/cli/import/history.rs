//! `portal import history`: registers of earlier years become organisations' history and releases of their own days, so
//! that results over the years rest on what was published then.

use std::path::{Path, PathBuf};

use super::command::unreadable;
use super::import_register;
use crate::cli::publish::publish_unless_same;
use crate::organisations::{ImportOptions, ImportReport};
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};
use crate::platform::pages::words::number;
use crate::publication::{ReleaseRequest, Source};

/// Imports every register first, so that each release can be compared with the one before it, then publishes them in the
/// order of their days. Doing it again changes nothing.
///
/// # Errors
/// When a file is refused or a release cannot be made; what was done before stays done.
pub fn history(db: &Db, paths: &[PathBuf], lead_statistician: &str) -> Result<String> {
    let mut lines = Vec::new();
    let mut reports: Vec<ImportReport> = Vec::new();
    for file in files(paths)? {
        let report = import_register(db, &file, &ImportOptions::default())?;
        let signed = |count: i64| number(count.into());
        lines.push(format!(
            "{}: {} rows, {} held back.",
            report.file,
            signed(report.rows_read),
            signed(report.quarantined)
        ));
        reports.push(report);
    }
    reports.sort_by_key(|report| report.as_of);
    for report in reports {
        let request = ReleaseRequest {
            source: Source::Register(format!("{}@{}", report.format, report.as_of)),
            title: None,
            lead_statistician: lead_statistician.to_owned(),
            contact: String::new(),
            edition: None,
        };
        let (key, is_new) = publish_unless_same(db, request)?;
        let what = if is_new { "Published" } else { "Unchanged" };
        lines.push(format!("{what}: /public/releases/{key}"));
    }
    Ok(lines.join("\n"))
}

/// The files named, and every CSV file of the folders named, each once.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let listed = std::fs::read_dir(path).map_err(|e| unreadable(path, &e))?;
            for entry in listed {
                let file = entry.map_err(|e| unreadable(path, &e))?.path();
                if is_csv(&file) {
                    found.push(file);
                }
            }
        } else {
            found.push(path.clone());
        }
    }
    found.sort();
    found.dedup();
    if found.is_empty() {
        return Err(Error::field("FILE", "There is no CSV file in this folder"));
    }
    Ok(found)
}

fn is_csv(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
}
