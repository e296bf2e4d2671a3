//! What the library's files have to be, for whoever holds the store against it.

use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::EvidenceId;
use crate::schema::evidence;

/// Content that some version of evidence consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// A version that has it: the first one.
    pub id: EvidenceId,
    /// SHA-256, which is its address.
    pub sha256: Vec<u8>,
    /// Bytes.
    pub size: u64,
}

/// The content of every version of evidence, each once. Links have none of their own.
///
/// # Errors
/// When the database cannot be asked.
pub fn contents(conn: &mut Conn) -> Result<Vec<Contents>> {
    let rows: Vec<(Option<EvidenceId>, Vec<u8>, i64)> = evidence::table
        .filter(evidence::link.is_null())
        .group_by((evidence::sha256, evidence::size_bytes))
        .select((diesel::dsl::min(evidence::id), evidence::sha256, evidence::size_bytes))
        .order(evidence::sha256)
        .load(conn)?;
    rows.into_iter()
        .filter_map(|(id, sha256, size)| Some((id?, sha256, size)))
        .map(|(id, sha256, size)| {
            let size = u64::try_from(size).map_err(|e| Error::internal("failed to size a stored file", e))?;
            Ok(Contents { id, sha256, size })
        })
        .collect()
}
