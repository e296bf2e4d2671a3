//! Bringing back what an organisation held, after a loss or a move to another portal. What is on record is never mixed
//! with what an export says, so it comes back only to an organisation that has nothing on record.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use serde_json::{Value, json};

use super::add::{NewCertificate, faults, insert, told};
use super::form::TEXT_LIMIT;
use super::scope::Scope;
use super::services::check;
use super::store::holds_nothing;
use super::withdraw::REASON_LIMIT;
use crate::access::{Action, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::clock::Day;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, ServiceId};
use crate::schema::organisation_service;
use crate::standards::CertificateKind;

/// A certificate as an export tells of it: its scope names services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldBefore {
    /// The key of its kind.
    pub kind: String,
    /// The key of the certified standard's edition; empty where the kind has none.
    pub edition: String,
    /// The certification body.
    pub body: String,
    /// Who accredited the body; empty for none.
    pub accreditation: String,
    /// The certificate's own number.
    pub number: String,
    /// Names of the services it covers, listed still or not; none where it covers everything.
    pub covered: Option<BTreeSet<String>>,
    /// When it was issued.
    pub issued_on: Day,
    /// The first day on which it is valid.
    pub valid_from: Day,
    /// The last day on which it is valid.
    pub valid_to: Day,
    /// Since when it is withdrawn, and why.
    pub withdrawn: Option<(Day, String)>,
}

/// Lists the services and records the certificates of the permit's organisation as they were, in this order. A service
/// that only a scope names comes back as one that is listed no more.
///
/// # Errors
/// [`Error::Conflict`] when the organisation has something on record, [`Error::Invalid`] when there is a fault in what it
/// held.
pub fn restore_holdings<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    listed: &[String],
    held: &[HeldBefore],
) -> Result<Recorded<()>> {
    let whose = permit.organisation()?;
    if !holds_nothing(tx.conn(), whose)? {
        return Err(Error::Conflict(
            "A colleague has just recorded what your organisation holds.".to_owned(),
        ));
    }
    let services = list(tx, whose, listed, held)?;
    let mut facts: Vec<Value> = Vec::with_capacity(held.len());
    for before in held {
        let new = certificate_of(before, &services)?;
        insert(tx, (whose, permit.actor().id()), &new, before.withdrawn.as_ref())?;
        let mut fact = told(&new)?;
        if let Some((map, (on, _))) = fact.as_object_mut().zip(before.withdrawn.as_ref()) {
            map.insert("withdrawn_on".to_owned(), json!(on));
        }
        facts.push(fact);
    }
    let data = json!({
        "services": listed.len(),
        "names_sha256": hex(&sha256(to_string(listed)?.as_bytes())),
        "certificates": facts,
    });
    ledger::append(tx, &Event::of(permit, "holdings_restored", format!("organisation/{whose}"), data), ())
}

/// The services by their names: those that are listed, and after them those that only scopes name.
fn list(
    tx: &mut Tx<'_>,
    whose: OrganisationId,
    listed: &[String],
    held: &[HeldBefore],
) -> Result<BTreeMap<String, ServiceId>> {
    let named: BTreeSet<&String> =
        held.iter().filter_map(|before| before.covered.as_ref()).flatten().collect();
    let ended: Vec<String> = named.into_iter().filter(|name| !listed.contains(name)).cloned().collect();
    check(listed).and_then(|()| check(&ended)).map_err(unusable)?;
    let now = tx.now();
    let mut services = BTreeMap::new();
    let all = listed.iter().map(|name| (name, None)).chain(ended.iter().map(|name| (name, Some(now))));
    for (position, (name, ended_at)) in (1_i64..).zip(all) {
        let id: ServiceId = diesel::insert_into(organisation_service::table)
            .values((
                organisation_service::organisation_id.eq(whose),
                organisation_service::position.eq(position),
                organisation_service::name.eq(name),
                organisation_service::ended_at.eq(ended_at),
            ))
            .returning(organisation_service::id)
            .get_result(tx.conn())?;
        services.insert(name.clone(), id);
    }
    Ok(services)
}

/// The certificate with its scope as numbers of services, if there is no fault in it.
fn certificate_of(before: &HeldBefore, services: &BTreeMap<String, ServiceId>) -> Result<NewCertificate> {
    let wrong = |message: &str| Error::field("export", format!("{UNUSABLE}: {message}"));
    let kind =
        CertificateKind::new(&before.kind).map_err(|_| wrong("a certificate is of a kind that is none"))?;
    let texts = [&before.body, &before.accreditation, &before.number];
    let too_long = |text: &str, limit: usize| text.chars().count() > limit;
    let reason = before.withdrawn.as_ref().map_or("", |(_, reason)| reason.as_str());
    if texts.iter().any(|text| too_long(text, TEXT_LIMIT)) || too_long(reason, REASON_LIMIT) {
        return Err(wrong("a text of a certificate is too long"));
    }
    let scope = match &before.covered {
        None => Scope::Whole,
        Some(names) => Scope::Services(names.iter().filter_map(|name| services.get(name).copied()).collect()),
    };
    let new = NewCertificate {
        kind,
        edition: before.edition.clone(),
        body: before.body.clone(),
        accreditation: before.accreditation.clone(),
        number: before.number.clone(),
        scope,
        issued_on: before.issued_on,
        valid_from: before.valid_from,
        valid_to: before.valid_to,
    };
    match faults(&new).into_iter().next() {
        None => Ok(new),
        Some(fault) => Err(wrong(&format!("a certificate has a fault. {}", fault.message))),
    }
}

const UNUSABLE: &str = "The export cannot be used";

/// The same refusal, told of the export.
fn unusable(error: Error) -> Error {
    match error {
        Error::Invalid(list) => {
            let first = list.into_iter().next().map(|first| first.message).unwrap_or_default();
            Error::field("export", format!("{UNUSABLE}: {first}"))
        }
        other => other,
    }
}
