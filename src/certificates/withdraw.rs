//! Withdrawing a certificate: from today it exempts from nothing and lifts no grade. Its record stays.

use diesel::prelude::*;
use serde_json::json;

use super::changed;
use crate::access::{Permit, WithdrawCertificate};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::CertificateId;
use crate::schema::certificate;

/// The most characters a reason may have.
pub const REASON_LIMIT: usize = 2000;

/// Withdraws the permit's certificate from the London day of the change.
///
/// # Errors
/// [`Error::Conflict`] when a colleague withdrew it first.
pub fn withdraw_certificate(
    tx: &mut Tx<'_>,
    permit: &Permit<WithdrawCertificate>,
    reason: &str,
) -> Result<Recorded<()>> {
    let (id, whose) = (CertificateId::new(permit.id()), permit.organisation()?);
    let now = tx.now();
    let today = now.london_day();
    let withdrawn = diesel::update(
        certificate::table
            .filter(certificate::id.eq(id))
            .filter(certificate::organisation_id.eq(whose))
            .filter(certificate::withdrawn_on.is_null()),
    )
    .set((
        certificate::withdrawn_on.eq(Some(today.to_string())),
        certificate::withdrawn_reason.eq(Some(reason)),
        certificate::version.eq(certificate::version + 1),
        certificate::updated_at.eq(now),
        certificate::updated_by.eq(permit.actor().id()),
    ))
    .execute(tx.conn())?;
    if withdrawn != 1 {
        return Err(Error::Conflict("A colleague has just withdrawn this certificate.".to_owned()));
    }
    let data = json!({"on": today, "reason_sha256": hex(&sha256(reason.as_bytes()))});
    changed::tell(tx, whose)?;
    let event = Event::of(permit, "certificate_withdrawn", format!("certificate/{id}"), data);
    ledger::append(tx, &event, ())
}
