//! JSON beside every CSV file, with the release, the notes and the dimensions.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};

use super::observations::observations;
use crate::platform::error::{Error, Result};
use crate::publication::document::{Document, TableEntry};
use crate::publication::record::Record;

pub(super) fn text(value: &Value) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|e| Error::internal("failed to write a JSON file", e))
}

pub(super) fn release(document: &Document) -> Value {
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

/// The list of organisations, written piece by piece so that a national list is never in memory as a whole.
pub fn organisations_json<W: Write, R: Borrow<Record>>(
    mut out: W,
    document: &Document,
    records: impl IntoIterator<Item = R>,
    regions: &BTreeMap<String, String>,
) -> Result<W> {
    let failed = |e| Error::io("failed to write a JSON file", e);
    out.write_all(b"{\"release\":").map_err(failed)?;
    out.write_all(&text(&release(document))?).map_err(failed)?;
    out.write_all(b",\"organisations\":[").map_err(failed)?;
    for (index, record) in records.into_iter().enumerate() {
        let record = record.borrow();
        if index > 0 {
            out.write_all(b",").map_err(failed)?;
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
            "filed_by": record.filed_by,
        });
        out.write_all(&text(&line)?).map_err(failed)?;
    }
    out.write_all(b"]}").map_err(failed)?;
    Ok(out)
}
