//! The reports: how far reviewers agree, and how claims survive review. Each row says how many answers it rests on and
//! carries its interval; rows are in an order of their own and never ranked.

use rust_decimal::Decimal;
use serde::Serialize;

use super::chart::{Estimate, estimates};
use super::way;
use crate::collections::Collection;
use crate::platform::charts::{ChartCell, ChartRow, ChartTable, FigureView};
use crate::platform::pages::words::number;
use crate::platform::pages::{Link, Page};
use crate::review::consistency::calibration::CalibrationOf;
use crate::review::consistency::figures::{Agreement, Measured, status_words};
use crate::standards::SectorKey;
use crate::statistics::agreement::{FEW, Kappa, Undefined, Weights};
use crate::statistics::calibration::Tally;

const KAPPA_TICKS: [(u32, &str); 5] = [(0, "-1"), (25, "-0.5"), (50, "0"), (75, "0.5"), (100, "1")];
const PERCENT_TICKS: [(u32, &str); 5] = [(0, "0%"), (25, "25%"), (50, "50%"), (75, "75%"), (100, "100%")];

/// A report of figures with their charts and tables.
#[derive(Debug, Serialize)]
pub(in crate::review) struct ReportPage {
    #[serde(skip)]
    heading: String,
    intro: Vec<String>,
    figures: Vec<FigureView>,
    csv: String,
}

impl ReportPage {
    /// How far reviewers agree.
    pub fn agreement(of: &Collection, found: &Agreement) -> Self {
        let mut figures =
            vec![kappas("all", "All answers scored twice", "", std::slice::from_ref(&found.all))];
        let parts = [
            ("requirement", "By requirement", "In the order of the standard.", &found.by_requirement),
            (
                "reviewer",
                "Each reviewer against the others",
                "In the order of names. Intervals that overlap say that the difference may be chance.",
                &found.by_reviewer,
            ),
            ("pair", "By pair of reviewers", "Whoever scored first is named first.", &found.by_pair),
            ("sector", "By sector", "", &found.by_sector),
        ];
        let filled = parts.into_iter().filter(|(.., rows)| !rows.is_empty());
        figures.extend(filled.map(|(id, title, about, rows)| kappas(id, title, about, rows)));
        Self {
            heading: format!("Agreement of reviewers, {}", of.year_label),
            intro: vec![
                format!(
                    "Answers scored twice: {}. Scored alike: {}. Waiting for a moderator: {}.",
                    number(i128::from(found.all.of)),
                    number(i128::from(found.all.agreed)),
                    found.open
                ),
                "Kappa says how much of the agreement beyond chance was reached: 1 is complete, 0 is what chance \
                 gives. Weighted kappa counts a small distance for less than a large one, by equal steps (linear) or \
                 by squares (quadratic). Statuses without a place in the order, such as not relevant, count for the \
                 percentage only."
                    .to_owned(),
                format!("Rows with fewer than {FEW} answers are marked: their intervals are rough."),
            ],
            figures,
            csv: format!("/reviews/consistency/{}/agreement.csv", of.key),
        }
    }

    /// How claims survive review.
    pub fn calibration(of: &Collection, found: &CalibrationOf) -> Self {
        let total = found.counts.total();
        let groups = groups(found);
        let figures = groups.iter().filter(|(.., rows)| !rows.is_empty());
        Self {
            heading: format!("How claims survived review, {}", of.year_label),
            intro: vec![
                format!(
                    "Decided submissions: {}. Claims in them: {}. A claim survives when the review does not find the \
                     answer lower than claimed.",
                    number(i128::from(found.counts.submissions())),
                    number(i128::from(total.claims())),
                ),
                "What moderation settled counts in place of the first decision. An answer about which no reviewer decided \
                 is not counted: it has survived nothing."
                    .to_owned(),
            ],
            figures: figures.map(|(id, title, rows)| survivals(id, title, rows)).collect(),
            csv: format!("/reviews/consistency/{}/calibration.csv", of.key),
        }
    }
}

type Group = (&'static str, &'static str, Vec<(String, Tally)>);

fn groups(found: &CalibrationOf) -> Vec<Group> {
    let edition = found.edition.edition();
    let requirements = edition.requirements().iter().zip(found.counts.by_requirement());
    let by_requirement = requirements
        .filter(|(_, tally)| tally.claims() > 0)
        .map(|(requirement, tally)| (format!("{} {}", requirement.code, requirement.title), *tally));
    let by_sector = SectorKey::all().filter_map(|sector| {
        found.counts.by_group().get(sector.as_str()).map(|tally| (sector.label().to_owned(), *tally))
    });
    let claims = found.counts.by_claim().iter();
    let by_claim = claims.map(|(byte, tally)| (status_words(edition, i64::from(*byte)), *tally));
    let all = (found.counts.submissions() > 0).then(|| ("All claims".to_owned(), found.counts.total()));
    vec![
        ("all", "All claims", all.into_iter().collect()),
        ("claim", "By the status claimed", by_claim.collect()),
        ("sector", "By sector", by_sector.collect()),
        ("requirement", "By requirement", by_requirement.collect()),
    ]
}

