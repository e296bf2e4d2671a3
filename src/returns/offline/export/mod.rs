//! Everything of one return as one JSON document: what was asked, answered, attached, signed, submitted and reviewed.

mod around;
mod assemble;
mod gather;
mod organisation;
mod record;
mod shape;
mod sheets;
mod sites;

pub(super) use around::{
    ExportedComment, ExportedHoldings, ExportedNote, ExportedOwner, ExportedPerson, ExportedPlan,
    ExportedPlanLine,
};
pub use assemble::return_export;
pub use organisation::{OrganisationExport, organisation_export};
pub(super) use shape::{ExportedAnswer, ExportedEvidence, ExportedRequirement};
pub use shape::{
    ExportedChallenge, ExportedDecision, ExportedDraft, ExportedLetter, ExportedMessage, ExportedQuery,
    ExportedQueryTime, ExportedReview, ExportedRuling, FIRST_VERSION, FORMAT, ReturnExport, VERSION,
};
pub use sheets::export_ods;
pub(super) use sheets::said;
