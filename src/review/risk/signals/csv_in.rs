//! Reading signals from a CSV file: columns by their names and in any order, every wrong row told, all or nothing.

use std::collections::HashMap;

use csv::StringRecord;

use super::csv_out::{COLUMNS, begins_like_a_formula};
use super::{NOTE_LIMIT, NewSignal, SOURCE_LIMIT, Severity, SignalKind};
use crate::platform::clock::Day;
use crate::platform::ids::OrganisationId;

/// The most bytes of a file.
pub(in crate::review::risk) const CSV_LIMIT: u64 = 4 * 1024 * 1024;
/// The most rows of a file.
const ROWS_LIMIT: usize = 20_000;
/// Columns that need not be there.
const OPTIONAL: [&str; 2] = ["name", "note"];

/// One thing wrong with a file: the row, or 0 for the file as a whole, and a sentence.
pub(in crate::review::risk) type RowProblem = (u64, String);

/// A signal as a file says it: of an organisation by its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadSignal {
    /// The organisation's code.
    pub code: String,
    kind: SignalKind,
    on: Day,
    severity: Severity,
    source: String,
    note: String,
}

impl ReadSignal {
    /// The signal, about the organisation that has the code.
    #[must_use]
    pub fn about(self, organisation: OrganisationId) -> NewSignal {
        let Self { kind, on, severity, source, note, .. } = self;
        NewSignal { organisation, kind, on, severity, source, note }
    }
}

/// The signals of a file.
pub(in crate::review::risk) fn signals_from_csv(
    bytes: &[u8],
    today: Day,
) -> Result<Vec<(u64, ReadSignal)>, Vec<RowProblem>> {
    let whole = |message: &str| vec![(0, message.to_owned())];
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(whole("The file is not UTF-8 text. Save it as CSV (UTF-8) and upload that."));
    };
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.matches(';').count() > head.matches(',').count() { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|e| whole(&e.to_string()))?.clone();
    let columns = columns(&headers)?;
    let (mut read, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|e| whole(&e.to_string()))?;
        let number = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match signal(&columns, &record, today) {
            Ok(signal) => read.push((number, signal)),
            Err(messages) => problems.extend(messages.into_iter().map(|message| (number, message))),
        }
    }
    if read.len() > ROWS_LIMIT {
        return Err(whole(&format!("The file has more than {ROWS_LIMIT} rows.")));
    }
    if problems.is_empty() { Ok(read) } else { Err(problems) }
}

fn columns(headers: &StringRecord) -> Result<HashMap<&'static str, usize>, Vec<RowProblem>> {
    let mut found = HashMap::new();
    let mut problems = Vec::new();
    for (at, header) in headers.iter().enumerate() {
        let name = header.trim().to_lowercase();
        match COLUMNS.iter().find(|column| **column == name) {
            Some(column) if found.insert(*column, at).is_some() => {
                problems.push((1, format!("The column {column} is there twice.")));
            }
            Some(_) => {}
            None if name.is_empty() => {}
            None => problems.push((1, format!("There is no column \"{name}\" in a list of signals."))),
        }
    }
    for column in COLUMNS.iter().filter(|column| !OPTIONAL.contains(column) && !found.contains_key(*column)) {
        problems.push((1, format!("The column {column} is missing.")));
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

fn signal(
    columns: &HashMap<&'static str, usize>,
    row: &StringRecord,
    today: Day,
) -> Result<ReadSignal, Vec<String>> {
    let cell = |column: &str| {
        let cell = columns.get(column).and_then(|at| row.get(*at)).unwrap_or_default().trim();
        // The sign that keeps a spreadsheet from running what follows.
        cell.strip_prefix('\'').filter(|rest| begins_like_a_formula(rest)).unwrap_or(cell).to_owned()
    };
    let mut problems = Vec::new();
    let code = cell("code").to_uppercase();
    if code.is_empty() {
        problems.push("The code is missing.".to_owned());
    }
    let kind = cell("kind").to_lowercase().parse::<SignalKind>();
    if kind.is_err() {
        problems.push("The kind must be alert, incident or audit.".to_owned());
    }
    let on = cell("day").parse::<Day>().ok();
    match on {
        None => problems.push("The day must be like 2026-03-31.".to_owned()),
        Some(on) if on > today => problems.push("The day must be today or before.".to_owned()),
        Some(_) => {}
    }
    let severity = cell("severity").to_lowercase().parse::<Severity>();
    if severity.is_err() {
        problems.push("The severity must be low, medium or high.".to_owned());
    }
    let (source, note) = (cell("source"), cell("note"));
    if source.is_empty() || source.chars().count() > SOURCE_LIMIT {
        problems.push(format!("The source must have 1 to {SOURCE_LIMIT} characters."));
    }
    if note.chars().count() > NOTE_LIMIT {
        problems.push(format!("The note must have at most {NOTE_LIMIT} characters."));
    }
    match (kind, on, severity) {
        (Ok(kind), Some(on), Ok(severity)) if problems.is_empty() => {
            Ok(ReadSignal { code, kind, on, severity, source, note })
        }
        _ => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use super::super::csv_out::csv_of;
    use super::super::list::Listed;
    use super::*;
    use crate::platform::ids::SignalId;

    fn today() -> Day {
        "2026-01-13".parse().unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let listed = Listed {
            id: SignalId::new(1),
            code: "ZZ001".to_owned(),
            name: "=Fenwick".to_owned(),
            kind: SignalKind::Audit,
            on: "2025-11-30".parse().unwrap(),
            severity: Severity::High,
            source: "Independent audit".to_owned(),
            note: "-1 on \"veracity\",\nsee the report".to_owned(),
        };
        let bytes = csv_of(std::slice::from_ref(&listed)).unwrap();
        let read = signals_from_csv(&bytes, today()).unwrap();
        let [(2, signal)] = read.as_slice() else { panic!("{read:?}") };
        let new = signal.clone().about(OrganisationId::new(9));
        assert_eq!((new.kind, new.severity, new.on), (listed.kind, listed.severity, listed.on));
        assert_eq!((new.source, new.note), (listed.source, listed.note));
    }

    #[test]
    fn every_wrong_row_is_told() {
        let text = "code;kind;day;severity;source\nZZ1;alert;2026-01-14;high;NHS\n;no;x;much;\n\nZZ2;audit;2026-01-13;low;A\n";
        let problems = signals_from_csv(text.as_bytes(), today()).unwrap_err();
        assert_eq!(problems.iter().filter(|(row, _)| *row == 2).count(), 1);
        assert_eq!(problems.iter().filter(|(row, _)| *row == 3).count(), 5);
        for (text, said) in
            [("code,kind\n", "column day is missing"), ("code,colour\n", "no column \"colour\"")]
        {
            let told = signals_from_csv(text.as_bytes(), today()).unwrap_err();
            assert!(told.iter().any(|(_, message)| message.contains(said)), "{told:?}");
        }
        assert!(signals_from_csv(b"\xff", today()).unwrap_err()[0].1.contains("UTF-8"));
    }
}
