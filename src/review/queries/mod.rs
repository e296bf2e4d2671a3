//! Questions of a reviewer as threads: what each side wrote and with which evidence, until when an answer is due, the
//! reviewer's clock that stands still meanwhile, reminders, and how each question ended.

mod arrive;
mod attach;
mod clock;
mod close;
mod draft;
mod further;
mod jobs;
mod listing;
mod mail;
mod model;
mod pages;
mod pause;
mod remind;
pub(super) mod store;
mod thread;
mod time;
mod verify;
mod web;

pub(super) use arrive::{Arrived, agreed_standing, arrive, held, standing_of, tell_leads};
pub use attach::{MessageFile, attach_file, attach_piece, detach};
pub use close::{Closing, close_query, go_on_without_reply};
pub(super) use close::{end_with_review, must_be_closed};
pub use draft::{Draft, discard_draft, save_draft};
use draft::{leads, must_be_open_to};
pub use further::ask_further;
pub(super) use jobs::handlers;
pub use jobs::{REMIND, ensure_scheduled};
pub use model::{QueryOutcome, QueryState, Side, Standing, TimeState};
pub(super) use pages::page_checks;
use pause::go_on_if_answered;
pub(super) use pause::wait;
pub use remind::send_query_reminders;
pub(super) use thread::Thread;
pub use time::{MoreTime, ask_more_time, give_more_time, refuse_more_time};
pub(super) use verify::verify;
pub(super) use web::{list_routes, routes};
