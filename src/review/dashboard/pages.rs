//! The programme's dashboard as a page.

use serde::Serialize;

use super::chart::{Drawn, chart};
use super::gather::{Gathered, QUESTION_AGES, Reviewer};
use super::words::{self, AT_RISK, MORE_TIME, QUESTIONS, REVIEWERS, cells};
use super::workload::{AGES, Load};
use crate::collections::RequestState;
use crate::platform::charts::FigureView;
use crate::platform::pages::words::number;
use crate::platform::pages::{Choice, Fact, Field, Link, Page};
use crate::review::model::ReviewState;
use crate::review::pages::Cell;

/// A list: its heads and rows, and where the whole of it is.
#[derive(Debug, Default, Serialize)]
pub(super) struct List {
    head: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
    csv: String,
}

/// The dashboard.
#[derive(Debug, Serialize)]
pub(super) struct DashboardPage {
    collection: Field,
    collections: Vec<Choice>,
    facts: Vec<Fact>,
    made_at: i64,
    forecast: Vec<String>,
    figure: FigureView,
    submissions_csv: String,
    rules: List,
    at_risk: List,
    at_risk_href: String,
    reminders_href: String,
    may_chase: bool,
    states: List,
    reviewers: List,
    questions: List,
    oldest: List,
    requests: List,
    more_time: List,
}

impl DashboardPage {
    /// The page; `may_chase` offers reminders.
    pub fn new(of: &Gathered, may_chase: bool) -> Self {
        let key = of.collection.key.as_str();
        let file = |name: &str| format!("/programme/dashboard/{name}.csv?collection={key}");
        let at_risk_href = format!("/programme/at-risk?collection={key}");
        let rules = of
            .risks
            .iter()
            .map(|(rule, count)| {
                let href = format!("{at_risk_href}&rule={}", rule.as_str());
                vec![Cell::link(rule.words(), href), Cell::text(figure(*count)), Cell::text(rule.explained())]
            })
            .collect();
        let questions = QUESTION_AGES.iter().map(|(_, words)| *words).chain(["More than 28 days"]);
        let waiting = questions
            .zip(&of.questions)
            .map(|(words, count)| cells([words.to_owned(), figure(*count)]))
            .collect();
        let rows = |list: Vec<Vec<Cell>>, head: &[&'static str], name: &str| List {
            head: head.to_vec(),
            rows: list,
            csv: if name.is_empty() { String::new() } else { file(name) },
        };
        Self {
            collection: Field::new("collection", "Collection").value(key),
            collections: of.collections.iter().map(|one| Choice::new(&one.key, &one.name)).collect(),
            facts: facts(of),
            made_at: of.made_at.map_or(0, crate::platform::clock::Timestamp::micros),
            forecast: foretold(of),
            figure: FigureView::of_chart(
                chart(&Drawn {
                    way: &of.way,
                    earlier: &of.earlier,
                    forecast: of.forecast,
                    today: of.now.london_day(),
                    in_scope: of.in_scope,
                }),
                "",
                "",
            ),
            submissions_csv: file("submissions"),
            rules: rows(rules, &["Rule", "Organisations", "What it means"], ""),
            at_risk: rows(
                of.at_risk.iter().map(|row| cells(words::at_risk(row))).collect(),
                &AT_RISK,
                "at-risk",
            ),
            at_risk_href,
            reminders_href: format!("/programme/reminders?collection={key}"),
            may_chase,
            states: rows(states(of), &states_head(), "reviews"),
            reviewers: rows(of.reviewers.iter().map(reviewer).collect(), &REVIEWERS, "reviewers"),
            questions: rows(waiting, &["Asked", "Questions"], ""),
            oldest: rows(
                of.oldest
                    .iter()
                    .map(|row| {
                        let mut line = cells(words::question(row, of.now));
                        if let Some(first) = line.first_mut() {
                            *first = Cell::link(&row.name, format!("/reviews/{}", row.review));
                        }
                        line
                    })
                    .collect(),
                &QUESTIONS,
                "questions",
            ),
            requests: rows(requests(of), &["Requests for more time", "Number"], ""),
            more_time: rows(
                of.more_time.iter().map(|row| cells(words::more_time(row))).collect(),
                &MORE_TIME,
                "more-time",
            ),
        }
    }
}

