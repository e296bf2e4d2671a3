//! The evidence beside an answer, as a part of the question page.

use serde::Serialize;

use super::{size_words, warning};
use crate::platform::clock::Day;
use crate::platform::pages::{Field, FormErrors, Tag};
use crate::returns::library::{library_href, piece_href};
use crate::returns::store::Attached;

/// One piece beside the answer.
#[derive(Debug, Clone, Serialize)]
struct Item {
    title: String,
    /// The file's name and size; empty for a link.
    file: String,
    /// What it leads to: the file, or the page elsewhere. Empty when it cannot be read.
    href: String,
    tag: Option<Tag>,
    /// Its last day in words, or empty.
    until: String,
    linked_at: i64,
    piece_href: String,
    /// Empty when it cannot be taken away here and now.
    detach_href: String,
}

/// The evidence beside an answer, and the ways to add to it.
#[derive(Debug, Clone, Serialize)]
pub(in crate::returns) struct AttachedBlock {
    items: Vec<Item>,
    upload: Field,
    /// Empty when nothing can be attached here and now.
    upload_href: String,
    choose_href: String,
    /// Empty for whoever does not see the library.
    library_href: String,
}

impl AttachedBlock {
    /// The block of the question at `href` of the organisation with this code.
    pub fn new(
        (code, href): (&str, &str),
        files: &[Attached],
        may_change: bool,
        (largest, today): (u64, Day),
        errors: &FormErrors,
    ) -> Self {
        let when_open =
            |more: &str| if may_change { format!("{href}/evidence{more}") } else { String::new() };
        Self {
            items: files.iter().map(|file| item((code, href), file, may_change, today)).collect(),
            upload: Field::new("file", "Attach a file")
                .hint(format!(
                    "PDF, image, document, spreadsheet, presentation, plain text or zip archive, of up to {largest} MB. \
                     It becomes a piece of your evidence library"
                ))
                .errors(errors),
            upload_href: when_open(""),
            choose_href: when_open("/choose"),
            library_href: library_href(code),
        }
    }

    /// The block for somebody who sees a part of the return, and so not the library.
    pub fn without_library(mut self) -> Self {
        self.choose_href.clear();
        self.library_href.clear();
        for item in &mut self.items {
            item.piece_href.clear();
        }
        self
    }

    /// Examples for the checks of the question page: with nothing, with something to change, with something to read.
    pub fn sample(may_change: bool, filled: bool, errors: &FormErrors) -> Self {
        let mut block =
            Self::new(("ZZ001", "/question"), &[], may_change, (50, super::sample::today()), errors);
        if filled {
            block.items = vec![Item {
                title: "Access control policy".to_owned(),
                file: "policy.pdf, 1 MB".to_owned(),
                href: "/question/evidence/71".to_owned(),
                tag: Some(Tag::new("Out of date", "red")),
                until: "30 June 2026".to_owned(),
                linked_at: super::sample::AT,
                piece_href: "/organisations/ZZ001/evidence/7".to_owned(),
                detach_href: block.upload_href.clone(),
            }];
        }
        block
    }
}

fn item((code, href): (&str, &str), file: &Attached, may_change: bool, today: Day) -> Item {
    let own = format!("{href}/evidence/{}", file.id);
    let tag = warning(false, file.scan, file.valid_to, today);
    Item {
        title: file.title.clone(),
        file: match file.link {
            Some(_) => String::new(),
            None => format!("{}, {}", file.file_name, size_words(file.size)),
        },
        href: match (&file.link, file.scan.is_readable()) {
            (Some(link), _) => link.clone(),
            (None, true) => own.clone(),
            (None, false) => String::new(),
        },
        tag,
        until: file.valid_to.map(Day::words).unwrap_or_default(),
        linked_at: file.linked_at.micros(),
        piece_href: piece_href(code, file.piece),
        detach_href: if may_change { format!("{own}/detach") } else { String::new() },
    }
}
