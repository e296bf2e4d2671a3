//! The command line: one file per subcommand, plain words on standard output, trouble on standard error.

mod check;
mod migrate;
mod say;
pub mod score;
mod serve;
mod user;
mod verify;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    /// Manage people: add, give roles.
    User(user::UserArguments),
    /// Recompute the ledger, every stored score and every submission's hash; exit 1 where anything differs.
    Verify(verify::VerifyArguments),
}

/// Runs what the command line asks for.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let command = arguments.command.unwrap_or(Command::Serve);
    logs::start(false);
    let outcome = match command {
        Command::Serve => with_config(|config| serve::serve(config, false)),
        Command::Worker => with_config(worker::worker),
        Command::Migrate => with_config(|config| migrate::migrate(&config)),
        Command::Check => return check::check(),
        Command::User(arguments) => with_config(|config| user::user(config, &arguments)),
        Command::Verify(arguments) => return finish_with(verify::verify(&arguments)),
    };
    finish_with(outcome.map(|()| ExitCode::SUCCESS))
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
