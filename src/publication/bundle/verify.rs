//! Checking a bundle with nothing but the bundle and a key: signature, hashes, the ledger's proof, and every figure that
//! follows from the public inputs.

use super::archive::{Files, unpacked};
use super::inputs::{Inputs, Line, Numbered};
use super::make::{EVENTS, tables};
use super::manifest::{COMPOSITE, Manifest, Part, parts, statement};
use super::verified::{Checked, Mismatch, Unread, Verified};
use super::worked_out::{WorkedOut, worked_out};
use super::{
    DOCUMENT, INPUTS, LINES, LIST, MANIFEST, PROOF, SIGNATURE, figures, files, protected, sampled, thresholds,
};
use crate::ledger::{Proof, Verifier};
use crate::platform::canonical::{hex, sha256};
use crate::platform::error::Result;
use crate::publication::data::organisations_csv;
use crate::publication::document::{Document, RULES};
use crate::publication::facts::Facts;
use crate::publication::tables::headline;
use crate::statistics::{MeasureTable, PublishedTable};

/// Checks a bundle. `key` is the public half of the portal's key as its site shows it; without one the bundle's own is
/// taken, which proves only that the bundle is of one piece.
///
/// # Errors
/// [`Unread`] when it is no bundle, or one of rules that this program does not know.
pub fn verify_bundle(bytes: &[u8], key: Option<&str>) -> Result<Verified, Unread> {
    let held = unpacked(bytes).map_err(Unread)?;
    let manifest: Manifest = read(&held, MANIFEST)?;
    let verifier = Verifier::parse(key.unwrap_or(&manifest.key))
        .map_err(|why| Unread(format!("The key cannot be read: {why}.")))?;
    let mut verified = Verified {
        release: manifest.release.clone(),
        key: verifier.as_str().to_owned(),
        key_was_given: key.is_some(),
        ..Verified::default()
    };
    signature(&held, &manifest, &verifier, &mut verified);
    hashes(&held, &manifest, &mut verified);
    let document: Document = read(&held, DOCUMENT)?;
    verified.title.clone_from(&document.title);
    if document.rules.publication != RULES {
        return Err(Unread(format!(
            "The release was made by the rules {}; this program knows {RULES}. Take the program that made it.",
            document.rules.publication
        )));
    }
    ledger(&held, &manifest, &document, &verifier, &mut verified)?;
    recompute(&held, &manifest, &document, &mut verified)?;
    copies(&held, &document, &mut verified)?;
    Ok(verified)
}

fn read<T: serde::de::DeserializeOwned>(held: &Files, name: &str) -> Result<T, Unread> {
    let bytes = held.get(name).ok_or_else(|| Unread(format!("The bundle has no file {name}.")))?;
    serde_json::from_slice(bytes).map_err(|e| Unread(format!("The file {name} cannot be read: {e}.")))
}

fn signature(held: &Files, manifest: &Manifest, verifier: &Verifier, verified: &mut Verified) {
    let hash = held.get(MANIFEST).map(|bytes| hex(&sha256(bytes))).unwrap_or_default();
    let expected = statement(&manifest.release, &hash);
    let note = held.get(SIGNATURE).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let mismatch = match note.map(|note| verifier.open(&note)) {
        None => Some(Mismatch::of(SIGNATURE, "a signature", "no such file")),
        Some(Err(why)) => Some(Mismatch::of(SIGNATURE, format!("a signature by {}", verifier.as_str()), why)),
        Some(Ok(text)) if text == expected.as_bytes() => None,
        Some(Ok(text)) => Some(Mismatch::of(
            SIGNATURE,
            format!("a signature of {MANIFEST} with the hash {hash}"),
            format!("one of \"{}\"", String::from_utf8_lossy(&text).trim_end().replace('\n', " ")),
        )),
    };
    verified.mismatches.extend(mismatch);
    if manifest.key != verifier.as_str() {
        verified.mismatches.push(Mismatch::of(MANIFEST, verifier.as_str(), manifest.key.as_str()));
    }
}

/// Every file is listed, every listed file is there, and each is what it was.
fn hashes(held: &Files, manifest: &Manifest, verified: &mut Verified) {
    for (name, note) in &manifest.files {
        match held.get(name) {
            None => verified.mismatches.push(Mismatch::of(name, "the file", "nothing")),
            Some(bytes) => {
                verified.files += 1;
                let hash = hex(&sha256(bytes));
                if hash != note.sha256 {
                    verified.mismatches.push(Mismatch::of(
                        name,
                        format!("SHA-256 {}", note.sha256),
                        format!("SHA-256 {hash}"),
                    ));
                }
            }
        }
    }
    let listed = |name: &String| manifest.files.contains_key(name) || name == MANIFEST || name == SIGNATURE;
    for name in held.keys().filter(|name| !listed(name)) {
        verified.mismatches.push(Mismatch::of(name, "no such file", "a file that is not in the signed list"));
    }
}

