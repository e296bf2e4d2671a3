//! Laying both scores side by side as they are when both are done, in the transaction of whoever finishes last. From then
//! on the two may be seen.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::case::find_case;
use super::sheet::BlindSheet;
use crate::access::{CompareScores, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{BlindCaseId, PersonId, RequirementId, ReviewId};
use crate::review::consistency::model::{BlindState, ComparisonState};
use crate::schema::{blind_case, review_decision, score_comparison};

/// What the first reviewer decided about one answer.
struct First {
    level: i64,
    reason: String,
    by: PersonId,
}

/// Compares the permit's case with its first review; gives how many answers were compared and how many differ.
///
/// # Errors
/// [`Error::Conflict`] when it has been compared already.
pub(super) fn compare_scores(
    tx: &mut Tx<'_>,
    permit: &Permit<CompareScores>,
) -> Result<Recorded<(usize, usize)>> {
    let (now, id) = (tx.now(), BlindCaseId::new(permit.id()));
    let case = find_case(tx.conn(), id)?;
    let scorer = case.scorer.ok_or_else(|| Error::broken(format!("blind case {id} has no scorer")))?;
    let (organisation, collection) = (case.organisation, case.collection);
    let moved = diesel::update(
        blind_case::table.filter(blind_case::id.eq(id)).filter(blind_case::state.eq(BlindState::Finished)),
    )
    .set((
        blind_case::state.eq(BlindState::Compared),
        blind_case::compared_at.eq(Some(now)),
        blind_case::version.eq(blind_case::version + 1),
    ))
    .execute(tx.conn())?;
    if moved == 0 {
        return Err(Error::Conflict("The scores have been compared already.".to_owned()));
    }
    let firsts = firsts(tx.conn(), id)?;
    let sheet = BlindSheet::load(tx.conn(), case)?;
    let (mut compared, mut differing) = (0, 0);
    for ((_, line), requirement) in sheet.requirements().zip(sheet.edition.requirement_ids().iter()) {
        let (Some(second), Some(first)) = (&line.score, firsts.get(requirement)) else { continue };
        // Somebody else may have begun the first review; whoever scored second is compared with others only.
        if first.by == scorer {
            continue;
        }
        let level = i64::from(second.assessed);
        let same = level == first.level;
        let state = if same { ComparisonState::Agreed } else { ComparisonState::Open };
        diesel::insert_into(score_comparison::table)
            .values((
                score_comparison::case_id.eq(id),
                score_comparison::organisation_id.eq(organisation),
                score_comparison::collection_id.eq(collection),
                score_comparison::requirement_id.eq(*requirement),
                score_comparison::claimed.eq(i64::from(line.claimed.byte())),
                score_comparison::first_level.eq(first.level),
                score_comparison::first_reason.eq(&first.reason),
                score_comparison::first_by.eq(first.by),
                score_comparison::second_level.eq(level),
                score_comparison::second_reason.eq(&second.reason),
                score_comparison::second_by.eq(scorer),
                score_comparison::compared_at.eq(now),
                score_comparison::state.eq(state),
            ))
            .execute(tx.conn())?;
        compared += 1;
        differing += usize::from(!same);
    }
    let data = json!({"compared": compared, "differing": differing});
    let event = Event::of(permit, "scores_compared", format!("blind/{id}"), data);
    ledger::append(tx, &event, (compared, differing))
}

fn firsts(conn: &mut Conn, of: BlindCaseId) -> Result<BTreeMap<RequirementId, First>> {
    let review: ReviewId =
        blind_case::table.filter(blind_case::id.eq(of)).select(blind_case::review_id).first(conn)?;
    let rows: Vec<(RequirementId, i64, String, PersonId)> = review_decision::table
        .filter(review_decision::review_id.eq(review))
        .select((
            review_decision::requirement_id,
            review_decision::assessed_level,
            review_decision::reason,
            review_decision::decided_by,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, level, reason, by)| (id, First { level, reason, by })).collect())
}
