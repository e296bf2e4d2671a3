//! Making the bundle of a published release. The same release always has the same bundle: the ledger's proof is of the tree
//! as it was when the release became public, and the signature is made without chance.

use super::archive::packed;
use super::inputs::Line;
use super::manifest::{FileNote, Manifest, parts, statement};
use super::readme::readme;
use super::{DOCUMENT, INPUTS, LINES, LIST, MANIFEST, PROOF, README, SIGNATURE, TABLES};
use crate::ledger::{self, LogKey};
use crate::platform::canonical::{self, hex, sha256};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::publication::data::{
    HEADLINE, headline_csv, headline_json, measures_csv, measures_json, organisations_csv, table_csv,
    table_json,
};
use crate::publication::document::Document;
use crate::publication::store;

/// The events that a bundle proves.
pub(super) const EVENTS: [&str; 2] = ["release.prepared", "release.published"];

/// The bundle of the public release with this key. `portal` is the portal's address without a slash at its end.
///
/// # Errors
/// [`Error::NotFound`] when there is none, [`Error::Unavailable`] in the second in which the ledger has not taken it in yet.
pub fn bundle_of(conn: &mut Conn, key: &LogKey, portal: &str, release: &str) -> Result<Vec<u8>> {
    let found = store::release_by_key(conn, release)?.ok_or(Error::NotFound)?;
    let published_at = found.published_at.ok_or(Error::NotFound)?;
    let inputs = store::inputs_of(conn, found.id)?.ok_or(Error::NotFound)?;
    let text = store::document_of(conn, found.id)?;
    let document = Document::read(&text)?;
    let records = store::rows_of(conn, found.id)?;
    let regions = super::files::regions_in(&inputs)?;
    let proof = ledger::prove(conn, key, &format!("release/{}", found.id), &EVENTS)?
        .ok_or_else(|| Error::Unavailable(format!("the ledger has not taken in {release} yet")))?;
    let lines: Vec<Line> = records.iter().map(Line::of).collect();
    let mut files = vec![
        (README.to_owned(), readme(&document, portal, key.verifier()).into_bytes()),
        (DOCUMENT.to_owned(), text.into_bytes()),
        (LINES.to_owned(), canonical::to_string(&lines)?.into_bytes()),
        (INPUTS.to_owned(), inputs),
        (LIST.to_owned(), organisations_csv(Vec::new(), &records, &document.edition, &regions)?),
        (PROOF.to_owned(), canonical::to_string(&proof)?.into_bytes()),
    ];
    files.extend(tables(&document)?);
    let note = |content: &[u8]| FileNote { bytes: content.len() as u64, sha256: hex(&sha256(content)) };
    let manifest = Manifest {
        v: 1,
        release: document.key.clone(),
        portal: portal.to_owned(),
        published_at,
        key: key.verifier().to_owned(),
        tables: parts(&document),
        files: files.iter().map(|(name, content)| (name.clone(), note(content))).collect(),
    };
    let manifest = canonical::to_string(&manifest)?.into_bytes();
    let signature = key.sign(&statement(&document.key, &hex(&sha256(&manifest))))?;
    let head = [(MANIFEST.to_owned(), manifest), (SIGNATURE.to_owned(), signature.into_bytes())];
    files.splice(0..0, head);
    packed(&files)
}

/// Every table as the site offers it, in both forms that programs read.
pub(super) fn tables(document: &Document) -> Result<Vec<(String, Vec<u8>)>> {
    let name = |stem: &str, suffix: &str| format!("{TABLES}{stem}.{suffix}");
    let mut files = vec![
        (name(HEADLINE, "csv"), headline_csv(document)?),
        (name(HEADLINE, "json"), headline_json(document)?),
    ];
    for entry in &document.tables {
        files.push((name(&entry.name, "csv"), table_csv(document, &entry.table)?));
        files.push((name(&entry.name, "json"), table_json(document, entry)?));
    }
    for entry in &document.measures {
        files.push((name(&entry.name, "csv"), measures_csv(document, &entry.table)?));
        files.push((name(&entry.name, "json"), measures_json(document, entry)?));
    }
    Ok(files)
}
