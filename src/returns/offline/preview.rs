//! What a workbook would change: every row held against the version that was downloaded and the one that is there now.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::{Value, json};

use super::cell::brief;
use super::columns::{ANSWERS, Column, STATEMENTS};
use super::filled::{Filled, Wrong};
use super::workbook_in::{Uploaded, UploadedRow, UploadedTick};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::platform::ids::{AnswerId, PersonId};
use crate::returns::answer_form::AnswerForm;
use crate::returns::readiness::{Line, read_value};
use crate::returns::save_answer::NewAnswer;
use crate::returns::store::EarlierAnswer;
use crate::standards::{Asked, Requirement, RequirementKind};

/// One answer that the workbook would change.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// The requirement's code.
    pub code: String,
    /// The answer to save, over the version that is there now.
    pub new: NewAnswer,
    /// What is there now.
    pub now: Filled,
    /// What the workbook says.
    pub typed: Filled,
    /// Who saved what is there now, and when.
    pub saved: Option<(Option<PersonId>, Timestamp)>,
}

/// One thing in the workbook that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowError {
    /// Where: sheet, row and column.
    pub at: String,
    /// The requirement's code, as it stands there.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// What a workbook would change.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Answers that nobody has changed since the download.
    pub changes: Vec<Change>,
    /// Answers that somebody has changed since.
    pub conflicts: Vec<Change>,
    /// What cannot be taken.
    pub errors: Vec<RowError>,
    /// Rows that say what is there already.
    pub unchanged: usize,
    /// Requirements that the workbook does not name any more.
    pub left_out: usize,
}

/// Earlier states of answers, by answer and version.
pub(super) type Earlier = HashMap<(AnswerId, i64), EarlierAnswer>;

