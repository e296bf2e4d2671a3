//! Releases from the figures to the public pages, on both databases.

mod approved_report;
mod baselining;
mod breakdown;
mod calendar;
mod early;
mod feeds;
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
