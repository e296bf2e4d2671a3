//! How often claims survive review, over the decided reviews of a collection: claimed and assessed vectors side by side
//! wherever somebody decided, with what moderation settled in a decided review put in its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::prelude::*;

use super::model::Effect;
use crate::collections;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, RequirementId, ReviewId, SubmissionId};
use crate::review::model::ReviewState;
use crate::schema::{blind_case, organisation, review, review_decision, score_comparison, submission};
use crate::standards::{self, StoredEdition};
use crate::statistics::calibration::Calibration;

/// The calibration of one collection.
#[derive(Debug, Clone)]
pub struct CalibrationOf {
    /// What was asked.
    pub edition: Arc<StoredEdition>,
    /// By requirement in edition order, by sector, and by claimed status.
    pub counts: Calibration,
}

/// Reviews whose decisions are in memory at a time.
const AT_ONCE: usize = 1000;

/// Counts the decided reviews of a collection, answer by answer where the reviewer decided. Sites that a head office
/// answered for have no review of their own and are not counted.
///
/// # Errors
/// When the database cannot be asked, or a stored vector does not fit its edition.
pub fn calibration_of(conn: &mut Conn, of: CollectionId) -> Result<CalibrationOf> {
    let edition_id = collections::collection(conn, of)?.edition_id;
    let edition = standards::stored_edition(conn, edition_id)?;
    let settled = settled(conn, of, &edition)?;
    type Row = (ReviewId, SubmissionId, Vec<u8>, Option<Vec<u8>>, String);
    let rows: Vec<Row> = review::table
        .inner_join(submission::table.on(submission::id.eq(review::submission_id)))
        .inner_join(organisation::table.on(organisation::id.eq(review::organisation_id)))
        .filter(review::collection_id.eq(of))
        .filter(review::state.eq(ReviewState::Decided))
        .order(review::id)
        .select((
            review::id,
            submission::id,
            submission::levels,
            review::assessed_levels,
            organisation::sector,
        ))
        .load(conn)?;
    let mut counts = Calibration::new(edition.edition().requirements().len());
    for some in rows.chunks(AT_ONCE) {
        let decided = decided(conn, some.first().map(|row| row.0), some.last().map(|row| row.0), &edition)?;
        for (review, id, claimed, assessed, sector) in some {
            let (Some(assessed), Some(decided)) = (assessed, decided.get(review)) else { continue };
            let (mut assessed, mut decided) = (assessed.clone(), decided.clone());
            for (position, byte) in settled.get(id).into_iter().flatten() {
                if let Some((place, is_decided)) = assessed.get_mut(*position).zip(decided.get_mut(*position))
                {
                    (*place, *is_decided) = (*byte, true);
                }
            }
            counts
                .add(sector, claimed, &assessed, &decided)
                .map_err(|e| Error::internal("failed to count what survived review", e))?;
        }
    }
    Ok(CalibrationOf { edition, counts })
}

/// For which requirements, in edition order, there is a decision in each of the reviews between these two. A review that
/// decided nothing is not there.
fn decided(
    conn: &mut Conn,
    first: Option<ReviewId>,
    last: Option<ReviewId>,
    edition: &StoredEdition,
) -> Result<BTreeMap<ReviewId, Vec<bool>>> {
    let (Some(first), Some(last)) = (first, last) else { return Ok(BTreeMap::new()) };
    let rows: Vec<(ReviewId, RequirementId)> = review_decision::table
        .filter(review_decision::review_id.ge(first))
        .filter(review_decision::review_id.le(last))
        .select((review_decision::review_id, review_decision::requirement_id))
        .load(conn)?;
    let none = vec![false; edition.edition().requirements().len()];
    let mut found: BTreeMap<ReviewId, Vec<bool>> = BTreeMap::new();
    for (review, requirement) in rows {
        let place = edition.position_of(requirement);
        let of_review = found.entry(review).or_insert_with(|| none.clone());
        if let Some(decided) = place.and_then(|place| of_review.get_mut(place)) {
            *decided = true;
        }
    }
    Ok(found)
}

type Places = BTreeMap<SubmissionId, Vec<(usize, u8)>>;

/// What moderation found in decided reviews that have not been reopened for it yet. A challenge that was settled afterwards
/// has the later word.
fn settled(conn: &mut Conn, of: CollectionId, edition: &StoredEdition) -> Result<Places> {
    let rows: Vec<(SubmissionId, RequirementId, Option<i64>)> = score_comparison::table
        .inner_join(blind_case::table.on(blind_case::id.eq(score_comparison::case_id)))
        .inner_join(review::table.on(review::id.eq(blind_case::review_id)))
        .inner_join(
            review_decision::table.on(review_decision::review_id
                .eq(blind_case::review_id)
                .and(review_decision::requirement_id.eq(score_comparison::requirement_id))),
        )
        .filter(score_comparison::collection_id.eq(of))
        .filter(score_comparison::effect.eq(Effect::Reopen))
        .filter(review::decided_at.le(score_comparison::settled_at))
        .filter(review_decision::decided_at.nullable().le(score_comparison::settled_at))
        .select((
            blind_case::submission_id,
            score_comparison::requirement_id,
            score_comparison::settled_level,
        ))
        .load(conn)?;
    let mut places = Places::new();
    for (id, requirement, level) in rows {
        let byte = level.and_then(|level| u8::try_from(level).ok());
        if let Some(place) = edition.position_of(requirement).zip(byte) {
            places.entry(id).or_default().push(place);
        }
    }
    Ok(places)
}
