//! The differences between two editions as a CSV file: one row for each piece that differs, of requirements and of rules.

use super::diff::Diff;
use crate::platform::error::{Error, Result};

/// The columns.
pub(super) const COLUMNS: [&str; 7] = ["change", "code", "title", "codes_before", "what", "before", "now"];

/// The file.
///
/// # Errors
/// When it cannot be written, which is a fault.
pub fn csv_of(diff: &Diff) -> Result<Vec<u8>> {
    let failed = |e: csv::Error| Error::internal("failed to write differences as CSV", e);
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(COLUMNS).map_err(failed)?;
    for found in &diff.all {
        let marks: Vec<&str> = found.marks.iter().map(|mark| mark.as_str()).collect();
        let before: Vec<String> = found.before.iter().map(ToString::to_string).collect();
        let (code, marks, before) = (found.code.to_string(), marks.join(" "), before.join(" "));
        let mut row = |what: &str, was: &str, now: &str| {
            let cells =
                [marks.as_str(), code.as_str(), found.title.as_str(), before.as_str(), what, was, now];
            out.write_record(cells.map(guarded)).map_err(failed)
        };
        if found.pieces.is_empty() {
            row("", "", "")?;
        }
        for piece in &found.pieces {
            row(&piece.label, &piece.before, &piece.now)?;
        }
    }
    for piece in &diff.rules {
        let cells = ["rules", "", "", "", piece.label.as_str(), piece.before.as_str(), piece.now.as_str()];
        out.write_record(cells.map(guarded)).map_err(failed)?;
    }
    out.into_inner().map_err(|e| Error::internal("failed to write differences as CSV", e.to_string()))
}

/// A cell that no spreadsheet runs.
fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}
