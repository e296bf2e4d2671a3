//! The versions of a draft: what was done in each, when and by whom.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{sample_way, way_to};
use crate::platform::ids::PersonId;
use crate::platform::pages::{Link, Page};
use crate::standards::editing::draft_href;
use crate::standards::editing::store::{DraftHead, VersionRow};

#[derive(Debug, Serialize)]
struct Row {
    version: i64,
    what: String,
    at: i64,
    by: String,
}

/// The versions.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct HistoryPage {
    draft_href: String,
    rows: Vec<Row>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl HistoryPage {
    /// The page of a draft.
    pub fn new(head: &DraftHead, versions: &[VersionRow], names: &BTreeMap<PersonId, String>) -> Self {
        let row = |(version, what, at, by): &VersionRow| Row {
            version: *version,
            what: what.clone(),
            at: at.micros(),
            by: by.and_then(|by| names.get(&by).cloned()).unwrap_or_else(|| "The portal".to_owned()),
        };
        Self { draft_href: draft_href(head.id), rows: versions.iter().map(row).collect(), way: way_to(head) }
    }
}

impl Page for HistoryPage {
    const TEMPLATE: &'static str = "standards/editing/history.html";

    fn title(&self) -> String {
        "Versions of the draft".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = Row {
            version: 2,
            what: "Changed 1-101".to_owned(),
            at: 1_780_000_000_000_000,
            by: "Ed Standards".to_owned(),
        };
        let page = |rows| Self { draft_href: "/standards/drafts/1".to_owned(), rows, way: sample_way() };
        vec![("empty", page(Vec::new())), ("typical", page(vec![row]))]
    }
}
