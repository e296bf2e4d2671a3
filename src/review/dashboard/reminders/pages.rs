//! The pages of reminders by hand: the rounds so far, one to be looked at before it is sent, and one under way.

use serde::Serialize;

use super::store::{Line, Preview, Round, Scope};
use crate::collections::Collection;
use crate::platform::clock::Timestamp;
use crate::platform::pages::words::number;
use crate::platform::pages::{Fact, Link, Page, Pagination};
use crate::review::pages::Cell;

/// Organisations on one page of a round.
pub(super) const SIZE: i64 = 100;

fn figure(count: i64) -> String {
    number(i128::from(count))
}

fn above(collection: &str) -> Vec<Link> {
    vec![
        Link::new("Reviews", "/reviews?state=open"),
        Link::new("Programme dashboard", format!("/programme/dashboard?collection={collection}")),
    ]
}

/// Every round of a collection.
#[derive(Debug, Serialize)]
pub(in crate::review::dashboard) struct RoundsPage {
    #[serde(skip)]
    collection: String,
    rows: Vec<Vec<Cell>>,
    at_risk_href: String,
}

impl RoundsPage {
    pub fn new(collection: &Collection, rounds: &[Round]) -> Self {
        let row = |round: &Round| {
            let state = if round.finished_at.is_some() { "Finished" } else { "Under way" };
            vec![
                Cell::link(round.sent_at.london_words(), format!("/programme/reminders/{}", round.id)),
                Cell::text(&round.sent_by),
                Cell::text(figure(round.organisations)),
                Cell::text(figure(round.mails)),
                Cell::text(state),
            ]
        };
        Self {
            collection: collection.key.clone(),
            rows: rounds.iter().map(row).collect(),
            at_risk_href: format!("/programme/at-risk?collection={}", collection.key),
        }
    }
}

impl Page for RoundsPage {
    const TEMPLATE: &'static str = "review/dashboard/rounds.html";

    fn title(&self) -> String {
        "Reminders sent by hand".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        above(&self.collection)
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let (collection, now) = crate::review::dashboard::samples::collection();
        let rounds = [sample(now, None), sample(now, Some(now))];
        vec![("empty", Self::new(&collection, &[])), ("typical", Self::new(&collection, &rounds))]
    }
}

/// A round to be looked at before it is sent.
#[derive(Debug, Serialize)]
pub(in crate::review::dashboard) struct PreviewPage {
    collection: String,
    rule: String,
    everybody: bool,
    organisations: Vec<i64>,
    facts: Vec<Fact>,
    subject: String,
    text: Vec<String>,
    may_send: bool,
}

impl PreviewPage {
    pub fn new(collection: &Collection, scope: &Scope, preview: Preview, now: Timestamp) -> Self {
        let due = collection.deadline_at;
        let about = super::mail::Chased {
            to: "",
            name: "(name)",
            organisation: "(organisation)",
            year: &collection.year_label,
            due,
            href: "(the organisation's page)",
        };
        let mail = super::mail::chased(&about, now);
        let left = preview.organisations - preview.today;
        Self {
            collection: collection.key.clone(),
            rule: if let Scope::Of(rule) = scope { rule.as_str().to_owned() } else { String::new() },
            everybody: !matches!(scope, Scope::These(_)),
            organisations: match scope {
                Scope::These(ids) => ids.iter().map(|id| id.get()).collect(),
                _ => Vec::new(),
            },
            facts: vec![
                Fact::new("Organisations at risk that you chose", figure(preview.organisations)),
                Fact::new("Reminded today already, left out", figure(preview.today)),
                Fact::new("Organisations that are written to", figure(preview.reachable)),
                Fact::new("Emails", figure(preview.mails)),
                Fact::new("Organisations with nobody to write to", figure((left - preview.reachable).max(0))),
            ],
            subject: mail.subject,
            text: mail.text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect(),
            may_send: left > 0,
        }
    }
}

impl Page for PreviewPage {
    const TEMPLATE: &'static str = "review/dashboard/preview.html";

    fn title(&self) -> String {
        "Look at the reminders".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        above(&self.collection)
    }

    fn samples() -> Vec<(&'static str, Self)> {
        use crate::platform::ids::OrganisationId;
        use crate::review::dashboard::rules::Rule;
        let (collection, now) = crate::review::dashboard::samples::collection();
        let preview = Preview { organisations: 900, today: 10, reachable: 800, mails: 1_100 };
        let chosen = Scope::These(vec![OrganisationId::new(4), OrganisationId::new(5)]);
        vec![
            ("nobody", Self::new(&collection, &Scope::All, Preview::default(), now)),
            ("a rule", Self::new(&collection, &Scope::Of(Rule::Behind), preview, now)),
            ("chosen", Self::new(&collection, &chosen, preview, now)),
        ]
    }
}

/// A round under way, or finished.
#[derive(Debug, Serialize)]
pub(in crate::review::dashboard) struct RoundPage {
    #[serde(skip)]
    collection: String,
    facts: Vec<Fact>,
    under_way: bool,
    rows: Vec<Vec<Cell>>,
    csv: String,
    pages: Pagination,
}

impl RoundPage {
    pub fn new(round: &Round, collection: &str, lines: &[Line], page: i64) -> Self {
        let wide = |n: i64| u64::try_from(n).unwrap_or_default();
        let finished = round.finished_at.map_or("Under way".to_owned(), Timestamp::london_words);
        Self {
            collection: collection.to_owned(),
            facts: vec![
                Fact::new("Collection", round.year.clone()),
                Fact::new("Sent by", round.sent_by.clone()),
                Fact::new("Begun", round.sent_at.london_words()),
                Fact::new("Organisations", figure(round.organisations)),
                Fact::new("Done so far", figure(round.done)),
                Fact::new("Emails", figure(round.mails)),
                Fact::new("Finished", finished),
            ],
            under_way: round.finished_at.is_none(),
            rows: lines
                .iter()
                .map(|(code, name, state)| {
                    vec![Cell::text(name), Cell::text(code), Cell::text(state.words())]
                })
                .collect(),
            csv: format!("/programme/reminders/{}/organisations.csv", round.id),
            pages: Pagination::new(wide(page), wide(round.organisations), wide(SIZE), |n| {
                format!("/programme/reminders/{}?page={n}", round.id)
            }),
        }
    }
}

impl Page for RoundPage {
    const TEMPLATE: &'static str = "review/dashboard/round.html";

    fn title(&self) -> String {
        "Reminders".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut links = above(&self.collection);
        links.push(Link::new(
            "Reminders sent by hand",
            format!("/programme/reminders?collection={}", self.collection),
        ));
        links
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let (_, now) = crate::review::dashboard::samples::collection();
        let line = |state| ("ZZ001".to_owned(), "Fenwick & Marsh Trust".to_owned(), state);
        let lines: Vec<Line> = super::store::LineState::ALL.iter().copied().map(line).collect();
        vec![
            ("empty", Self::new(&sample(now, None), "2026", &[], 1)),
            ("under way", Self::new(&sample(now, None), "2026", &lines, 1)),
            ("finished", Self::new(&sample(now, Some(now)), "2026", &lines, 2)),
        ]
    }
}

fn sample(now: Timestamp, finished_at: Option<Timestamp>) -> Round {
    Round {
        id: crate::platform::ids::RoundId::new(1),
        collection: crate::platform::ids::CollectionId::new(1),
        year: "2026/27".to_owned(),
        day: now.london_day(),
        sent_by: "Mo Manager".to_owned(),
        sent_at: now,
        organisations: 900,
        done: 200,
        mails: 250,
        finished_at,
    }
}