fn figure(count: i64) -> String {
    number(i128::from(count))
}

fn facts(of: &Gathered) -> Vec<Fact> {
    let sent = of.way.by(of.now.london_day());
    let days = of.now.london_day().days_until(of.collection.deadline_at.london_day());
    let left = match days {
        ..0 => "The deadline has passed".to_owned(),
        0 => "Today".to_owned(),
        1 => "1 day".to_owned(),
        more => format!("{more} days"),
    };
    vec![
        Fact::new("Deadline", of.collection.deadline_at.london_words()),
        Fact::new("Time left", left),
        Fact::new("Organisations in scope", figure(of.in_scope)),
        Fact::new("Organisations that have submitted", figure(sent)),
        Fact::new("Reviews overdue", figure(of.work.overdue)),
    ]
}

fn foretold(of: &Gathered) -> Vec<String> {
    let last = of.earlier.first().map_or("", |way| way.label.as_str());
    match &of.forecast {
        Some(forecast) => forecast.words(last),
        None if of.now.london_day() > of.way.deadline => {
            vec!["The deadline has passed, so nothing is forecast.".to_owned()]
        }
        None => vec![
            "There is no forecast yet: it needs submissions on a whole day of this year, and an earlier year in which \
             somebody had submitted with as many days to go."
                .to_owned(),
        ],
    }
}

/// The heads of the table of states and ages.
pub(super) fn states_head() -> Vec<&'static str> {
    std::iter::once("State").chain(["Reviews"]).chain(AGES.map(|(_, words)| words)).collect()
}

/// Every state with its number, and open ones by age.
pub(super) fn state_rows(of: &super::workload::Work) -> Vec<Vec<String>> {
    ReviewState::ALL
        .iter()
        .map(|state| {
            let total = of.states.get(state).copied().unwrap_or_default();
            let ages = of.ages.iter().find(|(one, _)| one == state).map(|(_, ages)| *ages);
            let ages = (0..AGES.len()).map(|age| match ages {
                Some(ages) => ages.get(age).copied().map(figure).unwrap_or_default(),
                None => "Not counted".to_owned(),
            });
            [state.words().to_owned(), figure(total)].into_iter().chain(ages).collect()
        })
        .collect()
}

fn states(of: &Gathered) -> Vec<Vec<Cell>> {
    let key = &of.collection.key;
    state_rows(&of.work)
        .into_iter()
        .zip(ReviewState::ALL)
        .map(|(row, state)| {
            let mut line = cells(row);
            if let Some(first) = line.first_mut() {
                *first =
                    Cell::link(state.words(), format!("/reviews?collection={key}&state={}", state.as_str()));
            }
            line
        })
        .collect()
}

/// A reviewer's figures in words.
pub(super) fn reviewer_words(of: &Reviewer) -> [String; 6] {
    let Load { in_hand, overdue, waiting, decided } = of.load;
    let role = match (of.in_role, of.away) {
        (false, _) => "No longer a reviewer".to_owned(),
        (true, Some(until)) => format!("Away until {}", until.words()),
        (true, None) => "Reviewer".to_owned(),
    };
    [of.name.clone(), figure(in_hand), figure(overdue), figure(waiting), figure(decided), role]
}

fn reviewer(of: &Reviewer) -> Vec<Cell> {
    let mut line = cells(reviewer_words(of));
    if let Some(first) = line.first_mut() {
        *first = Cell::link(&of.name, format!("/reviews?collection=all&whose={}", of.id));
    }
    line
}

fn requests(of: &Gathered) -> Vec<Vec<Cell>> {
    let row = |words: &str, count: i64| cells([words.to_owned(), figure(count)]);
    let asked = RequestState::ALL
        .iter()
        .map(|state| row(state.words(), of.requests.get(state).copied().unwrap_or_default()));
    asked.chain([row("Organisations with more time, asked for or not", of.extensions)]).collect()
}

impl Page for DashboardPage {
    const TEMPLATE: &'static str = "review/dashboard/dashboard.html";

    fn title(&self) -> String {
        "Programme dashboard".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews?state=open")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        super::samples::dashboards()
    }
}
