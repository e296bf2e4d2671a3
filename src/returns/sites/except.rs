//! Answers that differ for a site: saved for one or for many at once, taken away, and the evidence beside them.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::json;

use super::arrangement::Askings;
use super::exclude::{arranged, entries_named};
use super::model::Entry;
use super::store;
use crate::access::{ExceptSites, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EvidenceId, ExceptionId, OrganisationId, PieceId, RequirementId};
use crate::returns::evidence::must_be_draft;
use crate::returns::library::{ScanState, hold_newest};
use crate::returns::save_answer::NewAnswer;
use crate::returns::start::stored_value;
use crate::returns::store::Found;
use crate::schema::{site_exception, site_exception_evidence};
use crate::standards::Asked;

/// Codes that a message names.
const NAMED: usize = 5;

/// For whom an answer is.
#[derive(Debug, Clone)]
pub enum For {
    /// One site, over the version that the person saw.
    One(String),
    /// Several sites at once; what differs there already is replaced only where the person said so.
    Many {
        /// Their codes.
        codes: Vec<String>,
        /// Whether answers that are there already are replaced.
        replace: bool,
    },
}

/// Saves an answer that differs, for one site or many; gives how many.
///
/// # Errors
/// [`Error::Invalid`] at `codes` when a site is unknown or not asked the requirement, or has an answer already;
/// [`Error::Conflict`] when a colleague has changed the one in the meantime.
pub fn save_exceptions(
    tx: &mut Tx<'_>,
    permit: &Permit<ExceptSites>,
    found: &Found,
    whom: &For,
    new: &NewAnswer,
) -> Result<Recorded<usize>> {
    found.must_be_of(permit)?;
    must_be_draft(tx, found)?;
    if new.value.is_none() {
        return Err(Error::broken("an answer for a site needs a value"));
    }
    let arrangement = arranged(tx, found)?;
    let codes = match whom {
        For::One(code) => std::slice::from_ref(code),
        For::Many { codes, .. } => codes.as_slice(),
    };
    let sites = entries_named(&arrangement, codes)?;
    must_be_asked(found, &sites, new.requirement)?;
    let there: HashMap<OrganisationId, (ExceptionId, i64)> = arrangement
        .exceptions
        .iter()
        .filter(|exception| exception.requirement == new.requirement)
        .map(|exception| (exception.site, (exception.id, exception.version)))
        .collect();
    if let For::Many { replace: false, .. } = whom {
        must_be_new(&sites, &there)?;
    }
    let value = stored_value(new.value.as_ref())?;
    for site in &sites {
        match (there.get(&site.id).copied(), whom) {
            (Some((_, version)), For::One(_)) if version != new.version => return Err(changed()),
            (Some((id, version)), _) => update(tx, permit, id, version, (&value, &new.comment))?,
            (None, For::One(_)) if new.version != 0 => return Err(changed()),
            (None, _) => insert(tx, permit, found, site, new, &value)?,
        }
    }
    let ids: Vec<OrganisationId> = sites.iter().map(|site| site.id).collect();
    let data = json!({
        "return": found.id,
        "requirement": new.requirement,
        "sites": ids,
        "value_sha256": hex(&sha256(value.as_bytes())),
        "comment_sha256": hex(&sha256(new.comment.as_bytes())),
    });
    let event = Event::of(permit, "site_exception_saved", format!("return/{}", found.id), data);
    ledger::append(tx, &event, sites.len())
}

fn changed() -> Error {
    Error::Conflict("A colleague changed this answer in the meantime.".to_owned())
}

/// An answer to what a site is not asked would count for nothing, so it is not taken.
fn must_be_asked(found: &Found, sites: &[&Entry], requirement: RequirementId) -> Result<()> {
    let position = found.edition.position_of(requirement).ok_or(Error::NotFound)?;
    let mut askings = Askings::new(&found.edition);
    let mut not_asked = Vec::new();
    for site in sites {
        let asked = askings.of(&site.sector, &site.profile)?;
        if asked.get(position).is_none_or(|asked| *asked == Asked::NotAsked) {
            not_asked.push(site.code.as_str());
        }
    }
    refuse(&not_asked, "The requirement is not asked of")
}

fn must_be_new(sites: &[&Entry], there: &HashMap<OrganisationId, (ExceptionId, i64)>) -> Result<()> {
    let taken: Vec<&str> =
        sites.iter().filter(|site| there.contains_key(&site.id)).map(|site| site.code.as_str()).collect();
    refuse(&taken, "Tick that answers are to be replaced: there is one already for")
}

fn refuse(codes: &[&str], what: &str) -> Result<()> {
    if codes.is_empty() {
        return Ok(());
    }
    let shown: Vec<&str> = codes.iter().copied().take(NAMED).collect();
    let more = if codes.len() > NAMED { " and others" } else { "" };
    Err(Error::field("codes", format!("{what} {}{more}", shown.join(", "))))
}

