//! A return outside of the portal: the workbook that is filled in offline and comes back through a preview, and exports
//! of everything that the organisation owns.

mod apply;
mod archive;
mod book;
mod bundle;
mod cell;
mod columns;
mod export;
mod filled;
mod grid;
mod jobs;
mod ods_in;
mod ods_out;
mod oscal;
mod pages;
mod plan_sheet;
mod preview;
mod restore;
mod same_edition;
mod store;
mod take_in;
#[cfg(test)]
mod tests;
mod web;
mod workbook_in;
mod workbook_out;
mod xlsx_in;
mod xlsx_out;

pub use bundle::{Content, Part, bundle};
pub use export::{
    ExportedChallenge, ExportedDecision, ExportedDraft, ExportedLetter, ExportedMessage, ExportedQuery,
    ExportedQueryTime, ExportedReview, ExportedRuling, OrganisationExport, ReturnExport, export_ods,
    organisation_export, return_export,
};
pub(super) use jobs::ensure_scheduled;
pub use jobs::{FORGET_WORKBOOKS, forget_workbooks};
pub use oscal::oscal_results;
pub(super) use pages::page_checks;
pub use restore::{EXPORT_LIMIT, Export, Restored, read as read_export, restore_return};
pub use store::{KeptFile, evidence_of};
pub use web::aside;
pub(super) use web::routes;
