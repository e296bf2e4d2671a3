//! Reminders that a programme manager sends by hand to organisations at risk: chosen, looked at before, sent once a day
//! at most to each organisation, by a job that shows how far it has got.

mod chase;
mod deliver;
mod mail;
pub(super) mod pages;
mod store;
pub(in crate::review) mod web;

pub(in crate::review) use deliver::{CHASE, deliver};
