//! What happened: the versions of an answer with what changed from one to the next, an earlier one brought back, and
//! who did what in a return.

mod changes;
pub(super) mod pages;
mod store;
pub(super) mod web;

pub(super) use changes::Change;
pub(super) use store::version_of;
