//! What a workbook would change: every change, every conflict with both texts, every error; and the button that applies it.

use serde::Serialize;

use crate::platform::pages::{Cell, Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::returns::offline::filled::Filled;
use crate::returns::offline::preview::{Change, Plan};
use crate::returns::pages::{sample_way, way_of};
use crate::returns::readiness::{question_href, return_href};
use crate::returns::store::Found;

/// An uploaded workbook as its preview is told of it.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The name it was uploaded under.
    pub file_name: String,
    /// When, in microseconds.
    pub uploaded_at: i64,
    /// By whom.
    pub uploaded_by: String,
    /// Where its preview is.
    pub href: String,
    /// Why it cannot be applied now; empty when it can.
    pub why_not: String,
}

/// The preview.
#[derive(Debug, Serialize)]
pub struct PreviewPage {
    organisation: String,
    errors: ErrorSummary,
    file_name: String,
    uploaded_at: i64,
    uploaded_by: String,
    why_not: String,
    count: usize,
    changes: Vec<Vec<Cell>>,
    conflicting: usize,
    conflicts: Vec<Vec<Cell>>,
    take: Field,
    choices: Vec<Choice>,
    wrong: Vec<Vec<Cell>>,
    unchanged: usize,
    left_out: usize,
    button: String,
    fingerprint: String,
    href: String,
    offline_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl PreviewPage {
    /// The preview of a workbook.
    pub fn new(
        found: &Found,
        seen: Seen,
        (plan, fingerprint): (&Plan, String),
        who: impl Fn(&Change) -> String,
        errors: &FormErrors,
    ) -> Self {
        let link = |code: &str| Cell::link(code, question_href(&found.code, &found.collection.key, code));
        let overview = return_href(&found.code, &found.collection.key);
        Self {
            organisation: found.name.clone(),
            errors: errors.summary(),
            file_name: seen.file_name,
            uploaded_at: seen.uploaded_at,
            uploaded_by: seen.uploaded_by,
            button: if seen.why_not.is_empty() { button(plan) } else { String::new() },
            why_not: seen.why_not,
            count: plan.changes.len(),
            changes: plan.changes.iter().flat_map(|change| rows(change, &link(&change.code), None)).collect(),
            conflicting: plan.conflicts.len(),
            conflicts: plan
                .conflicts
                .iter()
                .flat_map(|change| rows(change, &link(&change.code), Some(who(change))))
                .collect(),
            take: take_field(errors),
            choices: plan
                .conflicts
                .iter()
                .map(|change| {
                    Choice::new(&change.code, format!("Take the workbook's answer to {}", change.code))
                })
                .collect(),
            wrong: plan
                .errors
                .iter()
                .map(|error| [&error.at, &error.code, &error.message].map(Cell::text).to_vec())
                .collect(),
            unchanged: plan.unchanged,
            left_out: plan.left_out,
            fingerprint,
            href: seen.href,
            offline_href: format!("{overview}/offline"),
            way: way_of(found),
        }
    }
}

fn take_field(errors: &FormErrors) -> Field {
    Field::new("take", "In which of these shall the workbook's answer stand?")
        .hint("Those that you do not choose stay as they are on the website")
        .errors(errors)
}

/// What the button says; empty when there is nothing to apply.
fn button(plan: &Plan) -> String {
    match (plan.changes.len(), plan.conflicts.len()) {
        (0, 0) => String::new(),
        (0, _) => "Apply the answers chosen".to_owned(),
        (1, 0) => "Apply the 1 change".to_owned(),
        (changes, 0) => format!("Apply the {changes} changes"),
        (1, _) => "Apply the 1 change and the answers chosen".to_owned(),
        (changes, _) => format!("Apply the {changes} changes and the answers chosen"),
    }
}

/// A row for each cell that differs. In a conflict the first one says who saved what is there now.
fn rows(change: &Change, link: &Cell, saved: Option<String>) -> Vec<Vec<Cell>> {
    let (now, typed) = (&change.now, &change.typed);
    let ticks = |filled: &Filled| filled.ticked.join(", ");
    let state = change.new.state().words().to_owned();
    let pairs = [
        ("Answer", now.answer.clone(), typed.answer.clone()),
        ("Statements that are true", ticks(now), ticks(typed)),
        ("Statement", now.statement.clone(), typed.statement.clone()),
        ("Alternative control", now.alternative.clone(), typed.alternative.clone()),
        ("Comment", now.comment.clone(), typed.comment.clone()),
        ("State", now.state.clone(), state),
    ];
    let differing = pairs.into_iter().filter(|(_, now, typed)| now != typed);
    let said = |text: String| Cell::text(if text.is_empty() { "Nothing".to_owned() } else { text });
    let mut saved = saved;
    differing
        .map(|(what, now, typed)| {
            let what = match saved.take().filter(|saved| !saved.is_empty()) {
                Some(saved) => format!("{what} (saved {saved})"),
                None => what.to_owned(),
            };
            vec![link.clone(), Cell::text(what), said(now), said(typed)]
        })
        .collect()
}

impl Page for PreviewPage {
    const TEMPLATE: &'static str = "returns/offline/preview.html";

    fn title(&self) -> String {
        "What your workbook would change".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |cells: [&str; 3]| {
            let mut row = vec![Cell::link("1-101", "/organisations/ZZ001/returns/2026/requirements/1-101")];
            row.extend(cells.map(Cell::text));
            row
        };
        let bare = || Self {
            organisation: "Example Trust".to_owned(),
            errors: FormErrors::new().summary(),
            file_name: "ZZ001-2026.ods".to_owned(),
            uploaded_at: 1_780_000_000_000_000,
            uploaded_by: "Ada Example".to_owned(),
            why_not: String::new(),
            count: 0,
            changes: Vec::new(),
            conflicting: 0,
            conflicts: Vec::new(),
            take: take_field(&FormErrors::new()),
            choices: Vec::new(),
            wrong: Vec::new(),
            unchanged: 110,
            left_out: 0,
            button: String::new(),
            fingerprint: "00".repeat(32),
            href: "/organisations/ZZ001/returns/2026/offline/workbook/1".to_owned(),
            offline_href: "/organisations/ZZ001/returns/2026/offline".to_owned(),
            way: sample_way(),
        };
        let mut errors = FormErrors::new();
        errors.add("take", "Choose at least one answer to take from the workbook");
        let typical = |errors: &FormErrors| Self {
            errors: errors.summary(),
            count: 1,
            changes: vec![row(["Answer", "Nothing", "2"]), row(["State", "Not started", "Completed"])],
            conflicting: 1,
            conflicts: vec![row(["Comment (saved by Grace Example)", "Online words", "Offline words"])],
            take: take_field(errors),
            choices: vec![Choice::new("1-101", "Take the workbook's answer to 1-101")],
            wrong: vec![
                ["Answers, row 7, column G (Answer)", "1-102", "Enter a date"].map(Cell::text).to_vec(),
            ],
            unchanged: 3,
            left_out: 2,
            button: "Apply the 1 change and the answers chosen".to_owned(),
            ..bare()
        };
        let closed =
            Self { why_not: "The collection is closed.".to_owned(), button: String::new(), ..bare() };
        vec![
            ("empty", bare()),
            ("typical", typical(&FormErrors::new())),
            ("error", typical(&errors)),
            ("closed", closed),
        ]
    }
}
