//! Pages of corrections: the list, the form, one correction, its results, and what changed for a return.

mod corrected;
mod draft;
mod list;
mod one;
mod results;

pub(super) use corrected::CorrectedPage;
pub(super) use draft::DraftPage;
pub(super) use list::ListPage;
pub(super) use one::{CorrectionPage, May};
pub(super) use results::{ResultsForm, ResultsPage};

use serde::Serialize;

use super::model::CorrectionState;
use crate::platform::pages::{Link, PageCheck, PagesError, Tag};
use crate::standards::SectorKey;
use crate::standards::correcting::RuleDifference;
use crate::standards::scoring::GradeKey;

/// One rule before and after.
#[derive(Debug, Clone, Serialize)]
struct RuleRow {
    about: String,
    before: String,
    after: String,
}

impl RuleRow {
    fn of(difference: &RuleDifference) -> Self {
        Self {
            about: difference.about.clone(),
            before: difference.before.clone(),
            after: difference.after.clone(),
        }
    }

    fn sample() -> Self {
        Self {
            about: "1-101 Governance, Acute trusts".to_owned(),
            before: "Level 2".to_owned(),
            after: "Level 3".to_owned(),
        }
    }
}

fn state_tag(state: CorrectionState) -> Tag {
    let colour = match state {
        CorrectionState::Draft => "yellow",
        CorrectionState::Previewing | CorrectionState::Rescoring => "blue",
        CorrectionState::Previewed => "orange",
        CorrectionState::InForce => "green",
        CorrectionState::Replaced | CorrectionState::Discarded => "grey",
    };
    Tag::new(state.words(), colour)
}

/// A grade as people read it.
fn grade(key: &str) -> String {
    GradeKey::parse(key).map_or_else(|| key.to_owned(), |grade| grade.label().to_owned())
}

/// A sector as people read it.
fn sector(key: &str) -> String {
    SectorKey::new(key).map_or_else(|_| key.to_owned(), |sector| sector.label().to_owned())
}

fn way(edition: &str, label: &str) -> Vec<Link> {
    vec![
        Link::new("Home", "/home"),
        Link::new("Standards", "/standards"),
        Link::new(label.to_owned(), format!("/standards/{edition}")),
    ]
}

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<ListPage>()?,
        PageCheck::of::<DraftPage>()?,
        PageCheck::of::<CorrectionPage>()?,
        PageCheck::of::<ResultsPage>()?,
        PageCheck::of::<CorrectedPage>()?,
    ])
}
