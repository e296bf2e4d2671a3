//! CSV files of the second scoring: a head, rows of text, and no cell that a spreadsheet would run.

use crate::platform::error::{Error, Result};

/// A file with this head and these rows.
pub(super) fn csv_of(head: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let failed = |e: csv::Error| Error::internal("failed to write a list as CSV", e);
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(head).map_err(failed)?;
    for row in rows {
        out.write_record(row.iter().map(|cell| guarded(cell))).map_err(failed)?;
    }
    out.into_inner().map_err(|e| Error::internal("failed to write a list as CSV", e.to_string()))
}

/// Numbers may begin with a minus; anything else that begins like a formula is made a text.
fn guarded(cell: &str) -> String {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if runs { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_texts_and_numbers_stay_numbers() {
        let rows = vec![vec!["=1+1".to_owned(), "-0.20".to_owned()], vec!["a,b".to_owned(), "-x".to_owned()]];
        let file = String::from_utf8(csv_of(&["name", "kappa"], &rows).unwrap()).unwrap();
        assert_eq!(file, "name,kappa\r\n'=1+1,-0.20\r\n\"a,b\",'-x\r\n");
    }
}
