//! The register of organisations, their relations and their published history, and the imports that fill it.

mod cells;
mod code;
mod corrected;
mod corrections;
mod import;
mod jobs;
mod labels;
mod model;
mod pages;
mod quarantine;
mod rows;
mod standing;
mod store;
mod walk;
mod web;

pub use cells::search_form;
pub use corrected::CorrectedPart;
pub use corrections::{
    CorrectionKind, CorrectionRequest, CorrectionState, NewCorrection, accept_correction, ask_correction,
    correction, refuse_correction, withdraw_correction,
};
pub use import::{
    Damage, Done, Format, ImportKind, ImportOptions, ImportReport, ImportState, InputFile, Limits,
    import_file,
};
pub use jobs::{IMPORT, import_upload};
pub use labels::{Labels, load as labels, seed as seed_labels};
pub use model::{
    Grade, OdsCode, Organisation, PublishedStatus, QuarantineState, QuarantinedRow, Relation, RelationKind,
    Sector,
};
pub use pages::{page_checks, source_words};
pub use quarantine::{Correction, dismiss, quarantined, quarantined_row, quarantined_subject, resolve};
pub use standing::{Standing, standing};
pub use store::{
    Count, HistoryEntry, Page, Paged, Region, SearchFilter, by_code, by_id, counts, history_of, regions,
    relations_of, search, sites_of, sources, standing_of, standings,
};
pub use walk::walk;
pub use web::routes;
