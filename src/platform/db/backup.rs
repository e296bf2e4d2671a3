//! Copying a whole database while it is in use: SQLite by its own consistent copy, PostgreSQL through `pg_dump`.

use std::path::Path;
use std::process::Command;

use diesel::RunQueryDsl as _;
use diesel::sql_types::Text;

use super::connect::{self, Use};
use super::{Conn, Reach, Target};
use crate::platform::error::{Error, Result};

/// Copies the database into a new file: an SQLite database, or a `pg_dump` archive in custom format. `reach` must cover
/// every organisation, or the archive would hold a part only.
///
/// # Errors
/// When the file exists already, or the copy cannot be made.
pub fn copy(target: &Target, reach: Reach, file: &Path) -> Result<()> {
    if !reach.is_every() {
        return Err(Error::broken("a copy of a part of the database is none"));
    }
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
                // Without this pg_dump refuses to read tables whose policies bind it.
                .args(["--format=custom", "--no-owner", "--enable-row-security", "--file"])
                .arg(file)
                .arg(with_reach(url, reach))
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

/// The address with the reach among the session's options, beside those it names already.
fn with_reach(url: &str, reach: Reach) -> String {
    let option = format!("-c%20portal.reach%3D{}", reach.setting());
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let mut others = Vec::new();
    let mut options = Vec::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        match part.strip_prefix("options=") {
            Some(said) => options.push(said),
            None => others.push(part.to_owned()),
        }
    }
    options.push(&option);
    others.push(format!("options={}", options.join("%20")));
    format!("{address}?{}", others.join("&"))
}

#[cfg(test)]
mod tests {
    use super::{Reach, with_reach};

    #[test]
    fn the_reach_stands_beside_the_options_that_are_there() {
        let with = |url| with_reach(url, Reach::every());
        assert_eq!(with("postgres://u@h/n"), "postgres://u@h/n?options=-c%20portal.reach%3Devery");
        assert_eq!(
            with("postgres://u@h/n?sslmode=require&options=-c%20jit%3Doff"),
            "postgres://u@h/n?sslmode=require&options=-c%20jit%3Doff%20-c%20portal.reach%3Devery"
        );
    }
}
