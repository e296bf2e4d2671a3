//! Standards and their editions: requirements, profiles, exemptions, answers and exact scoring.
//!
//! Everything here so far is pure. An [`Edition`] is one immutable, validated document; an [`AnswerValue`] is
//! checked against a [`Requirement`]; [`scoring::score`] turns an edition and a set of answers into a grade that
//! can say why. [`formats`] reads editions from files.

mod answer;
mod answer_parse;
mod canonical;
pub mod formats;
mod keys;
mod model;
pub mod scoring;
#[cfg(test)]
mod testing;

pub use answer::{AnswerValue, LevelOverride};
pub use answer_parse::{ANSWER_TEXT_LIMIT, AnswerError};
pub use canonical::{Sha256Hash, canonical_json, parse_date};
pub use keys::{
    CertificateKind, EditionKey, IndicatorCode, KeyError, ProfileKey, RequirementCode, SectionCode,
    SectorKey, StandardKey,
};
pub use model::{
    Asked, AssertionsScheme, Band, Edition, EditionDraft, Exemption, Indicator, ItemKind, LevelsScheme,
    OutcomeLevel, Problem, Profile, Requirement, RequirementKind, Scheme, SchemeKind, Section, TreeEntry,
};
