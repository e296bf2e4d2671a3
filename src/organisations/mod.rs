//! The register of organisations, their relations and their published history, and the imports that fill it.

mod cells;
mod code;
mod import;
mod labels;
mod model;
mod quarantine;
mod standing;
mod store;

pub use cells::search_form;
pub use code::OdsCode;
pub use import::{
    Damage, Done, Format, ImportOptions, ImportReport, Limits, import_organisations, import_register,
};
pub use labels::{Labels, load as labels, seed as seed_labels};
pub use model::{
    Grade, Organisation, PublishedStatus, QuarantineState, QuarantinedRow, Relation, RelationKind, Sector,
};
pub use quarantine::{Correction, dismiss, quarantined, quarantined_row, quarantined_subject, resolve};
pub use standing::{Standing, standing};
pub use store::{
    Count, HistoryEntry, Page, Paged, Region, SearchFilter, by_code, by_id, counts, history_of, regions,
    relations_of, search, sites_of, sources, standing_of, standings,
};
