//! The public notices of corrections of rules: the list, and one of them.

use serde::Serialize;

use crate::platform::pages::{Link, Page};

/// One notice in the list.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeRow {
    /// What it is called.
    pub title: String,
    /// Its address.
    pub href: String,
    /// Since when the corrected rules count.
    pub since: i64,
}

/// The list of notices.
#[derive(Debug, Clone, Serialize)]
pub struct NoticesPage {
    /// The newest first.
    pub notices: Vec<NoticeRow>,
}

impl Page for NoticesPage {
    const TEMPLATE: &'static str = "publication/corrections/list.html";

    fn title(&self) -> String {
        "Corrections of the rules".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Results", "/")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = NoticeRow {
            title: "Correction 1 of Sample standard 2026/27".into(),
            href: "/public/corrections/1".into(),
            since: 1_780_000_000_000_000,
        };
        vec![("empty", Self { notices: Vec::new() }), ("typical", Self { notices: vec![row] })]
    }
}

/// One rule before and after.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeRule {
    /// What it is about.
    pub about: String,
    /// What counted before.
    pub before: String,
    /// What counts now.
    pub after: String,
}

/// Organisations from one grade to another.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeCount {
    /// The old grade.
    pub old: String,
    /// The new one.
    pub new: String,
    /// How many, or that it is withheld.
    pub count: String,
}

/// One notice.
#[derive(Debug, Clone, Serialize)]
pub struct NoticePage {
    /// What it is called.
    pub heading: String,
    /// Since when the corrected rules count.
    pub since: i64,
    /// The version of the rules before.
    pub old_rules: String,
    /// The version since.
    pub new_rules: String,
    /// What was wrong.
    pub reason: String,
    /// What changed.
    pub rules: Vec<NoticeRule>,
    /// Organisations by old and new grade.
    pub counts: Vec<NoticeCount>,
    /// Whether any count is withheld.
    pub withheld: bool,
    /// Releases that are marked as revised.
    pub releases: Vec<Link>,
}

impl Page for NoticePage {
    const TEMPLATE: &'static str = "publication/corrections/notice.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Results", "/"), Link::new("Corrections", "/public/corrections")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let typical = Self {
            heading: "Correction 1 of Sample standard 2026/27".into(),
            since: 1_780_000_000_000_000,
            old_rules: "sample-2026.1".into(),
            new_rules: "sample-2026.1+1".into(),
            reason: "Two minima were too low.".into(),
            rules: vec![NoticeRule {
                about: "1-101 Governance, Acute trusts".into(),
                before: "Level 2".into(),
                after: "Level 3".into(),
            }],
            counts: vec![NoticeCount {
                old: "Satisfactory".into(),
                new: "Not satisfactory".into(),
                count: "withheld".into(),
            }],
            withheld: true,
            releases: vec![Link::new("Results 2026", "/public/releases/returns-2026")],
        };
        let bare = Self { counts: Vec::new(), withheld: false, releases: Vec::new(), ..typical.clone() };
        vec![("typical", typical), ("bare", bare)]
    }
}
