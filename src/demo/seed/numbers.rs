//! The seeded rows bring their own numbers; PostgreSQL must be told to go on counting after them. (SQLite sees it.)

use diesel::RunQueryDsl as _;

use super::seeding_permit;
use crate::access::Actor;
use crate::ledger::{self, Event};
use crate::platform::db::{Conn, Db};
use crate::platform::error::Result;

/// The tables whose rows brought their numbers.
const TABLES: [&str; 13] = [
    "organisation",
    "person",
    "annual_return",
    "answer",
    "evidence_piece",
    "evidence",
    "submission",
    "review",
    "review_query",
    "organisation_service",
    "certificate",
    "improvement_plan",
    "plan_line",
];

/// Lets the database number on from the highest. Also the event that says that the nation is complete.
pub(super) fn settle(db: &Db) -> Result<()> {
    db.write_now(Actor::system_reach(), |tx| {
        if let Conn::Postgres(conn) = tx.conn() {
            for table in TABLES {
                diesel::sql_query(format!(
                    "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 1) FROM {table}))"
                ))
                .execute(conn)?;
            }
        }
        let data = serde_json::json!({});
        ledger::append(tx, &Event::of(&seeding_permit()?, "demo_made", "demo".to_owned(), data), ())
    })
}
