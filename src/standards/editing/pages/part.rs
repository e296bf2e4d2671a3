//! The details of a draft, and one of its sections.

use serde::Serialize;

use super::{named, sample_way, way_to};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::standards::editing::draft_href;
use crate::standards::editing::forms::{DetailsForm, SectionForm};
use crate::standards::editing::store::Draft;

/// Label, rule set and description.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct DetailsPage {
    errors: ErrorSummary,
    href: String,
    draft_href: String,
    version: String,
    label: Field,
    rule_set: Field,
    description: Field,
    #[serde(skip)]
    way: Vec<Link>,
}

impl DetailsPage {
    /// The page with what was typed, or what the draft says.
    pub fn new(draft: &Draft, form: &DetailsForm, errors: &FormErrors) -> Self {
        let href = draft_href(draft.head.id);
        let field =
            |name: &str, label: &str, value: &str| Field::new(name, label).value(value).errors(errors);
        Self {
            errors: errors.summary(),
            href: format!("{href}/details"),
            draft_href: href,
            version: draft.head.version.to_string(),
            label: field("label", "Label", &form.label).hint("As the public sees it, such as 2027/28"),
            rule_set: field("rule_set", "Rule set", &form.rule_set)
                .hint("The version of the scoring rules and profiles, recorded with every score"),
            description: field("description", "What the standard is for (optional)", &form.description),
            way: way_to(&draft.head),
        }
    }
}

impl Page for DetailsPage {
    const TEMPLATE: &'static str = "standards/editing/details.html";

    fn title(&self) -> String {
        "Details of the edition".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |errors: &FormErrors| Self {
            errors: errors.summary(),
            href: "/standards/drafts/1/details".to_owned(),
            draft_href: "/standards/drafts/1".to_owned(),
            version: "3".to_owned(),
            label: Field::new("label", "Label").errors(errors),
            rule_set: Field::new("rule_set", "Rule set"),
            description: Field::new("description", "What the standard is for"),
            way: sample_way(),
        };
        let mut errors = FormErrors::new();
        errors.add("label", "must not be empty");
        vec![("typical", page(&FormErrors::new())), ("error", page(&errors))]
    }
}

/// Something in a section that can be moved.
#[derive(Debug, Serialize)]
struct Inside {
    kind: &'static str,
    code: String,
    name: String,
    href: String,
    first: bool,
    last: bool,
}

/// One section.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct SectionPage {
    name: String,
    errors: ErrorSummary,
    href: String,
    draft_href: String,
    order_href: String,
    add_href: String,
    remove_href: String,
    version: String,
    code: Field,
    heading: Field,
    parent: Field,
    parents: Vec<Choice>,
    guidance: Field,
    inside: Vec<Inside>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl SectionPage {
    /// The page of a section, or of one to be where `code` is none.
    pub fn new(draft: &Draft, code: Option<&str>, form: &SectionForm, errors: &FormErrors) -> Self {
        let (href, content) = (draft_href(draft.head.id), &draft.content);
        let field =
            |name: &str, label: &str, value: &str| Field::new(name, label).value(value).errors(errors);
        let mut parents = vec![Choice::new("", "None: it stands at the top")];
        let others = content.parts.sections.iter().filter(|section| Some(section.code.as_str()) != code);
        parents.extend(others.map(|s| Choice::new(s.code.as_str(), format!("{} {}", s.code, s.title))));
        let inside = code.map(|code| inside(draft, &href, code)).unwrap_or_default();
        let found = code.and_then(|code| content.section(code));
        Self {
            name: found.map_or_else(
                || "Add a section".to_owned(),
                |section| format!("Section {} {}", section.code, section.title),
            ),
            errors: errors.summary(),
            href: format!("{href}/sections/{}", code.unwrap_or("new")),
            order_href: format!("{href}/order"),
            add_href: code.map(|code| format!("{href}/requirements/new?section={code}")).unwrap_or_default(),
            remove_href: match code {
                Some(code) if inside.is_empty() => format!("{href}/sections/{code}/remove"),
                _ => String::new(),
            },
            draft_href: href,
            version: draft.head.version.to_string(),
            code: field("code", "Code", &form.code).hint("Unique among the sections, such as 1 or A1"),
            heading: field("name", "Title", &form.name),
            parent: field("parent", "Inside which section?", &form.parent),
            parents,
            guidance: field("guidance", "Guidance (optional)", &form.guidance),
            inside,
            way: way_to(&draft.head),
        }
    }
}

/// The sections and then the requirements directly in a section.
fn inside(draft: &Draft, href: &str, code: &str) -> Vec<Inside> {
    let parts = &draft.content.parts;
    let sections = parts.sections.iter().filter(|s| s.parent.as_ref().is_some_and(|p| p.as_str() == code));
    let sections =
        sections.map(|s| ("section", s.code.to_string(), format!("{} {}", s.code, s.title), "sections"));
    let requirements = parts.requirements.iter().filter(|r| r.section.as_str() == code);
    let requirements = requirements.map(|r| ("requirement", r.code.to_string(), named(r), "requirements"));
    let mut found = ordered(sections.collect(), href);
    found.extend(ordered(requirements.collect(), href));
    found
}

type Listed = (&'static str, String, String, &'static str);

fn ordered(listed: Vec<Listed>, href: &str) -> Vec<Inside> {
    let count = listed.len();
    let row = |(at, (kind, code, name, folder)): (usize, Listed)| Inside {
        kind,
        href: format!("{href}/{folder}/{code}"),
        code,
        name,
        first: at == 0,
        last: at + 1 == count,
    };
    listed.into_iter().enumerate().map(row).collect()
}

impl Page for SectionPage {
    const TEMPLATE: &'static str = "standards/editing/section.html";

    fn title(&self) -> String {
        self.name.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |errors: &FormErrors, inside: Vec<Inside>, remove: &str| Self {
            name: "Section 1 Leadership".to_owned(),
            errors: errors.summary(),
            href: "/standards/drafts/1/sections/1".to_owned(),
            draft_href: "/standards/drafts/1".to_owned(),
            order_href: "/standards/drafts/1/order".to_owned(),
            add_href: "/standards/drafts/1/requirements/new?section=1".to_owned(),
            remove_href: remove.to_owned(),
            version: "3".to_owned(),
            code: Field::new("code", "Code").errors(errors),
            heading: Field::new("name", "Title"),
            parent: Field::new("parent", "Inside which section?"),
            parents: vec![Choice::new("", "None"), Choice::new("2", "2 Other")],
            guidance: Field::new("guidance", "Guidance"),
            inside,
            way: sample_way(),
        };
        let row = |kind, code: &str, first, last| Inside {
            kind,
            code: code.to_owned(),
            name: format!("{code} Framework"),
            href: format!("/standards/drafts/1/requirements/{code}"),
            first,
            last,
        };
        let mut errors = FormErrors::new();
        errors.add("code", "There is a section with this code already");
        let rows = vec![
            row("section", "1.1", true, true),
            row("requirement", "1-101", true, false),
            row("requirement", "1-102", false, true),
        ];
        vec![
            ("empty", page(&FormErrors::new(), Vec::new(), "/standards/drafts/1/sections/1/remove")),
            ("typical", page(&FormErrors::new(), rows, "")),
            ("error", page(&errors, Vec::new(), "")),
        ]
    }
}
