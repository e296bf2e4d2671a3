//! Deciding about a proposal: it becomes part of a draft, or is declined with a reason.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::model::{ProposalKind, ProposalState, REASON_LIMIT};
use super::store::{self, Proposal};
use crate::access::{DecideProposal, EditDraft, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionDraftId, ProposalId};
use crate::standards::editing::{Change, Content, Stated, draft, save_draft};
use crate::standards::keys::RequirementCode;
use crate::standards::model::{ItemKind, Requirement, RequirementKind, Scheme};

/// What becomes of a proposal.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It becomes part of this draft.
    Take(EditionDraftId),
    /// It is declined, for this reason.
    Decline(String),
}

/// Decides about the permit's proposal.
///
/// # Errors
/// [`Error::Invalid`] when it does not fit; [`Error::Conflict`] when a colleague was first.
pub fn decide_proposal(
    tx: &mut Tx<'_>,
    permit: &Permit<DecideProposal>,
    verdict: &Verdict,
) -> Result<Recorded<()>> {
    let proposal = store::proposal(tx.conn(), ProposalId::new(permit.id()))?;
    let by = permit.actor().id();
    let (state, into) = match verdict {
        Verdict::Take(into) => {
            let found = draft(tx.conn(), *into)?;
            if found.head.base != Some(proposal.edition) {
                return Err(Error::field("draft", "Select a draft that was begun from the same edition"));
            }
            let edit = Permit::<EditDraft>::grant(permit.actor(), Some(found.head.subject()))?;
            let change = change_of(&proposal, &found.content)?;
            save_draft(tx, &edit, found.head.version, change)?;
            store::decide(tx, proposal.id, (ProposalState::Taken, ""), (Some(*into), by))?;
            (ProposalState::Taken, Some(*into))
        }
        Verdict::Decline(why) => {
            if why.is_empty() || why.chars().count() > REASON_LIMIT {
                return Err(Error::field("answer", "Enter why it is declined"));
            }
            store::decide(tx, proposal.id, (ProposalState::Declined, why), (None, by))?;
            (ProposalState::Declined, None)
        }
    };
    let data = json!({"state": state, "draft": into});
    ledger::append(tx, &Event::of(permit, "proposal_decided", format!("proposal/{}", proposal.id), data), ())
}

/// What taking it changes. Something new begins incomplete: the draft's list of faults leads to what is missing.
fn change_of(proposal: &Proposal, content: &Content) -> Result<Change> {
    let code = RequirementCode::new(&proposal.code).map_err(|_| Error::NotFound)?;
    if proposal.kind == ProposalKind::Add {
        return added(code, proposal, content);
    }
    let continues = |requirement: &&Requirement| {
        content.origins.get(&requirement.code).is_some_and(|origins| origins.contains(&code))
    };
    let gone = || Error::field("draft", "The draft does not ask this any more");
    let found = content.parts.requirements.iter().find(continues).ok_or_else(gone)?;
    if proposal.kind == ProposalKind::Retire {
        return Ok(Change::RemoveRequirement(found.code.clone()));
    }
    let exemptions = content.parts.exemptions.iter().filter(|e| e.requirements.contains(&found.code));
    let stated = Stated {
        requirement: Requirement { text: proposal.text.clone(), ..found.clone() },
        origins: content.origins.get(&found.code).cloned().unwrap_or_default(),
        exemptions: exemptions.map(|exemption| exemption.code.clone()).collect(),
    };
    Ok(Change::EditRequirement(found.code.clone(), Box::new(stated)))
}

fn added(code: RequirementCode, proposal: &Proposal, content: &Content) -> Result<Change> {
    let last = content.parts.requirements.last().map(|requirement| requirement.section.clone());
    let section = last.or_else(|| content.parts.sections.first().map(|section| section.code.clone()));
    let section = section.ok_or_else(|| Error::field("draft", "The draft has no section to put it in"))?;
    let kind = match &content.parts.scheme {
        Scheme::Levels(scheme) => RequirementKind::Level {
            descriptors: vec![String::new(); usize::from(scheme.max_level) + 1],
            may_be_not_relevant: false,
            expected: BTreeMap::new(),
        },
        Scheme::Assertions(_) => RequirementKind::Item { item: ItemKind::Text, mandatory: BTreeSet::new() },
        Scheme::Outcomes {} => RequirementKind::Outcome {
            achieved: Vec::new(),
            partially_achieved: Vec::new(),
            not_achieved: Vec::new(),
            expected: BTreeMap::new(),
        },
    };
    let requirement = Requirement {
        code,
        section,
        title: String::new(),
        text: proposal.text.clone(),
        guidance: None,
        kind,
    };
    let stated = Stated { requirement, origins: BTreeSet::new(), exemptions: BTreeSet::new() };
    Ok(Change::AddRequirement(Box::new(stated)))
}
