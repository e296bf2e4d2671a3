//! What allocation puts on the pages of others: on the queue, and on a review's own page.

use serde::Serialize;

use super::super::reading::OfReview;
use super::people;
use crate::access::{Action as _, Actor, ReadAllocation, Subject};
use crate::platform::pages::{Choice, Field, Link};
use crate::review::reading::ForCentre;

/// On the queue: the ways to allocation, for whoever may go them.
#[derive(Debug, Clone, Default, Serialize)]
pub(in crate::review) struct OnQueue {
    may: bool,
}

impl OnQueue {
    /// What this actor sees.
    pub fn of(actor: &Actor) -> Self {
        Self { may: ReadAllocation::ROW.allows(actor, &Subject::programme()).is_ok() }
    }

    /// Whether this actor gives reviews out.
    pub const fn may(&self) -> bool {
        self.may
    }

    /// An example for the checks.
    pub fn sample() -> Self {
        Self { may: true }
    }
}

/// A reviewer who gave the review back because of a conflict.
#[derive(Debug, Clone, Serialize)]
struct Given {
    words: String,
    decided: Vec<Link>,
}

/// On a review's own page: why it stands where it stands, who gave it back, and giving it to somebody.
#[derive(Debug, Clone, Default, Serialize)]
pub(in crate::review) struct OnOverview {
    id: i64,
    version: String,
    given_back: Vec<Given>,
    person: Field,
    /// Empty for whoever may not give it to anybody.
    people: Vec<Choice>,
    button: &'static str,
}

impl OnOverview {
    /// What an actor sees of this review.
    pub fn new(of: &OfReview, review: &ForCentre) -> Self {
        let case = &review.case;
        let id = case.found.review.id;
        let link = |requirement: &crate::platform::ids::RequirementId| {
            let at = case.found.edition.position_of(*requirement)?;
            let code = case.edition().requirements().get(at)?.code.as_str();
            Some(Link::new(code, format!("/reviews/{id}/requirements/{code}")))
        };
        let held = case.found.review.reviewer.is_some();
        Self {
            id: id.get(),
            version: case.found.review.version.to_string(),
            given_back: of
                .recusals
                .iter()
                .map(|recusal| Given {
                    words: format!(
                        "A reviewer gave this review back on {} because of a conflict of interest ({}).",
                        recusal.at.london_words(),
                        recusal.cause.words().to_lowercase()
                    ),
                    decided: recusal.decided.iter().filter_map(link).collect(),
                })
                .collect(),
            person: Field::new(
                "person",
                if held { "Give it to another reviewer" } else { "Give it to a reviewer" },
            ),
            people: if of.reviewers.is_empty() {
                Vec::new()
            } else {
                people(&of.reviewers, "Choose a reviewer")
            },
            button: if held { "Give it to them instead" } else { "Give it to them" },
        }
    }

    /// An example for the checks.
    pub fn sample() -> Self {
        Self {
            id: 1,
            version: "3".to_owned(),
            given_back: vec![Given {
                words: "A reviewer gave this review back.".to_owned(),
                decided: vec![Link::new("1-101", "/reviews/1/requirements/1-101")],
            }],
            person: Field::new("person", "Give it to a reviewer"),
            people: vec![Choice::new("", "Choose a reviewer"), Choice::new("4", "Ada (1 of 10)")],
            button: "Give it to them",
        }
    }
}
