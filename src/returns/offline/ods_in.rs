//! Sheets of an OpenDocument workbook, read as they come. Repeated cells and rows are written out only where they hold
//! something, and never further than a return can reach.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::grid::{COLUMNS_LIMIT, Grid, ROWS_LIMIT, Read, TEXT_LIMIT, Unreadable};

/// The sheets of these names in a `content.xml`, as far as they are there.
///
/// # Errors
/// When the content is damaged or holds too much.
pub(super) fn read(content: &str, wanted: &[&str]) -> Result<HashMap<String, Grid>, Unreadable> {
    let mut reader = Reader::from_str(content);
    reader.config_mut().expand_empty_elements = true;
    let mut sheets = HashMap::new();
    loop {
        match event(&mut reader)? {
            Event::Start(start) if start.name().as_ref() == "table:table" => {
                let name = attribute(&start, "table:name")?.unwrap_or_default();
                let grid = sheet(&mut reader)?;
                if let Some(known) = wanted.iter().find(|known| name.trim().eq_ignore_ascii_case(known)) {
                    sheets.insert((*known).to_owned(), grid);
                }
            }
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

fn event<'a>(reader: &mut Reader<&'a [u8]>) -> Result<Event<'a>, Unreadable> {
    reader.read_event().map_err(|_| Unreadable::damaged())
}

/// The value of an attribute.
fn attribute(of: &BytesStart<'_>, name: &str) -> Result<Option<String>, Unreadable> {
    let found = of.try_get_attribute(name).map_err(|_| Unreadable::damaged())?;
    found
        .map(|found| {
            quick_xml::escape::unescape(&found.value)
                .map(std::borrow::Cow::into_owned)
                .map_err(|_| Unreadable::damaged())
        })
        .transpose()
}

/// How often a row or a cell is repeated.
fn repeated(of: &BytesStart<'_>, name: &str) -> Result<u32, Unreadable> {
    attribute(of, name)?.map_or(Ok(1), |text| text.parse().map_err(|_| Unreadable::damaged()))
}

/// One sheet, to its end. Sheets inside of cells are not looked at.
fn sheet(reader: &mut Reader<&[u8]>) -> Result<Grid, Unreadable> {
    let mut grid = Grid::default();
    let mut next_row = 0_u32;
    loop {
        match event(reader)? {
            Event::Start(start) if start.name().as_ref() == "table:table-row" => {
                let times = repeated(&start, "table:number-rows-repeated")?;
                let cells = row(reader)?;
                if !cells.is_empty() {
                    for above in 0..times.min(u32::try_from(ROWS_LIMIT).unwrap_or(u32::MAX) + 1) {
                        for (column, cell) in &cells {
                            grid.put((next_row.saturating_add(above), *column), cell.clone())?;
                        }
                    }
                }
                next_row = next_row.saturating_add(times);
            }
            Event::End(end) if end.name().as_ref() == "table:table" => return Ok(grid),
            Event::Eof => return Err(Unreadable::damaged()),
            _ => {}
        }
    }
}

/// The cells of one row that hold something, with their columns.
fn row(reader: &mut Reader<&[u8]>) -> Result<Vec<(u32, Read)>, Unreadable> {
    let mut cells = Vec::new();
    let mut next = 0_u32;
    loop {
        match event(reader)? {
            Event::Start(start)
                if ["table:table-cell", "table:covered-table-cell"].contains(&start.name().as_ref()) =>
            {
                let times = repeated(&start, "table:number-columns-repeated")?;
                let text = cell_text(reader)?;
                if let Some(read) = value(&start, text)? {
                    let last = next.saturating_add(times).min(COLUMNS_LIMIT);
                    cells.extend((next..last).map(|column| (column, read.clone())));
                }
                next = next.saturating_add(times);
            }
            Event::End(end) if end.name().as_ref() == "table:table-row" => return Ok(cells),
            Event::Eof => return Err(Unreadable::damaged()),
            _ => {}
        }
    }
}

/// What a cell holds, from its attributes and its text.
fn value(start: &BytesStart<'_>, text: String) -> Result<Option<Read>, Unreadable> {
    if attribute(start, "table:formula")?.is_some() {
        return Ok(Some(Read::Formula));
    }
    if attribute(start, "calcext:value-type")?.as_deref() == Some("error") {
        return Ok(Some(Read::Broken));
    }
    let read = match attribute(start, "office:value-type")?.as_deref() {
        Some("float" | "percentage" | "currency") => {
            let number = attribute(start, "office:value")?.and_then(|number| number.parse::<f64>().ok());
            number.map_or(Read::Broken, Read::number)
        }
        Some("boolean") => Read::truth(
            attribute(start, "office:boolean-value")?.is_some_and(|said| said.eq_ignore_ascii_case("true")),
        ),
        Some("date") => Read::Text(attribute(start, "office:date-value")?.unwrap_or(text)),
        _ if text.is_empty() => match attribute(start, "office:string-value")? {
            Some(said) if !said.is_empty() => Read::Text(said),
            _ => return Ok(None),
        },
        _ => Read::Text(text),
    };
    Ok(Some(read))
}

/// The text of a cell to the cell's end: one line for each paragraph, without notes.
fn cell_text(reader: &mut Reader<&[u8]>) -> Result<String, Unreadable> {
    let mut text = String::new();
    let (mut depth, mut inside, mut paragraphs) = (0_u32, 0_u32, 0_u32);
    loop {
        match event(reader)? {
            Event::Start(start) => match start.name().as_ref() {
                "office:annotation" | "table:table" => {
                    let name = start.name();
                    reader.read_to_end(name).map_err(|_| Unreadable::damaged())?;
                }
                name => {
                    depth += 1;
                    match name {
                        "text:p" | "text:h" => {
                            if paragraphs > 0 {
                                text.push('\n');
                            }
                            paragraphs += 1;
                            inside = depth;
                        }
                        "text:s" => {
                            let count = repeated(&start, "text:c")?
                                .min(u32::try_from(TEXT_LIMIT).unwrap_or_default());
                            text.extend(std::iter::repeat_n(' ', count as usize));
                        }
                        "text:tab" => text.push('\t'),
                        "text:line-break" => text.push('\n'),
                        _ => {}
                    }
                }
            },
            Event::End(_) if depth == 0 => return Ok(text),
            Event::End(_) => {
                if inside == depth {
                    inside = 0;
                }
                depth -= 1;
            }
            Event::Text(piece) if inside > 0 => {
                text.push_str(&piece.xml10_content().replace(['\n', '\t'], " "));
            }
            Event::CData(piece) if inside > 0 => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(entity) if inside > 0 => text.push_str(&resolved(&entity)?),
            Event::Eof => return Err(Unreadable::damaged()),
            _ => {}
        }
        if text.len() > TEXT_LIMIT * 4 {
            return Err(Unreadable::TooMuch(
                "A cell of the workbook holds more text than a cell can.".to_owned(),
            ));
        }
    }
}

fn resolved(entity: &BytesRef<'_>) -> Result<String, Unreadable> {
    if let Some(known) = quick_xml::escape::resolve_xml_entity(entity.as_ref()) {
        return Ok(known.to_owned());
    }
    match entity.resolve_char_ref() {
        Ok(Some(c)) => Ok(c.to_string()),
        _ => Err(Unreadable::damaged()),
    }
}
