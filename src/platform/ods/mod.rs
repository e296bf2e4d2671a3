//! OpenDocument spreadsheets of plain sheets: lines of text above, then at most one table with one header row. Nothing is
//! merged, no row is blank, and every text is text, so what begins like a formula stays what it is.

mod content;
#[cfg(test)]
mod tests;
mod text;

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::clock::Timestamp;
use super::error::{Error, Result};

pub use text::write_line;

/// The media type of what comes out.
pub const MEDIA_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// A workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workbook {
    /// Its title, in its properties.
    pub title: String,
    /// What it is about, in a sentence.
    pub subject: String,
    /// Who made it.
    pub creator: String,
    /// The moment that it names as its own.
    pub made_at: Timestamp,
    /// Its sheets, in order.
    pub sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name, of letters, digits and underscores.
    pub name: String,
    /// What it holds, for those who do not see it.
    pub title: String,
    /// Widths of its columns in millimetres.
    pub widths: Vec<u16>,
    /// What stands above the table, a line in each row of the first column.
    pub lines: Vec<Line>,
    /// Its table.
    pub table: Option<Table>,
}

/// A row with one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// What it is.
    pub kind: LineKind,
}

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineKind {
    /// The title of the sheet.
    Title,
    /// A heading within the sheet.
    Heading,
    /// A sentence or more, wrapped within its column.
    Text,
    /// A sentence that runs on over the columns beside it, which are empty.
    Note,
}

/// A table, marked as a range of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name of its range, of letters, digits and underscores.
    pub name: String,
    /// The one header row.
    pub header: Vec<String>,
    /// Its rows, each as long as the header.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A text that leads to the sheet of this name.
    Link(String, String),
    /// A whole number.
    Count(u64),
    /// A number with one decimal place, as text.
    Share(String),
    /// A number with two decimal places, as text.
    Hundredths(String),
    /// What stands in the place of a number, such as `[c]`.
    Mark(&'static str),
}

impl Line {
    /// The title of a sheet.
    pub fn title(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: LineKind::Title }
    }

    /// A heading.
    pub fn heading(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: LineKind::Heading }
    }

    /// A sentence within its column.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: LineKind::Text }
    }

    /// A sentence above a table.
    pub fn note(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: LineKind::Note }
    }
}

/// The bytes of a workbook; the same workbook gives the same bytes.
///
/// # Errors
/// When the archive cannot be put together, which is a fault.
pub fn ods(book: &Workbook) -> Result<Vec<u8>> {
    let fault = |e: std::fmt::Error| Error::internal("failed to write a workbook", e);
    let parts = [
        ("META-INF/manifest.xml", content::MANIFEST.to_owned()),
        ("content.xml", content::content(book).map_err(fault)?),
        ("styles.xml", content::styles()),
        ("meta.xml", content::meta(book).map_err(fault)?),
    ];
    archived(&parts)
}

/// An archive of these parts behind the entry that says what it is.
///
/// # Errors
/// When it cannot be put together, which is a fault.
pub fn archived(parts: &[(&str, String)]) -> Result<Vec<u8>> {
    let zipped = |e: zip::result::ZipError| Error::internal("failed to pack a workbook", e);
    let written = |e: std::io::Error| Error::internal("failed to pack a workbook", e);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    // First and not packed, so that programs find it at its place.
    archive.start_file("mimetype", plain).map_err(zipped)?;
    archive.write_all(MEDIA_TYPE.as_bytes()).map_err(written)?;
    for (name, text) in parts {
        archive.start_file(*name, packed).map_err(zipped)?;
        archive.write_all(text.as_bytes()).map_err(written)?;
    }
    Ok(archive.finish().map_err(zipped)?.into_inner())
}
