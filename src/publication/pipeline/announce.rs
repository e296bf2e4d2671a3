//! Announcing a release on the public calendar: a title, a day at least four weeks ahead, who answers for the figures and
//! whom to ask. The figures may follow later.

use diesel::prelude::*;
use serde_json::json;

use super::moments::{NOTICE_DAYS, ReleaseDateState, first_day, moment_of};
use super::{CONTACT_LIMIT, REASON_LIMIT, ask, jobs, settled};
use crate::access::{AnnounceRelease, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Day;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReleaseDateId;
use crate::schema::release_date;

/// Most characters of a title or a name.
const TITLE_LIMIT: usize = 200;

/// What is announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDate {
    /// What will be released.
    pub title: String,
    /// What it will be about.
    pub about: String,
    /// Who answers for the figures.
    pub lead_statistician: String,
    /// Whom readers may ask.
    pub contact: String,
    /// The day; the time is half past nine.
    pub day: Day,
}

/// Announces it.
///
/// # Errors
/// [`Error::Invalid`] with everything that is missing, too long, or too soon.
pub fn announce_release(
    tx: &mut Tx<'_>,
    permit: &Permit<AnnounceRelease>,
    new: &NewDate,
) -> Result<Recorded<ReleaseDateId>> {
    let mut problems = Vec::new();
    ask(&mut problems, "title", &new.title, "Enter a title", TITLE_LIMIT);
    ask(&mut problems, "about", &new.about, "Say what the release will be about", REASON_LIMIT);
    let lead = "Enter the lead statistician\u{2019}s name";
    ask(&mut problems, "lead_statistician", &new.lead_statistician, lead, TITLE_LIMIT);
    ask(&mut problems, "contact", &new.contact, "Say whom readers may ask", CONTACT_LIMIT);
    settled(problems)?;
    let now = tx.now();
    let first = first_day(now);
    if new.day < first {
        return Err(Error::field(
            "day",
            format!(
                "The day must be {} or later: a release is announced at least {NOTICE_DAYS} days ahead",
                first.words()
            ),
        ));
    }
    let due = moment_of(new.day);
    let id: ReleaseDateId = diesel::insert_into(release_date::table)
        .values((
            release_date::title.eq(&new.title),
            release_date::about.eq(&new.about),
            release_date::lead_statistician.eq(&new.lead_statistician),
            release_date::contact.eq(&new.contact),
            release_date::due_at.eq(due),
            release_date::state.eq(ReleaseDateState::Announced),
            release_date::announced_at.eq(now),
            release_date::announced_by.eq(permit.actor().id()),
        ))
        .returning(release_date::id)
        .get_result(tx.conn())?;
    jobs::ensure_scheduled(tx)?;
    let event = Event::of(
        permit,
        "release_date.announced",
        format!("release_date/{id}"),
        json!({"due_at": due, "title_sha256": hex(&sha256(new.title.as_bytes()))}),
    );
    ledger::append(tx, &event, id)
}
