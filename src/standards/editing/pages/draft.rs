//! One draft: what is still wrong, its sections with their requirements, and the way to a frozen edition.

use serde::Serialize;

use super::{asked_of, named, state_tag, way};
use crate::platform::pages::{ErrorSummary, FormErrors, Link, Page, Tag};
use crate::standards::editing::draft_href;
use crate::standards::editing::faults::faults_of;
use crate::standards::editing::model::DraftState;
use crate::standards::editing::store::Draft;

/// Faults that are listed.
const SHOWN: usize = 50;

/// What a page offers to the person who looks at it.
#[derive(Debug, Clone, Default)]
pub(in crate::standards::editing) struct Offers {
    /// Whether they may change the draft.
    pub edit: bool,
    /// Whether it is they who said that this version is done.
    pub proposed_themselves: bool,
    /// Who said that this version is done, and when; nobody yet where empty.
    pub proposed_by: String,
    /// The name of the edition that it is compared with; empty where there is none.
    pub base: String,
    /// The key of the edition that it has become; empty before.
    pub edition_key: String,
    /// The mapping that leads to that edition.
    pub mapping_href: String,
    /// Proposals that wait.
    pub proposals: usize,
}

#[derive(Debug, Serialize)]
struct FaultRow {
    place: String,
    href: String,
    message: String,
}

#[derive(Debug, Serialize)]
struct RequirementRow {
    name: String,
    href: String,
    asked: String,
}

#[derive(Debug, Serialize)]
struct SectionRow {
    depth: usize,
    name: String,
    href: String,
    add_href: String,
    requirements: Vec<RequirementRow>,
}

/// One draft.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct DraftPage {
    label: String,
    standard: String,
    key: String,
    rule_set: String,
    tag: Tag,
    version: i64,
    href: String,
    errors: ErrorSummary,
    faults: Vec<FaultRow>,
    more_faults: usize,
    count: usize,
    base: String,
    sections: Vec<SectionRow>,
    may_edit: bool,
    may_propose: bool,
    may_freeze: bool,
    proposed_by: String,
    proposed_at: Option<i64>,
    proposed_themselves: bool,
    edition_href: String,
    mapping_href: String,
    proposals: usize,
}

impl DraftPage {
    /// The page of a draft.
    pub fn new(draft: &Draft, offers: &Offers, errors: &FormErrors) -> Self {
        let (head, content) = (&draft.head, &draft.content);
        let href = draft_href(head.id);
        let faults = if head.state == DraftState::Draft { faults_of(content) } else { Vec::new() };
        let proposed = head.standing_proposal();
        let open = offers.edit && head.state == DraftState::Draft;
        let sections = content.outline().into_iter().map(|(depth, section, own)| SectionRow {
            depth: depth.min(2),
            name: format!("{} {}", section.code, section.title),
            href: format!("{href}/sections/{}", section.code),
            add_href: format!("{href}/requirements/new?section={}", section.code),
            requirements: own
                .into_iter()
                .map(|requirement| RequirementRow {
                    name: named(requirement),
                    href: format!("{href}/requirements/{}", requirement.code),
                    asked: asked_of(requirement),
                })
                .collect(),
        });
        Self {
            label: head.label.clone(),
            standard: content.parts.standard_name.clone(),
            key: head.key.clone(),
            rule_set: content.parts.rule_set.clone(),
            tag: state_tag(head.state),
            version: head.version,
            errors: errors.summary(),
            more_faults: faults.len().saturating_sub(SHOWN),
            count: content.parts.requirements.len(),
            base: offers.base.clone(),
            sections: sections.collect(),
            may_edit: open,
            may_propose: open && faults.is_empty() && proposed.is_none(),
            may_freeze: open && faults.is_empty() && proposed.is_some() && !offers.proposed_themselves,
            proposed_by: if proposed.is_some() { offers.proposed_by.clone() } else { String::new() },
            proposed_at: proposed.map(|proposed| proposed.at.micros()),
            proposed_themselves: offers.proposed_themselves,
            edition_href: if offers.edition_key.is_empty() {
                String::new()
            } else {
                format!("/standards/{}", offers.edition_key)
            },
            mapping_href: offers.mapping_href.clone(),
            proposals: offers.proposals,
            faults: faults
                .into_iter()
                .take(SHOWN)
                .map(|fault| FaultRow {
                    href: if fault.address.starts_with('#') {
                        fault.address
                    } else {
                        format!("{href}{}", fault.address)
                    },
                    place: fault.place,
                    message: fault.message,
                })
                .collect(),
            href,
        }
    }
}

impl Page for DraftPage {
    const TEMPLATE: &'static str = "standards/editing/draft.html";

    fn title(&self) -> String {
        format!("{} {}", self.standard, self.label)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let bare = || Self {
            label: "2027/28".to_owned(),
            standard: "Example standard".to_owned(),
            key: "example-2027".to_owned(),
            rule_set: "example-2027.1".to_owned(),
            tag: state_tag(DraftState::Draft),
            version: 3,
            href: "/standards/drafts/1".to_owned(),
            errors: ErrorSummary::default(),
            faults: Vec::new(),
            more_faults: 0,
            count: 0,
            base: String::new(),
            sections: Vec::new(),
            may_edit: false,
            may_propose: false,
            may_freeze: false,
            proposed_by: String::new(),
            proposed_at: None,
            proposed_themselves: false,
            edition_href: String::new(),
            mapping_href: String::new(),
            proposals: 0,
        };
        let section = |depth| SectionRow {
            depth,
            name: "1 Leadership".to_owned(),
            href: "/standards/drafts/1/sections/1".to_owned(),
            add_href: "/standards/drafts/1/requirements/new?section=1".to_owned(),
            requirements: vec![RequirementRow {
                name: "1-101 Framework".to_owned(),
                href: "/standards/drafts/1/requirements/1-101".to_owned(),
                asked: "Asked in 3 profiles".to_owned(),
            }],
        };
        let fault = FaultRow {
            place: "1-101, text".to_owned(),
            href: "/standards/drafts/1/requirements/1-101".to_owned(),
            message: "must not be empty".to_owned(),
        };
        let typical = Self {
            faults: vec![fault],
            more_faults: 2,
            count: 2,
            base: "Example standard 2026/27".to_owned(),
            sections: vec![section(0), section(1), section(2)],
            may_edit: true,
            proposals: 2,
            ..bare()
        };
        let mut errors = FormErrors::new();
        errors.add_whole("A colleague changed the draft in the meantime.");
        let done = Self {
            errors: errors.summary(),
            may_edit: true,
            may_freeze: true,
            proposed_by: "Ed Standards".to_owned(),
            proposed_at: Some(1_780_000_000_000_000),
            ..bare()
        };
        let own = Self { may_propose: true, may_edit: true, ..bare() };
        let themselves = Self {
            may_edit: true,
            proposed_by: "Ed Standards".to_owned(),
            proposed_at: Some(1_780_000_000_000_000),
            proposed_themselves: true,
            ..bare()
        };
        let frozen = Self {
            tag: state_tag(DraftState::Frozen),
            edition_href: "/standards/example-2027".to_owned(),
            mapping_href: "/standards/mappings/1".to_owned(),
            ..bare()
        };
        vec![
            ("empty", bare()),
            ("typical", typical),
            ("may be said to be done", own),
            ("done", done),
            ("done by oneself", themselves),
            ("frozen", frozen),
        ]
    }
}
