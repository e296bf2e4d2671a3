//! `portal migrate`.

use super::say::say;
use crate::platform::config::Config;
use crate::platform::db;
use crate::platform::error::{Error, Result};

/// Applies every pending migration and says which.
pub(super) fn migrate(config: &Config) -> Result<()> {
    let target = config.target().map_err(Error::broken)?;
    let done = db::migrate(&target)?;
    if done.applied.is_empty() {
        say("The database is up to date.");
    }
    for version in done.applied {
        say(&format!("Applied {version}."));
    }
    Ok(())
}
