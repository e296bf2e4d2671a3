//! The release pipeline: from a draft through quality checks, a second person's approval and an announced date to the
//! public, each step a verb with its permit; the calendar of dates; and who may read early.
//!
//! Nothing here makes figures: they are frozen when a release is composed. Nothing leads back from what is public.

mod announce;
mod approve;
mod cancel_date;
mod checks;
mod discard;
mod explain;
mod gather;
mod jobs;
mod list_reader;
mod mail;
mod moments;
mod move_date;
mod overview;
mod publish_correction;
mod publish_due;
mod read_early;
mod readers;
mod schedule;
mod send_back;
mod store;
mod submit;
mod unlist_reader;
mod word;

pub use announce::{NewDate, announce_release};
pub use approve::approve_release;
pub use cancel_date::cancel_date;
pub use checks::{Check, Outcome, are_settled};
pub use discard::discard_release;
pub use explain::explain_check;
pub use jobs::{CALENDAR, calendar, ensure_scheduled, run_due};
pub use list_reader::{NewReader, list_reader};
pub use moments::{EARLY_HOURS, NOTICE_DAYS, ReleaseDateState, early_from, first_day, moment_of};
pub use move_date::move_date;
pub use publish_correction::publish_correction;
pub use publish_due::publish_due;
pub use read_early::{is_open, read_early};
pub use readers::{EarlyReader, EarlyView};
pub use schedule::schedule_release;
pub use send_back::send_back;
pub use store::{Course, DateChange, ReleaseDate};
pub use submit::submit_release;
pub use unlist_reader::unlist_reader;
pub use word::{CONTACT_LIMIT, NewWords, REASON_LIMIT, TEXT_LIMIT, word_release};

pub(super) use overview::{Overview, overview};
pub(super) use readers::{ever_readers_of, reader_by_token, reader_signed_in};
pub(super) use store::{begin_course, course, date, date_changes, date_of_release, dates, dates_mark};

use super::publish_release::release_subject;
use super::release::ReleaseSummary;
use crate::access::{Action, Actor, Permit};
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::ids::ReleaseDateId;

/// The permit for an action on the release of this key, with the release as it is now, which is as the form saw it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] or [`Error::Refused`] as the table of actions says; [`Error::Conflict`] when
/// it was changed since the form was loaded.
pub fn permitted<A: Action>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &str,
    seen: &str,
) -> Result<(Permit<A>, ReleaseSummary)> {
    let found = release_subject(tx.conn(), key)?;
    let (subject, release) = found.unzip();
    let permit = Permit::<A>::grant(actor, subject)?;
    let release = release.ok_or(Error::NotFound)?;
    if release.version.to_string() == seen { Ok((permit, release)) } else { Err(store::moved_on()) }
}

/// The permit for an action on an entry of the calendar, with the entry as the form saw it.
///
/// # Errors
/// As [`permitted`].
pub fn permitted_date<A: Action>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ReleaseDateId,
    seen: &str,
) -> Result<(Permit<A>, ReleaseDate)> {
    let found = date(tx.conn(), id)?;
    let permit = Permit::<A>::grant(actor, found.as_ref().map(ReleaseDate::subject))?;
    let found = found.ok_or(Error::NotFound)?;
    if found.version.to_string() == seen { Ok((permit, found)) } else { Err(date_moved_on()) }
}

fn date_moved_on() -> Error {
    Error::Conflict("The calendar was changed after you opened the page.".to_owned())
}

/// Notes a text that is missing or too long.
fn ask(problems: &mut Vec<FieldError>, field: &str, text: &str, missing: &str, limit: usize) {
    let message = if text.is_empty() {
        missing.to_owned()
    } else if text.chars().count() > limit {
        format!("Use at most {limit} characters")
    } else {
        return;
    };
    problems.push(FieldError { field: field.to_owned(), message });
}

/// Everything that is wrong, or nothing.
fn settled(problems: Vec<FieldError>) -> Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}
