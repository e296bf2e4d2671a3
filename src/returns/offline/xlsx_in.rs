//! Sheets of an Office Open XML workbook, cell by cell: nothing is laid out that the file merely claims to have.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};

use super::grid::{Grid, Read, Unreadable};

/// Cells that are looked at, empty ones with a look of their own included.
const LOOKED_AT: usize = 1_000_000;

/// The sheets of these names, as far as they are there.
///
/// # Errors
/// When the workbook is damaged or holds too much.
pub(super) fn read(bytes: &[u8], wanted: &[&str]) -> Result<HashMap<String, Grid>, Unreadable> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| told(&e))?;
    let there = workbook.sheet_names();
    let mut sheets = HashMap::new();
    for name in wanted {
        // Programs keep the case of names and people do not.
        let Some(found) = there.iter().find(|there| there.trim().eq_ignore_ascii_case(name)) else {
            continue;
        };
        sheets.insert((*name).to_owned(), sheet(&mut workbook, found)?);
    }
    Ok(sheets)
}

fn sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Grid, Unreadable> {
    let mut grid = Grid::default();
    let mut cells = workbook.worksheet_cells_reader(name).map_err(|e| told(&e))?;
    let mut looked_at = 0_usize;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|e| told(&e))? {
        looked_at += 1;
        if looked_at > LOOKED_AT {
            return Err(Unreadable::too_many());
        }
        let read = if cell.formula.is_some() { Some(Read::Formula) } else { value(&cell.value) };
        if let Some(read) = read {
            grid.put(cell.pos, read)?;
        }
    }
    Ok(grid)
}

fn value(value: &DataRef<'_>) -> Option<Read> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => Read::Text(number.to_string()),
        DataRef::Float(number) => Read::number(*number),
        DataRef::String(text) => Read::Text(text.clone()),
        DataRef::SharedString(text) => Read::Text((*text).to_owned()),
        DataRef::Bool(truth) => Read::truth(*truth),
        DataRef::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            Read::Text(format!("{year:04}-{month:02}-{day:02}"))
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Read::Text(text.clone()),
        DataRef::Error(_) => Read::Broken,
    })
}

fn told(error: &XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => {
            Unreadable::NotThis("The workbook has a password. Save it without one and try again.".to_owned())
        }
        _ => Unreadable::damaged(),
    }
}
