//! `portal verify`: everything that can be recomputed is recomputed.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::say::say;
use crate::access::Actor;
use crate::app;
use crate::ledger::{self, Difference};
use crate::platform::clock::SystemClock;
use crate::platform::config::Config;
use crate::platform::db::{Db, Reach, Target};
use crate::platform::error::{Error, Result};
use crate::platform::random::SystemRandom;
use crate::publication;
use crate::returns;
use crate::review;

/// Arguments of `portal verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// The database to verify instead of the configured one. Its ledger's key is looked for in the folder `files`
    /// beside an SQLite file, then in the configured folder for files.
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
    if let (Some(_), Some(files)) = (&arguments.database, files_beside(&target)) {
        config.files.dir = files;
    }
    let database = Db::open(&target, 1, Arc::new(SystemClock))?;
    let key = app::log_key(&config, &SystemRandom)?;
    let (events, mut differences) = database.read_now(Reach::nobodys(), |conn| ledger::verify(conn, &key))?;
    let (submissions, more) = database.read_now(Actor::system_reach(), returns::verify)?;
    differences.extend(more);
    let (reviews, more) = database.read_now(Actor::system_reach(), review::verify)?;
    differences.extend(more);
    let (releases, more) = database.read_now(Actor::system_reach(), publication::verify)?;
    differences.extend(more);
    tell(arguments.json, &Counted { ledger_events: events, submissions, reviews, releases }, &differences);
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The files of an embedded database that was named: the folder beside it, as in `portal demo`, where that holds the
/// ledger's key.
fn files_beside(target: &Target) -> Option<PathBuf> {
    let Target::Sqlite(path) = target else { return None };
    let files = path.parent()?.join("files");
    app::has_log_key(&files).then_some(files)
}

/// How much was recomputed.
#[derive(serde::Serialize)]
struct Counted {
    ledger_events: u64,
    submissions: usize,
    reviews: usize,
    releases: usize,
}

fn tell(json: bool, counted: &Counted, differences: &[Difference]) {
    if json {
        say(&serde_json::json!({"recomputed": counted, "differences": differences}).to_string());
        return;
    }
    let Counted { ledger_events, submissions, reviews, releases } = counted;
    say(&format!(
        "Recomputed: {ledger_events} ledger events, {submissions} submissions, {reviews} finished reviews, {releases} releases."
    ));
    for difference in differences {
        say(&format!("DIFFERS: {} {}", difference.what, difference.how));
    }
    say(if differences.is_empty() { "Everything agrees." } else { "The above does not agree." });
}
