//! The role that the portal is connected as: PostgreSQL's policies bind no superuser and nobody with BYPASSRLS.

use diesel::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::Conn;
use crate::platform::error::Result;

const ASKED: &str = "SELECT rolname::text AS name, rolsuper AS above FROM pg_roles \
     WHERE rolname = current_user AND (rolsuper OR rolbypassrls)";

/// A role that sees every organisation's rows whatever [`super::Reach`] it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbound {
    /// Its name.
    pub role: String,
    /// Why nothing binds it.
    pub why: &'static str,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    above: bool,
}

/// The connected role, if row-level security does not bind it; none on SQLite, which has neither.
pub(super) fn unbound(conn: &mut Conn) -> Result<Option<Unbound>> {
    let found: Option<Row> = match conn {
        Conn::Sqlite(_) => None,
        Conn::Postgres(conn) => diesel::sql_query(ASKED).get_result(conn).optional()?,
    };
    let why = |above| if above { "is a superuser" } else { "has BYPASSRLS" };
    Ok(found.map(|row| Unbound { role: row.name, why: why(row.above) }))
}

impl std::fmt::Display for Unbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the role {} {}, so PostgreSQL does not keep one organisation's rows from another's; use an ordinary role \
             (see docs/operations.md)",
            self.role, self.why
        )
    }
}
