//! The list of signals, and the form to record one.

use serde::Serialize;

use crate::platform::http::{Fields, TypedDay};
use crate::platform::pages::{
    Cell, Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page, Pagination,
};
use crate::review::risk::signals::{Listed, PAGE_SIZE, Severity, SignalKind};

/// What was typed into the form.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Typed {
    pub fields: Fields,
    pub on: TypedDay,
}

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct SignalsPage {
    caption: String,
    rows: Vec<Vec<Cell>>,
    pages: Pagination,
    organisation: Field,
    kind: Field,
    kinds: Vec<Choice>,
    on: DateField,
    severity: Field,
    severities: Vec<Choice>,
    source: Field,
    note: Field,
    errors: ErrorSummary,
}

impl SignalsPage {
    /// One page of the list (from 1), with what was typed when the form was refused.
    pub fn new(signals: &[Listed], total: i64, page: i64, typed: &Typed, errors: &FormErrors) -> Self {
        let unsigned = |n: i64| u64::try_from(n).unwrap_or_default();
        let field =
            |name: &str, label: &str| Field::new(name, label).value(typed.fields.text(name)).errors(errors);
        Self {
            caption: match total {
                1 => "1 signal".to_owned(),
                many => format!("{} signals", crate::platform::pages::words::number(i128::from(many))),
            },
            rows: signals.iter().map(row).collect(),
            pages: Pagination::new(unsigned(page), unsigned(total), unsigned(PAGE_SIZE), |n| {
                format!("/reviews/signals?page={n}")
            }),
            organisation: field("organisation", "Code of the organisation")
                .hint("As the register has it, for example ZZ001"),
            kind: field("kind", "Kind"),
            kinds: SignalKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.words())).collect(),
            on: typed.on.field("on", "When was it?", errors),
            severity: field("severity", "Severity"),
            severities: Severity::ALL.iter().map(|one| Choice::new(one.as_str(), one.words())).collect(),
            source: field("source", "Source").hint("Who says so"),
            note: field("note", "Note (optional)").hint("Only the central team can read it."),
            errors: errors.summary(),
        }
    }
}

fn row(signal: &Listed) -> Vec<Cell> {
    vec![
        Cell::link(format!("{} {}", signal.code, signal.name), format!("/reviews/signals/{}", signal.id)),
        Cell::text(signal.kind.words()),
        Cell::text(signal.on.words()),
        Cell::text(signal.severity.words()),
        Cell::text(&signal.source),
        Cell::text(&signal.note),
    ]
}

impl Page for SignalsPage {
    const TEMPLATE: &'static str = "review/risk/signals.html";

    fn title(&self) -> String {
        "Alerts, incidents and audit results".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews"), Link::new("Allocation", "/reviews/allocation")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let signal = Listed {
            id: crate::platform::ids::SignalId::new(1),
            code: "ZZ001".to_owned(),
            name: "Fenwick & Marsh Trust".to_owned(),
            kind: SignalKind::Incident,
            on: crate::platform::clock::Timestamp::from_micros(1_780_000_000_000_000).london_day(),
            severity: Severity::High,
            source: "National incident desk".to_owned(),
            note: "A laptop was lost.".to_owned(),
        };
        let mut wrong = FormErrors::new();
        wrong.add("organisation", "Enter the code of an organisation");
        let (typed, none) = (Typed::default(), FormErrors::new());
        vec![
            ("empty", Self::new(&[], 0, 1, &typed, &none)),
            ("typical", Self::new(std::slice::from_ref(&signal), 1, 1, &typed, &none)),
            ("long", Self::new(&vec![signal; 50], 140, 2, &typed, &none)),
            ("errors", Self::new(&[], 0, 1, &typed, &wrong)),
        ]
    }
}
