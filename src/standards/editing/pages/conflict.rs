//! Two editors changed the same place: what it says now beside what was typed, and the choice between them.

use serde::Serialize;

use super::{sample_way, way_to};
use crate::platform::http::Fields;
use crate::platform::pages::{Fact, Link, Page};
use crate::standards::editing::place::Said;
use crate::standards::editing::store::Draft;
use crate::standards::mapping::{Part, parts};

/// Fields of a form that are not what was typed.
const OURS: [&str; 3] = ["csrf", "once", "version"];

#[derive(Debug, Serialize)]
struct Row {
    label: String,
    theirs: String,
    parts: Vec<Part>,
}

/// What two editors say about one place.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct ConflictPage {
    href: String,
    version: String,
    by: String,
    gone: bool,
    rows: Vec<Row>,
    typed: Vec<Fact>,
    keep_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ConflictPage {
    /// The page for a draft as it is now: what the place says, and what the form that was posted to `href` would make
    /// of it. Only what differs is shown.
    pub fn new(
        draft: &Draft,
        (href, keep_href): (&str, &str),
        (theirs, mine): (Option<&Said>, &Said),
        fields: &Fields,
        by: String,
    ) -> Self {
        let now = |label: &str| {
            let said = theirs.into_iter().flatten().find(|(name, _)| name == label);
            said.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let lost =
            theirs.into_iter().flatten().filter(|(label, _)| !mine.iter().any(|(name, _)| name == label));
        let both = mine
            .iter()
            .map(|(label, text)| (label.clone(), now(label), text.clone()))
            .chain(lost.map(|(label, text)| (label.clone(), text.clone(), String::new())));
        let typed = fields.pairs().iter().filter(|(name, _)| !OURS.contains(&name.as_str()));
        Self {
            href: href.to_owned(),
            version: draft.head.version.to_string(),
            by,
            gone: theirs.is_none(),
            rows: both
                .filter(|(_, theirs, mine)| theirs != mine)
                .map(|(label, theirs, mine)| Row { parts: parts(&theirs, &mine), label, theirs })
                .collect(),
            typed: typed.map(|(name, value)| Fact::new(name, value)).collect(),
            keep_href: keep_href.to_owned(),
            way: way_to(&draft.head),
        }
    }
}

impl Page for ConflictPage {
    const TEMPLATE: &'static str = "standards/editing/conflict.html";

    fn title(&self) -> String {
        "A colleague changed this at the same time".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        true
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |gone, rows| Self {
            href: "/standards/drafts/1/requirements/1-101".to_owned(),
            version: "4".to_owned(),
            by: "Edie Standards".to_owned(),
            gone,
            rows,
            typed: vec![Fact::new("text", "How far?")],
            keep_href: "/standards/drafts/1/requirements/1-101".to_owned(),
            way: sample_way(),
        };
        let row = Row {
            label: "Question".to_owned(),
            theirs: "How often?".to_owned(),
            parts: vec![
                Part { is: "gone", text: "How often?".to_owned() },
                Part { is: "new", text: "How far?".to_owned() },
            ],
        };
        vec![("typical", page(false, vec![row])), ("gone", page(true, Vec::new()))]
    }
}
