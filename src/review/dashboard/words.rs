//! How the lists of the dashboard read, on the page and in their files alike.

use super::store::{AtRisk, MoreTime, Waiting};
use crate::platform::clock::Timestamp;
use crate::returns::ReturnState;
use crate::review::pages::Cell;
use crate::standards::SectorKey;

/// The heads of the list of organisations at risk.
pub(super) const AT_RISK: [&str; 7] =
    ["Organisation", "Code", "Sector", "Return", "Answers confirmed", "Due", "Why"];

/// An organisation at risk in words.
pub(super) fn at_risk(row: &AtRisk) -> [String; 7] {
    let sector = SectorKey::new(&row.sector).map_or(row.sector.as_str(), |sector| sector.label());
    let state = match (row.submitted, row.state.parse::<ReturnState>()) {
        (true, _) => "Submitted since",
        (false, Ok(state)) => state.words(),
        (false, Err(_)) => "Not started",
    };
    let seen = match row.lead_seen_at {
        Some(at) => format!("A lead was last in the portal on {}.", at.london_day().words()),
        None => "No lead has been in the portal.".to_owned(),
    };
    let why: Vec<&str> = row.rules.iter().map(|rule| rule.words()).collect();
    [
        row.name.clone(),
        row.code.clone(),
        sector.to_owned(),
        state.to_owned(),
        format!("{} of {}", row.confirmed, row.asked),
        row.due_at.london_day().words(),
        format!("{}. {seen}", why.join(", ")),
    ]
}

/// The heads of the list of questions that wait.
pub(super) const QUESTIONS: [&str; 5] = ["Organisation", "Code", "Year", "Asked", "Reply due"];

/// A question in words.
pub(super) fn question(row: &Waiting, now: Timestamp) -> [String; 5] {
    let due = row.due_at.london_day().words();
    [
        row.name.clone(),
        row.code.clone(),
        row.collection.clone(),
        row.asked_at.london_day().words(),
        if row.due_at < now { format!("{due} (overdue)") } else { due },
    ]
}

/// The heads of the list of requests for more time.
pub(super) const MORE_TIME: [&str; 6] = ["Organisation", "Code", "Answer", "Until", "Asked", "Answered"];

/// A request in words.
pub(super) fn more_time(row: &MoreTime) -> [String; 6] {
    [
        row.name.clone(),
        row.code.clone(),
        row.state.words().to_owned(),
        row.until.london_day().words(),
        row.asked_at.london_day().words(),
        row.answered_at.map_or(String::new(), |at| at.london_day().words()),
    ]
}

/// The heads of the list of reviewers.
pub(super) const REVIEWERS: [&str; 6] =
    ["Reviewer", "In hand", "Overdue", "Clock stopped", "Decided in the last 28 days", "Now"];

/// Texts as cells.
pub(super) fn cells(texts: impl IntoIterator<Item = String>) -> Vec<Cell> {
    texts.into_iter().map(Cell::text).collect()
}
