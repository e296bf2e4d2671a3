//! Alerts that a reviewer's figures differ from the team's, by a rule that can be said in words: within the last ninety
//! days, the 95 % interval of the reviewer's rate leaves out what the others would have come to on the same requirements.

mod acknowledge;
mod measure;
mod store;
mod watch;

pub use acknowledge::acknowledge_alert;
pub use measure::WATCHED;
pub use watch::{Watched, watch_drift};

pub(super) use store::{Alert, alert, alerts};
pub(super) use watch::watch;
