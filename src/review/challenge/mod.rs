//! Challenging a decision: the organisation says which decisions are wrong and why, somebody who had no part in them settles
//! each with a reason, and what is upheld changes the decision.

mod mail;
mod model;
mod pages;
mod post;
mod reading;
mod settle;
mod store;
mod uninvolved;
mod web;
mod withdraw;

pub use model::{Ruling, SETTLE_WORKING_DAYS};
pub(super) use pages::page_checks;
pub use post::{NewChallenge, post_challenge};
pub use settle::{SettleLine, settle_challenge};
pub(super) use store::{challenges_of, lines as challenged_lines, open_challenge};
pub use uninvolved::Uninvolved;
pub(super) use web::routes;
pub use withdraw::withdraw_challenge;
