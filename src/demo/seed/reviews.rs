//! The review of a submission as rows: queued, claimed, waiting for an answer, waiting for a second reviewer, or decided.

use std::collections::BTreeMap;

use super::super::nation::prose::reviews::Verdict;
use super::super::nation::returns::ReturnRecord;
use super::super::nation::review::{Review as Made, Side};
use super::returns::{Maker, Sent};
use super::rows::{DecisionRow, MessageRow, QueryRow, ReviewRow, Rows};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, QueryId};
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
        clock_stopped_at: stopped(made),
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
        clock_stopped_at: None,
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

/// Since when the reviewer's clock stands still: the first question that nobody has answered.
fn stopped(made: &Made) -> Option<Timestamp> {
    let open = made.queries.iter().filter(|query| !query.closed);
    open.filter_map(|query| query.messages.first()).map(|message| Timestamp::from(message.at)).min()
}

/// The most queries of one review, for their numbers.
const QUERIES_OF_ONE: i64 = 1000;

/// Each query with its thread.
fn queries(rows: &mut Rows, maker: &Maker<'_>, sent: &Sent, made: &Made) -> Result<()> {
    for (query, index) in made.queries.iter().zip(1_i64..QUERIES_OF_ONE) {
        let Some(question) = query.messages.iter().find(|m| m.side == Side::Central) else { continue };
        let Some(last) = query.messages.last() else { continue };
        let id = QueryId::new(sent.review.get() * QUERIES_OF_ONE + index);
        let asked_by = person(maker, question.author.index())?;
        let due_at = Day::from(query.due).plus_days(1).start();
        let reply = query.messages.iter().rev().find(|m| m.side == Side::Organisation);
        let agreed = made
            .decisions
            .iter()
            .any(|decision| decision.requirement == query.requirement && decision.verdict == Verdict::Agree);
        let outcome = match (reply, agreed) {
            (None, _) => "not_answered",
            (Some(_), true) => "stands",
            (Some(_), false) => "does_not_stand",
        };
        rows.queries.push(QueryRow {
            id,
            review_id: sent.review,
            organisation_id: sent.organisation,
            requirement_id: maker.requirement(query.requirement)?,
            state: if query.closed { "closed" } else { "open" },
            asked_by,
            asked_at: Timestamp::from(question.at),
            due_at,
            replied_at: reply.map(|m| Timestamp::from(m.at)),
            outcome: query.closed.then_some(outcome),
            closing_note: query.closed.then_some(""),
            closed_by: query.closed.then_some(asked_by),
            closed_at: query.closed.then(|| Timestamp::from(last.at)),
        });
        for message in &query.messages {
            let (author, at) = (person(maker, message.author.index())?, Timestamp::from(message.at));
            let theirs = message.side == Side::Organisation;
            rows.messages.push(MessageRow {
                query_id: id,
                organisation_id: sent.organisation,
                side: if theirs { "organisation" } else { "centre" },
                text: message.text.clone(),
                author_id: author,
                written_at: at,
                sent_by: Some(author),
                sent_at: Some(at),
                standing: if theirs && at > due_at { "late" } else { "in_time" },
            });
        }
    }
    Ok(())
}

fn person(maker: &Maker<'_>, index: usize) -> Result<PersonId> {
    maker.seeding.people.get(index).copied().ok_or_else(|| Error::broken("a demo review names nobody"))
}
