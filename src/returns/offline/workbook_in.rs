//! A workbook that came back: which return it is of, and every row that was filled in, as it was typed. Whether what was
//! typed is an answer is for the preview to say.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::archive::{self, Format};
use super::cell::brief;
use super::columns::{ANSWERS, Column, LAYOUT, NOTES, Note, Part, STATEMENTS, Tick, letters};
use super::filled::Filled;
use super::grid::{Grid, Read, Unreadable};
use super::workbook_out::Of;
use super::{ods_in, xlsx_in};

/// What was read from a workbook; kept until it is applied or expires.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Uploaded {
    /// Code of the organisation, from the notes.
    pub organisation: String,
    /// Key of the collection, from the notes.
    pub collection: String,
    /// Hash of the edition, from the notes.
    pub edition: String,
    /// The rows of the answers.
    pub rows: Vec<UploadedRow>,
    /// The rows of the statements.
    pub ticks: Vec<UploadedTick>,
    /// The letters of the columns of the answers, by their headings.
    pub letters: BTreeMap<Column, String>,
}

/// One row of the answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UploadedRow {
    /// Its number, as the spreadsheet shows it.
    pub row: u32,
    /// The code of its requirement.
    pub code: String,
    /// The version that was downloaded, as it stands there.
    pub version: String,
    /// What was typed; the ticks stand on the other sheet.
    pub typed: Filled,
    /// Cells that hold no value, with what to do.
    pub wrong: Vec<(Column, String)>,
}

/// One row of the statements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UploadedTick {
    /// Its number, as the spreadsheet shows it.
    pub row: u32,
    /// The code of its requirement.
    pub code: String,
    /// The code of the statement.
    pub statement: String,
    /// What was typed beside it.
    pub ticked: String,
}

/// Why a workbook is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotTaken {
    /// It cannot be read at all.
    Unreadable(Unreadable),
    /// It was read and is not one of ours, or not of this return: every reason, one sentence each.
    Faults(Vec<String>),
}

impl From<Unreadable> for NotTaken {
    fn from(reason: Unreadable) -> Self {
        Self::Unreadable(reason)
    }
}

/// What stands beside a cell with a formula.
const FORMULA: &str = "The cell holds a formula. Copy it and paste only its value";
/// What stands beside a cell with an error.
const BROKEN: &str = "The cell holds an error instead of a value. Enter the value";

/// Reads a workbook.
///
/// # Errors
/// Why it is not taken.
pub(super) fn read(bytes: &[u8]) -> Result<(Format, Uploaded), NotTaken> {
    let format = archive::told(bytes)?;
    let wanted = [NOTES, ANSWERS, STATEMENTS];
    let sheets = match format {
        Format::Xlsx => xlsx_in::read(bytes, &wanted)?,
        Format::Ods => ods_in::read(&archive::part(bytes, "content.xml")?, &wanted)?,
    };
    Ok((format, uploaded(&sheets).map_err(NotTaken::Faults)?))
}

