//! What is public of the releases, for those who read them other than as pages.

use super::document::Document;
use super::pipeline::{self, DateChange, ReleaseDate};
use super::release::ReleaseSummary;
use super::store;
use crate::platform::db::Conn;
use crate::platform::error::Result;

/// Every public release, newest figures first.
///
/// # Errors
/// When the database cannot be asked.
pub fn published_releases(conn: &mut Conn) -> Result<Vec<ReleaseSummary>> {
    let all = store::all_releases(conn)?;
    Ok(all.into_iter().filter(|release| release.state.is_public()).collect())
}

/// One entry of the public calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The entry.
    pub date: ReleaseDate,
    /// Every change of its date, the earliest first.
    pub changes: Vec<DateChange>,
    /// The release, once it is public; what is only on its way is not told.
    pub release: Option<ReleaseSummary>,
}

/// The whole calendar in the order of time.
///
/// # Errors
/// When the database cannot be asked.
pub fn announced_releases(conn: &mut Conn) -> Result<Vec<Announced>> {
    let public = published_releases(conn)?;
    let changes = pipeline::date_changes(conn)?;
    let entry = |date: ReleaseDate| Announced {
        changes: changes.iter().filter(|change| change.date == date.id).cloned().collect(),
        release: public.iter().find(|release| Some(release.id) == date.release).cloned(),
        date,
    };
    Ok(pipeline::dates(conn)?.into_iter().map(entry).collect())
}

/// The public release of this key with its document; a draft is not there.
///
/// # Errors
/// When the database cannot be asked, or the stored document cannot be read.
pub fn published_release(conn: &mut Conn, key: &str) -> Result<Option<(ReleaseSummary, Document)>> {
    let found = store::release_by_key(conn, key)?.filter(|release| release.state.is_public());
    let Some(release) = found else {
        return Ok(None);
    };
    let document = Document::read(&store::document_of(conn, release.id)?)?;
    Ok(Some((release, document)))
}
