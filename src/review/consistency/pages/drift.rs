//! Alerts that a reviewer's figures differ from the team's, with the rule in words and a note for what was done.

use std::collections::BTreeMap;

use serde::Serialize;

use super::way;
use crate::platform::ids::{AlertId, PersonId};
use crate::platform::pages::{Cell, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::consistency::drift::{Alert, WATCHED};
use crate::review::consistency::model::{AlertState, Measure};

/// An alert that waits for a word.
#[derive(Debug, Serialize)]
struct Open {
    id: i64,
    heading: String,
    says: String,
    note: Field,
}

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct DriftPage {
    rule: String,
    chance: String,
    least: Vec<String>,
    open: Vec<Open>,
    rest: Vec<Vec<Cell>>,
    errors: ErrorSummary,
}

/// The id of an alert's note, which is also its name in errors.
pub(in crate::review) fn note_of(id: AlertId) -> String {
    format!("note-{id}")
}

impl DriftPage {
    /// The page; `typed` is the alert of a refused form.
    pub fn new(
        alerts: &[Alert],
        names: &BTreeMap<PersonId, String>,
        typed: Option<(AlertId, &str)>,
        errors: &FormErrors,
    ) -> Self {
        let name = |of: PersonId| names.get(&of).cloned().unwrap_or_default();
        let open = |alert: &Alert| {
            let text = typed.filter(|(id, _)| *id == alert.id).map(|(_, text)| text).unwrap_or_default();
            Open {
                id: alert.id.get(),
                heading: format!("{}: {}", name(alert.person), alert.measure.words()),
                says: says(alert),
                note: Field::new(note_of(alert.id), "What did you find or do?").value(text).errors(errors),
            }
        };
        let row = |alert: &Alert| {
            vec![
                Cell::text(name(alert.person)),
                Cell::text(alert.measure.words()),
                Cell::text(says(alert)),
                Cell::text(alert.raised_at.london_day().words()),
                Cell::text(alert.state.words()),
                Cell::text(&alert.note),
            ]
        };
        let is_open = |alert: &&Alert| alert.state == AlertState::Open;
        Self {
            rule: rule(),
            chance: chance(alerts),
            least: Measure::ALL.iter().map(|one| format!("{}: {}", one.words(), one.least())).collect(),
            open: alerts.iter().filter(is_open).map(open).collect(),
            rest: alerts.iter().filter(|alert| !is_open(alert)).map(row).collect(),
            errors: errors.summary(),
        }
    }
}

fn rule() -> String {
    format!(
        "Every night the last {WATCHED} days are looked at. An alert is raised when the 95% interval (Wilson) of a \
         reviewer's own rate leaves out the rate that the others would have come to on the same mix of requirements. Of \
         twenty figures about one is outside by chance alone, so that among many reviewers there will be alerts although \
         nobody drifts: an alert is a reason to look, not a finding."
    )
}

/// How many alerts the last look would have given by chance alone; empty while none stands.
fn chance(alerts: &[Alert]) -> String {
    let standing = || alerts.iter().filter(|alert| alert.state != AlertState::Over);
    // All that stand were renewed by the same look.
    let Some(tests) = standing().map(|alert| alert.tests).max() else { return String::new() };
    by_chance(tests, standing().count())
}

/// One in twenty of the tests, in tenths.
fn by_chance(tests: i64, standing: usize) -> String {
    let tenths = tests.saturating_mul(10) / 20;
    format!(
        "The last look tested {tests} {}. Up to {}.{} of them would be outside by chance alone; {standing} {}.",
        if tests == 1 { "figure" } else { "figures" },
        tenths / 10,
        tenths % 10,
        if standing == 1 { "is" } else { "are" }
    )
}

/// The columns of the file.
const HEAD: [&str; 11] = [
    "reviewer",
    "measure",
    "state",
    "hits",
    "tries",
    "low_95",
    "high_95",
    "expected",
    "tests_in_the_look",
    "raised_at",
    "note",
];

/// Every alert as a row of a file.
pub(in crate::review) fn drift_csv(
    alerts: &[Alert],
    names: &BTreeMap<PersonId, String>,
) -> (&'static [&'static str], Vec<Vec<String>>) {
    let row = |alert: &Alert| {
        vec![
            names.get(&alert.person).cloned().unwrap_or_default(),
            alert.measure.as_str().to_owned(),
            alert.state.as_str().to_owned(),
            alert.hits.to_string(),
            alert.tries.to_string(),
            alert.low.clone(),
            alert.high.clone(),
            alert.expected.clone(),
            alert.tests.to_string(),
            alert.raised_at.rfc3339(),
            alert.note.clone(),
        ]
    };
    (&HEAD, alerts.iter().map(row).collect())
}

fn says(alert: &Alert) -> String {
    format!(
        "{} of {} (95% interval {}% to {}%), where the others would have come to {}%.",
        alert.hits, alert.tries, alert.low, alert.high, alert.expected
    )
}

impl Page for DriftPage {
    const TEMPLATE: &'static str = "review/consistency/drift.html";

    fn title(&self) -> String {
        "Alerts of drift".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("note-1", "Say what you found or did");
        let sample = |open: i64, rest: usize, errors: &FormErrors| Self {
            rule: rule(),
            chance: if open > 0 { by_chance(24, 2) } else { String::new() },
            least: vec!["Share of answers downgraded: 50".to_owned()],
            open: (1..=open)
                .map(|id| Open {
                    id,
                    heading: "Ada Reviewer: Share of answers downgraded".to_owned(),
                    says: "40 of 60 (95% interval 54.1% to 77.3%)".to_owned(),
                    note: Field::new(format!("note-{id}"), "What did you find or do?").errors(errors),
                })
                .collect(),
            rest: (0..rest)
                .map(|_| {
                    ["Ada", "Downgraded", "40 of 60", "3 March 2026", "Over", "Talked"]
                        .map(Cell::text)
                        .to_vec()
                })
                .collect(),
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        vec![
            ("empty", sample(0, 0, &none)),
            ("typical", sample(2, 1, &none)),
            ("errors", sample(1, 60, &wrong)),
        ]
    }
}
