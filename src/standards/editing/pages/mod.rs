//! Pages of drafts of editions: the list, one draft, its parts, what differs, and what two editors did to the same place.

mod changes;
mod conflict;
mod draft;
mod history;
mod list;
mod part;
mod profile;
mod requirement;
mod rule;
mod rules;

pub(super) use changes::{ChangesPage, Side};
pub(super) use conflict::ConflictPage;
pub(super) use draft::{DraftPage, Offers};
pub(super) use history::HistoryPage;
pub(super) use list::{DraftsPage, NewDraft};
pub(super) use part::{DetailsPage, SectionPage};
pub(super) use profile::{ProfilePage, ProfilesPage, SectorPage};
pub(super) use requirement::RequirementPage;
pub(super) use rule::RulePage;
pub(super) use rules::RulesPage;

use super::draft_href;
use super::model::DraftState;
use super::store::DraftHead;
use crate::platform::pages::{Choice, Link, PageCheck, PagesError, Tag};
use crate::standards::model::{Requirement, RequirementKind};

fn state_tag(state: DraftState) -> Tag {
    let colour = match state {
        DraftState::Draft => "yellow",
        DraftState::Frozen => "blue",
        DraftState::Discarded => "grey",
    };
    Tag::new(state.words(), colour)
}

fn way() -> Vec<Link> {
    vec![
        Link::new("Home", "/home"),
        Link::new("Standards", "/standards"),
        Link::new("Drafts", "/standards/drafts"),
    ]
}

fn way_to(head: &DraftHead) -> Vec<Link> {
    let mut way = way();
    way.push(Link::new(head.label.clone(), draft_href(head.id)));
    way
}

fn sample_way() -> Vec<Link> {
    let mut way = way();
    way.push(Link::new("2027/28", "/standards/drafts/1"));
    way
}

/// The choices of what may be expected of a requirement.
fn minimum_choices(levels: u8) -> Vec<Choice> {
    use crate::standards::model::OutcomeLevel::{Achieved, NotAchieved, PartiallyAchieved};
    let mut choices = vec![Choice::new("", "Not asked")];
    if levels > 0 {
        let level = |level: u8| Choice::new(level.to_string(), format!("At least level {level}"));
        choices.extend((0..levels).map(level));
    } else {
        let outcomes = [NotAchieved, PartiallyAchieved, Achieved];
        choices.extend(outcomes.map(|level| Choice::new(level.as_str(), level.label())));
    }
    choices
}

/// What a requirement is called in lists.
fn named(requirement: &Requirement) -> String {
    format!("{} {}", requirement.code, requirement.title)
}

/// Who is asked, in few words.
fn asked_of(requirement: &Requirement) -> String {
    let count = match &requirement.kind {
        RequirementKind::Level { expected, .. } => expected.len(),
        RequirementKind::Outcome { expected, .. } => expected.len(),
        RequirementKind::Item { mandatory, .. } => {
            return match mandatory.len() {
                0 => "Optional for everybody".to_owned(),
                1 => "Mandatory for 1 sector".to_owned(),
                many => format!("Mandatory for {many} sectors"),
            };
        }
    };
    match count {
        0 => "Asked of nobody".to_owned(),
        1 => "Asked in 1 profile".to_owned(),
        many => format!("Asked in {many} profiles"),
    }
}

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::standards) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<DraftsPage>()?,
        PageCheck::of::<DraftPage>()?,
        PageCheck::of::<DetailsPage>()?,
        PageCheck::of::<SectionPage>()?,
        PageCheck::of::<RequirementPage>()?,
        PageCheck::of::<ProfilesPage>()?,
        PageCheck::of::<ProfilePage>()?,
        PageCheck::of::<SectorPage>()?,
        PageCheck::of::<RulesPage>()?,
        PageCheck::of::<RulePage>()?,
        PageCheck::of::<ChangesPage>()?,
        PageCheck::of::<ConflictPage>()?,
        PageCheck::of::<HistoryPage>()?,
    ])
}
