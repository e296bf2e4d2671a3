//! One version of a piece: the content of a file that has been stored, or a link. A version never changes; what was
//! submitted names it by its number and its SHA-256.

use diesel::prelude::*;

use super::jobs::SCAN;
use super::model::{ScanState, WebLink};
use crate::platform::canonical::sha256;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::files::Stored;
use crate::platform::ids::{EvidenceId, OrganisationId, PersonId, PieceId};
use crate::platform::jobs;
use crate::schema::evidence;

/// What a link's kind is called; its content is its address.
pub const LINK_TYPE: &str = "text/uri-list";

/// What a version consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A file.
    File {
        /// The name it was uploaded under, made safe by [`bare_name`](crate::platform::files::bare_name).
        name: String,
        /// Where and what its content is.
        stored: Stored,
        /// Whether it has to wait for the malware scanner.
        wait: bool,
    },
    /// A page elsewhere.
    Link(WebLink),
}

impl Content {
    /// SHA-256 of the content; a link's is its address.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        match self {
            Self::File { stored, .. } => stored.sha256,
            Self::Link(link) => sha256(link.as_str().as_bytes()),
        }
    }

    /// Its kind.
    #[must_use]
    pub const fn media_type(&self) -> &'static str {
        match self {
            Self::File { stored, .. } => stored.media_type,
            Self::Link(_) => LINK_TYPE,
        }
    }

    /// Bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        match self {
            Self::File { stored, .. } => stored.size,
            Self::Link(link) => link.as_str().len() as u64,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::File { name, .. } => name,
            Self::Link(link) => link.as_str(),
        }
    }
}

/// Writes the newest version of a piece; content that has to wait is queued for the scanner in the same change.
pub(super) fn insert_version(
    tx: &mut Tx<'_>,
    whose: OrganisationId,
    (of, number): (PieceId, i64),
    by: Option<PersonId>,
    content: &Content,
) -> Result<EvidenceId> {
    let now = tx.now();
    let size = i64::try_from(content.size()).map_err(|e| Error::internal("failed to size a file", e))?;
    let (link, scan) = match content {
        Content::Link(link) => (Some(link.as_str()), ScanState::NotScanned),
        Content::File { wait: true, .. } => (None, ScanState::Pending),
        Content::File { wait: false, .. } => (None, ScanState::NotScanned),
    };
    let id: EvidenceId = diesel::insert_into(evidence::table)
        .values((
            evidence::organisation_id.eq(whose),
            evidence::piece_id.eq(of),
            evidence::number.eq(number),
            evidence::file_name.eq(content.name()),
            evidence::media_type.eq(content.media_type()),
            evidence::size_bytes.eq(size),
            evidence::sha256.eq(&content.sha256()[..]),
            evidence::link.eq(link),
            evidence::scan.eq(scan),
            evidence::uploaded_by.eq(by),
            evidence::uploaded_at.eq(now),
        ))
        .returning(evidence::id)
        .get_result(tx.conn())?;
    if scan == ScanState::Pending {
        jobs::enqueue(tx, SCAN, &id.to_string(), now, Some(&format!("{SCAN}/{id}")))?;
    }
    Ok(id)
}
