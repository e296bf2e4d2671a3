//! What corrections changed for one return: old and new result, why, and what that means for its improvement plan.

use diesel::prelude::*;

use super::model::Run;
use super::notices::before;
use super::store;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{RuleCorrectionId, SubmissionId};
use crate::returns::{Basis, BasisRow, Found};
use crate::schema::{corrected_result as table, review, site_outcome, submission, submission_basis};
use crate::standards::Edition;
use crate::standards::correcting::{RuleDifference, differences_for, edition_under};
use crate::standards::scoring::{PackedInput, PackedScorer};

/// What one correction changed for a return.
#[derive(Debug, Clone)]
pub(super) struct Corrected {
    pub id: RuleCorrectionId,
    pub since: Timestamp,
    pub reason: String,
    pub rule_sets: (String, String),
    pub claimed: (String, String),
    pub assessed: Option<(String, String)>,
    pub met: (i64, i64),
    pub asked: (i64, i64),
    pub band: (Option<String>, Option<String>),
    pub differences: Vec<RuleDifference>,
    /// Requirements that are gaps now and were none: codes with titles.
    pub new_gaps: Vec<String>,
    /// Requirements that were gaps and are none now.
    pub closed_gaps: Vec<String>,
}

/// One row of results.
type Kept = (
    (RuleCorrectionId, SubmissionId, String, String, Option<String>, Option<String>, bool),
    (i64, i64, i64, i64, Option<String>, Option<String>),
);

/// Every correction in force, now or once, that changed this return's result, the newest first.
pub(super) fn of_return(conn: &mut Conn, found: &Found) -> Result<Vec<Corrected>> {
    let rows: Vec<Kept> = table::table
        .filter(table::return_id.eq(found.id))
        .filter(table::run.eq(Run::Result.as_str()))
        .filter(table::changed.eq(true))
        .order(table::correction_id.desc())
        .select((
            (
                table::correction_id,
                table::submission_id,
                table::old_claimed,
                table::new_claimed,
                table::old_assessed,
                table::new_assessed,
                table::is_final,
            ),
            (
                table::old_met,
                table::new_met,
                table::old_asked,
                table::new_asked,
                table::old_band,
                table::new_band,
            ),
        ))
        .load(conn)?;
    let mut all = Vec::new();
    for row in rows {
        let ((id, sent, old, new, old_assessed, new_assessed, is_final), counts) = row;
        let (old_met, new_met, old_asked, new_asked, old_band, new_band) = counts;
        let correction = store::correction(conn, id)?;
        let Some(since) = correction.in_force_at else { continue };
        let (basis, levels) = counted(conn, sent, is_final)?;
        let after = edition_under(conn, correction.edition, &correction.rule_set)?;
        let before = before(conn, &correction)?;
        let profile = basis
            .profile
            .clone()
            .or_else(|| after.default_profile(basis.sector).map(|profile| profile.key.clone()));
        let (gaps_before, gaps_after) = (gaps(&before, &basis, &levels), gaps(&after, &basis, &levels));
        all.push(Corrected {
            id,
            since,
            reason: correction.reason,
            rule_sets: (before.rule_set().to_owned(), after.rule_set().to_owned()),
            claimed: (old, new),
            assessed: old_assessed.zip(new_assessed).filter(|_| is_final),
            met: (old_met, new_met),
            asked: (old_asked, new_asked),
            band: (old_band, new_band),
            differences: differences_for(&before, &after, profile.as_ref()),
            new_gaps: gaps_after.iter().filter(|gap| !gaps_before.contains(gap)).cloned().collect(),
            closed_gaps: gaps_before.iter().filter(|gap| !gaps_after.contains(gap)).cloned().collect(),
        });
    }
    Ok(all)
}

/// What counts of a submission: the levels after review where that is final, and what else its score rests on.
fn counted(conn: &mut Conn, id: SubmissionId, is_final: bool) -> Result<(Basis, Vec<u8>)> {
    type Row = (Vec<u8>, Option<BasisRow>, Option<Vec<u8>>, Option<Vec<u8>>);
    let (claimed, basis, of_review, of_site): Row = submission::table
        .left_join(submission_basis::table.on(submission_basis::submission_id.eq(submission::id)))
        .left_join(review::table.on(review::submission_id.eq(submission::id)))
        .left_join(site_outcome::table.on(site_outcome::submission_id.eq(submission::id)))
        .filter(submission::id.eq(id))
        .select((
            submission::levels,
            (
                submission_basis::sector,
                submission_basis::profile,
                submission_basis::plan,
                submission_basis::approached_before,
                submission_basis::lifted,
            )
                .nullable(),
            review::assessed_levels.nullable(),
            site_outcome::assessed_levels.nullable(),
        ))
        .first(conn)?;
    let basis = basis.ok_or_else(|| Error::broken(format!("submission {id} was scored without a basis")))?;
    let levels = of_site.or(of_review).filter(|_| is_final).unwrap_or(claimed);
    Ok((Basis::of_row(&basis)?, levels))
}

fn gaps(edition: &Edition, basis: &Basis, levels: &[u8]) -> Vec<String> {
    let input = PackedInput {
        sector: basis.sector,
        profile: basis.profile.as_ref(),
        levels,
        plan: basis.plan,
        approached_before: basis.approached_before,
        lifted: basis.lifted,
    };
    let places = PackedScorer::new(edition).gaps(&input);
    let named = places.into_iter().filter_map(|place| edition.requirements().get(place));
    named.map(|requirement| format!("{} {}", requirement.code, requirement.title)).collect()
}
