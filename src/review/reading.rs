//! What the pages of a review read, each in one go and after the permit to read it.

use std::collections::BTreeMap;

use super::case::Case;
use super::consistency::may_read;
use super::notes::{Note, notes_about};
use super::papers::{Paper, papers};
use super::queries;
use super::store::{self, Beside, Query};
use super::workspace::{Happened, happened};
use crate::access::Actor;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EvidenceId, OrganisationId, PersonId, QueryId, RequirementId, ReviewId};
use crate::returns::{self, EvidenceFile, Filing, FilingLine, SnapshotAnswer, Which};
use crate::standards::{AnswerValue, Requirement};

/// A review for somebody of the central team, with the names of its reviewers.
pub(super) struct ForCentre {
    /// The review.
    pub case: Case,
    /// Names of the people in it.
    pub names: BTreeMap<PersonId, String>,
    /// The sites that the submission covers, where it covers any.
    pub sites: Option<Filing>,
    /// Whether anybody gave it back because of a conflict.
    pub was_given_back: bool,
}

impl ForCentre {
    /// The name of a person of the review; empty for nobody.
    pub fn name(&self, of: Option<PersonId>) -> &str {
        of.and_then(|id| self.names.get(&id)).map_or("", String::as_str)
    }
}

/// A review from above, with what its reader has in it.
pub(super) struct Above {
    /// The review.
    pub of: ForCentre,
    /// Private notes about the whole.
    pub notes: Vec<Note>,
    /// What became of the submission, if it is not to be reviewed any more.
    pub happened: Option<Happened>,
    /// The requirement at which the reader stopped.
    pub stopped_at: Option<RequirementId>,
}

/// A review from above, if the actor may read it. `leafing` is where they are, as far as that is not stored yet.
pub(super) fn overview(
    conn: &mut Conn,
    actor: &Actor,
    id: ReviewId,
    leafing: Option<RequirementId>,
) -> Result<Above> {
    let (of, beside) = with_beside(conn, actor, id)?;
    let notes = if beside.has_notes { notes_about(conn, id, None)? } else { Vec::new() };
    let happened = happened(conn, &of.case)?;
    let mine = of.case.found.review.reviewer.is_some() && of.case.found.review.reviewer == actor.id();
    let stopped_at = if mine { leafing.or(beside.place) } else { None };
    Ok(Above { of, notes, happened, stopped_at })
}

/// A review, if the actor may read it.
pub(super) fn review(conn: &mut Conn, actor: &Actor, id: ReviewId) -> Result<ForCentre> {
    Ok(with_beside(conn, actor, id)?.0)
}

fn with_beside(conn: &mut Conn, actor: &Actor, id: ReviewId) -> Result<(ForCentre, Beside)> {
    let case = Case::load(conn, id)?;
    may_read(conn, actor, &case.found)?;
    let mut beside = store::beside(conn, id, actor.id())?;
    let names = std::mem::take(&mut beside.names);
    let sites =
        if beside.covers_sites { returns::filing_of(conn, case.found.review.submission)? } else { None };
    Ok((ForCentre { case, names, sites, was_given_back: beside.was_given_back }, beside))
}

fn answer_of(case: &Case, code: &str) -> Result<SnapshotAnswer> {
    case.papers.of(code).map(Paper::answer).transpose()?.ok_or_else(|| {
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

/// A file of the submission under review, or of an answer to a question about it, if the actor may read the review.
pub(super) fn evidence(
    conn: &mut Conn,
    actor: &Actor,
    id: ReviewId,
    file: EvidenceId,
) -> Result<EvidenceFile> {
    let found = store::find(conn, id)?;
    // Who scores the submission blind opens what was submitted from there.
    may_read(conn, actor, &found)?;
    if !papers(conn, found.review.submission, &found.snapshot_hash)?.has_file(file)
        && !queries::store::came_with_a_message(conn, id, file)?
    {
        return Err(Error::NotFound);
    }
    let stored = returns::evidence_file(conn, file)?;
    stored.filter(|stored| stored.organisation == found.review.organisation).ok_or(Error::NotFound)
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
