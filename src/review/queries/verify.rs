//! Verification of threads: what the organisation sent, and the evidence that came with it, is what the ledger tells of.

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

/// Every sent message of an organisation that differs from what was recorded when it was sent. Messages that were brought
/// in without an event, as the demo's are, have nothing to be held against.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::review) fn verify(conn: &mut Conn) -> Result<Vec<Difference>> {
    let told = ledger::told(conn, &["query_answered"])?;
    let messages: Vec<(QueryMessageId, String)> = query_message::table
        .filter(query_message::side.eq(Side::Organisation))
        .filter(query_message::sent_at.is_not_null())
        .order(query_message::id)
        .select((query_message::id, query_message::text))
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
    for (id, text) in messages {
        let Some(event) = told.get(&format!("query-message/{id}")) else { continue };
        let mut differs =
            |how: &str| differences.push(Difference { what: format!("message {id}"), how: how.to_owned() });
        if event.get("text_sha256").and_then(Value::as_str) != Some(hex(&sha256(text.as_bytes())).as_str()) {
            differs("its text is not the one that was sent");
        }
        if event.get("evidence") != Some(&json!(files.get(&id).cloned().unwrap_or_default())) {
            differs("its evidence is not what was sent with it");
        }
    }
    Ok(differences)
}
