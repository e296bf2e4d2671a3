//! The interim return: what would be sent, and what was sent.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::ids::PersonId;
use crate::platform::pages::{ErrorSummary, Field, FormErrors, Link, Page};
use crate::returns::interim::{INTERIM_STATEMENT, INTERIM_STATEMENT_VERSION, Interim};
use crate::returns::model::Standing;
use crate::returns::readiness::return_href;
use crate::returns::store::Found;

/// One interim return that was sent.
#[derive(Debug, Serialize)]
pub struct SentInterim {
    number: i64,
    submitted_at: i64,
    by: String,
    late: bool,
    hash: String,
}

/// The interim return.
#[derive(Debug, Serialize)]
pub struct InterimPage {
    organisation: String,
    collection: String,
    due_at: i64,
    late: bool,
    asked: usize,
    settled: usize,
    sent: Vec<SentInterim>,
    errors: ErrorSummary,
    statement: &'static str,
    statement_version: &'static str,
    agree: Field,
    /// Empty when this person cannot send it here and now.
    send_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl InterimPage {
    /// The page of a return in a collection that asks for an interim return.
    #[must_use]
    pub fn new(
        found: &Found,
        (due, late): (Timestamp, bool),
        standing: &Standing,
        (sent, names): (&[Interim], &BTreeMap<PersonId, String>),
        may_send: bool,
        errors: &FormErrors,
    ) -> Self {
        let item = |one: &Interim| SentInterim {
            number: one.number,
            submitted_at: one.submitted_at.micros(),
            by: names.get(&one.signed_by).cloned().unwrap_or_default(),
            late: one.late,
            hash: hex(&one.snapshot_hash),
        };
        let href = return_href(&found.code, &found.collection.key);
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            due_at: due.micros(),
            late,
            asked: standing.asked,
            settled: standing.settled,
            sent: sent.iter().map(item).collect(),
            errors: errors.summary(),
            statement: INTERIM_STATEMENT,
            statement_version: INTERIM_STATEMENT_VERSION,
            agree: Field::new("agree", "Your signature").errors(errors),
            send_href: if may_send { format!("{href}/interim") } else { String::new() },
            way: super::way_of(found),
        }
    }
}

impl Page for InterimPage {
    const TEMPLATE: &'static str = "returns/interim.html";

    fn title(&self) -> String {
        format!("Interim return of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |sent, late, errors: &FormErrors| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            due_at: 1_780_000_000_000_000,
            late,
            asked: 45,
            settled: 31,
            sent,
            errors: errors.summary(),
            statement: INTERIM_STATEMENT,
            statement_version: INTERIM_STATEMENT_VERSION,
            agree: Field::new("agree", "Your signature").errors(errors),
            send_href: if late { String::new() } else { format!("{}/interim", return_href("ZZ001", "2026")) },
            way: super::sample_way(),
        };
        let one = |late| SentInterim {
            number: 1,
            submitted_at: 1_780_000_000_000_000,
            by: "Ada Example".to_owned(),
            late,
            hash: "00".repeat(32),
        };
        let mut errors = FormErrors::new();
        errors.add("agree", "Tick the box to sign");
        vec![
            ("empty", page(Vec::new(), false, &FormErrors::new())),
            ("sent", page(vec![one(true), one(false)], true, &FormErrors::new())),
            ("error", page(Vec::new(), false, &errors)),
        ]
    }
}
