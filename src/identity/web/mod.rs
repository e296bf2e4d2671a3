//! The web side of identity: the extractors that are handlers' permissions, and sign-in and sign-out.

mod account;
mod central;
mod delegations;
mod extract;
mod invitations;
mod invited;
mod people;
mod sign_in;

pub use extract::{Central, Member, Posted, PostedByMember, SignedIn};
pub use invited::invited_person;

use actix_web::web::ServiceConfig;

/// The addresses of identity.
pub fn routes(config: &mut ServiceConfig) {
    sign_in::routes(config);
    people::routes(config);
    central::routes(config);
    invitations::routes(config);
    account::routes(config);
    delegations::routes(config);
}
