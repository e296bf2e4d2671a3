//! CSV after RFC 4180: UTF-8, CRLF, one header row. A cell that a spreadsheet would take for a formula is defused by
//! a leading apostrophe.

use std::borrow::{Borrow, Cow};
use std::collections::BTreeMap;
use std::io::Write;

use super::observations::observations;
use crate::platform::error::{Error, Result};
use crate::publication::classes::sector_words;
use crate::publication::document::Document;
use crate::publication::record::Record;
use crate::statistics::PublishedTable;

/// Columns of the list of organisations.
const ORGANISATION_COLUMNS: [&str; 17] = [
    "code",
    "name",
    "sector_code",
    "sector",
    "region_code",
    "region",
    "status_now_code",
    "status_now",
    "inherited_from",
    "published_grade_code",
    "published_grade",
    "published_as",
    "edition",
    "edition_is_older",
    "published_on",
    "observation_status",
    "filed_by",
];

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
pub fn table_csv(document: &Document, table: &PublishedTable) -> Result<Vec<u8>> {
    let (rows, columns) = (table.rows.name(), table.columns.name());
    let header = [
        format!("{rows}_code"),
        rows.to_owned(),
        format!("{columns}_code"),
        columns.to_owned(),
        "count".to_owned(),
        "denominator".to_owned(),
        "percentage".to_owned(),
        "observation_status".to_owned(),
        "release".to_owned(),
    ];
    let mut sheet = Sheet::begin(&header.each_ref().map(String::as_str))?;
    for one in observations(table, document.is_provisional()) {
        let (count, denominator) = (shown(one.count), shown(one.denominator));
        sheet.row([
            one.row,
            one.row_label,
            one.column,
            one.column_label,
            count.as_str(),
            denominator.as_str(),
            one.percentage.as_deref().unwrap_or_default(),
            one.status.as_str(),
            document.key.as_str(),
        ])?;
    }
    sheet.finish()
}

/// The headline figures, one a row.
pub fn headline_csv(document: &Document) -> Result<Vec<u8>> {
    let mut sheet =
        Sheet::begin(&["measure", "count", "denominator", "percentage", "observation_status", "release"])?;
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
    let mut sheet = Sheet::begin_in(out, &ORGANISATION_COLUMNS)?;
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
}
