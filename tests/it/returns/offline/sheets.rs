//! A workbook as another program would open, change and save it: nothing of how it was laid out is left but its texts.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use calamine::{Data, Reader as _};
use rust_xlsxwriter::{Formula, Workbook};
use zip::write::SimpleFileOptions;

/// The sheets of a workbook by name, each with its rows.
#[derive(Debug, Clone)]
pub struct Sheets(pub Vec<(String, Vec<Vec<String>>)>);

impl Sheets {
    /// Opens a workbook.
    pub fn read(name: &str, bytes: &[u8]) -> Self {
        let content = Cursor::new(bytes.to_vec());
        let mut sheets: Vec<(String, calamine::Range<Data>)> = match name {
            "xlsx" => calamine::Xlsx::new(content).unwrap().worksheets(),
            _ => calamine::Ods::new(content).unwrap().worksheets(),
        };
        let order = ["Notes", "Answers", "Statements"];
        sheets.sort_by_key(|(name, _)| order.iter().position(|known| known == name));
        let rows = |range: &calamine::Range<Data>| -> Vec<Vec<String>> {
            range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
        };
        Self(sheets.iter().map(|(name, range)| (name.clone(), rows(range))).collect())
    }

    /// The rows of a sheet.
    pub fn sheet(&mut self, name: &str) -> &mut Vec<Vec<String>> {
        &mut self.0.iter_mut().find(|(known, _)| known == name).expect("a sheet of this name").1
    }

    /// The cell of a requirement under this heading.
    pub fn cell(&mut self, code: &str, heading: &str) -> &mut String {
        let rows = self.sheet("Answers");
        let column = rows[0].iter().position(|known| known == heading).expect("a column of this heading");
        let row = rows.iter_mut().find(|row| row[0] == code).expect("a row of this code");
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        &mut row[column]
    }

    /// The same with another text in a cell.
    pub fn with(mut self, code: &str, heading: &str, text: &str) -> Self {
        text.clone_into(self.cell(code, heading));
        self
    }

    /// Saved as either.
    pub fn saved(&self, name: &str) -> Vec<u8> {
        if name == "xlsx" { self.xlsx() } else { self.ods() }
    }

    /// Saved as Office Open XML. A text that begins with `==` becomes the formula after the first sign.
    pub fn xlsx(&self) -> Vec<u8> {
        let mut workbook = Workbook::new();
        for (name, rows) in &self.0 {
            let sheet = workbook.add_worksheet().set_name(name).unwrap();
            for (row, cells) in (0..).zip(rows) {
                for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                    match cell.strip_prefix("==") {
                        Some(formula) => sheet.write_formula(row, column, Formula::new(formula)).unwrap(),
                        None => sheet.write_string(row, column, cell).unwrap(),
                    };
                }
            }
        }
        workbook.save_to_buffer().unwrap()
    }

    /// Saved as OpenDocument, with the empty rest of every row and sheet as one repeated cell and row.
    pub fn ods(&self) -> Vec<u8> {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        let mut content = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
             xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
             xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
             xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>",
        );
        for (name, rows) in &self.0 {
            write!(content, "<table:table table:name=\"{}\">", escaped(name)).unwrap();
            for row in rows {
                content.push_str("<table:table-row>");
                for cell in row {
                    match cell.strip_prefix("==") {
                        Some(formula) => write!(
                            content,
                            "<table:table-cell table:formula=\"of:={}\" office:value-type=\"float\" office:value=\"2\">\
                             <text:p>2</text:p></table:table-cell>",
                            escaped(formula)
                        )
                        .unwrap(),
                        None if cell.is_empty() => content.push_str("<table:table-cell/>"),
                        None => {
                            content.push_str("<table:table-cell office:value-type=\"string\">");
                            for line in cell.split('\n') {
                                write!(content, "<text:p>{}</text:p>", escaped(line)).unwrap();
                            }
                            content.push_str("</table:table-cell>");
                        }
                    }
                }
                content.push_str(
                    "<table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>",
                );
            }
            content.push_str(
                "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell \
                 table:number-columns-repeated=\"16384\"/></table:table-row></table:table>",
            );
        }
        content.push_str("</office:spreadsheet></office:body></office:document-content>");
        archive(&[
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", "<manifest/>"),
            ("content.xml", &content),
        ])
    }
}

/// An archive of these entries.
pub fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
