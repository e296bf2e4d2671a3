//! What differs between a draft and the edition before, or between any two editions, with the words that differ.

use serde::Serialize;

use super::{sample_way, way};
use crate::platform::pages::{Choice, Field, Link, Page, Tag};
use crate::standards::editing::diff::{Diff, DiffMark, Differs};
use crate::standards::mapping::{Difference, Part, parts};

/// Which two documents are compared.
#[derive(Debug, Clone)]
pub(in crate::standards::editing) struct Side {
    /// The older one, as people name it; empty where there is none to compare with.
    pub from: String,
    /// The newer one.
    pub to: String,
    /// The address of the file; empty where nothing is compared.
    pub csv_href: String,
    /// The way to the page.
    pub way: Vec<Link>,
}

#[derive(Debug, Serialize)]
struct Piece {
    label: String,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Found {
    name: String,
    tags: Vec<Tag>,
    before: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Serialize)]
struct Count {
    words: &'static str,
    count: usize,
}

/// What differs.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct ChangesPage {
    from: String,
    to: String,
    csv_href: String,
    counts: Vec<Count>,
    unchanged: usize,
    found: Vec<Found>,
    /// What differs of scoring, exemptions, improvement plans and signatures.
    rules: Vec<Piece>,
    /// The form that chooses two editions; only where editions are compared.
    choose: bool,
    older: Field,
    newer: Field,
    editions: Vec<Choice>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ChangesPage {
    /// The page of these differences.
    pub fn new(side: Side, diff: &Diff) -> Self {
        let count = |mark: &DiffMark| Count { words: mark.words(), count: diff.count(*mark) };
        Self {
            from: side.from,
            to: side.to,
            csv_href: side.csv_href,
            counts: DiffMark::ALL.iter().map(count).collect(),
            unchanged: diff.unchanged,
            found: diff.all.iter().map(found).collect(),
            rules: diff.rules.iter().map(piece).collect(),
            choose: false,
            older: Field::new("from", "From the edition"),
            newer: Field::new("to", "To the edition"),
            editions: Vec::new(),
            way: side.way,
        }
    }

    /// With the form that chooses which editions to compare.
    #[must_use]
    pub fn choosing(mut self, editions: Vec<Choice>, from: &str, to: &str) -> Self {
        self.choose = true;
        self.older = self.older.value(from);
        self.newer = self.newer.value(to);
        self.editions = editions;
        self
    }
}

fn found(one: &Differs) -> Found {
    let tag = |mark: &DiffMark| {
        let colour = match mark {
            DiffMark::New => "blue",
            DiffMark::Reworded => "yellow",
            DiffMark::Moved => "purple",
            DiffMark::Minima => "orange",
            DiffMark::Retired => "grey",
        };
        Tag::new(mark.words(), colour)
    };
    let renamed = one.before.iter().any(|code| *code != one.code);
    let codes: Vec<String> = one.before.iter().map(ToString::to_string).collect();
    Found {
        name: format!("{} {}", one.code, one.title),
        tags: one.marks.iter().map(tag).collect(),
        before: if renamed { crate::platform::pages::words::sentence(&codes) } else { String::new() },
        pieces: one.pieces.iter().map(piece).collect(),
    }
}

fn piece(differs: &Difference) -> Piece {
    Piece { label: differs.label.clone(), parts: parts(&differs.before, &differs.now) }
}

impl Page for ChangesPage {
    const TEMPLATE: &'static str = "standards/editing/changes.html";

    fn title(&self) -> String {
        if self.choose { "Compare two editions".to_owned() } else { "What changes".to_owned() }
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let side = |from: &str| Side {
            from: from.to_owned(),
            to: "Example standard 2027/28".to_owned(),
            csv_href: if from.is_empty() {
                String::new()
            } else {
                "/standards/drafts/1/changes.csv".to_owned()
            },
            way: sample_way(),
        };
        let part = |is, text: &str| Part { is, text: text.to_owned() };
        let differs = Found {
            name: "1-101 Framework".to_owned(),
            tags: vec![Tag::new("Reworded", "yellow")],
            before: "1-100".to_owned(),
            pieces: vec![Piece {
                label: "Question".to_owned(),
                parts: vec![part("same", "How "), part("gone", "often"), part("new", "far")],
            }],
        };
        let rule = Piece {
            label: "Scoring, Highest level".to_owned(),
            parts: vec![part("gone", "3"), part("new", "4")],
        };
        let bare = |from: &str| Self::new(side(from), &Diff::default());
        let chosen = bare("").choosing(vec![Choice::new("", "Select an edition")], "", "");
        vec![
            ("empty", bare("Example standard 2026/27")),
            (
                "typical",
                Self {
                    found: vec![differs],
                    rules: vec![rule],
                    unchanged: 3,
                    ..bare("Example standard 2026/27")
                },
            ),
            ("to be chosen", Self { way: way(), ..chosen }),
        ]
    }
}
