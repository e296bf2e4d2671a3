//! The tables of a release as a workbook, after the rules of British official statistics for spreadsheets: a cover, a list
//! of contents, the notes, then one table a sheet, with every mark that occurs in it explained above it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::LICENCE;
use super::marks::{self, Mark};
use crate::platform::error::Result;
use crate::platform::ods::{Cell, Line, Sheet, Table, Workbook, ods};
use crate::publication::document::{Document, MeasureEntry, TableEntry};
use crate::statistics::estimators::percentage;
use crate::statistics::{Figure, Measure, PublishedTable};

/// Millimetres of a column of words, of a column of figures, and of a column of sentences.
const WORDS: u16 = 75;
const FIGURE: u16 = 32;
const SENTENCES: u16 = 180;

/// Names of the sheets before the tables.
const COVER: &str = "Cover";
const CONTENTS: &str = "Contents";
const NOTES: &str = "Notes";

/// One table on its way into a sheet.
struct Part {
    /// Its stable name.
    name: String,
    caption: String,
    /// What it shows.
    about: String,
    /// Its own notes.
    notes: Vec<String>,
    /// Marks of the whole table.
    marks: Vec<Mark>,
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
    /// Marks that stand in cells.
    found: BTreeSet<Mark>,
}

/// Every table of a release, the headline figures first.
///
/// # Errors
/// When the archive cannot be put together, which is a fault.
pub fn release_ods(document: &Document) -> Result<Vec<u8>> {
    let parts: Vec<Part> = std::iter::once(headline_part(document))
        .chain(document.tables.iter().map(|entry| table_part(document, entry)))
        .chain(document.measures.iter().map(|entry| measures_part(document, entry)))
        .collect();
    workbook(document, &document.title, &parts)
}

/// One table.
///
/// # Errors
/// As [`release_ods`].
pub fn table_ods(document: &Document, entry: &TableEntry) -> Result<Vec<u8>> {
    let title = format!("{}: {}", document.title, entry.table.caption);
    workbook(document, &title, &[table_part(document, entry)])
}

/// One table of measures.
///
/// # Errors
/// As [`release_ods`].
pub fn measures_ods(document: &Document, entry: &MeasureEntry) -> Result<Vec<u8>> {
    let title = format!("{}: {}", document.title, entry.table.caption);
    workbook(document, &title, &[measures_part(document, entry)])
}

/// The headline figures.
///
/// # Errors
/// As [`release_ods`].
pub fn headline_ods(document: &Document) -> Result<Vec<u8>> {
    let title = format!("{}: headline figures", document.title);
    workbook(document, &title, &[headline_part(document)])
}

fn workbook(document: &Document, title: &str, parts: &[Part]) -> Result<Vec<u8>> {
    let mut notes: Vec<&str> = document.notes.iter().map(String::as_str).collect();
    let mut sheets = Vec::with_capacity(parts.len() + 3);
    let mut tables = Vec::with_capacity(parts.len());
    for (place, part) in parts.iter().enumerate() {
        let first = notes.len() + 1;
        notes.extend(part.notes.iter().map(String::as_str));
        tables.push(table_sheet(part, place + 1, first..=notes.len()));
    }
    sheets.push(cover(document, title));
    sheets.push(contents(parts, !notes.is_empty()));
    if !notes.is_empty() {
        sheets.push(notes_sheet(&notes));
    }
    sheets.extend(tables);
    ods(&Workbook {
        title: title.to_owned(),
        subject: format!("Data security assurance, {}", document.source.name),
        creator: document.lead_statistician.clone(),
        made_at: document.as_at,
        sheets,
    })
}

/// The name of the sheet of a table.
fn sheet_name(number: usize) -> String {
    format!("Table_{number}")
}

fn cover(document: &Document, title: &str) -> Sheet {
    let as_at = document.as_at.london_day().words();
    let mut lines = vec![
        Line::title(title),
        Line::text(format!("Figures of {as_at}. They are made from: {}.", document.source.name)),
    ];
    if document.is_provisional() {
        lines.push(Line::text(
            "Some grades are provisional: they have not been reviewed, or the decision on them can still be challenged.",
        ));
    }
    lines.extend([
        Line::heading("About these figures"),
        Line::text(format!("The edition of the standards that counts as current is {}.", document.edition)),
        Line::text("Organisations are counted. Every percentage says in its table what it is a share of."),
        Line::text(
            "Percentages are rounded once, to one decimal place, halves to the even digit. They may not add up to 100.",
        ),
        Line::heading("Where it was published"),
        Line::text(format!("Release {}, at the address /public/releases/{} of the portal.", document.key, document.key)),
        Line::heading("Responsible statistician"),
        Line::text(document.lead_statistician.clone()),
        Line::heading("Licence"),
        Line::text(format!("{}, {}", LICENCE.title, LICENCE.address)),
    ]);
    Sheet { name: COVER.to_owned(), title: "Cover".to_owned(), widths: vec![SENTENCES], lines, table: None }
}

