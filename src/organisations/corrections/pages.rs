//! The pages of corrections: what a head office asks, the programme's list, and one request to be answered.

use serde::Serialize;

use super::form::{AnswerForm, AskForm};
use super::model::{CorrectionKind, CorrectionRequest, CorrectionState};
use crate::organisations::import::CORRECTION;
use crate::organisations::source_words;
use crate::platform::pages::{
    Cell, Choice, ErrorSummary, Fact, Field, FormErrors, Link, Page, PageCheck, PagesError, Tag,
};

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::organisations) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<AskPage>()?, PageCheck::of::<ListPage>()?, PageCheck::of::<RequestPage>()?])
}

fn tag(state: CorrectionState) -> Tag {
    let colour = match state {
        CorrectionState::Open => "yellow",
        CorrectionState::Accepted => "green",
        CorrectionState::Refused => "red",
        CorrectionState::Withdrawn => "grey",
    };
    Tag::new(state.words(), colour)
}

/// What was asked, in words.
fn words(asked: &CorrectionRequest) -> String {
    let mut said = format!("{}: {} {}", asked.kind.words(), asked.site_code, asked.site_name);
    if !asked.detail.is_empty() {
        said.push_str(&format!(". The right name: {}", asked.detail));
    }
    said
}

/// Whether an accepted correction still stands over what files say, or which of them ended it.
fn standing_words(ended_by: Option<&str>) -> String {
    match ended_by {
        None => "It stands: a file that still says the old thing does not undo it.".to_owned(),
        Some(source) if source.starts_with(CORRECTION) => "A later correction took its place.".to_owned(),
        Some(source) => {
            let (kind, day) = source_words(source);
            format!("It is done: the register has gone on with the file \u{201c}{kind}\u{201d} of {day}.")
        }
    }
}

/// One request as its head office sees it.
#[derive(Debug, Clone, Serialize)]
pub struct AskedItem {
    tag: Tag,
    words: String,
    note: String,
    asked: String,
    answer: String,
    withdraw_href: String,
}

/// What a head office asks.
#[derive(Debug, Serialize)]
pub struct AskPage {
    organisation: String,
    errors: ErrorSummary,
    /// Where the form goes; empty for whoever may not ask.
    ask_href: String,
    kind: Field,
    kinds: Vec<Choice>,
    site: Field,
    detail: Field,
    note: Field,
    items: Vec<AskedItem>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl AskPage {
    /// The page of an organisation.
    pub(super) fn new(
        (code, name): (&str, &str),
        asked: &[CorrectionRequest],
        may_ask: bool,
        (form, errors): (&AskForm, &FormErrors),
    ) -> Self {
        let href = format!("/organisations/{code}/sites/corrections");
        let item = |asked: &CorrectionRequest| {
            let open = may_ask && asked.state == CorrectionState::Open;
            AskedItem {
                tag: tag(asked.state),
                words: words(asked),
                note: asked.note.clone(),
                asked: format!("Asked by {}, {}", asked.asked_by, asked.asked_at.london_words()),
                answer: asked.answer.clone(),
                withdraw_href: if open { format!("{href}/{}/withdraw", asked.id) } else { String::new() },
            }
        };
        Self {
            organisation: name.to_owned(),
            errors: errors.summary(),
            items: asked.iter().map(item).collect(),
            ask_href: if may_ask { href } else { String::new() },
            kind: Field::new("kind", "What is wrong?").value(&form.kind).errors(errors),
            kinds: CorrectionKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.words())).collect(),
            site: Field::new("site", "Code of the site").value(&form.site).errors(errors),
            detail: Field::new("detail", "The right name (if the name is wrong)")
                .value(&form.detail)
                .errors(errors),
            note: Field::new("note", "How do you know?")
                .hint("The central team reads it. It is never published.")
                .value(&form.note)
                .errors(errors),
            way: vec![Link::new("Home", "/home"), Link::new(name, format!("/organisations/{code}"))],
        }
    }
}

impl Page for AskPage {
    const TEMPLATE: &'static str = "organisations/corrections_ask.html";

    fn title(&self) -> String {
        format!("Correct the list of sites: {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |may_ask, items, errors: &FormErrors| Self {
            items,
            ..Self::new(("ZZ001", "Example Pharmacies"), &[], may_ask, (&AskForm::default(), errors))
        };
        let item = AskedItem {
            tag: tag(CorrectionState::Open),
            words: "This site is closed: ZZ101 Example Pharmacy".to_owned(),
            note: "The lease ended in May.".to_owned(),
            asked: "Asked by Ada Example, 3 May 2026 at 9:30am".to_owned(),
            answer: "It is closed now.".to_owned(),
            withdraw_href: "/organisations/ZZ001/sites/corrections/1/withdraw".to_owned(),
        };
        let mut errors = FormErrors::new();
        for field in ["kind", "site", "detail", "note"] {
            errors.add(field, "Something is missing");
        }
        let none = FormErrors::new();
        vec![
            ("empty", page(true, Vec::new(), &none)),
            ("typical", page(true, vec![item.clone()], &none)),
            ("forbidden", page(false, vec![item], &none)),
            ("error", page(true, Vec::new(), &errors)),
        ]
    }
}

