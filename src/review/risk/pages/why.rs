//! Why a case stands where it stands in the queue: each input with its value, its weight and what it gives.

use serde::Serialize;

use crate::platform::pages::words::number;
use crate::platform::pages::{Cell, Fact, Link, Page};
use crate::review::risk::reading::Why;
use crate::review::risk::score::Band;

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct WhyPage {
    #[serde(skip)]
    organisation: String,
    #[serde(skip)]
    id: i64,
    facts: Vec<Fact>,
    shares: Vec<Vec<Cell>>,
    /// Empty where the collection has no seed.
    seed: String,
    submission: i64,
}

impl WhyPage {
    /// The page of a case.
    pub fn new(of: &Why) -> Self {
        let mut facts = vec![Fact::new("Risk score", format!("{} of 1,000", number(i128::from(of.risk))))];
        let mut shares = Vec::new();
        if let Some((profile, inputs, day)) = &of.found {
            facts.push(Fact::new("Weights", format!("version {}: {}", profile.version, profile.note)));
            facts.push(Fact::new("Computed", day.words()));
            let bands = profile.settings.bands();
            let band = Band::ALL.into_iter().find(|band| {
                let (from, below) = bands.of(*band);
                (from..below).contains(&of.risk)
            });
            if let Some(band) = band {
                facts.push(Fact::new("Band", bands.words(band)));
            }
            shares.extend(inputs.shares(&profile.settings).into_iter().map(|share| {
                vec![
                    Cell::text(share.name),
                    Cell::text(share.words),
                    Cell::number(share.value),
                    Cell::number(share.weight),
                    Cell::number(share.contribution),
                ]
            }));
        }
        Self {
            organisation: of.organisation.clone(),
            id: of.id.get(),
            facts,
            shares,
            seed: of.seed.clone(),
            submission: of.submission,
        }
    }
}

impl Page for WhyPage {
    const TEMPLATE: &'static str = "review/risk/why.html";

    fn title(&self) -> String {
        "Why this place in the queue".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![
            Link::new("Reviews", "/reviews"),
            Link::new(format!("Review of {}", self.organisation), format!("/reviews/{}", self.id)),
        ]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = || {
            vec![
                Cell::text("First return"),
                Cell::text("The organisation has submitted before."),
                Cell::number(0),
                Cell::number(150),
                Cell::number(0),
            ]
        };
        let sample = |rows: usize| Self {
            organisation: "Fenwick & Marsh Trust".to_owned(),
            id: 1,
            facts: vec![Fact::new("Risk score", "518 of 1,000")],
            shares: vec![row(); rows],
            seed: if rows > 0 { "0f".repeat(32) } else { String::new() },
            submission: 7,
        };
        vec![("empty", sample(0)), ("typical", sample(6)), ("long", sample(12))]
    }
}
