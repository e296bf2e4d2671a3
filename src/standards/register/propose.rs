//! Proposing to change a requirement, with a reason.

use serde_json::json;

use super::model::{ProposalKind, ProposalState, REASON_LIMIT};
use super::store::{self, Proposal};
use crate::access::{Permit, ProposeChange};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ProposalId;
use crate::standards::keys::RequirementCode;
use crate::standards::store::edition_by_key;

/// A proposal to be.
#[derive(Debug, Clone)]
pub struct NewProposal {
    /// The key of the edition.
    pub edition: String,
    /// What it would do.
    pub kind: ProposalKind,
    /// The code of the requirement, or of the one to be.
    pub code: String,
    /// The question as proposed.
    pub text: String,
    /// Why.
    pub reason: String,
}

/// Writes a proposal down.
///
/// # Errors
/// [`Error::Invalid`] beside the field that does not fit.
pub fn propose_change(
    tx: &mut Tx<'_>,
    permit: &Permit<ProposeChange>,
    new: &NewProposal,
) -> Result<Recorded<ProposalId>> {
    let missing = || Error::field("edition", "Select an edition");
    let (found, _) = edition_by_key(tx.conn(), &new.edition)?.ok_or_else(missing)?;
    let code = RequirementCode::new(&new.code).map_err(|why| Error::field("code", why.to_string()))?;
    let is_there = found.edition().requirement(code.as_str()).is_some();
    match (new.kind, is_there) {
        (ProposalKind::Add, true) => {
            return Err(Error::field("code", "The edition has a requirement with this code already"));
        }
        (ProposalKind::Reword | ProposalKind::Retire, false) => {
            return Err(Error::field("code", "The edition has no requirement with this code"));
        }
        _ => {}
    }
    if new.kind != ProposalKind::Retire && new.text.is_empty() {
        return Err(Error::field("text", "Enter the question as you propose it"));
    }
    if new.text.chars().count() > 50_000 {
        return Err(Error::field("text", "Use at most 50,000 characters"));
    }
    if new.reason.is_empty() || new.reason.chars().count() > REASON_LIMIT {
        return Err(Error::field(
            "reason",
            format!("Enter the reason, in at most {REASON_LIMIT} characters"),
        ));
    }
    let proposal = Proposal {
        id: ProposalId::new(0),
        edition: found.id(),
        kind: new.kind,
        code: code.to_string(),
        text: if new.kind == ProposalKind::Retire { String::new() } else { new.text.clone() },
        reason: new.reason.clone(),
        state: ProposalState::Open,
        answer: String::new(),
        proposed_at: tx.now(),
        proposed_by: permit.actor().id(),
    };
    let id = store::insert(tx, &proposal)?;
    let data = json!({
        "edition": new.edition,
        "code": proposal.code,
        "kind": new.kind,
        "text_sha256": hex(&sha256(proposal.text.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "change_proposed", format!("proposal/{id}"), data), id)
}
