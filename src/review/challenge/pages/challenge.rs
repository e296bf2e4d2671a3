//! Challenging a decision as the organisation sees it: what can be challenged, until when, and what became of it.

use serde::Serialize;

use super::Told;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::challenge::model::Possible;
use crate::review::challenge::post::{NewChallenge, refusal};
use crate::review::challenge::reading::ForMembers;
use crate::review::pages::paragraphs;

/// What was typed into a refused form.
pub(in crate::review::challenge) type Typed = NewChallenge;

/// The page of a challenge.
#[derive(Debug, Serialize)]
pub(in crate::review::challenge) struct ChallengePage {
    #[serde(skip)]
    back: Link,
    #[serde(skip)]
    year: String,
    action: String,
    organisation: String,
    until: String,
    /// Why it cannot be challenged now; empty when it can.
    refusal: String,
    /// What was written and not sent.
    unsent: Vec<String>,
    may_withdraw: bool,
    scope: Field,
    scopes: Vec<Choice>,
    requirements: Field,
    choices: Vec<Choice>,
    chosen: Vec<String>,
    grounds: Field,
    evidence: Field,
    challenges: Vec<Told>,
    errors: ErrorSummary,
}

impl ChallengePage {
    /// The page for somebody who may or may not challenge.
    pub fn new(of: &ForMembers, may: bool, typed: &Typed, errors: &FormErrors) -> Self {
        let found = &of.case.found;
        let base = format!("/organisations/{}/returns/{}", found.code, found.collection_key);
        let possible = of.standing.possible;
        let refusal = match refusal(possible) {
            None if !may => {
                "The senior information risk owner or an information governance lead challenges a decision."
                    .to_owned()
            }
            said => said.unwrap_or_default(),
        };
        let unsent = if refusal.is_empty() {
            Vec::new()
        } else {
            [paragraphs(&typed.grounds), paragraphs(&typed.evidence)].concat()
        };
        let challenges =
            of.standing.challenges.iter().zip(&of.lines).map(|(one, lines)| Told::new(&of.case, one, lines));
        Self {
            back: Link::new("Back to the outcome", format!("{base}/review")),
            year: found.year_label.clone(),
            action: format!("{base}/challenge"),
            organisation: found.name.clone(),
            until: match possible {
                Possible::Until(at) => at.london_words(),
                _ => String::new(),
            },
            refusal,
            unsent,
            may_withdraw: may && possible == Possible::Open,
            scope: scope(errors),
            scopes: scopes(typed.whole, !typed.requirements.is_empty(), of.differing.len()),
            requirements: requirements(errors),
            choices: of
                .differing
                .iter()
                .filter_map(|code| {
                    let (requirement, line) = of.case.requirement(code)?;
                    let words = format!(
                        "You claimed {}, the decision is {}.",
                        line.claimed.label(),
                        line.assessed(of.case.edition()).label()
                    );
                    Some(Choice::new(code, format!("{code} {}", requirement.title)).hint(words))
                })
                .collect(),
            chosen: typed.requirements.clone(),
            grounds: grounds(&typed.grounds, errors),
            evidence: evidence(&typed.evidence, errors),
            challenges: challenges.collect(),
            errors: errors.summary(),
        }
    }
}

fn scope(errors: &FormErrors) -> Field {
    Field::new("scope", "What do you challenge?").errors(errors)
}

fn scopes(whole: bool, parts: bool, count: usize) -> Vec<Choice> {
    vec![
        Choice::new("whole", "The decision as a whole")
            .hint(format!("All {count} that differ from what you claimed."))
            .checked(whole),
        Choice::new("parts", "Single decisions, chosen below").checked(parts && !whole),
    ]
}

fn requirements(errors: &FormErrors) -> Field {
    Field::new("requirements", "Which decisions?").errors(errors)
}

fn grounds(typed: &str, errors: &FormErrors) -> Field {
    Field::new("grounds", "Why are they wrong?")
        .hint("Say for each what the reviewer overlooked or misread.")
        .value(typed)
        .errors(errors)
}

fn evidence(typed: &str, errors: &FormErrors) -> Field {
    Field::new("evidence", "Which evidence shows it? (optional)")
        .hint("Name files of your return with page or section. What was not there when you submitted is a new fact.")
        .value(typed)
        .errors(errors)
}

impl Page for ChallengePage {
    const TEMPLATE: &'static str = "review/challenge/challenge.html";

    fn title(&self) -> String {
        format!("Challenge the decision on your {} return", self.year)
    }

    fn back(&self) -> Option<Link> {
        Some(self.back.clone())
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("scope", "Choose what you challenge");
        wrong.add("requirements", "Choose what you challenge");
        wrong.add("grounds", "Say why the decision is wrong");
        wrong.add("evidence", "The references must be 8,000 characters or fewer");
        let sample = |until: &str, refusal: &str, rows: usize, errors: &FormErrors| Self {
            back: Link::new("Back to the outcome", "/organisations/ZZ001/returns/2026/review"),
            year: "2026/27".to_owned(),
            action: "/organisations/ZZ001/returns/2026/challenge".to_owned(),
            organisation: "Fenwick & Marsh Trust".to_owned(),
            until: until.to_owned(),
            refusal: refusal.to_owned(),
            unsent: if refusal.is_empty() { Vec::new() } else { vec!["The minutes show it.".to_owned()] },
            may_withdraw: !refusal.is_empty(),
            scope: scope(errors),
            scopes: scopes(false, rows > 0, rows),
            requirements: requirements(errors),
            choices: (0..rows)
                .map(|n| Choice::new(format!("1-10{n}"), "A framework").hint("Level 1"))
                .collect(),
            chosen: vec!["1-100".to_owned(); rows.min(1)],
            grounds: grounds("", errors),
            evidence: evidence("", errors),
            challenges: if rows > 1 { vec![Told::sample(false), Told::sample(true)] } else { Vec::new() },
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        vec![
            ("possible", sample("31 March 2026 at 5pm", "", 1, &none)),
            ("too late", sample("", "The decision could be challenged until 31 March.", 2, &none)),
            ("long", sample("31 March 2026 at 5pm", "", 47, &none)),
            ("errors", sample("31 March 2026 at 5pm", "", 2, &wrong)),
        ]
    }
}
