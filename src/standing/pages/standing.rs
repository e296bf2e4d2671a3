//! Where do we stand: readiness, the way to the deadline, last year against this, and organisations of the same kind.

use serde::Serialize;

use super::{sample_part, standing_href, way};
use crate::access::{Actor, MakeBoardPaper};
use crate::platform::charts::{Canvas, FigureView};
use crate::platform::pages::{ErrorSummary, Field, FormErrors, Link, Page};
use crate::returns::return_href;
use crate::standing::burn_up_chart::burn_up_chart;
use crate::standing::gather::Picture;
use crate::standing::parts::{self, Part};

/// A board paper in the list.
#[derive(Debug, Serialize)]
pub struct PaperRow {
    /// Where it is.
    pub href: String,
    /// Its number.
    pub number: i64,
    /// When it was made.
    pub made_at: i64,
    /// Who made it.
    pub made_by: String,
}

/// The page.
#[derive(Debug, Serialize)]
pub struct StandingPage {
    organisation: String,
    collection: String,
    summary: Vec<String>,
    sections: Part,
    pace: Vec<String>,
    burn_up: FigureView,
    comparison: Part,
    changed: Part,
    peers: Part,
    trial_href: String,
    papers: Vec<PaperRow>,
    /// Empty for whoever may not make one.
    make_href: String,
    meeting: Field,
    errors: ErrorSummary,
    #[serde(skip)]
    way: Vec<Link>,
}

impl StandingPage {
    /// The page of a picture, as this person may use it.
    #[must_use]
    pub fn new(
        picture: &Picture,
        papers: Vec<PaperRow>,
        actor: &Actor,
        (typed, errors): (&str, &FormErrors),
    ) -> Self {
        let found = &picture.found;
        let (code, year) = (&found.code, &found.collection.key);
        let may_make = found.offers::<MakeBoardPaper>(actor);
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            summary: parts::summary(picture),
            sections: parts::sections(picture),
            pace: picture.burn_up.words(picture.standing.state.is_sent()),
            burn_up: FigureView::of_chart(burn_up_chart(&picture.burn_up, Canvas::Fluid), "", ""),
            comparison: parts::comparison(picture),
            changed: parts::changed(picture),
            peers: parts::peers(picture),
            trial_href: format!("{}/trial", return_href(code, year)),
            papers,
            make_href: if may_make {
                format!("{}/board-papers", standing_href(code, year))
            } else {
                String::new()
            },
            meeting: meeting(typed, errors),
            errors: errors.summary(),
            way: way(code, &found.name, year, &found.collection.name),
        }
    }
}

fn meeting(typed: &str, errors: &FormErrors) -> Field {
    Field::new("meeting", "Which meeting is the paper for?")
        .hint("For example, Trust board of 26 November")
        .value(typed)
        .errors(errors)
}

impl Page for StandingPage {
    const TEMPLATE: &'static str = "standing/standing.html";

    fn title(&self) -> String {
        format!("Where do we stand, {}, {}", self.collection, self.organisation)
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = || Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            summary: vec!["3 of 7 requirements that count are completed; 4 still block.".to_owned()],
            sections: Part::default(),
            pace: vec!["0 of 7 answers are confirmed.".to_owned()],
            burn_up: super::board_paper::sample_figure(),
            comparison: sample_part("There is no submission of last year to compare with.", &[], &[]),
            changed: Part::default(),
            peers: sample_part("There are too few.", &[], &[]),
            trial_href: "/organisations/ZZ001/returns/2026/trial".to_owned(),
            papers: Vec::new(),
            make_href: String::new(),
            meeting: meeting("", &FormErrors::new()),
            errors: ErrorSummary::default(),
            way: way("ZZ001", "Example Trust", "2026", "Annual collection 2026"),
        };
        let typical = Self {
            sections: sample_part("", &["Section", "Completed", "Asked"], &["1 Leadership", "3", "7"]),
            comparison: sample_part(
                "In 2025 it was better.",
                &["Section", "Now"],
                &["1 Leadership", "3 of 7"],
            ),
            changed: sample_part("2 changed.", &["Requirement", "Now"], &["1-101 Framework", "Level 2"]),
            peers: sample_part("A group.", &["Points", "You"], &["Answers", "42"]),
            papers: vec![PaperRow {
                href: "/organisations/ZZ001/returns/2026/standing/board-papers/1".to_owned(),
                number: 1,
                made_at: 1_780_000_000_000_000,
                made_by: "Ada Example".to_owned(),
            }],
            make_href: "/organisations/ZZ001/returns/2026/standing/board-papers".to_owned(),
            ..sample()
        };
        let mut errors = FormErrors::new();
        errors.add("meeting", "Enter which meeting the paper is for");
        let refused = Self {
            make_href: "/organisations/ZZ001/returns/2026/standing/board-papers".to_owned(),
            meeting: meeting("", &errors),
            errors: errors.summary(),
            ..sample()
        };
        vec![("empty", sample()), ("typical", typical), ("error", refused)]
    }
}
