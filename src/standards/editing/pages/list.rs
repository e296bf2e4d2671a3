//! The list of drafts, and the form that begins one.

use serde::Serialize;

use super::{state_tag, way};
use crate::platform::http::Fields;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page, Tag};
use crate::standards::editing::begin::Naming;
use crate::standards::editing::draft_href;
use crate::standards::editing::store::DraftHead;
use crate::standards::keys::EditionKey;
use crate::standards::store::EditionRow;

/// What was typed to begin a draft.
#[derive(Debug, Clone, Default)]
pub(in crate::standards::editing) struct NewDraft {
    pub from: String,
    pub key: String,
    pub label: String,
}

impl NewDraft {
    /// What the form says.
    pub fn read(fields: &Fields) -> Self {
        Self { from: fields.text("from"), key: fields.text("key"), label: fields.text("label") }
    }

    /// How the edition to be is called.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn naming(&self) -> Result<Naming, FormErrors> {
        let mut errors = FormErrors::new();
        let key = EditionKey::new(&self.key).map_err(|why| errors.add("key", why.to_string())).ok();
        errors.require("label", &self.label, "Enter the label of the year, such as 2027/28", 300);
        errors.into_result(key.map(|key| Naming { key, label: self.label.clone() }))
    }
}

/// One draft in the list.
#[derive(Debug, Serialize)]
struct Item {
    name: String,
    href: String,
    tag: Tag,
    version: i64,
    updated_at: i64,
    done: bool,
}

/// The list of drafts.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct DraftsPage {
    errors: ErrorSummary,
    items: Vec<Item>,
    may_begin: bool,
    from: Field,
    editions: Vec<Choice>,
    key: Field,
    label: Field,
}

impl DraftsPage {
    /// The list, with the form for whoever may begin a draft.
    pub fn new(
        drafts: &[DraftHead],
        editions: &[EditionRow],
        may_begin: bool,
        typed: &NewDraft,
        errors: &FormErrors,
    ) -> Self {
        let item = |head: &DraftHead| Item {
            name: format!("{} ({})", head.label, head.key),
            href: draft_href(head.id),
            tag: state_tag(head.state),
            version: head.version,
            updated_at: head.updated_at.micros(),
            done: head.standing_proposal().is_some() && head.edition.is_none(),
        };
        let mut choices = vec![Choice::new("", "Select an edition")];
        choices.extend(
            editions.iter().map(|row| {
                Choice::new(&row.key, format!("{} {} ({})", row.standard_name, row.label, row.key))
            }),
        );
        Self {
            errors: errors.summary(),
            items: drafts.iter().map(item).collect(),
            may_begin,
            from: Field::new("from", "Copy which edition?").value(&typed.from).errors(errors),
            editions: choices,
            key: Field::new("key", "Key of the new edition")
                .hint("Lower-case letters, digits and hyphens, such as igt-2027. It cannot be changed later")
                .value(&typed.key)
                .errors(errors),
            label: Field::new("label", "Label of the new edition")
                .hint("As the public sees it, such as 2027/28")
                .value(&typed.label)
                .errors(errors),
        }
    }
}

impl Page for DraftsPage {
    const TEMPLATE: &'static str = "standards/editing/list.html";

    fn title(&self) -> String {
        "Drafts of editions".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut way = way();
        way.truncate(2);
        way
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let item = |done| Item {
            name: "2027/28 (igt-2027)".to_owned(),
            href: "/standards/drafts/1".to_owned(),
            tag: Tag::new("Draft", "yellow"),
            version: 12,
            updated_at: 1_780_000_000_000_000,
            done,
        };
        let page = |items, may_begin, errors: &FormErrors| Self {
            items,
            ..Self::new(&[], &[], may_begin, &NewDraft::default(), errors)
        };
        let mut errors = FormErrors::new();
        errors.add("from", "Select an edition");
        errors.add("key", "There is an edition with this key already: choose another");
        vec![
            ("empty", page(Vec::new(), false, &FormErrors::new())),
            ("typical", page(vec![item(false), item(true)], true, &FormErrors::new())),
            ("error", page(vec![item(false)], true, &errors)),
        ]
    }
}
