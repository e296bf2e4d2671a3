//! The team's library of reasons: words that were found good once, offered beside a decision. A reason is general or
//! belongs to a section of a standard; changing it makes a new version, and what was decided with it stays as it was.

mod add;
mod change;
mod model;
mod pages;
mod reading;
mod retire;
mod store;
mod web;

pub use add::{NewReason, add_reason};
pub use change::change_reason;
pub use model::ReasonState;
pub use retire::{restore_reason, retire_reason};

pub(super) use model::Offered;
pub(super) use pages::{ReasonPage, ReasonsPage};
pub(super) use store::{count_use, offered};
pub(super) use web::routes;
