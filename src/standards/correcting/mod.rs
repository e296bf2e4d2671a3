//! Corrections of the rules of an edition in use. The edition's document never changes: a correction is a document of its
//! own that says what counts otherwise, and the edition under its rule set is the edition with every correction up to it
//! applied, one after the other. Texts and the set of requirements cannot be corrected.

mod chain;
mod changes;
mod difference;
mod hold;
#[cfg(test)]
mod tests;

pub use chain::{InForce, edition_under, rules_in_force, stored_edition_under, was_in_force};
pub(super) use chain::{document_under, hash_in_force};
pub use changes::{
    BandRule, Changes, CorrectionDocument, ExceededRule, ExemptionRule, Minimum, applied, needs_answers,
    next_rule_set,
};
pub use difference::{RuleDifference, differences, differences_for};
pub use hold::{hold_rules, rules_must_stand, take_rules};
