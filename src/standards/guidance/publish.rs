//! Publishing a note of guidance, at once or for a later day. On its day a job tells those whom it concerns.

use serde_json::json;

use super::model::{About, NOTE_LIMIT};
use super::store;
use crate::access::{Action, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Day;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::GuidanceNoteId;
use crate::platform::jobs;
use crate::standards::store::{EditionState, edition_by_key};

/// The kind of the job that tells people of a note. Its payload is the note's number.
pub const TELL: &str = "standards.tell_guidance";

/// The hour in London at which people are told of a note that was written ahead.
const HOUR: i8 = 8;

/// A note to be.
#[derive(Debug, Clone)]
pub struct NewNote {
    /// The key of the edition.
    pub edition: String,
    /// What it is about.
    pub about: About,
    /// The code of that.
    pub code: String,
    /// What it says.
    pub text: String,
    /// The first day on which it holds.
    pub effective_on: Day,
}

/// Publishes a note. It takes the place of the earlier one from its day on.
///
/// # Errors
/// [`Error::Invalid`] beside the field that does not fit.
pub fn publish_guidance<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    new: &NewNote,
) -> Result<Recorded<GuidanceNoteId>> {
    let (found, state) = edition_by_key(tx.conn(), &new.edition)?.ok_or(Error::NotFound)?;
    if state == EditionState::Draft {
        return Err(Error::field("text", "The edition is not frozen yet: change its own guidance instead"));
    }
    let is_there = match new.about {
        About::Requirement => found.edition().requirement(&new.code).is_some(),
        About::Section => found.edition().section(&new.code).is_some(),
    };
    if !is_there {
        return Err(Error::field("about", "Select what the guidance is about"));
    }
    if new.text.is_empty() || new.text.chars().count() > NOTE_LIMIT {
        return Err(Error::field("text", format!("Enter the guidance, in at most {NOTE_LIMIT} characters")));
    }
    let now = tx.now();
    if new.effective_on < now.london_day() {
        return Err(Error::field("from", "The day from which it holds cannot be in the past"));
    }
    let place = (new.about, new.code.as_str());
    let id = store::insert(tx, found.id(), place, (&new.text, new.effective_on), permit.actor().id())?;
    let run_at = if new.effective_on == now.london_day() { now } else { new.effective_on.at_hour(HOUR) };
    jobs::enqueue(tx, TELL, &id.to_string(), run_at, Some(&format!("{TELL}-{id}")))?;
    let data = json!({
        "edition": new.edition,
        "about": new.about,
        "code": new.code,
        "effective_on": new.effective_on.to_string(),
        "text_sha256": hex(&sha256(new.text.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "guidance_published", format!("guidance/{id}"), data), id)
}
