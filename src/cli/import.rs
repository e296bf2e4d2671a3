//! `portal import organisations` and `portal import register`: runs an import and prints its report; and the export of a
//! return.

mod command;
mod history;
mod mapping;
mod restore;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::organisations::{Format, ImportKind, ImportOptions, ImportReport, InputFile, import_file};
use crate::platform::clock::Day;
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};

pub(super) use command::{ImportCommand, import};
pub use history::history;
pub use restore::restore;

/// What the command line says about an import, as text.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ImportArguments {
    /// What kind of file it is; found from its columns when not given.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// The day the file speaks of (YYYY-MM-DD); taken from its name when not given.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// The edition of statuses that name none, such as 18/19.
    #[arg(long, value_name = "LABEL")]
    pub edition: Option<String>,
    /// Largest file accepted, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 200)]
    pub max_size: u64,
    /// Print the report as JSON.
    #[arg(long)]
    pub json: bool,
}

impl ImportArguments {
    /// The options these arguments mean.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the argument that cannot be read.
    pub fn options(&self) -> Result<ImportOptions> {
        let format = self.format.as_deref().map(str::parse::<Format>).transpose().map_err(|_| {
            let known: Vec<&str> = Format::ALL.iter().map(|f| f.as_str()).collect();
            Error::field("--format", format!("must be one of {}", known.join(", ")))
        })?;
        let as_of = self.as_of.as_deref().map(str::parse::<Day>).transpose();
        let as_of = as_of.map_err(|why| Error::field("--as-of", why))?;
        let mut options =
            ImportOptions { format, as_of, edition: self.edition.clone(), ..ImportOptions::default() };
        options.limits.file_bytes = self.max_size.saturating_mul(1024 * 1024);
        Ok(options)
    }
}

/// Imports a file of organisations: directory lists, the region lookup, successors.
///
/// # Errors
/// When the file is refused, in which case nothing is written, or the database cannot be written.
pub fn import_organisations(db: &Db, file: &Path, options: &ImportOptions) -> Result<ImportReport> {
    import_file(db, ImportKind::Organisations, input(file)?, options)
}

/// Imports a register: organisations with their published statuses.
///
/// # Errors
/// As [`import_organisations`].
pub fn import_register(db: &Db, file: &Path, options: &ImportOptions) -> Result<ImportReport> {
    import_file(db, ImportKind::Register, input(file)?, options)
}

fn input(path: &Path) -> Result<InputFile> {
    let about = std::fs::metadata(path)
        .map_err(|e| Error::Refused(format!("{} cannot be opened: {e}", path.display())))?;
    // A pipe cannot be read twice.
    if !about.is_file() {
        return Err(Error::Refused(format!("{} is not a file", path.display())));
    }
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let path = path.to_owned();
    Ok(InputFile::new(name, move || File::open(&path).map(|file| Box::new(file) as Box<dyn Read + Send>)))
}

/// Runs `portal import organisations FILE` and gives the text to print.
///
/// # Errors
/// When the file is refused or the database cannot be written.
pub fn organisations(db: &Db, file: &Path, arguments: &ImportArguments) -> Result<String> {
    printed(&import_organisations(db, file, &arguments.options()?)?, arguments.json)
}

/// Runs `portal import register FILE` and gives the text to print.
///
/// # Errors
/// As [`organisations`].
pub fn register(db: &Db, file: &Path, arguments: &ImportArguments) -> Result<String> {
    printed(&import_register(db, file, &arguments.options()?)?, arguments.json)
}

fn printed(report: &ImportReport, json: bool) -> Result<String> {
    if json {
        serde_json::to_string_pretty(report).map_err(|e| Error::internal("failed to print the report", e))
    } else {
        Ok(report.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_become_options_or_say_what_is_wrong() {
        let good = ImportArguments {
            format: Some("register-2019".to_owned()),
            as_of: Some("2019-06-17".to_owned()),
            max_size: 1,
            ..ImportArguments::default()
        };
        let options = good.options().unwrap();
        assert_eq!(options.format, Some(Format::Register2019));
        assert_eq!(options.limits.file_bytes, 1024 * 1024);
        let bad = ImportArguments { format: Some("xlsx".to_owned()), ..ImportArguments::default() };
        assert!(matches!(bad.options(), Err(Error::Invalid(fields)) if fields[0].field == "--format"));
        let bad = ImportArguments { as_of: Some("yesterday".to_owned()), ..ImportArguments::default() };
        assert!(matches!(bad.options(), Err(Error::Invalid(fields)) if fields[0].field == "--as-of"));
    }
}
