//! The receipt of a submission: its hash, and its place in the ledger.

use serde::Serialize;

use crate::platform::canonical::hex;
use crate::platform::pages::{ErrorSummary, Field, FormErrors, Link, Page};
use crate::platform::pdf;
use crate::returns::return_href;
use crate::returns::signing::Signature;
use crate::returns::store::Found;
use crate::returns::submission::Submission;

/// The receipt.
#[derive(Debug, Serialize)]
pub struct ReceiptPage {
    organisation: String,
    collection: String,
    number: i64,
    submitted_at: i64,
    late: bool,
    grade: String,
    hash: String,
    event: String,
    /// Empty until the sequencer has given it a place.
    position: String,
    reason: String,
    signatures: Vec<Signature>,
    submissions_href: String,
    /// Empty when it cannot be withdrawn here and now.
    withdraw_href: String,
    errors: ErrorSummary,
    reopen: Field,
    /// Empty when it cannot be reopened here and now.
    reopen_href: String,
    /// Empty where this build makes no PDF files.
    pdf_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ReceiptPage {
    /// The receipt of the newest submission of a return.
    #[must_use]
    pub fn new(
        found: &Found,
        submission: &Submission,
        grade: &str,
        position: Option<i64>,
        signatures: Vec<Signature>,
    ) -> Self {
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            number: submission.number,
            submitted_at: submission.submitted_at.micros(),
            late: submission.late,
            grade: grade.to_owned(),
            hash: hex(&submission.snapshot_hash),
            event: submission.event.map(|event| event.to_string()).unwrap_or_default(),
            position: position.map(|place| place.to_string()).unwrap_or_default(),
            reason: submission.reason.clone().unwrap_or_default(),
            signatures,
            submissions_href: format!("{}/submissions", return_href(&found.code, &found.collection.key)),
            withdraw_href: String::new(),
            errors: ErrorSummary::default(),
            reopen: Field::default(),
            reopen_href: String::new(),
            pdf_href: if pdf::AVAILABLE {
                format!("{}/receipt.pdf", return_href(&found.code, &found.collection.key))
            } else {
                String::new()
            },
            way: super::way_of(found),
        }
    }

    /// With the way to take the submission back.
    #[must_use]
    pub fn with_withdrawing(mut self, href: String) -> Self {
        self.withdraw_href = href;
        self
    }

    /// With the form to take the return up again.
    #[must_use]
    pub fn with_reopening(mut self, href: String, typed: &str, errors: &FormErrors) -> Self {
        self.errors = errors.summary();
        self.reopen = reopening(typed, errors);
        self.reopen_href = href;
        self
    }
}

fn reopening(typed: &str, errors: &FormErrors) -> Field {
    Field::new("reason", "Why must the return be changed?")
        .hint("What you submitted stays on record; the reason is kept with the next submission")
        .value(typed)
        .errors(errors)
}

impl Page for ReceiptPage {
    const TEMPLATE: &'static str = "returns/receipt.html";

    fn title(&self) -> String {
        format!("Receipt: {}, {}", self.collection, self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let bare = || Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            number: 1,
            submitted_at: 1_780_000_000_000_000,
            late: false,
            grade: "Standards met".to_owned(),
            hash: "00".repeat(32),
            event: "12".to_owned(),
            position: String::new(),
            reason: String::new(),
            signatures: Vec::new(),
            submissions_href: "/organisations/ZZ001/returns/2026/submissions".to_owned(),
            withdraw_href: String::new(),
            errors: ErrorSummary::default(),
            reopen: Field::default(),
            reopen_href: String::new(),
            pdf_href: String::new(),
            way: super::sample_way(),
        };
        let mut errors = FormErrors::new();
        errors.add("reason", "Enter the reason");
        let href = || "/organisations/ZZ001/returns/2026/reopen".to_owned();
        let typical = Self {
            number: 2,
            late: true,
            position: "11".to_owned(),
            pdf_href: "/organisations/ZZ001/returns/2026/receipt.pdf".to_owned(),
            reason: "A file was missing.".to_owned(),
            signatures: vec![Signature::sample()],
            withdraw_href: "/organisations/ZZ001/returns/2026/withdraw".to_owned(),
            ..bare()
        };
        vec![
            ("empty", bare()),
            ("typical", typical.with_reopening(href(), "", &FormErrors::new())),
            ("error", bare().with_reopening(href(), "", &errors)),
        ]
    }
}
