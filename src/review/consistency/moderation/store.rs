//! Queries about disagreements between two scores.

use diesel::prelude::*;

use crate::access::Subject;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{BlindCaseId, ComparisonId, OrganisationId, PersonId, RequirementId, ReviewId};
use crate::review::consistency::model::{ComparisonState, Effect};
use crate::review::model::ReviewState;
use crate::schema::{blind_case, collection, organisation, requirement, review, score_comparison};

/// One of the two scores.
#[derive(Debug, Clone)]
pub(in crate::review) struct Side {
    /// The status byte found.
    pub level: i64,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: PersonId,
}

/// Two scores of one answer, with what was made of them.
#[derive(Debug, Clone)]
pub(in crate::review) struct Disagreement {
    pub id: ComparisonId,
    pub case: BlindCaseId,
    pub review: ReviewId,
    pub organisation: OrganisationId,
    pub requirement: RequirementId,
    pub code: String,
    pub claimed: i64,
    pub first: Side,
    pub second: Side,
    pub state: ComparisonState,
    pub settled: Option<i64>,
    pub rationale: String,
    pub settled_by: Option<PersonId>,
    pub settled_at: Option<Timestamp>,
    pub effect: Option<Effect>,
}

impl Disagreement {
    /// What the access table needs to know of it.
    pub fn subject(&self) -> Subject {
        Subject {
            kind: "disagreement",
            id: self.id.get(),
            organisation: Some(self.organisation),
            state: self.state.as_str(),
        }
    }
}

type Row = (
    (ComparisonId, BlindCaseId, ReviewId, OrganisationId, RequirementId, String, i64),
    (i64, String, PersonId),
    (i64, String, PersonId),
    (ComparisonState, Option<i64>, String, Option<PersonId>, Option<Timestamp>, Option<Effect>),
);

/// The two scores with this number.
pub(in crate::review) fn disagreement(conn: &mut Conn, id: ComparisonId) -> Result<Disagreement> {
    let row: Row = score_comparison::table
        .inner_join(blind_case::table.on(blind_case::id.eq(score_comparison::case_id)))
        .inner_join(requirement::table.on(requirement::id.eq(score_comparison::requirement_id)))
        .filter(score_comparison::id.eq(id))
        .select((
            (
                score_comparison::id,
                score_comparison::case_id,
                blind_case::review_id,
                score_comparison::organisation_id,
                score_comparison::requirement_id,
                requirement::code,
                score_comparison::claimed,
            ),
            (score_comparison::first_level, score_comparison::first_reason, score_comparison::first_by),
            (score_comparison::second_level, score_comparison::second_reason, score_comparison::second_by),
            (
                score_comparison::state,
                score_comparison::settled_level,
                score_comparison::rationale,
                score_comparison::settled_by,
                score_comparison::settled_at,
                score_comparison::effect,
            ),
        ))
        .first(conn)?;
    let (what, first, second, settling) = row;
    let (id, case, review, organisation, requirement, code, claimed) = what;
    let (state, settled, rationale, settled_by, settled_at, effect) = settling;
    let side = |(level, reason, by)| Side { level, reason, by };
    Ok(Disagreement {
        id,
        case,
        review,
        organisation,
        requirement,
        code,
        claimed,
        first: side(first),
        second: side(second),
        state,
        settled,
        rationale,
        settled_by,
        settled_at,
        effect,
    })
}

/// One line of the list of disagreements.
#[derive(Debug, Clone)]
pub(in crate::review) struct Listed {
    pub id: ComparisonId,
    pub review: ReviewId,
    pub organisation: OrganisationId,
    pub name: String,
    pub year: String,
    pub code: String,
    pub title: String,
    pub first_by: PersonId,
    pub second_by: PersonId,
    pub state: ComparisonState,
    pub effect: Option<Effect>,
    pub compared_at: Timestamp,
}

/// Disagreements in these states, oldest first, at most so many from so far on.
pub(in crate::review) fn listed(
    conn: &mut Conn,
    states: &[ComparisonState],
    effect: Option<Effect>,
    (from, most): (i64, i64),
) -> Result<Vec<Listed>> {
    type Line = (
        (ComparisonId, ReviewId, OrganisationId, String, String, String, String),
        (PersonId, PersonId, ComparisonState, Option<Effect>, Timestamp),
    );
    let mut query = score_comparison::table
        .inner_join(blind_case::table.on(blind_case::id.eq(score_comparison::case_id)))
        .inner_join(review::table.on(review::id.eq(blind_case::review_id)))
        .inner_join(organisation::table.on(organisation::id.eq(score_comparison::organisation_id)))
        .inner_join(collection::table.on(collection::id.eq(score_comparison::collection_id)))
        .inner_join(requirement::table.on(requirement::id.eq(score_comparison::requirement_id)))
        .filter(score_comparison::state.eq_any(states.to_vec()))
        .order(score_comparison::id)
        .offset(from)
        .limit(most)
        .select((
            (
                score_comparison::id,
                blind_case::review_id,
                score_comparison::organisation_id,
                organisation::name,
                collection::year_label,
                requirement::code,
                requirement::title,
            ),
            (
                score_comparison::first_by,
                score_comparison::second_by,
                score_comparison::state,
                score_comparison::effect,
                score_comparison::compared_at,
            ),
        ))
        .into_boxed();
    if let Some(effect) = effect {
        query = query.filter(score_comparison::effect.eq(effect));
    }
    if effect == Some(Effect::Reopen) {
        // One that was reopened since has left the list.
        query = query
            .filter(review::state.eq(ReviewState::Decided))
            .filter(review::decided_at.le(score_comparison::settled_at));
    }
    let rows: Vec<Line> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(what, settling)| {
            let (id, review, organisation, name, year, code, title) = what;
            let (first_by, second_by, state, effect, compared_at) = settling;
            Listed {
                id,
                review,
                organisation,
                name,
                year,
                code,
                title,
                first_by,
                second_by,
                state,
                effect,
                compared_at,
            }
        })
        .collect())
}
