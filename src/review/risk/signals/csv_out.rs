//! Signals as a CSV file, in the columns that an import reads.

use super::Listed;
use crate::platform::error::{Error, Result};

/// The columns. The organisation's name is for the reader and is not read back.
pub(in crate::review::risk) const COLUMNS: [&str; 7] =
    ["code", "name", "kind", "day", "severity", "source", "note"];

/// What a cell could not begin with without being taken for a formula by a spreadsheet.
pub(super) fn begins_like_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The file.
pub(in crate::review::risk) fn csv_of(signals: &[Listed]) -> Result<Vec<u8>> {
    let failed = |e: csv::Error| Error::internal("failed to write signals as CSV", e);
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(COLUMNS).map_err(failed)?;
    for signal in signals {
        let cells = [
            signal.code.clone(),
            signal.name.clone(),
            signal.kind.to_string(),
            signal.on.to_string(),
            signal.severity.to_string(),
            signal.source.clone(),
            signal.note.clone(),
        ];
        out.write_record(cells.map(guarded)).map_err(failed)?;
    }
    out.into_inner().map_err(|e| Error::internal("failed to write signals as CSV", e.to_string()))
}

fn guarded(cell: String) -> String {
    if begins_like_a_formula(&cell) { format!("'{cell}") } else { cell }
}