/// Two people who save the first answer of a site at once meet at the uniqueness of the row, which is a conflict too.
fn insert(
    tx: &mut Tx<'_>,
    permit: &Permit<ExceptSites>,
    found: &Found,
    site: &Entry,
    new: &NewAnswer,
    value: &str,
) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(site_exception::table)
        .values((
            site_exception::return_id.eq(found.id),
            site_exception::organisation_id.eq(found.organisation),
            site_exception::site_id.eq(site.id),
            site_exception::requirement_id.eq(new.requirement),
            site_exception::value.eq(value),
            site_exception::comment.eq(&new.comment),
            site_exception::version.eq(1_i64),
            site_exception::updated_at.eq(now),
            site_exception::updated_by.eq(permit.actor().id()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn update(
    tx: &mut Tx<'_>,
    permit: &Permit<ExceptSites>,
    id: ExceptionId,
    version: i64,
    (value, comment): (&str, &str),
) -> Result<()> {
    let now = tx.now();
    let updated = diesel::update(
        site_exception::table.filter(site_exception::id.eq(id)).filter(site_exception::version.eq(version)),
    )
    .set((
        site_exception::value.eq(value),
        site_exception::comment.eq(comment),
        site_exception::version.eq(version + 1),
        site_exception::updated_at.eq(now),
        site_exception::updated_by.eq(permit.actor().id()),
    ))
    .execute(tx.conn())?;
    if updated == 1 { Ok(()) } else { Err(changed()) }
}

/// Takes a site's own answer away: the head office's counts for it again.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn remove_exception(
    tx: &mut Tx<'_>,
    permit: &Permit<ExceptSites>,
    found: &Found,
    site: &str,
    requirement: RequirementId,
) -> Result<Recorded<()>> {
    found.must_be_of(permit)?;
    must_be_draft(tx, found)?;
    let (id, whose) = the_one(tx, found, site, requirement)?;
    diesel::delete(site_exception_evidence::table.filter(site_exception_evidence::exception_id.eq(id)))
        .execute(tx.conn())?;
    diesel::delete(site_exception::table.filter(site_exception::id.eq(id))).execute(tx.conn())?;
    let data = json!({"return": found.id, "requirement": requirement, "sites": [whose]});
    let event = Event::of(permit, "site_exception_removed", format!("return/{}", found.id), data);
    ledger::append(tx, &event, ())
}

fn the_one(
    tx: &mut Tx<'_>,
    found: &Found,
    site: &str,
    requirement: RequirementId,
) -> Result<(ExceptionId, OrganisationId)> {
    let arrangement = arranged(tx, found)?;
    let site = arrangement.entry(site).ok_or(Error::NotFound)?.id;
    let exception = store::exception(tx.conn(), found.id, site, requirement)?.ok_or(Error::NotFound)?;
    Ok((exception.id, site))
}

/// Puts a piece of the library beside a site's own answer. One that stands there already stays once.
///
/// # Errors
/// [`Error::NotFound`] when the site has no answer of its own, or the piece is not in the library.
pub fn attach_to_exception(
    tx: &mut Tx<'_>,
    permit: &Permit<ExceptSites>,
    found: &Found,
    (site, requirement): (&str, RequirementId),
    piece: PieceId,
) -> Result<Recorded<()>> {
    found.must_be_of(permit)?;
    must_be_draft(tx, found)?;
    let (id, _) = the_one(tx, found, site, requirement)?;
    let (version, scan) = hold_newest(tx, found.organisation, piece)?.ok_or(Error::NotFound)?;
    if scan == ScanState::Refused {
        return Err(Error::field("piece", "A file that the malware scan refused cannot be attached"));
    }
    let now = tx.now();
    let row = (
        site_exception_evidence::exception_id.eq(id),
        site_exception_evidence::evidence_id.eq(version),
        site_exception_evidence::organisation_id.eq(found.organisation),
        site_exception_evidence::linked_at.eq(now),
        site_exception_evidence::linked_by.eq(permit.actor().id()),
    );
    crate::each!(tx.conn(), c => diesel::insert_into(site_exception_evidence::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    let data = json!({"return": found.id, "requirement": requirement, "evidence": version, "exception": id});
    let event = Event::of(permit, "site_evidence_attached", format!("return/{}", found.id), data);
    ledger::append(tx, &event, ())
}

/// Takes a piece away from a site's own answer.
///
/// # Errors
/// [`Error::NotFound`] when it does not stand there.
pub fn detach_from_exception(
    tx: &mut Tx<'_>,
    permit: &Permit<ExceptSites>,
    found: &Found,
    (site, requirement): (&str, RequirementId),
    evidence: EvidenceId,
) -> Result<Recorded<()>> {
    found.must_be_of(permit)?;
    must_be_draft(tx, found)?;
    let (id, _) = the_one(tx, found, site, requirement)?;
    let taken = diesel::delete(
        site_exception_evidence::table
            .filter(site_exception_evidence::exception_id.eq(id))
            .filter(site_exception_evidence::evidence_id.eq(evidence)),
    )
    .execute(tx.conn())?;
    if taken == 0 {
        return Err(Error::NotFound);
    }
    let data = json!({"return": found.id, "requirement": requirement, "evidence": evidence, "exception": id});
    let event = Event::of(permit, "site_evidence_detached", format!("return/{}", found.id), data);
    ledger::append(tx, &event, ())
}
