//! The review of a submission as rows: queued, claimed, waiting for an answer, waiting for a second reviewer, or decided.

use std::collections::BTreeMap;

use super::super::nation::prose::reviews::Verdict;
use super::super::nation::returns::ReturnRecord;
use super::super::nation::review::{Review as Made, Side};
use super::returns::{Maker, Sent};
use super::rows::{DecisionRow, QueryRow, ReviewRow, Rows};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;
use crate::returns::score_input;
use crate::review::{TARGET_WORKING_DAYS, due_after};
use crate::standards::RequirementCode;
use crate::standards::scoring::{Score, reassess};

/// Makes the review of a submission: in the running year every submission has one, in past years those that were
/// looked at. Gives the grade that was decided, if one was.
pub(super) fn make(
    rows: &mut Rows,
    maker: &Maker<'_>,
    record: &ReturnRecord,
    sent: &Sent,
) -> Result<Option<String>> {
    let Some(made) = &record.review else {
        if maker.collection.is_open {
            rows.reviews.push(queued(maker, sent));
        }
        return Ok(None);
    };
    let open_query = made.queries.iter().any(|q| !q.closed);
    let state = match (made.finished_at, open_query) {
        (Some(_), _) => "decided",
        (None, true) => "query",
        (None, false) if made.awaits_second => "second",
        (None, false) => "claimed",
    };
    let scored = matches!(state, "decided" | "second");
    let done = state == "decided";
    let assessed = if scored { Some(assess(maker, sent, made)?) } else { None };
    let reviewer = person(maker, made.reviewer.index())?;
    let second = made.second.as_ref().map(|s| person(maker, s.reviewer.index())).transpose()?;
    let grade = assessed.as_ref().map(|score| score.grade.as_str().to_owned());
    rows.reviews.push(ReviewRow {
        state,
        reviewer_id: Some(reviewer),
        second_reviewer_id: second.filter(|_| done),
        assessed_grade: grade.clone(),
        assessed_levels: assessed.as_ref().map(Score::levels_vector),
        assessed_score: assessed.as_ref().map(Score::to_canonical_json),
        summary: made.summary.clone(),
        claimed_at: Some(Timestamp::from(made.claimed_at)),
        due_at: Day::from(made.due).plus_days(1).start(),
        decided_at: made.finished_at.map(Timestamp::from),
        ..queued(maker, sent)
    });
    decisions(rows, maker, sent, made, reviewer)?;
    queries(rows, maker, sent, made)?;
    Ok(grade.filter(|_| done))
}

fn queued(maker: &Maker<'_>, sent: &Sent) -> ReviewRow {
    ReviewRow {
        id: sent.review,
        submission_id: sent.submission,
        return_id: sent.return_id,
        organisation_id: sent.organisation,
        collection_id: maker.collection.id,
        state: "queued",
        reviewer_id: None,
        second_reviewer_id: None,
        claimed_grade: sent.claimed_grade.clone(),
        assessed_grade: None,
        assessed_levels: None,
        assessed_score: None,
        summary: String::new(),
        queued_at: sent.submitted_at,
        claimed_at: None,
        due_at: due_after(sent.submitted_at, TARGET_WORKING_DAYS),
        decided_at: None,
    }
}

/// The score that follows from the reviewer's decisions, by the same engine that a real review uses.
fn assess(maker: &Maker<'_>, sent: &Sent, made: &Made) -> Result<Score> {
    let edition = maker.edition()?;
    let input = score_input(&sent.snapshot, edition, sent.submitted_at.london_day())?;
    let bytes: BTreeMap<RequirementCode, u8> = made
        .decisions
        .iter()
        .filter_map(|d| Some((edition.requirements().get(d.requirement)?.code.clone(), d.assessed)))
        .collect();
    let found = reassess(edition, &input, &bytes)
        .map_err(|e| Error::internal("failed to assess a demo review", e))?;
    Ok(found.assessed)
}

fn decisions(rows: &mut Rows, maker: &Maker<'_>, sent: &Sent, made: &Made, reviewer: PersonId) -> Result<()> {
    for decision in &made.decisions {
        let outcome = match decision.verdict {
            Verdict::Agree => "agree",
            Verdict::Downgrade => "downgrade",
            Verdict::Upgrade => "upgrade",
        };
        rows.decisions.push(DecisionRow {
            review_id: sent.review,
            organisation_id: sent.organisation,
            requirement_id: maker.requirement(decision.requirement)?,
            outcome,
            assessed_level: i64::from(decision.assessed),
            reason: decision.reason.clone(),
            version: 1,
            decided_by: reviewer,
            decided_at: Timestamp::from(decision.at),
        });
    }
    Ok(())
}

/// Each query with its first question and, where there is one, the organisation's first reply.
fn queries(rows: &mut Rows, maker: &Maker<'_>, sent: &Sent, made: &Made) -> Result<()> {
    for query in &made.queries {
        let Some(question) = query.messages.iter().find(|m| m.side == Side::Central) else { continue };
        let reply = query.messages.iter().find(|m| m.side == Side::Organisation);
        rows.queries.push(QueryRow {
            review_id: sent.review,
            organisation_id: sent.organisation,
            requirement_id: maker.requirement(query.requirement)?,
            question: question.text.clone(),
            asked_by: person(maker, question.author.index())?,
            asked_at: Timestamp::from(question.at),
            due_at: Day::from(query.due).plus_days(1).start(),
            reply: reply.map(|m| m.text.clone()),
            replied_by: reply.map(|m| person(maker, m.author.index())).transpose()?,
            replied_at: reply.map(|m| Timestamp::from(m.at)),
        });
    }
    Ok(())
}

fn person(maker: &Maker<'_>, index: usize) -> Result<PersonId> {
    maker.seeding.people.get(index).copied().ok_or_else(|| Error::broken("a demo review names nobody"))
}