fn uploaded(sheets: &HashMap<String, Grid>) -> Result<Uploaded, Vec<String>> {
    let mut faults: Vec<String> = [NOTES, ANSWERS]
        .into_iter()
        .filter(|name| !sheets.contains_key(*name))
        .map(|name| {
            format!("The sheet {name} is missing. Upload the workbook that you downloaded here, with all of its sheets.")
        })
        .collect();
    let (Some(notes), Some(answers)) = (sheets.get(NOTES), sheets.get(ANSWERS)) else { return Err(faults) };
    let mut found = Uploaded::default();
    read_notes(notes, &mut found, &mut faults);
    read_answers(answers, &mut found, &mut faults);
    if let Some(statements) = sheets.get(STATEMENTS) {
        read_statements(statements, &mut found, &mut faults);
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

/// The text of a cell; a formula or an error has none.
fn text(cell: Option<&Read>) -> &str {
    match cell {
        Some(Read::Text(text)) => text.trim(),
        _ => "",
    }
}

fn read_notes(notes: &Grid, found: &mut Uploaded, faults: &mut Vec<String>) {
    let value = |note: Note| {
        notes
            .rows()
            .find(|(_, cells)| text(cells.values().next()).eq_ignore_ascii_case(note.label()))
            .map_or("", |(_, cells)| text(cells.values().nth(1)))
    };
    for note in Note::ALL {
        if value(*note).is_empty() {
            faults.push(format!(
                "The sheet {NOTES} does not say \"{}\" any more, so it cannot be told whose workbook this is. Download it \
                 again.",
                note.label()
            ));
        }
    }
    let layout = value(Note::Layout);
    if !layout.is_empty() && layout != LAYOUT {
        faults.push(format!(
            "The workbook has the layout {layout}, and only layout {LAYOUT} can be read. Download it again."
        ));
    }
    value(Note::Organisation).clone_into(&mut found.organisation);
    value(Note::Collection).clone_into(&mut found.collection);
    value(Note::Edition).clone_into(&mut found.edition);
}

/// Where the columns of a sheet are; what is missing or there twice is a fault.
fn places<C: Copy + PartialEq>(
    sheet: (&Grid, &str),
    all: &[C],
    (heading, part): (fn(C) -> &'static str, fn(C) -> Part),
    faults: &mut Vec<String>,
) -> Option<(u32, Vec<(C, u32)>)> {
    let (grid, name) = sheet;
    let Some((header, cells)) = grid.rows().next() else {
        faults.push(format!("The sheet {name} is empty. Download the workbook again."));
        return None;
    };
    let mut places = Vec::new();
    for column in all {
        let words = heading(*column);
        let mut at = cells.iter().filter(|(_, cell)| text(Some(*cell)).eq_ignore_ascii_case(words));
        match (at.next(), at.next()) {
            (Some((place, _)), None) => places.push((*column, *place)),
            (Some(_), Some(_)) => faults.push(format!(
                "The sheet {name} has two columns called \"{words}\". Take one of them away, or rename it."
            )),
            (None, _) if part(*column) == Part::Shown => {}
            (None, _) => faults.push(format!(
                "The sheet {name} has no column called \"{words}\" in its first row. Columns may be moved, but keep their \
                 headings."
            )),
        }
    }
    Some((header, places))
}

fn read_answers(grid: &Grid, found: &mut Uploaded, faults: &mut Vec<String>) {
    let Some((header, places)) =
        places((grid, ANSWERS), Column::ALL, (Column::heading, Column::part), faults)
    else {
        return;
    };
    found.letters = places.iter().map(|(column, place)| (*column, letters(*place))).collect();
    for (row, cells) in grid.rows().filter(|(row, _)| *row > header) {
        let mut read = UploadedRow { row: row + 1, ..UploadedRow::default() };
        for (column, place) in &places {
            let cell = cells.get(place);
            if column.part() != Part::Shown {
                match cell {
                    Some(Read::Formula) => read.wrong.push((*column, FORMULA.to_owned())),
                    Some(Read::Broken) => read.wrong.push((*column, BROKEN.to_owned())),
                    _ => {}
                }
            }
            let to = match column {
                Column::Code => &mut read.code,
                Column::Answer => &mut read.typed.answer,
                Column::Statement => &mut read.typed.statement,
                Column::Alternative => &mut read.typed.alternative,
                Column::Comment => &mut read.typed.comment,
                Column::State => &mut read.typed.state,
                Column::Version => &mut read.version,
                Column::Section
                | Column::Title
                | Column::Question
                | Column::Kind
                | Column::Allowed
                | Column::Evidence => continue,
            };
            text(cell).clone_into(to);
        }
        let says_something =
            !read.code.is_empty() || !read.wrong.is_empty() || read.typed != Filled::default();
        if says_something {
            found.rows.push(read);
        }
    }
    if found.rows.is_empty() && faults.is_empty() {
        faults.push(format!(
            "The sheet {ANSWERS} has no rows below its headings. Download the workbook again."
        ));
    }
}

fn read_statements(grid: &Grid, found: &mut Uploaded, faults: &mut Vec<String>) {
    let Some((header, places)) = places((grid, STATEMENTS), Tick::ALL, (Tick::heading, Tick::part), faults)
    else {
        return;
    };
    for (row, cells) in grid.rows().filter(|(row, _)| *row > header) {
        let mut read = UploadedTick { row: row + 1, ..UploadedTick::default() };
        for (column, place) in &places {
            let to = match column {
                Tick::Code => &mut read.code,
                Tick::Statement => &mut read.statement,
                Tick::Ticked => &mut read.ticked,
                Tick::Column | Tick::Text => continue,
            };
            match cells.get(place) {
                Some(Read::Formula) => to.push('='),
                Some(Read::Broken) => to.push('#'),
                cell => text(cell).clone_into(to),
            }
        }
        if !read.code.is_empty() || !read.statement.is_empty() {
            found.ticks.push(read);
        }
    }
}

impl Uploaded {
    /// Why this workbook is not one of this return, one sentence each; nothing when it is. `same` says whether it was made of
    /// the edition that the return asks.
    pub fn faults(&self, of: &Of<'_>, same: bool) -> Vec<String> {
        let mut faults = Vec::new();
        let ((code, name), (key, collection)) = (of.organisation, of.collection);
        if self.organisation != code {
            let theirs = brief(&self.organisation);
            faults.push(format!(
                "This is the workbook of the organisation {theirs}, not of {name} ({code}). Upload it there, or download \
                 your own."
            ));
        }
        if self.collection != key {
            let theirs = brief(&self.collection);
            faults.push(format!(
                "This is the workbook of the collection {theirs}, not of {collection} ({key})."
            ));
        }
        if !same {
            faults.push(
                "The workbook asks another edition of the requirements than this return. Download it again and copy your \
                 answers over."
                    .to_owned(),
            );
        }
        faults
    }
}