fn contents(parts: &[Part], has_notes: bool) -> Sheet {
    let mut rows = Vec::with_capacity(parts.len() + 1);
    if has_notes {
        rows.push(vec![Cell::Link(NOTES.to_owned(), NOTES.to_owned()), Cell::Text("Notes".to_owned())]);
    }
    for (place, part) in parts.iter().enumerate() {
        let name = sheet_name(place + 1);
        rows.push(vec![Cell::Link(name.clone(), name), Cell::Text(part.caption.clone())]);
    }
    Sheet {
        name: CONTENTS.to_owned(),
        title: "Contents".to_owned(),
        widths: vec![40, SENTENCES],
        lines: vec![
            Line::title("Contents"),
            Line::note("This worksheet contains one table, with links to the other worksheets."),
        ],
        table: Some(Table {
            name: "contents".to_owned(),
            header: vec!["Worksheet".to_owned(), "What it holds".to_owned()],
            rows,
        }),
    }
}

fn notes_sheet(notes: &[&str]) -> Sheet {
    let row = |(place, note): (usize, &&str)| {
        vec![Cell::Text(format!("Note {}", place + 1)), Cell::Text((*note).to_owned())]
    };
    Sheet {
        name: NOTES.to_owned(),
        title: "Notes".to_owned(),
        widths: vec![30, SENTENCES],
        lines: vec![
            Line::title("Notes"),
            Line::note("This worksheet contains one table. Tables name their notes in square brackets."),
        ],
        table: Some(Table {
            name: "notes".to_owned(),
            header: vec!["Note number".to_owned(), "Note".to_owned()],
            rows: notes.iter().enumerate().map(row).collect(),
        }),
    }
}

fn table_sheet(part: &Part, number: usize, notes: std::ops::RangeInclusive<usize>) -> Sheet {
    let mut title = format!("Table {number}: {}", part.caption);
    for mark in &part.marks {
        title.push_str(&format!(" {}", mark.symbol()));
    }
    for note in notes {
        title.push_str(&format!(" [note {note}]"));
    }
    let mut lines = vec![Line::title(title), Line::note("This worksheet contains one table.")];
    lines.push(Line::note(part.about.clone()));
    let explained: BTreeSet<Mark> = part.found.iter().chain(&part.marks).copied().collect();
    if !explained.is_empty() {
        lines.push(Line::note("Some shorthand is used in this table."));
    }
    lines.extend(
        explained.into_iter().map(|mark| Line::note(format!("{} = {}", mark.symbol(), mark.meaning()))),
    );
    let figures = part.header.len().saturating_sub(2);
    Sheet {
        name: sheet_name(number),
        title: part.caption.clone(),
        widths: [WORDS, FIGURE].into_iter().chain(std::iter::repeat_n(FIGURE, figures)).collect(),
        lines,
        table: Some(Table {
            // Contents and notes are ranges too.
            name: format!("table_{}", part.name.replace(|c: char| !c.is_ascii_alphanumeric(), "_")),
            header: part.header.clone(),
            rows: part.rows.clone(),
        }),
    }
}

/// Cells of figures, and which marks they needed.
#[derive(Default)]
struct Cells(BTreeSet<Mark>);

impl Cells {
    fn mark(&mut self, mark: Mark) -> Cell {
        self.0.insert(mark);
        Cell::Mark(mark.symbol())
    }

    fn count(&mut self, count: Option<u64>) -> Cell {
        count.map_or_else(|| self.mark(Mark::Confidential), Cell::Count)
    }

    fn share(&mut self, count: Option<u64>, of: Option<u64>) -> Cell {
        let Some((count, of)) = count.zip(of) else { return self.mark(Mark::Confidential) };
        match percentage(count, of, 1) {
            None => self.mark(Mark::NotApplicable),
            Some(share) if share == Decimal::ZERO && count > 0 => self.mark(Mark::Low),
            Some(share) => Cell::Share(format!("{share:.1}")),
        }
    }

    /// A measure: a number with the decimals that it has, or a word.
    fn figure(&mut self, figure: &Figure) -> Cell {
        let text = match figure {
            Figure::Value(text) => text,
            Figure::Withheld => return self.mark(Mark::Confidential),
            Figure::NotAvailable => return self.mark(Mark::NotAvailable),
        };
        let is_number = text.parse::<Decimal>().is_ok();
        match text.split_once('.').map(|(_, decimals)| decimals.len()) {
            None => text.parse::<u64>().map_or_else(|_| Cell::Text(text.clone()), Cell::Count),
            Some(1) if is_number => Cell::Share(text.clone()),
            Some(2) if is_number => Cell::Hundredths(text.clone()),
            Some(_) => Cell::Text(text.clone()),
        }
    }

