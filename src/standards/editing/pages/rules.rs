//! The rules of a draft: scoring, improvement plans, signers and what they state, and every exemption rule, each with the way
//! to change it.

use serde::Serialize;

use super::{sample_way, way_to};
use crate::platform::pages::{Fact, Link, Page};
use crate::standards::editing::draft_href;
use crate::standards::editing::place::{Place, said};
use crate::standards::editing::store::Draft;
use crate::standards::model::{Scheme, SignerRole};

/// One rule with what it says.
#[derive(Debug, Serialize)]
struct Part {
    heading: String,
    facts: Vec<Fact>,
    href: String,
}

/// The rules of a draft.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct RulesPage {
    draft_href: String,
    add_href: String,
    parts: Vec<Part>,
    exemptions: Vec<Part>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl RulesPage {
    /// The page of a draft, for somebody who may change it or only read it.
    pub fn new(draft: &Draft, may_edit: bool) -> Self {
        let (href, content) = (draft_href(draft.head.id), &draft.content);
        let part = |heading: String, place: &Place, address: &str| Part {
            heading,
            facts: said(content, place)
                .unwrap_or_default()
                .into_iter()
                .map(|(label, text)| Fact::new(label, text))
                .collect(),
            href: if may_edit && !address.is_empty() { format!("{href}{address}") } else { String::new() },
        };
        // The outcomes scheme has no data that could be changed.
        let scoring = if matches!(content.parts.scheme, Scheme::Outcomes {}) { "" } else { "/scoring" };
        let mut parts = vec![
            part("Scoring".to_owned(), &Place::Scoring, scoring),
            part("Improvement plans".to_owned(), &Place::PlanRules, "/plans"),
        ];
        parts.extend(SignerRole::ALL.map(|role| {
            let address = format!("/signers/{}", role.as_str());
            part(format!("What is signed for: {}", role.label()), &Place::Signer(role), &address)
        }));
        parts.push(part("What signers state".to_owned(), &Place::Statements, "/statements"));
        let exemptions = content.parts.exemptions.iter().enumerate().map(|(at, rule)| {
            let place = Place::Exemption(rule.code.clone());
            part(format!("Exemption {}", rule.code), &place, &format!("/exemptions/{at}"))
        });
        Self {
            exemptions: exemptions.collect(),
            parts,
            add_href: if may_edit { format!("{href}/exemptions/new") } else { String::new() },
            draft_href: href.clone(),
            way: way_to(&draft.head),
        }
    }
}

impl Page for RulesPage {
    const TEMPLATE: &'static str = "standards/editing/rules.html";

    fn title(&self) -> String {
        "Rules of the edition".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let part = |heading: &str, href: &str| Part {
            heading: heading.to_owned(),
            facts: vec![Fact::new("Highest level", "3"), Fact::new("Level that is satisfactory", "2")],
            href: href.to_owned(),
        };
        let page = |add: &str, parts, exemptions| Self {
            draft_href: "/standards/drafts/1".to_owned(),
            add_href: add.to_owned(),
            parts,
            exemptions,
            way: sample_way(),
        };
        vec![
            ("empty", page("", vec![part("Scoring", "")], Vec::new())),
            (
                "typical",
                page(
                    "/standards/drafts/1/exemptions/new",
                    vec![part("Scoring", "/standards/drafts/1/scoring")],
                    vec![part("Exemption cep", "/standards/drafts/1/exemptions/0")],
                ),
            ),
        ]
    }
}
