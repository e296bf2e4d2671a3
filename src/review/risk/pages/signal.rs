//! One signal, and taking it back with a reason.

use serde::Serialize;

use crate::platform::pages::{ErrorSummary, Fact, Field, FormErrors, Link, Page};
use crate::review::risk::signals::Listed;

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct SignalPage {
    #[serde(skip)]
    name: String,
    id: i64,
    facts: Vec<Fact>,
    reason: Field,
    errors: ErrorSummary,
}

impl SignalPage {
    /// The page, with what was typed when the form was refused.
    pub fn new(of: &Listed, reason: &str, errors: &FormErrors) -> Self {
        Self {
            name: of.name.clone(),
            id: of.id.get(),
            facts: vec![
                Fact::new("Organisation", format!("{} ({})", of.name, of.code)),
                Fact::new("Kind", of.kind.words()),
                Fact::new("When", of.on.words()),
                Fact::new("Severity", of.severity.words()),
                Fact::new("Source", &*of.source),
                Fact::new("Note", &*of.note),
            ],
            reason: Field::new("reason", "Why is it taken back?")
                .hint("It counts no more from then on. The record stays with the reason.")
                .value(reason)
                .errors(errors),
            errors: errors.summary(),
        }
    }
}

impl Page for SignalPage {
    const TEMPLATE: &'static str = "review/risk/signal.html";

    fn title(&self) -> String {
        format!("Signal about {}", self.name)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![
            Link::new("Reviews", "/reviews"),
            Link::new("Allocation", "/reviews/allocation"),
            Link::new("Alerts, incidents and audit results", "/reviews/signals"),
        ]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |note: &str, errors: &FormErrors| Self {
            name: "Fenwick & Marsh Trust".to_owned(),
            id: 1,
            facts: vec![Fact::new("Kind", "Alert"), Fact::new("Note", note)],
            reason: Field::new("reason", "Why is it taken back?").errors(errors),
            errors: errors.summary(),
        };
        let mut wrong = FormErrors::new();
        wrong.add("reason", "Say why it is taken back");
        let none = FormErrors::new();
        vec![
            ("empty", sample("", &none)),
            ("typical", sample("A laptop was lost.", &none)),
            ("long", sample(&"Words. ".repeat(100), &none)),
            ("errors", sample("", &wrong)),
        ]
    }
}
