//! One disagreement: both scores with their reasons side by side, the settling, and keeping it as a gold case.

use serde::Serialize;

use super::{paragraphs, way};
use crate::access::{Action as _, Actor, MakeGoldCase, SettleDisagreement};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::pages::{Choice, ErrorSummary, Fact, Field, FormErrors, Link, Page};
use crate::review::consistency::blind::BlindSheet;
use crate::review::consistency::figures::status_words;
use crate::review::consistency::model::Effect;
use crate::review::consistency::moderation::{Disagreement, Side};

/// What the pages show.
pub(in crate::review) struct Scene {
    pub of: Disagreement,
    pub sheet: BlindSheet,
    /// The answer in words.
    pub answer: String,
    pub first_by: String,
    pub second_by: String,
    pub settled_by: String,
}

/// One of the two scores.
#[derive(Debug, Serialize)]
struct Score {
    heading: String,
    status: String,
    reason: Vec<String>,
}

/// What was settled.
#[derive(Debug, Serialize)]
struct Settled {
    facts: Vec<Fact>,
    rationale: Vec<String>,
    gold_href: String,
}

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct DisagreementPage {
    id: i64,
    review_href: String,
    #[serde(skip)]
    heading: String,
    organisation: String,
    claimed: String,
    answer: Vec<String>,
    files: Vec<Link>,
    scores: Vec<Score>,
    settled: Option<Settled>,
    may_settle: bool,
    status: Field,
    choices: Vec<Choice>,
    rationale: Field,
    errors: ErrorSummary,
}

impl DisagreementPage {
    /// The page; `typed` is what was chosen and written in a refused form.
    pub fn new(
        scene: &Scene,
        actor: &Actor,
        (chosen, rationale): (&str, &str),
        errors: &FormErrors,
    ) -> Result<Self> {
        let (of, sheet) = (&scene.of, &scene.sheet);
        let (requirement, line) = sheet.requirement(&of.code).ok_or(Error::NotFound)?;
        let edition = sheet.edition.edition();
        let score = |who: &str, name: &str, side: &Side| Score {
            heading: format!("{who}: {name}"),
            status: status_words(edition, side.level),
            reason: paragraphs(&side.reason),
        };
        let gave_one = actor.id().is_some_and(|me| [of.first.by, of.second.by].contains(&me));
        let review_href = format!("/reviews/{}/requirements/{}", of.review, of.code);
        let files = sheet
            .answer(&of.code)?
            .evidence
            .into_iter()
            .map(|file| Link::new(file.name, format!("/reviews/{}/evidence/{}", of.review, file.id)));
        Ok(Self {
            id: of.id.get(),
            heading: format!("{} {}", requirement.code, requirement.title),
            organisation: format!("{}, {}", sheet.name, sheet.year_label),
            claimed: line.claimed.label(),
            answer: paragraphs(&scene.answer),
            files: files.collect(),
            scores: vec![
                score("First score", &scene.first_by, &of.first),
                score("Second score", &scene.second_by, &of.second),
            ],
            settled: of.settled.map(|byte| settled(scene, actor, status_words(edition, byte))),
            may_settle: !gave_one && SettleDisagreement::ROW.allows(actor, &of.subject()).is_ok(),
            status: Field::new("settled", "Which status holds?").errors(errors),
            choices: line
                .possible(requirement)
                .into_iter()
                .map(|status| Choice::new(status.as_str(), status.label()).checked(status.as_str() == chosen))
                .collect(),
            rationale: Field::new("rationale", "Rationale")
                .hint("Where the decision changes, it becomes its reason, which the organisation reads.")
                .value(rationale)
                .errors(errors),
            review_href,
            errors: errors.summary(),
        })
    }
}

fn settled(scene: &Scene, actor: &Actor, status: String) -> Settled {
    let of = &scene.of;
    let may_keep = MakeGoldCase::ROW.allows(actor, &of.subject()).is_ok();
    Settled {
        facts: vec![
            Fact::new("Status that holds", status),
            Fact::new("Settled by", &*scene.settled_by),
            Fact::new("On", of.settled_at.map(Timestamp::london_words).unwrap_or_default()),
            Fact::new("Effect", of.effect.map(Effect::words).unwrap_or_default()),
        ],
        rationale: paragraphs(&of.rationale),
        gold_href: if may_keep { format!("/reviews/moderation/{}/gold", of.id) } else { String::new() },
    }
}

