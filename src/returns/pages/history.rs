//! Every state that one answer has had.

use serde::Serialize;

use crate::platform::pages::{Link, Page};
use crate::returns::readiness::question_href;
use crate::returns::store::Found;
use crate::standards::Requirement;

/// One state of the answer.
#[derive(Debug, Serialize)]
pub struct HistoryItem {
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was saved, in microseconds.
    pub at: i64,
    /// By whom.
    pub by: String,
    /// How far it had got.
    pub state: &'static str,
    /// The answer in words.
    pub lines: Vec<String>,
    /// Its comment.
    pub comment: String,
}

/// The history of one answer, the newest first.
#[derive(Debug, Serialize)]
pub struct HistoryPage {
    code: String,
    heading: String,
    href: String,
    versions: Vec<HistoryItem>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl HistoryPage {
    /// The page of an answer.
    #[must_use]
    pub fn new(found: &Found, requirement: &Requirement, versions: Vec<HistoryItem>) -> Self {
        Self {
            code: requirement.code.to_string(),
            heading: requirement.title.clone(),
            href: question_href(&found.code, &found.collection.key, requirement.code.as_str()),
            versions,
            way: super::way_of(found),
        }
    }
}

impl Page for HistoryPage {
    const TEMPLATE: &'static str = "returns/history.html";

    fn title(&self) -> String {
        format!("Earlier answers to {} {}", self.code, self.heading)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |versions| Self {
            code: "1-101".to_owned(),
            heading: "Framework".to_owned(),
            href: "/organisations/ZZ001/returns/2026/requirements/1-101".to_owned(),
            versions,
            way: super::sample_way(),
        };
        let item = |version, by: &str| HistoryItem {
            version,
            at: 1_780_000_000_000_000,
            by: by.to_owned(),
            state: "Completed",
            lines: vec!["Level 2: most of it".to_owned()],
            comment: "See the minutes.".to_owned(),
        };
        vec![("empty", page(Vec::new())), ("typical", page(vec![item(2, "Ada Example"), item(1, "")]))]
    }
}
