//! Verification: every body's hash, every place, the root and the signed checkpoint are computed again.

use diesel::prelude::*;

use super::key::LogKey;
use super::sequence::head;
use super::tree::{Roots, hash_of, leaf_hash};
use crate::platform::canonical::hex;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::EventId;
use crate::schema::ledger_event;

/// Something that is not as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// What differs, such as `ledger event 12`.
    pub what: String,
    /// How.
    pub how: String,
}

/// Events read at a time.
const CHUNK: i64 = 5000;

/// Recomputes the ledger; the number of events verified and everything that differs.
///
/// # Errors
/// When the database cannot be asked.
pub fn verify(conn: &mut Conn, key: &LogKey) -> Result<(u64, Vec<Difference>)> {
    let mut differences = Vec::new();
    let mut roots = Roots::default();
    let mut next = 0_i64;
    loop {
        let rows: Vec<(EventId, String, Vec<u8>, Option<i64>)> = ledger_event::table
            .filter(ledger_event::leaf_index.ge(next))
            .order(ledger_event::leaf_index)
            .limit(CHUNK)
            .select((ledger_event::id, ledger_event::body, ledger_event::leaf_hash, ledger_event::leaf_index))
            .load(conn)?;
        if rows.is_empty() {
            break;
        }
        for (id, body, stored, index) in rows {
            if index != Some(next) {
                differences.push(differs(
                    format!("ledger position {next}"),
                    format!("is missing; the next event stands at {}", index.unwrap_or(-1)),
                ));
                next = index.unwrap_or(next);
            }
            roots.push(hash_of(&checked(id, &body, &stored, &mut differences))?);
            next += 1;
        }
    }
    check_head(conn, key, &roots, &mut differences)?;
    let waiting = check_waiting(conn, &mut differences)?;
    Ok((roots.size() + waiting, differences))
}

/// Events that were recorded and not sequenced yet: with a running portal those of the last second.
fn check_waiting(conn: &mut Conn, differences: &mut Vec<Difference>) -> Result<u64> {
    let rows: Vec<(EventId, String, Vec<u8>)> = ledger_event::table
        .filter(ledger_event::leaf_index.is_null())
        .order(ledger_event::id)
        .select((ledger_event::id, ledger_event::body, ledger_event::leaf_hash))
        .load(conn)?;
    for (id, body, stored) in &rows {
        checked(*id, body, stored, differences);
    }
    Ok(rows.len() as u64)
}

/// The hash of an event's body, compared with the recorded one.
fn checked(id: EventId, body: &str, stored: &[u8], differences: &mut Vec<Difference>) -> [u8; 32] {
    let computed = leaf_hash(body.as_bytes());
    if computed[..] != *stored {
        differences.push(differs(
            format!("ledger event {id}"),
            format!("its body hashes to {}, recorded was {}", hex(&computed), hex(stored)),
        ));
    }
    computed
}

fn check_head(conn: &mut Conn, key: &LogKey, roots: &Roots, differences: &mut Vec<Difference>) -> Result<()> {
    let root = roots.root();
    match head(conn)? {
        None if roots.size() == 0 => {}
        None => differences.push(differs("ledger head".to_owned(), "is missing".to_owned())),
        Some(head) => {
            if head.size.unsigned_abs() != roots.size() || head.root != root.0 {
                differences.push(differs(
                    "ledger head".to_owned(),
                    format!(
                        "states {} events with root {}, recomputed are {} with root {}",
                        head.size,
                        hex(&head.root),
                        roots.size(),
                        hex(&root.0)
                    ),
                ));
            }
            match key.open_checkpoint(&head.checkpoint) {
                Ok((size, signed)) if size == roots.size() && signed == root.0 => {}
                Ok((size, signed)) => differences.push(differs(
                    "ledger checkpoint".to_owned(),
                    format!("was signed for {size} events with root {}", hex(&signed)),
                )),
                Err(why) => differences.push(differs("ledger checkpoint".to_owned(), why)),
            }
        }
    }
    Ok(())
}

fn differs(what: String, how: String) -> Difference {
    Difference { what, how }
}
