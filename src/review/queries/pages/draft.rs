//! A draft of an answer: its text, the evidence that comes with it, and the button that sends it.

use serde::Serialize;

use crate::access::{Action as _, Actor, ReadLibrary, ReplyToQuery, Subject};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PieceId, QueryMessageId};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::review::pages::paragraphs;
use crate::review::queries::leads;
use crate::review::queries::model::Standing;
use crate::review::queries::standing_of;
use crate::review::queries::thread::FileShown;
use crate::review::reading::AskedOf;

/// One file of the draft, with where it is taken away.
#[derive(Debug, Serialize)]
struct FileItem {
    shown: FileShown,
    detach_href: String,
}

/// A draft.
#[derive(Debug, Serialize)]
pub(in crate::review) struct DraftPage {
    #[serde(skip)]
    requirement: String,
    #[serde(skip)]
    back: String,
    question: Vec<String>,
    from: String,
    at: i64,
    href: String,
    /// Whether the person wrote it, and so writes on; others who lead read it.
    mine: bool,
    text: Field,
    lines: Vec<String>,
    version: String,
    may_change: bool,
    files: Vec<FileItem>,
    file: Field,
    piece: Field,
    /// Pieces of the library to choose from; empty for who does not read it.
    pieces: Vec<Choice>,
    may_send: bool,
    after: bool,
    stale: String,
    errors: ErrorSummary,
}

impl DraftPage {
    /// One of the question's drafts, with what was typed and why it was not taken.
    pub fn new(
        of: &AskedOf,
        draft: QueryMessageId,
        (actor, library): (&Actor, &[(PieceId, String)]),
        (typed, stale): (Option<&str>, &str),
        errors: &FormErrors,
    ) -> Result<Self> {
        let (case, query) = (&of.case, &of.query);
        let requirement = case.edition().requirement(&of.code).ok_or(Error::NotFound)?;
        let message = query.drafts().find(|message| message.id == draft).ok_or(Error::NotFound)?;
        let (review, subject) = (&case.found.review, case.found.review.subject());
        let back = format!(
            "/organisations/{}/returns/{}/queries/{}",
            case.found.code, case.found.collection_key, query.id
        );
        let href = format!("{back}/drafts/{draft}");
        let mine = Some(message.author) == actor.id();
        let reads = ReadLibrary::ROW.allows(actor, &Subject::organisation(review.organisation)).is_ok();
        Ok(Self {
            requirement: format!("{} {}", requirement.code, requirement.title),
            question: paragraphs(
                query
                    .sent()
                    .into_iter()
                    .rev()
                    .find(|sent| sent.side == crate::review::queries::Side::Centre)
                    .map_or("", |sent| sent.text.as_str()),
            ),
            from: message.author_name.clone(),
            at: message.written_at.micros(),
            mine,
            text: text_field(typed.unwrap_or(&message.text), errors),
            lines: paragraphs(&message.text),
            version: message.version.to_string(),
            may_change: mine || leads(actor, review.organisation),
            files: message
                .files
                .iter()
                .map(|file| FileItem {
                    shown: FileShown::new(file, &back),
                    detach_href: format!("{href}/files/{}/remove", file.id),
                })
                .collect(),
            file: Field::new("file", "Add a file").errors(errors),
            piece: Field::new("piece", "Or choose a piece of your evidence library").errors(errors),
            pieces: if reads && !library.is_empty() { choices(library) } else { Vec::new() },
            may_send: ReplyToQuery::ROW.allows(actor, &subject).is_ok(),
            after: standing_of(review, query, query.asked_at) == Standing::After,
            stale: stale.to_owned(),
            errors: errors.summary(),
            back,
            href,
        })
    }
}

fn text_field(text: &str, errors: &FormErrors) -> Field {
    Field::new("text", "Your answer")
        .hint("Only your organisation sees it until it is sent.")
        .value(text)
        .errors(errors)
}

fn choices(library: &[(PieceId, String)]) -> Vec<Choice> {
    let none = Choice::new("", "Choose a piece");
    let piece = |(id, title): &(PieceId, String)| Choice::new(id.to_string(), title);
    std::iter::once(none).chain(library.iter().map(piece)).collect()
}

impl Page for DraftPage {
    const TEMPLATE: &'static str = "review/queries/draft.html";

    fn title(&self) -> String {
        format!("Draft of an answer about {}", self.requirement)
    }

    fn back(&self) -> Option<Link> {
        Some(Link::new("Back to the question", &self.back))
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("text", "Enter your answer");
        wrong.add("file", "Choose a file to attach");
        wrong.add("piece", "Choose a piece of evidence from the list");
        let href = "/organisations/ZZ001/returns/2026/queries/1/drafts/2";
        let sample = |mine: bool, errors: &FormErrors| Self {
            requirement: "1-101 A framework for governance".to_owned(),
            back: "/organisations/ZZ001/returns/2026/queries/1".to_owned(),
            question: vec!["Which committee approved it?".to_owned()],
            from: "Con Tributor".to_owned(),
            at: 1_780_000_000_000_000,
            href: href.to_owned(),
            mine,
            text: text_field("The board.", errors),
            lines: vec!["The board.".to_owned()],
            version: "1".to_owned(),
            may_change: true,
            files: vec![FileItem {
                shown: FileShown::sample(),
                detach_href: format!("{href}/files/2/remove"),
            }],
            file: Field::new("file", "Add a file").errors(errors),
            piece: Field::new("piece", "Or choose a piece").errors(errors),
            pieces: if mine { vec![Choice::new("1", "Minutes of the board")] } else { Vec::new() },
            may_send: true,
            after: !mine,
            stale: if mine { String::new() } else { "The review has moved on.".to_owned() },
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        let bare = Self { files: Vec::new(), may_send: false, may_change: false, ..sample(false, &none) };
        vec![
            ("own", sample(true, &none)),
            ("a colleague's", sample(false, &none)),
            ("bare", bare),
            ("errors", sample(true, &wrong)),
        ]
    }
}
