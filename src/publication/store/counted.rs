//! What the answer matrix of a collection is brought up to date by: a mark that moves with everything that counts, what each
//! organisation's submission stands at, and the levels of those that moved.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::collection::{Corrected, counting, decided_before, is_open};
use super::register::sector_of;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, EditionId, OrganisationId, RuleCorrectionId, SubmissionId};
use crate::publication::answers::Kind;
use crate::schema::{
    annual_return, collection, collection_scope, corrected_result, organisation, review, site_outcome,
    submission,
};
use crate::standards::correcting;
use crate::standards::scoring::GradeKey;

/// Numbers that stay the same only while nothing of a collection that counts changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::publication) struct CountedMark {
    sums: Sums,
    correction: i64,
}

/// Of a collection's returns and reviews. A return's version and a review's number of change only ever grow, so their sums
/// differ after any change of either; a site's outcome changes with its head office's review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
struct Sums {
    #[diesel(sql_type = BigInt)]
    returns: i64,
    #[diesel(sql_type = BigInt)]
    submissions: i64,
    #[diesel(sql_type = BigInt)]
    versions: i64,
    #[diesel(sql_type = BigInt)]
    reviews: i64,
    #[diesel(sql_type = BigInt)]
    register: i64,
}

const SUMS: &str = "SELECT count(*) AS returns, CAST(coalesce(sum(submission_id), 0) AS BIGINT) AS submissions, \
     CAST(coalesce(sum(version), 0) AS BIGINT) AS versions, \
     (SELECT CAST(coalesce(sum(changed), 0) AS BIGINT) FROM review WHERE collection_id = $1) AS reviews, \
     (SELECT CAST(coalesce(sum(changed), 0) AS BIGINT) FROM register_change) AS register \
     FROM annual_return WHERE collection_id = $1";

impl CountedMark {
    /// Whether the organisations and the rules are those of the other mark.
    pub const fn same_kinds(&self, other: &Self) -> bool {
        self.sums.register == other.sums.register && self.correction == other.correction
    }
}

/// The mark of this moment.
pub(in crate::publication) fn counted_mark(conn: &mut Conn, id: CollectionId) -> Result<CountedMark> {
    let sums: Sums = diesel::sql_query(SUMS).bind::<BigInt, _>(id).get_result(conn)?;
    let edition = edition_of(conn, id)?;
    let correction = correcting::rules_in_force(conn, edition)?.map_or(0, |one| one.id.get());
    Ok(CountedMark { sums, correction })
}

/// The edition of a collection.
pub(in crate::publication) fn edition_of(conn: &mut Conn, id: CollectionId) -> Result<EditionId> {
    Ok(collection::table.filter(collection::id.eq(id)).select(collection::edition_id).first(conn)?)
}

/// What an organisation's levels depend on: two that are equal give the same levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::publication) struct Print {
    submission: SubmissionId,
    settled: bool,
    graded: Option<GradeKey>,
    review: Option<i64>,
    outcome: Option<Timestamp>,
}

/// The submission that counts for an organisation.
#[derive(Debug)]
pub(in crate::publication) struct Counted {
    /// Whose it is.
    pub whose: OrganisationId,
    /// What the levels depend on.
    pub print: Print,
    /// The packed levels, as assessed where a review was finished, else as claimed.
    pub levels: Vec<u8>,
}

/// Of the return, the submission, the review, and what came of a head office's review for its sites.
type Printed = (OrganisationId, String, Option<String>, SubmissionId, Option<i64>, Option<Timestamp>);

fn print(row: &Printed) -> Print {
    let (_, state, grade, submission, review, outcome) = row;
    Print {
        submission: *submission,
        settled: matches!(state.as_str(), "decided" | "published"),
        graded: grade.as_deref().and_then(GradeKey::parse),
        review: *review,
        outcome: *outcome,
    }
}

