//! Verification of interim returns: each is held against its own hash and the ledger's.

use serde_json::Value;

use super::store::{Interim, all};
use crate::ledger::{self, Difference};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Conn;
use crate::platform::error::Result;

/// Everything that differs.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::returns) fn verify(conn: &mut Conn) -> Result<Vec<Difference>> {
    let told = ledger::told(conn, &["interim_submitted"])?;
    let interims = all(conn)?;
    Ok(interims.iter().filter_map(|one| differs(one, told.get(&format!("interim/{}", one.id)))).collect())
}

fn differs(stored: &Interim, event: Option<&Value>) -> Option<Difference> {
    let hash = sha256(stored.snapshot.as_bytes());
    let recorded = event.and_then(|data| data.get("snapshot_hash")).and_then(Value::as_str);
    if hash[..] == stored.snapshot_hash[..] && recorded == Some(hex(&hash).as_str()) {
        return None;
    }
    let how = format!(
        "its snapshot hashes to {}, stored is {}, the ledger has {}",
        hex(&hash),
        hex(&stored.snapshot_hash),
        recorded.unwrap_or("nothing")
    );
    Some(Difference { what: format!("interim return {}", stored.id), how })
}
