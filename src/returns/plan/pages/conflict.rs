//! Two people changed the same line: both texts, and the choice which of them stands.

use serde::Serialize;

use super::{inner_way_of, line_href};
use crate::platform::clock::Day;
use crate::platform::http::Fields;
use crate::platform::pages::{Fact, Link, Page};
use crate::returns::plan::reading::Reading;
use crate::returns::plan::save_line::LineChange;
use crate::returns::plan::store::PlanLine;
use crate::returns::store::Found;
use crate::standards::Requirement;

/// A field that is sent again as it was typed.
#[derive(Debug, Serialize)]
struct Kept {
    name: String,
    value: String,
}

/// Both texts.
#[derive(Debug, Serialize)]
pub(in crate::returns::plan) struct LineConflictPage {
    heading: String,
    by: String,
    at: i64,
    theirs: Vec<Fact>,
    mine: Vec<Fact>,
    kept: Vec<Kept>,
    version: String,
    href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl LineConflictPage {
    /// The line that stands, and the change that was not saved.
    pub(in crate::returns::plan) fn new(
        found: &Found,
        reading: &Reading,
        (requirement, line): (&Requirement, &PlanLine),
        change: &LineChange,
        fields: &Fields,
    ) -> Self {
        let member = |id| {
            reading
                .members
                .iter()
                .find(|(member, _)| Some(*member) == id)
                .map_or("", |(_, name)| name.as_str())
        };
        let kept =
            fields.pairs().iter().filter(|(name, _)| !["csrf", "once", "version"].contains(&name.as_str()));
        Self {
            heading: format!("{} {}", requirement.code, requirement.title),
            by: reading.name(line.updated_by).to_owned(),
            at: line.updated_at.micros(),
            theirs: facts(
                &line.action,
                reading.name(line.owner),
                line.due_on,
                &line.resources,
                line.funded.words(),
            ),
            mine: facts(
                &change.action,
                member(change.owner),
                change.due_on,
                &change.resources,
                change.funded.words(),
            ),
            kept: kept.map(|(name, value)| Kept { name: name.clone(), value: value.clone() }).collect(),
            version: line.version.to_string(),
            href: line_href(found, line),
            way: inner_way_of(found),
        }
    }
}

fn facts(action: &str, owner: &str, due: Option<Day>, resources: &str, funded: &str) -> Vec<Fact> {
    let or_none = |text: &str| if text.is_empty() { "Not given".to_owned() } else { text.to_owned() };
    vec![
        Fact::new("Action", or_none(action)),
        Fact::new("Owner", or_none(owner)),
        Fact::new("Due", or_none(&due.map(Day::words).unwrap_or_default())),
        Fact::new("Resources", or_none(resources)),
        Fact::new("Funding", funded),
    ]
}

impl Page for LineConflictPage {
    const TEMPLATE: &'static str = "returns/plan/conflict.html";

    fn title(&self) -> String {
        format!("A colleague changed the plan for {} first", self.heading)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |by: &str| Self {
            heading: "1.1.2 Register".to_owned(),
            by: by.to_owned(),
            at: 1_780_000_000_000_000,
            theirs: facts("Write it.", "Ada Example", None, "", "Funded"),
            mine: facts("Write it soon.", "", None, "", "Funded"),
            kept: vec![Kept { name: "action".to_owned(), value: "Write it soon.".to_owned() }],
            version: "3".to_owned(),
            href: "/organisations/ZZ001/returns/2026/plan/lines/1".to_owned(),
            way: super::sample_way(),
        };
        vec![("empty", page("")), ("typical", page("Grace Example"))]
    }
}
