//! What the standards editor of the demo has made: the mapping from last year's edition to this year's, and one that says
//! which evidence serves another standard.

use std::sync::Arc;

use jiff::civil::Date;

use super::super::editions::{SampleStandard, four_years};
use super::years::Written;
use super::{Seeding, permit, seeding_permit};
use crate::access::{ImportEditionBySystem, ImportMappingBySystem};
use crate::ledger::{self, Event};
use crate::platform::db::{Db, Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::EditionId;
use crate::standards::mapping::{ComparedWith, Line, LineKind, compared_with, import_mapping, usual_lines};
use crate::standards::{Edition, RequirementCode, import_edition, stored_edition};

/// What equal codes do not tell of: old code, new code, kind, note.
const CHANGES: [(&str, &str, LineKind, &str); 9] = [
    ("4.2.3", "4.2.3", LineKind::Split, ""),
    ("4.2.3", "4.3.3", LineKind::Split, "Administrators have a question of their own now."),
    ("6.2.1", "6.2.1", LineKind::Merged, "Protection and macros are one question now."),
    ("6.2.4", "6.2.1", LineKind::Merged, "Protection and macros are one question now."),
    ("8.1.4", "", LineKind::Retired, "The last fax machine was to be gone by now."),
    ("", "7.3.3", LineKind::New, "Attackers go for back-ups first."),
    ("", "8.2.3", LineKind::New, ""),
    ("", "9.3.3", LineKind::New, ""),
    ("", "10.3.3", LineKind::New, ""),
];

/// Evidence for the assertions that serves outcomes too.
const SERVES: [(&str, &str); 10] = [
    ("1.2.1", "E1.a"),
    ("1.4.1", "A1.b"),
    ("1.4.4", "A1.a"),
    ("3.1.1", "B6.b"),
    ("3.2.1", "B6.b"),
    ("4.2.2", "B2.a"),
    ("4.3.1", "B2.c"),
    ("7.3.1", "B3.b"),
    ("7.3.2", "B3.b"),
    ("8.3.1", "B4.c"),
];

/// Writes both mappings, and what this year's returns are compared with.
pub(super) fn write(db: &Db, seeding: &Arc<Seeding>, years: &mut [Written], today: Date) -> Result<()> {
    let shared = Arc::clone(seeding);
    let editions: Vec<EditionId> = years.iter().map(|year| year.edition).collect();
    let outcomes = four_years(SampleStandard::Outcomes, today)
        .map_err(|e| Error::internal("failed to read the sample standards", e))?;
    let compared = db.write_now(Reach::nobodys(), move |tx| {
        let [.., last, current] = &shared.editions;
        let [.., outcomes] = &outcomes;
        onwards(tx, last, current)?;
        across(tx, current, outcomes)?;
        let compared = compared(tx, &editions)?;
        let event =
            Event::of(&seeding_permit()?, "demo_mappings_made", "demo".to_owned(), serde_json::json!({}));
        ledger::append(tx, &event, compared)
    })?;
    if let Some(year) = years.last_mut() {
        year.compared = compared;
    }
    Ok(())
}

fn compared(tx: &mut Tx<'_>, editions: &[EditionId]) -> Result<Option<ComparedWith>> {
    let [.., last, current] = editions else { return Ok(None) };
    let current = stored_edition(tx.conn(), *current)?;
    compared_with(tx.conn(), *last, &current).map(Some)
}

fn onwards(tx: &mut Tx<'_>, last: &Edition, current: &Edition) -> Result<()> {
    let named: Vec<&str> = CHANGES.iter().flat_map(|(from, to, ..)| [*from, *to]).collect();
    let is_named = |code: Option<&RequirementCode>| code.is_some_and(|code| named.contains(&code.as_str()));
    let mut lines: Vec<Line> = usual_lines(last, current)
        .into_iter()
        .filter(|line| !is_named(line.from.as_ref()) && !is_named(line.to.as_ref()))
        .collect();
    for (from, to, kind, note) in CHANGES {
        lines.push(Line { from: code(from)?, to: code(to)?, kind, note: note.to_owned() });
    }
    import(tx, (last, current), &lines)
}

fn across(tx: &mut Tx<'_>, assertions: &Edition, outcomes: &Edition) -> Result<()> {
    import_edition(tx, &permit::<ImportEditionBySystem>("programme")?, outcomes)?;
    let mut lines = Vec::new();
    for (from, to) in SERVES {
        lines.push(Line { from: code(from)?, to: code(to)?, kind: LineKind::Serves, note: String::new() });
    }
    import(tx, (assertions, outcomes), &lines)
}

fn import(tx: &mut Tx<'_>, (from, to): (&Edition, &Edition), lines: &[Line]) -> Result<()> {
    let permit = permit::<ImportMappingBySystem>("programme")?;
    import_mapping(tx, &permit, (from.key().as_str(), to.key().as_str()), lines, true).map(|_| ())
}

/// A code; none of an empty text.
fn code(text: &str) -> Result<Option<RequirementCode>> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = RequirementCode::new(text);
    read.map(Some).map_err(|e| Error::internal("failed to read a code of the demo's mapping", e))
}
