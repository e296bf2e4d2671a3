//! The pages of the library of reasons: the list with the form to add one, and one reason with its versions.

use serde::Serialize;

use super::add::NewReason;
use super::model::{Reason, ReasonState, ReasonVersion};
use crate::access::{Action as _, Actor, ChangeReason, RestoreReason, RetireReason};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::pages::{Cell, paragraphs};

/// The list of reasons.
#[derive(Debug, Serialize)]
pub(in crate::review) struct ReasonsPage {
    rows: Vec<Vec<Cell>>,
    retired: Vec<Vec<Cell>>,
    form: Form,
    errors: ErrorSummary,
}

/// The fields of a reason.
#[derive(Debug, Serialize)]
struct Form {
    standard: Field,
    standards: Vec<Choice>,
    section: Field,
    title: Field,
    text: Field,
}

impl Form {
    fn new(standards: &[(String, String)], typed: &NewReason, errors: &FormErrors) -> Self {
        let everywhere = std::iter::once(Choice::new("", "Everywhere"));
        let named = standards.iter().map(|(key, name)| Choice::new(key, name));
        Self {
            standard: Field::new("standard", "Where is it offered?").value(&typed.standard).errors(errors),
            standards: everywhere.chain(named).collect(),
            section: Field::new("section", "Section (optional)")
                .hint("Its code, for example 1.2. Empty for all of the standard.")
                .value(&typed.section)
                .errors(errors),
            title: title_field(typed, errors),
            text: text_field(typed, errors),
        }
    }
}

fn title_field(typed: &NewReason, errors: &FormErrors) -> Field {
    Field::new("title", "Title")
        .hint("A few words by which the team finds it. The organisation does not see them.")
        .value(&typed.title)
        .errors(errors)
}

fn text_field(typed: &NewReason, errors: &FormErrors) -> Field {
    Field::new("text", "Words of the reason")
        .hint("They go into the reason of a decision, where they can be changed. Name no organisation.")
        .value(&typed.body)
        .errors(errors)
}

impl ReasonsPage {
    /// The page, with what was typed when the form was refused.
    pub fn new(
        reasons: &[Reason],
        standards: &[(String, String)],
        typed: &NewReason,
        errors: &FormErrors,
    ) -> Self {
        let rows = |state: ReasonState| {
            let of = reasons.iter().filter(|reason| reason.state == state);
            of.map(|reason| {
                vec![
                    Cell::link(&reason.title, format!("/reviews/reasons/{}", reason.id)),
                    Cell::text(reason.scope()),
                    Cell::text(reason.uses.to_string()),
                    Cell::text(reason.changed_at.london_day().words()),
                ]
            })
            .collect()
        };
        Self {
            rows: rows(ReasonState::Kept),
            retired: rows(ReasonState::Retired),
            form: Form::new(standards, typed, errors),
            errors: errors.summary(),
        }
    }
}

impl Page for ReasonsPage {
    const TEMPLATE: &'static str = "review/reasons/list.html";

    fn title(&self) -> String {
        "Library of reasons".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let standards = [("sample".to_owned(), "Sample standard".to_owned())];
        let mut wrong = FormErrors::new();
        wrong.add("title", "Enter a title to find it by");
        wrong.add("section", "Enter the code of a section, for example 1.2");
        let (kept, retired) = (sample(ReasonState::Kept), sample(ReasonState::Retired));
        let nothing = NewReason::default();
        let none = FormErrors::new();
        vec![
            ("empty", Self::new(&[], &standards, &nothing, &none)),
            ("typical", Self::new(&[kept.clone(), retired.clone()], &standards, &nothing, &none)),
            ("long", Self::new(&[vec![kept; 40], vec![retired; 3]].concat(), &standards, &nothing, &none)),
            ("errors", Self::new(&[], &standards, &nothing, &wrong)),
        ]
    }
}

/// An example for the checks.
fn sample(state: ReasonState) -> Reason {
    Reason {
        id: crate::platform::ids::ReasonId::new(1),
        standard: "sample".to_owned(),
        section: "1".to_owned(),
        title: "Policy is a draft".to_owned(),
        body: "The policy is a draft.\nNobody has approved it.".to_owned(),
        state,
        version: 2,
        uses: 7,
        changed_at: crate::platform::clock::Timestamp::from_micros(1_780_000_000_000_000),
    }
}

/// A version as the page shows it.
#[derive(Debug, Serialize)]
struct Version {
    version: i64,
    title: String,
    text: Vec<String>,
    by: String,
    at: i64,
}

/// One reason.
#[derive(Debug, Serialize)]
pub(in crate::review) struct ReasonPage {
    id: i64,
    #[serde(skip)]
    name: String,
    scope: String,
    uses: i64,
    version: i64,
    body: Vec<String>,
    title_input: Field,
    text: Field,
    may_change: bool,
    may_retire: bool,
    may_restore: bool,
    versions: Vec<Version>,
    errors: ErrorSummary,
}

impl ReasonPage {
    /// The page as the actor sees it, with what was typed when the form was refused.
    pub fn new(
        reason: &Reason,
        versions: &[ReasonVersion],
        actor: &Actor,
        typed: Option<&NewReason>,
        errors: &FormErrors,
    ) -> Self {
        let stored =
            NewReason { title: reason.title.clone(), body: reason.body.clone(), ..NewReason::default() };
        let typed = typed.unwrap_or(&stored);
        let may = |row: crate::access::ActionRow| row.allows(actor, &reason.subject()).is_ok();
        Self {
            id: reason.id.get(),
            name: reason.title.clone(),
            scope: reason.scope(),
            uses: reason.uses,
            version: reason.version,
            body: paragraphs(&reason.body),
            title_input: title_field(typed, errors),
            text: text_field(typed, errors),
            may_change: may(ChangeReason::ROW),
            may_retire: may(RetireReason::ROW),
            may_restore: may(RestoreReason::ROW),
            versions: versions
                .iter()
                .filter(|version| version.version < reason.version)
                .map(|version| Version {
                    version: version.version,
                    title: version.title.clone(),
                    text: paragraphs(&version.body),
                    by: version.by.clone(),
                    at: version.at.micros(),
                })
                .collect(),
            errors: errors.summary(),
        }
    }
}

impl Page for ReasonPage {
    const TEMPLATE: &'static str = "review/reasons/one.html";

    fn title(&self) -> String {
        self.name.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews"), Link::new("Library of reasons", "/reviews/reasons")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let actor = Actor::person(
            crate::platform::ids::PersonId::new(1),
            "Ada".to_owned(),
            Vec::new(),
            vec![crate::access::CentralRole::CentralReviewer],
            Vec::new(),
        );
        let version = ReasonVersion {
            version: 1,
            title: "A draft".to_owned(),
            body: "It is a draft.".to_owned(),
            by: "Ada Reviewer".to_owned(),
            at: crate::platform::clock::Timestamp::from_micros(1_780_000_000_000_000),
        };
        let mut wrong = FormErrors::new();
        wrong.add("text", "Enter the words of the reason");
        let none = FormErrors::new();
        let (kept, retired) = (sample(ReasonState::Kept), sample(ReasonState::Retired));
        vec![
            ("typical", Self::new(&kept, std::slice::from_ref(&version), &actor, None, &none)),
            ("new", Self::new(&kept, &[], &actor, None, &none)),
            ("retired", Self::new(&retired, &vec![version; 20], &actor, None, &none)),
            ("errors", Self::new(&kept, &[], &actor, None, &wrong)),
        ]
    }
}
