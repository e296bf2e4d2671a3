//! One review covers a head office and its sites: when it is final, what the reviewer changed is applied to each site's
//! own submission, except where the site has an answer of its own, and each gets its own grade.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::case::{Case, rule_set_of};
use super::letters::{Conclusion, conclusions, in_force};
use super::model::{DecisionOutcome, ReviewState};
use super::store::Found;
use crate::access::{Actor, DecideSite, Permit, Subject};
use crate::ledger::{self, Difference, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, ReviewId, SubmissionId};
use crate::platform::jobs;
use crate::returns::{self, FilingLine, LineState, ReturnState, Submission};
use crate::schema::{annual_return, review, site_outcome};
use crate::standards::scoring::{ReassessError, Score, reassess};
use crate::standards::{Asked, RequirementCode};

/// The kind of the jobs that apply a review to sites; the payload is the review's number and the place to begin at.
pub(super) const DECIDE: &str = "review.sites";

/// Seconds until another look while sites are still being submitted.
pub(super) const AGAIN: i64 = 30;

/// Sites that one job decides, in one change.
const CHUNK: i64 = 50;

/// Queues the jobs that apply a conclusion of a review to the sites of its submission; none where it covers none.
pub(super) fn queue(tx: &mut Tx<'_>, of: &Found, conclusion: i64) -> Result<()> {
    let Some(filing) = returns::filing_of(tx.conn(), of.review.submission)? else { return Ok(()) };
    let (now, mut from) = (tx.now(), 0);
    let lines = returns::filing_lines(tx.conn(), filing.id, 0, i64::MAX)?;
    let last = lines.last().map_or(-1, |line| line.position);
    while from <= last {
        let payload = format!("{}/{from}", of.review.id);
        jobs::enqueue(tx, DECIDE, &payload, now, Some(&format!("{DECIDE}/{payload}/{conclusion}")))?;
        from += CHUNK;
    }
    Ok(())
}

pub(super) fn parsed(payload: &str) -> Option<(ReviewId, i64)> {
    let (id, from) = payload.split_once('/')?;
    Some((id.parse().ok()?, from.parse().ok()?))
}

/// The lines of a part, of the list that the review's submission fixed.
fn lines(conn: &mut Conn, id: ReviewId, from: i64) -> Result<Vec<FilingLine>> {
    let of = super::store::review(conn, id)?.submission;
    match returns::filing_of(conn, of)? {
        Some(filing) => returns::filing_lines(conn, filing.id, from, CHUNK),
        None => Ok(Vec::new()),
    }
}

/// Sites of a part that can be decided now, and sites that are still being submitted. A review that was taken up again
/// decides nothing until it is concluded anew, which queues jobs of its own.
pub(super) fn left(conn: &mut Conn, id: ReviewId, from: i64) -> Result<(usize, usize)> {
    if super::store::review(conn, id)?.state != ReviewState::Decided {
        return Ok((0, 0));
    }
    let since = in_force(conn, id)?.map(|conclusion| conclusion.decided_at);
    let lines = lines(conn, id, from)?;
    let waiting = lines.iter().filter(|line| line.state == LineState::Queued).count();
    Ok((undecided(conn, &lines, since)?.len(), waiting))
}

/// The submissions of these lines that stand for their site and have no outcome of the conclusion in force.
fn undecided(conn: &mut Conn, lines: &[FilingLine], since: Option<Timestamp>) -> Result<Vec<SubmissionId>> {
    let sent: Vec<SubmissionId> = lines
        .iter()
        .filter(|line| matches!(line.state, LineState::Filed | LineState::Stands))
        .filter_map(|line| line.submission)
        .collect();
    let decided: Vec<SubmissionId> = site_outcome::table
        .filter(site_outcome::submission_id.eq_any(sent.clone()))
        .filter(site_outcome::decided_at.ge(since.unwrap_or(Timestamp::from_micros(0))))
        .select(site_outcome::submission_id)
        .load(conn)?;
    let standing: Vec<Option<SubmissionId>> = annual_return::table
        .filter(annual_return::submission_id.eq_any(sent.clone()))
        .filter(annual_return::state.eq_any([
            ReturnState::Submitted,
            ReturnState::Decided,
            ReturnState::Published,
        ]))
        .select(annual_return::submission_id)
        .load(conn)?;
    Ok(sent.into_iter().filter(|id| !decided.contains(id) && standing.contains(&Some(*id))).collect())
}

