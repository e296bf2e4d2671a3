//! Releases: frozen tables, charts, open data and the public pages.
//!
//! [`compose_release`] gathers the lines of an imported register or a collection and makes every table;
//! [`prepare_release`] freezes them as one hashed document; [`publish_release`] makes it public for good.

mod answers;
mod baseline;
mod bridge;
mod bundle;
pub mod charts;
mod classes;
mod compose;
mod data;
mod disclosure_report;
mod document;
mod facts;
mod guard;
mod measured;
mod once;
mod pages;
mod paper;
mod pipeline;
mod prepare_release;
mod public;
mod publish_release;
mod published;
mod record;
mod release;
mod report;
mod store;
mod tables;
mod together;
mod verify;
mod web;
mod years;

pub use answers::{Breakdown, Sheet, Sheets};
pub use baseline::{AllocationMethod, BaselinePlan, draw_baseline, plan_baseline};
pub use bridge::{Bridge, Span, bridge};
pub use bundle::{Checked, Mismatch, Unread, Verified, verify_bundle};
pub use data::{Observation, ObservationStatus, figure_status, measures_csv, table_csv, years_csv};
pub use disclosure_report::{DisclosureReport, SingledFigure, TableReport, WithheldFigure};
pub use document::{Document, Headline, MeasureEntry, TableEntry};
pub use pages::page_checks;
pub use pipeline::{
    CALENDAR, DateChange, EarlyReader, NewDate, NewReader, NewWords, ReleaseDate, ReleaseDateState,
    announce_release, approve_release, calendar, ensure_scheduled, first_day, list_reader, moment_of,
    run_due, schedule_release, submit_release, word_release,
};
pub use prepare_release::{
    Draft, MayPrepare, ReleaseRequest, compose_release, prepare_release, says_the_same, with_paper,
};
pub use public::{Encoding, KEPT, PublicSite, names_tag, negotiate};
pub use publish_release::{publish_release, release_subject};
pub use published::{Announced, announced_releases, published_release, published_releases};
pub use record::Record;
pub use release::{ReleaseState, ReleaseSummary, Source};
pub use report::Report;
pub use verify::verify;
pub use web::{public_routes, published, routes};
pub use years::{Over, OverYears, Year, Years};

use crate::platform::db::Conn;
use crate::platform::error::Result;

/// What a release could be made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Collections that have opened: key, name and state, newest first.
    pub collections: Vec<(String, String, String)>,
    /// Imported registers with how many organisations each has, newest first.
    pub registers: Vec<(String, i64)>,
}

/// What a release could be made of now.
///
/// # Errors
/// When the database cannot be asked.
pub fn choices(conn: &mut Conn) -> Result<Choices> {
    Ok(Choices { collections: store::collection_choices(conn)?, registers: store::register_sources(conn)? })
}
