//! Gold cases to practise on, one's own result, and for the programme manager everybody's.

use serde::Serialize;

use super::report::{AGREEMENT_HEAD, measured_row};
use super::way;
use crate::access::{Action as _, Actor, RetireGoldCase};
use crate::platform::pages::words::number;
use crate::platform::pages::{Cell, Link, Page};
use crate::review::consistency::figures::Measured;
use crate::review::consistency::gold::{Attempt, GoldCase};
use crate::statistics::agreement::Weights;

/// Somebody's result over all the cases they scored.
#[derive(Debug, Clone)]
pub(in crate::review) struct Practised {
    /// Name and figures; the rows of the table are what they found, the columns what was agreed.
    pub measured: Measured,
}

impl Practised {
    fn row(&self) -> Vec<Cell> {
        let of = &self.measured;
        let percent = of.percent().map_or_else(String::new, |found| {
            format!("{}% ({}% to {}%)", found.percentage, found.low, found.high)
        });
        let kappa = of.table.kappa(Weights::Linear).map_or_else(
            |_| "not defined".to_owned(),
            |kappa| {
                let (low, high) = kappa.bounds(2);
                format!("{} ({low} to {high})", kappa.rounded(2))
            },
        );
        let few = if of.table.is_few() { "few cases" } else { "" };
        vec![
            Cell::text(&of.label),
            Cell::numeric(number(i128::from(of.of))),
            Cell::text(percent),
            Cell::text(kappa),
            Cell::text(few),
        ]
    }
}

/// A case that can be retired.
#[derive(Debug, Serialize)]
struct Retirable {
    id: i64,
    text: String,
}

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct GoldListPage {
    rows: Vec<Vec<Cell>>,
    mine: Vec<Vec<Cell>>,
    everybody: Vec<Vec<Cell>>,
    retirable: Vec<Retirable>,
}

impl GoldListPage {
    /// The page for somebody; `everybody` is empty for whoever may not see it.
    pub fn new(
        cases: &[GoldCase],
        own: &[Attempt],
        mine: Option<&Practised>,
        everybody: &[Practised],
        actor: &Actor,
    ) -> Self {
        let row = |case: &GoldCase| {
            let tried = own.iter().find(|attempt| attempt.gold == case.id);
            let result = match tried {
                None => "Not scored",
                Some(attempt) if attempt.assessed == attempt.agreed => "As agreed",
                Some(_) => "Otherwise",
            };
            vec![
                Cell::link(
                    format!("Case {}: {} {}", case.id, case.code, case.title),
                    format!("/reviews/gold/{}", case.id),
                ),
                Cell::text(case.made_at.london_day().words()),
                Cell::text(result),
            ]
        };
        let retirable =
            cases.iter().filter(|case| RetireGoldCase::ROW.allows(actor, &case.subject()).is_ok());
        Self {
            rows: cases.iter().map(row).collect(),
            mine: mine.map(Practised::row).into_iter().collect(),
            everybody: everybody.iter().map(Practised::row).collect(),
            retirable: retirable
                .map(|case| Retirable { id: case.id.get(), text: format!("Retire case {}", case.id) })
                .collect(),
        }
    }
}

/// The results as a file: one's own, and everybody's for whoever may see them.
pub(in crate::review) fn gold_csv(
    mine: Option<&Practised>,
    everybody: &[Practised],
) -> (&'static [&'static str], Vec<Vec<String>>) {
    let own = mine.map(|of| measured_row("own", &of.measured));
    let rows = everybody.iter().map(|of| measured_row("reviewer", &of.measured));
    (&AGREEMENT_HEAD, own.into_iter().chain(rows).collect())
}

impl Page for GoldListPage {
    const TEMPLATE: &'static str = "review/consistency/gold.html";

    fn title(&self) -> String {
        "Practise on gold cases".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut measured = Measured::new("Ada Reviewer", 4);
        for (found, agreed) in [(2, 2), (1, 2), (0, 0)] {
            measured.add(found, agreed);
        }
        let result = Practised { measured };
        let row = || {
            vec![
                Cell::link("Case 1: 1-101 A framework", "/reviews/gold/1"),
                Cell::text("3 March 2026"),
                Cell::text("Not scored"),
            ]
        };
        let sample = |count: i64, full: bool| Self {
            rows: (0..count).map(|_| row()).collect(),
            mine: if full { vec![result.row()] } else { Vec::new() },
            everybody: if full { vec![result.row(), result.row()] } else { Vec::new() },
            retirable: if full {
                (0..count).map(|id| Retirable { id, text: format!("Retire case {id}") }).collect()
            } else {
                Vec::new()
            },
        };
        vec![("empty", sample(0, false)), ("typical", sample(2, true)), ("long", sample(80, false))]
    }
}