impl Page for DisagreementPage {
    const TEMPLATE: &'static str = "review/consistency/disagreement.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut way = way();
        way.push(Link::new("Disagreements", "/reviews/moderation"));
        way
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("settled", "Choose the status that holds");
        wrong.add("rationale", "Say why this status holds");
        let score = |heading: &str| Score {
            heading: heading.to_owned(),
            status: "Level 2".to_owned(),
            reason: vec!["The minutes say so.".to_owned()],
        };
        let sample = |done: bool, errors: &FormErrors| Self {
            id: 1,
            review_href: "/reviews/1/requirements/1-101".to_owned(),
            heading: "1-101 A framework for governance".to_owned(),
            organisation: "Fenwick & Marsh Trust, 2026/27".to_owned(),
            claimed: "Level 2".to_owned(),
            answer: vec!["Level 2: in place".to_owned()],
            files: vec![Link::new("policy.pdf", "/reviews/1/evidence/2")],
            scores: vec![score("First score: Ada"), score("Second score: Bea")],
            settled: done.then(|| Settled {
                facts: vec![Fact::new("Effect", "The first decision stands")],
                rationale: vec!["The minutes are of the right year.".to_owned()],
                gold_href: "/reviews/moderation/1/gold".to_owned(),
            }),
            may_settle: !done,
            status: Field::new("settled", "Which status holds?").errors(errors),
            choices: vec![Choice::new("level_1", "Level 1"), Choice::new("level_2", "Level 2")],
            rationale: Field::new("rationale", "Rationale").errors(errors),
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        vec![
            ("typical", sample(false, &none)),
            ("settled", sample(true, &none)),
            ("errors", sample(false, &wrong)),
        ]
    }
}

/// The form that keeps a settled disagreement for training.
#[derive(Debug, Serialize)]
pub(in crate::review) struct GoldFormPage {
    id: i64,
    requirement: String,
    agreed: String,
    answer: Field,
    rationale: Field,
    errors: ErrorSummary,
}

impl GoldFormPage {
    /// The form with these texts.
    pub fn new(scene: &Scene, (answer, rationale): (&str, &str), errors: &FormErrors) -> Result<Self> {
        let (requirement, _) = scene.sheet.requirement(&scene.of.code).ok_or(Error::NotFound)?;
        let edition = scene.sheet.edition.edition();
        Ok(Self {
            id: scene.of.id.get(),
            requirement: format!("{} {}", requirement.code, requirement.title),
            agreed: scene.of.settled.map(|byte| status_words(edition, byte)).unwrap_or_default(),
            answer: Field::new("answer", "The answer as reviewers will read it").value(answer).errors(errors),
            rationale: Field::new("rationale", "Why the status holds").value(rationale).errors(errors),
            errors: errors.summary(),
        })
    }
}

impl Page for GoldFormPage {
    const TEMPLATE: &'static str = "review/consistency/gold_form.html";

    fn title(&self) -> String {
        "Keep as a gold case".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut way = way();
        way.push(Link::new("Disagreements", "/reviews/moderation"));
        way
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("answer", "Take out what could tell whose answer it is: \u{201c}marsh\u{201d}");
        wrong.add("rationale", "Enter the rationale");
        let sample = |answer: &str, errors: &FormErrors| Self {
            id: 1,
            requirement: "1-101 A framework for governance".to_owned(),
            agreed: "Level 1".to_owned(),
            answer: Field::new("answer", "The answer as reviewers will read it").value(answer).errors(errors),
            rationale: Field::new("rationale", "Why the status holds").errors(errors),
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        vec![
            ("empty", sample("", &none)),
            ("typical", sample("Level 2: in place", &none)),
            ("errors", sample("Marsh", &wrong)),
        ]
    }
}
