//! What is kept beside a release on its way: its text and approval, its date on the calendar, and its early readers.

use diesel::prelude::*;

use super::moments::ReleaseDateState;
use crate::access::Subject;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, ReleaseDateId, ReleaseId};
use crate::publication::release::{ReleaseState, ReleaseSummary, Step};
use crate::schema::{release, release_course, release_date, release_date_change, release_explanation};

/// What a release has been through. A release that the operator published has an empty one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// Whom readers may ask.
    pub contact: String,
    /// What the figures say, in the statistician's plain words.
    pub commentary: String,
    /// Why there is another version, or why it came outside the calendar; public.
    pub reason: String,
    /// Who composed it.
    pub composed_by: Option<PersonId>,
    /// Who changed its text last.
    pub worded_by: Option<PersonId>,
    /// The results of its quality checks when it was submitted, as canonical JSON.
    pub checks: String,
    /// When it was submitted for approval.
    pub checked_at: Option<Timestamp>,
    /// Who submitted it.
    pub checked_by: Option<PersonId>,
    /// What the approver stated.
    pub statement: String,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// Who approved it.
    pub approved_by: Option<PersonId>,
    /// Why it was sent back last.
    pub sent_back: String,
}

type Row = (
    (String, String, String, Option<PersonId>, Option<PersonId>, String),
    (Option<Timestamp>, Option<PersonId>, String, Option<Timestamp>, Option<PersonId>, String),
);

/// What a release has been through; an empty one where nothing is kept.
pub(in crate::publication) fn course(conn: &mut Conn, id: ReleaseId) -> Result<Course> {
    let row: Option<Row> = release_course::table
        .filter(release_course::release_id.eq(id))
        .select((
            (
                release_course::contact,
                release_course::commentary,
                release_course::reason,
                release_course::composed_by,
                release_course::worded_by,
                release_course::checks,
            ),
            (
                release_course::checked_at,
                release_course::checked_by,
                release_course::statement,
                release_course::approved_at,
                release_course::approved_by,
                release_course::sent_back,
            ),
        ))
        .first(conn)
        .optional()?;
    let Some((text, course)) = row else {
        return Ok(Course { checks: "[]".to_owned(), ..Course::default() });
    };
    let (contact, commentary, reason, composed_by, worded_by, checks) = text;
    let (checked_at, checked_by, statement, approved_at, approved_by, sent_back) = course;
    Ok(Course {
        contact,
        commentary,
        reason,
        composed_by,
        worded_by,
        checks,
        checked_at,
        checked_by,
        statement,
        approved_at,
        approved_by,
        sent_back,
    })
}

/// Begins the course of a release that was just composed.
pub(in crate::publication) fn begin_course(
    conn: &mut Conn,
    id: ReleaseId,
    composed_by: Option<PersonId>,
    contact: &str,
) -> Result<()> {
    diesel::insert_into(release_course::table)
        .values((
            release_course::release_id.eq(id),
            release_course::composed_by.eq(composed_by),
            release_course::contact.eq(contact),
        ))
        .execute(conn)?;
    Ok(())
}

/// Explanations of what checks found, by the check's key.
pub(in crate::publication) fn explanations(
    conn: &mut Conn,
    id: ReleaseId,
) -> Result<std::collections::BTreeMap<String, String>> {
    let rows: Vec<(String, String)> = release_explanation::table
        .filter(release_explanation::release_id.eq(id))
        .select((release_explanation::check_key, release_explanation::explanation))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// What is said when a release has changed under somebody's hands.
pub(in crate::publication) fn moved_on() -> Error {
    Error::Conflict("The release was changed after you opened it.".to_owned())
}

/// Moves a release on, as it was read.
///
/// # Errors
/// [`Error::Conflict`] when it has moved on since it was read.
pub(in crate::publication) fn move_on(conn: &mut Conn, as_read: &ReleaseSummary, step: Step) -> Result<()> {
    let to = as_read.state.after(step).ok_or_else(moved_on)?;
    set_state(conn, as_read, to)
}

/// Counts a change that leaves the state as it is.
///
/// # Errors
/// As [`move_on`].
pub(in crate::publication) fn touch(conn: &mut Conn, as_read: &ReleaseSummary) -> Result<()> {
    set_state(conn, as_read, as_read.state)
}

fn set_state(conn: &mut Conn, as_read: &ReleaseSummary, to: ReleaseState) -> Result<()> {
    let changed = diesel::update(
        release::table
            .filter(release::id.eq(as_read.id))
            .filter(release::version.eq(as_read.version))
            .filter(release::state.eq(as_read.state)),
    )
    .set((release::state.eq(to), release::version.eq(as_read.version + 1)))
    .execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(moved_on()) }
}

