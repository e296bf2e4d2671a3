//! Moderation: where two scores differ, somebody who gave neither settles it, with a rationale that is kept.

mod settle;
mod store;

pub use settle::{Settlement, settle};

pub(super) use store::{Disagreement, Listed, Side, disagreement, listed};
