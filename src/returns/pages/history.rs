//! Every state that one answer has had, with what changed from one to the next.

use serde::Serialize;

use crate::platform::pages::{Link, Page};
use crate::returns::past::Change;
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
    /// What differs from the version before.
    pub changes: Vec<Change>,
    /// Where it is brought back; empty when it cannot be, or is the newest.
    pub restore_href: String,
}

/// The history of one answer, the newest first.
#[derive(Debug, Serialize)]
pub struct HistoryPage {
    code: String,
    heading: String,
    href: String,
    /// The newest version, over which an earlier one is brought back.
    newest: String,
    versions: Vec<HistoryItem>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl HistoryPage {
    /// The page of an answer; `may_restore` says whether this person can bring an earlier version back now.
    #[must_use]
    pub fn new(
        found: &Found,
        requirement: &Requirement,
        mut versions: Vec<HistoryItem>,
        may_restore: bool,
    ) -> Self {
        let href = question_href(&found.code, &found.collection.key, requirement.code.as_str());
        for earlier in versions.iter_mut().skip(1).filter(|_| may_restore) {
            earlier.restore_href = format!("{href}/history/{}/restore", earlier.version);
        }
        Self {
            code: requirement.code.to_string(),
            heading: requirement.title.clone(),
            newest: versions.first().map_or(0, |newest| newest.version).to_string(),
            href,
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
            newest: "2".to_owned(),
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
            changes: vec![Change {
                what: "Answer",
                before: String::new(),
                after: "Level 2: most of it".to_owned(),
            }],
            restore_href: if by.is_empty() { "/restore".to_owned() } else { String::new() },
        };
        vec![("empty", page(Vec::new())), ("typical", page(vec![item(2, "Ada Example"), item(1, "")]))]
    }
}
