//! Open data: every table and the list of organisations as CSV and JSON, with stable names, and a column that says
//! why a figure is missing instead of a mark in its place.

mod csv;
mod json;
mod measures;
mod observations;

pub(super) use csv::{headline_csv, organisations_csv, table_csv};
pub(super) use json::{headline_json, organisations_json, table_json};
pub(super) use measures::{measures_csv, measures_json};

/// The name of the list of organisations.
pub const ORGANISATIONS: &str = "organisations";
/// The name of the headline figures.
pub const HEADLINE: &str = "headline";
