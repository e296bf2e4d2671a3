//! An answer that came too late: the return had moved on, and what was typed is shown so that nothing is lost.

use serde::Serialize;

use super::Side;
use crate::platform::pages::{Link, Page};
use crate::returns::readiness::{question_href, return_href};
use crate::returns::store::Found;
use crate::standards::Requirement;

/// What was typed, and why it was not saved.
#[derive(Debug, Serialize)]
pub struct NotSavedPage {
    code: String,
    heading: String,
    why: String,
    mine: Side,
    href: String,
    overview: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl NotSavedPage {
    /// The page of one answer that was not saved.
    #[must_use]
    pub fn new(found: &Found, requirement: &Requirement, why: String, mine: Side) -> Self {
        Self {
            code: requirement.code.to_string(),
            heading: requirement.title.clone(),
            why,
            mine,
            href: question_href(&found.code, &found.collection.key, requirement.code.as_str()),
            overview: return_href(&found.code, &found.collection.key),
            way: super::way_of(found),
        }
    }
}

impl Page for NotSavedPage {
    const TEMPLATE: &'static str = "returns/not_saved.html";

    fn title(&self) -> String {
        format!("Your answer to {} was not saved", self.code)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let bare = || Self {
            code: "1-101".to_owned(),
            heading: "Framework".to_owned(),
            why: "A colleague has just marked the return ready.".to_owned(),
            mine: Side::default(),
            href: "/organisations/ZZ001/returns/2026/requirements/1-101".to_owned(),
            overview: "/organisations/ZZ001/returns/2026".to_owned(),
            way: super::sample_way(),
        };
        let mine = Side { lines: vec!["Level 2".to_owned()], comment: "A comment.".to_owned() };
        vec![("empty", bare()), ("typical", Self { mine, ..bare() })]
    }
}
