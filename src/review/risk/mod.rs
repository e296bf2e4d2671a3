//! How much a submission needs a look: a score whose inputs and weights are data, computed when it joins the queue and again
//! when either changes, and explained line by line on a page of each case.

mod compute;
mod facts;
mod jobs;
mod pages;
mod reading;
mod score;
mod seed;
mod signals;
mod store;
mod web;
mod weights;

pub(super) use compute::refresh;
pub use compute::{compute_risk, compute_risk_of};
pub use jobs::ensure_scheduled;
pub(super) use jobs::{DAILY, RISK, compute_all, compute_of, daily};
pub(super) use pages::{SignalFilePage, SignalPage, SignalsPage, WeightsPage, WhyPage};
pub use score::{Band, Bands, Inputs, Settings, random_share};
pub use seed::make_seed;
pub(super) use seed::{fresh, seed_of};
pub use signals::{NewSignal, Severity, SignalKind, import_signals, record_signal, remove_signal};
pub(super) use store::bands_of;
pub(super) use web::routes;
pub use weights::change_weights;
