//! Gold cases: settled disagreements without anything that could name an organisation, kept for reviewers to practise on.

mod anonymous;
mod make;
mod practise;
mod store;

pub use make::{GoldDraft, make_gold_case, retire_gold_case};
pub use practise::practise;

pub(super) use anonymous::anonymised;
pub(super) use make::answer_words;
pub(super) use store::{Attempt, GoldCase, attempts, editions, find_gold, gold_cases};
