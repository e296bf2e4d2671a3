//! Pages of the evidence library. Each file is one page; what several show stands here.

mod attached;
mod choose;
mod form;
mod list;
mod piece;
mod replace;

pub(in crate::returns) use attached::AttachedBlock;
pub(super) use choose::{ChooseForm, ChoosePage};
pub(super) use form::{FormPage, Purpose};
pub(super) use list::{LibraryPage, ListForm, Row};
pub(super) use piece::{PiecePage, PieceShown};
pub(super) use replace::ReplacePage;

use super::model::{Freshness, ScanState, freshness};
use crate::platform::clock::Day;
use crate::platform::pages::{DateField, Field, FormErrors, Link, PageCheck, PagesError, Tag};

/// The way back from a page of the library.
fn way(code: &str, name: &str) -> Vec<Link> {
    vec![
        Link::new("Home", "/home"),
        Link::new(name, format!("/organisations/{code}")),
        Link::new("Evidence library", super::library_href(code)),
    ]
}

/// How a piece stands in a coloured word; none where all is well.
fn warning(removed: bool, scan: ScanState, valid_to: Option<Day>, today: Day) -> Option<Tag> {
    match (removed, scan, freshness(valid_to, today)) {
        (true, ..) => Some(Tag::new("Removed", "grey")),
        (_, ScanState::Refused, _) => Some(Tag::new("Refused", "red")),
        (_, ScanState::Pending, _) => Some(Tag::new("Being scanned", "yellow")),
        (_, _, Freshness::Stale) => Some(Tag::new("Out of date", "red")),
        (_, _, Freshness::Soon(0)) => Some(Tag::new("Out of date tomorrow", "orange")),
        (_, _, Freshness::Soon(days)) => Some(Tag::new(format!("Ends in {}", days_words(days)), "orange")),
        (_, _, Freshness::Current) => None,
    }
}

fn days_words(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// Bytes in the unit people read.
fn size_words(bytes: i64) -> String {
    match bytes {
        ..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{} MB", bytes / 1_048_576),
    }
}

/// The two dates of a piece as typed.
fn dates(from: &[String; 3], to: &[String; 3], errors: &FormErrors) -> (DateField, DateField) {
    let typed = |name: &str, label: &str, hint: &str, [day, month, year]: &[String; 3]| {
        DateField { hint: hint.to_owned(), ..DateField::new(name, label) }
            .typed(day, month, year)
            .errors(errors)
    };
    (
        typed("valid_from", "First day (optional)", "For example, 1 4 2026", from),
        typed(
            "valid_to",
            "Last day (optional)",
            "After this day the evidence keeps returns from being ready. Leave empty when it holds for good",
            to,
        ),
    )
}

/// The field for a file, and the one for an address.
fn content_fields(link: &str, largest: u64, errors: &FormErrors) -> (Field, Field) {
    let link = Field::new("link", "Web address")
        .hint("Starts with https://. It is shown as a link; its content is not copied")
        .value(link)
        .errors(errors);
    let file = Field::new("file", "File")
        .hint(format!(
            "PDF, image, document, spreadsheet, presentation, plain text or zip archive, of up to {largest} MB"
        ))
        .errors(errors);
    (link, file)
}

/// The checks of the library's pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::returns) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<LibraryPage>()?,
        PageCheck::of::<PiecePage>()?,
        PageCheck::of::<FormPage>()?,
        PageCheck::of::<ReplacePage>()?,
        PageCheck::of::<ChoosePage>()?,
    ])
}

/// Values for the samples.
mod sample {
    use crate::platform::clock::{Day, Timestamp};
    use crate::platform::ids::{EvidenceId, OrganisationId, PersonId, PieceId};
    use crate::returns::library::model::{Classification, ScanState};
    use crate::returns::library::store::{Piece, Version};

    pub const AT: i64 = 1_780_000_000_000_000;

    pub fn today() -> Day {
        Timestamp::from_micros(AT).london_day()
    }

    pub fn piece() -> Piece {
        Piece {
            id: PieceId::new(7),
            organisation: OrganisationId::new(1),
            title: "Access control policy".to_owned(),
            description: "Agreed by the board.\nReviewed every year.".to_owned(),
            tags: vec!["access".to_owned(), "policy".to_owned()],
            classification: Classification::OfficialSensitive,
            owner: Some(PersonId::new(3)),
            valid_from: Some(today().plus_days(-300)),
            valid_to: Some(today().plus_days(20)),
            version: 4,
            created_at: Timestamp::from_micros(AT),
            removed_at: None,
        }
    }

    pub fn version(number: i64) -> Version {
        Version {
            id: EvidenceId::new(70 + number),
            piece: PieceId::new(7),
            number,
            file_name: "policy.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size: 2_000_000,
            link: None,
            scan: ScanState::Clean,
            scan_said: None,
            uploaded_by: Some(PersonId::new(3)),
            uploaded_at: Timestamp::from_micros(AT),
            replaced_at: None,
        }
    }
}
