//! A mapping as a CSV file: one row for each line, and one for each requirement that nobody decided about.

use super::model::Line;
use crate::platform::error::{Error, Result};
use crate::standards::keys::RequirementCode;
use crate::standards::model::Edition;

/// The columns, in the order they are written. The titles are for the reader and are not read back.
pub(super) const COLUMNS: [&str; 8] =
    ["from_edition", "from_code", "from_title", "to_edition", "to_code", "to_title", "kind", "note"];

/// What a cell could not begin with without being taken for a formula by a spreadsheet.
pub(super) fn begins_like_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The file.
///
/// # Errors
/// When it cannot be written, which is a fault.
pub fn csv_of(lines: &[Line], from: &Edition, to: &Edition) -> Result<Vec<u8>> {
    let failed = |e: csv::Error| Error::internal("failed to write a mapping as CSV", e);
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(COLUMNS).map_err(failed)?;
    let title = |edition: &Edition, code: Option<&RequirementCode>| {
        let requirement = code.and_then(|code| edition.requirement(code.as_str()));
        requirement.map(|requirement| requirement.title.clone()).unwrap_or_default()
    };
    let mut row =
        |from_code: Option<&RequirementCode>, to_code: Option<&RequirementCode>, kind: &str, note: &str| {
            let text = |code: Option<&RequirementCode>| code.map(ToString::to_string).unwrap_or_default();
            let cells = [
                from.key().to_string(),
                text(from_code),
                title(from, from_code),
                to.key().to_string(),
                text(to_code),
                title(to, to_code),
                kind.to_owned(),
                note.to_owned(),
            ];
            out.write_record(cells.map(|cell| guarded(&cell))).map_err(failed)
        };
    for (from_code, to_code, line) in in_order(lines, from, to) {
        row(
            from_code,
            to_code,
            line.map_or("", |line| line.kind.as_str()),
            line.map_or("", |line| &line.note),
        )?;
    }
    out.into_inner().map_err(|e| Error::internal("failed to write a mapping as CSV", e.to_string()))
}

/// A cell that no spreadsheet runs.
fn guarded(cell: &str) -> String {
    if begins_like_a_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

type Row<'a> = (Option<&'a RequirementCode>, Option<&'a RequirementCode>, Option<&'a Line>);

/// The rows in the order of the newer edition, then what is left of the older, then what names neither.
fn in_order<'a>(lines: &'a [Line], from: &'a Edition, to: &'a Edition) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    for now in to.requirements() {
        let own = lines.iter().filter(|line| line.to.as_ref() == Some(&now.code));
        let before = rows.len();
        rows.extend(own.map(|line| (line.from.as_ref(), Some(&now.code), Some(line))));
        if rows.len() == before {
            rows.push((None, Some(&now.code), None));
        }
    }
    for before in from.requirements() {
        let mut own = lines.iter().filter(|line| line.from.as_ref() == Some(&before.code)).peekable();
        if own.peek().is_none() {
            rows.push((Some(&before.code), None, None));
        }
        rows.extend(own.filter(|line| line.to.is_none()).map(|line| (Some(&before.code), None, Some(line))));
    }
    rows
}
