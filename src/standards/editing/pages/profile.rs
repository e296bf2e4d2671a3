//! Who is asked what: the profiles or sectors of a draft, and one of them with every requirement.

use serde::Serialize;

use super::{minimum_choices, named, sample_way, way_to};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::standards::editing::draft_href;
use crate::standards::editing::forms::{ProfileForm, levels};
use crate::standards::editing::store::Draft;
use crate::standards::keys::SectorKey;
use crate::standards::model::{Requirement, RequirementKind, Scheme};

/// One profile, or one sector of an assertions edition.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    href: String,
    sectors: Vec<String>,
    asked: usize,
}

/// The profiles of a draft, or its sectors where sectors say what is mandatory.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct ProfilesPage {
    draft_href: String,
    by_sector: bool,
    rows: Vec<Row>,
    add_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ProfilesPage {
    /// The page of a draft.
    pub fn new(draft: &Draft) -> Self {
        let (href, parts) = (draft_href(draft.head.id), &draft.content.parts);
        let by_sector = matches!(parts.scheme, Scheme::Assertions(_));
        let count =
            |asks: &dyn Fn(&Requirement) -> bool| parts.requirements.iter().filter(|r| asks(r)).count();
        let sector = |sector: SectorKey| Row {
            name: sector.label().to_owned(),
            href: format!("{href}/sectors/{sector}"),
            sectors: Vec::new(),
            asked: count(
                &|r| matches!(&r.kind, RequirementKind::Item { mandatory, .. } if mandatory.contains(&sector)),
            ),
        };
        let profile = |profile: &crate::standards::model::Profile| Row {
            name: profile.name.clone(),
            href: format!("{href}/profiles/{}", profile.key),
            sectors: profile.sectors.iter().map(|sector| sector.label().to_owned()).collect(),
            asked: count(&|r| match &r.kind {
                RequirementKind::Level { expected, .. } => expected.contains_key(&profile.key),
                RequirementKind::Outcome { expected, .. } => expected.contains_key(&profile.key),
                RequirementKind::Item { .. } => false,
            }),
        };
        Self {
            by_sector,
            rows: if by_sector {
                SectorKey::all().map(sector).collect()
            } else {
                parts.profiles.iter().map(profile).collect()
            },
            add_href: if by_sector { String::new() } else { format!("{href}/profiles/new") },
            draft_href: href,
            way: way_to(&draft.head),
        }
    }
}

impl Page for ProfilesPage {
    const TEMPLATE: &'static str = "standards/editing/profiles.html";

    fn title(&self) -> String {
        "Who is asked what".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = || Row {
            name: "Acute trusts".to_owned(),
            href: "/standards/drafts/1/profiles/acute".to_owned(),
            sectors: vec!["NHS trust".to_owned()],
            asked: 45,
        };
        let page = |by_sector, rows, add: &str| Self {
            draft_href: "/standards/drafts/1".to_owned(),
            by_sector,
            rows,
            add_href: add.to_owned(),
            way: sample_way(),
        };
        vec![
            ("empty", page(false, Vec::new(), "/standards/drafts/1/profiles/new")),
            ("typical", page(false, vec![row()], "/standards/drafts/1/profiles/new")),
            ("by sector", page(true, vec![row()], "")),
        ]
    }
}

