//! The form of a piece: adding one with its content, or changing what is said about it.

use serde::Serialize;

use super::{content_fields, dates, way};
use crate::platform::ids::PersonId;
use crate::platform::pages::{Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page};
use crate::returns::library::details::{DetailsForm, TAGS_LIMIT};
use crate::returns::library::model::Classification;
use crate::returns::library::store::Piece;
use crate::returns::library::{library_href, piece_href};

/// What the form is for.
#[derive(Debug, Clone, Copy)]
pub(in crate::returns::library) enum Purpose<'a> {
    /// Adding a piece with its file or link.
    Add {
        /// The largest file that is taken, in MB.
        largest: u64,
    },
    /// Changing a piece from the version that was seen.
    Edit(&'a Piece, i64),
}

/// The form.
#[derive(Debug, Serialize)]
pub(in crate::returns::library) struct FormPage {
    #[serde(skip)]
    heading: String,
    errors: ErrorSummary,
    action: String,
    /// Whether it asks for the content too.
    with_content: bool,
    /// Empty when a piece is added.
    version: String,
    name: Field,
    description: Field,
    tags: Field,
    classification: Field,
    classifications: Vec<Choice>,
    owner: Field,
    owners: Vec<Choice>,
    valid_from: DateField,
    valid_to: DateField,
    link: Field,
    file: Field,
    #[serde(skip)]
    way: Vec<Link>,
}

impl FormPage {
    /// The form of the organisation with this code and name; `people` are its members.
    pub fn new(
        (code, organisation): (&str, &str),
        purpose: Purpose<'_>,
        typed: &DetailsForm,
        people: &[(PersonId, String)],
        errors: &FormErrors,
    ) -> Self {
        let mut way = way(code, organisation);
        let (heading, action, version, largest) = match purpose {
            Purpose::Add { largest } => {
                ("Add evidence".to_owned(), format!("{}/new", library_href(code)), String::new(), largest)
            }
            Purpose::Edit(piece, seen) => {
                let href = piece_href(code, piece.id);
                way.push(Link::new(&piece.title, &href));
                (format!("Change {}", piece.title), format!("{href}/edit"), seen.to_string(), 0)
            }
        };
        let (valid_from, valid_to) = dates(&typed.from, &typed.to, errors);
        let (link, file) = content_fields(&typed.link, largest, errors);
        let nobody = std::iter::once(Choice::new("", "Nobody: the information governance leads are told"));
        Self {
            heading,
            errors: errors.summary(),
            action,
            with_content: matches!(purpose, Purpose::Add { .. }),
            version,
            name: Field::new("title", "Title").value(&typed.title).errors(errors),
            description: Field::new("description", "What does it show? (optional)")
                .value(&typed.description)
                .errors(errors),
            tags: Field::new("tags", "Tags (optional)")
                .hint(format!("Words to find it by, with commas between; at most {TAGS_LIMIT}"))
                .value(&typed.tags)
                .errors(errors),
            classification: Field::new("classification", "How carefully is it to be kept?")
                .value(&typed.classification)
                .errors(errors),
            classifications: Classification::ALL
                .iter()
                .map(|class| Choice::new(class.as_str(), class.words()))
                .collect(),
            owner: Field::new("owner", "Who looks after it?")
                .hint("They are told by email before it goes out of date")
                .value(&typed.owner)
                .errors(errors),
            owners: nobody.chain(people.iter().map(|(id, name)| Choice::new(id.to_string(), name))).collect(),
            valid_from,
            valid_to,
            link,
            file,
            way,
        }
    }
}

impl Page for FormPage {
    const TEMPLATE: &'static str = "returns/library/form.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let people = [(PersonId::new(3), "Ada Example".to_owned())];
        let piece = super::sample::piece();
        let typed = DetailsForm {
            title: "Access control policy".to_owned(),
            classification: "official".to_owned(),
            owner: "3".to_owned(),
            link: "http://intranet.example".to_owned(),
            ..DetailsForm::default()
        };
        let mut errors = FormErrors::new();
        errors.add("title", "Enter a title");
        errors.add("classification", "Select how carefully it is to be kept");
        errors.add_at("valid_to", "valid_to-day", "The last day must be a real date, like 27 3 2026");
        errors.add("link", "Enter a web address that starts with https://");
        let page = |purpose, typed: &DetailsForm, errors: &FormErrors| {
            Self::new(("ZZ001", "Example Trust"), purpose, typed, &people, errors)
        };
        let (none, add) = (FormErrors::new(), Purpose::Add { largest: 50 });
        vec![
            ("add", page(add, &DetailsForm::default(), &none)),
            ("error", page(add, &typed, &errors)),
            ("edit", page(Purpose::Edit(&piece, 4), &typed, &none)),
        ]
    }
}
