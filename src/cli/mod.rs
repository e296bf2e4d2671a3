//! The command line: one file per subcommand, plain words on standard output, trouble on standard error.

mod backup;
mod check;
mod demo;
mod export_site;
pub mod import;
mod migrate;
mod publish;
mod say;
pub mod score;
mod serve;
mod standby;
mod user;
mod verify;
mod verify_bundle;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::platform::clock::{Clock as _, SystemClock};
use crate::platform::config::Config;
use crate::platform::error::{Error, Result};
use crate::platform::logs;

pub use serve::{Listening, listen};

/// National data security programme assurance portal.
///
/// Organisations file annual returns, a central team reviews and scores them, and aggregated reports are published.
/// Settings come from config/default.toml (built in), a file named by PORTAL_CONFIG, and variables such as
/// PORTAL_DATABASE__URL.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer requests (and do background work, unless jobs.in_server is off). The default.
    Serve,
    /// Do background work only: mail, schedule, ledger.
    Worker,
    /// Bring the database up to this version.
    Migrate,
    /// Check the settings and everything they name, and list every problem at once.
    Check,
    /// Make a fictional nation in an embedded database and serve it, with one-click sign-in.
    Demo(demo::DemoArguments),
    /// Import organisations, a national register or an edition of a standard from a file.
    Import(import::ImportCommand),
    /// Score a file of answers against a standard file and print the explanation; needs no database.
    Score(ScoreArguments),
    /// Copy the database, the evidence and the keys into a folder, with a list of hashes.
    Backup(backup::BackupArguments),
    /// Manage people: add, give roles.
    User(user::UserArguments),
    /// Prepare and publish a release from a collection or an imported register.
    Publish(publish::PublishArguments),
    /// Write the whole public site as files for any server of files, byte for byte what is served.
    ExportSite(export_site::ExportArguments),
    /// Recompute the ledger, every stored score and every hash of a submission or file, or check a release bundle without a
    /// database; exit 1 where anything differs.
    Verify(verify::VerifyArguments),
}

/// Runs what the command line asks for.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let command = arguments.command.unwrap_or(Command::Serve);
    logs::start(false);
    let outcome = match command {
        Command::Serve => with_config(|config| serve::serve(&config, false)),
        Command::Worker => with_config(worker::worker),
        Command::Migrate => with_config(|config| migrate::migrate(&config)),
        Command::Check => return check::check(),
        Command::Demo(arguments) => demo::demo(&arguments),
        Command::Import(command) => with_config(|config| import::import(&config, &command)),
        Command::Score(arguments) => return run_score(&arguments),
        Command::Backup(arguments) => with_config(|config| backup::backup(&config, &arguments)),
        Command::User(arguments) => with_config(|config| user::user(&config, &arguments)),
        Command::Publish(arguments) => with_config(|config| publish::publish(&config, &arguments)),
        Command::ExportSite(arguments) => with_config(|config| export_site::export_site(config, &arguments)),
        Command::Verify(arguments) => return finish_with(verify::verify(&arguments)),
    };
    finish_with(outcome.map(|()| ExitCode::SUCCESS))
}

/// Arguments of `portal score`.
#[derive(Debug, clap::Args)]
struct ScoreArguments {
    /// The standard: our TOML or JSON, the assessment framework's YAML, or an OSCAL catalog.
    standard: std::path::PathBuf,
    /// The answers, as docs/formats/answers.md describes.
    answers: std::path::PathBuf,
    /// The profile to score against, instead of the one the answers name.
    #[arg(long)]
    profile: Option<String>,
    /// The kind of organisation, such as nhs_trust, instead of the one the answers name.
    #[arg(long)]
    kind: Option<String>,
    /// The standard's format, when its name and content do not tell.
    #[arg(long)]
    format: Option<String>,
}

fn run_score(arguments: &ScoreArguments) -> ExitCode {
    let today = SystemClock.now().london_day().date();
    let scored = score::score(
        &arguments.standard,
        &arguments.answers,
        arguments.profile.as_deref(),
        arguments.kind.as_deref(),
        arguments.format.as_deref(),
        today,
    );
    match scored {
        Ok(text) => {
            say::say(&text);
            ExitCode::SUCCESS
        }
        Err(why) => {
            say::trouble(&why);
            ExitCode::FAILURE
        }
    }
}

fn finish_with(outcome: Result<ExitCode>) -> ExitCode {
    match outcome {
        Ok(code) => code,
        Err(error) => {
            say::trouble(&told(&error));
            ExitCode::FAILURE
        }
    }
}

/// What a person at a terminal reads of an error: causes belong here, unlike on pages.
fn told(error: &Error) -> String {
    match error {
        Error::Invalid(list) => {
            list.iter().map(|e| format!("{}: {}", e.field, e.message)).collect::<Vec<_>>().join("\n")
        }
        Error::Refused(text) | Error::Forbidden(text) | Error::Conflict(text) | Error::Unsupported(text) => {
            text.clone()
        }
        other => other.to_string(),
    }
}

/// Loads the settings, or says everything that is wrong with them.
fn with_config(then: impl FnOnce(Config) -> Result<()>) -> Result<()> {
    match Config::load() {
        Ok(config) => then(config),
        Err(problems) => Err(Error::Refused(format!(
            "The settings cannot be used:\n- {}\nSee config/default.toml for every setting.",
            problems.join("\n- ")
        ))),
    }
}
