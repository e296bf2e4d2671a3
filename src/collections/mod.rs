//! A year's exercise: which edition is asked of whom, and when. A programme manager plans it, the scheduler opens and
//! closes it on time, and at the close every organisation in scope without a submission gets an explicit status.

mod close;
mod extend;
mod jobs;
mod model;
mod open;
mod pages;
mod plan;
mod requests;
mod store;
mod web;

pub use close::{close_collection, record_overdue};
pub use extend::{Extension, grant_extension};
pub use jobs::{Moved, SCHEDULE, ensure_scheduled, run_due, schedule};
pub use model::{Collection, CollectionKey, CollectionState, Windows, WindowsProblem};
pub use open::{COLLECTION_OPENED, open_collection};
pub use pages::page_checks;
pub use plan::{Plan, plan_collection};
pub use requests::{
    Answer, NewRequest, RequestState, TimeRequest, ask_for_time, grant_request, open_request, post_request,
    refuse_request, request, requests_by, show_requests, withdraw_request,
};
pub use store::{
    COLUMNS, CollectionRow, collection, collection_by_key, collection_of, collections, deadline_for,
    extension_of, profile_for, scope_of,
};
pub use web::routes;
