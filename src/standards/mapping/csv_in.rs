//! Reading a mapping from a CSV file: columns by their names and in any order, every wrong row told, all or nothing.

use std::collections::HashMap;

use csv::StringRecord;

use super::check::faults;
use super::csv_out::{COLUMNS, begins_like_a_formula};
use super::model::{LINES_LIMIT, Line, LineKind};
use crate::standards::keys::{RequirementCode, shorten};
use crate::standards::model::Edition;

/// The most bytes of a file.
pub const CSV_LIMIT: u64 = 4 * 1024 * 1024;
/// Columns that need not be there.
const OPTIONAL: [&str; 3] = ["from_title", "to_title", "note"];

/// One thing wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The line of the file, from 1; 0 for the file as a whole.
    pub row: u64,
    /// What is wrong, as a sentence.
    pub message: String,
}

impl RowProblem {
    fn whole(message: impl Into<String>) -> Self {
        Self { row: 0, message: message.into() }
    }

    /// Where in the file.
    #[must_use]
    pub fn place(&self) -> String {
        if self.row == 0 { "The file".to_owned() } else { format!("Row {}", self.row) }
    }
}

/// A file read as a table.
struct Table {
    columns: HashMap<&'static str, usize>,
    rows: Vec<(u64, StringRecord)>,
}

impl Table {
    fn cell<'r>(&self, row: &'r StringRecord, column: &str) -> &'r str {
        let cell = self.columns.get(column).and_then(|at| row.get(*at)).unwrap_or_default().trim();
        // The sign that keeps a spreadsheet from running what follows.
        cell.strip_prefix('\'').filter(|rest| begins_like_a_formula(rest)).unwrap_or(cell)
    }
}

/// The keys of the two editions that a file names, as its first row says.
///
/// # Errors
/// What is wrong with the file.
pub fn editions_named(bytes: &[u8]) -> Result<(String, String), Vec<RowProblem>> {
    let table = table(bytes)?;
    let first = table.rows.first().map(|(_, row)| row);
    let first = first.ok_or_else(|| vec![RowProblem::whole("The file has no rows.")])?;
    Ok((table.cell(first, "from_edition").to_owned(), table.cell(first, "to_edition").to_owned()))
}

/// The lines of a file about these two editions.
///
/// # Errors
/// Every problem, in the order of the rows.
pub fn lines_from_csv(bytes: &[u8], from: &Edition, to: &Edition) -> Result<Vec<Line>, Vec<RowProblem>> {
    let table = table(bytes)?;
    if table.rows.len() > LINES_LIMIT {
        return Err(vec![RowProblem::whole(format!("The file has more than {LINES_LIMIT} rows."))]);
    }
    let (mut lines, mut places, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for (number, row) in &table.rows {
        match line(&table, row, from, to) {
            Ok(None) => {}
            Ok(Some(line)) => {
                lines.push(line);
                places.push(*number);
            }
            Err(messages) => {
                problems.extend(messages.into_iter().map(|message| RowProblem { row: *number, message }));
            }
        }
    }
    let found = faults(&lines, from, to).into_iter();
    problems.extend(found.map(|fault| RowProblem {
        row: places.get(fault.line).copied().unwrap_or_default(),
        message: fault.message,
    }));
    problems.sort_by_key(|problem| problem.row);
    if problems.is_empty() { Ok(lines) } else { Err(problems) }
}

fn table(bytes: &[u8]) -> Result<Table, Vec<RowProblem>> {
    let refused = |message: &str| Err(vec![RowProblem::whole(message)]);
    if bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf]) {
        return refused("This is a spreadsheet file. Save it as CSV (UTF-8) and upload that.");
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return refused("The file is not UTF-8 text. Save it as CSV (UTF-8) and upload that.");
    };
    // With one kind of line end the reader counts lines as people do.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let head = text.lines().next().unwrap_or_default();
    let count = |sign: char| head.matches(sign).count();
    let delimiter = if count(';') > count(',') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|e| vec![RowProblem::whole(e.to_string())])?.clone();
    let columns = columns(&headers)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| vec![RowProblem::whole(e.to_string())])?;
        let number = record.position().map_or(0, csv::Position::line);
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push((number, record));
        }
    }
    Ok(Table { columns, rows })
}

