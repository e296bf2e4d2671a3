//! The weights of the risk score: what is in force, what other weights would change, and every version so far.

use serde::Serialize;

use crate::platform::error::Result;
use crate::platform::pages::words::number;
use crate::platform::pages::{Cell, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::risk::reading::{Moved, Weights};
use crate::review::risk::score::Settings;

/// A number that goes with the form that puts the tried weights in force.
#[derive(Debug, Clone, Serialize)]
struct Tried {
    name: &'static str,
    value: String,
}

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct WeightsPage {
    weights: Vec<Field>,
    measures: Vec<Field>,
    /// What is tried; empty when nothing is, and then nothing can be put in force.
    tried: Vec<Tried>,
    seen: String,
    caption: String,
    moved: Vec<Vec<Cell>>,
    note: Field,
    versions: Vec<Vec<Cell>>,
    progress: String,
    errors: ErrorSummary,
}

impl WeightsPage {
    /// The page with the weights in force, or with those that are tried; `typed` gives what stands in a field.
    pub fn new(
        of: &Weights,
        tried: Option<&Settings>,
        typed: &dyn Fn(&str) -> Option<String>,
        note: &str,
        errors: &FormErrors,
    ) -> Result<Self> {
        let in_force = of.in_force()?;
        let shown = tried.unwrap_or(&in_force.settings);
        let field = |name: &str, label: &str, value: i64| {
            let value = typed(name).unwrap_or_else(|| value.to_string());
            Field::new(name, label).value(value).errors(errors)
        };
        let versions = of.profiles.iter().map(|profile| {
            let by = profile.made_by.and_then(|id| of.names.get(&id)).map_or("The portal", String::as_str);
            let weights: Vec<String> = profile
                .settings
                .weights()
                .iter()
                .map(|(_, name, weight)| format!("{name} {weight}"))
                .collect();
            let measures: Vec<String> = profile
                .settings
                .measures()
                .iter()
                .map(|(_, name, value, _)| format!("{name}: {value}"))
                .collect();
            let since =
                if profile.made_by.is_some() { profile.made_at.london_words() } else { String::new() };
            vec![
                Cell::text(profile.version.to_string()),
                Cell::text(format!("{}. {}.", weights.join(", "), measures.join("; "))),
                Cell::text(&profile.note),
                Cell::text(by),
                Cell::text(since),
            ]
        });
        Ok(Self {
            weights: shown.weights().iter().map(|(name, label, value)| field(name, label, *value)).collect(),
            measures: shown
                .measures()
                .iter()
                .map(|(name, label, value, _)| field(name, label, *value))
                .collect(),
            tried: tried.map(Self::tried).unwrap_or_default(),
            seen: in_force.version.to_string(),
            caption: format!("The top of the queue under these weights ({})", of.moved.len()),
            moved: of.moved.iter().map(row).collect(),
            note: note_field(note, errors),
            versions: versions.collect(),
            progress: progress(of),
            errors: errors.summary(),
        })
    }

    fn tried(settings: &Settings) -> Vec<Tried> {
        let weights = settings.weights().map(|(name, _, value)| (name, value));
        let measures = settings.measures().map(|(name, _, value, _)| (name, value));
        weights
            .into_iter()
            .chain(measures)
            .map(|(name, value)| Tried { name, value: value.to_string() })
            .collect()
    }
}

fn note_field(note: &str, errors: &FormErrors) -> Field {
    Field::new("note", "Why are they changed?")
        .hint("It stands beside the version.")
        .value(note)
        .errors(errors)
}

fn row(moved: &Moved) -> Vec<Cell> {
    let count = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    vec![
        Cell::link(format!("{} {}", moved.code, moved.name), format!("/reviews/{}/risk", moved.id)),
        Cell::number(count(moved.places.0)),
        Cell::number(count(moved.places.1)),
        Cell::number(moved.risks.0),
        Cell::number(moved.risks.1),
    ]
}

fn progress(of: &Weights) -> String {
    let said = |count: i64| number(i128::from(count));
    match &of.run {
        None => String::new(),
        Some(run) => match run.finished_at {
            Some(at) => format!("Computed last on {}: {} reviews.", at.london_words(), said(run.done)),
            None => format!(
                "Being computed since {}: {} of {} reviews are done. Load the page again to see how far it is.",
                run.started_at.london_words(),
                said(run.done),
                said(run.total)
            ),
        },
    }
}

impl Page for WeightsPage {
    const TEMPLATE: &'static str = "review/risk/weights.html";

    fn title(&self) -> String {
        "How the queue is ordered".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews"), Link::new("Allocation", "/reviews/allocation")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let cells = |count: usize| (0..count).map(|n| Cell::text(n.to_string())).collect::<Vec<_>>();
        let sample = |tried: usize, errors: &FormErrors| Self {
            weights: vec![Field::new("first_return", "First return").value("150").errors(errors)],
            measures: vec![Field::new("low", "A signal of low severity gives").value("250")],
            tried: vec![Tried { name: "first_return", value: "150".to_owned() }; tried.min(1)],
            seen: "1".to_owned(),
            caption: "The top of the queue under these weights".to_owned(),
            moved: vec![cells(5); tried],
            note: note_field("", errors),
            versions: vec![cells(5); tried.max(1)],
            progress: if tried > 0 { "Computed last today.".to_owned() } else { String::new() },
            errors: errors.summary(),
        };
        let mut wrong = FormErrors::new();
        wrong.add("first_return", "The six weights must add up to 1,000, not 900");
        let none = FormErrors::new();
        vec![
            ("empty", sample(0, &none)),
            ("typical", sample(3, &none)),
            ("long", sample(100, &none)),
            ("errors", sample(0, &wrong)),
        ]
    }
}
