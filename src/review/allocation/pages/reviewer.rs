//! One reviewer: what they know and can take, when they are away, and what they have in hand.

use serde::Serialize;

use super::super::reading::OneReviewer;
use super::{AbsenceItem, people, reviews, way};
use crate::organisations::Sector;
use crate::platform::http::{Fields, TypedDay};
use crate::platform::pages::{Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page};

/// What was typed into the forms of the page.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Typed {
    pub fields: Fields,
    pub from: TypedDay,
    pub to: TypedDay,
}

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct ReviewerPage {
    #[serde(skip)]
    name: String,
    id: i64,
    version: String,
    capacity: Field,
    sector: Field,
    sectors: Vec<Choice>,
    standard: Field,
    standards: Vec<Choice>,
    absences: Vec<AbsenceItem>,
    from: DateField,
    to: DateField,
    cover: Field,
    covers: Vec<Choice>,
    review: Field,
    reviews: Vec<Choice>,
    person: Field,
    people: Vec<Choice>,
    /// Who stands in now; empty while nobody does.
    stands_in: String,
    errors: ErrorSummary,
}

impl ReviewerPage {
    /// The page, with what was typed when a form was refused.
    pub fn new(of: &OneReviewer, typed: &Typed, errors: &FormErrors) -> Self {
        let one = &of.of;
        let capacity = match typed.fields.one("capacity") {
            "" => one.capacity.to_string(),
            text => text.to_owned(),
        };
        let cover = one.away.as_ref().and_then(|away| away.cover);
        Self {
            name: one.name.clone(),
            id: one.person.get(),
            version: one.version.to_string(),
            capacity: Field::new("capacity", "How many reviews can they have in hand at a time?")
                .value(capacity)
                .errors(errors),
            sector: Field::new("sector", "Sectors they know").hint("None means every sector"),
            sectors: Sector::ALL
                .iter()
                .map(|s| Choice::new(s.as_str(), s.words()).checked(one.sectors.contains(s.as_str())))
                .collect(),
            standard: Field::new("standard", "Standards they know").hint("None means every standard"),
            standards: of
                .standards
                .iter()
                .map(|(key, name)| Choice::new(key, name).checked(one.standards.contains(key)))
                .collect(),
            absences: of
                .absences
                .iter()
                .map(|absence| AbsenceItem::new(absence, absence.cover.map(|id| of.name(id))))
                .collect(),
            from: typed.from.field("from", "First day away", errors),
            to: typed.to.field("to", "Last day away", errors),
            cover: Field::new("cover", "Who stands in?").value(typed.fields.one("cover")).errors(errors),
            covers: people(&of.others, "Nobody"),
            review: Field::new("review", "Reviews in hand").errors(errors),
            reviews: reviews(&of.in_hand),
            person: Field::new("person", "Give those ticked to").errors(errors),
            people: people(&of.others, "Choose a reviewer"),
            stands_in: cover.map(|id| of.name(id).to_owned()).unwrap_or_default(),
            errors: errors.summary(),
        }
    }
}

impl Page for ReviewerPage {
    const TEMPLATE: &'static str = "review/allocation/reviewer.html";

    fn title(&self) -> String {
        self.name.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |rows: usize, errors: &FormErrors| Self {
            name: "Ada Reviewer".to_owned(),
            id: 4,
            version: "0".to_owned(),
            capacity: Field::new("capacity", "How many?").value("10").errors(errors),
            sector: Field::new("sector", "Sectors").hint("None means every sector"),
            sectors: vec![Choice::new("gp", "General practice").checked(rows > 0)],
            standard: Field::new("standard", "Standards").hint("None means every standard"),
            standards: vec![Choice::new("sample", "Sample standard")],
            absences: vec![AbsenceItem::sample(); rows.min(2)],
            from: TypedDay::default().field("from", "First day away", errors),
            to: TypedDay::default().field("to", "Last day away", errors),
            cover: Field::new("cover", "Who stands in?"),
            covers: people(&[], "Nobody"),
            review: Field::new("review", "Reviews in hand").errors(errors),
            reviews: (0..rows).map(|n| Choice::new(n.to_string(), "ZZ001 Trust").hint("2026")).collect(),
            person: Field::new("person", "Give those ticked to").errors(errors),
            people: people(&[], "Choose a reviewer"),
            stands_in: if rows > 0 { "Bea".to_owned() } else { String::new() },
            errors: errors.summary(),
        };
        let mut wrong = FormErrors::new();
        wrong.add("capacity", "Enter a whole number from 0 to 1000");
        let none = FormErrors::new();
        vec![
            ("empty", sample(0, &none)),
            ("typical", sample(3, &none)),
            ("long", sample(40, &none)),
            ("errors", sample(1, &wrong)),
        ]
    }
}
