//! Telling whoever relies on an organisation's certificates that they are others now.

use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::platform::jobs;

/// The kind of the job that a change of an organisation's certificates, or of the services that they are held against,
/// calls for: the risk of its open reviews is computed again. The payload is the organisation's number.
pub const CERTIFICATES_CHANGED: &str = "review.certificates_changed";

/// Queues that job with the change. Each change has its own: one that is running may have read what was there before.
pub(super) fn tell(tx: &mut Tx<'_>, whose: OrganisationId) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, CERTIFICATES_CHANGED, &whose.to_string(), now, None)
}
