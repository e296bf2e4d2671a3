//! The list of mappings, and the form that begins one.

use serde::Serialize;

use super::{state_tag, way};
use crate::platform::ids::EditionId;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page, Tag};
use crate::standards::mapping::mapping_href;
use crate::standards::mapping::store::Mapping;
use crate::standards::store::EditionRow;

/// One version of a mapping in the list.
#[derive(Debug, Serialize)]
struct Item {
    name: String,
    href: String,
    version: i64,
    tag: Tag,
    lines: usize,
    created_at: i64,
    in_force_at: Option<i64>,
}

/// The list of mappings.
#[derive(Debug, Serialize)]
pub(in crate::standards::mapping) struct MappingsPage {
    errors: ErrorSummary,
    items: Vec<Item>,
    may_begin: bool,
    from: Field,
    to: Field,
    editions: Vec<Choice>,
}

impl MappingsPage {
    /// The list, with the form as it was filled in (from, to) for whoever may begin one.
    pub fn new(
        mappings: &[Mapping],
        editions: &[EditionRow],
        may_begin: bool,
        (from, to): (&str, &str),
        errors: &FormErrors,
    ) -> Self {
        let name = |id: EditionId| {
            let found = editions.iter().find(|row| row.id == id);
            found.map(|row| format!("{} {}", row.standard_name, row.label)).unwrap_or_default()
        };
        let item = |mapping: &Mapping| Item {
            name: format!("{} to {}", name(mapping.from), name(mapping.to)),
            href: mapping_href(mapping.id),
            version: mapping.version,
            tag: state_tag(mapping.state),
            lines: mapping.lines.len(),
            created_at: mapping.created_at.micros(),
            in_force_at: mapping.in_force_at.map(crate::platform::clock::Timestamp::micros),
        };
        let mut choices = vec![Choice::new("", "Select an edition")];
        choices.extend(
            editions.iter().map(|row| {
                Choice::new(&row.key, format!("{} {} ({})", row.standard_name, row.label, row.key))
            }),
        );
        Self {
            errors: errors.summary(),
            items: mappings.iter().map(item).collect(),
            may_begin,
            from: Field::new("from", "From the edition").value(from).errors(errors),
            to: Field::new("to", "To the edition").value(to).errors(errors),
            editions: choices,
        }
    }
}

impl Page for MappingsPage {
    const TEMPLATE: &'static str = "standards/mapping/list.html";

    fn title(&self) -> String {
        "Mappings between editions".to_owned()
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
        let item = |in_force_at| Item {
            name: "Example standard 2025/26 to Example standard 2026/27".to_owned(),
            href: "/standards/mappings/1".to_owned(),
            version: 2,
            tag: Tag::new("In force", "green"),
            lines: 101,
            created_at: 1_780_000_000_000_000,
            in_force_at,
        };
        let page = |items, may_begin, errors: &FormErrors| Self {
            items,
            ..Self::new(&[], &[], may_begin, ("", ""), errors)
        };
        let mut errors = FormErrors::new();
        errors.add("from", "Select an edition");
        errors.add("to", "Select an edition");
        let items = || vec![item(Some(1_780_000_000_000_000)), item(None)];
        vec![
            ("empty", page(Vec::new(), false, &FormErrors::new())),
            ("typical", page(items(), true, &FormErrors::new())),
            ("error", page(items(), true, &errors)),
        ]
    }
}
