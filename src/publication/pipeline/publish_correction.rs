//! Publishing another version of figures that are public and wrong. A correction does not wait for a date: it comes out as
//! soon as a second person has approved it, and says why.

use super::gather::is_revision;
use super::store;
use crate::access::{Permit, PublishCorrection};
use crate::ledger::Recorded;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::publication::publish_release::make_public;
use crate::publication::release::ReleaseSummary;

/// Publishes it.
///
/// # Errors
/// [`Error::Refused`] where nothing of its source is public, so that it corrects nothing, or no reason was given;
/// [`Error::Conflict`] when somebody else changed it first.
pub fn publish_correction(
    tx: &mut Tx<'_>,
    permit: &Permit<PublishCorrection>,
    found: &ReleaseSummary,
) -> Result<Recorded<String>> {
    if !is_revision(tx.conn(), found)? {
        return Err(Error::Refused(
            "There is nothing public that this release corrects. Put it on a date of the calendar."
                .to_owned(),
        ));
    }
    if store::course(tx.conn(), found.id)?.reason.is_empty() {
        return Err(Error::Refused("Say first what is corrected and why: the public reads it.".to_owned()));
    }
    make_public(tx, permit, found, None)
}