fn survivals(id: &str, title: &str, rows: &[(String, Tally)]) -> FigureView {
    let estimate = |(label, tally): &(String, Tally)| {
        let found = tally.survival();
        Estimate {
            label: label.clone(),
            words: found.map_or_else(String::new, |one| {
                format!("{}% of {}", one.percentage, number(i128::from(one.of)))
            }),
            span: found.map(|one| [one.low, one.percentage, one.high]),
        }
    };
    let drawn: Vec<Estimate> = rows.iter().map(estimate).collect();
    let cells = |tally: &Tally| {
        let found = tally.survival();
        let percent = |of: Option<Decimal>| {
            of.map_or_else(ChartCell::not_available, |x| ChartCell::number(format!("{x}%")))
        };
        vec![
            ChartCell::count(Some(tally.claims())),
            ChartCell::count(Some(tally.survived())),
            ChartCell::count(Some(tally.lowered)),
            percent(found.map(|one| one.percentage)),
            percent(found.map(|one| one.low)),
            percent(found.map(|one| one.high)),
        ]
    };
    let head = [
        "What",
        "Claims",
        "Survived",
        "Found lower",
        "Percent survived",
        "Lower bound (95%)",
        "Upper bound (95%)",
    ];
    let rows =
        rows.iter().map(|(label, tally)| ChartRow { heading: label.clone(), cells: cells(tally) }).collect();
    let svg = estimates(
        &format!("survival-{id}"),
        title,
        "The share of claims that survived review, each as a point on a line that spans its 95% interval, on a scale \
         from 0 to 100%. Every figure is in the table that follows.",
        &drawn,
        &PERCENT_TICKS,
    );
    view((&format!("survival-{id}"), title, ""), svg, &head, rows, "Claims that were reviewed are counted.")
}

fn view(
    (id, title, about): (&str, &str, &str),
    svg: String,
    head: &[&str],
    rows: Vec<ChartRow>,
    counted: &str,
) -> FigureView {
    let head = head.iter().map(|text| (*text).to_owned()).collect();
    let table = ChartTable::new(title, head, rows, counted.to_owned(), Vec::new());
    let mut view = FigureView::of_table(id, table, about, "");
    view.svg = svg;
    view
}

/// A row's name, with a mark where it rests on few answers.
fn marked(of: &Measured) -> String {
    if of.table.is_few() { format!("{} (few answers)", of.label) } else { of.label.clone() }
}

fn shown(found: Result<Kappa, Undefined>) -> String {
    match found {
        Ok(kappa) => {
            let (low, high) = kappa.bounds(2);
            format!("{} ({low} to {high})", kappa.rounded(2))
        }
        Err(Undefined::NoCases) => "no ordered statuses".to_owned(),
        Err(Undefined::OneCategory) => "not defined: all in one status".to_owned(),
    }
}

/// A bound of kappa as percent of the chart's width.
fn place(value: f64) -> Decimal {
    let hundredths = ((value + 1.0) * 5_000.0).round();
    format!("{hundredths:.0}").parse::<i64>().map_or(Decimal::ZERO, |whole| Decimal::new(whole, 2))
}

fn kappas(id: &str, title: &str, about: &str, rows: &[Measured]) -> FigureView {
    let estimate = |of: &Measured| {
        let found = of.table.kappa(Weights::Linear);
        Estimate {
            label: marked(of),
            words: format!("{}, {} answers", shown(found), number(i128::from(of.of))),
            span: found.ok().map(|kappa| {
                let (low, high) = kappa.interval();
                [place(low), place(kappa.value()), place(high)]
            }),
        }
    };
    let drawn: Vec<Estimate> = rows.iter().map(estimate).collect();
    let cells = |of: &Measured| {
        let percent = of.percent().map_or_else(ChartCell::not_available, |found| {
            ChartCell::number(format!("{}% ({}% to {}%)", found.percentage, found.low, found.high))
        });
        let mut cells = vec![ChartCell::count(Some(of.of)), percent];
        for weights in [Weights::Same, Weights::Linear, Weights::Quadratic] {
            cells.push(ChartCell::number(shown(of.table.kappa(weights))));
        }
        cells
    };
    let head = [
        "What",
        "Answers",
        "Scored alike (95%)",
        "Kappa (95%)",
        "Linear kappa (95%)",
        "Quadratic kappa (95%)",
    ];
    let table = rows.iter().map(|of| ChartRow { heading: marked(of), cells: cells(of) }).collect();
    let svg = estimates(
        &format!("kappa-{id}"),
        title,
        "Linear weighted kappa, each as a point on a line that spans its 95% interval, on a scale from minus 1 to 1. \
         Every figure is in the table that follows.",
        &drawn,
        &KAPPA_TICKS,
    );
    view((&format!("kappa-{id}"), title, about), svg, &head, table, "Answers that both scored are counted.")
}

