//! Withdrawing a submission, the list of everything that was submitted, and one submission as it was sent.

use std::collections::BTreeMap;

use serde::Serialize;

use super::store::Listed;
use crate::platform::canonical::hex;
use crate::platform::error::Result;
use crate::platform::ids::PersonId;
use crate::platform::pages::{ErrorSummary, Field, FormErrors, Link, Page, Tag};
use crate::returns::model::Snapshot;
use crate::returns::pages::{sample_way, way_of};
use crate::returns::return_href;
use crate::returns::signing::Signature;
use crate::returns::store::Found;
use crate::returns::submission::Submission;
use crate::returns::words::words;
use crate::standards::AnswerValue;
use crate::standards::scoring::GradeKey;

/// Withdrawing.
#[derive(Debug, Serialize)]
pub struct WithdrawPage {
    organisation: String,
    collection: String,
    taken_until: i64,
    /// Whether a reviewer works on it.
    in_review: bool,
    errors: ErrorSummary,
    reason: Field,
    receipt_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl WithdrawPage {
    /// The form, with what was typed.
    #[must_use]
    pub fn new(found: &Found, typed: &str, errors: &FormErrors) -> Self {
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            taken_until: found.collection.taken_until(found.extension).micros(),
            in_review: found.state != crate::returns::ReturnState::Submitted,
            errors: errors.summary(),
            reason: reason(typed, errors),
            receipt_href: format!("{}/receipt", return_href(&found.code, &found.collection.key)),
            way: way_of(found),
        }
    }
}

fn reason(typed: &str, errors: &FormErrors) -> Field {
    Field::new("reason", "Why do you withdraw it?")
        .hint("What you submitted stays on record with this reason. The public sees neither")
        .value(typed)
        .errors(errors)
}

impl Page for WithdrawPage {
    const TEMPLATE: &'static str = "returns/withdrawal/withdraw.html";

    fn title(&self) -> String {
        "Withdraw the submission".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |in_review, errors: &FormErrors| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            taken_until: 1_790_000_000_000_000,
            in_review,
            errors: errors.summary(),
            reason: reason("", errors),
            receipt_href: "/organisations/ZZ001/returns/2026/receipt".to_owned(),
            way: sample_way(),
        };
        let mut errors = FormErrors::new();
        errors.add("reason", "Enter the reason");
        vec![("empty", page(false, &FormErrors::new())), ("error", page(true, &errors))]
    }
}

/// One submission in the list.
#[derive(Debug, Serialize)]
struct Row {
    number: i64,
    href: String,
    submitted_at: i64,
    by: String,
    late: bool,
    grade: String,
    reason: String,
    tag: Tag,
    withdrawn_at: Option<i64>,
    withdrawn_by: String,
    withdrawn_reason: String,
}

/// Everything that was submitted.
#[derive(Debug, Serialize)]
pub struct SubmissionsPage {
    organisation: String,
    collection: String,
    rows: Vec<Row>,
    #[serde(skip)]
    way: Vec<Link>,
}

fn grade(key: &str) -> String {
    GradeKey::parse(key).map_or_else(|| key.to_owned(), |grade| grade.label().to_owned())
}

impl SubmissionsPage {
    /// The submissions of a return, newest first.
    #[must_use]
    pub(super) fn new(found: &Found, all: &[Listed], names: &BTreeMap<PersonId, String>) -> Self {
        let href = return_href(&found.code, &found.collection.key);
        let name = |id: PersonId| names.get(&id).cloned().unwrap_or_default();
        let row = |one: &Listed| {
            let tag = match (&one.withdrawn, found.submission == Some(one.id)) {
                (Some(_), _) => Tag::new("Withdrawn", "grey"),
                (None, true) => Tag::new("Stands", "green"),
                (None, false) => Tag::new("Replaced", "white"),
            };
            let taken = one.withdrawn.as_ref();
            Row {
                number: one.number,
                href: format!("{href}/submissions/{}", one.number),
                submitted_at: one.submitted_at.micros(),
                by: one.submitted_by.map(name).unwrap_or_default(),
                late: one.late,
                grade: grade(&one.claimed_grade),
                reason: one.reason.clone().unwrap_or_default(),
                tag,
                withdrawn_at: taken.map(|(_, _, at)| at.micros()),
                withdrawn_by: taken.map(|(_, by, _)| name(*by)).unwrap_or_default(),
                withdrawn_reason: taken.map(|(why, ..)| why.clone()).unwrap_or_default(),
            }
        };
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            rows: all.iter().map(row).collect(),
            way: way_of(found),
        }
    }
}

