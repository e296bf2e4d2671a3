//! `portal import`: which file of which kind, and the import of a standard.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::mapping::mapping;
use super::{ImportArguments, history, organisations, register, restore};
use crate::access::{Actor, ImportEditionBySystem, Permit, Subject};
use crate::cli::say::say;
use crate::platform::clock::SystemClock;
use crate::platform::config::Config;
use crate::platform::db::{self, Db, Reach};
use crate::platform::error::{Error, FieldError, Result};
use crate::standards::formats::{FileFormat, MAX_FILE_BYTES, Names, read};
use crate::standards::{EditionKey, StandardKey, import_edition};

/// Arguments of `portal import`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ImportCommand {
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
    /// Registers of earlier years, each published as a release with its own date, labels and sectors.
    History {
        /// The files, or a folder of them. Each has its day in its name, such as register-2022-09-09.csv.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Who answers for the figures.
        #[arg(long, default_value = "The programme\u{2019}s lead statistician")]
        lead_statistician: String,
    },
    /// The export of a return (JSON), into a return of the same organisation and edition that holds nothing yet.
    Return {
        /// The file.
        file: PathBuf,
        /// The organisation's code.
        #[arg(long, value_name = "CODE")]
        organisation: String,
        /// The collection's key, such as 2026. The organisation must have started its return in it.
        #[arg(long, value_name = "KEY")]
        collection: String,
    },
    /// A mapping between two editions, as CSV; the file names them.
    Mapping {
        /// The file.
        file: PathBuf,
        /// Put it in force: returns that are started from then on follow it.
        #[arg(long)]
        in_force: bool,
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
pub(in crate::cli) fn import(config: &Config, command: &ImportCommand) -> Result<()> {
    let target = config.target().map_err(Error::broken)?;
    db::migrate(&target)?;
    let database = Db::open(&target, 2, Arc::new(SystemClock))?;
    let report = match &command.what {
        What::Organisations { file, arguments } => organisations(&database, file, arguments)?,
        What::Register { file, arguments } => register(&database, file, arguments)?,
        What::History { files, lead_statistician } => history(&database, files, lead_statistician)?,
        What::Mapping { file, in_force } => mapping(&database, file, *in_force)?,
        What::Standard { file, arguments } => standard(&database, file, arguments)?,
        What::Return { file, organisation, collection } => {
            restore(&database, file, organisation, collection)?
        }
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
    database.write_now(Reach::nobodys(), move |tx| {
        let permit = Permit::<ImportEditionBySystem>::grant(&Actor::system(), Some(Subject::programme()))?;
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

pub(super) fn unreadable(file: &Path, cause: &std::io::Error) -> Error {
    Error::field("FILE", format!("{} cannot be read: {cause}", file.display()))
}