/// The columns of the agreement's file.
pub(super) const AGREEMENT_HEAD: [&str; 18] = [
    "group",
    "name",
    "answers",
    "alike",
    "percent",
    "percent_low",
    "percent_high",
    "ordered_answers",
    "kappa",
    "kappa_low",
    "kappa_high",
    "linear",
    "linear_low",
    "linear_high",
    "quadratic",
    "quadratic_low",
    "quadratic_high",
    "few",
];

/// The agreement as a file: head and rows.
pub(in crate::review) fn agreement_csv(found: &Agreement) -> (&'static [&'static str], Vec<Vec<String>>) {
    let parts: [(&str, &[Measured]); 5] = [
        ("all", std::slice::from_ref(&found.all)),
        ("requirement", &found.by_requirement),
        ("reviewer", &found.by_reviewer),
        ("pair", &found.by_pair),
        ("sector", &found.by_sector),
    ];
    let rows = parts.iter().flat_map(|(group, rows)| rows.iter().map(|of| measured_row(group, of))).collect();
    (&AGREEMENT_HEAD, rows)
}

/// One row of a file with the columns of [`AGREEMENT_HEAD`].
pub(super) fn measured_row(group: &str, of: &Measured) -> Vec<String> {
    let percent = of.percent();
    let figure = |of: Option<Decimal>| of.map(|x| x.to_string()).unwrap_or_default();
    let mut cells = vec![
        group.to_owned(),
        of.label.clone(),
        of.of.to_string(),
        of.agreed.to_string(),
        figure(percent.map(|x| x.percentage)),
        figure(percent.map(|x| x.low)),
        figure(percent.map(|x| x.high)),
        of.table.total().to_string(),
    ];
    for weights in [Weights::Same, Weights::Linear, Weights::Quadratic] {
        match of.table.kappa(weights) {
            Ok(kappa) => {
                let (low, high) = kappa.bounds(4);
                cells.extend([kappa.rounded(4).to_string(), low, high]);
            }
            Err(_) => cells.extend([String::new(), String::new(), String::new()]),
        }
    }
    cells.push(if of.table.is_few() { "few" } else { "" }.to_owned());
    cells
}

/// The columns of the calibration's file.
const CALIBRATION_HEAD: [&str; 9] = [
    "group",
    "name",
    "claims",
    "stood",
    "raised",
    "lowered",
    "percent_survived",
    "percent_low",
    "percent_high",
];

/// The calibration as a file: head and rows.
pub(in crate::review) fn calibration_csv(
    found: &CalibrationOf,
) -> (&'static [&'static str], Vec<Vec<String>>) {
    let mut rows = Vec::new();
    for (group, _, lines) in groups(found) {
        for (label, tally) in lines {
            let survival = tally.survival();
            let figure = |of: Option<Decimal>| of.map(|x| x.to_string()).unwrap_or_default();
            rows.push(vec![
                group.to_owned(),
                label,
                tally.claims().to_string(),
                tally.stood.to_string(),
                tally.raised.to_string(),
                tally.lowered.to_string(),
                figure(survival.map(|x| x.percentage)),
                figure(survival.map(|x| x.low)),
                figure(survival.map(|x| x.high)),
            ]);
        }
    }
    (&CALIBRATION_HEAD, rows)
}

impl Page for ReportPage {
    const TEMPLATE: &'static str = "review/consistency/report.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut some = Measured::new("1-101 A framework for governance", 4);
        for (first, second) in [(2, 2), (2, 1), (3, 3), (0, 1), (254, 254)] {
            some.add(first, second);
        }
        let sample = |figures: Vec<FigureView>| Self {
            heading: "Agreement of reviewers, 2026/27".to_owned(),
            intro: vec!["Five answers have been scored twice.".to_owned()],
            figures,
            csv: "/reviews/consistency/2026/agreement.csv".to_owned(),
        };
        let tally = Tally { stood: 3, lowered: 2, raised: 1 };
        vec![
            ("empty", sample(Vec::new())),
            (
                "typical",
                sample(vec![kappas(
                    "all",
                    "Everything",
                    "What it says.",
                    &[some.clone(), Measured::new("None", 4)],
                )]),
            ),
            ("long", sample(vec![kappas("all", "Everything", "", &vec![some; 110])])),
            ("calibration", sample(vec![survivals("all", "All claims", &[("All".to_owned(), tally)])])),
        ]
    }
}