impl Page for SubmissionsPage {
    const TEMPLATE: &'static str = "returns/withdrawal/submissions.html";

    fn title(&self) -> String {
        "Everything you have submitted".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |number: i64, withdrawn: Option<i64>| Row {
            number,
            href: format!("/organisations/ZZ001/returns/2026/submissions/{number}"),
            submitted_at: 1_780_000_000_000_000,
            by: "Ada Example".to_owned(),
            late: withdrawn.is_none(),
            grade: "Satisfactory".to_owned(),
            reason: "A file was missing.".to_owned(),
            tag: Tag::new("Withdrawn", "grey"),
            withdrawn_at: withdrawn,
            withdrawn_by: "Ada Example".to_owned(),
            withdrawn_reason: "The wrong year.".to_owned(),
        };
        let page = |rows| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            rows,
            way: sample_way(),
        };
        vec![
            ("empty", page(Vec::new())),
            ("typical", page(vec![row(2, None), row(1, Some(1_780_000_000_000_000))])),
        ]
    }
}

/// One answer as it was submitted.
#[derive(Debug, Serialize)]
struct AnswerRow {
    heading: String,
    lines: Vec<String>,
    comment: String,
    files: Vec<String>,
}

/// One submission as it was sent.
#[derive(Debug, Serialize)]
pub struct SubmissionPage {
    organisation: String,
    collection: String,
    number: i64,
    submitted_at: i64,
    grade: String,
    hash: String,
    signatures: Vec<Signature>,
    answers: Vec<AnswerRow>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl SubmissionPage {
    /// The submission with its answers in words.
    ///
    /// # Errors
    /// When an answer is not one of the edition's, which for a stored snapshot is a fault.
    pub fn new(
        found: &Found,
        sent: &Submission,
        snapshot: &Snapshot,
        signatures: Vec<Signature>,
    ) -> Result<Self> {
        let edition = found.edition.edition();
        let mut answers = Vec::new();
        for answer in snapshot.answers.iter().filter(|answer| !answer.value.is_null()) {
            let Some(requirement) = edition.requirement(&answer.requirement) else { continue };
            let value = AnswerValue::parse(requirement, &answer.value).map_err(|error| {
                crate::platform::error::Error::internal(
                    format!("failed to read the answer to {}", answer.requirement),
                    error,
                )
            })?;
            answers.push(AnswerRow {
                heading: format!("{} {}", requirement.code, requirement.title),
                lines: words(requirement, &value),
                comment: answer.comment.clone(),
                files: answer.evidence.iter().map(|file| file.name.clone()).collect(),
            });
        }
        let mut way = way_of(found);
        let all = format!("{}/submissions", return_href(&found.code, &found.collection.key));
        way.push(Link::new("Submissions", all));
        Ok(Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            number: sent.number,
            submitted_at: sent.submitted_at.micros(),
            grade: grade(&sent.claimed_grade),
            hash: hex(&sent.snapshot_hash),
            signatures,
            answers,
            way,
        })
    }
}

impl Page for SubmissionPage {
    const TEMPLATE: &'static str = "returns/withdrawal/submission.html";

    fn title(&self) -> String {
        format!("Submission {}", self.number)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |signatures, answers| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            number: 1,
            submitted_at: 1_780_000_000_000_000,
            grade: "Satisfactory".to_owned(),
            hash: "00".repeat(32),
            signatures,
            answers,
            way: sample_way(),
        };
        let answer = AnswerRow {
            heading: "1-101 Framework".to_owned(),
            lines: vec!["Level 2: most of it".to_owned()],
            comment: "See the minutes.".to_owned(),
            files: vec!["policy.pdf".to_owned()],
        };
        vec![
            ("empty", page(Vec::new(), Vec::new())),
            ("typical", page(vec![Signature::sample()], vec![answer])),
        ]
    }
}
