//! The way through a review: how far it is, the list of requirements with its filters, and the neighbours of one.

use serde::Serialize;

use crate::platform::ids::ReviewId;
use crate::platform::pages::Link;
use crate::review::case::Case;
use crate::review::pages::parts::Cell;
use crate::review::workspace::{Entry, Show, entries};
use crate::standards::Asked;

/// One filter over the list.
#[derive(Debug, Serialize)]
pub(super) struct Filter {
    text: &'static str,
    href: String,
    current: bool,
}

/// The way through a review from one of its requirements.
#[derive(Debug, Serialize)]
pub(super) struct Way {
    /// For example "12 of 47 decided".
    pub progress: String,
    pub filters: Vec<Filter>,
    pub rows: Vec<Vec<Cell>>,
    /// Whether a filter is chosen, so that the list stands open.
    pub open: bool,
    /// The filter, for the forms of the page.
    pub show: &'static str,
    pub previous: Option<Link>,
    pub next: Option<Link>,
    pub next_undecided: Option<Link>,
}

/// The address of a requirement within a review, with the filter that is chosen.
pub(in crate::review) fn href(of: ReviewId, code: &str, show: Show) -> String {
    match show {
        Show::All => format!("/reviews/{of}/requirements/{code}"),
        _ => format!("/reviews/{of}/requirements/{code}?show={show}"),
    }
}

/// How many of the answers that need a decision have one, in words.
pub(in crate::review) fn progress(case: &Case) -> String {
    let mandatory = case.lines.iter().filter(|line| line.asked == Asked::Mandatory);
    let (mut decided, mut all) = (0_usize, 0_usize);
    for line in mandatory {
        all += 1;
        decided += usize::from(line.decision.is_some());
    }
    format!("{decided} of {all} decided")
}

impl Way {
    /// The way from the requirement of this code.
    pub fn new(case: &Case, entries: &[Entry], code: &str, show: Show) -> Self {
        let id = case.found.review.id;
        let rows = entries.iter().filter(|entry| entry.shown).map(|entry| {
            vec![
                Cell::link(format!("{} {}", entry.code, entry.title), href(id, &entry.code, show)),
                Cell::text(&entry.state),
            ]
        });
        let filter = |of: &Show| Filter {
            text: of.words(),
            href: format!("/reviews/{id}/requirements/{code}?show={of}"),
            current: *of == show,
        };
        let (previous, next, next_undecided) = neighbours(id, entries, code, show);
        Self {
            progress: progress(case),
            filters: Show::ALL.iter().map(filter).collect(),
            rows: rows.collect(),
            open: show != Show::All,
            show: show.as_str(),
            previous,
            next,
            next_undecided,
        }
    }

    /// An example for the checks.
    pub fn sample(full: bool) -> Self {
        let link = |code: &str| full.then(|| Link::new(code, format!("/reviews/1/requirements/{code}")));
        Self {
            progress: "12 of 47 decided".to_owned(),
            filters: vec![
                Filter {
                    text: "All",
                    href: "/reviews/1/requirements/1-101?show=all".to_owned(),
                    current: full,
                },
                Filter {
                    text: "Undecided",
                    href: "/reviews/1/requirements/1-101?show=undecided".to_owned(),
                    current: !full,
                },
            ],
            rows: if full {
                vec![vec![
                    Cell::link("1-101 A framework", "/reviews/1/requirements/1-101"),
                    Cell::text("Agreed"),
                ]]
            } else {
                Vec::new()
            },
            open: !full,
            show: if full { "all" } else { "undecided" },
            previous: link("1-100"),
            next: link("1-102"),
            next_undecided: link("1-105"),
        }
    }
}

type Neighbours = (Option<Link>, Option<Link>, Option<Link>);

/// The requirement before and the one after in the list as it is filtered, and the next without a decision (from the
/// start again after the end).
fn neighbours(id: ReviewId, entries: &[Entry], code: &str, show: Show) -> Neighbours {
    let Some(at) = entries.iter().position(|entry| entry.code == code) else { return (None, None, None) };
    let link = |entry: &Entry| Link::new(&entry.code, href(id, &entry.code, show));
    let before = entries.get(..at).unwrap_or_default();
    let after = entries.get(at + 1..).unwrap_or_default();
    let undecided = after.iter().chain(before).find(|entry| entry.wanting);
    (
        before.iter().rev().find(|entry| entry.shown).map(link),
        after.iter().find(|entry| entry.shown).map(link),
        undecided.map(link),
    )
}

/// Where a reviewer goes after deciding: the next undecided answer, or the overview when there is none.
pub(in crate::review) fn after_deciding(case: &Case, code: &str, show: Show) -> String {
    let none = std::collections::BTreeSet::new();
    let doubtful = std::collections::BTreeSet::new();
    let entries = entries(case, &none, &doubtful, Show::All);
    let next = neighbours(case.found.review.id, &entries, code, show).2;
    next.map_or_else(|| format!("/reviews/{}", case.found.review.id), |link| link.href)
}
