//! Open data: every table as CSV with its description, JSON and a spreadsheet; the release as a data package and as an entry
//! of data portals; the list of organisations. Names are stable, and machine-readable files say in a column why a figure
//! is missing instead of putting a mark in its place.

mod catalogue;
mod csv;
mod csvw;
mod fields;
mod files;
mod json;
mod marks;
mod measures;
mod observations;
mod package;
mod rdf;
mod workbook;

pub(super) use csv::{headline_csv, organisations_csv};
pub use csv::{table_csv, years_csv};
pub(super) use files::{Address, Format, Made, REPORT, WORKBOOK, release_files};
pub(super) use json::{headline_json, organisations_json, table_json};
pub(super) use measures::measures_json;
pub use measures::{figure_status, measures_csv};
pub(super) use observations::observations;
pub use observations::{Observation, ObservationStatus};
pub(super) use package::description;
pub(super) use workbook::measure_words;

/// The name of the list of organisations.
pub const ORGANISATIONS: &str = "organisations";
/// The name of the headline figures.
pub const HEADLINE: &str = "headline";
/// Who publishes.
pub const PUBLISHER: &str = "Data security assurance programme";

/// What may be done with everything that is published.
pub const LICENCE: Licence = Licence {
    name: "OGL-UK-3.0",
    title: "Open Government Licence v3.0",
    address: "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
};

/// A licence.
#[derive(Debug, Clone, Copy)]
pub struct Licence {
    /// Its short name.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Where it stands.
    pub address: &'static str,
}
