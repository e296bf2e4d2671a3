//! `portal check`: every problem at once, none of them fatal to finding the next.

use std::process::ExitCode;
use std::sync::Arc;

use super::say::{say, trouble};
use crate::platform::clock::SystemClock;
use crate::platform::config::Config;
use crate::platform::db::{self, Db};
use crate::platform::random::SystemRandom;

/// Checks the settings and what they name.
pub(super) fn check() -> ExitCode {
    let problems = match Config::load() {
        Err(problems) => problems,
        Ok(config) => things_named(config),
    };
    if problems.is_empty() {
        say("Everything is in order.");
        return ExitCode::SUCCESS;
    }
    for problem in &problems {
        trouble(&format!("- {problem}"));
    }
    trouble(&format!("{} to put right.", problems.len()));
    ExitCode::FAILURE
}

fn things_named(config: Config) -> Vec<String> {
    let mut problems = Vec::new();
    match config.target().map(|target| db::pending(&target)) {
        Err(e) => problems.push(e),
        Ok(Err(e)) => problems.push(format!("database: {e}")),
        Ok(Ok(pending)) if !pending.is_empty() => {
            problems.push(format!("database: {} migrations are pending; run portal migrate", pending.len()));
        }
        Ok(Ok(_)) => {}
    }
    for (name, address) in [("http.listen", &config.http.listen), ("metrics.listen", &config.metrics.listen)]
    {
        if address.is_empty() {
            continue;
        }
        if let Err(e) = std::net::TcpListener::bind(address) {
            problems.push(format!("{name}: cannot listen on {address}: {e}"));
        }
    }
    match crate::app::open(config, Arc::new(SystemClock), Arc::new(SystemRandom), false) {
        Ok(parts) => {
            problems.extend(unbound(&parts.portal.db));
            problems.extend(parts.portal.files.look_now().err().map(|e| format!("files: {e}")));
        }
        Err(e) => problems.push(e.to_string()),
    }
    problems
}

/// What is wrong with the role that the database is reached as.
fn unbound(database: &Db) -> Option<String> {
    match database.unbound_role() {
        Ok(found) => found.map(|unbound| format!("database: {unbound}")),
        Err(e) => Some(format!("database: {e}")),
    }
}

/// Says so in the log when nothing keeps one organisation's rows from another's below the portal; it works all the same.
pub(super) fn warn_if_unbound(database: &Db) {
    if let Some(problem) = unbound(database) {
        log::warn!(target: "portal::db", "{problem}");
    }
}
