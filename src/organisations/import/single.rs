//! One corrected row, taken in as if it had stood in its file.

use super::apply::{Applier, Outcome};
use super::file::RawRow;
use super::kept::Raw;
use super::known::Register;
use super::layout::{Layout, Source, lacking};
use super::links;
use super::one_at_a_time;
use super::reading::{Note, Reader};
use crate::organisations::labels;
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, Result};

/// Applies a kept row with some of its cells corrected. `source` is where it was read, as stored.
///
/// # Errors
/// [`Error::Invalid`] with one entry for every column that is still wrong.
pub(crate) fn apply_corrected(
    tx: &mut Tx<'_>,
    source: &str,
    row_number: i64,
    raw: &str,
    corrections: &[(String, String)],
) -> Result<&'static str> {
    let source =
        Source::parse(source).ok_or_else(|| Error::broken(format!("\"{source}\" is no import's source")))?;
    let raw: Raw = serde_json::from_str(raw).map_err(|e| Error::internal("failed to read a kept row", e))?;
    let names: Vec<String> =
        raw.cells.iter().map(|(name, _)| name.clone()).filter(|name| !name.starts_with("extra ")).collect();
    let layout = layout_of(source, &names, corrections)?;
    let cells = corrected(&layout, &raw, corrections)?;
    one_at_a_time(tx.conn())?;
    labels::seed(tx.conn())?;
    let labels = labels::load(tx.conn())?;
    let reader = Reader::new(&layout, &labels, source, raw.edition.as_deref());
    let mut reading = reader.read(&RawRow { number: row_number, cells, foreign: Vec::new() });
    if !reading.faults.is_empty() {
        return Err(invalid(std::mem::take(&mut reading.faults)));
    }
    let codes: Vec<String> = reading.facts.iter().map(|facts| facts.code.as_str().to_owned()).collect();
    let register = Register::load(tx.conn(), source, Some(&codes))?;
    let mut applier = Applier::new(tx, source, register);
    let outcome = applier.take(row_number, reading)?.map_err(|fault| invalid(vec![fault]))?;
    applier.flush()?;
    links::link(tx.conn())?;
    Ok(match outcome {
        Outcome::Added => "added",
        Outcome::Changed => "changed",
        Outcome::Unchanged => "unchanged",
    })
}

/// One cell of a kept row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCell {
    /// The column's header, or what we call it.
    pub column: String,
    /// The text as read; empty where the row was cut short.
    pub text: String,
    /// Whether the import reads this column, so that correcting it makes a difference.
    pub read: bool,
}

/// The cells of a kept row: those it had, then those that its format needs and it lacks.
///
/// # Errors
/// When the row was not kept by an import.
pub fn cells_of(source: &str, raw: &str) -> Result<Vec<KeptCell>> {
    let source =
        Source::parse(source).ok_or_else(|| Error::broken(format!("\"{source}\" is no import's source")))?;
    let raw: Raw = serde_json::from_str(raw).map_err(|e| Error::internal("failed to read a kept row", e))?;
    let mut names: Vec<String> = raw.cells.iter().map(|(name, _)| name.clone()).collect();
    let lacking = lacking(source.format, &names);
    names.extend(lacking.iter().cloned());
    let layout = Layout::of_kept(source.format, &names)?;
    let kept = raw.cells.into_iter().chain(lacking.into_iter().map(|name| (name, String::new())));
    Ok(kept.map(|(column, text)| KeptCell { read: layout.reads(&column), column, text }).collect())
}

/// A row cut short lacks its last columns' names; the corrections may supply them.
fn layout_of(source: Source, names: &[String], corrections: &[(String, String)]) -> Result<Layout> {
    let mut all = names.to_vec();
    for (name, _) in corrections {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    Layout::of_kept(source.format, &all).map_err(|error| match error {
        Error::Unsupported(why) => Error::field("row", why),
        other => other,
    })
}

fn corrected(layout: &Layout, raw: &Raw, corrections: &[(String, String)]) -> Result<Vec<String>> {
    let unknown: Vec<FieldError> = corrections
        .iter()
        .filter(|(name, _)| !layout.reads(name) && !raw.cells.iter().any(|(n, _)| n == name))
        .map(|(name, _)| FieldError {
            field: name.clone(),
            message: "The file has no such column.".to_owned(),
        })
        .collect();
    if !unknown.is_empty() {
        return Err(Error::Invalid(unknown));
    }
    let find = |list: &[(String, String)], name: &str| {
        list.iter().find(|(n, _)| n == name).map(|(_, text)| text.clone())
    };
    Ok(layout
        .names()
        .iter()
        .map(|name| find(corrections, name).or_else(|| find(&raw.cells, name)).unwrap_or_default())
        .collect())
}

fn invalid(faults: Vec<Note>) -> Error {
    Error::Invalid(faults.into_iter().map(|f| FieldError { field: f.column, message: f.reason }).collect())
}
