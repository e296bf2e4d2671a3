//! What a return was compared with when it was started: the edition before, the version of the mapping, and what the
//! organisation had sent. It keeps all of these, whatever the standards editor changes later.

use std::sync::Arc;

use crate::collections::{self, Collection};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{EditionId, MappingId, OrganisationId, SubmissionId};
use crate::returns::store::{self, Found};
use crate::standards::StoredEdition;
use crate::standards::mapping::{self, ComparedWith, EditionChange};

/// What a return was compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// The edition and the mapping.
    pub with: ComparedWith,
    /// What the organisation had sent; none where it sent nothing.
    pub submission: Option<SubmissionId>,
}

/// As it is stored with a return: edition, submission, mapping, hash.
pub(in crate::returns) type BeforeRow =
    (Option<EditionId>, Option<SubmissionId>, Option<MappingId>, Option<Vec<u8>>);

impl Before {
    /// Read from its columns.
    #[must_use]
    pub(in crate::returns) fn of_row((edition, submission, mapping, hash): BeforeRow) -> Option<Self> {
        Some(Self { with: ComparedWith { edition: edition?, mapping, hash: hash? }, submission })
    }

    /// The changes. No statement once they have been seen.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub fn change(&self, conn: &mut Conn, to: &StoredEdition) -> Result<Arc<EditionChange>> {
        mapping::change_of(conn, &self.with, to)
    }
}

impl Found {
    /// The changes since the edition before; none where the collection has no predecessor.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub fn change(&self, conn: &mut Conn) -> Result<Option<Arc<EditionChange>>> {
        self.before.as_ref().map(|before| before.change(conn, &self.edition)).transpose()
    }
}

/// What a return that is started now in this collection is compared with.
///
/// # Errors
/// When the database cannot be asked.
pub fn before_of(
    conn: &mut Conn,
    of: &Collection,
    whose: OrganisationId,
    edition: &StoredEdition,
) -> Result<Option<Before>> {
    let Some(previous) = of.previous_id else { return Ok(None) };
    let previous = collections::collection(conn, previous)?;
    let with = mapping::compared_with(conn, previous.edition_id, edition)?;
    let submission = store::newest_submission(conn, whose, previous.id)?;
    Ok(Some(Before { with, submission }))
}
