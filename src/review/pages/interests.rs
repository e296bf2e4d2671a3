//! What bars a person from reviewing, as they declared it: interests, former employers, and the forms to declare more.

use serde::Serialize;

use super::parts::Cell;
use crate::platform::http::{Fields, TypedDay};
use crate::platform::pages::{DateField, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::interest::{Employer, Interest};

/// What was typed into one of the forms.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct TypedInterest {
    pub fields: Fields,
    pub from: TypedDay,
    pub to: TypedDay,
}

/// What a person has declared.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Declared {
    pub interests: Vec<Interest>,
    pub employers: Vec<Employer>,
    /// For how many months a former employer bars.
    pub months: i64,
}

/// The page of one's own interests.
#[derive(Debug, Serialize)]
pub(in crate::review) struct InterestsPage {
    rows: Vec<Vec<Cell>>,
    ended: Vec<Vec<Cell>>,
    organisation: Field,
    reason: Field,
    employers: Vec<Vec<Cell>>,
    months: i64,
    employer: Field,
    from: DateField,
    to: DateField,
    errors: ErrorSummary,
}

impl InterestsPage {
    /// The page, with what was typed when a form was refused.
    pub fn new(of: &Declared, typed: &TypedInterest, errors: &FormErrors) -> Self {
        let (ended, held): (Vec<&Interest>, Vec<&Interest>) =
            of.interests.iter().partition(|interest| interest.ended.is_some());
        let field =
            |name: &str, label: &str| Field::new(name, label).value(typed.fields.text(name)).errors(errors);
        Self {
            rows: held.into_iter().map(held_row).collect(),
            ended: ended.into_iter().map(ended_row).collect(),
            organisation: field("organisation", "Code of the organisation")
                .hint("As the register has it, for example ZZ001"),
            reason: field("reason", "What is your interest?")
                .hint("For example, a relative works there. Only the programme team can read it."),
            employers: of.employers.iter().map(employer_row).collect(),
            months: of.months,
            employer: field("employer", "Code of the employer")
                .hint("As the register has it, for example ZZ001"),
            from: typed.from.field("from", "First day there", errors),
            to: typed.to.field("to", "Last day there (leave empty while you work there)", errors),
            errors: errors.summary(),
        }
    }
}

fn held_row(interest: &Interest) -> Vec<Cell> {
    vec![
        Cell::text(&interest.name),
        Cell::text(&interest.code),
        Cell::text(&interest.reason),
        Cell::text(interest.declared_at.london_day().words()),
        Cell::link(
            format!("End the interest in {}", interest.code),
            format!("/reviews/interests/{}/end", interest.id),
        ),
    ]
}

fn ended_row(interest: &Interest) -> Vec<Cell> {
    let (at, why) = match &interest.ended {
        Some((at, why)) => (at.london_day().words(), why.as_str()),
        None => (String::new(), ""),
    };
    vec![
        Cell::text(&interest.name),
        Cell::text(&interest.code),
        Cell::text(interest.declared_at.london_day().words()),
        Cell::text(at),
        Cell::text(why),
    ]
}

fn employer_row(employer: &Employer) -> Vec<Cell> {
    let day = |day: Option<crate::platform::clock::Day>| {
        day.map_or_else(|| "Still there".to_owned(), crate::platform::clock::Day::words)
    };
    vec![
        Cell::text(&employer.name),
        Cell::text(&employer.code),
        Cell::text(employer.from.words()),
        Cell::text(day(employer.to)),
        Cell::text(day(employer.bars_until)),
        Cell::link(
            format!("Take back the record of {}", employer.code),
            format!("/reviews/interests/employers/{}/remove", employer.id),
        ),
    ]
}

impl Page for InterestsPage {
    const TEMPLATE: &'static str = "review/interests.html";

    fn title(&self) -> String {
        "Your declared interests".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let at = crate::platform::clock::Timestamp::from_micros(1_780_000_000_000_000);
        let interest = Interest {
            id: crate::platform::ids::InterestId::new(1),
            code: "ZZ001".to_owned(),
            name: "Fenwick & Marsh Trust".to_owned(),
            reason: "A relative works there.".to_owned(),
            declared_at: at,
            ended: None,
        };
        let ended = Interest { ended: Some((at, "They left.".to_owned())), ..interest.clone() };
        let employer = Employer {
            id: crate::platform::ids::EmployerId::new(1),
            code: "ZZ002".to_owned(),
            name: "Drumlin Water Trust".to_owned(),
            from: at.london_day().plus_months(-40),
            to: Some(at.london_day().plus_months(-3)),
            bars_until: Some(at.london_day().plus_months(21)),
        };
        let mut wrong = FormErrors::new();
        wrong.add("organisation", "Enter the code of an organisation");
        wrong.add("reason", "Say what your interest is");
        let sample = |count: usize| Declared {
            interests: [vec![interest.clone(); count], vec![ended.clone(); count]].concat(),
            employers: vec![employer.clone(); count],
            months: 24,
        };
        let (typed, none) = (TypedInterest::default(), FormErrors::new());
        vec![
            ("empty", Self::new(&sample(0), &typed, &none)),
            ("typical", Self::new(&sample(1), &typed, &none)),
            ("long", Self::new(&sample(40), &typed, &none)),
            ("errors", Self::new(&sample(0), &typed, &wrong)),
        ]
    }
}

/// Ending an interest, or taking back the record of an employer: the reason is asked for.
#[derive(Debug, Serialize)]
pub(in crate::review) struct EndInterestPage {
    #[serde(skip)]
    title: String,
    action: String,
    reason: Field,
    errors: ErrorSummary,
}

impl EndInterestPage {
    /// The page of this title whose form goes to `action`.
    pub fn new(title: &str, action: &str, reason: &str, errors: &FormErrors) -> Self {
        Self {
            title: title.to_owned(),
            action: action.to_owned(),
            reason: Field::new("reason", "Why?")
                .hint("The record stays, with this reason and today\u{2019}s date.")
                .value(reason)
                .errors(errors),
            errors: errors.summary(),
        }
    }
}

impl Page for EndInterestPage {
    const TEMPLATE: &'static str = "review/end_interest.html";

    fn title(&self) -> String {
        self.title.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews"), Link::new("Your declared interests", "/reviews/interests")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("reason", "Say why");
        let page = |reason: &str, errors: &FormErrors| {
            Self::new("End a declared interest", "/reviews/interests/1/end", reason, errors)
        };
        let none = FormErrors::new();
        vec![
            ("empty", page("", &none)),
            ("long", page(&"Words. ".repeat(100), &none)),
            ("errors", page("", &wrong)),
        ]
    }
}
