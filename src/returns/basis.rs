//! What a submission's score rests on besides its levels, taken out of the snapshot once, so that thousands can be scored
//! again under corrected rules without their snapshots being read.

use diesel::prelude::*;

use super::model::Snapshot;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, SubmissionId};
use crate::schema::{corrected_result, rule_correction, submission_basis};
use crate::standards::scoring::{PlanStanding, Score};
use crate::standards::{Edition, ProfileKey, Scheme, SectorKey, parse_date};

/// What a score rests on besides the levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The sector of the organisation.
    pub sector: SectorKey,
    /// The profile it is held to; none means the sector's own.
    pub profile: Option<ProfileKey>,
    /// How far its improvement plan had got.
    pub plan: PlanStanding,
    /// Whether it was graded *approaching standards* before.
    pub approached_before: bool,
    /// Whether it held the certificate that lifts *met* to *exceeded*.
    pub lifted: bool,
}

/// Joins to a query over `annual_return` what each submission amounts to under the rules in force, where a correction of its
/// edition changed them: `corrected_result`, none where the result of the day stands.
macro_rules! results_in_force {
    ($query:expr) => {
        $query
            .left_join(
                crate::schema::rule_correction::table.on(crate::schema::rule_correction::edition_id
                    .eq(crate::schema::annual_return::edition_id)
                    .and(crate::schema::rule_correction::state.eq("in_force"))),
            )
            .left_join(
                crate::schema::corrected_result::table.on(crate::schema::corrected_result::submission_id
                    .nullable()
                    .eq(crate::schema::annual_return::submission_id)
                    .and(
                        crate::schema::corrected_result::correction_id
                            .nullable()
                            .eq(crate::schema::rule_correction::id.nullable()),
                    )
                    .and(crate::schema::corrected_result::run.eq("result"))),
            )
    };
}

pub(crate) use results_in_force;

/// A basis as stored: sector, profile, plan, approached before, lifted.
pub type BasisRow = (String, String, String, bool, bool);

impl Basis {
    /// The basis of a snapshot of this London day.
    ///
    /// # Errors
    /// When the snapshot names what does not exist, which is a fault.
    pub fn of(snapshot: &Snapshot, edition: &Edition, on: Day) -> Result<Self> {
        let day = parse_date(&on.to_string()).ok_or_else(|| Error::broken("a day is not a date"))?;
        let fixed = snapshot.circumstances.as_ref();
        let lifting = match edition.scheme() {
            Scheme::Assertions(scheme) => scheme.exceeded_certificate.as_ref(),
            Scheme::Levels(_) | Scheme::Outcomes {} => None,
        };
        let lifted = lifting.is_some_and(|kind| {
            fixed.is_some_and(|fixed| {
                fixed.certificates.iter().any(|held| held.kind == *kind && held.current_on(day))
            })
        });
        Ok(Self {
            lifted,
            plan: fixed.map_or(PlanStanding::None, |fixed| fixed.plan),
            approached_before: fixed.is_some_and(|fixed| fixed.approached_before),
            ..read(&snapshot.organisation.sector, &snapshot.profile)?
        })
    }

    /// The basis that is stored.
    ///
    /// # Errors
    /// When it names what does not exist, which is a fault.
    pub fn of_row(row: &BasisRow) -> Result<Self> {
        let (sector, profile, plan, approached_before, lifted) = row;
        let plan = match plan.as_str() {
            "none" => PlanStanding::None,
            "submitted" => PlanStanding::Submitted,
            "approved" => PlanStanding::Approved,
            other => return Err(Error::broken(format!("\"{other}\" is no standing of a plan"))),
        };
        Ok(Self { plan, approached_before: *approached_before, lifted: *lifted, ..read(sector, profile)? })
    }
}

fn read(sector: &str, profile: &str) -> Result<Basis> {
    let sector = sector.parse().map_err(|e| Error::internal("failed to read a sector", e))?;
    let profile = if profile.is_empty() {
        None
    } else {
        Some(profile.parse().map_err(|e| Error::internal("failed to read a profile", e))?)
    };
    Ok(Basis { sector, profile, plan: PlanStanding::None, approached_before: false, lifted: false })
}

