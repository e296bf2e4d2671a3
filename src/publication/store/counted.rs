//! What the answer matrix of a collection is brought up to date by: a mark that moves with everything that counts, what each
//! organisation's submission stands at, and the levels of those that moved.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::collection::{Corrected, counting, decided_before, is_open};
use super::register::sector_of;
use crate::each_row;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, EditionId, OrganisationId, SubmissionId};
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

/// A query of a table with the organisations that are asked for, if not everybody.
macro_rules! of {
    ($query:expr, $table:ident, $whose:expr) => {{
        let query = $query.into_boxed();
        match $whose {
            Some(whose) => query.filter($table::organisation_id.eq_any(whose)),
            None => query,
        }
    }};
}

/// A return that was submitted, by its submission that counts.
struct Standing {
    submission: SubmissionId,
    whose: OrganisationId,
    settled: bool,
    graded: Option<GradeKey>,
}

impl Standing {
    /// The print with its review's number of change and the moment that decided it as a site.
    const fn print(&self, review: Option<i64>, outcome: Option<Timestamp>) -> Print {
        Print { submission: self.submission, settled: self.settled, graded: self.graded, review, outcome }
    }
}

/// The returns that were submitted, in the order of their submissions.
fn standings(conn: &mut Conn, id: CollectionId, whose: Option<&[OrganisationId]>) -> Result<Vec<Standing>> {
    type Row = (Option<SubmissionId>, OrganisationId, bool, Option<String>);
    let mut found = Vec::new();
    let query = annual_return::table.filter(annual_return::collection_id.eq(id)).select((
        annual_return::submission_id,
        annual_return::organisation_id,
        annual_return::state.eq("decided").or(annual_return::state.eq("published")),
        annual_return::final_grade,
    ));
    each_row!(conn, of!(query, annual_return, whose), Row, (submission, whose, settled, grade) => {
        let graded = grade.as_deref().and_then(GradeKey::parse);
        found.extend(submission.map(|submission| Standing { submission, whose, settled, graded }));
    });
    found.sort_unstable_by_key(|one| one.submission);
    Ok(found)
}

/// The print of every organisation that has submitted.
pub(in crate::publication) fn prints(
    conn: &mut Conn,
    id: CollectionId,
) -> Result<HashMap<OrganisationId, Print>> {
    let reviews: Vec<(SubmissionId, i64)> = review::table
        .filter(review::collection_id.eq(id))
        .select((review::submission_id, review::changed))
        .load(conn)?;
    let outcomes: Vec<(SubmissionId, Timestamp)> = site_outcome::table
        .inner_join(submission::table.on(submission::id.eq(site_outcome::submission_id)))
        .filter(submission::collection_id.eq(id))
        .select((site_outcome::submission_id, site_outcome::decided_at))
        .load(conn)?;
    let reviews: HashMap<SubmissionId, i64> = reviews.into_iter().collect();
    let outcomes: HashMap<SubmissionId, Timestamp> = outcomes.into_iter().collect();
    let print = |one: &Standing| {
        let of = &one.submission;
        (one.whose, one.print(reviews.get(of).copied(), outcomes.get(of).copied()))
    };
    Ok(standings(conn, id, None)?.iter().map(print).collect())
}

/// What became of submissions: of a review, its number of change and what it found once it was decided; of a head office's
/// review for its sites; and of a correction of the rules.
#[derive(Default)]
struct Became {
    reviews: HashMap<SubmissionId, (i64, Option<Vec<u8>>)>,
    outcomes: HashMap<SubmissionId, (Vec<u8>, Timestamp)>,
    corrected: HashMap<SubmissionId, Corrected>,
}

