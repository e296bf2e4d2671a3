//! Verification of fixed lists: the hash of every list is computed again from its lines and held against the ledger.

use serde_json::Value;

use super::arrangement::{Covered, Covering};
use super::model::LineAction;
use super::store;
use crate::ledger::{self, Difference};
use crate::platform::canonical::hex;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};

/// Everything in which a fixed list differs from what was recorded when it was fixed.
pub(in crate::returns) fn verify(conn: &mut Conn) -> Result<Vec<Difference>> {
    let told = ledger::told(conn, &["sites_fixed"])?;
    let mut differences = Vec::new();
    for filing in store::filings(conn)? {
        let lines = store::filing_lines(conn, filing.id, 0, i64::MAX)?;
        let mut sites = Vec::new();
        for line in lines.into_iter().filter(|line| line.action == LineAction::File) {
            let overrides = serde_json::from_str(&line.overrides).map_err(|e| {
                Error::internal(format!("failed to read the answers of site {}", line.code), e)
            })?;
            sites.push(Covering {
                id: line.site,
                code: line.code,
                name: line.name,
                sector: line.sector,
                profile: line.profile,
                overrides,
            });
        }
        let hash = hex(&Covered { sites }.hash()?);
        let event = told.get(&format!("site-filing/{}", filing.id));
        let recorded = event.and_then(|data| data.get("list_hash")).and_then(Value::as_str);
        if recorded != Some(hash.as_str()) || hash != hex(&filing.list_hash) {
            let how = format!("its list hashes to {hash}, the ledger has {}", recorded.unwrap_or("nothing"));
            differences.push(Difference { what: format!("list of sites {}", filing.id), how });
        }
    }
    Ok(differences)
}
