//! Everything of one return as one JSON document: what was asked, answered, attached, signed, submitted and reviewed.

mod assemble;
mod shape;

pub use assemble::return_export;
pub use shape::{ExportedDecision, ExportedQuery, ExportedReview, FORMAT, ReturnExport, VERSION};
