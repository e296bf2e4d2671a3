//! Who has what: each reviewer's load, what they know and when they are away; what is in the wrong hands; and the way to give
//! out more.

use serde::Serialize;

use super::super::plan::Reviewer;
use super::super::reading::Overview;
use super::super::store::InHand;
use crate::platform::pages::words::number;
use crate::platform::pages::{Cell, Choice, ErrorSummary, Field, FormErrors, Link, Page};

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct AllocationPage {
    reviewers: Vec<Vec<Cell>>,
    conflicted: Vec<Vec<Cell>>,
    unheld: Vec<Vec<Cell>>,
    waiting: String,
    count: Field,
    collection: Field,
    collections: Vec<Choice>,
    months: Field,
    errors: ErrorSummary,
}

impl AllocationPage {
    /// The page, with what was typed into a refused form.
    pub fn new(of: &Overview, months: Option<&str>, errors: &FormErrors) -> Self {
        let all: i64 = of.counts.iter().map(|(.., count)| count).sum();
        let collections = of.counts.iter().map(|(id, year, count)| {
            Choice::new(id.to_string(), format!("{year} ({} waiting)", number(i128::from(*count))))
        });
        Self {
            reviewers: of.reviewers.iter().map(|one| row(of, one)).collect(),
            conflicted: of
                .conflicted
                .iter()
                .map(|(one, why)| {
                    let mut cells = in_hand(one);
                    cells.push(Cell::text(of.name(one.reviewer)));
                    cells.push(Cell::text(why));
                    cells
                })
                .collect(),
            unheld: of.unheld.iter().map(in_hand).collect(),
            waiting: number(i128::from(all)),
            count: Field::new("number", "How many of the first in the queue?").value("20").errors(errors),
            collection: Field::new("collection", "Of which year?").errors(errors),
            collections: std::iter::once(Choice::new("", "All years")).chain(collections).collect(),
            months: Field::new("months", "For how many months after leaving does a former employer bar?")
                .hint("A local rule of the programme.")
                .value(months.map_or_else(|| of.months.to_string(), str::to_owned))
                .errors(errors),
            errors: errors.summary(),
        }
    }
}

fn row(of: &Overview, one: &Reviewer) -> Vec<Cell> {
    let known = |keys: &std::collections::BTreeSet<String>| {
        if keys.is_empty() { "All".to_owned() } else { keys.iter().cloned().collect::<Vec<_>>().join(", ") }
    };
    let away = one.away.as_ref().map_or_else(String::new, |away| match away.cover {
        Some(cover) => format!("Until {}; {} stands in", away.until.words(), of.name(Some(cover))),
        None => format!("Until {}", away.until.words()),
    });
    vec![
        Cell::link(&one.name, format!("/reviews/allocation/people/{}", one.person)),
        Cell::number(one.in_hand),
        Cell::number(one.capacity),
        Cell::text(known(&one.sectors)),
        Cell::text(known(&one.standards)),
        Cell::text(away),
    ]
}

fn in_hand(one: &InHand) -> Vec<Cell> {
    vec![
        Cell::link(format!("{} {}", one.code, one.name), format!("/reviews/{}", one.review)),
        Cell::text(&one.year),
        Cell::text(one.state.words()),
    ]
}

impl Page for AllocationPage {
    const TEMPLATE: &'static str = "review/allocation/overview.html";

    fn title(&self) -> String {
        "Who reviews what".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let cells = |count: usize| (0..count).map(|n| Cell::text(n.to_string())).collect::<Vec<_>>();
        let sample = |rows: usize, errors: &FormErrors| Self {
            reviewers: vec![cells(6); rows],
            conflicted: vec![cells(5); rows.min(2)],
            unheld: vec![cells(3); rows.min(2)],
            waiting: rows.to_string(),
            count: Field::new("number", "How many?").value("20"),
            collection: Field::new("collection", "Of which year?"),
            collections: vec![Choice::new("", "All years")],
            months: Field::new("months", "For how many months?").value("24").errors(errors),
            errors: errors.summary(),
        };
        let mut wrong = FormErrors::new();
        wrong.add("months", "Enter a number of months from 0 to 240");
        let none = FormErrors::new();
        vec![
            ("empty", sample(0, &none)),
            ("typical", sample(3, &none)),
            ("long", sample(60, &none)),
            ("errors", sample(1, &wrong)),
        ]
    }
}
