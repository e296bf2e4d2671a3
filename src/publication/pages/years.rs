//! A table over the years, with its form.

use serde::Serialize;

use super::figure::FigureView;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::publication::years::Over;

/// One row of a table over the years.
#[derive(Debug, Clone, Serialize)]
pub struct YearsPage {
    /// What was asked for and cannot be found.
    pub errors: ErrorSummary,
    /// The field of the table.
    pub table: Field,
    /// The tables that any year has.
    pub tables: Vec<Choice>,
    /// The field of the row.
    pub row: Field,
    /// The rows of the table.
    pub rows: Vec<Choice>,
    /// The field of the first year.
    pub from: Field,
    /// The field of the last year.
    pub to: Field,
    /// The years that can be chosen.
    pub years: Vec<Choice>,
    /// The figure; none before the first release and where something cannot be found.
    pub figures: Vec<FigureView>,
    /// Notices of corrections since.
    pub revised: Vec<Link>,
}

impl YearsPage {
    /// The form with what was asked for, without a figure.
    pub fn form(asked: &Over<'_>) -> Self {
        Self {
            errors: ErrorSummary::default(),
            table: Field::new("table", "Table").value(asked.table),
            tables: Vec::new(),
            row: Field::new("row", "Row").value(asked.row),
            rows: Vec::new(),
            from: Field::new("from", "First year").value(asked.from),
            to: Field::new("to", "Last year").value(asked.to),
            years: vec![Choice::new("", "No limit")],
            figures: Vec::new(),
            revised: Vec::new(),
        }
    }

    /// The same with these errors beside their fields.
    #[must_use]
    pub fn refused(self, errors: &FormErrors) -> Self {
        Self {
            errors: errors.summary(),
            table: self.table.errors(errors),
            row: self.row.errors(errors),
            from: self.from.errors(errors),
            to: self.to.errors(errors),
            ..self
        }
    }
}

impl Page for YearsPage {
    const TEMPLATE: &'static str = "publication/years.html";

    fn title(&self) -> String {
        "Results year by year".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Results", "/")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let asked = Over { table: "grade-by-sector", row: "gp", ..Over::default() };
        let form = Self {
            tables: vec![Choice::new("grade-by-sector", "Published grade by sector <b>")],
            rows: vec![Choice::new("gp", "General practices"), Choice::new("total", "Total")],
            years: vec![
                Choice::new("", "No limit"),
                Choice::new("returns-2026", "30 June 2026 (Returns 2026 <b>)"),
            ],
            ..Self::form(&asked)
        };
        let typical = Self {
            figures: vec![super::site::sample_figure()],
            revised: vec![Link::new("Correction 1 of the rules", "/public/corrections/1")],
            ..form.clone()
        };
        let mut errors = FormErrors::new();
        errors.add("from", "There is no published year of this name. Choose one of: returns-2026.");
        vec![
            ("empty", Self::form(&Over::default())),
            ("typical", typical),
            ("refused", form.refused(&errors)),
        ]
    }
}
