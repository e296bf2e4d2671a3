//! People, sign-in, sessions, invitations and membership of organisations. Its extractors are the handlers'
//! permissions: `SignedIn`, `Posted`, `Member`, `PostedByMember`, `Central`.
//!
//! Second factors and single sign-on join here: a session is made by [`begin_session`] whatever proved the person.

mod accept;
mod admit;
mod api_token;
mod browser_words;
mod central_team;
mod conflicts;
mod delegation;
mod emails;
mod end_membership;
mod invite;
mod mail;
mod model;
mod pages;
mod password;
mod revoke_invitation;
mod session;
mod sign_in;
mod store;
pub mod web;

pub use accept::accept;
pub use admit::{NewPerson, admit, grant_central_role, grant_membership};
pub use api_token::{
    LONGEST_DAYS, bearer_of, issue_api_token, new_api_token, revoke_api_token, token_subject,
};
pub use central_team::{central_team, end_central_role};
pub use conflicts::{CONFLICT_GAINED, Conflict, ConflictCause, conflict_of, conflicts_of, employer_months};
pub use delegation::{
    Delegation, LONGEST_DELEGATION_DAYS, NewDelegation, SIGNING_ROLES, Signatory, Whose, delegate_signing,
    delegations_in_force, end_delegation, right_to_sign, signatories_of,
};
pub use emails::{MailKind, choose_emails, turned_off, unwanted_of};
pub use end_membership::{Colleague, colleagues, end_membership};
pub use invite::{Invite, InvitedRole, Links, OpenInvitation, invite, open_invitation};
pub use model::{EmailAddress, PersonState, Persona};
pub use pages::page_checks;
pub use password::{Password, hash, matches};
pub use revoke_invitation::{WaitingInvitation, invitation_subject, revoke_invitation, waiting_invitations};
pub use session::{Session, begin_session, end_session};
pub use sign_in::{SignIn, sign_in};
pub use store::{
    Place, actor_of, actor_on, addresses_of, central_holders, holders_of, names_of, organisation_named,
    person_by_email, personas,
};
pub use web::{Central, Member, Posted, PostedByMember, SignedIn, invited_person, routes};
