//! Uploading a mapping as a CSV file, with everything that is wrong in it.

use serde::Serialize;

use super::{Names, way_to};
use crate::platform::pages::{Cell, ErrorSummary, Field, FormErrors, Link, Page, words};
use crate::standards::mapping::csv_in::RowProblem;
use crate::standards::mapping::mapping_href;
use crate::standards::mapping::store::Mapping;
use crate::standards::model::Edition;

/// Problems that are listed; their number is always told.
const SHOWN: usize = 200;

/// The form.
#[derive(Debug, Serialize)]
pub(in crate::standards::mapping) struct FilePage {
    #[serde(skip)]
    name: String,
    errors: ErrorSummary,
    href: String,
    mapping_href: String,
    revision: String,
    file: Field,
    caption: String,
    problems: Vec<Vec<Cell>>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl FilePage {
    /// The form of a draft, with what is wrong in the file that was uploaded.
    pub fn new(
        mapping: &Mapping,
        (from, to): (&Edition, &Edition),
        problems: &[RowProblem],
        errors: &FormErrors,
    ) -> Self {
        let (names, href) = (Names::of(from, to), mapping_href(mapping.id));
        Self {
            name: names.words(),
            errors: errors.summary(),
            href: format!("{href}/upload"),
            revision: mapping.revision.to_string(),
            file: Field::new("file", "CSV file").hint("UTF-8, at most 4 MB").errors(errors),
            caption: caption(problems.len()),
            problems: problems
                .iter()
                .take(SHOWN)
                .map(|problem| vec![Cell::text(problem.place()), Cell::text(&problem.message)])
                .collect(),
            way: way_to(&names, &href),
            mapping_href: href,
        }
    }
}

fn caption(count: usize) -> String {
    match count {
        1 => "1 problem".to_owned(),
        many if many > SHOWN => format!(
            "{} problems, of which the first {SHOWN} are listed",
            words::number(i128::try_from(many).unwrap_or(i128::MAX))
        ),
        many => format!("{many} problems"),
    }
}

impl Page for FilePage {
    const TEMPLATE: &'static str = "standards/mapping/file.html";

    fn title(&self) -> String {
        format!("Upload the mapping from {}", self.name)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |count: usize, errors: &FormErrors| Self {
            name: Names::sample().words(),
            errors: errors.summary(),
            href: "/standards/mappings/2/upload".to_owned(),
            mapping_href: "/standards/mappings/2".to_owned(),
            revision: "3".to_owned(),
            file: Field::new("file", "CSV file").errors(errors),
            caption: caption(count),
            problems: vec![
                vec![Cell::text("Row 2"), Cell::text("9-9 is no requirement of it.")];
                count.min(SHOWN)
            ],
            way: way_to(&Names::sample(), "/standards/mappings/2"),
        };
        let mut errors = FormErrors::new();
        errors.add("file", "Nothing was taken from the file. This page lists what is wrong in it");
        vec![
            ("empty", page(0, &FormErrors::new())),
            ("error", page(1, &errors)),
            ("long", page(SHOWN + 1, &errors)),
        ]
    }
}