/// Gives the sites of a part their grades.
///
/// # Errors
/// [`Error::Conflict`] when another worker was first.
pub(super) fn apply(tx: &mut Tx<'_>, id: ReviewId, from: i64) -> Result<Recorded<usize>> {
    let case = Case::load(tx.conn(), id)?;
    if case.found.review.state != ReviewState::Decided {
        return Err(Error::broken(format!("review {id} is not final")));
    }
    let conclusion = in_force(tx.conn(), id)?;
    let lines = lines(tx.conn(), id, from)?;
    let changed = changes(&case, conclusion.as_ref())?;
    let left = undecided(tx.conn(), &lines, conclusion.map(|conclusion| conclusion.decided_at))?;
    let mut last = None;
    for one in &left {
        let sent = returns::submission(tx.conn(), *one)?;
        let score = assessed(&case, &sent, &changed)?;
        last = Some(decide(tx, &case, &sent, &score)?);
    }
    last.map(|recorded| recorded.map(|()| left.len()))
        .ok_or_else(|| Error::Conflict("The sites have been decided already.".to_owned()))
}

/// What the reviewer changed, as kept with a conclusion; where the claim stands, a site's own claim stands too.
fn changes(case: &Case, conclusion: Option<&Conclusion>) -> Result<BTreeMap<RequirementCode, u8>> {
    let Some(conclusion) = conclusion else { return Ok(decided_now(case)) };
    let kept = conclusion.kept_decisions()?;
    let changed = kept.into_iter().filter(|kept| kept.outcome != DecisionOutcome::Agree);
    Ok(changed
        .filter_map(|kept| {
            let requirement = case.edition().requirement(&kept.requirement)?;
            Some((requirement.code.clone(), kept.assessed))
        })
        .collect())
}

/// What the reviewer changed in a review that was decided before conclusions were kept.
fn decided_now(case: &Case) -> BTreeMap<RequirementCode, u8> {
    case.requirements()
        .filter_map(|(requirement, line)| {
            let decision = line.decision.as_ref()?;
            (decision.outcome != DecisionOutcome::Agree)
                .then(|| (requirement.code.clone(), decision.assessed))
        })
        .collect()
}

/// The score of a site with what the reviewer changed in it.
fn assessed(case: &Case, sent: &Submission, changed: &BTreeMap<RequirementCode, u8>) -> Result<Score> {
    let snapshot = sent.parsed()?;
    let own = snapshot.filed_by.as_ref().map(|by| by.exceptions.as_slice()).unwrap_or_default();
    let claimed = sent.parsed_score()?;
    let asked = |code: &RequirementCode| {
        claimed.requirement(code.as_str()).is_some_and(|score| score.asked != Asked::NotAsked)
    };
    let input = returns::score_input(&snapshot, case.edition(), sent.submitted_at.london_day())?;
    let mut found: BTreeMap<RequirementCode, u8> = changed
        .iter()
        .filter(|(code, _)| asked(code) && !own.iter().any(|own| own == code.as_str()))
        .map(|(code, byte)| (code.clone(), *byte))
        .collect();
    loop {
        match reassess(case.edition(), &input, &found) {
            Ok(both) => return Ok(both.assessed),
            // What is optional for the head office can mean nothing for a site that must answer it.
            Err(ReassessError::BadStatus { code, .. }) if found.remove(&code).is_some() => {}
            Err(error) => {
                return Err(Error::internal("failed to apply a review to a site", error.to_string()));
            }
        }
    }
}

