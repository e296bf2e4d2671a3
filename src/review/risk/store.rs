//! Queries about the weights, the stored inputs, the seeds and the runs.

use diesel::prelude::*;

use super::score::{Bands, Inputs, Settings};
use crate::platform::canonical::to_string;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, ReviewId, RiskRunId};
use crate::review::model::ReviewState;
use crate::schema::{organisation, review, review_risk, risk_profile, risk_run, risk_seed};

/// One version of the weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Profile {
    /// Counts the versions, from 1.
    pub version: i64,
    /// What it says.
    pub settings: Settings,
    /// Why it was made.
    pub note: String,
    /// Who made it; nobody for the first.
    pub made_by: Option<PersonId>,
    /// When.
    pub made_at: Timestamp,
}

type ProfileRow = (i64, String, String, Option<PersonId>, Timestamp);

fn settings_of(version: i64, settings: &str) -> Result<Settings> {
    serde_json::from_str(settings)
        .map_err(|e| Error::internal(format!("failed to read the weights of version {version}"), e))
}

fn profile_of((version, settings, note, made_by, made_at): ProfileRow) -> Result<Profile> {
    let settings = settings_of(version, &settings)?;
    Ok(Profile { version, settings, note, made_by, made_at })
}

/// Every version, newest first.
pub(super) fn profiles(conn: &mut Conn) -> Result<Vec<Profile>> {
    let rows: Vec<ProfileRow> = risk_profile::table
        .order(risk_profile::version.desc())
        .select((
            risk_profile::version,
            risk_profile::settings,
            risk_profile::note,
            risk_profile::made_by,
            risk_profile::made_at,
        ))
        .load(conn)?;
    rows.into_iter().map(profile_of).collect()
}

/// The version in force.
pub(super) fn in_force(conn: &mut Conn) -> Result<Profile> {
    let row: ProfileRow = risk_profile::table
        .order(risk_profile::version.desc())
        .select((
            risk_profile::version,
            risk_profile::settings,
            risk_profile::note,
            risk_profile::made_by,
            risk_profile::made_at,
        ))
        .first(conn)?;
    profile_of(row)
}

/// Where the bands of risk begin by the weights of this version.
///
/// # Errors
/// When they cannot be read.
pub(in crate::review) fn bands_of(version: i64, settings: &str) -> Result<Bands> {
    Ok(settings_of(version, settings)?.bands())
}

/// The version of this number.
pub(super) fn profile(conn: &mut Conn, version: i64) -> Result<Profile> {
    let row: ProfileRow = risk_profile::table
        .filter(risk_profile::version.eq(version))
        .select((
            risk_profile::version,
            risk_profile::settings,
            risk_profile::note,
            risk_profile::made_by,
            risk_profile::made_at,
        ))
        .first(conn)?;
    profile_of(row)
}

/// The seed of a collection's random shares, once there is one.
pub(in crate::review) fn seed_of(conn: &mut Conn, of: CollectionId) -> Result<Option<String>> {
    Ok(risk_seed::table
        .filter(risk_seed::collection_id.eq(of))
        .select(risk_seed::seed)
        .first(conn)
        .optional()?)
}

/// What was found about a case, with the weights that it was found under.
pub(super) struct Stored {
    pub profile_version: i64,
    pub inputs: Inputs,
    pub computed_on: Day,
}

/// What is stored of a case; none before it was computed.
pub(super) fn stored(conn: &mut Conn, of: ReviewId) -> Result<Option<Stored>> {
    let row: Option<(i64, String, Day)> = review_risk::table
        .filter(review_risk::review_id.eq(of))
        .select((review_risk::profile_version, review_risk::inputs, review_risk::computed_on))
        .first(conn)
        .optional()?;
    row.map(|(profile_version, inputs, computed_on)| {
        Ok(Stored { profile_version, inputs: read(of, &inputs)?, computed_on })
    })
    .transpose()
}

fn read(of: ReviewId, inputs: &str) -> Result<Inputs> {
    serde_json::from_str(inputs)
        .map_err(|e| Error::internal(format!("failed to read the risk inputs of review {of}"), e))
}

/// Keeps what was found, and the score in the review itself, where the queue sorts by it.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    (of, organisation): (ReviewId, OrganisationId),
    profile: &Profile,
    inputs: &Inputs,
) -> Result<i64> {
    let (text, day) = (to_string(inputs)?, tx.now().london_day());
    let row = (
        review_risk::review_id.eq(of),
        review_risk::organisation_id.eq(organisation),
        review_risk::profile_version.eq(profile.version),
        review_risk::inputs.eq(&text),
        review_risk::computed_on.eq(day),
    );
    crate::each!(tx.conn(), c => diesel::insert_into(review_risk::table)
        .values(&row)
        .on_conflict(review_risk::review_id)
        .do_update()
        .set((
            review_risk::profile_version.eq(profile.version),
            review_risk::inputs.eq(&text),
            review_risk::computed_on.eq(day),
        ))
        .execute(c))?;
    let risk = inputs.risk(&profile.settings);
    // The same score again leaves the row alone: whoever follows the changes of reviews has nothing to read.
    diesel::update(review::table.filter(review::id.eq(of)).filter(review::risk.ne(risk)))
        .set(review::risk.eq(risk))
        .execute(tx.conn())?;
    Ok(risk)
}

