//! Verification of threads: what a reviewer asked and an organisation answered, and the evidence that came with it, is what
//! the ledger tells of.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::{Value, json};

use super::model::Side;
use crate::ledger::{self, Difference};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{EvidenceId, QueryMessageId};
use crate::schema::{query_evidence, query_message};

/// The kinds of events that tell of a message that was sent, by either side.
const SENT: [&str; 3] = ["query_asked", "query_asked_further", "query_answered"];

/// Every sent message, a reviewer's or an organisation's, that differs from what was recorded when it was sent, and every one
/// that was recorded and is not there. Messages that were brought in without an event, as the demo's are, have nothing to be
/// held against.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::review) fn verify(conn: &mut Conn) -> Result<Vec<Difference>> {
    let mut told = ledger::told(conn, &SENT)?;
    let messages: Vec<(QueryMessageId, Side, String)> = query_message::table
        .filter(query_message::sent_at.is_not_null())
        .order(query_message::id)
        .select((query_message::id, query_message::side, query_message::text))
        .load(conn)?;
    let mut files: BTreeMap<QueryMessageId, Vec<EvidenceId>> = BTreeMap::new();
    let links: Vec<(QueryMessageId, EvidenceId)> = query_evidence::table
        .order((query_evidence::message_id, query_evidence::evidence_id))
        .select((query_evidence::message_id, query_evidence::evidence_id))
        .load(conn)?;
    for (message, file) in links {
        files.entry(message).or_default().push(file);
    }
    let mut differences = Vec::new();
    for (id, side, text) in messages {
        let Some(event) = told.remove(&format!("query-message/{id}")) else { continue };
        let mut differs =
            |how: &str| differences.push(Difference { what: format!("message {id}"), how: how.to_owned() });
        if event.get("text_sha256").and_then(Value::as_str) != Some(hex(&sha256(text.as_bytes())).as_str()) {
            differs("its text is not the one that was sent");
        }
        let came_with = json!(files.get(&id).cloned().unwrap_or_default());
        if side == Side::Organisation && event.get("evidence") != Some(&came_with) {
            differs("its evidence is not what was sent with it");
        }
    }
    let lost =
        |what: String| Difference { what, how: "the ledger tells of it, but it is not there".to_owned() };
    differences.extend(told.into_keys().map(lost));
    Ok(differences)
}
