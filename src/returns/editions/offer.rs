//! What a newer version of the mapping would fill in a return that was started with an older one, or with none.

use std::collections::{BTreeSet, HashMap};

use super::{SaidBefore, taken};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AnswerId, EvidenceId, MappingId, RequirementId, SubmissionId};
use crate::returns::model::{AnswerState, StoredAnswer};
use crate::returns::start::links_now;
use crate::returns::store::{self, Found};
use crate::standards::mapping::{self, ComparedWith};

/// One answer that would be filled.
#[derive(Debug)]
pub struct Fill {
    /// The position of its requirement.
    pub at: usize,
    /// The requirement.
    pub requirement: RequirementId,
    /// Canonical JSON of the value, or `null`.
    pub value: String,
    /// The comment.
    pub comment: String,
    /// The carried answer whose place it takes, and its version; none where there is no answer.
    pub replaces: Option<(AnswerId, i64)>,
}

/// What would be filled.
#[derive(Debug)]
pub struct TakeOver {
    /// The version of the mapping that is in force.
    pub mapping: MappingId,
    /// What the return would be compared with from then on.
    pub with: ComparedWith,
    /// The submission that the answers are from, where they were submitted.
    pub from: Option<SubmissionId>,
    /// Answers to confirm, in edition order.
    pub fills: Vec<Fill>,
    /// Evidence that would stand beside an answer in addition.
    pub links: BTreeSet<(RequirementId, EvidenceId)>,
}

/// What the mapping in force carries to a return that does not follow it: to questions without an answer, and to those whose
/// answer was only carried forward. Nothing where it fills nothing. What a person has said is never touched.
///
/// # Errors
/// When the database cannot be asked, or something stored cannot be read.
pub fn take_over_of(conn: &mut Conn, found: &Found) -> Result<Option<TakeOver>> {
    let Some(before) = &found.before else { return Ok(None) };
    let with = mapping::compared_with(conn, before.with.edition, &found.edition)?;
    let Some(newer) = with.mapping.filter(|id| before.with.mapping != Some(*id)) else { return Ok(None) };
    let Some(said) = SaidBefore::of(conn, found, |_| true)? else { return Ok(None) };
    let change = mapping::change_of(conn, &with, &found.edition)?;
    let asked = found.edition.edition().asked_of(found.sector, found.profile_key()?.as_ref());
    let taken = taken(&said.answers, &change, &asked)?;
    let answers = store::answers(conn, found.id)?;
    let stored: HashMap<RequirementId, &StoredAnswer> =
        answers.iter().map(|answer| (answer.requirement, answer)).collect();
    let is_free = |id: &RequirementId| {
        stored.get(id).is_none_or(|answer| {
            answer.state == AnswerState::ToConfirm && answer.carried_from == said.submission
        })
    };
    let row = |at: usize| {
        let id = found.edition.requirement_ids().get(at).copied();
        id.ok_or_else(|| Error::broken("an answer was carried to no requirement"))
    };
    let mut fills = Vec::new();
    for answer in taken.answers {
        let requirement = row(answer.to)?;
        let own = stored.get(&requirement);
        let is_there = own.is_some_and(|own| own.value == answer.value && own.comment == answer.comment);
        if is_there || !is_free(&requirement) {
            continue;
        }
        fills.push(Fill {
            at: answer.to,
            requirement,
            value: answer.value,
            comment: answer.comment,
            replaces: own.map(|own| (own.id, own.version)),
        });
    }
    let mut wanted = Vec::new();
    for (at, file) in taken.evidence {
        wanted.push((row(at)?, file));
    }
    wanted.retain(|(requirement, _)| is_free(requirement));
    let mut links = links_now(conn, found.organisation, wanted)?;
    for file in store::attached(conn, found.id, None)? {
        links.remove(&(file.requirement, file.id));
    }
    if fills.is_empty() && links.is_empty() {
        return Ok(None);
    }
    Ok(Some(TakeOver { mapping: newer, with, from: said.submission, fills, links }))
}
