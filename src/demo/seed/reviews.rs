//! The review of a submission: queued, claimed, waiting for an answer, waiting for a second reviewer, or decided.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::super::nation::prose::reviews::Verdict;
use super::super::nation::returns::ReturnRecord;
use super::super::nation::review::{Review as Made, Side};
use super::returns::{Step, WrittenReturn};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, ReviewId};
use crate::returns::score_input;
use crate::review::{TARGET_WORKING_DAYS, due_after};
use crate::schema::{annual_return, review, review_decision, review_query};
use crate::standards::RequirementCode;
use crate::standards::scoring::{Score, reassess};

/// Writes the review of a submission: in the running year every submission has one, in past years those that were
/// looked at.
pub(super) fn write(
    tx: &mut Tx<'_>,
    step: &Step<'_>,
    record: &ReturnRecord,
    sent: &WrittenReturn,
) -> Result<()> {
    let Some(made) = &record.review else {
        if step.collection.is_open {
            queue(tx, step, sent)?;
        }
        return Ok(());
    };
    let assessed = assess(step, record, sent, made)?;
    let reviewer = person(step, made.reviewer.index())?;
    let second = made.second.as_ref().map(|s| person(step, s.reviewer.index())).transpose()?;
    let open_query = made.queries.iter().any(|q| !q.closed);
    let state = match (made.finished_at, open_query) {
        (Some(_), _) => "decided",
        (None, true) => "query",
        (None, false) => "claimed",
    };
    let done = state == "decided";
    let id: ReviewId = diesel::insert_into(review::table)
        .values((
            review::submission_id.eq(sent.submission),
            review::return_id.eq(sent.id),
            review::organisation_id.eq(sent.organisation),
            review::collection_id.eq(step.collection.id),
            review::state.eq(state),
            review::reviewer_id.eq(Some(reviewer)),
            review::second_reviewer_id.eq(second.filter(|_| done)),
            review::claimed_grade.eq(&sent.claimed_grade),
            review::assessed_grade.eq(done.then(|| assessed.grade.as_str())),
            review::assessed_levels.eq(done.then(|| assessed.levels_vector())),
            review::assessed_score.eq(done.then(|| assessed.to_canonical_json())),
            review::summary.eq(&made.summary),
            review::queued_at.eq(sent.submitted_at),
            review::claimed_at.eq(Some(Timestamp::from(made.claimed_at))),
            review::due_at.eq(Day::from(made.due).plus_days(1).start()),
            review::decided_at.eq(made.finished_at.map(Timestamp::from)),
        ))
        .returning(review::id)
        .get_result(tx.conn())?;
    decisions(tx, step, sent, made, (id, reviewer))?;
    queries(tx, step, sent, made, id)?;
    if done && record.published.is_none() {
        diesel::update(annual_return::table.filter(annual_return::id.eq(sent.id)))
            .set(annual_return::final_grade.eq(Some(assessed.grade.as_str())))
            .execute(tx.conn())?;
    }
    Ok(())
}

fn queue(tx: &mut Tx<'_>, step: &Step<'_>, sent: &WrittenReturn) -> Result<()> {
    diesel::insert_into(review::table)
        .values((
            review::submission_id.eq(sent.submission),
            review::return_id.eq(sent.id),
            review::organisation_id.eq(sent.organisation),
            review::collection_id.eq(step.collection.id),
            review::state.eq("queued"),
            review::claimed_grade.eq(&sent.claimed_grade),
            review::summary.eq(""),
            review::queued_at.eq(sent.submitted_at),
            review::due_at.eq(due_after(sent.submitted_at, TARGET_WORKING_DAYS)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The score that follows from the reviewer's decisions, by the same engine that a real review uses.
fn assess(step: &Step<'_>, record: &ReturnRecord, sent: &WrittenReturn, made: &Made) -> Result<Score> {
    let edition = step
        .seeding
        .editions
        .get(record.year)
        .ok_or_else(|| Error::broken("a review is of a year that has an edition"))?;
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

fn decisions(
    tx: &mut Tx<'_>,
    step: &Step<'_>,
    sent: &WrittenReturn,
    made: &Made,
    (id, reviewer): (ReviewId, PersonId),
) -> Result<()> {
    for decision in &made.decisions {
        let Some(requirement) = step.collection.requirements.get(decision.requirement) else { continue };
        let outcome = match decision.verdict {
            Verdict::Agree => "agree",
            Verdict::Downgrade => "downgrade",
            Verdict::Upgrade => "upgrade",
        };
        diesel::insert_into(review_decision::table)
            .values((
                review_decision::review_id.eq(id),
                review_decision::organisation_id.eq(sent.organisation),
                review_decision::requirement_id.eq(requirement),
                review_decision::outcome.eq(outcome),
                review_decision::assessed_level.eq(i64::from(decision.assessed)),
                review_decision::reason.eq(&decision.reason),
                review_decision::version.eq(1),
                review_decision::decided_by.eq(reviewer),
                review_decision::decided_at.eq(Timestamp::from(decision.at)),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Each query with its first question and, where there is one, the organisation's first reply.
fn queries(tx: &mut Tx<'_>, step: &Step<'_>, sent: &WrittenReturn, made: &Made, id: ReviewId) -> Result<()> {
    for query in &made.queries {
        let question = query.messages.iter().find(|m| m.side == Side::Central);
        let reply = query.messages.iter().find(|m| m.side == Side::Organisation);
        let (Some(requirement), Some(question)) =
            (step.collection.requirements.get(query.requirement), question)
        else {
            continue;
        };
        diesel::insert_into(review_query::table)
            .values((
                review_query::review_id.eq(id),
                review_query::organisation_id.eq(sent.organisation),
                review_query::requirement_id.eq(requirement),
                review_query::question.eq(&question.text),
                review_query::asked_by.eq(person(step, question.author.index())?),
                review_query::asked_at.eq(Timestamp::from(question.at)),
                review_query::due_at.eq(Day::from(query.due).plus_days(1).start()),
                review_query::reply.eq(reply.map(|m| m.text.clone())),
                review_query::replied_by.eq(reply.map(|m| person(step, m.author.index())).transpose()?),
                review_query::replied_at.eq(reply.map(|m| Timestamp::from(m.at))),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

fn person(step: &Step<'_>, index: usize) -> Result<PersonId> {
    step.seeding.people.get(index).copied().ok_or_else(|| Error::broken("a demo review names nobody"))
}
