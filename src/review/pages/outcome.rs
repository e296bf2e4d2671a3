//! The outcome of a final review as the organisation sees it: both grades, every decision, every question.

use serde::Serialize;

use super::confirm::{Change, changes};
use super::parts::{Fact, QueryItem, paragraphs};
use crate::platform::pages::{Cell, Link, Page, filled_columns};
use crate::review::case::{Case, grade_words};
use crate::review::letters::BesideOutcome;

/// What is told of an answer that stands.
const AGREED: &[&str] = &["Requirement", "Result", "Remark"];

/// The outcome of a review.
#[derive(Debug, Serialize)]
pub(in crate::review) struct OutcomePage {
    #[serde(skip)]
    code: String,
    #[serde(skip)]
    year: String,
    #[serde(skip)]
    label: String,
    organisation: String,
    facts: Vec<Fact>,
    decision: BesideOutcome,
    changed: bool,
    remarks: Vec<String>,
    changes: Vec<Change>,
    agreed_head: Vec<&'static str>,
    agreed: Vec<Vec<Cell>>,
    queries: Vec<QueryItem>,
}

impl OutcomePage {
    /// The page of a decided review.
    pub fn new(case: &Case, decision: BesideOutcome) -> Self {
        let found = &case.found;
        let review = &found.review;
        let agreed = case.requirements().filter_map(|(requirement, line)| {
            let decision = line.decision.as_ref().filter(|decision| !decision.outcome.needs_reason())?;
            Some(vec![
                Cell::text(format!("{} {}", requirement.code, requirement.title)),
                Cell::text(line.claimed.label()),
                Cell::text(&decision.reason),
            ])
        });
        let (agreed_head, agreed) = filled_columns(AGREED, agreed.collect());
        Self {
            code: found.code.clone(),
            year: found.collection_key.clone(),
            label: found.year_label.clone(),
            organisation: found.name.clone(),
            facts: vec![
                Fact::new("Grade claimed", grade_words(&review.claimed_grade)),
                Fact::new(
                    "Grade after review",
                    review.assessed_grade.as_deref().map(grade_words).unwrap_or_default(),
                ),
                Fact::new(
                    "Decided",
                    review
                        .decided_at
                        .map(crate::platform::clock::Timestamp::london_words)
                        .unwrap_or_default(),
                ),
            ],
            decision,
            changed: review.assessed_grade.as_ref() != Some(&review.claimed_grade),
            remarks: paragraphs(&review.summary),
            changes: changes(case, ""),
            agreed_head,
            agreed,
            queries: case.queries.iter().map(|query| QueryItem::for_organisation(case, query)).collect(),
        }
    }
}

impl Page for OutcomePage {
    const TEMPLATE: &'static str = "review/outcome.html";

    fn title(&self) -> String {
        format!("The review of your {} return", self.label)
    }

    fn back(&self) -> Option<Link> {
        Some(Link::new("Back to your return", format!("/organisations/{}/returns/{}", self.code, self.year)))
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |rows: usize| Self {
            code: "ZZ001".to_owned(),
            year: "2026".to_owned(),
            label: "2026/27".to_owned(),
            organisation: "Fenwick & Marsh Trust".to_owned(),
            facts: vec![Fact::new("Grade claimed", "Satisfactory")],
            decision: if rows > 0 { BesideOutcome::sample() } else { BesideOutcome::default() },
            changed: rows > 0,
            remarks: if rows > 0 { vec!["Sound work.".to_owned()] } else { Vec::new() },
            changes: vec![Change::sample(""); rows],
            agreed_head: AGREED.to_vec(),
            agreed: (0..rows).map(|_| ["1-102 Roles", "Level 2", ""].map(Cell::text).to_vec()).collect(),
            queries: if rows > 0 {
                vec![QueryItem::sample(true), QueryItem::sample(false)]
            } else {
                Vec::new()
            },
        };
        vec![("empty", sample(0)), ("typical", sample(2)), ("long", sample(60))]
    }
}
