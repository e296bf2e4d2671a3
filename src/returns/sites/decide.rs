//! What the review of a head office makes of the return of one of its sites.

use crate::access::{DecideSite, Permit};
use crate::ledger::Recorded;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::ReturnId;
use crate::returns::model::ReturnState;
use crate::returns::moves::decide_with_head_office;

/// The review gives the site's return this grade.
///
/// # Errors
/// [`crate::platform::error::Error::Conflict`] when the return is not where it can be moved from.
pub fn mark_site_decided(
    tx: &mut Tx<'_>,
    permit: &Permit<DecideSite>,
    id: ReturnId,
    grade: &str,
) -> Result<Recorded<ReturnState>> {
    decide_with_head_office(tx, permit, id, grade)
}