/// One profile with what it expects of each requirement.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct ProfilePage {
    heading: String,
    errors: ErrorSummary,
    href: String,
    list_href: String,
    version: String,
    key: Option<Field>,
    name: Field,
    sectors: Field,
    choices: Vec<Choice>,
    expected: Vec<Field>,
    minima: Vec<Choice>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ProfilePage {
    /// The page of a profile, or of one to be where it is `new`.
    pub fn new(draft: &Draft, new: bool, form: &ProfileForm, errors: &FormErrors) -> Self {
        let (href, content) = (draft_href(draft.head.id), &draft.content);
        let sector = |sector: SectorKey| {
            let is_on = form.sectors.iter().any(|key| key == sector.as_str());
            Choice::new(sector.as_str(), sector.label()).checked(is_on)
        };
        let expected = |requirement: &Requirement| {
            let code = requirement.code.as_str();
            Field::new(format!("expected-{code}"), named(requirement))
                .value(form.expected.get(code).map_or("", String::as_str))
                .errors(errors)
        };
        Self {
            heading: if new { "Add a profile".to_owned() } else { format!("Profile {}", form.name) },
            errors: errors.summary(),
            href: format!("{href}/profiles/{}", if new { "new" } else { form.key.as_str() }),
            list_href: format!("{href}/profiles"),
            version: draft.head.version.to_string(),
            key: new.then(|| {
                Field::new("key", "Key")
                    .hint("Lower-case letters, digits and hyphens, such as acute")
                    .value(&form.key)
                    .errors(errors)
            }),
            name: Field::new("name", "Name").value(&form.name).errors(errors),
            sectors: Field::new("sectors", "Which organisations get it unless they choose another?")
                .errors(errors),
            choices: SectorKey::all().map(sector).collect(),
            expected: content.parts.requirements.iter().map(expected).collect(),
            minima: minimum_choices(levels(content)),
            way: way_to(&draft.head),
        }
    }
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "standards/editing/profile.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |key, errors: &FormErrors| Self {
            heading: "Profile Acute trusts".to_owned(),
            errors: errors.summary(),
            href: "/standards/drafts/1/profiles/acute".to_owned(),
            list_href: "/standards/drafts/1/profiles".to_owned(),
            version: "3".to_owned(),
            key,
            name: Field::new("name", "Name").errors(errors),
            sectors: Field::new("sectors", "Which organisations?"),
            choices: vec![Choice::new("gp", "General practice").checked(true)],
            expected: vec![Field::new("expected-1-101", "1-101 Framework").value("2")],
            minima: minimum_choices(4),
            way: sample_way(),
        };
        let mut errors = FormErrors::new();
        errors.add("name", "must not be empty");
        vec![
            ("typical", page(None, &FormErrors::new())),
            ("new", page(Some(Field::new("key", "Key")), &FormErrors::new())),
            ("error", page(None, &errors)),
        ]
    }
}

/// What is mandatory for one sector of an assertions edition.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct SectorPage {
    heading: String,
    href: String,
    list_href: String,
    version: String,
    mandatory: Field,
    items: Vec<Choice>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl SectorPage {
    /// The page of a sector.
    pub fn new(draft: &Draft, sector: SectorKey) -> Self {
        let href = draft_href(draft.head.id);
        let item = |requirement: &Requirement| {
            let is_on = matches!(
                &requirement.kind,
                RequirementKind::Item { mandatory, .. } if mandatory.contains(&sector)
            );
            Choice::new(requirement.code.as_str(), named(requirement)).checked(is_on)
        };
        Self {
            heading: format!("Mandatory for: {}", sector.label()),
            href: format!("{href}/sectors/{sector}"),
            list_href: format!("{href}/profiles"),
            version: draft.head.version.to_string(),
            mandatory: Field::new("mandatory", "Which items must they complete?"),
            items: draft.content.parts.requirements.iter().map(item).collect(),
            way: way_to(&draft.head),
        }
    }
}

impl Page for SectorPage {
    const TEMPLATE: &'static str = "standards/editing/sector.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |items| Self {
            heading: "Mandatory for: General practice".to_owned(),
            href: "/standards/drafts/1/sectors/gp".to_owned(),
            list_href: "/standards/drafts/1/profiles".to_owned(),
            version: "3".to_owned(),
            mandatory: Field::new("mandatory", "Which items must they complete?"),
            items,
            way: sample_way(),
        };
        let item = Choice::new("1.1.1", "1.1.1 Policy").checked(true);
        vec![("empty", page(Vec::new())), ("typical", page(vec![item]))]
    }
}
