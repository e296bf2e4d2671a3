//! A challenge as the central team sees it: the grounds, each challenged decision with its ruling or the form for it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Told, heading_of};
use crate::access::{Action as _, Actor, SettleChallenge};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::case::possible;
use crate::review::challenge::model::{ChallengeState, Ruling};
use crate::review::challenge::reading::ToSettle;
use crate::review::pages::paragraphs;

/// What was typed about one challenged decision.
#[derive(Debug, Clone, Default)]
pub(in crate::review::challenge) struct TypedLine {
    pub ruling: String,
    pub assessed: String,
    pub reason: String,
}

/// One decision to rule on.
#[derive(Debug, Serialize)]
struct Part {
    heading: String,
    href: String,
    claimed: String,
    assessed: String,
    /// Why it was so decided.
    decided: Vec<String>,
    ruling: Field,
    rulings: Vec<Choice>,
    found: Field,
    founds: Vec<Choice>,
    reason: Field,
}

/// The page of a challenge for the central team.
#[derive(Debug, Serialize)]
pub(in crate::review::challenge) struct SettlePage {
    id: i64,
    #[serde(skip)]
    organisation: String,
    challenges: Vec<Told>,
    /// Empty where there is nothing to settle, or not by this person.
    parts: Vec<Part>,
    remarks: Field,
    errors: ErrorSummary,
}

impl SettlePage {
    /// The page as the actor sees it; `typed` is by the code of the requirement.
    pub fn new(
        of: &ToSettle,
        actor: &Actor,
        (typed, remarks): (&BTreeMap<String, TypedLine>, &str),
        errors: &FormErrors,
    ) -> Self {
        let case = &of.of.case;
        let review = &case.found.review;
        let had_part = [review.reviewer, review.second_reviewer].contains(&actor.id());
        let offered = of.challenge.state == ChallengeState::Open
            && !had_part
            && SettleChallenge::ROW.allows(actor, &review.subject()).is_ok();
        let parts = if offered { parts(of, typed, errors) } else { Vec::new() };
        Self {
            id: review.id.get(),
            organisation: case.found.name.clone(),
            challenges: vec![Told::new(case, &of.challenge, &of.lines)],
            parts,
            remarks: about_all(remarks, errors),
            errors: errors.summary(),
        }
    }
}

fn parts(of: &ToSettle, typed: &BTreeMap<String, TypedLine>, errors: &FormErrors) -> Vec<Part> {
    let case = &of.of.case;
    let part = |(number, line): (usize, &_)| {
        let heading = heading_of(case, line);
        let position = case.found.edition.position_of(line.requirement)?;
        let requirement = case.edition().requirements().get(position)?;
        let decided = case.lines.get(position)?;
        let typed = typed.get(requirement.code.as_str()).cloned().unwrap_or_default();
        let now = decided.assessed(case.edition());
        let founds = possible(requirement, decided)
            .into_iter()
            .filter(|status| *status != now && *status != decided.claimed)
            .map(|status| Choice::new(status.as_str(), status.label()));
        Some(Part {
            heading,
            href: format!("/reviews/{}/requirements/{}", case.found.review.id, requirement.code),
            claimed: decided.claimed.label(),
            assessed: now.label(),
            decided: decided.decision.as_ref().map(|one| paragraphs(&one.reason)).unwrap_or_default(),
            ruling: Field::new(format!("ruling-{number}"), "How do you rule?")
                .value(&typed.ruling)
                .errors(errors),
            rulings: rulings(),
            found: Field::new(format!("assessed-{number}"), "If upheld in part, what do you find?")
                .value(&typed.assessed)
                .errors(errors),
            founds: std::iter::once(Choice::new("", "Not upheld in part")).chain(founds).collect(),
            reason: Field::new(format!("reason-{number}"), "Reason")
                .hint("The organisation reads it in its letter.")
                .value(&typed.reason)
                .errors(errors),
        })
    };
    of.lines.iter().enumerate().filter_map(part).collect()
}

fn rulings() -> Vec<Choice> {
    vec![
        Choice::new(Ruling::Upheld.as_str(), Ruling::Upheld.words()).hint("The claim stands."),
        Choice::new(Ruling::Partly.as_str(), Ruling::Partly.words()).hint("Something else stands."),
        Choice::new(Ruling::Rejected.as_str(), Ruling::Rejected.words()).hint("The decision stands."),
    ]
}

fn about_all(typed: &str, errors: &FormErrors) -> Field {
    Field::new("remarks", "Anything about the challenge as a whole (optional)")
        .hint("It stands in the letter.")
        .value(typed)
        .errors(errors)
}

impl Page for SettlePage {
    const TEMPLATE: &'static str = "review/challenge/settle.html";

    fn title(&self) -> String {
        format!("Challenge by {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews"), Link::new("Challenges", "/reviews/challenges")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("ruling-0", "Choose how you rule");
        wrong.add("assessed-0", "Choose a result");
        wrong.add("reason-0", "Give the reason for your ruling");
        wrong.add("remarks", "The remarks must be 4,000 characters or fewer");
        let sample = |rows: usize, settled: bool, errors: &FormErrors| Self {
            id: 1,
            organisation: "Fenwick & Marsh Trust".to_owned(),
            challenges: vec![Told::sample(settled)],
            parts: (0..rows)
                .map(|number| Part {
                    heading: "1-101 A framework for governance".to_owned(),
                    href: "/reviews/1/requirements/1-101".to_owned(),
                    claimed: "Level 2".to_owned(),
                    assessed: "Level 1".to_owned(),
                    decided: vec!["The policy is a draft.".to_owned()],
                    ruling: Field::new(format!("ruling-{number}"), "How do you rule?").errors(errors),
                    rulings: rulings(),
                    found: Field::new(format!("assessed-{number}"), "What do you find?").errors(errors),
                    founds: vec![Choice::new("", "Not upheld in part")],
                    reason: Field::new(format!("reason-{number}"), "Reason").errors(errors),
                })
                .collect(),
            remarks: about_all("", errors),
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        vec![
            ("open", sample(2, false, &none)),
            ("settled", sample(0, true, &none)),
            ("long", sample(47, false, &none)),
            ("errors", sample(1, false, &wrong)),
        ]
    }
}
