//! One requirement of a draft, with every field of its kind.

use serde::Serialize;

use super::{minimum_choices, sample_way, way_to};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::standards::editing::draft_href;
use crate::standards::editing::forms::{COLUMNS, RequirementForm, levels};
use crate::standards::editing::store::Draft;
use crate::standards::keys::SectorKey;
use crate::standards::model::{ItemKind, Scheme};

/// One requirement.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct RequirementPage {
    name: String,
    errors: ErrorSummary,
    href: String,
    draft_href: String,
    remove_href: String,
    version: String,
    /// `levels`, `assertions` or `outcomes`.
    scheme: &'static str,
    code: Field,
    section: Field,
    sections: Vec<Choice>,
    heading: Field,
    text: Field,
    guidance: Field,
    origins: Field,
    exemptions: Field,
    rules: Vec<Choice>,
    not_relevant: Field,
    may: Vec<Choice>,
    levels: Vec<Field>,
    item: Field,
    items: Vec<Choice>,
    mandatory: Field,
    sectors: Vec<Choice>,
    columns: Vec<Field>,
    expected: Vec<Field>,
    minima: Vec<Choice>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl RequirementPage {
    /// The page of a requirement, or of one to be where `code` is none.
    pub fn new(draft: &Draft, code: Option<&str>, form: &RequirementForm, errors: &FormErrors) -> Self {
        let (href, content) = (draft_href(draft.head.id), &draft.content);
        let field =
            |name: &str, label: &str, value: &str| Field::new(name, label).value(value).errors(errors);
        let mut sections = vec![Choice::new("", "Select a section")];
        let listed = content.outline();
        sections.extend(
            listed.iter().map(|(_, s, _)| Choice::new(s.code.as_str(), format!("{} {}", s.code, s.title))),
        );
        let found = code.and_then(|code| content.requirement(code));
        let rule = |e: &crate::standards::model::Exemption| {
            Choice::new(&e.code, &e.code).hint(&e.reason).checked(form.exemptions.contains(&e.code))
        };
        let profile = |p: &crate::standards::model::Profile| {
            let value = form.expected.get(p.key.as_str()).map_or("", String::as_str);
            field(&format!("expected-{}", p.key), &format!("Expected of: {}", p.name), value)
        };
        let sector = |sector: SectorKey| {
            let is_on = form.mandatory.iter().any(|key| key == sector.as_str());
            Choice::new(sector.as_str(), sector.label()).checked(is_on)
        };
        let assertions = matches!(content.parts.scheme, Scheme::Assertions(_));
        let outcomes = matches!(content.parts.scheme, Scheme::Outcomes {});
        Self {
            name: found.map_or_else(
                || "Add a requirement".to_owned(),
                |requirement| format!("{} {}", requirement.code, requirement.title),
            ),
            errors: errors.summary(),
            href: format!("{href}/requirements/{}", code.unwrap_or("new")),
            remove_href: code.map(|code| format!("{href}/requirements/{code}/remove")).unwrap_or_default(),
            draft_href: href,
            version: draft.head.version.to_string(),
            scheme: content.parts.scheme.kind().as_str(),
            code: field("code", "Code", &form.code).hint("Unique in the edition; answers refer to it"),
            section: field("section", "Section", &form.section),
            sections,
            heading: field("name", "Title", &form.name),
            text: field("text", "Question", &form.text),
            guidance: field("guidance", "Guidance (optional)", &form.guidance),
            origins: field("origins", "Continues these requirements of the edition before", &form.origins)
                .hint("Codes with commas between them; empty where it is new"),
            exemptions: Field::new("exemptions", "Which certificates exempt from it?"),
            rules: content.parts.exemptions.iter().map(rule).collect(),
            not_relevant: Field::new("may_be_not_relevant", "May it be answered as not relevant?"),
            may: vec![
                Choice::new("yes", "It may be not relevant, with a reason")
                    .checked(form.may_be_not_relevant == "yes"),
            ],
            levels: (0..levels(content))
                .zip(&form.levels)
                .map(|(level, words)| field(&format!("level-{level}"), &format!("Level {level}"), words))
                .collect(),
            item: field("item", "How is it answered?", &form.item),
            items: if assertions { items() } else { Vec::new() },
            mandatory: Field::new("mandatory", "Who must complete it?").errors(errors),
            sectors: if assertions { SectorKey::all().map(sector).collect() } else { Vec::new() },
            columns: if outcomes {
                COLUMNS
                    .iter()
                    .zip(&form.columns)
                    .map(|((name, label), text)| {
                        field(name, label, text).hint("One a line: code, colon, statement")
                    })
                    .collect()
            } else {
                Vec::new()
            },
            expected: if assertions {
                Vec::new()
            } else {
                content.parts.profiles.iter().map(profile).collect()
            },
            minima: minimum_choices(levels(content)),
            way: way_to(&draft.head),
        }
    }
}

fn items() -> Vec<Choice> {
    [ItemKind::Text, ItemKind::Date, ItemKind::YesNo, ItemKind::Document, ItemKind::Confirmation]
        .map(|kind| Choice::new(kind.as_str(), crate::platform::pages::words::capitalised(kind.words())))
        .into()
}

impl Page for RequirementPage {
    const TEMPLATE: &'static str = "standards/editing/requirement.html";

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
        let page = |scheme: &'static str, errors: &FormErrors| Self {
            name: "1-101 Framework".to_owned(),
            errors: errors.summary(),
            href: "/standards/drafts/1/requirements/1-101".to_owned(),
            draft_href: "/standards/drafts/1".to_owned(),
            remove_href: "/standards/drafts/1/requirements/1-101/remove".to_owned(),
            version: "3".to_owned(),
            scheme,
            code: Field::new("code", "Code").value("1-101").errors(errors),
            section: Field::new("section", "Section"),
            sections: vec![Choice::new("1", "1 Leadership")],
            heading: Field::new("name", "Title"),
            text: Field::new("text", "Question"),
            guidance: Field::new("guidance", "Guidance"),
            origins: Field::new("origins", "Continues"),
            exemptions: Field::new("exemptions", "Which certificates exempt from it?"),
            rules: vec![Choice::new("cep", "cep").hint("The test covers it.")],
            not_relevant: Field::new("may_be_not_relevant", "May it be answered as not relevant?"),
            may: vec![Choice::new("yes", "It may be not relevant, with a reason")],
            levels: vec![Field::new("level-0", "Level 0")],
            item: Field::new("item", "How is it answered?"),
            items: items(),
            mandatory: Field::new("mandatory", "Who must complete it?"),
            sectors: vec![Choice::new("gp", "General practice")],
            columns: vec![Field::new("achieved", "Statements")],
            expected: vec![Field::new("expected-acute", "Expected of: Acute trusts")],
            minima: minimum_choices(4),
            way: sample_way(),
        };
        let mut errors = FormErrors::new();
        errors.add("code", "There is a requirement with this code already");
        let bare =
            Self { rules: Vec::new(), remove_href: String::new(), ..page("levels", &FormErrors::new()) };
        vec![
            ("empty", bare),
            ("levels", page("levels", &FormErrors::new())),
            ("assertions", page("assertions", &FormErrors::new())),
            ("outcomes", page("outcomes", &errors)),
        ]
    }
}
