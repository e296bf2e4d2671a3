//! The forms of a release on its way: its text, and the explanation of what a check found.

use serde::Serialize;

use crate::platform::pages::{ErrorSummary, Field, FormErrors, Link, Page, Tag};
use crate::publication::pipeline::{CONTACT_LIMIT, Check, NewWords, Outcome, REASON_LIMIT, TEXT_LIMIT};
use crate::publication::release::{ReleaseState, ReleaseSummary};

/// A check's outcome as a coloured word.
#[must_use]
pub fn check_tag(outcome: Outcome) -> Tag {
    let colour = match outcome {
        Outcome::Passed => "green",
        Outcome::Explained => "blue",
        Outcome::Unexplained => "orange",
        Outcome::Failed => "red",
    };
    Tag::new(outcome.words(), colour)
}

/// A release's state as a coloured word.
#[must_use]
pub fn state_tag(state: ReleaseState) -> Tag {
    let colour = match state {
        ReleaseState::Draft | ReleaseState::Discarded | ReleaseState::Superseded => "grey",
        ReleaseState::Checked => "orange",
        ReleaseState::Approved | ReleaseState::Announced => "blue",
        ReleaseState::Published => "green",
    };
    Tag::new(state.words(), colour)
}

fn crumbs(key: &str, title: &str) -> Vec<Link> {
    vec![
        Link::new("Home", "/home"),
        Link::new("Releases", "/releases"),
        Link::new(title, format!("/releases/{key}")),
    ]
}

/// The text of a release.
#[derive(Debug, Serialize)]
pub struct ReleaseTextPage {
    #[serde(skip)]
    of: (String, String),
    errors: ErrorSummary,
    version: String,
    commentary: Field,
    commentary_limit: usize,
    contact: Field,
    /// None where nothing of the source is public, so that there is nothing to explain.
    reason: Option<Field>,
}

impl ReleaseTextPage {
    /// The form with these words.
    #[must_use]
    pub fn new(of: &ReleaseSummary, words: &NewWords, is_revision: bool, errors: &FormErrors) -> Self {
        Self::made((&of.key, &of.title, of.version), words, is_revision, errors)
    }

    fn made(
        (key, title, version): (&str, &str, i64),
        words: &NewWords,
        is_revision: bool,
        errors: &FormErrors,
    ) -> Self {
        let reason = Field::new("reason", "Why is there another version?")
            .hint(format!(
                "What was wrong or is new, in words for the public. At most {REASON_LIMIT} characters."
            ))
            .value(&words.reason)
            .errors(errors);
        Self {
            of: (key.to_owned(), title.to_owned()),
            errors: errors.summary(),
            version: version.to_string(),
            commentary: Field::new("commentary", "What do the figures say?")
                .hint("In plain words. Every figure that you name should stand in a table.")
                .value(&words.commentary)
                .errors(errors),
            commentary_limit: TEXT_LIMIT,
            contact: Field::new("contact", "Whom may readers ask?")
                .hint(format!("A name and an address. At most {CONTACT_LIMIT} characters."))
                .value(&words.contact)
                .errors(errors),
            reason: is_revision.then_some(reason),
        }
    }
}

impl Page for ReleaseTextPage {
    const TEMPLATE: &'static str = "publication/text.html";

    fn title(&self) -> String {
        "Text of the release".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs(&self.of.0, &self.of.1)
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let of = ("returns-2026", "Results 2026", 1);
        let words = NewWords {
            contact: "Ada Example <b>".into(),
            commentary: "Most meet the standard.".into(),
            reason: "A return was counted twice.".into(),
        };
        let mut errors = FormErrors::new();
        errors.add("contact", "Use at most 300 characters");
        vec![
            ("empty", Self::made(of, &NewWords::default(), false, &FormErrors::new())),
            ("revision", Self::made(of, &words, true, &FormErrors::new())),
            ("error", Self::made(of, &words, true, &errors)),
        ]
    }
}

/// The explanation of what a check found.
#[derive(Debug, Serialize)]
pub struct ExplainPage {
    #[serde(skip)]
    of: (String, String),
    #[serde(skip)]
    heading: String,
    errors: ErrorSummary,
    version: String,
    found: String,
    explanation: Field,
}

impl ExplainPage {
    /// The form with these words.
    #[must_use]
    pub fn new(of: &ReleaseSummary, check: &Check, said: &str, errors: &FormErrors) -> Self {
        Self::made((&of.key, &of.title, of.version), (&check.title, &check.found), said, errors)
    }

    fn made(
        (key, title, version): (&str, &str, i64),
        (heading, found): (&str, &str),
        said: &str,
        errors: &FormErrors,
    ) -> Self {
        Self {
            of: (key.to_owned(), title.to_owned()),
            heading: heading.to_owned(),
            errors: errors.summary(),
            version: version.to_string(),
            found: found.to_owned(),
            explanation: Field::new("explanation", "Why is that right?")
                .hint(format!("The approver reads it. At most {REASON_LIMIT} characters."))
                .value(said)
                .errors(errors),
        }
    }
}

impl Page for ExplainPage {
    const TEMPLATE: &'static str = "publication/explain.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs(&self.of.0, &self.of.1)
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let of = ("returns-2026", "Results 2026", 1);
        let check = ("Differences from the last release", "Meeting the standard: 1 of 9 after 8 of 9. <b>");
        let mut errors = FormErrors::new();
        errors.add("explanation", "Explain what was found");
        vec![
            ("empty", Self::made(of, check, "", &FormErrors::new())),
            ("error", Self::made(of, check, "", &errors)),
        ]
    }
}
