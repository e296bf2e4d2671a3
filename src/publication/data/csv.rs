//! CSV after RFC 4180: UTF-8, CRLF, one header row. A cell that a spreadsheet would take for a formula is defused by
//! a leading apostrophe.

use std::borrow::{Borrow, Cow};
use std::collections::BTreeMap;
use std::io::Write;

use super::fields::{headline_shape, organisations_shape, table_shape};
use super::observations::{Observation, observations};
use crate::platform::error::{Error, Result};
use crate::publication::classes::sector_words;
use crate::publication::document::Document;
use crate::publication::record::Record;
use crate::publication::years::OverYears;
use crate::statistics::PublishedTable;

struct Sheet<W: Write>(::csv::Writer<W>);

impl Sheet<Vec<u8>> {
    fn begin(header: &[&str]) -> Result<Self> {
        Self::begin_in(Vec::new(), header)
    }
}

impl<W: Write> Sheet<W> {
    fn begin_in(out: W, header: &[&str]) -> Result<Self> {
        let mut sheet =
            Self(::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out));
        sheet.row(header.iter().copied())?;
        Ok(sheet)
    }

    fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<()> {
        let defused: Vec<Cow<'a, str>> = cells.into_iter().map(defused).collect();
        self.0.write_record(defused.iter().map(|cell| cell.as_bytes())).map_err(failed)
    }

    /// One figure of a release's table; its year stands in front in a file over the years.
    fn figure(&mut self, year: Option<&str>, one: &Observation<'_>, release: &str) -> Result<()> {
        let (count, denominator) = (shown(one.count), shown(one.denominator));
        let cells = [
            one.row,
            one.row_label,
            one.column,
            one.column_label,
            count.as_str(),
            denominator.as_str(),
            one.percentage.as_deref().unwrap_or_default(),
            one.status.as_str(),
            release,
        ];
        self.row(year.into_iter().chain(cells))
    }

    fn finish(self) -> Result<W> {
        self.0.into_inner().map_err(|e| Error::internal("failed to finish a CSV file", e.to_string()))
    }
}

fn failed(error: ::csv::Error) -> Error {
    Error::internal("failed to write a CSV file", error)
}

/// A text that no spreadsheet takes for a formula.
pub(super) fn defused(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

fn shown(count: Option<u64>) -> String {
    count.map(|count| count.to_string()).unwrap_or_default()
}

/// One row per figure of a table.
///
/// # Errors
/// When it cannot be written, which is a fault.
pub fn table_csv(document: &Document, table: &PublishedTable) -> Result<Vec<u8>> {
    let mut sheet = Sheet::begin(&table_shape(table).header())?;
    for one in observations(table, document.is_provisional()) {
        sheet.figure(None, &one, &document.key)?;
    }
    sheet.finish()
}

/// One row per figure of a table over the years: the lines of each release's own file with the year in front.
///
/// # Errors
/// As [`table_csv`].
pub fn years_csv(found: &OverYears<'_>) -> Result<Vec<u8>> {
    let shape = table_shape(&found.newest.table);
    let header: Vec<&str> = std::iter::once("year").chain(shape.header()).collect();
    let mut sheet = Sheet::begin(&header)?;
    for (year, one) in found.figures() {
        sheet.figure(Some(&year.key), &one, &year.release)?;
    }
    sheet.finish()
}

/// The headline figures, one a row.
pub fn headline_csv(document: &Document) -> Result<Vec<u8>> {
    let mut sheet = Sheet::begin(&headline_shape().header())?;
    for (measure, count) in document.headline.measures() {
        let denominator = document.headline.in_scope;
        let percent = crate::statistics::estimators::percentage(count, denominator, 1)
            .map(|percent| percent.to_string())
            .unwrap_or_default();
        let status = if document.is_provisional() { "provisional" } else { "normal" };
        let (count, denominator) = (count.to_string(), denominator.to_string());
        sheet.row([
            measure,
            count.as_str(),
            denominator.as_str(),
            percent.as_str(),
            status,
            document.key.as_str(),
        ])?;
    }
    sheet.finish()
}

/// The list of organisations by code, written as they come. `edition` is the current one.
pub fn organisations_csv<W: Write, R: Borrow<Record>>(
    out: W,
    records: impl IntoIterator<Item = R>,
    edition: &str,
    regions: &BTreeMap<String, String>,
) -> Result<W> {
    let mut sheet = Sheet::begin_in(out, &organisations_shape().header())?;
    for record in records {
        let record = record.borrow();
        let region = record.region.as_deref().unwrap_or_default();
        let published_on = record.published_on.map(|day| day.to_string()).unwrap_or_default();
        sheet.row([
            record.code.as_str(),
            record.name.as_str(),
            record.sector.as_str(),
            sector_words(record.sector),
            region,
            regions.get(region).map_or(region, String::as_str),
            record.standing.as_str(),
            record.standing.label(),
            record.inherited_from.as_deref().unwrap_or_default(),
            record.grade.as_str(),
            record.grade.label(),
            record.label.as_str(),
            record.edition.as_str(),
            if record.is_stale(edition) { "true" } else { "false" },
            published_on.as_str(),
            record.observation_status(),
            record.filed_by.as_deref().unwrap_or_default(),
        ])?;
    }
    sheet.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_everything_is_quoted_that_must_be() {
        let mut sheet = Sheet::begin(&["a", "b"]).unwrap();
        sheet.row(["=1+1", "say \"x\", y"]).unwrap();
        sheet.row(["@x", "-2"]).unwrap();
        sheet.row(["\tx", "+44"]).unwrap();
        sheet.row(["two\r\nlines", "plain"]).unwrap();
        let text = String::from_utf8(sheet.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "a,b\r\n'=1+1,\"say \"\"x\"\", y\"\r\n'@x,'-2\r\n'\tx,'+44\r\n\"two\r\nlines\",plain\r\n"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_comes_back_or_is_guarded(first: String, second: String) {
            let mut sheet = Sheet::begin(&["a", "b"]).unwrap();
            sheet.row([first.as_str(), second.as_str()]).unwrap();
            let bytes = sheet.finish().unwrap();
            let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
            let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            proptest::prop_assert_eq!(rows.len(), 1);
            for (cell, text) in rows[0].iter().zip([&first, &second]) {
                proptest::prop_assert_eq!(cell.strip_prefix('\'').unwrap_or(cell), text.strip_prefix('\'').unwrap_or(text));
                proptest::prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
            }
        }
    }
}
