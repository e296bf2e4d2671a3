//! One row of the quarantine: what stood in the file, what is wrong, and the two ways to decide about it.

use serde::{Deserialize, Serialize};

use super::imports::source_words;
use super::quarantine::sample;
use crate::organisations::import::KeptCell;
use crate::organisations::model::{QuarantineState, QuarantinedRow};
use crate::organisations::quarantine::Correction;
use crate::platform::error::FieldError;
use crate::platform::http::Fields;
use crate::platform::pages::{Cell, ErrorSummary, Fact, Field, FormErrors, Link, Page, Tag, words};

/// A row with what the page adds to it.
#[derive(Debug, Clone)]
pub(in crate::organisations) struct Quarantined {
    pub row: QuarantinedRow,
    pub cells: Vec<KeptCell>,
    pub decided_by: Option<String>,
}

impl Quarantined {
    /// The corrections that a form asks for: the cells whose text is another than was read.
    pub fn corrections(&self, fields: &Fields) -> Vec<Correction> {
        self.editable()
            .filter_map(|(name, cell)| {
                let text = fields.text(&name);
                (text != cell.text).then(|| Correction { column: cell.column.clone(), text })
            })
            .collect()
    }

    /// What a verb found wrong, by the form's own names.
    pub fn errors(&self, found: Vec<FieldError>) -> FormErrors {
        let mut errors = FormErrors::new();
        for FieldError { field, message } in found {
            let at = self.editable().find(|(_, cell)| cell.column == field).map(|(name, _)| name);
            match at {
                Some(name) => errors.add(name, words::capitalised(&message)),
                None if field == "reason" => errors.add(field, message),
                None => errors.add_whole(format!("{field}: {message}")),
            }
        }
        errors
    }

    fn editable(&self) -> impl Iterator<Item = (String, &KeptCell)> {
        let cells = self.cells.iter().enumerate();
        cells.filter(|(_, cell)| cell.read).map(|(place, cell)| (format!("cell-{place}"), cell))
    }
}

/// How a row was decided, as stored.
#[derive(Deserialize)]
struct Resolution {
    #[serde(default)]
    corrections: Vec<Correction>,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    reason: String,
}

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::organisations) struct QuarantinedRowPage {
    #[serde(skip)]
    number: i64,
    errors: ErrorSummary,
    notice: String,
    tag: Tag,
    facts: Vec<Fact>,
    import_href: String,
    raw: Vec<Vec<Cell>>,
    /// Empty when nothing can be decided.
    href: String,
    version: String,
    fields: Vec<Field>,
    reason: Field,
    decision: Vec<Fact>,
}

impl QuarantinedRowPage {
    /// The page of a row; `typed` is a form that was refused.
    pub fn new(found: &Quarantined, typed: Option<&Fields>, errors: &FormErrors) -> Self {
        let row = &found.row;
        let (kind, day) = source_words(&row.format);
        let open = row.state == QuarantineState::Open;
        let field = |(name, cell): (String, &KeptCell)| {
            let text = typed
                .filter(|fields| fields.pairs().iter().any(|(n, _)| *n == name))
                .map_or_else(|| cell.text.clone(), |fields| fields.text(&name));
            Field::new(name, &cell.column).value(text).errors(errors)
        };
        Self {
            number: row.row_number,
            errors: errors.summary(),
            notice: String::new(),
            tag: row.state.into(),
            facts: vec![
                Fact::new("File", format!("{kind}, {day}")),
                Fact::new("Row", row.row_number.to_string()),
                Fact::new("Column", &row.column_name),
                Fact::new("What is wrong", words::capitalised(&row.reason)),
                Fact::new("What was done", words::capitalised(&row.action)),
            ],
            import_href: format!("/imports/{}", row.import_run_id),
            raw: found.cells.iter().map(|c| vec![Cell::text(&c.column), Cell::text(&c.text)]).collect(),
            href: if open { format!("/quarantine/{}", row.id) } else { String::new() },
            version: row.version.to_string(),
            fields: if open { found.editable().map(field).collect() } else { Vec::new() },
            reason: Field::new("reason", "Why is it left out?")
                .hint("Kept with the row, which stays readable")
                .value(typed.map(|fields| fields.text("reason")).unwrap_or_default())
                .errors(errors),
            decision: decision(found),
        }
    }

    /// With a word at the top about what has just happened.
    #[must_use]
    pub fn noticing(mut self, notice: &str) -> Self {
        notice.clone_into(&mut self.notice);
        self
    }
}

fn decision(found: &Quarantined) -> Vec<Fact> {
    let row = &found.row;
    let stored = row.resolution.as_deref().and_then(|text| serde_json::from_str::<Resolution>(text).ok());
    let Some(stored) = stored else {
        return Vec::new();
    };
    let mut facts = vec![Fact::new("Decision", row.state.words())];
    if !stored.reason.is_empty() {
        facts.push(Fact::new("Reason", stored.reason));
    }
    for correction in stored.corrections {
        facts.push(Fact::new(format!("{} corrected to", correction.column), correction.text));
    }
    if !stored.outcome.is_empty() {
        facts.push(Fact::new("Effect", outcome_words(&stored.outcome)));
    }
    facts.push(Fact::new("Decided by", found.decided_by.as_deref().unwrap_or("Somebody who is not known")));
    if let Some(at) = row.resolved_at {
        facts.push(Fact::new("When", at.london_words()));
    }
    facts
}

/// What taking a row in did, in words.
pub(in crate::organisations) fn outcome_words(outcome: &str) -> &'static str {
    match outcome {
        "added" => "It added an organisation to the register.",
        "changed" => "It changed the register.",
        _ => "It said nothing new.",
    }
}

impl Page for QuarantinedRowPage {
    const TEMPLATE: &'static str = "organisations/quarantined_row.html";

    fn title(&self) -> String {
        format!("Quarantined row {}", self.number)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![
            Link::new("Home", "/home"),
            Link::new("Imports", "/imports"),
            Link::new("Quarantine", "/quarantine"),
        ]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let of = |state| {
            let cell = |column: &str, text: &str| KeptCell {
                column: column.to_owned(),
                text: text.to_owned(),
                read: true,
            };
            Quarantined {
                row: sample(state),
                cells: vec![cell("Code", "A PR4"), cell("Organisation Name", "EXAMPLE HOME")],
                decided_by: Some("Mo Programme".to_owned()),
            }
        };
        let none = FormErrors::new();
        let open = of(QuarantineState::Open);
        let errors = open.errors(vec![FieldError {
            field: "Code".to_owned(),
            message: "Enter a code of 2 to 23 letters, digits and hyphens".to_owned(),
        }]);
        vec![
            ("open", Self::new(&open, None, &none)),
            ("error", Self::new(&open, Some(&Fields::default()), &errors)),
            ("resolved", Self::new(&of(QuarantineState::Resolved), None, &none)),
            ("late", Self::new(&of(QuarantineState::Dismissed), None, &none).noticing("Somebody was first.")),
            ("noted", Self::new(&of(QuarantineState::Noted), None, &none)),
        ]
    }
}