/// Where each column stands. Columns may be moved; one that is missing, unknown or there twice is told.
fn columns(headers: &StringRecord) -> Result<HashMap<&'static str, usize>, Vec<RowProblem>> {
    let (mut found, mut problems) = (HashMap::new(), Vec::new());
    for (at, header) in headers.iter().enumerate() {
        let name = header.trim().to_lowercase();
        match COLUMNS.iter().find(|column| **column == name) {
            Some(column) if found.insert(*column, at).is_some() => {
                problems.push(RowProblem { row: 1, message: format!("The column {column} is there twice.") });
            }
            Some(_) => {}
            None if name.is_empty() => {}
            None => problems.push(RowProblem {
                row: 1,
                message: format!("There is no column \"{}\" in a mapping.", shorten(header)),
            }),
        }
    }
    for column in COLUMNS.iter().filter(|column| !OPTIONAL.contains(column) && !found.contains_key(*column)) {
        problems.push(RowProblem { row: 1, message: format!("The column {column} is missing.") });
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// The line of a row; none where nothing is decided yet.
fn line(
    table: &Table,
    row: &StringRecord,
    from: &Edition,
    to: &Edition,
) -> Result<Option<Line>, Vec<String>> {
    let mut problems = Vec::new();
    for (column, edition) in [("from_edition", from), ("to_edition", to)] {
        let named = table.cell(row, column);
        if named != edition.key().as_str() {
            problems.push(format!(
                "{column} says \"{}\", but this mapping is about {}.",
                shorten(named),
                edition.key()
            ));
        }
    }
    let mut code = |column: &str| match table.cell(row, column) {
        "" => None,
        text => RequirementCode::new(text).map_err(|e| problems.push(e.to_string())).ok(),
    };
    let (from_code, to_code) = (code("from_code"), code("to_code"));
    let said = table.cell(row, "kind").to_lowercase();
    let kind = said.parse::<LineKind>().ok();
    if kind.is_none() && !said.is_empty() {
        let all: Vec<&str> = LineKind::ALL.iter().map(|kind| kind.as_str()).collect();
        problems.push(format!("\"{}\" is no kind: write one of {}.", shorten(&said), all.join(", ")));
    }
    if said.is_empty() && from_code.is_some() && to_code.is_some() {
        problems.push("The kind is missing.".to_owned());
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let note = table.cell(row, "note").to_owned();
    Ok(kind.map(|kind| Line { from: from_code, to: to_code, kind, note }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::csv_out::csv_of;
    use super::*;
    use crate::standards::testing::{code, edition, levels_document};

    fn pair() -> (Edition, Edition) {
        let mut document = levels_document(3);
        document["edition"]["key"] = json!("sample-2027");
        document["requirements"][2]["title"] = json!("=HYPERLINK(\"x\")");
        (edition(&levels_document(3)), edition(&document))
    }

    fn read(text: &str) -> Result<Vec<Line>, Vec<String>> {
        let (from, to) = pair();
        let told = |problem: RowProblem| format!("{}: {}", problem.place(), problem.message);
        lines_from_csv(text.as_bytes(), &from, &to).map_err(|all| all.into_iter().map(told).collect())
    }

    #[test]
    fn what_is_written_is_read_back() {
        let (from, to) = pair();
        let retired = Line {
            from: Some(code("1-3")),
            to: None,
            kind: LineKind::Retired,
            note: "=1+1, \"quoted\"\nand a second line".to_owned(),
        };
        let lines = vec![Line::between(code("1-1"), code("1-2"), LineKind::Reworded), retired];
        let bytes = csv_of(&lines, &from, &to).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains("'=HYPERLINK") && text.contains("'=1+1"), "{text}");
        assert_eq!(lines_from_csv(&bytes, &from, &to).unwrap(), lines);
        assert_eq!(editions_named(&bytes).unwrap(), ("sample-2026".to_owned(), "sample-2027".to_owned()));
        // Once for each requirement and line: 1-1 and 1-3 of the newer have none, 1-2 of the older neither.
        assert_eq!(text.lines().filter(|line| line.starts_with("sample-2026")).count(), 5);
    }

    #[test]
    fn columns_may_be_moved_and_the_delimiter_changed() {
        let moved = "\u{feff}kind;to_code;from_code;to_edition;from_edition\r\nReworded;1-1;1-2;sample-2027;sample-2026\r\n;;;;\r\n";
        assert_eq!(read(moved).unwrap(), [Line::between(code("1-2"), code("1-1"), LineKind::Reworded)]);
    }

    #[test]
    fn every_wrong_row_is_told_with_its_number() {
        let head = "from_edition,from_code,to_edition,to_code,kind\n";
        let row = |text: &str| read(&format!("{head}{text}\n")).unwrap_err().join(" | ");
        assert!(row("sample-2026,9-9,sample-2027,1-1,reworded").starts_with("Row 2: 9-9 is no requirement"));
        assert!(row("sample-2025,1-1,sample-2027,1-1,reworded").contains("says \"sample-2025\""));
        assert!(row("sample-2026,1-1,sample-2027,1-1,renamed").contains("is no kind"));
        assert!(row("sample-2026,1-1,sample-2027,1-1,").contains("The kind is missing"));
        assert!(row("sample-2026,=1+1,sample-2027,1-1,reworded").contains("is not a requirement code"));
        let twice = "sample-2026,1-1,sample-2027,1-1,reworded\nsample-2026,1-1,sample-2027,1-1,reworded";
        assert!(row(twice).starts_with("Row 3:"));
        let both = "sample-2026,1-1,sample-2027,1-1,renamed\nx,1-1,y,1-1,reworded";
        assert_eq!(row(both).matches("Row ").count(), 3);
    }

    #[test]
    fn what_is_no_table_is_refused_as_a_whole() {
        for (text, said) in [
            ("", "The column from_edition is missing"),
            ("PK\u{3}\u{4}", "spreadsheet file"),
            ("from_edition,from_code,to_edition,to_code,kind,kind\n", "there twice"),
            ("from_edition,from_code,to_edition,to_code,kind,level\n", "no column \"level\""),
            ("from_code,to_code\n", "The column kind is missing"),
        ] {
            let told = read(text).unwrap_err().join(" | ");
            assert!(told.contains(said), "{said}: {told}");
        }
        let (from, to) = pair();
        assert!(lines_from_csv(b"from_edition,\xff\n", &from, &to).unwrap_err()[0].message.contains("UTF-8"));
        assert!(editions_named(b"from_edition,from_code,to_edition,to_code,kind\n").is_err());
    }
}
