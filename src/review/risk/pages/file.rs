//! Importing signals from a CSV file, with everything that is wrong in it.

use serde::Serialize;

use crate::platform::pages::{Cell, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::risk::signals::RowProblem;

/// Problems that are listed; their number is always told.
const SHOWN: usize = 200;

/// The form.
#[derive(Debug, Serialize)]
pub(in crate::review) struct SignalFilePage {
    file: Field,
    caption: String,
    problems: Vec<Vec<Cell>>,
    errors: ErrorSummary,
}

impl SignalFilePage {
    /// The form, with what is wrong in the file that was uploaded.
    pub fn new(problems: &[RowProblem], errors: &FormErrors) -> Self {
        let place = |row: u64| if row == 0 { "The file".to_owned() } else { format!("Row {row}") };
        Self {
            file: Field::new("file", "CSV file").hint("UTF-8, at most 4 MB").errors(errors),
            caption: format!("Problems: {}; at most {SHOWN} are listed", problems.len()),
            problems: problems
                .iter()
                .take(SHOWN)
                .map(|(row, message)| vec![Cell::text(place(*row)), Cell::text(message)])
                .collect(),
            errors: errors.summary(),
        }
    }
}

impl Page for SignalFilePage {
    const TEMPLATE: &'static str = "review/risk/file.html";

    fn title(&self) -> String {
        "Import alerts, incidents and audit results".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![
            Link::new("Reviews", "/reviews"),
            Link::new("Allocation", "/reviews/allocation"),
            Link::new("Alerts, incidents and audit results", "/reviews/signals"),
        ]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("file", "Nothing was taken from the file. This page lists what is wrong in it");
        let problem = (2, "The code is missing.".to_owned());
        vec![
            ("empty", Self::new(&[], &FormErrors::new())),
            ("error", Self::new(std::slice::from_ref(&problem), &wrong)),
            ("long", Self::new(&vec![problem; SHOWN + 1], &wrong)),
        ]
    }
}
