//! The web side of identity: the extractors that are handlers' permissions, and sign-in and sign-out.

mod extract;
mod sign_in;

pub use extract::{Central, Member, Posted, PostedByMember, SignedIn};
pub use sign_in::routes;
