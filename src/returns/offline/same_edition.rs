//! Whether a file that somebody kept was made of the edition that a return asks, under whichever of its rules.

use crate::platform::canonical::unhex;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::EditionId;
use crate::standards::correcting::was_in_force;

/// Whether a file with this hash of its edition, in hexadecimal, was made of the edition. A correction of the rules makes
/// another hash and asks nothing else, so a file from before it is one from now.
///
/// # Errors
/// When the database cannot be asked.
pub(super) fn is_of_edition(conn: &mut Conn, of: EditionId, hash: &str) -> Result<bool> {
    match unhex(&hash.to_ascii_lowercase()) {
        Some(hash) => was_in_force(conn, of, &hash),
        None => Ok(false),
    }
}