/// One case of the queue with what its score is made of.
pub(super) struct Queued {
    pub id: ReviewId,
    pub code: String,
    pub name: String,
    pub risk: i64,
    pub inputs: Inputs,
}

/// Every case that waits for a reviewer, those first that come first now.
pub(super) fn queued(conn: &mut Conn) -> Result<Vec<Queued>> {
    let rows: Vec<(ReviewId, String, String, i64, String)> = review::table
        .inner_join(review_risk::table.on(review_risk::review_id.eq(review::id)))
        .inner_join(organisation::table.on(organisation::id.eq(review::organisation_id)))
        .filter(review::state.eq(ReviewState::Queued))
        .order((review::risk.desc(), review::due_at, review::id))
        .select((review::id, organisation::code, organisation::name, review::risk, review_risk::inputs))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, code, name, risk, inputs)| Ok(Queued { id, code, name, risk, inputs: read(id, &inputs)? }))
        .collect()
}

/// Open reviews after this one, in their order, at most so many.
pub(super) fn open_after(conn: &mut Conn, after: ReviewId, limit: i64) -> Result<Vec<ReviewId>> {
    Ok(review::table
        .filter(review::id.gt(after))
        .filter(review::state.eq_any(ReviewState::OPEN.to_vec()))
        .order(review::id)
        .limit(limit)
        .select(review::id)
        .load(conn)?)
}

/// Open reviews of one organisation.
pub(super) fn open_of(conn: &mut Conn, of: OrganisationId) -> Result<Vec<ReviewId>> {
    Ok(review::table
        .filter(review::organisation_id.eq(of))
        .filter(review::state.eq_any(ReviewState::OPEN.to_vec()))
        .order(review::id)
        .select(review::id)
        .load(conn)?)
}

/// How many reviews are open.
pub(super) fn count_open(conn: &mut Conn) -> Result<i64> {
    Ok(review::table.filter(review::state.eq_any(ReviewState::OPEN.to_vec())).count().get_result(conn)?)
}

/// One computation of every open review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Run {
    pub id: RiskRunId,
    pub total: i64,
    pub done: i64,
    pub after: ReviewId,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

type RunRow = (RiskRunId, i64, i64, ReviewId, Timestamp, Option<Timestamp>);

fn run_of((id, total, done, after, started_at, finished_at): RunRow) -> Run {
    Run { id, total, done, after, started_at, finished_at }
}

/// The run of this number.
pub(super) fn run(conn: &mut Conn, id: RiskRunId) -> Result<Option<Run>> {
    let row: Option<RunRow> = risk_run::table
        .filter(risk_run::id.eq(id))
        .select((
            risk_run::id,
            risk_run::total,
            risk_run::done,
            risk_run::after_id,
            risk_run::started_at,
            risk_run::finished_at,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(run_of))
}

/// The newest run.
pub(super) fn newest_run(conn: &mut Conn) -> Result<Option<Run>> {
    let row: Option<RunRow> = risk_run::table
        .order(risk_run::id.desc())
        .select((
            risk_run::id,
            risk_run::total,
            risk_run::done,
            risk_run::after_id,
            risk_run::started_at,
            risk_run::finished_at,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(run_of))
}

/// Begins a run.
pub(super) fn begin_run(tx: &mut Tx<'_>, why: &str) -> Result<RiskRunId> {
    let total = count_open(tx.conn())?;
    Ok(diesel::insert_into(risk_run::table)
        .values((
            risk_run::why.eq(why),
            risk_run::total.eq(total),
            risk_run::done.eq(0_i64),
            risk_run::after_id.eq(0_i64),
            risk_run::started_at.eq(tx.now()),
        ))
        .returning(risk_run::id)
        .get_result(tx.conn())?)
}

/// Notes how far a run has got; with nothing left it is finished.
pub(super) fn advance(tx: &mut Tx<'_>, id: RiskRunId, done: i64, last: Option<ReviewId>) -> Result<()> {
    let row = risk_run::table.filter(risk_run::id.eq(id));
    match last {
        Some(last) => diesel::update(row)
            .set((risk_run::done.eq(risk_run::done + done), risk_run::after_id.eq(last.get())))
            .execute(tx.conn())?,
        None => diesel::update(row).set(risk_run::finished_at.eq(Some(tx.now()))).execute(tx.conn())?,
    };
    Ok(())
}
