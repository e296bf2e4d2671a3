//! Requests for more time: an organisation asks with a reason, a programme manager grants or refuses, and both see what
//! was asked and answered before. One request of an organisation waits at a time.

mod answer;
mod ask;
mod forms;
mod mail;
mod model;
mod pages;
mod store;
mod web;

pub use answer::{Answer, grant_request, refuse_request};
pub use ask::{NewRequest, ask_for_time, withdraw_request};
pub use model::{RequestState, TimeRequest};
pub(super) use pages::{MoreTimePage, RequestItem, RequestPage};
pub use store::{open_request, request, requests_by};
pub(super) use store::{requests_of, settle};
pub(super) use web::routes;
pub use web::{post_request, show_requests};
