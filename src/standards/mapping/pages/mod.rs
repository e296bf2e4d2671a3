//! Pages of mappings: the list, both editions beside each other, one requirement, and a file.

mod file;
mod line;
mod list;
mod one;

pub(super) use file::FilePage;
pub(super) use line::{ComesPage, ComingForm, EndsPage};
pub(super) use list::MappingsPage;
pub(super) use one::{MappingPage, Show, Wanted};

use super::model::{LineKind, MappingState};
use crate::platform::pages::{Link, PageCheck, PagesError, Tag};
use crate::standards::model::Edition;

/// Both editions of a mapping as people name them.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub from: String,
    pub to: String,
}

impl Names {
    pub fn of(from: &Edition, to: &Edition) -> Self {
        let name = |edition: &Edition| format!("{} {}", edition.standard_name(), edition.label());
        Self { from: name(from), to: name(to) }
    }

    fn sample() -> Self {
        Self { from: "Example standard 2025/26".to_owned(), to: "Example standard 2026/27".to_owned() }
    }

    fn words(&self) -> String {
        format!("{} to {}", self.from, self.to)
    }
}

fn state_tag(state: MappingState) -> Tag {
    let colour = match state {
        MappingState::Draft => "yellow",
        MappingState::InForce => "green",
        MappingState::Replaced => "grey",
    };
    Tag::new(state.words(), colour)
}

fn kind_tag(kind: LineKind) -> Tag {
    let colour = match kind {
        LineKind::Unchanged => "white",
        LineKind::Reworded => "yellow",
        LineKind::Merged | LineKind::Split => "purple",
        LineKind::Serves => "aqua-green",
        LineKind::Retired => "grey",
        LineKind::New => "blue",
    };
    Tag::new(kind.words(), colour)
}

fn way() -> Vec<Link> {
    vec![
        Link::new("Home", "/home"),
        Link::new("Standards", "/standards"),
        Link::new("Mappings", "/standards/mappings"),
    ]
}

fn way_to(names: &Names, href: &str) -> Vec<Link> {
    let mut way = way();
    way.push(Link::new(names.words(), href));
    way
}

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::standards) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<MappingsPage>()?,
        PageCheck::of::<MappingPage>()?,
        PageCheck::of::<ComesPage>()?,
        PageCheck::of::<EndsPage>()?,
        PageCheck::of::<FilePage>()?,
    ])
}