/// The plan of a workbook over a return as it stands. `earlier` holds the versions that [`versions_needed`] named.
///
/// # Errors
/// When something stored cannot be read, which is a fault.
pub(super) fn plan(uploaded: &Uploaded, lines: &[Line<'_>], earlier: &Earlier) -> Result<Plan> {
    let put: HashMap<&str, &Line<'_>> = lines
        .iter()
        .filter(|line| line.asked != Asked::NotAsked)
        .map(|line| (line.requirement.code.as_str(), line))
        .collect();
    let mut plan = Plan { left_out: put.len(), ..Plan::default() };
    let ticks = Ticks::of(uploaded, &put, &mut plan.errors);
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for row in &uploaded.rows {
        let Some(line) = put.get(row.code.as_str()) else {
            plan.errors.push(error(uploaded, row, Column::Code, &unknown(&row.code)));
            continue;
        };
        if let Some(first) = seen.insert(row.code.as_str(), row.row) {
            let message = format!("{} stands in row {first} already. Take one of the two rows out", row.code);
            plan.errors.push(error(uploaded, row, Column::Code, &message));
            continue;
        }
        plan.left_out -= 1;
        if !row.wrong.is_empty() {
            plan.errors.extend(row.wrong.iter().map(|(column, said)| error(uploaded, row, *column, said)));
            continue;
        }
        read_row(&mut plan, uploaded, row, line, (&ticks, earlier))?;
    }
    Ok(plan)
}

fn unknown(code: &str) -> String {
    if code.is_empty() {
        "The row has no code, so it cannot be told what it answers. Enter the code, or empty the row"
            .to_owned()
    } else {
        format!("{} is no requirement of this return. Correct the code, or take the row out", brief(code))
    }
}

fn error(uploaded: &Uploaded, row: &UploadedRow, column: Column, message: &str) -> RowError {
    let letter = uploaded.letters.get(&column).map_or("", String::as_str);
    RowError {
        at: format!("{ANSWERS}, row {}, column {letter} ({})", row.row, column.heading()),
        code: brief_code(&row.code),
        message: message.to_owned(),
    }
}

fn brief_code(code: &str) -> String {
    code.chars().take(60).collect()
}

/// The version that a row was downloaded at.
fn version_of(row: &UploadedRow) -> Option<i64> {
    row.version.parse().ok().filter(|version| *version >= 0)
}

/// The earlier states that a plan has to be held against: of answers that are not at the version of the download.
pub(super) fn versions_needed(uploaded: &Uploaded, lines: &[Line<'_>]) -> Vec<(AnswerId, i64)> {
    let answers: HashMap<&str, (AnswerId, i64)> = lines
        .iter()
        .filter_map(|line| Some((line.requirement.code.as_str(), (line.answer?.id, line.answer?.version))))
        .collect();
    let stale = uploaded.rows.iter().filter_map(|row| {
        let (id, now) = answers.get(row.code.as_str())?;
        let downloaded = version_of(row).filter(|version| *version > 0 && version != now)?;
        Some((*id, downloaded))
    });
    stale.collect()
}

/// What was there when the workbook was downloaded: cells, and the stored answer behind them.
struct Before {
    cells: Filled,
    stored: AnswerForm,
    /// Whether it is there still.
    is_now: bool,
}

fn before(row: &UploadedRow, line: &Line<'_>, earlier: &Earlier) -> Result<Option<Before>> {
    let now = line.answer.map_or(0, |answer| answer.version);
    let comment = line.answer.map_or("", |answer| answer.comment.as_str());
    match version_of(row) {
        Some(version) if version == now => Ok(Some(Before {
            cells: super::workbook_out::cells_of(line),
            stored: AnswerForm::of(line.value.as_ref(), comment, now),
            is_now: true,
        })),
        Some(0) => Ok(Some(Before {
            cells: Filled::of(None, "", None),
            stored: AnswerForm::default(),
            is_now: false,
        })),
        Some(version) => {
            let found = line.answer.and_then(|answer| earlier.get(&(answer.id, version)));
            let Some(found) = found else { return Ok(None) };
            let value = read_value(line.requirement, &found.value)?;
            Ok(Some(Before {
                cells: Filled::of(value.as_ref(), &found.comment, Some(found.state)),
                stored: AnswerForm::of(value.as_ref(), &found.comment, version),
                is_now: false,
            }))
        }
        None => Ok(None),
    }
}

fn read_row(
    plan: &mut Plan,
    uploaded: &Uploaded,
    row: &UploadedRow,
    line: &Line<'_>,
    (ticks, earlier): (&Ticks<'_>, &Earlier),
) -> Result<()> {
    let now = super::workbook_out::cells_of(line);
    let before = before(row, line, earlier)?;
    let (cells, stored) = before.as_ref().map_or_else(
        || (Filled::of(None, "", None), AnswerForm::default()),
        |before| (before.cells.clone(), before.stored.clone()),
    );
    let Some(ticked) = ticks.over(line.requirement, &cells.ticked) else { return Ok(()) };
    let typed = Filled { ticked, ..row.typed.clone() }.typed(line.requirement, &cells);
    if (before.is_some() && typed == cells) || typed == now {
        plan.unchanged += 1;
        return Ok(());
    }
    let version = line.answer.map_or(0, |answer| answer.version);
    match typed.answer((line.id, line.requirement), (&cells, &stored), version) {
        Err(list) => plan.errors.extend(list.into_iter().map(|Wrong { column, message }| {
            let column = column.unwrap_or(Column::Answer);
            error(uploaded, row, column, &message)
        })),
        Ok(new) => {
            let change = Change {
                code: line.requirement.code.to_string(),
                new,
                now,
                typed,
                saved: line.answer.map(|answer| (answer.updated_by, answer.updated_at)),
            };
            if before.is_some_and(|before| before.is_now) {
                plan.changes.push(change);
            } else {
                plan.conflicts.push(change);
            }
        }
    }
    Ok(())
}

/// What the sheet of statements says, by requirement and statement.
struct Ticks<'a> {
    said: HashMap<(&'a str, &'a str), bool>,
    /// Requirements with a row that cannot be taken.
    broken: Vec<&'a str>,
}

impl<'a> Ticks<'a> {
    fn of(uploaded: &'a Uploaded, put: &HashMap<&str, &Line<'_>>, errors: &mut Vec<RowError>) -> Self {
        let mut ticks = Self { said: HashMap::new(), broken: Vec::new() };
        for tick in &uploaded.ticks {
            let known = put
                .get(tick.code.as_str())
                .is_some_and(|line| codes(line.requirement).any(|code| code == tick.statement));
            let key = (tick.code.as_str(), tick.statement.as_str());
            let message = match (known, ticks.said.entry(key), said(tick)) {
                (false, ..) => {
                    Some(format!("{} is no statement of {}", brief(&tick.statement), brief(&tick.code)))
                }
                (true, Entry::Occupied(_), _) => Some(
                    "The statement stands in another row already. Take one of the two rows out".to_owned(),
                ),
                (true, Entry::Vacant(_), None) => {
                    Some("Enter Yes or No, as a value and not as a formula".to_owned())
                }
                (true, Entry::Vacant(free), Some(truth)) => {
                    free.insert(truth);
                    None
                }
            };
            if let Some(message) = message {
                ticks.broken.push(tick.code.as_str());
                errors.push(RowError {
                    at: format!("{STATEMENTS}, row {}", tick.row),
                    code: brief_code(&tick.code),
                    message,
                });
            }
        }
        ticks
    }

    /// The statements that are true after the workbook, in the edition's order; those it does not name stay as they
    /// were. None when one of its rows cannot be taken, which has been said.
    fn over(&self, requirement: &Requirement, before: &[String]) -> Option<Vec<String>> {
        let code = requirement.code.as_str();
        if self.broken.contains(&code) {
            return None;
        }
        let is_true = |statement: &str| {
            let said = self.said.get(&(code, statement)).copied();
            said.unwrap_or_else(|| before.iter().any(|known| known == statement))
        };
        Some(codes(requirement).filter(|statement| is_true(statement)).map(str::to_owned).collect())
    }
}

/// The codes of an outcome's statements, in the edition's order.
fn codes(requirement: &Requirement) -> impl Iterator<Item = &str> {
    let groups = match &requirement.kind {
        RequirementKind::Outcome { achieved, partially_achieved, not_achieved, .. } => {
            [achieved.as_slice(), partially_achieved.as_slice(), not_achieved.as_slice()]
        }
        _ => [[].as_slice(), [].as_slice(), [].as_slice()],
    };
    groups.into_iter().flatten().map(|indicator| indicator.code.as_str())
}

fn said(tick: &UploadedTick) -> Option<bool> {
    match tick.ticked.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" => Some(true),
        "" | "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

impl Plan {
    /// Names what the plan would do, so that what is applied is what was shown: another answer saved meanwhile gives
    /// another name.
    ///
    /// # Errors
    /// When it does not serialise.
    pub fn fingerprint(&self) -> Result<String> {
        let line = |change: &Change| json!([change.code, change.new.version, change.new.state()]);
        let all = |list: &[Change]| Value::Array(list.iter().map(line).collect());
        let named = to_string(&json!([all(&self.changes), all(&self.conflicts)]))?;
        Ok(hex(&sha256(named.as_bytes())))
    }
}
