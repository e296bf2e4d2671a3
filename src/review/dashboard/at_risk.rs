//! The page that lists every organisation at risk, from which some or all are chosen to be reminded.

use serde::Serialize;

use super::rules::Rule;
use super::store::AtRisk;
use super::words;
use crate::collections::Collection;
use crate::platform::clock::Timestamp;
use crate::platform::pages::{Choice, Field, Link, Page, Pagination};

/// Organisations on one page.
pub(super) const SIZE: i64 = 100;

/// One organisation with its box.
#[derive(Debug, Serialize)]
struct Item {
    id: i64,
    name: String,
    code: String,
    about: String,
    why: String,
    submitted: bool,
}

/// The page.
#[derive(Debug, Serialize)]
pub(super) struct AtRiskPage {
    #[serde(skip)]
    year: String,
    #[serde(skip)]
    dashboard: String,
    collection: String,
    rule: Field,
    rules: Vec<Choice>,
    explained: Vec<String>,
    made_at: i64,
    total: String,
    items: Vec<Item>,
    csv: String,
    all_href: String,
    may_chase: bool,
    pages: Pagination,
}

/// What the page is about.
pub(super) struct Shown<'a> {
    pub collection: &'a Collection,
    pub rule: Option<Rule>,
    pub page: i64,
    pub counts: &'a [(Rule, i64)],
    pub made_at: Option<Timestamp>,
    pub may_chase: bool,
}

impl AtRiskPage {
    /// One page of the list.
    pub fn new(of: &Shown<'_>, rows: &[AtRisk]) -> Self {
        let key = of.collection.key.as_str();
        let narrowed = of.rule.map_or(String::new(), |rule| format!("&rule={}", rule.as_str()));
        let total: i64 = of
            .counts
            .iter()
            .filter(|(rule, _)| of.rule.is_none_or(|wanted| wanted == *rule))
            .map(|(_, count)| count)
            .sum();
        let wide = |n: i64| u64::try_from(n).unwrap_or_default();
        let count =
            |rule: &Rule| of.counts.iter().find(|(one, _)| one == rule).map_or(0, |(_, count)| *count);
        let number = |n: i64| crate::platform::pages::words::number(i128::from(n));
        let choice =
            |rule: &Rule| Choice::new(rule.as_str(), format!("{} ({})", rule.words(), number(count(rule))));
        Self {
            year: of.collection.year_label.clone(),
            dashboard: format!("/programme/dashboard?collection={key}"),
            collection: key.to_owned(),
            rule: Field::new("rule", "Rule").value(of.rule.map_or("", Rule::as_str)),
            rules: std::iter::once(Choice::new("", "Every rule"))
                .chain(Rule::ALL.iter().map(choice))
                .collect(),
            explained: Rule::ALL
                .iter()
                .map(|rule| format!("{}: {}", rule.words(), rule.explained()))
                .collect(),
            made_at: of.made_at.map_or(0, Timestamp::micros),
            total: number(total),
            items: rows.iter().map(item).collect(),
            csv: format!("/programme/dashboard/at-risk.csv?collection={key}{narrowed}"),
            all_href: format!("/programme/reminders/new?collection={key}{narrowed}&everybody=yes"),
            may_chase: of.may_chase && !rows.is_empty(),
            pages: Pagination::new(wide(of.page), wide(total), wide(SIZE), |n| {
                format!("/programme/at-risk?collection={key}{narrowed}&page={n}")
            }),
        }
    }
}

fn item(row: &AtRisk) -> Item {
    let [name, code, sector, state, answers, due, why] = words::at_risk(row);
    Item {
        id: row.organisation.get(),
        name,
        code,
        about: format!("{sector}. {state}, {answers} answers confirmed, due {due}."),
        why,
        submitted: row.submitted,
    }
}

impl Page for AtRiskPage {
    const TEMPLATE: &'static str = "review/dashboard/at_risk.html";

    fn title(&self) -> String {
        format!("Organisations at risk in {}", self.year)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![
            Link::new("Reviews", "/reviews?state=open"),
            Link::new("Programme dashboard", self.dashboard.clone()),
        ]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let (collection, now) = super::samples::collection();
        let counts = Rule::ALL.iter().map(|rule| (*rule, 120)).collect::<Vec<_>>();
        let shown = |rule, may_chase, made_at| Shown {
            collection: &collection,
            rule,
            page: 1,
            counts: &counts,
            made_at,
            may_chase,
        };
        let other = AtRisk {
            organisation: crate::platform::ids::OrganisationId::new(8),
            ..super::samples::at_risk(true)
        };
        let rows = [super::samples::at_risk(false), other];
        vec![
            ("empty", Self::new(&shown(Some(Rule::Asked), true, None), &[])),
            ("typical", Self::new(&shown(None, true, Some(now)), &rows)),
            ("read only", Self::new(&shown(None, false, Some(now)), &rows)),
        ]
    }
}