/// The programme's list.
#[derive(Debug, Serialize)]
pub struct ListPage {
    rows: Vec<Vec<Cell>>,
}

impl ListPage {
    pub(super) fn new(asked: &[CorrectionRequest]) -> Self {
        let row = |asked: &CorrectionRequest| {
            vec![
                Cell::link(words(asked), format!("/corrections/{}", asked.id)),
                Cell::text(format!("{} ({})", asked.name, asked.code)),
                Cell::text(asked.asked_at.london_words()),
                Cell::text(asked.state.words()),
            ]
        };
        Self { rows: asked.iter().map(row).collect() }
    }
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "organisations/corrections.html";

    fn title(&self) -> String {
        "Requests about lists of sites".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Imports", "/imports")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = vec![
            Cell::link("This site is closed: ZZ101 Example Pharmacy", "/corrections/1"),
            Cell::text("Example Pharmacies (ZZ001)"),
            Cell::text("3 May 2026 at 9:30am"),
            Cell::text("Waiting for an answer"),
        ];
        vec![("empty", Self { rows: Vec::new() }), ("typical", Self { rows: vec![row] })]
    }
}

/// One request, to be answered.
#[derive(Debug, Serialize)]
pub struct RequestPage {
    words: String,
    tag: Tag,
    facts: Vec<Fact>,
    errors: ErrorSummary,
    /// Empty when it cannot be answered any more.
    answer_href: String,
    decision: Field,
    choices: Vec<Choice>,
    answer: Field,
}

impl RequestPage {
    pub(super) fn new(
        asked: &CorrectionRequest,
        (head_now, stands): (&str, Option<Option<String>>),
        (form, errors): (&AnswerForm, &FormErrors),
    ) -> Self {
        let mut facts = vec![
            Fact::new("Asked by", format!("{}, for {} ({})", asked.asked_by, asked.name, asked.code)),
            Fact::new("When", asked.asked_at.london_words()),
            Fact::new("How they know", &asked.note),
            Fact::new("Head office of the site in the register now", head_now),
        ];
        if !asked.answer.is_empty() {
            facts.push(Fact::new("Answer", &asked.answer));
        }
        if let Some(ended_by) = stands {
            facts.push(Fact::new("Against imported files", standing_words(ended_by.as_deref())));
        }
        let open = asked.state == CorrectionState::Open;
        Self {
            words: words(asked),
            tag: tag(asked.state),
            facts,
            errors: errors.summary(),
            answer_href: if open { format!("/corrections/{}", asked.id) } else { String::new() },
            decision: Field::new("decision", "Is the register corrected?")
                .value(&form.decision)
                .errors(errors),
            choices: vec![Choice::new("accept", "Yes, as it is asked"), Choice::new("refuse", "No")],
            answer: Field::new("words", "What do you tell the organisation?")
                .hint("It is sent by email. A refusal needs a reason.")
                .value(&form.words)
                .errors(errors),
        }
    }
}

impl Page for RequestPage {
    const TEMPLATE: &'static str = "organisations/correction.html";

    fn title(&self) -> String {
        "Request about a list of sites".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![
            Link::new("Home", "/home"),
            Link::new("Imports", "/imports"),
            Link::new("Requests about lists of sites", "/corrections"),
        ]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |open: bool, errors: &FormErrors| Self {
            words: "This site is closed: ZZ101 Example Pharmacy".to_owned(),
            tag: tag(if open { CorrectionState::Open } else { CorrectionState::Refused }),
            facts: vec![Fact::new("How they know", "The lease ended in May.")],
            errors: errors.summary(),
            answer_href: if open { "/corrections/1".to_owned() } else { String::new() },
            decision: Field::new("decision", "Is the register corrected?").errors(errors),
            choices: vec![Choice::new("accept", "Yes, as it is asked"), Choice::new("refuse", "No")],
            answer: Field::new("words", "What do you tell the organisation?").errors(errors),
        };
        let mut errors = FormErrors::new();
        errors.add("decision", "Choose whether the register is corrected");
        errors.add("words", "Say why the request is refused");
        vec![
            ("waiting", page(true, &FormErrors::new())),
            ("answered", page(false, &FormErrors::new())),
            ("error", page(true, &errors)),
        ]
    }
}
