//! What corrections changed for one return, for its organisation.

use serde::Serialize;

use super::{RuleRow, grade};
use crate::corrections::of_return::Corrected;
use crate::platform::pages::{Link, Page};
use crate::returns::Found;

/// What one correction changed.
#[derive(Debug, Serialize)]
struct Change {
    heading: String,
    since: i64,
    reason: String,
    old_rules: String,
    new_rules: String,
    old: String,
    new: String,
    met: (String, String),
    is_final: bool,
    rules: Vec<RuleRow>,
    new_gaps: Vec<String>,
    closed_gaps: Vec<String>,
    notice: String,
}

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::corrections) struct CorrectedPage {
    #[serde(skip)]
    way: Vec<Link>,
    #[serde(skip)]
    year: String,
    changes: Vec<Change>,
    plan_href: String,
}

impl CorrectedPage {
    /// The page of a return.
    pub fn new(found: &Found, corrected: &[Corrected]) -> Self {
        let here = format!("/organisations/{}/returns/{}", found.code, found.collection.key);
        Self {
            way: vec![
                Link::new(found.name.clone(), format!("/organisations/{}", found.code)),
                Link::new(format!("{} return", found.collection.year_label), here.clone()),
            ],
            year: found.collection.year_label.clone(),
            changes: corrected.iter().map(change).collect(),
            plan_href: format!("{here}/plan"),
        }
    }
}

fn change(of: &Corrected) -> Change {
    let (old, new) = of.assessed.as_ref().unwrap_or(&of.claimed);
    let with_band = |key: &str, band: &Option<String>| match band {
        Some(band) => format!("{} ({band})", grade(key)),
        None => grade(key),
    };
    Change {
        heading: format!("Rules {}", of.rule_sets.1),
        since: of.since.micros(),
        reason: of.reason.clone(),
        old_rules: of.rule_sets.0.clone(),
        new_rules: of.rule_sets.1.clone(),
        old: with_band(old, &of.band.0),
        new: with_band(new, &of.band.1),
        met: (format!("{} of {}", of.met.0, of.asked.0), format!("{} of {}", of.met.1, of.asked.1)),
        is_final: of.assessed.is_some(),
        rules: of.differences.iter().map(RuleRow::of).collect(),
        new_gaps: of.new_gaps.clone(),
        closed_gaps: of.closed_gaps.clone(),
        notice: format!("/public/corrections/{}", of.id),
    }
}

impl Page for CorrectedPage {
    const TEMPLATE: &'static str = "corrections/corrected.html";

    fn title(&self) -> String {
        format!("The corrected result of your {} return", self.year)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let change = |new_gaps, closed_gaps, is_final| Change {
            heading: "Rules sample-2026.1+1".to_owned(),
            since: 1_780_000_000_000_000,
            reason: "Two minima were too low.".to_owned(),
            old_rules: "sample-2026.1".to_owned(),
            new_rules: "sample-2026.1+1".to_owned(),
            old: "Satisfactory".to_owned(),
            new: "Not satisfactory".to_owned(),
            met: ("47 of 47".to_owned(), "45 of 47".to_owned()),
            is_final,
            rules: vec![RuleRow::sample()],
            new_gaps,
            closed_gaps,
            notice: "/public/corrections/1".to_owned(),
        };
        let page = |changes| Self {
            way: vec![Link::new("Example Trust", "/organisations/ZZ001")],
            year: "2026/27".to_owned(),
            changes,
            plan_href: "/organisations/ZZ001/returns/2026/plan".to_owned(),
        };
        let gap = || vec!["1-101 Governance".to_owned()];
        vec![
            ("nothing", page(Vec::new())),
            ("typical", page(vec![change(gap(), Vec::new(), true)])),
            ("two", page(vec![change(Vec::new(), gap(), false), change(gap(), gap(), true)])),
        ]
    }
}