/// One entry of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseDate {
    /// Its number, which stands in its address.
    pub id: ReleaseDateId,
    /// What will be released.
    pub title: String,
    /// What it will be about, in a sentence or two.
    pub about: String,
    /// Who answers for the figures.
    pub lead_statistician: String,
    /// Whom readers may ask.
    pub contact: String,
    /// When it is due.
    pub due_at: Timestamp,
    /// Where it stands.
    pub state: ReleaseDateState,
    /// The release, once one is put on it.
    pub release: Option<ReleaseId>,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl ReleaseDate {
    /// What the access table needs to know of it.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        Subject { kind: "release date", id: self.id.get(), organisation: None, state: self.state.as_str() }
    }
}

type DateRow = (
    (ReleaseDateId, String, String, String, String),
    (Timestamp, ReleaseDateState, Option<ReleaseId>, Timestamp, i64),
);

macro_rules! date_columns {
    () => {
        (
            (
                release_date::id,
                release_date::title,
                release_date::about,
                release_date::lead_statistician,
                release_date::contact,
            ),
            (
                release_date::due_at,
                release_date::state,
                release_date::release_id,
                release_date::announced_at,
                release_date::version,
            ),
        )
    };
}

fn date_of(row: DateRow) -> ReleaseDate {
    let ((id, title, about, lead_statistician, contact), rest) = row;
    let (due_at, state, release, announced_at, version) = rest;
    ReleaseDate {
        id,
        title,
        about,
        lead_statistician,
        contact,
        due_at,
        state,
        release,
        announced_at,
        version,
    }
}

/// Every entry of the calendar in the order of time.
pub(in crate::publication) fn dates(conn: &mut Conn) -> Result<Vec<ReleaseDate>> {
    let rows: Vec<DateRow> = release_date::table
        .order((release_date::due_at, release_date::id))
        .select(date_columns!())
        .load(conn)?;
    Ok(rows.into_iter().map(date_of).collect())
}

/// The entry with this number.
pub(in crate::publication) fn date(conn: &mut Conn, id: ReleaseDateId) -> Result<Option<ReleaseDate>> {
    let row: Option<DateRow> =
        release_date::table.filter(release_date::id.eq(id)).select(date_columns!()).first(conn).optional()?;
    Ok(row.map(date_of))
}

/// The entry that a release is on.
pub(in crate::publication) fn date_of_release(conn: &mut Conn, id: ReleaseId) -> Result<Option<ReleaseDate>> {
    let row: Option<DateRow> = release_date::table
        .filter(release_date::release_id.eq(id))
        .select(date_columns!())
        .first(conn)
        .optional()?;
    Ok(row.map(date_of))
}

/// One change of an announced date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateChange {
    /// The entry.
    pub date: ReleaseDateId,
    /// When it was due before.
    pub was: Timestamp,
    /// When it is due since; none when it was cancelled.
    pub now: Option<Timestamp>,
    /// Why; public.
    pub reason: String,
    /// When that was decided.
    pub at: Timestamp,
}

/// Every change of every date, in order.
pub(in crate::publication) fn date_changes(conn: &mut Conn) -> Result<Vec<DateChange>> {
    type Row = (ReleaseDateId, Timestamp, Option<Timestamp>, String, Timestamp);
    let rows: Vec<Row> = release_date_change::table
        .order(release_date_change::id)
        .select((
            release_date_change::date_id,
            release_date_change::was_at,
            release_date_change::now_at,
            release_date_change::reason,
            release_date_change::changed_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(date, was, now, reason, at)| DateChange { date, was, now, reason, at })
        .collect())
}

/// A number that grows with every change of the calendar: entries are never taken away.
pub(in crate::publication) fn dates_mark(conn: &mut Conn) -> Result<i64> {
    let versions: Vec<i64> = release_date::table.select(release_date::version).load(conn)?;
    Ok(versions.iter().sum())
}

/// Begins the course of a release that has none, because the operator composed it.
pub(in crate::publication) fn ensure_course(conn: &mut Conn, id: ReleaseId) -> Result<()> {
    let row = release_course::release_id.eq(id);
    crate::each!(conn, c => diesel::insert_into(release_course::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}
