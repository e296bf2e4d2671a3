//! Private notes of the central team beside a review or one of its answers. They are no messages: nothing that an
//! organisation reads, takes out or is sent asks for them, and whoever has a conflict of interest sees none either.

mod store;
mod withdraw;
mod write;

pub use withdraw::withdraw_note;
pub use write::{NOTE_LIMIT, write_note};

pub(super) use store::{Note, notes_about};
