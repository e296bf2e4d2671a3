//! The pages of risk, as typed structs for their templates.

mod file;
mod signal;
mod signals;
mod weights;
mod why;

pub(in crate::review) use file::SignalFilePage;
pub(in crate::review) use signal::SignalPage;
pub(in crate::review) use signals::{SignalsPage, Typed};
pub(in crate::review) use weights::WeightsPage;
pub(in crate::review) use why::WhyPage;
