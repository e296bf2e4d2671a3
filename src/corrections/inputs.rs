//! What a correction is computed from: for every return of the edition the submission that counts, what a review made of
//! it, and what else its score rests on. Read in portions, in the order of the submissions.

use diesel::prelude::*;

use crate::platform::canonical::sha256;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{EditionId, OrganisationId, ReturnId, RuleCorrectionId, SubmissionId};
use crate::returns::{self, Basis, BasisRow, KeptBasis};
use crate::schema::{
    annual_return, corrected_result, review, rule_correction, site_outcome, submission, submission_basis,
};
use crate::standards::correcting::edition_under;

/// Returns read at a time.
pub(super) const PORTION: i64 = 4_000;

/// One return as it counts now.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub submission: SubmissionId,
    pub organisation: OrganisationId,
    pub return_id: ReturnId,
    pub submitted_at: Timestamp,
    /// The rule set that the submission was scored under.
    pub rule_set: String,
    /// The grade that the answers give under the rules in force now.
    pub claimed: String,
    pub levels: Vec<u8>,
    /// The grade after review, where one was finished, and whether it is final.
    pub assessed: Option<(String, bool)>,
    pub assessed_levels: Option<Vec<u8>>,
    /// Whether a grade after review stands only until its review, which was taken up again, is decided anew under the
    /// corrected rules.
    pub keeps_grade: bool,
    pub basis: Basis,
}

impl Input {
    /// A number that changes with anything a result follows from.
    pub fn mark(&self) -> i64 {
        let mut said = Vec::with_capacity(self.levels.len() * 2 + 64);
        said.extend_from_slice(&self.submission.get().to_be_bytes());
        said.extend_from_slice(self.claimed.as_bytes());
        said.push(0);
        said.extend_from_slice(&self.levels);
        if let Some((grade, is_final)) = &self.assessed {
            said.push(1);
            said.push(u8::from(*is_final));
            said.extend_from_slice(grade.as_bytes());
            said.push(0);
        }
        if let Some(levels) = &self.assessed_levels {
            said.extend_from_slice(levels);
        }
        sha256(&said).first_chunk::<8>().map_or(0, |first| i64::from_be_bytes(*first))
    }
}

type Counts = (ReturnId, OrganisationId, String, Option<String>);
type Sent = (SubmissionId, Timestamp, String, String, Vec<u8>);
type Reviewed = (Option<String>, Option<String>, Option<Vec<u8>>);
type Row = (Counts, Sent, BasisRow, Reviewed, Option<Vec<u8>>, Option<String>);

/// The returns of an edition after this submission, in order. The wide rows of submissions are not touched.
pub(super) fn inputs(conn: &mut Conn, of: EditionId, after: SubmissionId, many: i64) -> Result<Vec<Input>> {
    let in_force = in_force(conn, of)?;
    let rows: Vec<Row> = annual_return::table
        .inner_join(
            submission_basis::table
                .on(annual_return::submission_id.eq(submission_basis::submission_id.nullable())),
        )
        .left_join(review::table.on(review::submission_id.eq(submission_basis::submission_id)))
        .left_join(site_outcome::table.on(site_outcome::submission_id.eq(submission_basis::submission_id)))
        .left_join(
            corrected_result::table.on(corrected_result::submission_id
                .eq(submission_basis::submission_id)
                .and(corrected_result::run.eq("result"))
                .and(corrected_result::correction_id.eq(in_force))),
        )
        .filter(annual_return::edition_id.eq(of))
        .filter(annual_return::submission_id.gt(Some(after)))
        .order(annual_return::submission_id)
        .limit(many)
        .select((
            (
                annual_return::id,
                annual_return::organisation_id,
                annual_return::state,
                annual_return::final_grade,
            ),
            (
                submission_basis::submission_id,
                submission_basis::submitted_at,
                submission_basis::rule_set,
                submission_basis::claimed_grade,
                submission_basis::levels,
            ),
            (
                submission_basis::sector,
                submission_basis::profile,
                submission_basis::plan,
                submission_basis::approached_before,
                submission_basis::lifted,
            ),
            (review::state.nullable(), review::assessed_grade.nullable(), review::assessed_levels.nullable()),
            site_outcome::assessed_levels.nullable(),
            corrected_result::new_claimed.nullable(),
        ))
        .load(conn)?;
    rows.into_iter().map(input_of).collect()
}

/// The correction that is in force; a number that none has where there is none.
fn in_force(conn: &mut Conn, of: EditionId) -> Result<RuleCorrectionId> {
    let found: Option<RuleCorrectionId> = rule_correction::table
        .filter(rule_correction::edition_id.eq(of))
        .filter(rule_correction::state.eq("in_force"))
        .select(rule_correction::id)
        .first(conn)
        .optional()?;
    Ok(found.unwrap_or(RuleCorrectionId::new(0)))
}

