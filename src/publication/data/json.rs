//! JSON beside every CSV file, with the release, the notes and the dimensions.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::observations::observations;
use crate::platform::error::{Error, Result};
use crate::publication::document::{Document, TableEntry};
use crate::publication::record::Record;

fn text(value: &Value) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|e| Error::internal("failed to write a JSON file", e))
}

fn release(document: &Document) -> Value {
    json!({
        "key": document.key,
        "title": document.title,
        "as_at": document.as_at.rfc3339(),
        "edition": document.edition,
        "source": document.source.name,
        "lead_statistician": document.lead_statistician,
        "provisional": document.is_provisional(),
        "address": format!("/public/releases/{}", document.key),
        "notes": document.notes,
    })
}

/// One table.
pub fn table_json(document: &Document, entry: &TableEntry) -> Result<Vec<u8>> {
    let table = &entry.table;
    text(&json!({
        "release": release(document),
        "table": {
            "name": entry.name,
            "title": table.caption,
            "about": entry.about,
            "notes": table.notes,
            "rows": table.rows,
            "columns": table.columns,
            "disclosure_control": entry.protected,
        },
        "observations": observations(table, document.is_provisional()),
    }))
}

/// The headline figures.
pub fn headline_json(document: &Document) -> Result<Vec<u8>> {
    text(&json!({ "release": release(document), "headline": document.headline, "change": document.change }))
}

/// The list of organisations, written piece by piece so that a national list needs no tree of values.
pub fn organisations_json(
    document: &Document,
    records: &[Record],
    regions: &BTreeMap<String, String>,
) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(records.len() * 320 + 1024);
    out.extend_from_slice(b"{\"release\":");
    out.extend_from_slice(&text(&release(document))?);
    out.extend_from_slice(b",\"organisations\":[");
    for (index, record) in records.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let region = record.region.as_deref();
        let line = json!({
            "code": record.code,
            "name": record.name,
            "sector": record.sector.as_str(),
            "region": region,
            "region_name": region.and_then(|code| regions.get(code)),
            "status_now": record.standing.as_str(),
            "inherited_from": record.inherited_from,
            "published_grade": record.grade.as_str(),
            "published_as": record.label,
            "edition": record.edition,
            "edition_is_older": record.is_stale(&document.edition),
            "published_on": record.published_on,
            "observation_status": record.observation_status(),
        });
        out.extend_from_slice(&text(&line)?);
    }
    out.extend_from_slice(b"]}");
    Ok(out)
}