/// The print of every organisation that has submitted.
pub(in crate::publication) fn prints(
    conn: &mut Conn,
    id: CollectionId,
) -> Result<HashMap<OrganisationId, Print>> {
    let rows: Vec<Printed> = annual_return::table
        .inner_join(submission::table.on(annual_return::submission_id.eq(submission::id.nullable())))
        .left_join(review::table.on(review::submission_id.eq(submission::id)))
        .left_join(site_outcome::table.on(site_outcome::submission_id.eq(submission::id)))
        .filter(annual_return::collection_id.eq(id))
        .select((
            annual_return::organisation_id,
            annual_return::state,
            annual_return::final_grade,
            submission::id,
            review::changed.nullable(),
            site_outcome::decided_at.nullable(),
        ))
        .load(conn)?;
    Ok(rows.iter().map(|row| (row.0, print(row))).collect())
}

/// The submissions that count, of everybody or of some, in one scan.
pub(in crate::publication) fn counted(
    conn: &mut Conn,
    id: CollectionId,
    whose: Option<&[OrganisationId]>,
) -> Result<Vec<Counted>> {
    type Assessed = (Option<String>, Option<Vec<u8>>, Option<Vec<u8>>);
    let edition = edition_of(conn, id)?;
    let correction =
        correcting::rules_in_force(conn, edition)?.map_or(RuleCorrectionId::new(0), |one| one.id);
    let mut query = annual_return::table
        .inner_join(submission::table.on(annual_return::submission_id.eq(submission::id.nullable())))
        .left_join(review::table.on(review::submission_id.eq(submission::id)))
        .left_join(site_outcome::table.on(site_outcome::submission_id.eq(submission::id)))
        .left_join(
            corrected_result::table.on(corrected_result::submission_id
                .eq(submission::id)
                .and(corrected_result::run.eq("result"))
                .and(corrected_result::correction_id.eq(correction))),
        )
        .filter(annual_return::collection_id.eq(id))
        .select((
            (
                annual_return::organisation_id,
                annual_return::state,
                annual_return::final_grade,
                submission::id,
                review::changed.nullable(),
                site_outcome::decided_at.nullable(),
            ),
            submission::levels,
            (
                review::state.nullable(),
                review::assessed_levels.nullable(),
                site_outcome::assessed_levels.nullable(),
            ),
            (corrected_result::levels.nullable(), corrected_result::assessed_levels.nullable()),
        ))
        .into_boxed();
    if let Some(whose) = whose {
        query = query.filter(annual_return::organisation_id.eq_any(whose));
    }
    let rows: Vec<(Printed, Vec<u8>, Assessed, Corrected)> = query.load(conn)?;
    let taken_up = rows.iter().map(|(printed, ..)| print(printed));
    let taken_up = taken_up.filter(|one| one.graded.is_some() && !one.settled).map(|one| one.submission);
    let mut before = decided_before(conn, taken_up.collect())?;
    Ok(rows
        .into_iter()
        .map(|(printed, claimed, (state, assessed, site), corrected)| {
            let print = print(&printed);
            let decided = state.as_deref() == Some("decided");
            let before = before.remove(&print.submission).map(|(levels, _)| levels);
            let assessed = site.or(assessed.filter(|_| decided)).or(before);
            Counted { whose: printed.0, print, levels: counting(claimed, assessed, corrected) }
        })
        .collect())
}

/// What every organisation in a collection's scope is counted under.
pub(in crate::publication) fn kinds_in_scope(conn: &mut Conn, id: CollectionId) -> Result<Vec<Kind>> {
    type Row = (OrganisationId, String, Option<String>, Option<Day>, Option<Day>);
    let closes_at: Timestamp =
        collection::table.filter(collection::id.eq(id)).select(collection::closes_at).first(conn)?;
    let sectors: Vec<String> = collection_scope::table
        .filter(collection_scope::collection_id.eq(id))
        .select(collection_scope::sector)
        .load(conn)?;
    let rows: Vec<Row> = organisation::table
        .filter(organisation::sector.eq_any(&sectors))
        .select((
            organisation::id,
            organisation::sector,
            organisation::region_code,
            organisation::opened_on,
            organisation::closed_on,
        ))
        .load(conn)?;
    let day = closes_at.london_day();
    rows.into_iter()
        .filter(|(.., opened, closed)| is_open(*opened, *closed, day))
        .map(|(organisation, sector, region, ..)| {
            Ok(Kind { organisation, sector: sector_of(&sector)?, region })
        })
        .collect()
}
