//! Releases from the figures to the public pages, on both databases.

mod approved_report;
mod baselining;
mod breakdown;
mod bundle;
mod calendar;
mod disclosure;
mod early;
mod exported;
mod feeds;
mod figures;
mod formats;
pub mod given;
mod groups;
mod history;
mod mergers;
mod pages;
mod pipeline;
mod publisher;
mod real;
mod report;
mod standby;
mod versions;
