//! Standards and their editions: requirements, profiles, exemptions, answers and exact scoring.
//!
//! The core is pure. An [`Edition`] is one immutable, validated document; an [`AnswerValue`] is checked against a
//! [`Requirement`]; [`scoring::score`] turns an edition and a set of answers into a grade that can say why.
//! [`formats`] reads editions from files, [`mapping`] says what became of requirements from one to the next. [`import_edition()`] and
//! [`stored_edition`] keep them in the database. [`editing`] makes the next edition in the browser, [`guidance`] explains one while it is
//! asked, and [`register`] tells each requirement's life.

mod answer;
mod answer_parse;
mod bands;
mod canonical;
pub mod certificate_kinds;
pub mod correcting;
pub mod editing;
pub mod formats;
pub mod guidance;
mod import_edition;
mod keys;
pub mod mapping;
mod model;
mod pages;
pub mod register;
pub mod scoring;
mod store;
#[cfg(test)]
mod testing;
mod web;

pub use answer::{AnswerValue, LevelOverride};
pub use answer_parse::{ANSWER_TEXT_LIMIT, AnswerError};
pub use bands::{bands_of, bands_text};
pub use canonical::{Sha256Hash, canonical_json, parse_date};
pub use import_edition::{ImportEffect, import_edition, import_effect};
pub use keys::{
    CertificateKind, EditionKey, IndicatorCode, KeyError, ProfileKey, RequirementCode, SectionCode,
    SectorKey, StandardKey,
};
pub use model::{
    Asked, AssertionsScheme, Band, Edition, EditionDraft, Exemption, Indicator, ItemKind, LevelsScheme,
    OutcomeLevel, PlanRules, Problem, Profile, Requirement, RequirementKind, Scheme, SchemeKind, Section,
    Signer, SignerRole, Statements, TreeEntry,
};
pub use pages::page_checks;
pub use store::{
    EditionRow, EditionState, StoredEdition, begin_use, edition, edition_by_key, editions, end_use,
    known_edition, requirement_ids, stored_edition,
};
pub use web::routes;
