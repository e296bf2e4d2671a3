//! The list of improvement plans for the central team, and the form that says when overdue lines go up.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::platform::clock::Day;
use crate::platform::pages::{Cell, Choice, ErrorSummary, Field, FormErrors, Link, Page, Pagination, words};
use crate::returns::plan::follow::{Listed, PAGE_SIZE, Show};
use crate::returns::plan::model::Stage;

/// What was asked for in the address, as raw text.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::returns::plan) struct PlansForm {
    /// Which plans; those that wait for approval where it is none of them.
    pub show: String,
    /// The page, from 1.
    pub page: String,
}

impl PlansForm {
    /// Which plans are wanted.
    pub(in crate::returns::plan) fn shown(&self) -> Show {
        self.show.parse().unwrap_or(Show::Waiting)
    }

    /// The page, from 1.
    pub(in crate::returns::plan) fn number(&self) -> i64 {
        self.page.parse().unwrap_or(1).max(1)
    }
}

/// Improvement plans.
#[derive(Debug, Serialize)]
pub(in crate::returns::plan) struct PlansPage {
    show: Field,
    shows: Vec<Choice>,
    caption: String,
    rows: Vec<Vec<Cell>>,
    empty: &'static str,
    pages: Pagination,
    csv_href: String,
    /// After how many days overdue lines go up; empty for who may not say.
    steps: Vec<Field>,
    errors: ErrorSummary,
}

impl PlansPage {
    /// The plans that this person may read, of `total`.
    pub(in crate::returns::plan) fn new(form: &PlansForm, (total, plans): (i64, &[Listed])) -> Self {
        let show = form.shown();
        let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
        let caption = match total {
            1 => "1 plan".to_owned(),
            many => format!("{} plans", words::number(i128::from(many))),
        };
        Self {
            show: Field::new("show", "Plans").value(show.as_str()),
            shows: Show::ALL.iter().map(|show| Choice::new(show.as_str(), show.words())).collect(),
            caption,
            rows: plans.iter().map(cells).collect(),
            empty: if show == Show::Waiting {
                "No plan waits for approval."
            } else {
                "No plan is like this."
            },
            pages: Pagination::new(unsigned(form.number()), unsigned(total), unsigned(PAGE_SIZE), |number| {
                format!("/plans?show={}&page={number}", show.as_str())
            }),
            csv_href: format!("/plans.csv?show={}", show.as_str()),
            steps: Vec::new(),
            errors: ErrorSummary::default(),
        }
    }

    /// With the form that says when overdue lines go up, for programme managers.
    pub(in crate::returns::plan) fn with_steps(
        mut self,
        typed: &BTreeMap<Stage, String>,
        errors: &FormErrors,
    ) -> Self {
        self.steps = Stage::ALL
            .iter()
            .map(|stage| {
                Field::new(stage.as_str(), label_of(*stage))
                    .value(typed.get(stage).cloned().unwrap_or_default())
                    .errors(errors)
            })
            .collect();
        self.errors = errors.summary();
        self
    }
}

fn label_of(stage: Stage) -> &'static str {
    match stage {
        Stage::Owner => "Days after which its owner and the leads are told",
        Stage::Siro => "Days after which the SIRO is told",
        Stage::Centre => "Days after which it is listed here as escalated",
    }
}

fn cells(plan: &Listed) -> Vec<Cell> {
    let course = &plan.course;
    vec![
        Cell::link(&plan.name, format!("/plans/{}", plan.id)),
        Cell::text(&plan.code),
        Cell::text(&plan.year),
        Cell::text(plan.state.words()),
        Cell::text(plan.sent_at.map(|at| at.london_day().words()).unwrap_or_default()),
        Cell::text(format!("{} of {}", course.done, course.lines)),
        Cell::number(course.overdue),
        Cell::text(course.next_due.map(Day::words).unwrap_or_default()),
        Cell::text(course.reported_at.map(|at| at.london_day().words()).unwrap_or_default()),
        Cell::text(format!("{} of {}", course.seen, course.done)),
        Cell::text(course.stage.map_or("", Stage::words)),
    ]
}

impl Page for PlansPage {
    const TEMPLATE: &'static str = "returns/plan/plans.html";

    fn title(&self) -> String {
        "Improvement plans".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Reviews", "/reviews")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = || -> Vec<Cell> { (0..11).map(|n| Cell::text(n.to_string())).collect() };
        let typed: BTreeMap<Stage, String> =
            Stage::ALL.iter().map(|stage| (*stage, "7".to_owned())).collect();
        let sample = |rows: i64, errors: &FormErrors| {
            let page = Self {
                rows: (0..rows.min(PAGE_SIZE)).map(|_| row()).collect(),
                ..Self::new(&PlansForm::default(), (rows, &[]))
            };
            if rows > 0 { page.with_steps(&typed, errors) } else { page }
        };
        let none = FormErrors::new();
        let mut wrong = FormErrors::new();
        wrong.add("siro", "Enter more days than for the stage before");
        vec![
            ("empty", sample(0, &none)),
            ("typical", sample(2, &none)),
            ("long", sample(250, &none)),
            ("errors", sample(2, &wrong)),
        ]
    }
}
