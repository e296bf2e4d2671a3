//! Copying a whole database while it is in use: SQLite by its own consistent copy, PostgreSQL through `pg_dump`.

use std::path::Path;
use std::process::Command;

use diesel::RunQueryDsl as _;
use diesel::sql_types::Text;

use super::connect::{self, Use};
use super::{Conn, Target};
use crate::platform::error::{Error, Result};

/// Copies the database into a new file: an SQLite database, or a `pg_dump` archive in custom format.
///
/// # Errors
/// When the file exists already, or the copy cannot be made.
pub fn copy(target: &Target, file: &Path) -> Result<()> {
    if file.exists() {
        return Err(Error::Refused(format!("{} is there already; choose another place", file.display())));
    }
    match target {
        Target::Sqlite(_) => {
            let mut conn = connect::open(target, Use::Write)?;
            if let Conn::Sqlite(sqlite) = &mut conn {
                diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(file.to_string_lossy()).execute(sqlite)?;
            }
            let copied = std::fs::File::open(file).map_err(|e| Error::io("failed to open the copy", e))?;
            copied.sync_all().map_err(|e| Error::io("failed to flush the copy", e))
        }
        Target::Postgres(url) => {
            let outcome = Command::new("pg_dump")
                .args(["--format=custom", "--no-owner", "--file"])
                .arg(file)
                .arg(url)
                .output()
                .map_err(|e| {
                    Error::Unavailable(format!("pg_dump cannot be run ({e}); install the PostgreSQL client"))
                })?;
            if outcome.status.success() {
                Ok(())
            } else {
                Err(Error::internal("pg_dump failed", String::from_utf8_lossy(&outcome.stderr).into_owned()))
            }
        }
    }
}
