//! The sample of a collection: which share, drawn when, what was drawn, and who could score what waits.

use serde::Serialize;

use super::way;
use crate::collections::Collection;
use crate::platform::ids::{BlindCaseId, PersonId};
use crate::platform::pages::words;
use crate::platform::pages::{Cell, Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::consistency::model::{BlindState, Moment};
use crate::review::consistency::sample::{Drawn, Progress, SamplePlan};

/// Everything that the page shows.
pub(in crate::review) struct SampleScene {
    pub collection: Collection,
    pub plan: Option<(SamplePlan, String)>,
    pub draws: Vec<Drawn>,
    pub progress: Progress,
    pub waiting: Vec<(BlindCaseId, Vec<(PersonId, String)>)>,
    pub may_plan: bool,
}

/// One case that somebody can be given.
#[derive(Debug, Serialize)]
struct Waiting {
    id: i64,
    scorer: Field,
    scorers: Vec<Choice>,
}

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct SamplePage {
    #[serde(skip)]
    year: String,
    key: String,
    may_plan: bool,
    is_planned: bool,
    share: Field,
    by_sector: Field,
    strata: Vec<Choice>,
    moment: Field,
    moments: Vec<Choice>,
    version: i64,
    seed: String,
    counts: Vec<Vec<Cell>>,
    draws: Vec<Vec<Cell>>,
    waiting: Vec<Waiting>,
    errors: ErrorSummary,
}

impl SamplePage {
    /// The page; `typed` is the share of a refused form.
    pub fn new(scene: &SampleScene, typed: Option<&str>, errors: &FormErrors) -> Self {
        let plan = scene.plan.as_ref().map(|(plan, _)| *plan);
        let share = match (typed, plan) {
            (Some(typed), _) => typed.to_owned(),
            (None, Some(plan)) => plan.share.to_string(),
            (None, None) => "5".to_owned(),
        };
        let by_sector = plan.is_none_or(|plan| plan.by_sector);
        let moment = plan.map_or(Moment::AtClose, |plan| plan.moment);
        let count = |state: BlindState| scene.progress.get(&state).copied().unwrap_or(0);
        let row = |state: &BlindState| vec![Cell::text(state.words()), Cell::number(count(*state))];
        Self {
            year: scene.collection.year_label.clone(),
            key: scene.collection.key.clone(),
            may_plan: scene.may_plan,
            is_planned: plan.is_some(),
            share: Field::new("share", "Percent of the submissions").value(share).errors(errors),
            by_sector: Field::new("by_sector", "Drawn from").errors(errors),
            strata: vec![
                Choice::new("yes", "Each sector by itself")
                    .hint("Every sector that has submissions has somebody in the sample.")
                    .checked(by_sector),
                Choice::new("no", "All submissions together").checked(!by_sector),
            ],
            moment: Field::new("moment", "When").errors(errors),
            moments: Moment::ALL
                .iter()
                .map(|one| Choice::new(one.as_str(), one.words()).checked(*one == moment))
                .collect(),
            version: plan.map_or(0, |plan| plan.version),
            seed: scene.plan.as_ref().map(|(_, seed)| spaced(seed)).unwrap_or_default(),
            counts: BlindState::ALL.iter().map(row).collect(),
            draws: scene.draws.iter().map(drawn).collect(),
            waiting: scene.waiting.iter().map(waiting).collect(),
            errors: errors.summary(),
        }
    }
}

/// A seed in groups, so that a narrow screen can break it.
fn spaced(seed: &str) -> String {
    let letters: Vec<char> = seed.chars().collect();
    letters.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn drawn(draw: &Drawn) -> Vec<Cell> {
    let strata = draw.strata().unwrap_or_default();
    let population: usize = strata.iter().map(|stratum| stratum.new.len()).sum();
    let taken: Vec<i64> = serde_json::from_str(&draw.taken).unwrap_or_default();
    let number = |count: usize| Cell::number(i64::try_from(count).unwrap_or(i64::MAX));
    vec![
        Cell::text(format!("Draw {}", draw.number)),
        Cell::text(draw.drawn_at.london_words()),
        Cell::text(format!("{}%", words::number(i128::from(draw.share)))),
        number(population),
        number(taken.len()),
    ]
}

fn waiting((id, people): &(BlindCaseId, Vec<(PersonId, String)>)) -> Waiting {
    let mut scorer = Field::new("scorer", format!("Who scores case {id}"));
    scorer.id = format!("scorer-{id}");
    let mut scorers = vec![Choice::new("", "Choose somebody")];
    scorers.extend(people.iter().map(|(person, name)| Choice::new(person.to_string(), name)));
    Waiting { id: id.get(), scorer, scorers }
}

impl Page for SamplePage {
    const TEMPLATE: &'static str = "review/consistency/sample.html";

    fn title(&self) -> String {
        format!("Sample that is scored twice, {}", self.year)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("share", "Enter a whole number from 1 to 100");
        let sample = |full: bool, errors: &FormErrors| Self {
            year: "2026/27".to_owned(),
            key: "2026".to_owned(),
            may_plan: full,
            is_planned: full,
            share: Field::new("share", "Percent of the submissions").value("5").errors(errors),
            by_sector: Field::new("by_sector", "Drawn from").errors(errors),
            strata: vec![Choice::new("yes", "Each sector").checked(true), Choice::new("no", "All")],
            moment: Field::new("moment", "When").errors(errors),
            moments: vec![Choice::new("at_close", "At the close").checked(true)],
            version: 1,
            seed: if full { "c0ffee".repeat(10) } else { String::new() },
            counts: vec![vec![Cell::text("Waiting"), Cell::number(3)]],
            draws: if full {
                vec![["Draw 1", "3 March 2026", "5%", "200", "10"].map(Cell::text).to_vec()]
            } else {
                Vec::new()
            },
            waiting: if full {
                vec![waiting(&(BlindCaseId::new(4), vec![(PersonId::new(2), "Bea".to_owned())]))]
            } else {
                Vec::new()
            },
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        vec![
            ("empty", sample(false, &none)),
            ("typical", sample(true, &none)),
            ("errors", sample(true, &wrong)),
        ]
    }
}
