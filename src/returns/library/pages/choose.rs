//! Choosing evidence for an answer from the library.

use serde::{Deserialize, Serialize};

use super::warning;
use crate::platform::clock::Day;
use crate::platform::ids::PieceId;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page, Pagination};
use crate::returns::library::library_href;
use crate::returns::library::model::{ScanState, Show, Sort};
use crate::returns::library::store::{Piece, Wanted};

/// Pieces to choose from at once.
const PAGE_SIZE: i64 = 30;

/// What was asked for in the address, as raw text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::returns::library) struct ChooseForm {
    words: String,
    page: String,
}

impl ChooseForm {
    /// What this asks for on a day.
    pub fn wanted(&self, today: Day) -> Wanted {
        Wanted {
            words: self.words.chars().take(200).collect(),
            show: Show::All,
            sort: Sort::Title,
            page: self.page.parse().unwrap_or(1),
            size: PAGE_SIZE,
            today,
        }
    }

    fn address(&self, href: &str, page: u64) -> String {
        let page = page.to_string();
        let said: Vec<_> = [("words", self.words.as_str()), ("page", &page)]
            .into_iter()
            .filter(|(_, v)| !v.is_empty())
            .collect();
        format!("{href}?{}", serde_urlencoded::to_string(said).unwrap_or_default())
    }
}

/// The pieces to choose from.
#[derive(Debug, Serialize)]
pub(in crate::returns::library) struct ChoosePage {
    code: String,
    heading: String,
    errors: ErrorSummary,
    href: String,
    question_href: String,
    library_href: String,
    words: Field,
    pieces: Field,
    choices: Vec<Choice>,
    pages: Pagination,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ChoosePage {
    /// The page for a requirement (code and title) whose question is the last of `way`.
    pub fn new(
        (code, heading): (&str, &str),
        (organisation, way): (&str, Vec<Link>),
        (form, wanted): (&ChooseForm, &Wanted),
        (found, total): (&[(Piece, ScanState)], i64),
        errors: &FormErrors,
    ) -> Self {
        let question_href = way.last().map(|last| last.href.clone()).unwrap_or_default();
        let href = format!("{question_href}/evidence/choose");
        let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
        Self {
            code: code.to_owned(),
            heading: heading.to_owned(),
            errors: errors.summary(),
            words: Field::new("words", "Title or tag").value(&form.words),
            pieces: Field::new("pieces", "Which evidence supports the answer?").errors(errors),
            choices: found.iter().map(|(piece, scan)| choice(piece, *scan, wanted.today)).collect(),
            pages: Pagination::new(
                unsigned(wanted.page.max(1)),
                unsigned(total),
                unsigned(wanted.size),
                |page| form.address(&href, page),
            ),
            href,
            question_href,
            library_href: library_href(organisation),
            way,
        }
    }
}

fn choice(piece: &Piece, scan: ScanState, today: Day) -> Choice {
    let mut hint = vec![piece.classification.words().to_owned()];
    match (warning(false, scan, piece.valid_to, today), piece.valid_to) {
        (Some(tag), _) => hint.push(tag.words().to_owned()),
        (None, Some(last)) => hint.push(format!("Until {}", last.words())),
        (None, None) => {}
    }
    hint.extend(piece.tags.iter().cloned());
    let id: PieceId = piece.id;
    Choice::new(id.to_string(), &piece.title).hint(hint.join(", "))
}

impl Page for ChoosePage {
    const TEMPLATE: &'static str = "returns/library/choose.html";

    fn title(&self) -> String {
        "Choose evidence from the library".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut errors = FormErrors::new();
        errors.add("pieces", "Choose at least one piece of evidence");
        let piece = |id| (Piece { id: PieceId::new(id), ..super::sample::piece() }, ScanState::Clean);
        let long: Vec<(Piece, ScanState)> = (1..=PAGE_SIZE).map(piece).collect();
        let page = |form: &ChooseForm, found: &[(Piece, ScanState)], total, errors: &FormErrors| {
            let way = vec![Link::new("1-101", "/organisations/ZZ001/returns/2026/requirements/1-101")];
            let wanted = form.wanted(super::sample::today());
            Self::new(("1-101", "Framework"), ("ZZ001", way), (form, &wanted), (found, total), errors)
        };
        let (none, form) =
            (FormErrors::new(), ChooseForm { words: "policy".to_owned(), page: "2".to_owned() });
        vec![
            ("empty", page(&ChooseForm::default(), &[], 0, &none)),
            ("typical", page(&ChooseForm::default(), long.get(..1).unwrap_or_default(), 1, &none)),
            ("error", page(&form, &long, 400, &errors)),
        ]
    }
}
