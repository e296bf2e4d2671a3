//! Two people saved the same answer: both texts, the choice which of them stands, and a form that makes one of both.

use serde::Serialize;

use super::controls::Controls;
use crate::platform::pages::{Link, Page};
use crate::returns::readiness::question_href;
use crate::returns::store::Found;
use crate::standards::Requirement;

/// One of the two answers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Side {
    /// The answer in words.
    pub lines: Vec<String>,
    /// Its comment.
    pub comment: String,
}

/// A field that is sent again as it was typed.
#[derive(Debug, Clone, Serialize)]
pub struct Kept {
    /// The field's name.
    pub name: String,
    /// What was typed.
    pub value: String,
}

/// Both answers, and the choice.
#[derive(Debug, Serialize)]
pub struct ConflictPage {
    code: String,
    heading: String,
    theirs: Side,
    by: String,
    at: i64,
    mine: Side,
    kept: Vec<Kept>,
    version: String,
    href: String,
    /// The proposal that makes one answer of both.
    form: Option<Controls>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ConflictPage {
    /// The page of a conflict over one answer. `version` is that of the answer that stands now.
    #[must_use]
    pub fn new(found: &Found, requirement: &Requirement, by: String, at: i64, version: i64) -> Self {
        Self {
            code: requirement.code.to_string(),
            heading: requirement.title.clone(),
            theirs: Side::default(),
            by,
            at,
            mine: Side::default(),
            kept: Vec::new(),
            version: version.to_string(),
            href: question_href(&found.code, &found.collection.key, requirement.code.as_str()),
            form: None,
            way: super::way_of(found),
        }
    }

    /// With both answers, and what was typed to be sent again.
    #[must_use]
    pub fn between(mut self, theirs: Side, mine: Side, kept: Vec<Kept>) -> Self {
        (self.theirs, self.mine, self.kept) = (theirs, mine, kept);
        self
    }

    /// With a form in which one answer is made of both.
    #[must_use]
    pub fn merged(mut self, form: Controls) -> Self {
        self.form = Some(form);
        self
    }
}

impl Page for ConflictPage {
    const TEMPLATE: &'static str = "returns/conflict.html";

    fn title(&self) -> String {
        format!("A colleague changed {} first", self.code)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let bare = || Self {
            code: "1-101".to_owned(),
            heading: "Framework".to_owned(),
            theirs: Side::default(),
            by: String::new(),
            at: 1_780_000_000_000_000,
            mine: Side::default(),
            kept: Vec::new(),
            version: "4".to_owned(),
            href: "/organisations/ZZ001/returns/2026/requirements/1-101".to_owned(),
            form: None,
            way: super::sample_way(),
        };
        let side = |line: &str| Side { lines: vec![line.to_owned()], comment: "A comment.".to_owned() };
        let kept = vec![Kept { name: "choice".to_owned(), value: "2".to_owned() }];
        let typical = Self { by: "Grace Example".to_owned(), ..bare() };
        let typical = typical.between(side("Level 1"), side("Level 2"), kept);
        vec![("empty", bare()), ("typical", typical.merged(Controls::sample()))]
    }
}
