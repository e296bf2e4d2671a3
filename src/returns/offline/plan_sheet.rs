//! The improvement plan as a sheet of the workbook. It is there to be read: what is changed in it is not taken.

use super::book::{Cell, Head, Sheet};
use super::cell::shown;
use super::store::Planned;
use crate::platform::clock::Day;
use crate::returns::store::Found;

/// The name of the sheet.
pub(super) const PLAN: &str = "Improvement plan";

/// The sheet; none where nothing is planned.
pub(super) fn sheet(found: &Found, plan: &[Planned]) -> Option<Sheet> {
    if plan.is_empty() {
        return None;
    }
    let heads = [
        ("Code", 10),
        ("Requirement", 30),
        ("Action", 50),
        ("Owner", 24),
        ("Due", 18),
        ("Resources", 30),
        ("Funded", 14),
        ("Progress", 26),
    ];
    Some(Sheet {
        name: PLAN,
        columns: heads.into_iter().map(|(words, width)| Head { words, width, entered: false }).collect(),
        rows: plan.iter().map(|line| row(found, line)).collect(),
    })
}

fn row(found: &Found, line: &Planned) -> Vec<Cell> {
    let position = found.edition.position_of(line.requirement);
    let requirement = position.and_then(|at| found.edition.edition().requirements().get(at));
    let (code, title) = requirement.map(|of| (of.code.as_str(), of.title.as_str())).unwrap_or_default();
    let progress =
        line.done_on.map_or_else(|| "Not done yet".to_owned(), |day| format!("Done on {}", day.words()));
    vec![
        Cell::new(code),
        Cell::new(shown(title)),
        Cell::new(shown(&line.action)),
        Cell::new(shown(line.owner.as_deref().unwrap_or_default())),
        Cell::new(line.due_on.map(Day::words).unwrap_or_default()),
        Cell::new(shown(&line.resources)),
        Cell::new(line.funded.words()),
        Cell::new(progress),
    ]
}