fn input_of(row: Row) -> Result<Input> {
    let (counts, sent, basis, (review, assessed_grade, of_review), of_site, corrected) = row;
    let (return_id, organisation, state, final_grade) = counts;
    let (submission, submitted_at, rule_set, claimed, levels) = sent;
    let settled = matches!(state.as_str(), "decided" | "published");
    let assessed = match final_grade {
        Some(grade) => Some((grade, true)),
        None if review.as_deref() == Some("second") => assessed_grade.map(|grade| (grade, false)),
        None => None,
    };
    let assessed_levels = assessed.as_ref().and(of_site.or(of_review));
    Ok(Input {
        submission,
        organisation,
        return_id,
        submitted_at,
        rule_set,
        claimed: corrected.unwrap_or(claimed),
        levels,
        assessed,
        keeps_grade: !settled && assessed_levels.is_none(),
        assessed_levels,
        basis: Basis::of_row(&basis)?,
    })
}

/// The rule sets that the submissions of an edition's returns were scored under.
pub(super) fn rule_sets(conn: &mut Conn, of: EditionId) -> Result<Vec<String>> {
    Ok(annual_return::table
        .inner_join(
            submission_basis::table
                .on(annual_return::submission_id.eq(submission_basis::submission_id.nullable())),
        )
        .filter(annual_return::edition_id.eq(of))
        .select(submission_basis::rule_set)
        .distinct()
        .load(conn)?)
}

/// Some submissions that count and have no basis yet: those from before bases were kept.
pub(super) fn without_basis(conn: &mut Conn, of: EditionId, many: i64) -> Result<Vec<SubmissionId>> {
    let found: Vec<Option<SubmissionId>> = annual_return::table
        .left_join(
            submission_basis::table
                .on(annual_return::submission_id.eq(submission_basis::submission_id.nullable())),
        )
        .filter(annual_return::edition_id.eq(of))
        .filter(annual_return::submission_id.is_not_null())
        .filter(submission_basis::submission_id.nullable().is_null())
        .limit(many)
        .select(annual_return::submission_id)
        .load(conn)?;
    Ok(found.into_iter().flatten().collect())
}

/// The basis of a submission, from the submission itself under the rules that it was made by.
pub(super) fn basis_of(conn: &mut Conn, id: SubmissionId, of: EditionId) -> Result<KeptBasis> {
    let sent = returns::submission(conn, id)?;
    let made_under = edition_under(conn, of, &sent.rule_set)?;
    Ok(KeptBasis {
        submission: id,
        organisation: sent.organisation,
        basis: Basis::of(&sent.parsed()?, &made_under, sent.submitted_at.london_day())?,
        submitted_at: sent.submitted_at,
        rule_set: sent.rule_set,
        claimed_grade: sent.claimed_grade,
        levels: sent.levels,
    })
}

/// How many returns of an edition count.
pub(super) fn count(conn: &mut Conn, of: EditionId) -> Result<i64> {
    Ok(annual_return::table
        .filter(annual_return::edition_id.eq(of))
        .filter(annual_return::submission_id.is_not_null())
        .count()
        .get_result(conn)?)
}

/// The snapshots of these submissions.
pub(super) fn snapshots(conn: &mut Conn, of: &[SubmissionId]) -> Result<Vec<(SubmissionId, String)>> {
    let mut found = Vec::with_capacity(of.len());
    for some in of.chunks(500) {
        let rows: Vec<(SubmissionId, String)> = submission::table
            .filter(submission::id.eq_any(some.to_vec()))
            .select((submission::id, submission::snapshot))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The marks of every return of an edition, in order: what a preview was computed from.
pub(super) fn marks(conn: &mut Conn, of: EditionId) -> Result<Vec<(SubmissionId, i64)>> {
    let mut all = Vec::new();
    let mut after = SubmissionId::new(0);
    loop {
        let some = inputs(conn, of, after, PORTION)?;
        let Some(last) = some.last() else { return Ok(all) };
        after = last.submission;
        all.extend(some.iter().map(|input| (input.submission, input.mark())));
    }
}

/// One hash over marks, and over the rules that were applied to what they stand for.
pub(super) fn digest(base: &[u8], rules: &[u8], marks: &[(SubmissionId, i64)]) -> [u8; 32] {
    let mut said = Vec::with_capacity(64 + marks.len() * 16);
    said.extend_from_slice(base);
    said.extend_from_slice(rules);
    for (submission, mark) in marks {
        said.extend_from_slice(&submission.get().to_be_bytes());
        said.extend_from_slice(&mark.to_be_bytes());
    }
    sha256(&said)
}
