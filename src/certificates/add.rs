//! Recording a certificate.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::changed;
use super::scope::Scope;
use super::store::{scope_columns, services};
use crate::access::{AddCertificate, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Day;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::ids::{CertificateId, OrganisationId, PersonId};
use crate::schema::certificate;
use crate::standards::CertificateKind;
use crate::standards::certificate_kinds::kind;

/// A certificate to be recorded, or one as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCertificate {
    /// Of which kind.
    pub kind: CertificateKind,
    /// The key of the certified standard's edition; empty where the kind has none.
    pub edition: String,
    /// The certification body.
    pub body: String,
    /// Who accredited the body; empty for none.
    pub accreditation: String,
    /// The certificate's own number.
    pub number: String,
    /// What it covers.
    pub scope: Scope,
    /// When it was issued.
    pub issued_on: Day,
    /// The first day on which it is valid.
    pub valid_from: Day,
    /// The last day on which it is valid.
    pub valid_to: Day,
}

/// Records a certificate of the permit's organisation.
///
/// # Errors
/// [`Error::Invalid`] when its dates are out of order, its kind is unknown or its scope names a service that is not
/// listed.
pub fn add_certificate(
    tx: &mut Tx<'_>,
    permit: &Permit<AddCertificate>,
    new: &NewCertificate,
) -> Result<Recorded<CertificateId>> {
    let whose = permit.organisation()?;
    check(tx.conn(), whose, new)?;
    let id = insert(tx, (whose, permit.actor().id()), new, None)?;
    let event = Event::of(permit, "certificate_added", format!("certificate/{id}"), told(new)?);
    ledger::append(tx, &event, id)
}

/// Writes the row of a certificate, withdrawn on a day and for a reason where it was.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    (whose, by): (OrganisationId, Option<PersonId>),
    new: &NewCertificate,
    withdrawn: Option<&(Day, String)>,
) -> Result<CertificateId> {
    let now = tx.now();
    let (whole, covered) = scope_columns(&new.scope)?;
    let id = diesel::insert_into(certificate::table)
        .values((
            certificate::organisation_id.eq(whose),
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
            certificate::withdrawn_on.eq(withdrawn.map(|(on, _)| on.to_string())),
            certificate::withdrawn_reason.eq(withdrawn.map(|(_, why)| why.as_str())),
            certificate::updated_at.eq(now),
            certificate::updated_by.eq(by),
        ))
        .returning(certificate::id)
        .get_result(tx.conn())?;
    changed::tell(tx, whose)?;
    Ok(id)
}

/// What the ledger says of a certificate: facts that scores rest on, and hashes of the rest.
pub(super) fn told(new: &NewCertificate) -> Result<Value> {
    let (whole, covered) = scope_columns(&new.scope)?;
    let texts = format!("{}\n{}\n{}", new.body, new.accreditation, new.number);
    Ok(json!({
        "kind": new.kind,
        "edition": new.edition,
        "accredited": !new.accreditation.is_empty(),
        "whole": whole,
        "covered_sha256": hex(&sha256(covered.as_bytes())),
        "valid_from": new.valid_from,
        "valid_to": new.valid_to,
        "texts_sha256": hex(&sha256(texts.as_bytes())),
    }))
}

/// Refuses a certificate with anything wrong with it.
pub(super) fn check(conn: &mut Conn, whose: OrganisationId, new: &NewCertificate) -> Result<()> {
    let mut wrong = faults(new);
    if let Scope::Services(covered) = &new.scope {
        let listed = services(conn, whose)?;
        if covered.is_empty() {
            wrong.push(fault("covered", "Choose the services that the certificate covers".to_owned()));
        } else if covered.iter().any(|id| listed.iter().all(|service| service.id != *id)) {
            let message = "Choose services from the list. It has changed in the meantime";
            wrong.push(fault("covered", message.to_owned()));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// What is wrong with a certificate by itself, whichever services its organisation lists.
pub(super) fn faults(new: &NewCertificate) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let unknown = || fault("kind", "Choose one of the kinds in the list".to_owned());
    match kind(new.kind.as_str()) {
        None => wrong.push(unknown()),
        Some(known) => {
            let fits = known.editions.iter().any(|edition| edition.key == new.edition);
            if fits == known.editions.is_empty() {
                wrong.push(unknown());
            }
            let longest = Day::from(
                new.valid_from.date().saturating_add(jiff::Span::new().months(i64::from(known.months))),
            );
            if new.valid_to > longest {
                let (name, months) = (&known.name, known.months);
                let message = format!("{name} lasts {months} months at most: check both dates");
                wrong.push(fault("valid_to", message));
            }
        }
    }
    if new.valid_to < new.valid_from {
        wrong.push(fault("valid_to", "The last day must not be before the first day".to_owned()));
    }
    if new.issued_on > new.valid_to {
        wrong.push(fault("issued_on", "The day of issue must not be after the last day".to_owned()));
    }
    wrong
}

fn fault(field: &str, message: String) -> FieldError {
    FieldError { field: field.to_owned(), message }
}