    /// Heading, code, counts with their total, shares.
    fn row(&mut self, (key, label): (&str, &str), counts: &[Option<u64>], total: Option<u64>) -> Vec<Cell> {
        let mut row = vec![Cell::Text(label.to_owned()), Cell::Text(key.to_owned())];
        row.extend(counts.iter().chain([&total]).map(|count| self.count(*count)));
        row.extend(counts.iter().map(|count| self.share(*count, total)));
        row
    }
}

fn table_part(document: &Document, entry: &TableEntry) -> Part {
    let table = &entry.table;
    let mut cells = Cells::default();
    let mut rows: Vec<Vec<Cell>> = Vec::with_capacity(table.rows.len() + 1);
    for (place, category) in table.rows.categories().iter().enumerate() {
        let total = table.row_totals.get(place).copied().flatten();
        rows.push(cells.row((category.key.as_str(), category.label.as_str()), table.row(place), total));
    }
    if !table.column_totals.is_empty() {
        rows.push(cells.row(("total", "Total"), &table.column_totals, table.total));
    }
    let mut marks = marks::of_release(document);
    marks.extend(marks::breaks(table).then_some(Mark::Break));
    Part {
        name: entry.name.clone(),
        caption: table.caption.clone(),
        about: entry.about.clone(),
        notes: table.notes.clone(),
        marks,
        header: header(table),
        rows,
        found: cells.0,
    }
}

fn header(table: &PublishedTable) -> Vec<String> {
    let labels = || table.columns.categories().iter().map(|category| category.label.as_str());
    [table.rows.label().to_owned(), format!("{} code", table.rows.label())]
        .into_iter()
        .chain(labels().chain(["Total"]).map(|label| format!("{label} (number)")))
        .chain(labels().map(|label| format!("{label} (percentage)")))
        .collect()
}

fn measures_part(document: &Document, entry: &MeasureEntry) -> Part {
    let table = &entry.table;
    let mut cells = Cells::default();
    let rows: Vec<Vec<Cell>> = table
        .rows
        .categories()
        .iter()
        .enumerate()
        .map(|(place, category)| {
            let words = [Cell::Text(category.label.clone()), Cell::Text(category.key.clone())];
            words.into_iter().chain(table.row(place).iter().map(|figure| cells.figure(figure))).collect()
        })
        .collect();
    let unit = |measure: &Measure| match measure.unit.as_str() {
        "words" => measure.label.clone(),
        unit => format!("{} ({unit})", measure.label),
    };
    Part {
        name: entry.name.clone(),
        caption: table.caption.clone(),
        about: entry.about.clone(),
        notes: table.notes.clone(),
        marks: marks::of_release(document),
        header: [table.rows.label().to_owned(), format!("{} code", table.rows.label())]
            .into_iter()
            .chain(table.measures.iter().map(unit))
            .collect(),
        rows,
        found: cells.0,
    }
}

/// What the headline measures are called.
pub fn measure_words(measure: &str) -> &str {
    match measure {
        "in_scope" => "Organisations in scope",
        "published" => "With a published grade",
        "meeting" => "Meeting the standard now",
        "older_edition_only" => "With a grade of an older edition only",
        "inherited" => "With the status of a successor",
        "provisional" => "Not reviewed yet",
        "open_to_challenge" => "Decided, and open to challenge",
        "late" => "Filed late",
        other => other,
    }
}

fn headline_part(document: &Document) -> Part {
    let headline = &document.headline;
    let mut cells = Cells::default();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (measure, count) in headline.measures() {
        let count = Some(count);
        rows.push(vec![
            Cell::Text(measure_words(measure).to_owned()),
            Cell::Text(measure.to_owned()),
            cells.count(count),
            cells.share(count, Some(headline.in_scope)),
        ]);
    }
    if headline.late.is_none() {
        rows.push(vec![
            Cell::Text(measure_words("late").to_owned()),
            Cell::Text("late".to_owned()),
            cells.mark(Mark::NotAvailable),
            cells.mark(Mark::NotAvailable),
        ]);
    }
    Part {
        name: super::HEADLINE.to_owned(),
        caption: "Headline figures".to_owned(),
        about: "The figures people ask for first. Percentages are of the organisations in scope.".to_owned(),
        notes: Vec::new(),
        marks: marks::of_release(document),
        header: ["Measure", "Measure code", "Organisations (number)", "Of those in scope (percentage)"]
            .map(str::to_owned)
            .to_vec(),
        rows,
        found: cells.0,
    }
}
