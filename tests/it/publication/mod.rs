//! Releases from the figures to the public pages, on both databases.

mod figures;
pub mod given;
mod pages;
mod publisher;
mod real;