fn became(conn: &mut Conn, id: CollectionId, whose: Option<&[OrganisationId]>) -> Result<Became> {
    type Review = (SubmissionId, i64, bool, Option<Vec<u8>>);
    let mut found = Became::default();
    let reviews = review::table.filter(review::collection_id.eq(id)).select((
        review::submission_id,
        review::changed,
        review::state.eq("decided"),
        review::assessed_levels,
    ));
    each_row!(conn, of!(reviews, review, whose), Review, (submission, changed, decided, levels) => {
        found.reviews.insert(submission, (changed, levels.filter(|_| decided)));
    });
    let outcomes = site_outcome::table
        .inner_join(submission::table.on(submission::id.eq(site_outcome::submission_id)))
        .filter(submission::collection_id.eq(id))
        .select((site_outcome::submission_id, site_outcome::assessed_levels, site_outcome::decided_at));
    type Outcome = (SubmissionId, Vec<u8>, Timestamp);
    each_row!(conn, of!(outcomes, site_outcome, whose), Outcome, (submission, levels, at) => {
        found.outcomes.insert(submission, (levels, at));
    });
    let edition = edition_of(conn, id)?;
    if let Some(correction) = correcting::rules_in_force(conn, edition)? {
        let corrected = corrected_result::table
            .filter(corrected_result::correction_id.eq(correction.id))
            .filter(corrected_result::run.eq("result"))
            .select((
                corrected_result::submission_id,
                (corrected_result::levels, corrected_result::assessed_levels),
            ));
        each_row!(
            conn,
            of!(corrected, corrected_result, whose),
            (SubmissionId, Corrected),
            (submission, levels) => found.corrected.insert(submission, levels)
        );
    }
    Ok(found)
}

/// Visits the submissions that count, of everybody or of some, row by row: their levels stand in an index of their own, so that
/// the texts of a nation's returns beside them are not read.
///
/// # Errors
/// When the database cannot be asked, and those of the visit.
pub(in crate::publication) fn each_counted(
    conn: &mut Conn,
    id: CollectionId,
    whose: Option<&[OrganisationId]>,
    mut visit: impl FnMut(Counted) -> Result<()>,
) -> Result<()> {
    let standings = standings(conn, id, whose)?;
    let mut became = became(conn, id, whose)?;
    // Of a review that was taken up again, what was decided before stands: read once the scan is over.
    let mut taken_up = Vec::new();
    let levels = submission::table
        .filter(submission::collection_id.eq(id))
        .select((submission::id, submission::levels));
    each_row!(conn, of!(levels, submission, whose), (SubmissionId, Vec<u8>), (submission, claimed) => {
        // Others were sent again since.
        if let Ok(at) = standings.binary_search_by_key(&submission, |one| one.submission)
            && let Some(standing) = standings.get(at)
        {
            let whose = standing.whose;
            let (changed, assessed) = became.reviews.remove(&submission).unzip();
            let (site, outcome) = became.outcomes.remove(&submission).unzip();
            let corrected = became.corrected.remove(&submission).unwrap_or_default();
            let print = standing.print(changed, outcome);
            let assessed = site.or(assessed.flatten());
            if print.graded.is_some() && !print.settled && assessed.is_none() {
                taken_up.push((Counted { whose, print, levels: claimed }, corrected));
            } else {
                let levels = counting(claimed, assessed, corrected);
                visit(Counted { whose, print, levels })?;
            }
        }
    });
    let mut before = decided_before(conn, taken_up.iter().map(|(one, _)| one.print.submission).collect())?;
    for (one, corrected) in taken_up {
        let before = before.remove(&one.print.submission).map(|(levels, _)| levels);
        visit(Counted { levels: counting(one.levels, before, corrected), ..one })?;
    }
    Ok(())
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
    let every = organisation::table.filter(organisation::sector.eq_any(&sectors)).select((
        organisation::id,
        organisation::sector,
        organisation::region_code,
        organisation::opened_on,
        organisation::closed_on,
    ));
    let (day, mut kinds): (Day, Vec<Kind>) = (closes_at.london_day(), Vec::new());
    each_row!(conn, every, Row, (organisation, sector, region, opened, closed) => {
        if is_open(opened, closed, day) {
            let before = kinds.last().map(|one| one.sector).filter(|before| before.as_str() == sector);
            let sector = before.map_or_else(|| sector_of(&sector), Ok)?;
            kinds.push(Kind { organisation, sector, region });
        }
    });
    Ok(kinds)
}
