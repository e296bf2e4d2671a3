//! Lines as rows: kept by the correction and the computation they belong to, in statements of many rows each.

use diesel::prelude::*;

use super::compute::Line;
use super::model::Run;
use crate::platform::canonical::sha256;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{RuleCorrectionId, SubmissionId};
use crate::schema::corrected_result as table;

/// Rows of one statement; far below the limits on bound values of both databases.
const BATCH: usize = 1_000;

/// Keeps lines. What a line replaces is taken out before.
pub(super) fn insert(tx: &mut Tx<'_>, of: RuleCorrectionId, run: Run, lines: &[Line]) -> Result<()> {
    for some in lines.chunks(BATCH) {
        let rows: Vec<_> = some
            .iter()
            .map(|line| {
                let assessed = line.assessed.as_ref();
                (
                    table::correction_id.eq(of),
                    table::run.eq(run.as_str()),
                    table::submission_id.eq(line.submission),
                    table::organisation_id.eq(line.organisation),
                    table::return_id.eq(line.return_id),
                    table::mark.eq(line.mark),
                    table::sector.eq(line.sector),
                    table::old_claimed.eq(line.claimed.0.as_str()),
                    table::new_claimed.eq(line.claimed.1.as_str()),
                    table::old_assessed.eq(assessed.map(|(old, ..)| old.as_str())),
                    table::new_assessed.eq(assessed.map(|(_, new, _)| new.as_str())),
                    table::is_final.eq(assessed.is_some_and(|(.., is_final)| *is_final)),
                    table::old_met.eq(i64::from(line.met.0)),
                    table::new_met.eq(i64::from(line.met.1)),
                    table::old_asked.eq(i64::from(line.asked.0)),
                    table::new_asked.eq(i64::from(line.asked.1)),
                    table::old_band.eq(line.band.0.as_deref()),
                    table::new_band.eq(line.band.1.as_deref()),
                    table::changed.eq(line.changed()),
                    table::levels.eq(line.levels.as_deref()),
                    table::assessed_levels.eq(line.assessed_levels.as_deref()),
                )
            })
            .collect();
        crate::each!(tx.conn(), c => diesel::insert_into(table::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Takes the lines of these submissions out again, because they were computed from what has changed since.
pub(super) fn remove(tx: &mut Tx<'_>, of: RuleCorrectionId, run: Run, these: &[SubmissionId]) -> Result<()> {
    for some in these.chunks(BATCH) {
        diesel::delete(
            table::table
                .filter(table::correction_id.eq(of))
                .filter(table::run.eq(run.as_str()))
                .filter(table::submission_id.eq_any(some.to_vec())),
        )
        .execute(tx.conn())?;
    }
    Ok(())
}

/// Takes every line of a computation out: a draft that was changed is previewed from the beginning.
pub(super) fn clear(tx: &mut Tx<'_>, of: RuleCorrectionId, run: Run) -> Result<()> {
    diesel::delete(table::table.filter(table::correction_id.eq(of)).filter(table::run.eq(run.as_str())))
        .execute(tx.conn())?;
    Ok(())
}

/// The last submission that has a line: where an interrupted computation goes on.
pub(super) fn last(conn: &mut Conn, of: RuleCorrectionId, run: Run) -> Result<SubmissionId> {
    let found: Option<SubmissionId> = table::table
        .filter(table::correction_id.eq(of))
        .filter(table::run.eq(run.as_str()))
        .order(table::submission_id.desc())
        .select(table::submission_id)
        .first(conn)
        .optional()?;
    Ok(found.unwrap_or(SubmissionId::new(0)))
}

/// The marks of the lines, in order.
pub(super) fn marks(conn: &mut Conn, of: RuleCorrectionId, run: Run) -> Result<Vec<(SubmissionId, i64)>> {
    Ok(table::table
        .filter(table::correction_id.eq(of))
        .filter(table::run.eq(run.as_str()))
        .order(table::submission_id)
        .select((table::submission_id, table::mark))
        .load(conn)?)
}

/// One hash over every result, in order: recorded in the ledger when they are put in force.
pub(super) fn results_hash(conn: &mut Conn, of: RuleCorrectionId) -> Result<[u8; 32]> {
    type Row = (SubmissionId, i64, String, String, Option<String>, Option<String>, i64, i64);
    let rows: Vec<Row> = table::table
        .filter(table::correction_id.eq(of))
        .filter(table::run.eq(Run::Result.as_str()))
        .order(table::submission_id)
        .select((
            table::submission_id,
            table::mark,
            table::old_claimed,
            table::new_claimed,
            table::old_assessed,
            table::new_assessed,
            table::new_met,
            table::new_asked,
        ))
        .load(conn)?;
    let mut said = Vec::with_capacity(rows.len() * 80);
    for (submission, mark, old, new, old_assessed, new_assessed, met, asked) in rows {
        for number in [submission.get(), mark, met, asked] {
            said.extend_from_slice(&number.to_be_bytes());
        }
        for text in [Some(old), Some(new), old_assessed, new_assessed] {
            said.extend_from_slice(text.unwrap_or_default().as_bytes());
            said.push(0);
        }
    }
    Ok(sha256(&said))
}
