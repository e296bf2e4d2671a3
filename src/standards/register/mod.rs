//! The register of requirements: where each stands in its life, from proposed to retired, with the reason, through all
//! editions of a standard; announcements of an end, and proposals for change that become part of the next draft.

mod announce;
mod decide;
mod model;
mod pages;
mod propose;
mod read;
mod store;
mod web;

pub use announce::{Announcement, announce_retirement};
pub use decide::{Verdict, decide_proposal};
pub use model::{Life, ProposalKind, ProposalState, REASON_LIMIT, Stage, StageRow, Step, lives};
pub(super) use pages::page_checks;
pub use propose::{NewProposal, propose_change};
pub use read::register_of;
pub use store::{Proposal, announced_end, open_proposals, proposal, proposals, stages, write_down};
pub(super) use web::routes;
