//! Releases from the figures to the public pages, on both databases.

mod calendar;
mod early;
mod figures;
mod formats;
pub mod given;
mod groups;
mod history;
mod pages;
mod pipeline;
mod publisher;
mod real;
mod report;