fn decide(tx: &mut Tx<'_>, case: &Case, sent: &Submission, score: &Score) -> Result<Recorded<()>> {
    let now = tx.now();
    let text = score.to_canonical_json();
    let permit = permit(sent.organisation)?;
    let again = diesel::update(site_outcome::table.filter(site_outcome::submission_id.eq(sent.id)))
        .set((
            site_outcome::assessed_grade.eq(score.grade.as_str()),
            site_outcome::assessed_levels.eq(score.levels_vector()),
            site_outcome::assessed_score.eq(&text),
            site_outcome::decided_at.eq(now),
        ))
        .execute(tx.conn())?;
    if again == 1 {
        returns::mark_regraded(tx, &permit, sent.return_id, score.grade.as_str())?;
    } else {
        diesel::insert_into(site_outcome::table)
            .values((
                site_outcome::submission_id.eq(sent.id),
                site_outcome::organisation_id.eq(sent.organisation),
                site_outcome::review_id.eq(case.found.review.id),
                site_outcome::assessed_grade.eq(score.grade.as_str()),
                site_outcome::assessed_levels.eq(score.levels_vector()),
                site_outcome::assessed_score.eq(&text),
                site_outcome::decided_at.eq(now),
            ))
            .execute(tx.conn())?;
        returns::mark_site_decided(tx, &permit, sent.return_id, score.grade.as_str())?;
    }
    let data = json!({
        "review": case.found.review.id,
        "claimed_grade": sent.claimed_grade,
        "assessed_grade": score.grade,
        "score_sha256": hex(&sha256(text.as_bytes())),
    });
    ledger::append(tx, &Event::of(&permit, "site_decided", format!("submission/{}", sent.id), data), ())
}

fn permit(site: OrganisationId) -> Result<Permit<DecideSite>> {
    let subject = Subject { kind: "site", id: site.get(), organisation: Some(site), state: "" };
    Permit::grant(&Actor::system(), Some(subject))
}

/// Recomputes the outcome of every site; how many there are, and everything that differs.
pub(super) fn verify(conn: &mut Conn) -> Result<(usize, Vec<Difference>)> {
    let all: Vec<(ReviewId, SubmissionId, String, Vec<u8>, String, Timestamp)> = site_outcome::table
        .inner_join(review::table.on(review::id.eq(site_outcome::review_id)))
        .order((site_outcome::review_id, site_outcome::submission_id))
        .select((
            site_outcome::review_id,
            site_outcome::submission_id,
            site_outcome::assessed_grade,
            site_outcome::assessed_levels,
            site_outcome::assessed_score,
            site_outcome::decided_at,
        ))
        .load(conn)?;
    let told = ledger::told(conn, &["site_decided"])?;
    let mut differences = Vec::new();
    let mut known: Option<((ReviewId, String), Case, Vec<Conclusion>)> = None;
    for (id, sent, grade, levels, text, at) in &all {
        let wanted = (*id, rule_set_of(text)?);
        if known.as_ref().is_none_or(|(other, ..)| *other != wanted) {
            let case = Case::load(conn, *id)?.under(conn, &wanted.1)?;
            known = Some((wanted, case, conclusions(conn, *id)?));
        }
        let Some((_, case, conclusions)) = &known else { continue };
        let of = conclusions.iter().rfind(|conclusion| conclusion.decided_at <= *at);
        let score = assessed(case, &returns::submission(conn, *sent)?, &changes(case, of)?)?;
        let event = told.get(&format!("submission/{sent}"));
        let recorded = event.and_then(|data| data.get("score_sha256")).and_then(serde_json::Value::as_str);
        let same = score.to_canonical_json() == *text
            && score.levels_vector() == *levels
            && score.grade.as_str() == grade
            && recorded == Some(hex(&sha256(text.as_bytes())).as_str());
        if !same {
            let how = "its outcome is not the one that the review of its head office gives".to_owned();
            differences.push(Difference { what: format!("submission {sent}"), how });
        }
    }
    Ok((all.len(), differences))
}
