//! Queries about certificates and the services that their scopes are held against.

use std::collections::BTreeSet;

use diesel::dsl::exists;
use diesel::prelude::*;

use super::model::Certificate;
use super::scope::{Scope, ServiceName};
use crate::platform::canonical::to_string;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CertificateId, OrganisationId, ServiceId};
use crate::schema::{certificate as table, organisation_service};
use crate::standards::CertificateKind;

/// Everything that an organisation holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Its certificates, those that last longest first.
    pub certificates: Vec<Certificate>,
    /// The services it lists, in its order.
    pub services: Vec<ServiceName>,
}

type What = (CertificateId, OrganisationId, String, String, String, String, String);
type When = (Day, Day, Day, Option<Day>, Option<String>, i64, Timestamp);
type Row = (What, (bool, String), When);

const COLUMNS: (
    (
        table::id,
        table::organisation_id,
        table::kind,
        table::edition,
        table::body,
        table::accreditation,
        table::number,
    ),
    (table::whole, table::covered),
    (
        table::issued_on,
        table::valid_from,
        table::valid_to,
        table::withdrawn_on,
        table::withdrawn_reason,
        table::version,
        table::updated_at,
    ),
) = (
    (
        table::id,
        table::organisation_id,
        table::kind,
        table::edition,
        table::body,
        table::accreditation,
        table::number,
    ),
    (table::whole, table::covered),
    (
        table::issued_on,
        table::valid_from,
        table::valid_to,
        table::withdrawn_on,
        table::withdrawn_reason,
        table::version,
        table::updated_at,
    ),
);

fn certificate_of(row: Row) -> Result<Certificate> {
    let ((id, organisation, kind, edition, body, accreditation, number), (whole, covered), when) = row;
    let (issued_on, valid_from, valid_to, withdrawn_on, withdrawn_reason, version, updated_at) = when;
    let doing = || format!("failed to read certificate {id}");
    let covered: BTreeSet<ServiceId> =
        serde_json::from_str(&covered).map_err(|e| Error::internal(doing(), e))?;
    Ok(Certificate {
        id,
        organisation,
        kind: CertificateKind::new(&kind).map_err(|e| Error::internal(doing(), e))?,
        edition,
        body,
        accreditation,
        number,
        scope: if whole { Scope::Whole } else { Scope::Services(covered) },
        issued_on,
        valid_from,
        valid_to,
        withdrawn_on,
        withdrawn_reason: withdrawn_reason.unwrap_or_default(),
        version,
        updated_at,
    })
}

/// A scope as its two columns.
pub(super) fn scope_columns(scope: &Scope) -> Result<(bool, String)> {
    match scope {
        Scope::Whole => Ok((true, "[]".to_owned())),
        Scope::Services(covered) => Ok((false, to_string(covered)?)),
    }
}

/// What an organisation holds, in two statements; one while it holds nothing.
///
/// # Errors
/// When the database cannot be asked.
pub fn holdings(conn: &mut Conn, whose: OrganisationId) -> Result<Holdings> {
    let rows: Vec<Row> = table::table
        .filter(table::organisation_id.eq(whose))
        .order((table::valid_to.desc(), table::id))
        .select(COLUMNS)
        .load(conn)?;
    let certificates = rows.into_iter().map(certificate_of).collect::<Result<Vec<_>>>()?;
    let services = if certificates.is_empty() { Vec::new() } else { services(conn, whose)? };
    Ok(Holdings { certificates, services })
}

/// Whether an organisation has neither a certificate nor a service on record, and never had one.
///
/// # Errors
/// When the database cannot be asked.
pub fn holds_nothing(conn: &mut Conn, whose: OrganisationId) -> Result<bool> {
    let certificates = table::table.filter(table::organisation_id.eq(whose));
    let services = organisation_service::table.filter(organisation_service::organisation_id.eq(whose));
    let held: bool = diesel::select(exists(certificates)).get_result(conn)?;
    let listed: bool = diesel::select(exists(services)).get_result(conn)?;
    Ok(!held && !listed)
}

/// The certificate with this number, of this organisation.
///
/// # Errors
/// When the database cannot be asked.
pub fn certificate(conn: &mut Conn, whose: OrganisationId, id: CertificateId) -> Result<Option<Certificate>> {
    let row: Option<Row> = table::table
        .filter(table::id.eq(id))
        .filter(table::organisation_id.eq(whose))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    row.map(certificate_of).transpose()
}

/// The services that an organisation lists, in its order.
///
/// # Errors
/// When the database cannot be asked.
pub fn services(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<ServiceName>> {
    let rows: Vec<(ServiceId, String)> = organisation_service::table
        .filter(organisation_service::organisation_id.eq(whose))
        .filter(organisation_service::ended_at.is_null())
        .order((organisation_service::position, organisation_service::id))
        .select((organisation_service::id, organisation_service::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, name)| ServiceName { id, name }).collect())
}
