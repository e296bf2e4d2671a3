//! The interim return: how far an organisation is by the interim date, signed by its IG lead and never scored. It is
//! kept as it was sent; sent again, both stay.

mod store;
mod submit;
mod verify;

pub use store::Interim;
pub(super) use store::interims;
pub use submit::{INTERIM_STATEMENT, INTERIM_STATEMENT_VERSION, submit_interim};
pub(super) use verify::verify;
