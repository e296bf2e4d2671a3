//! What the ledger says about records, for verifying them against it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::EventId;
use crate::schema::ledger_event;

/// Events read at a time.
const CHUNK: i64 = 5000;

#[derive(Deserialize)]
struct Body {
    data: Value,
}

/// What the newest event of these kinds says about each subject, such as `submission/12`.
///
/// # Errors
/// When the database cannot be asked or an event is not what [`super::append`] writes.
pub fn told(conn: &mut Conn, kinds: &[&str]) -> Result<BTreeMap<String, Value>> {
    let mut newest = BTreeMap::new();
    let mut after = EventId::new(0);
    loop {
        let rows: Vec<(EventId, String, String)> = ledger_event::table
            .filter(ledger_event::kind.eq_any(kinds.iter().copied()))
            .filter(ledger_event::id.gt(after))
            .order(ledger_event::id)
            .limit(CHUNK)
            .select((ledger_event::id, ledger_event::subject, ledger_event::body))
            .load(conn)?;
        let Some((last, ..)) = rows.last() else {
            return Ok(newest);
        };
        after = *last;
        for (id, subject, body) in rows {
            let body: Body = serde_json::from_str(&body)
                .map_err(|e| Error::internal(format!("failed to read ledger event {id}"), e))?;
            newest.insert(subject, body.data);
        }
    }
}
