//! The HTTP front: the shared state, the outermost middleware, forms, cookies and the ways to answer.

mod cookies;
mod fields;
mod front;
mod head;
mod kept;
mod limit;
mod once;
mod range;
mod respond;
mod routes;
mod state;
mod typed_day;
mod upload;

pub use cookies::{Cookies, flash};
pub use fields::{BASE_BODY_LIMIT, Fields, PostedAnonymously, read_body, same_secret};
pub use front::{RequestId, front, secure};
pub use kept::Kept;
pub use limit::{Client, TRIES, Tries, WINDOW};
pub use once::Once;
pub use range::{Part, part_of};
pub use respond::{
    Surroundings, downloaded, json, page, page_checks, page_with_status, problem_of, see_other,
    see_other_with_news,
};
pub use routes::{Place, Routes, resource};
pub use state::Portal;
pub use typed_day::TypedDay;
pub use upload::{Upload, UploadedFile};
