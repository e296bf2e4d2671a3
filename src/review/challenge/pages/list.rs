//! Every challenge, for the central team.

use serde::Serialize;

use crate::platform::clock::Timestamp;
use crate::platform::pages::{Cell, Choice, Field, Link, Page};
use crate::review::challenge::model::ChallengeState;
use crate::review::challenge::store::Listed;

/// What is shown.
pub(in crate::review::challenge) struct Shown {
    /// Only those in this state.
    pub state: Option<ChallengeState>,
    /// The most that are listed.
    pub limit: usize,
}

/// The list of challenges.
#[derive(Debug, Serialize)]
pub(in crate::review::challenge) struct ListPage {
    state: Field,
    states: Vec<Choice>,
    rows: Vec<Vec<Cell>>,
    overdue: usize,
    more: bool,
    limit: usize,
    csv_href: String,
}

impl ListPage {
    /// The list at this moment.
    pub fn new(all: &[Listed], shown: &Shown, now: Timestamp) -> Self {
        let chosen = shown.state.map_or("all", ChallengeState::as_str);
        Self {
            state: Field::new("state", "Show").value(chosen),
            states: states(),
            rows: all.iter().take(shown.limit).map(|one| row(one, now)).collect(),
            overdue: all.iter().filter(|one| is_overdue(one, now)).count(),
            more: all.len() > shown.limit,
            limit: shown.limit,
            csv_href: format!("/reviews/challenges.csv?state={chosen}"),
        }
    }
}

fn is_overdue(one: &Listed, now: Timestamp) -> bool {
    one.state == ChallengeState::Open && one.due_at < now
}

fn states() -> Vec<Choice> {
    let all = ChallengeState::ALL.iter().map(|state| Choice::new(state.as_str(), state.words()));
    all.chain(std::iter::once(Choice::new("all", "All"))).collect()
}

fn row(one: &Listed, now: Timestamp) -> Vec<Cell> {
    let due = match one.closed_at {
        Some(at) => format!("{} on {}", one.state.words(), at.london_day().words()),
        None if is_overdue(one, now) => format!("Overdue since {}", one.due_at.london_day().words()),
        None => format!("Due by {}", one.due_at.london_day().words()),
    };
    vec![
        Cell::link(format!("{} ({})", one.name, one.code), format!("/reviews/{}/challenge", one.review)),
        Cell::text(&one.year),
        Cell::number(one.lines),
        Cell::text(one.posted_at.london_day().words()),
        Cell::text(due),
    ]
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "review/challenge/list.html";

    fn title(&self) -> String {
        "Challenges of decisions".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |rows: usize| Self {
            state: Field::new("state", "Show").value("open"),
            states: states(),
            rows: (0..rows)
                .map(|_| {
                    vec![
                        Cell::link("Fenwick & Marsh Trust (ZZ001)", "/reviews/1/challenge"),
                        Cell::text("2026/27"),
                        Cell::number(2),
                        Cell::text("3 March 2026"),
                        Cell::text("Due by 31 March 2026"),
                    ]
                })
                .collect(),
            overdue: rows / 2,
            more: rows > 20,
            limit: 500,
            csv_href: "/reviews/challenges.csv?state=open".to_owned(),
        };
        vec![("empty", sample(0)), ("typical", sample(2)), ("long", sample(60))]
    }
}