/// The ledger's proof, and that its events name what is in the bundle.
fn ledger(
    held: &Files,
    manifest: &Manifest,
    document: &Document,
    verifier: &Verifier,
    verified: &mut Verified,
) -> Result<(), Unread> {
    let proof: Proof = read(held, PROOF)?;
    match proof.check(verifier) {
        Ok(size) => verified.ledger_size = size,
        Err(all) => {
            let expected = "a proof that holds";
            verified.mismatches.extend(all.into_iter().map(|why| Mismatch::of(PROOF, expected, why)));
        }
    }
    let hash = |name: &str| held.get(name).map(|bytes| hex(&sha256(bytes))).unwrap_or_default();
    for kind in EVENTS {
        let Some(event) = proof.events.iter().find(|event| event.kind == kind) else {
            verified.mismatches.push(Mismatch::of(PROOF, format!("the event {kind}"), "nothing"));
            continue;
        };
        let body: serde_json::Value = serde_json::from_str(&event.body)
            .map_err(|e| Unread(format!("The event {kind} cannot be read: {e}.")))?;
        let told =
            |at: &str| body.pointer(at).and_then(serde_json::Value::as_str).unwrap_or("nothing").to_owned();
        let mut stated = vec![
            ("/kind", kind.to_owned()),
            ("/data/key", document.key.clone()),
            ("/data/document", hash(DOCUMENT)),
        ];
        if kind == "release.prepared" {
            stated.push(("/data/organisations", hash(LIST)));
            stated.push(("/data/inputs", hash(INPUTS)));
        }
        for (at, there) in stated.into_iter().filter(|(at, there)| told(at) != *there) {
            verified.mismatches.push(Mismatch::at(PROOF, kind, at, told(at), there));
        }
    }
    if document.key != manifest.release {
        verified.mismatches.push(Mismatch::of(DOCUMENT, manifest.release.as_str(), document.key.as_str()));
    }
    Ok(())
}

/// Makes everything again that follows from the public inputs.
fn recompute(
    held: &Files,
    manifest: &Manifest,
    document: &Document,
    verified: &mut Verified,
) -> Result<(), Unread> {
    let inputs: Inputs = read(held, INPUTS)?;
    let lines: Vec<Line> = read(held, LINES)?;
    let Numbered { records, own_sectors, earlier, successors, boards } = inputs.numbered(lines);
    verified.organisations = records.len();
    let fault = |e: crate::platform::error::Error| Unread(format!("The figures cannot be made again: {e}."));
    let list = organisations_csv(Vec::new(), &records, &document.edition, &inputs.regions).map_err(fault)?;
    if hex(&sha256(&list)) != document.organisations.sha256 {
        let hash = format!("SHA-256 {}", hex(&sha256(&list)));
        let stated = format!("SHA-256 {}", document.organisations.sha256);
        verified.mismatches.push(Mismatch::of("the document\u{2019}s list of organisations", hash, stated));
    }
    verified.mismatches.extend(files::compare(
        LIST,
        &list,
        held.get(LIST).map(Vec::as_slice).unwrap_or_default(),
    ));
    let collected = document.source.kind == "collection";
    counts(&headline(&records, &document.edition, collected), &document.headline, verified);
    let population = format!("{}:{}", document.source.kind, document.source.key);
    let facts = Facts {
        population: &population,
        records: &records,
        regions: &inputs.regions,
        current: &document.edition,
        rules: &document.rules.disclosure,
        collected,
        own_sectors: &own_sectors,
        earlier: earlier.as_ref(),
        successors: &successors,
        boards: &boards,
    };
    let made = facts.tables().map_err(fault)?;
    for entry in &made.tables {
        verified.recomputed.push(entry.name.clone());
        match document.table(&entry.name) {
            Some(stated) => verified.mismatches.extend(figures::of_table(entry, stated)),
            None => verified.mismatches.push(Mismatch::of(&entry.name, "the table", "nothing")),
        }
    }
    if let Some(entry) = &made.composite {
        verified.recomputed.push(entry.name.clone());
        match document.measures.iter().find(|one| one.name == entry.name) {
            Some(stated) => verified.mismatches.extend(figures::of_measures(entry, stated)),
            None => verified.mismatches.push(Mismatch::of(&entry.name, "the table", "nothing")),
        }
    }
    if made.change != document.change {
        let (expected, found) = (figures::text(&made.change), figures::text(&document.change));
        verified.mismatches.push(Mismatch::of("the document\u{2019}s figures of change", expected, found));
    }
    if let Some(sample) = &inputs.sample {
        let lines = (population.as_str(), records.as_slice(), &inputs.regions);
        sampled::recompute(sample, lines, document, verified).map_err(fault)?;
    }
    the_rest(manifest, document, verified);
    Ok(())
}

