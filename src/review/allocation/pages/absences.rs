//! One's own absences, and the form to record another.

use serde::Serialize;

use super::super::plan::Reviewer;
use super::super::store::Absence;
use super::{AbsenceItem, Typed, people};
use crate::platform::http::TypedDay;
use crate::platform::pages::{Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page};

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct AbsencesPage {
    absences: Vec<AbsenceItem>,
    from: DateField,
    to: DateField,
    cover: Field,
    covers: Vec<Choice>,
    errors: ErrorSummary,
}

impl AbsencesPage {
    /// The page, with what was typed when the form was refused.
    pub fn new(absences: &[Absence], others: &[Reviewer], typed: &Typed, errors: &FormErrors) -> Self {
        let name = |absence: &Absence| {
            let found = others.iter().find(|other| Some(other.person) == absence.cover);
            found.map(|other| other.name.as_str())
        };
        Self {
            absences: absences.iter().map(|absence| AbsenceItem::new(absence, name(absence))).collect(),
            from: typed.from.field("from", "First day away", errors),
            to: typed.to.field("to", "Last day away", errors),
            cover: Field::new("cover", "Who stands in?")
                .hint("They get the mails about your reviews too.")
                .value(typed.fields.one("cover"))
                .errors(errors),
            covers: people(others, "Nobody"),
            errors: errors.summary(),
        }
    }
}

impl Page for AbsencesPage {
    const TEMPLATE: &'static str = "review/allocation/absences.html";

    fn title(&self) -> String {
        "When you are away".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |rows: usize, errors: &FormErrors| Self {
            absences: vec![AbsenceItem::sample(); rows],
            from: TypedDay::default().field("from", "First day away", errors),
            to: TypedDay::default().field("to", "Last day away", errors),
            cover: Field::new("cover", "Who stands in?").hint("They get the mails too.").errors(errors),
            covers: people(&[], "Nobody"),
            errors: errors.summary(),
        };
        let mut wrong = FormErrors::new();
        wrong.add_at("to", "to-day", "The last day must not come before the first");
        let none = FormErrors::new();
        vec![
            ("empty", sample(0, &none)),
            ("typical", sample(1, &none)),
            ("long", sample(20, &none)),
            ("errors", sample(0, &wrong)),
        ]
    }
}
