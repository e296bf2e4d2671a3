//! What the pages of a review read, each in one go and after the permit to read it.

use std::collections::BTreeMap;

use super::case::Case;
use super::model::{DecisionOutcome, ReviewState};
use super::snapshot;
use super::store::{self, Query};
use crate::access::{Actor, Permit, ReadReturn, ReadReview};
use crate::identity;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EvidenceId, OrganisationId, PersonId, QueryId, ReviewId};
use crate::returns::{self, EvidenceFile, Filing, FilingLine, SnapshotAnswer, Which};
use crate::standards::{self, AnswerValue, Requirement};

/// A review for somebody of the central team, with the names of its reviewers.
pub(super) struct ForCentre {
    /// The review.
    pub case: Case,
    /// Names of the people in it.
    pub names: BTreeMap<PersonId, String>,
    /// The sites that the submission covers, where it covers any.
    pub sites: Option<Filing>,
}

impl ForCentre {
    /// The name of a person of the review; empty for nobody.
    pub fn name(&self, of: Option<PersonId>) -> &str {
        of.and_then(|id| self.names.get(&id)).map_or("", String::as_str)
    }
}

/// A review, if the actor may read it.
pub(super) fn review(conn: &mut Conn, actor: &Actor, id: ReviewId) -> Result<ForCentre> {
    let case = Case::load(conn, id)?;
    Permit::<ReadReview>::grant(actor, Some(case.found.review.subject()))?;
    let people: Vec<PersonId> =
        [case.found.review.reviewer, case.found.review.second_reviewer].into_iter().flatten().collect();
    let names = if people.is_empty() { BTreeMap::new() } else { identity::names_of(conn, &people)? };
    let sites = returns::filing_of(conn, case.found.review.submission)?;
    Ok(ForCentre { case, names, sites })
}

/// One requirement of a review.
pub(super) struct Workspace {
    /// The review.
    pub of: ForCentre,
    /// The answer as submitted.
    pub answer: SnapshotAnswer,
    /// What the same organisation answered to the same requirement a year ago.
    pub earlier: Option<Earlier>,
}

/// An answer of the year before, with what became of it.
pub(super) struct Earlier {
    /// The answer in words; empty when there was none.
    pub words: Vec<String>,
    /// The final decision and its reason.
    pub decision: Option<(DecisionOutcome, String)>,
}

/// One requirement of a review, if the actor may read it and the organisation was asked it.
pub(super) fn workspace(conn: &mut Conn, actor: &Actor, id: ReviewId, code: &str) -> Result<Workspace> {
    let of = review(conn, actor, id)?;
    if of.case.requirement(code).is_none() {
        return Err(Error::NotFound);
    }
    let answer = answer_of(&of.case, code)?;
    let earlier = earlier(conn, &of.case, code)?;
    Ok(Workspace { of, answer, earlier })
}

fn answer_of(case: &Case, code: &str) -> Result<SnapshotAnswer> {
    snapshot::answer(&case.found.snapshot, code)?.ok_or_else(|| {
        Error::broken(format!("submission {} has no place for {code}", case.found.review.submission))
    })
}

/// The answer in words, as far as it is one; texts that cannot be read are a fault of the stored submission.
pub(super) fn value_of(requirement: &Requirement, answer: &SnapshotAnswer) -> Result<Option<AnswerValue>> {
    if answer.value.is_null() {
        return Ok(None);
    }
    AnswerValue::parse(requirement, &answer.value).map(Some).map_err(|e| {
        Error::internal(format!("failed to read the submitted answer to {}", requirement.code), e)
    })
}

fn earlier(conn: &mut Conn, case: &Case, code: &str) -> Result<Option<Earlier>> {
    let Some(previous) = case.found.previous else { return Ok(None) };
    let Some(submitted) = store::submission_in(conn, case.found.review.organisation, previous)? else {
        return Ok(None);
    };
    let edition = standards::edition(conn, submitted.edition)?;
    let Some(requirement) = edition.requirement(code) else { return Ok(None) };
    let Some(answer) = snapshot::answer(&submitted.snapshot, code)? else { return Ok(None) };
    let value = value_of(requirement, &answer)?;
    let words = value.map(|value| returns::words(requirement, &value)).unwrap_or_default();
    let decision = match submitted.review {
        Some((id, ReviewState::Decided)) => store::decision_by_code(conn, id, code)?,
        _ => None,
    };
    Ok(Some(Earlier { words, decision }))
}

/// A file of the submission under review, if the actor may read the review.
pub(super) fn evidence(
    conn: &mut Conn,
    actor: &Actor,
    id: ReviewId,
    file: EvidenceId,
) -> Result<EvidenceFile> {
    let found = store::find(conn, id)?;
    Permit::<ReadReview>::grant(actor, Some(found.review.subject()))?;
    if !snapshot::has_evidence(&found.snapshot, file)? {
        return Err(Error::NotFound);
    }
    let stored = returns::evidence_file(conn, file)?;
    stored.filter(|stored| stored.organisation == found.review.organisation).ok_or(Error::NotFound)
}

/// The final review of a return, for those in the organisation who may read the whole of it; nothing is there before
/// it is final.
pub(super) fn outcome(
    conn: &mut Conn,
    actor: &Actor,
    of: OrganisationId,
    collection_key: &str,
) -> Result<Case> {
    let found = returns::find(conn, Which::Of(of, collection_key))?.ok_or(Error::NotFound)?;
    found.permit::<ReadReturn>(actor)?;
    let id = store::decided_review(conn, of, collection_key)?.ok_or(Error::NotFound)?;
    Case::load(conn, id)
}

/// A question to an organisation, with the answer that it is about.
pub(super) struct AskedOf {
    /// The question.
    pub query: Query,
    /// Its review.
    pub case: Case,
    /// The requirement's code.
    pub code: String,
    /// The answer as submitted.
    pub answer: SnapshotAnswer,
}

/// A question to the organisation whose return it is about, for whoever there sees the requirement.
pub(super) fn question(
    conn: &mut Conn,
    actor: &Actor,
    of: OrganisationId,
    collection_key: &str,
    id: QueryId,
) -> Result<AskedOf> {
    let query = store::query_to(conn, id, of, collection_key)?;
    let found = returns::find(conn, Which::Of(of, collection_key))?.ok_or(Error::NotFound)?;
    returns::must_see(conn, &found, actor, query.requirement)?;
    let case = Case::load(conn, query.review)?;
    let position = case.found.edition.position_of(query.requirement).ok_or(Error::NotFound)?;
    let requirement = case.edition().requirements().get(position).ok_or(Error::NotFound)?;
    let code = requirement.code.to_string();
    let answer = answer_of(&case, &code)?;
    Ok(AskedOf { query, case, code, answer })
}

/// The most sites that one page lists.
const SITES_LISTED: i64 = 2000;

/// The sites that a review covers, if the actor may read it.
pub(super) fn sites(conn: &mut Conn, actor: &Actor, id: ReviewId) -> Result<(ForCentre, Vec<FilingLine>)> {
    let of = review(conn, actor, id)?;
    let filing = of.sites.as_ref().ok_or(Error::NotFound)?.id;
    let lines = returns::filing_lines(conn, filing, 0, SITES_LISTED)?;
    Ok((of, lines))
}
