//! The pages of allocation, as typed structs for their templates, and what they put on other pages.

mod absences;
mod beside;
mod by_hand;
mod chosen;
mod overview;
mod preview;
mod reviewer;

pub(in crate::review) use absences::AbsencesPage;
pub(in crate::review) use beside::{OnOverview, OnQueue};
pub(in crate::review) use by_hand::ByHandPage;
pub(in crate::review) use chosen::ChosenPage;
pub(in crate::review) use overview::AllocationPage;
pub(in crate::review) use preview::PreviewPage;
pub(in crate::review) use reviewer::{ReviewerPage, Typed};

use super::plan::Reviewer;
use super::store::{Absence, InHand};
use crate::platform::pages::{Choice, Link};

/// The way to a page below the allocation.
fn way() -> Vec<Link> {
    vec![Link::new("Reviews", "/reviews"), Link::new("Allocation", "/reviews/allocation")]
}

/// The reviewers as choices of a select, each with what they have in hand; nobody chosen first.
pub(in crate::review::allocation) fn people(reviewers: &[Reviewer], nobody: &str) -> Vec<Choice> {
    let choice = |one: &Reviewer| {
        let away = match &one.away {
            Some(away) => format!(", away until {}", away.until.words()),
            None => String::new(),
        };
        Choice::new(
            one.person.to_string(),
            format!("{} ({} of {}{away})", one.name, one.in_hand, one.capacity),
        )
    };
    std::iter::once(Choice::new("", nobody)).chain(reviewers.iter().map(choice)).collect()
}

/// Reviews in hand as checkboxes.
fn reviews(in_hand: &[InHand]) -> Vec<Choice> {
    let choice = |one: &InHand| {
        Choice::new(format!("{}/{}", one.review, one.version), format!("{} {}", one.code, one.name)).hint(
            format!(
                "{}, {}, due {}",
                one.year,
                one.state.words().to_lowercase(),
                one.due_at.london_day().words()
            ),
        )
    };
    in_hand.iter().map(choice).collect()
}

/// An absence with the form to end it.
#[derive(Debug, Clone, serde::Serialize)]
pub(in crate::review::allocation) struct AbsenceItem {
    id: i64,
    words: String,
}

impl AbsenceItem {
    fn new(of: &Absence, cover: Option<&str>) -> Self {
        let cover = cover.map_or_else(|| "nobody stands in".to_owned(), |name| format!("{name} stands in"));
        let words = format!("From {} to {}: {cover}", of.from.words(), of.to.words());
        Self { id: of.id.get(), words }
    }

    fn sample() -> Self {
        Self { id: 1, words: "From 1 January 2026 to 20 January 2026: Bea stands in".to_owned() }
    }
}
