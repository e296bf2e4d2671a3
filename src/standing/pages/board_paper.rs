//! A board paper on a page, made to be printed as well as read.

use serde::Serialize;

use super::{paper_href, sample_part, standing_href, way};
use crate::platform::charts::{Canvas, FigureView};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::pages::{Link, Page};
use crate::platform::pdf;
use crate::standing::burn_up::{BurnUp, Step};
use crate::standing::burn_up_chart::burn_up_chart;
use crate::standing::paper::BoardPaper;
use crate::standing::parts::Part;

/// The page of one paper.
#[derive(Debug, Serialize)]
pub struct BoardPaperPage {
    organisation: String,
    collection: String,
    heading: String,
    marking: String,
    made: Vec<String>,
    asked: Vec<String>,
    summary: Vec<String>,
    sections: Part,
    pace: Vec<String>,
    burn_up: FigureView,
    blocks: Part,
    plan: Part,
    certificates: Part,
    comparison: Part,
    changed: Part,
    peers: Part,
    /// Empty where this build makes no PDF files.
    pdf_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl BoardPaperPage {
    /// The page of a kept paper.
    #[must_use]
    pub fn new(paper: BoardPaper) -> Self {
        let mut way = way(&paper.code, &paper.organisation, &paper.year, &paper.collection);
        way.push(Link::new("Where do we stand", standing_href(&paper.code, &paper.year)));
        let pdf_href = if pdf::AVAILABLE {
            format!("{}/paper.pdf", paper_href(&paper.code, &paper.year, paper.number))
        } else {
            String::new()
        };
        Self {
            heading: paper.title(),
            organisation: paper.organisation,
            collection: paper.collection,
            marking: paper.marking,
            made: paper.made,
            asked: paper.asked,
            summary: paper.summary,
            sections: paper.sections,
            pace: paper.pace,
            burn_up: FigureView::of_chart(burn_up_chart(&paper.burn_up, Canvas::Fluid), "", ""),
            blocks: paper.blocks,
            plan: paper.plan,
            certificates: paper.certificates,
            comparison: paper.comparison,
            changed: paper.changed,
            peers: paper.peers,
            pdf_href,
            way,
        }
    }
}

fn sample_burn_up() -> BurnUp {
    let day = |day: i8| Day::from(jiff::civil::Date::constant(2026, 1, day));
    BurnUp {
        first: day(5),
        today: day(13),
        due: day(30),
        overdue: false,
        steps: vec![Step { day: day(5), confirmed: 0 }, Step { day: day(13), confirmed: 3 }],
        confirmed: 3,
        goal: 7,
    }
}

/// An example of the drawing with its table.
pub(super) fn sample_figure() -> FigureView {
    FigureView::of_chart(burn_up_chart(&sample_burn_up(), Canvas::Fluid), "", "")
}

impl Page for BoardPaperPage {
    const TEMPLATE: &'static str = "standing/board_paper.html";

    fn title(&self) -> String {
        format!("{}, {}, {}", self.heading, self.collection, self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let said = |text: &str| sample_part(text, &[], &[]);
        let paper = |organisation: &str| BoardPaper {
            v: 1,
            code: "ZZ001".to_owned(),
            organisation: organisation.to_owned(),
            year: "2026".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            number: 2,
            marking: format!("Official-sensitive: for the board of {organisation}"),
            meeting: "Trust board".to_owned(),
            made_at: Timestamp::from_micros(1_780_000_000_000_000),
            made: vec!["Made by Ada Example on 5 January 2026.".to_owned()],
            asked: vec!["Note this paper; nothing is to be decided.".to_owned()],
            summary: vec!["3 of 7 requirements that count are completed.".to_owned()],
            sections: Part::default(),
            burn_up: sample_burn_up(),
            pace: vec!["3 of 7 answers are confirmed.".to_owned()],
            blocks: said("Nothing blocks."),
            plan: said("There is no improvement plan yet."),
            certificates: said("No certificate is on record."),
            comparison: said("There is no submission of last year to compare with."),
            changed: Part::default(),
            peers: said("There are too few."),
        };
        let typical = BoardPaper {
            sections: sample_part("", &["Section", "Completed", "Asked"], &["1 Leadership", "3", "7"]),
            blocks: sample_part("4 block.", &["Requirement", "Why"], &["1-101 Framework", "No answer yet."]),
            plan: sample_part("2 lines.", &["Requirement", "Action"], &["1-101 Framework", "Write it."]),
            certificates: sample_part("One ends.", &["Certificate", "Last day"], &["Example", "1 May 2026"]),
            comparison: sample_part("Better.", &["Section", "Now"], &["1 Leadership", "3 of 7"]),
            changed: sample_part("2 changed.", &["Requirement", "Now"], &["1-101 Framework", "Level 2"]),
            peers: sample_part("A group.", &["Points", "You"], &["Answers", "42"]),
            ..paper("Example Trust")
        };
        vec![
            ("empty", Self::new(paper("Example Trust"))),
            ("typical", Self::new(typical)),
            ("long", Self::new(paper(&"NORTHERN ".repeat(18)))),
        ]
    }
}
