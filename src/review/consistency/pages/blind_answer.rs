//! One answer to score a second time: the question, what the organisation answered, its evidence, and one's own score.

use serde::Serialize;

use super::{paragraphs, way};
use crate::platform::error::{Error, Result};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::consistency::blind::{BlindLine, BlindSheet};
use crate::review::pages::answer::{AnswerShown, Opened};
use crate::review::reading::value_of;
use crate::standards::guidance::{About, Shown};
use crate::standards::scoring::Status;
use crate::standards::{Asked, Requirement};

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct BlindAnswerPage {
    id: i64,
    organisation: String,
    code: String,
    #[serde(skip)]
    heading: String,
    text: Vec<String>,
    advice: Vec<String>,
    /// Notes in force beside the edition's own guidance.
    guidance: Vec<Shown>,
    claimed: String,
    answer: AnswerShown,
    stale: bool,
    assessed: Field,
    choices: Vec<Choice>,
    reason: Field,
    version: i64,
    previous: Option<Link>,
    next: Option<Link>,
    errors: ErrorSummary,
}

impl BlindAnswerPage {
    /// The page of a requirement; `typed` is what was chosen and written in a refused form.
    pub fn new(
        sheet: &BlindSheet,
        code: &str,
        typed: Option<(&str, &str)>,
        stale: bool,
        errors: &FormErrors,
    ) -> Result<Self> {
        let (requirement, line) = sheet.requirement(code).ok_or(Error::NotFound)?;
        let answer = sheet.answer(code)?;
        let value = value_of(requirement, &answer)?;
        let edition = sheet.edition.edition();
        let stored = line.found(edition).map(Status::as_str).unwrap_or_default();
        let (chosen, reason) =
            typed.unwrap_or_else(|| (stored, line.score.as_ref().map_or("", |score| score.reason.as_str())));
        let (previous, next) = neighbours(sheet, code);
        let noted = |about, code: &str| sheet.guidance.get(&(about, code.to_owned())).cloned();
        let notes = [noted(About::Requirement, code), noted(About::Section, requirement.section.as_str())];
        let guidance = Shown::all(edition, requirement, &[notes.clone(), notes.clone()]);
        let noted = notes.first().is_some_and(Option::is_some);
        Ok(Self {
            id: sheet.case.id.get(),
            organisation: sheet.name.clone(),
            code: code.to_owned(),
            heading: format!("{code} {}", requirement.title),
            text: paragraphs(&requirement.text),
            advice: requirement.guidance.as_deref().filter(|_| !noted).map(paragraphs).unwrap_or_default(),
            guidance,
            claimed: line.claimed.label(),
            answer: AnswerShown::new(requirement, value.as_ref(), &answer, Opened::Blind(sheet.case.id)),
            stale,
            assessed: Field::new("assessed", "What did you find?").errors(errors),
            choices: choices(requirement, line, chosen),
            reason: Field::new("reason", "Reason")
                .hint("Needed when you do not agree with the claim. The first reviewer reads it when both are done.")
                .value(reason)
                .errors(errors),
            version: line.score.as_ref().map_or(0, |score| score.version),
            previous,
            next,
            errors: errors.summary(),
        })
    }
}

fn choices(requirement: &Requirement, line: &BlindLine, chosen: &str) -> Vec<Choice> {
    line.possible(requirement)
        .into_iter()
        .map(|status| {
            let mut text = status.label();
            if status == line.claimed {
                text.push_str(" (as claimed)");
            }
            Choice::new(status.as_str(), text).checked(status.as_str() == chosen)
        })
        .collect()
}

/// The requirement before and the one after.
fn neighbours(sheet: &BlindSheet, code: &str) -> (Option<Link>, Option<Link>) {
    let asked: Vec<&str> = sheet
        .requirements()
        .filter(|(_, line)| line.asked != Asked::NotAsked)
        .map(|(requirement, _)| requirement.code.as_str())
        .collect();
    let Some(at) = asked.iter().position(|other| *other == code) else { return (None, None) };
    let link =
        |code: &&str| Link::new(*code, format!("/reviews/blind/{}/requirements/{code}", sheet.case.id));
    (at.checked_sub(1).and_then(|at| asked.get(at)).map(link), asked.get(at + 1).map(link))
}

impl Page for BlindAnswerPage {
    const TEMPLATE: &'static str = "review/consistency/blind_answer.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut way = way();
        way.push(Link::new("Second scoring", "/reviews/blind"));
        way.push(Link::new(&self.organisation, format!("/reviews/blind/{}", self.id)));
        way
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("assessed", "Choose what you found");
        wrong.add("reason", "Say why your finding differs from the claim");
        let none = FormErrors::new();
        let link = |code: &str| Some(Link::new(code, format!("/reviews/blind/1/requirements/{code}")));
        let some = |full: bool, text: &str| if full { vec![text.to_owned()] } else { Vec::new() };
        let sample = |full: bool, stale: bool, errors: &FormErrors| Self {
            id: 1,
            organisation: "Fenwick & Marsh Trust".to_owned(),
            code: "1-101".to_owned(),
            heading: "1-101 A framework for governance".to_owned(),
            text: vec!["How far is it in place?".to_owned()],
            advice: some(full, "Look at the terms of reference."),
            guidance: if full { Shown::samples() } else { Vec::new() },
            claimed: "Level 2".to_owned(),
            answer: if full { AnswerShown::sample() } else { AnswerShown::default() },
            stale,
            assessed: Field::new("assessed", "What did you find?").errors(errors),
            choices: vec![Choice::new("level_1", "Level 1"), Choice::new("level_2", "Level 2 (as claimed)")],
            reason: Field::new("reason", "Reason").errors(errors),
            version: 1,
            previous: if full { link("1-100") } else { None },
            next: if full { link("1-102") } else { None },
            errors: errors.summary(),
        };
        vec![
            ("empty", sample(false, false, &none)),
            ("typical", sample(true, false, &none)),
            ("errors", sample(true, false, &wrong)),
            ("stale", sample(true, true, &none)),
        ]
    }
}
