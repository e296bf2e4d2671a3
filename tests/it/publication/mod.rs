//! Releases from the figures to the public pages, on both databases.

mod disclosure;
mod figures;
pub mod given;
mod mergers;
mod pages;
mod publisher;
mod real;
