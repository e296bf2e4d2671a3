//! The form that replaces a piece by a newer version.

use serde::Serialize;

use super::{content_fields, dates, way};
use crate::platform::pages::{DateField, ErrorSummary, Field, FormErrors, Link, Page};
use crate::returns::library::details::DetailsForm;
use crate::returns::library::piece_href;
use crate::returns::library::store::Piece;

/// The form.
#[derive(Debug, Serialize)]
pub(in crate::returns::library) struct ReplacePage {
    piece: String,
    errors: ErrorSummary,
    action: String,
    version: String,
    valid_from: DateField,
    valid_to: DateField,
    link: Field,
    file: Field,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ReplacePage {
    /// The form for a piece of the organisation with this code and name, from the version that was seen.
    pub fn new(
        (code, organisation): (&str, &str),
        (piece, seen): (&Piece, i64),
        typed: &DetailsForm,
        largest: u64,
        errors: &FormErrors,
    ) -> Self {
        let href = piece_href(code, piece.id);
        let mut way = way(code, organisation);
        way.push(Link::new(&piece.title, &href));
        let (valid_from, valid_to) = dates(&typed.from, &typed.to, errors);
        let (link, file) = content_fields(&typed.link, largest, errors);
        Self {
            piece: piece.title.clone(),
            errors: errors.summary(),
            action: format!("{href}/replace"),
            version: seen.to_string(),
            valid_from,
            valid_to,
            link,
            file,
            way,
        }
    }
}

impl Page for ReplacePage {
    const TEMPLATE: &'static str = "returns/library/replace.html";

    fn title(&self) -> String {
        format!("Replace {}", self.piece)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let piece = super::sample::piece();
        let mut errors = FormErrors::new();
        errors.add("file", "Choose a file, or enter a web address");
        let page = |errors: &FormErrors| {
            Self::new(("ZZ001", "Example Trust"), (&piece, 4), &DetailsForm::default(), 50, errors)
        };
        vec![("empty", page(&FormErrors::new())), ("error", page(&errors))]
    }
}