/// The headline, figure by figure; its shares follow from them.
fn counts(
    made: &crate::publication::document::Headline,
    stated: &crate::publication::document::Headline,
    verified: &mut Verified,
) {
    let before = verified.mismatches.len();
    let (should, there) = (made.measures(), stated.measures());
    for (name, count) in &should {
        let found = there.iter().find(|(other, _)| other == name).map(|(_, count)| count.to_string());
        let found = found.unwrap_or_else(|| "nothing".to_owned());
        if found != count.to_string() {
            verified.mismatches.push(Mismatch::at("headline", name, "count", count.to_string(), found));
        }
    }
    if verified.mismatches.len() == before && made != stated {
        verified.mismatches.push(Mismatch::of("headline", figures::text(made), figures::text(stated)));
    }
    verified.recomputed.push("headline".to_owned());
}

/// What cannot be made again is checked as far as it can be, and every table must be one or the other.
fn the_rest(manifest: &Manifest, document: &Document, verified: &mut Verified) {
    let parts = parts(document);
    if parts != manifest.tables {
        let (expected, found) = (figures::text(&parts), figures::text(&manifest.tables));
        verified.mismatches.push(Mismatch::of(MANIFEST, expected, found));
    }
    for part in parts.into_iter().filter(|part| !verified.recomputed.contains(&part.name)) {
        if part.recomputed {
            // A table that public facts give nothing for stands in the document all the same.
            verified.mismatches.push(Mismatch::of(&part.name, "nothing", "the table"));
        } else {
            verified.checked.push(looked_at(part, document));
        }
    }
    for entry in document.tables.iter().filter(|entry| entry.protected) {
        verified.mismatches.extend(protected::check(entry, &document.rules.disclosure));
    }
    for entry in document.measures.iter().filter(|entry| entry.name != COMPOSITE) {
        let (rows, measures) = (entry.table.rows.len(), entry.table.measures.len());
        if entry.table.figures.len() != rows * measures {
            let expected = format!("{rows} rows of {measures} figures");
            verified.mismatches.push(Mismatch::of(&entry.name, expected, "another shape"));
            continue;
        }
        verified.mismatches.extend(thresholds::check(entry, document));
    }
    submissions(document, verified);
}

/// A table that cannot be made again, with what its readers can work out of it.
fn looked_at(part: Part, document: &Document) -> Checked {
    let Part { name, why, .. } = part;
    let counted = document.table(&name).map(|entry| &entry.table);
    let measured = document.measures.iter().find(|entry| entry.name == name).map(|entry| &entry.table);
    let withheld =
        counted.map_or_else(|| measured.map_or(0, MeasureTable::withheld), PublishedTable::withheld);
    let known = counted.and_then(worked_out).unwrap_or_default();
    let possible = known.into_iter().map(WorkedOut::values).min();
    Checked { table: name, why, withheld, possible }
}

/// Nobody answers without a submission.
fn submissions(document: &Document, verified: &mut Verified) {
    let Some(most) = document.source.inputs.get("submissions").copied() else { return };
    for entry in document.tables.iter().filter(|entry| entry.name == "answers-by-requirement") {
        for (row, total) in entry.table.rows.categories().iter().zip(&entry.table.row_totals) {
            if let Some(total) = total.filter(|total| *total > most) {
                let expected = format!("at most {most}, as many as submitted");
                verified.mismatches.push(Mismatch::at(
                    &entry.name,
                    &row.key,
                    "total",
                    expected,
                    total.to_string(),
                ));
            }
        }
    }
}

/// Every file of a table says what the document says.
fn copies(held: &Files, document: &Document, verified: &mut Verified) -> Result<(), Unread> {
    let made = tables(document).map_err(|e| Unread(format!("The tables cannot be written again: {e}.")))?;
    for (name, expected) in &made {
        // One that is missing was told with the hashes, unless nobody listed it.
        let found = held.get(name).map(Vec::as_slice).unwrap_or_default();
        verified.mismatches.extend(files::compare(name, expected, found));
    }
    Ok(())
}
