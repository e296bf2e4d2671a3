//! The web side of identity: the extractors that are handlers' permissions, and sign-in and sign-out.

mod account;
mod extract;
mod invitations;
mod people;
mod sign_in;

pub use extract::{Central, Member, Posted, PostedByMember, SignedIn};

use actix_web::web::ServiceConfig;

/// The addresses of identity.
pub fn routes(config: &mut ServiceConfig) {
    sign_in::routes(config);
    people::routes(config);
    invitations::routes(config);
    account::routes(config);
}
