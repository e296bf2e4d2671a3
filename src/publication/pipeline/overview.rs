//! Everything about a release that its page shows to those who work on it.

use super::checks::Check;
use super::gather::{checks_of, is_revision, kept};
use super::moments::ReleaseDateState;
use super::readers::{EarlyReader, EarlyView, readers_of, views_of};
use super::store::{self, Course, ReleaseDate};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::publication::document::Document;
use crate::publication::release::{ReleaseState, ReleaseSummary};
use crate::publication::report::Report;
use crate::publication::store as releases;

/// The release with all that belongs to it.
pub(in crate::publication) struct Overview {
    /// The release.
    pub release: ReleaseSummary,
    /// What is frozen.
    pub document: Document,
    /// What was withheld, and why.
    pub report: Report,
    /// Its text, and what it has been through.
    pub course: Course,
    /// Its quality checks: as they come out now while it is being written, as they were kept later.
    pub checks: Vec<Check>,
    /// Its date.
    pub date: Option<ReleaseDate>,
    /// Announced dates that it could be put on.
    pub open_dates: Vec<ReleaseDate>,
    /// Whether figures of its source are public already.
    pub is_revision: bool,
    /// Who may read it early.
    pub readers: Vec<EarlyReader>,
    /// When they did.
    pub views: Vec<EarlyView>,
}

/// Reads it.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub(in crate::publication) fn overview(conn: &mut Conn, key: &str, now: Timestamp) -> Result<Overview> {
    let release = releases::release_by_key(conn, key)?.ok_or(Error::NotFound)?;
    let course = store::course(conn, release.id)?;
    let checks = if release.state == ReleaseState::Draft {
        checks_of(conn, &release, &course, now)?
    } else {
        kept(&course)?
    };
    let mut open_dates = store::dates(conn)?;
    open_dates.retain(|date| date.state == ReleaseDateState::Announced && date.release.is_none());
    Ok(Overview {
        document: Document::read(&releases::document_of(conn, release.id)?)?,
        report: Report::read(&releases::report_of(conn, release.id)?)?,
        checks,
        date: store::date_of_release(conn, release.id)?,
        open_dates,
        is_revision: is_revision(conn, &release)?,
        readers: readers_of(conn, release.id)?,
        views: views_of(conn, release.id)?,
        course,
        release,
    })
}
