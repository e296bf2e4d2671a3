//! Guidance that comes into force while returns are open: beside the question, as a list, and told to those who answer.

mod pages;
mod store;
mod tell;
pub(super) mod web;

pub(super) use pages::{BesideGuidance, page_checks};
pub use tell::tell_guidance;
