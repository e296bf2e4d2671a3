//! Agreeing at once where nothing differs: the answers that would be agreed with to tick, and what was ticked once more
//! before it is done.

use std::collections::BTreeSet;

use serde::Serialize;

use super::workspace::progress;
use crate::platform::ids::ReviewId;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::workspace::Candidates;

/// What was ticked, when the form was sent.
pub(in crate::review) type Chosen = BTreeSet<String>;

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct AgreePage {
    id: i64,
    #[serde(skip)]
    organisation: String,
    progress: String,
    others: usize,
    codes: Field,
    choices: Vec<Choice>,
    /// What was ticked, in words: the second step.
    preview: Vec<String>,
    /// The codes of it.
    chosen: Vec<String>,
    errors: ErrorSummary,
}

impl AgreePage {
    /// The first step; everything is ticked until somebody has sent the form.
    pub fn choose(of: &Candidates, chosen: Option<&Chosen>, errors: &FormErrors) -> Self {
        Self::new(of, chosen, errors)
    }

    /// The second step: what would be agreed with, to be confirmed.
    pub fn preview(of: &Candidates, chosen: &Chosen) -> Self {
        let mut page = Self::new(of, Some(chosen), &FormErrors::new());
        for (code, words) in lines(of).into_iter().filter(|(code, _)| chosen.contains(code)) {
            page.preview.push(words);
            page.chosen.push(code);
        }
        page
    }

    fn new(of: &Candidates, chosen: Option<&Chosen>, errors: &FormErrors) -> Self {
        let ticked = |code: &str| chosen.is_none_or(|chosen| chosen.contains(code));
        Self {
            id: of.case.found.review.id.get(),
            organisation: of.case.found.name.clone(),
            progress: progress(&of.case),
            others: of.others,
            codes: Field::new("codes", "Answers where nothing differs").errors(errors),
            choices: lines(of)
                .into_iter()
                .map(|(code, words)| {
                    let checked = ticked(&code);
                    Choice::new(code, words).checked(checked)
                })
                .collect(),
            preview: Vec::new(),
            chosen: Vec::new(),
            errors: errors.summary(),
        }
    }
}

/// Code and words of every candidate, in edition order.
fn lines(of: &Candidates) -> Vec<(String, String)> {
    of.case
        .requirements()
        .filter(|(requirement, _)| of.codes.contains(requirement.code.as_str()))
        .map(|(requirement, line)| {
            let words = format!("{} {}: {}", requirement.code, requirement.title, line.claimed.label());
            (requirement.code.to_string(), words)
        })
        .collect()
}

impl Page for AgreePage {
    const TEMPLATE: &'static str = "review/workspace/agree.html";

    fn title(&self) -> String {
        if self.preview.is_empty() {
            "Agree where nothing differs".to_owned()
        } else {
            "Check what you agree with".to_owned()
        }
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let review = ReviewId::new(self.id);
        vec![Link::new("Reviews", "/reviews"), Link::new(&self.organisation, format!("/reviews/{review}"))]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |rows: usize, preview: bool, errors: &FormErrors| Self {
            id: 1,
            organisation: "Fenwick & Marsh Trust".to_owned(),
            progress: "12 of 47 decided".to_owned(),
            others: 4,
            codes: Field::new("codes", "Answers where nothing differs").errors(errors),
            choices: (0..rows)
                .map(|n| Choice::new(format!("1-{n}"), format!("1-{n} Roles: Level 2")))
                .collect(),
            preview: if preview { vec!["1-1 Roles: Level 2".to_owned()] } else { Vec::new() },
            chosen: if preview { vec!["1-1".to_owned()] } else { Vec::new() },
            errors: errors.summary(),
        };
        let mut wrong = FormErrors::new();
        wrong.add("codes", "Tick at least one answer");
        let none = FormErrors::new();
        vec![
            ("empty", sample(0, false, &none)),
            ("typical", sample(3, false, &none)),
            ("long", sample(47, false, &none)),
            ("preview", sample(3, true, &none)),
            ("errors", sample(3, false, &wrong)),
        ]
    }
}
