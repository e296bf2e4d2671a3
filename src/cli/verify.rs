//! `portal verify`: everything that can be recomputed is recomputed; with a bundle, from the bundle alone.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::say::say;
use super::verify_bundle;
use crate::access::Actor;
use crate::app;
use crate::corrections;
use crate::ledger::{self, Difference};
use crate::platform::canonical::hex;
use crate::platform::clock::SystemClock;
use crate::platform::config::{Config, S3};
use crate::platform::db::{Db, Reach, Target};
use crate::platform::error::{Error, Result};
use crate::platform::files::{Files, Kept};
use crate::platform::random::SystemRandom;
use crate::publication;
use crate::returns;
use crate::review;

/// Arguments of `portal verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// A release bundle from the site. It is checked by itself: no settings, no database, no network. Exit code 1 where
    /// anything does not match, 2 where it is no bundle that this program can read.
    #[arg(conflicts_with_all = ["database", "skip_files"])]
    bundle: Option<PathBuf>,
    /// The public half of the portal's signing key, as its site shows it; with a bundle only. Without it the key in the
    /// bundle is used and printed, for you to compare.
    #[arg(long, requires = "bundle")]
    key: Option<String>,
    /// The database to verify instead of the configured one. Its ledger's key is looked for in the folder `files`
    /// beside an SQLite file, then in the configured folder for files.
    #[arg(long)]
    database: Option<String>,
    /// Do not read the files of the evidence library, which takes as long as reading them all.
    #[arg(long)]
    skip_files: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs `portal verify`; exit code 1 when anything differs.
pub(super) fn verify(arguments: &VerifyArguments) -> Result<ExitCode> {
    if let Some(bundle) = &arguments.bundle {
        return Ok(verify_bundle::verify_bundle(bundle, arguments.key.as_deref(), arguments.json));
    }
    let mut config = Config::load().map_err(|problems| Error::Refused(problems.join("\n")))?;
    if let Some(url) = &arguments.database {
        config.database.url.clone_from(url);
    }
    let target = Target::parse(&config.database.url).map_err(|e| Error::field("database", e))?;
    if let (Some(_), Some(files)) = (&arguments.database, files_beside(&target)) {
        config.files.dir = files;
        config.s3 = S3::default();
    }
    let database = Db::open(&target, 1, Arc::new(SystemClock))?;
    let key = app::log_key(&config, &SystemRandom)?;
    let (events, mut differences) = database.read_now(Reach::nobodys(), |conn| ledger::verify(conn, &key))?;
    let (submissions, more) = database.read_now(Actor::system_reach(), returns::verify)?;
    differences.extend(more);
    let (reviews, more) = database.read_now(Actor::system_reach(), review::verify)?;
    differences.extend(more);
    let (corrected, more) = database.read_now(Actor::system_reach(), corrections::verify)?;
    differences.extend(more);
    let (releases, more) = database.read_now(Actor::system_reach(), publication::verify)?;
    differences.extend(more);
    let files = if arguments.skip_files {
        0
    } else {
        let (files, more) = verify_files(&config, &database)?;
        differences.extend(more);
        files
    };
    tell(
        arguments.json,
        &Counted { ledger_events: events, submissions, reviews, corrected, releases, files },
        &differences,
    );
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Holds every file of the evidence library against its hash; how many there are and everything that differs.
fn verify_files(config: &Config, database: &Db) -> Result<(usize, Vec<Difference>)> {
    let files = Files::open(&config.files.dir, config.files.upload_limit_mib, config.s3.bucket().as_ref())?;
    let all = database.read_now(Actor::system_reach(), returns::contents)?;
    let mut differences = Vec::new();
    for content in &all {
        let how = match files.check_now(&content.sha256, content.size)? {
            Kept::Whole => continue,
            Kept::Missing => "is missing",
            Kept::Changed => "is not what it was when it came",
        };
        let what = format!("the file of evidence {}", content.id);
        differences.push(Difference { what, how: format!("{how}: {}", hex(&content.sha256)) });
    }
    Ok((all.len(), differences))
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
    corrected: usize,
    releases: usize,
    files: usize,
}

fn tell(json: bool, counted: &Counted, differences: &[Difference]) {
    if json {
        say(&serde_json::json!({"recomputed": counted, "differences": differences}).to_string());
        return;
    }
    let Counted { ledger_events, submissions, reviews, corrected, releases, files } = counted;
    say(&format!(
        "Recomputed: {ledger_events} ledger events, {submissions} submissions, {reviews} finished reviews, \
         {corrected} corrected results, {releases} releases, \
         {files} files."
    ));
    for difference in differences {
        say(&format!("DIFFERS: {} {}", difference.what, difference.how));
    }
    say(if differences.is_empty() { "Everything agrees." } else { "The above does not agree." });
}
