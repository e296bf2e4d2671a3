//! The corrections of one edition.

use serde::Serialize;

use super::{state_tag, way};
use crate::corrections::correction_href;
use crate::corrections::model::CorrectionState;
use crate::corrections::store::Correction;
use crate::platform::clock::Timestamp;
use crate::platform::pages::{Link, Page, Tag};
use crate::standards::Edition;

#[derive(Debug, Serialize)]
struct Item {
    name: String,
    href: String,
    rule_set: String,
    tag: Tag,
    author: String,
    drafted_at: i64,
    since: Option<i64>,
}

/// The list.
#[derive(Debug, Serialize)]
pub(in crate::corrections) struct ListPage {
    #[serde(skip)]
    key: String,
    #[serde(skip)]
    edition: String,
    rule_set: String,
    items: Vec<Item>,
    /// Where a correction is drafted; empty for whoever cannot now.
    new_href: String,
}

impl ListPage {
    /// The corrections of this edition, which is read under the rules in force; outside the central team only those that
    /// came into force, which lead to their public notices.
    pub fn new(edition: &Edition, all: &[Correction], may_draft: bool, is_central: bool) -> Self {
        let open = |state: CorrectionState| !state.was_in_force() && state != CorrectionState::Discarded;
        let item = |one: &Correction| Item {
            name: format!("Correction {}", one.number),
            href: if is_central {
                correction_href(&one.edition_key, one.number)
            } else {
                format!("/public/corrections/{}", one.id)
            },
            rule_set: one.rule_set.clone(),
            tag: state_tag(one.state),
            author: if is_central { one.author.clone() } else { String::new() },
            drafted_at: one.drafted_at.micros(),
            since: one.in_force_at.map(Timestamp::micros),
        };
        let may_draft = may_draft && !all.iter().any(|one| open(one.state));
        Self {
            key: edition.key().to_string(),
            edition: format!("{} {}", edition.standard_name(), edition.label()),
            rule_set: edition.rule_set().to_owned(),
            items: all.iter().filter(|one| is_central || one.state.was_in_force()).map(item).collect(),
            new_href: if may_draft {
                format!("/standards/{}/corrections/new", edition.key())
            } else {
                String::new()
            },
        }
    }
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "corrections/list.html";

    fn title(&self) -> String {
        format!("Corrections of the rules of {}", self.edition)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way(&self.key, &self.edition)
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let item = |since| Item {
            name: "Correction 1".to_owned(),
            href: "/standards/sample-2026/corrections/1".to_owned(),
            rule_set: "sample-2026.1+1".to_owned(),
            tag: state_tag(CorrectionState::InForce),
            author: "Edith Editor".to_owned(),
            drafted_at: 1_780_000_000_000_000,
            since,
        };
        let page = |items, new_href: &str| Self {
            key: "sample-2026".to_owned(),
            edition: "Sample standard 2026".to_owned(),
            rule_set: "sample-2026.1".to_owned(),
            items,
            new_href: new_href.to_owned(),
        };
        vec![
            ("empty", page(Vec::new(), "")),
            (
                "typical",
                page(
                    vec![item(Some(1_780_000_000_000_000)), item(None)],
                    "/standards/sample-2026/corrections/new",
                ),
            ),
        ]
    }
}
