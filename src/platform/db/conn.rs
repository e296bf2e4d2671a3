//! The connection to either database: one type, so that stores are written once.
#![expect(clippy::disallowed_methods, reason = "the derive opens connections in code that is never called")]

use diesel::{PgConnection, SqliteConnection};

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded database.
    Sqlite(SqliteConnection),
    /// The database server.
    Postgres(PgConnection),
}
