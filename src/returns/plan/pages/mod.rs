//! Pages of improvement plans: the plan, one line of it, two changes of a line at once, and the central team's.

mod central;
mod conflict;
mod decisions;
mod follow;
mod follow_list;
mod line;
mod note;
mod plan;

pub(super) use central::{DecidePage, Typed, reason_field};
pub(super) use conflict::LineConflictPage;
pub(super) use follow::{FollowBlock, Followed};
pub(super) use follow_list::{PlansForm, PlansPage};
pub(super) use line::{LineForm, LinePage, Shown};
pub use note::PlanNote;
pub(super) use plan::PlanPage;

use super::model::PlanState;
use super::store::PlanLine;
use crate::platform::clock::Day;
use crate::platform::pages::{Link, PageCheck, PagesError, Tag};
use crate::returns::store::Found;

/// The address of one line.
pub(super) fn line_href(found: &Found, line: &PlanLine) -> String {
    format!("{}/lines/{}", super::plan_href(&found.code, &found.collection.key), line.id)
}

fn tag(state: PlanState) -> Tag {
    let colour = match state {
        PlanState::Draft => "blue",
        PlanState::Signed => "yellow",
        PlanState::Sent => "purple",
        PlanState::Approved => "green",
        PlanState::Rejected => "red",
        PlanState::Closed => "white",
    };
    Tag::new(state.words(), colour)
}

/// How far a line has got on this day.
fn line_tag(line: &PlanLine, today: Day) -> Tag {
    match (line.done_on, line.due_on) {
        (Some(_), _) => Tag::new("Done", "green"),
        (None, Some(due)) if due < today => Tag::new("Overdue", "red"),
        _ => Tag::new("To do", "blue"),
    }
}

fn way(code: &str, name: &str, year: &str, collection: &str) -> Vec<Link> {
    vec![
        Link::new("Home", "/home"),
        Link::new(name, format!("/organisations/{code}")),
        Link::new(collection, crate::returns::return_href(code, year)),
    ]
}

fn way_of(found: &Found) -> Vec<Link> {
    way(&found.code, &found.name, &found.collection.key, &found.collection.name)
}

fn inner_way_of(found: &Found) -> Vec<Link> {
    let mut way = way_of(found);
    way.push(Link::new("Improvement plan", super::plan_href(&found.code, &found.collection.key)));
    way
}

fn sample_way() -> Vec<Link> {
    way("ZZ001", "Example Trust", "2026", "Annual collection 2026")
}

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<PlanPage>()?,
        PageCheck::of::<LinePage>()?,
        PageCheck::of::<LineConflictPage>()?,
        PageCheck::of::<PlansPage>()?,
        PageCheck::of::<DecidePage>()?,
    ])
}
