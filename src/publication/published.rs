//! What is public of the releases, for those who read them other than as pages.

use super::document::Document;
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
