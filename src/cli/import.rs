//! `portal import organisations|register|standard FILE`: runs an import and prints its report.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::say::say;
use crate::access::{Actor, ImportEditionBySystem, Permit, Subject};

use crate::organisations::{Format, ImportOptions, ImportReport, import_organisations, import_register};
use crate::platform::clock::{Day, SystemClock};
use crate::platform::config::Config;
use crate::platform::db::{self, Db};
use crate::platform::error::{Error, FieldError, Result};
use crate::standards::formats::{FileFormat, MAX_FILE_BYTES, Names, read};
use crate::standards::{EditionKey, StandardKey, import_edition};

/// Arguments of `portal import`.
#[derive(Debug, Args)]
pub(super) struct ImportCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Organisations: the trust file, the head office file or the region look-up of the directory service.
    Organisations {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        arguments: ImportArguments,
    },
    /// A national register of published statuses.
    Register {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        arguments: ImportArguments,
    },
    /// An edition of a standard: our own TOML or JSON, the assessment framework's YAML, or an OSCAL catalog.
    Standard {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        arguments: StandardArguments,
    },
}

/// What the command line says about a standard.
#[derive(Debug, Args)]
struct StandardArguments {
    /// toml, json, caf-yaml or oscal; found from the file's name and content when not given.
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// The standard's key, for formats that carry none.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// The edition's key, for formats that carry none.
    #[arg(long, value_name = "KEY")]
    edition: Option<String>,
    /// The edition's label, for formats that carry none, such as 2026/27.
    #[arg(long, value_name = "LABEL")]
    label: Option<String>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs `portal import`.
pub(super) fn import(config: &Config, command: &ImportCommand) -> Result<()> {
    let target = config.target().map_err(Error::broken)?;
    db::migrate(&target)?;
    let database = Db::open(&target, 2, Arc::new(SystemClock))?;
    let report = match &command.what {
        What::Organisations { file, arguments } => organisations(&database, file, arguments)?,
        What::Register { file, arguments } => register(&database, file, arguments)?,
        What::Standard { file, arguments } => standard(&database, file, arguments)?,
    };
    say(report.trim_end());
    Ok(())
}

/// Imports an edition and gives the text to print.
fn standard(database: &Db, file: &Path, arguments: &StandardArguments) -> Result<String> {
    let size = std::fs::metadata(file).map_err(|e| unreadable(file, &e))?.len();
    if size > MAX_FILE_BYTES as u64 {
        return Err(Error::TooLarge(format!(
            "{} is larger than {} MiB",
            file.display(),
            MAX_FILE_BYTES >> 20
        )));
    }
    let bytes = std::fs::read(file).map_err(|e| unreadable(file, &e))?;
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let unknown = || Error::field("--format", "must be one of toml, json, caf-yaml, oscal");
    let format = match &arguments.format {
        Some(word) => FileFormat::parse(word),
        None => FileFormat::detect(&name, &bytes),
    }
    .ok_or_else(unknown)?;
    let wrong = |field: &str| {
        let field = field.to_owned();
        move |e: crate::standards::KeyError| Error::field(field, e.to_string())
    };
    let names = Names {
        standard: arguments.key.as_deref().map(StandardKey::new).transpose().map_err(wrong("--key"))?,
        edition: arguments.edition.as_deref().map(EditionKey::new).transpose().map_err(wrong("--edition"))?,
        label: arguments.label.clone(),
        rule_set: None,
    };
    let imported = read(format, &name, &bytes, &names).map_err(|problems| {
        Error::Invalid(
            problems.into_iter().map(|p| FieldError { field: p.place.clone(), message: p.message }).collect(),
        )
    })?;
    let edition = imported.edition;
    let told = serde_json::json!({
        "standard": edition.standard_key().as_str(),
        "edition": edition.key().as_str(),
        "label": edition.label(),
        "scheme": edition.scheme().kind().as_str(),
        "sections": edition.sections().len(),
        "requirements": edition.requirements().len(),
        "hash": edition.hash().to_hex(),
        "notes": imported.notes,
    });
    database.write_now(move |tx| {
        let subject = Subject { kind: "programme", id: 0, organisation: None, state: "" };
        let permit = Permit::<ImportEditionBySystem>::grant(&Actor::system(), Some(subject))?;
        import_edition(tx, &permit, &edition)
    })?;
    if arguments.json {
        return serde_json::to_string_pretty(&told)
            .map_err(|e| Error::internal("failed to print the report", e));
    }
    let text = |field: &str| told.get(field).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
    let mut lines = vec![format!(
        "Edition {} of {}: {} sections, {} requirements.",
        text("edition").unwrap_or_default(),
        text("standard").unwrap_or_default(),
        text("sections").unwrap_or_default(),
        text("requirements").unwrap_or_default(),
    )];
    lines.extend(
        told.get("notes").and_then(|n| n.as_array()).into_iter().flatten().map(|n| format!("Note: {n}")),
    );
    Ok(lines.join("\n"))
}

fn unreadable(file: &Path, cause: &std::io::Error) -> Error {
    Error::field("FILE", format!("{} cannot be read: {cause}", file.display()))
}

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