/// A submission as it is scored again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBasis {
    /// Which.
    pub submission: SubmissionId,
    /// Whose.
    pub organisation: OrganisationId,
    /// What its score rests on besides the levels.
    pub basis: Basis,
    /// When it was sent.
    pub submitted_at: Timestamp,
    /// The version of the rules that it was scored by.
    pub rule_set: String,
    /// The grade that its answers gave.
    pub claimed_grade: String,
    /// The levels that they gave.
    pub levels: Vec<u8>,
}

/// Keeps the bases of submissions. What is kept already stays: a submission never changes.
///
/// # Errors
/// When the rows cannot be written.
pub fn keep_bases(tx: &mut Tx<'_>, bases: &[KeptBasis]) -> Result<()> {
    let plan = |standing: PlanStanding| match standing {
        PlanStanding::None => "none",
        PlanStanding::Submitted => "submitted",
        PlanStanding::Approved => "approved",
    };
    for some in bases.chunks(1000) {
        let rows: Vec<_> = some
            .iter()
            .map(|kept| {
                let profile = kept.basis.profile.as_ref().map_or("", ProfileKey::as_str);
                (
                    submission_basis::submission_id.eq(kept.submission),
                    submission_basis::organisation_id.eq(kept.organisation),
                    submission_basis::sector.eq(kept.basis.sector.as_str()),
                    submission_basis::profile.eq(profile),
                    submission_basis::plan.eq(plan(kept.basis.plan)),
                    submission_basis::approached_before.eq(kept.basis.approached_before),
                    submission_basis::lifted.eq(kept.basis.lifted),
                    submission_basis::submitted_at.eq(kept.submitted_at),
                    submission_basis::rule_set.eq(kept.rule_set.as_str()),
                    submission_basis::claimed_grade.eq(kept.claimed_grade.as_str()),
                    submission_basis::levels.eq(kept.levels.as_slice()),
                )
            })
            .collect();
        crate::each!(tx.conn(), c => diesel::insert_into(submission_basis::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// Keeps the basis of a submission that has just been stored.
pub(super) fn keep_basis(
    tx: &mut Tx<'_>,
    (submission, organisation): (SubmissionId, OrganisationId),
    (snapshot, score): (&Snapshot, &Score),
    edition: &Edition,
    submitted_at: Timestamp,
) -> Result<()> {
    let kept = KeptBasis {
        submission,
        organisation,
        basis: Basis::of(snapshot, edition, submitted_at.london_day())?,
        submitted_at,
        rule_set: edition.rule_set().to_owned(),
        claimed_grade: score.grade.as_str().to_owned(),
        levels: score.levels_vector(),
    };
    keep_bases(tx, &[kept])
}

/// The grade and levels that a submission's answers give under the rules in force: its own, unless a correction changed
/// them.
///
/// # Errors
/// When the database cannot be asked.
pub fn claim_in_force(
    conn: &mut Conn,
    id: SubmissionId,
    (grade, levels): (String, Vec<u8>),
) -> Result<(String, Vec<u8>)> {
    let corrected: Option<(String, Option<Vec<u8>>)> = corrected_result::table
        .inner_join(rule_correction::table.on(rule_correction::id.eq(corrected_result::correction_id)))
        .filter(corrected_result::submission_id.eq(id))
        .filter(corrected_result::run.eq("result"))
        .filter(rule_correction::state.eq("in_force"))
        .select((corrected_result::new_claimed, corrected_result::levels))
        .first(conn)
        .optional()?;
    let (new_grade, new_levels) = corrected.unzip();
    Ok((new_grade.unwrap_or(grade), new_levels.flatten().unwrap_or(levels)))
}

/// The levels of [`claim_in_force`].
///
/// # Errors
/// As [`claim_in_force`].
pub fn levels_in_force(conn: &mut Conn, id: SubmissionId, own: Vec<u8>) -> Result<Vec<u8>> {
    Ok(claim_in_force(conn, id, (String::new(), own))?.1)
}
