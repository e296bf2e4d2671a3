//! What the overview, the question page and a page of its own tell of the edition before.

mod beside;
mod changes;
mod overview;
mod take_over;

pub(in crate::returns) use beside::BesideEdition;
pub(in crate::returns) use changes::{ChangesPage, Compared};
pub(in crate::returns) use overview::{Marks, SinceOverview};
pub(in crate::returns) use take_over::TakeOverPage;

use crate::platform::pages::Tag;
use crate::standards::mapping::Mark;

fn mark_tag(mark: Mark) -> Tag {
    let colour = match mark {
        Mark::New => "blue",
        Mark::Reworded => "yellow",
        Mark::Merged | Mark::Split => "purple",
        Mark::Unchanged => "white",
    };
    Tag::new(mark.words(), colour)
}
