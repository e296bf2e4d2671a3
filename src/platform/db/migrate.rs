//! Migrations: embedded, one folder per database with the same names, run by `portal migrate` and at start.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connect::{self, Use};
use super::{Conn, Target};
use crate::platform::error::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// What a run of the migrations did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrations {
    /// Versions applied by this run, oldest first.
    pub applied: Vec<String>,
}

/// Applies every pending migration.
///
/// # Errors
/// When one fails; the ones before it stay.
pub fn run(target: &Target) -> Result<Migrations> {
    let mut conn = connect::open(target, Use::Make)?;
    let applied = crate::each!(&mut conn, c => c.run_pending_migrations(source(target)).map(|list| {
        list.iter().map(ToString::to_string).collect()
    }))
    .map_err(|e| Error::internal("failed to migrate the database", e.to_string()))?;
    Ok(Migrations { applied })
}

/// Versions not yet applied, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn pending(target: &Target) -> Result<Vec<String>> {
    let mut conn = connect::open(target, Use::Write)?;
    crate::each!(&mut conn, c => c.pending_migrations(source(target)).map(|list| {
        list.iter().map(|m| m.name().to_string()).collect()
    }))
    .map_err(|e| Error::internal("failed to list pending migrations", e.to_string()))
}

/// Versions applied, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn applied(target: &Target) -> Result<Vec<String>> {
    let mut conn = connect::open(target, Use::Write)?;
    applied_on(&mut conn)
}

/// Undoes every migration; for the test that undoing and redoing leaves no difference.
///
/// # Errors
/// When one cannot be undone.
pub fn down_all(target: &Target) -> Result<()> {
    let mut conn = connect::open(target, Use::Write)?;
    crate::each!(&mut conn, c => c.revert_all_migrations(source(target)).map(|_| ()))
        .map_err(|e| Error::internal("failed to undo the migrations", e.to_string()))
}

fn applied_on(conn: &mut Conn) -> Result<Vec<String>> {
    crate::each!(conn, c => c.applied_migrations().map(|list| list.iter().map(ToString::to_string).collect()))
        .map_err(|e| Error::internal("failed to list applied migrations", e.to_string()))
}

fn source(target: &Target) -> EmbeddedMigrations {
    match target {
        Target::Sqlite(_) => SQLITE,
        Target::Postgres(_) => POSTGRES,
    }
}
