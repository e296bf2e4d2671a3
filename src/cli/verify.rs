//! `portal verify`: everything that can be recomputed is recomputed.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::say::say;
use crate::app;
use crate::ledger::{self, Difference};
use crate::platform::clock::SystemClock;
use crate::platform::config::Config;
use crate::platform::db::{Db, Target};
use crate::platform::error::{Error, Result};
use crate::platform::random::SystemRandom;
use crate::returns;

/// Arguments of `portal verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// The database to verify instead of the configured one.
    #[arg(long)]
    database: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs `portal verify`; exit code 1 when anything differs.
pub(super) fn verify(arguments: &VerifyArguments) -> Result<ExitCode> {
    let mut config = Config::load().map_err(|problems| Error::Refused(problems.join("\n")))?;
    if let Some(url) = &arguments.database {
        config.database.url.clone_from(url);
    }
    let target = Target::parse(&config.database.url).map_err(|e| Error::field("database", e))?;
    let database = Db::open(&target, 1, Arc::new(SystemClock))?;
    let key = app::log_key(&config, &SystemRandom)?;
    let (events, mut differences) = database.read_now(|conn| ledger::verify(conn, &key))?;
    let (submissions, more) = database.read_now(returns::verify)?;
    differences.extend(more);
    tell(arguments.json, (events, submissions), &differences);
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(json: bool, (events, submissions): (u64, usize), differences: &[Difference]) {
    if json {
        say(&serde_json::json!({"ledger_events": events, "submissions": submissions, "differences": differences}).to_string());
        return;
    }
    say(&format!("{events} ledger events and {submissions} submissions recomputed."));
    for difference in differences {
        say(&format!("DIFFERS: {} {}", difference.what, difference.how));
    }
    say(if differences.is_empty() { "Everything agrees." } else { "The above does not agree." });
}
