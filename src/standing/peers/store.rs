//! The stored figures of sectors, and what they are computed from.

use std::collections::BTreeMap;

use diesel::dsl::{count_star, max};
use diesel::prelude::*;

use super::measure::Measure;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, RequirementId, ReturnId};
use crate::returns::AnswerState;
use crate::returns::results_in_force;
use crate::schema::{annual_return, answer, corrected_result, organisation, peer_figure, submission};
use crate::statistics::quartiles::Quartiles;

/// What is stored of one measure of one sector in one collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerFigure {
    /// How many organisations the figures are of, or were too few for figures. Pages never show it exactly.
    pub size: i64,
    /// The figures, or why they are withheld.
    pub shown: Result<Quartiles, String>,
    /// When the job last wrote the row.
    pub computed_at: Timestamp,
    /// When figures that were shown were last counted; figures that follow must differ by enough organisations.
    pub counted_at: Option<Timestamp>,
}

/// The sector and measure of a stored figure.
pub(super) type Key = (String, Measure);

type Figures = (i64, Option<i64>, Option<i64>, Option<i64>, Option<String>, Timestamp, Option<Timestamp>);

const FIGURES: (
    peer_figure::size,
    peer_figure::lower_quarter,
    peer_figure::middle,
    peer_figure::upper_quarter,
    peer_figure::withheld,
    peer_figure::computed_at,
    peer_figure::counted_at,
) = (
    peer_figure::size,
    peer_figure::lower_quarter,
    peer_figure::middle,
    peer_figure::upper_quarter,
    peer_figure::withheld,
    peer_figure::computed_at,
    peer_figure::counted_at,
);

fn figure_of((size, lower, middle, upper, withheld, computed_at, counted_at): Figures) -> PeerFigure {
    let points = |value: Option<i64>| value.and_then(|value| u8::try_from(value).ok());
    let shown = match points(middle) {
        Some(middle) => Ok(Quartiles { lower: points(lower), middle, upper: points(upper) }),
        None => Err(withheld.unwrap_or_default()),
    };
    PeerFigure { size, shown, computed_at, counted_at }
}

/// The stored figure of a sector; none when the job has not come to it yet.
///
/// # Errors
/// When the database cannot be asked.
pub fn figure(
    conn: &mut Conn,
    of: CollectionId,
    sector: &str,
    measure: Measure,
) -> Result<Option<PeerFigure>> {
    let row: Option<Figures> = peer_figure::table
        .filter(peer_figure::collection_id.eq(of))
        .filter(peer_figure::sector.eq(sector))
        .filter(peer_figure::measure.eq(measure))
        .select(FIGURES)
        .first(conn)
        .optional()?;
    Ok(row.map(figure_of))
}

/// Every stored figure of a collection.
pub(super) fn figures(conn: &mut Conn, of: CollectionId) -> Result<BTreeMap<Key, PeerFigure>> {
    let rows: Vec<(String, Measure, Figures)> = peer_figure::table
        .filter(peer_figure::collection_id.eq(of))
        .select((peer_figure::sector, peer_figure::measure, FIGURES))
        .load(conn)?;
    Ok(rows.into_iter().map(|(sector, measure, row)| ((sector, measure), figure_of(row))).collect())
}

/// Writes a figure over what was there.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    of: CollectionId,
    (sector, measure): &Key,
    row: &PeerFigure,
) -> Result<()> {
    let found = row.shown.as_ref().ok();
    let figure = |value: Option<u8>| value.map(i64::from);
    let values = (
        peer_figure::size.eq(row.size),
        peer_figure::lower_quarter.eq(figure(found.and_then(|found| found.lower))),
        peer_figure::middle.eq(figure(found.map(|found| found.middle))),
        peer_figure::upper_quarter.eq(figure(found.and_then(|found| found.upper))),
        peer_figure::withheld.eq(row.shown.as_ref().err().cloned()),
        peer_figure::computed_at.eq(row.computed_at),
        peer_figure::counted_at.eq(row.counted_at),
    );
    let updated = diesel::update(
        peer_figure::table
            .filter(peer_figure::collection_id.eq(of))
            .filter(peer_figure::sector.eq(sector))
            .filter(peer_figure::measure.eq(*measure)),
    )
    .set(values.clone())
    .execute(tx.conn())?;
    if updated == 0 {
        let key = (
            peer_figure::collection_id.eq(of),
            peer_figure::sector.eq(sector),
            peer_figure::measure.eq(*measure),
        );
        diesel::insert_into(peer_figure::table).values((key, values)).execute(tx.conn())?;
    }
    Ok(())
}

/// A return that was started: its sector, its profile and when.
pub(super) type Started = (ReturnId, String, String, Timestamp);

/// The returns of a collection.
pub(super) fn started(conn: &mut Conn, of: CollectionId) -> Result<Vec<Started>> {
    Ok(annual_return::table
        .inner_join(organisation::table.on(organisation::id.eq(annual_return::organisation_id)))
        .filter(annual_return::collection_id.eq(of))
        .select((annual_return::id, organisation::sector, annual_return::profile, annual_return::opened_at))
        .load(conn)?)
}

/// How many of these answers each return of one sector and profile has in which state, and when one was last changed.
pub(super) fn answered(
    conn: &mut Conn,
    of: CollectionId,
    (sector, profile): (&str, &str),
    asked: &[RequirementId],
) -> Result<Vec<(ReturnId, AnswerState, i64, Option<Timestamp>)>> {
    Ok(answer::table
        .inner_join(annual_return::table.on(annual_return::id.eq(answer::return_id)))
        .inner_join(organisation::table.on(organisation::id.eq(annual_return::organisation_id)))
        .filter(annual_return::collection_id.eq(of))
        .filter(annual_return::profile.eq(profile))
        .filter(organisation::sector.eq(sector))
        .filter(answer::requirement_id.eq_any(asked))
        .group_by((answer::return_id, answer::state))
        .select((answer::return_id, answer::state, count_star(), max(answer::updated_at)))
        .load(conn)?)
}

/// The sector, packed vector under the rules in force and time of every standing submission of a collection.
pub(super) fn submitted(conn: &mut Conn, of: CollectionId) -> Result<Vec<(String, Vec<u8>, Timestamp)>> {
    type Row = (String, Vec<u8>, Timestamp, Option<Vec<u8>>);
    let rows: Vec<Row> = results_in_force!(
        submission::table
            .inner_join(annual_return::table.on(annual_return::submission_id.eq(submission::id.nullable())))
            .inner_join(organisation::table.on(organisation::id.eq(submission::organisation_id)))
    )
    .filter(submission::collection_id.eq(of))
    .select((
        organisation::sector,
        submission::levels,
        submission::submitted_at,
        corrected_result::levels.nullable(),
    ))
    .load(conn)?;
    Ok(rows.into_iter().map(|(sector, own, at, corrected)| (sector, corrected.unwrap_or(own), at)).collect())
}
