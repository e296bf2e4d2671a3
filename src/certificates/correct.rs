//! Correcting the record of a certificate. What was submitted before keeps the facts that it was submitted with.

use diesel::prelude::*;
use serde_json::json;

use super::add::{NewCertificate, check, told};
use super::changed;
use super::store::scope_columns;
use crate::access::{CorrectCertificate, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::CertificateId;
use crate::schema::certificate;

/// Corrects the permit's certificate from the version that the person saw.
///
/// # Errors
/// As [`super::add_certificate`], and [`Error::Conflict`] when a colleague changed it meanwhile.
pub fn correct_certificate(
    tx: &mut Tx<'_>,
    permit: &Permit<CorrectCertificate>,
    version: i64,
    new: &NewCertificate,
) -> Result<Recorded<()>> {
    let (id, whose) = (CertificateId::new(permit.id()), permit.organisation()?);
    check(tx.conn(), whose, new)?;
    let now = tx.now();
    let (whole, covered) = scope_columns(&new.scope)?;
    let changed = diesel::update(
        certificate::table
            .filter(certificate::id.eq(id))
            .filter(certificate::organisation_id.eq(whose))
            .filter(certificate::version.eq(version))
            .filter(certificate::withdrawn_on.is_null()),
    )
    .set((
        certificate::kind.eq(new.kind.as_str()),
        certificate::edition.eq(&new.edition),
        certificate::body.eq(&new.body),
        certificate::accreditation.eq(&new.accreditation),
        certificate::number.eq(&new.number),
        certificate::whole.eq(whole),
        certificate::covered.eq(&covered),
        certificate::issued_on.eq(new.issued_on.to_string()),
        certificate::valid_from.eq(new.valid_from.to_string()),
        certificate::valid_to.eq(new.valid_to.to_string()),
        certificate::version.eq(version + 1),
        certificate::updated_at.eq(now),
        certificate::updated_by.eq(permit.actor().id()),
    ))
    .execute(tx.conn())?;
    if changed != 1 {
        return Err(Error::Conflict("A colleague changed this certificate in the meantime.".to_owned()));
    }
    let mut data = told(new)?;
    if let Some(map) = data.as_object_mut() {
        map.insert("version".to_owned(), json!(version + 1));
    }
    changed::tell(tx, whose)?;
    let event = Event::of(permit, "certificate_corrected", format!("certificate/{id}"), data);
    ledger::append(tx, &event, ())
}
