//! The register of a standard: each requirement through its editions, in plain words.

use serde::Serialize;

use crate::platform::http::Fields;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page, Tag};
use crate::standards::model::Edition;
use crate::standards::register::announce::Announcement;
use crate::standards::register::model::{Life, Stage};

/// An announcement as typed.
#[derive(Debug, Clone, Default)]
pub(in crate::standards::register) struct AnnounceForm {
    pub code: String,
    pub from_label: String,
    pub reason: String,
}

impl AnnounceForm {
    /// What the form says.
    pub fn read(fields: &Fields) -> Self {
        Self {
            code: fields.text("code"),
            from_label: fields.text("from_label"),
            reason: fields.text("reason"),
        }
    }

    /// The announcement for an edition.
    pub fn of(&self, edition: &str) -> Announcement {
        Announcement {
            edition: edition.to_owned(),
            code: self.code.clone(),
            from_label: self.from_label.clone(),
            reason: self.reason.clone(),
        }
    }
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    tag: Tag,
    words: String,
    events: Vec<String>,
}

/// The register of a standard.
#[derive(Debug, Serialize)]
pub(in crate::standards::register) struct RegisterPage {
    standard: String,
    errors: ErrorSummary,
    href: String,
    csv_href: String,
    rows: Vec<Row>,
    edition: String,
    may_announce: bool,
    code: Field,
    codes: Vec<Choice>,
    from_label: Field,
    reason: Field,
}

impl RegisterPage {
    /// The page of a standard; announcements are made for its newest edition.
    pub fn new(
        (key, newest): (&str, &Edition),
        lives: &[Life],
        may_announce: bool,
        form: &AnnounceForm,
        errors: &FormErrors,
    ) -> Self {
        let row = |life: &Life| Row {
            name: life.name.clone(),
            tag: stage_tag(life.stage),
            words: life.words.clone(),
            events: life.events.clone(),
        };
        let mut codes = vec![Choice::new("", "Select a requirement")];
        codes.extend(
            newest
                .requirements()
                .iter()
                .map(|r| Choice::new(r.code.as_str(), format!("{} {}", r.code, r.title))),
        );
        let href = format!("/standards/registers/{key}");
        Self {
            standard: newest.standard_name().to_owned(),
            errors: errors.summary(),
            csv_href: format!("{href}.csv"),
            href,
            rows: lives.iter().map(row).collect(),
            edition: newest.label().to_owned(),
            may_announce,
            code: Field::new("code", "Which requirement?").value(&form.code).errors(errors),
            codes,
            from_label: Field::new("from_label", "From which year is it not asked any more?")
                .hint("Such as 2028/29. Leave it empty to say that it stays after all")
                .value(&form.from_label)
                .errors(errors),
            reason: Field::new("reason", "Why?")
                .hint("In plain words: every organisation reads this")
                .value(&form.reason)
                .errors(errors),
        }
    }
}

/// A stage as a coloured word.
fn stage_tag(stage: Stage) -> Tag {
    let colour = match stage {
        Stage::Proposed => "yellow",
        Stage::InForce => "green",
        Stage::ToRetire => "orange",
        Stage::Retired => "grey",
    };
    Tag::new(stage.words(), colour)
}

impl Page for RegisterPage {
    const TEMPLATE: &'static str = "standards/register/register.html";

    fn title(&self) -> String {
        format!("Register of requirements: {}", self.standard)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Standards", "/standards")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows, may_announce, errors: &FormErrors| Self {
            standard: "Example standard".to_owned(),
            errors: errors.summary(),
            href: "/standards/registers/example".to_owned(),
            csv_href: "/standards/registers/example.csv".to_owned(),
            rows,
            edition: "2026/27".to_owned(),
            may_announce,
            code: Field::new("code", "Which requirement?").errors(errors),
            codes: vec![Choice::new("1-101", "1-101 Framework")],
            from_label: Field::new("from_label", "From which year?"),
            reason: Field::new("reason", "Why?"),
        };
        let row = |stage| Row {
            name: "1-101 Framework".to_owned(),
            tag: stage_tag(stage),
            words: "It will not be asked from 2028/29: covered elsewhere.".to_owned(),
            events: vec!["2025/26: asked".to_owned(), "2026/27: asked".to_owned()],
        };
        let mut errors = FormErrors::new();
        errors.add("code", "Select a requirement of the edition");
        let rows = || vec![row(Stage::ToRetire), row(Stage::Retired)];
        vec![
            ("empty", page(Vec::new(), false, &FormErrors::new())),
            ("typical", page(rows(), true, &FormErrors::new())),
            ("error", page(rows(), true, &errors)),
        ]
    }
}
