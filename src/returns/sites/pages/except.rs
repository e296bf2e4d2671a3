//! An answer that differs: for one site, with its evidence, or for many at once.

use serde::Serialize;

use super::{sample_way_below, way_below};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::returns::answer_form::AnswerForm;
use crate::returns::pages::{Controls, controls};
use crate::returns::sites::model::Entry;
use crate::returns::store::{Attached, Found};
use crate::standards::Requirement;

/// A piece of evidence beside the answer.
#[derive(Debug, Clone, Serialize)]
pub struct Beside {
    title: String,
    /// Where it is taken away; empty when nothing can be changed.
    detach_href: String,
}

/// The page.
#[derive(Debug, Serialize)]
pub struct ExceptPage {
    /// The site, or nothing for many.
    site: String,
    code: String,
    heading: String,
    text: String,
    errors: ErrorSummary,
    /// The head office's own answer in words.
    ours: Vec<String>,
    /// What a colleague saved in the meantime, in words.
    theirs: Vec<String>,
    /// The stored answer, when nothing can be changed.
    said: Vec<String>,
    said_comment: String,
    href: String,
    form: Option<Controls>,
    codes: Field,
    replace: Field,
    replaces: Vec<Choice>,
    /// Where it is taken away; empty when there is none.
    remove_href: String,
    beside: Vec<Beside>,
    /// Where evidence is attached; empty before there is an answer.
    attach_href: String,
    piece: Field,
    pieces: Vec<Choice>,
    #[serde(skip)]
    way: Vec<Link>,
}

/// What the page is made of.
#[derive(Debug)]
pub(in crate::returns::sites) struct Shown<'a> {
    pub found: &'a Found,
    pub requirement: &'a Requirement,
    /// The site; none for many.
    pub entry: Option<&'a Entry>,
    /// Where the form goes.
    pub href: String,
    pub ours: Vec<String>,
    pub theirs: Vec<String>,
    /// The stored answer and its comment.
    pub said: (Vec<String>, String),
    pub stored: bool,
    pub may_save: bool,
    pub files: &'a [Attached],
    /// Pieces of the library.
    pub pieces: Vec<Choice>,
    /// Codes typed, and whether answers are replaced.
    pub many: (String, bool),
}

impl ExceptPage {
    /// The page; `form` is what was typed, or what is stored.
    pub(in crate::returns::sites) fn new(shown: Shown<'_>, form: &AnswerForm, errors: &FormErrors) -> Self {
        let Shown { found, requirement, entry, href, .. } = shown;
        let change = |more: &str| {
            if shown.may_save && shown.stored && entry.is_some() {
                format!("{href}{more}")
            } else {
                String::new()
            }
        };
        let beside = |file: &Attached| Beside {
            title: file.title.clone(),
            detach_href: change(&format!("/evidence/{}/detach", file.id)),
        };
        Self {
            site: entry.map(|entry| format!("{} {}", entry.code, entry.name)).unwrap_or_default(),
            code: requirement.code.to_string(),
            heading: requirement.title.clone(),
            text: requirement.text.clone(),
            errors: errors.summary(),
            ours: shown.ours,
            theirs: shown.theirs,
            said: shown.said.0,
            said_comment: shown.said.1,
            form: shown.may_save.then(|| controls(requirement, form, errors)),
            codes: codes(&shown.many.0, errors),
            replace: Field::new("replace", "Answers that are there already").errors(errors),
            replaces: replaces(shown.many.1),
            remove_href: change("/remove"),
            beside: shown.files.iter().map(beside).collect(),
            attach_href: change("/evidence"),
            piece: Field::new("piece", "Piece of your evidence library").errors(errors),
            pieces: shown.pieces,
            href,
            way: way_below(found),
        }
    }
}

fn codes(typed: &str, errors: &FormErrors) -> Field {
    Field::new("codes", "For which sites?")
        .hint("Their codes, one a line or with commas between")
        .value(typed)
        .errors(errors)
}

fn replaces(chosen: bool) -> Vec<Choice> {
    vec![Choice::new("yes", "Replace answers that these sites have already").checked(chosen)]
}

impl Page for ExceptPage {
    const TEMPLATE: &'static str = "returns/sites/except.html";

    fn title(&self) -> String {
        if self.site.is_empty() {
            format!("{} for many sites", self.code)
        } else {
            format!("{} for {}", self.code, self.site)
        }
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let href = "/organisations/ZZ001/returns/2026/sites/of/ZZ101/requirements/1-101";
        let page = |site: &str, errors: &FormErrors| Self {
            site: site.to_owned(),
            code: "1-101".to_owned(),
            heading: "Roles".to_owned(),
            text: "Who is responsible?".to_owned(),
            errors: errors.summary(),
            ours: vec!["Level 2".to_owned()],
            theirs: Vec::new(),
            said: Vec::new(),
            said_comment: String::new(),
            href: href.to_owned(),
            form: Some(Controls::example("level", errors)),
            codes: codes("", errors),
            replace: Field::new("replace", "Answers that are there already"),
            replaces: replaces(false),
            remove_href: String::new(),
            beside: Vec::new(),
            attach_href: String::new(),
            piece: Field::new("piece", "Piece of your evidence library"),
            pieces: vec![Choice::new("1", "Policy")],
            way: sample_way_below(),
        };
        let mut errors = FormErrors::new();
        errors.add("codes", "Tick at least one site, or enter its code");
        errors.add("choice", "Choose a level");
        let none = FormErrors::new();
        let stored = Self {
            theirs: vec!["Level 3".to_owned()],
            remove_href: format!("{href}/remove"),
            beside: vec![Beside {
                title: "Policy".to_owned(),
                detach_href: format!("{href}/evidence/1/detach"),
            }],
            attach_href: format!("{href}/evidence"),
            ..page("ZZ101 Example Pharmacy", &none)
        };
        let read_only = Self {
            form: None,
            said: vec!["Level 1".to_owned()],
            said_comment: "No safe".to_owned(),
            beside: vec![Beside { title: "Policy".to_owned(), detach_href: String::new() }],
            ..page("ZZ101 Example Pharmacy", &none)
        };
        vec![
            ("empty", page("ZZ101 Example Pharmacy", &none)),
            ("typical", stored),
            ("many", page("", &none)),
            ("error", page("", &errors)),
            ("forbidden", read_only),
        ]
    }
}
