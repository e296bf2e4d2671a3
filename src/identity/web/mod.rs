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

use crate::platform::http::Routes;

/// The addresses of identity.
pub fn routes(routes: &mut Routes) {
    sign_in::routes(routes);
    people::routes(routes);
    central::routes(routes);
    invitations::routes(routes);
    account::routes(routes);
    delegations::routes(routes);
}
