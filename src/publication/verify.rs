//! Verification of releases: a document's hash, the list of organisations and the headline figures are computed again
//! from what is stored, and compared with what the ledger recorded when the release was prepared.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::Document;
use super::release::{ReleaseSummary, Source};
use super::store;
use super::tables;
use super::{baseline, data};
use crate::ledger::{self, Difference};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Conn;
use crate::platform::error::Result;

/// Recomputes every release and draws every baselining sample again; how many there are and everything that differs.
///
/// # Errors
/// When the database cannot be asked.
pub fn verify(conn: &mut Conn) -> Result<(usize, Vec<Difference>)> {
    let told = Told {
        prepared: ledger::told(conn, &["release.prepared"])?,
        approved: ledger::told(conn, &["release.approved"])?,
    };
    let regions = store::region_names(conn)?;
    let all = store::all_releases(conn)?;
    let mut differences = Vec::new();
    for release in &all {
        for how in differs(conn, release, &regions, &told)? {
            differences.push(Difference { what: format!("release {}", release.key), how });
        }
    }
    let (samples, of_samples) = baseline::verify(conn)?;
    differences.extend(of_samples);
    Ok((all.len() + samples, differences))
}

/// What the ledger holds of releases.
struct Told {
    prepared: BTreeMap<String, Value>,
    approved: BTreeMap<String, Value>,
}

impl Told {
    fn of<'a>(all: &'a BTreeMap<String, Value>, release: &ReleaseSummary, name: &str) -> Option<&'a str> {
        all.get(&format!("release/{}", release.id))?.get(name)?.as_str()
    }

    /// The hash of the report: that of its approval, where it was typeset anew with the text, or of its preparation.
    fn paper(&self, release: &ReleaseSummary) -> Option<&str> {
        Self::of(&self.approved, release, "paper").or_else(|| Self::of(&self.prepared, release, "paper"))
    }
}

fn differs(
    conn: &mut Conn,
    release: &ReleaseSummary,
    regions: &BTreeMap<String, String>,
    told: &Told,
) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let text = store::document_of(conn, release.id)?;
    let hash = sha256(text.as_bytes());
    if hash[..] != release.document_hash[..] {
        found.push(format!(
            "its document hashes to {}, stored is {}",
            hex(&hash),
            hex(&release.document_hash)
        ));
    }
    let recorded = Told::of(&told.prepared, release, "document");
    if recorded != Some(hex(&hash).as_str()) {
        found.push(format!(
            "its document hashes to {}, the ledger has {}",
            hex(&hash),
            recorded.unwrap_or("nothing")
        ));
    }
    if let Some(paper) = store::paper_of(conn, release.id)? {
        let hash = hex(&sha256(&paper));
        if told.paper(release) != Some(hash.as_str()) {
            let told = told.paper(release).unwrap_or("nothing");
            found.push(format!("its report hashes to {hash}, the ledger has {told}"));
        }
    } else if let Some(told) = told.paper(release) {
        found.push(format!("its report is gone, the ledger has {told}"));
    }
    let recorded = Told::of(&told.prepared, release, "inputs");
    if let Some(inputs) = store::inputs_of(conn, release.id)? {
        let hash = hex(&sha256(&inputs));
        if recorded != Some(hash.as_str()) {
            let told = recorded.unwrap_or("nothing");
            found.push(format!("its public inputs hash to {hash}, the ledger has {told}"));
        }
    } else if let Some(told) = recorded {
        found.push(format!("its public inputs are gone, the ledger has {told}"));
    }
    let document = match Document::read(&text) {
        Ok(document) => document,
        Err(error) => {
            found.push(format!("its document cannot be read: {error}"));
            return Ok(found);
        }
    };
    let records = store::rows_of(conn, release.id)?;
    let list = data::organisations_csv(Vec::new(), &records, &document.edition, regions)?;
    let list = hex(&sha256(&list));
    if list != document.organisations.sha256 {
        found.push(format!(
            "its list of {} organisations hashes to {list}, the document has {}",
            records.len(),
            document.organisations.sha256
        ));
    }
    let collected = matches!(release.source, Source::Collection(_));
    if tables::headline(&records, &document.edition, collected) != document.headline {
        found.push("its headline figures are not the ones that its list of organisations gives".to_owned());
    }
    Ok(found)
}
