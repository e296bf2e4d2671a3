//! The text of a release that is being written: what the figures say, whom readers may ask, and why there is another
//! version. The figures themselves are frozen.

use diesel::prelude::*;
use serde_json::json;

use super::{settled, store};
use crate::access::{Permit, WordRelease};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{FieldError, Result};
use crate::publication::release::ReleaseSummary;
use crate::schema::release_course;

/// Most characters of what the figures say.
pub const TEXT_LIMIT: usize = 4000;
/// Most characters of a reason.
pub const REASON_LIMIT: usize = 1000;
/// Most characters of a contact.
pub const CONTACT_LIMIT: usize = 300;

/// The text as it is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewWords {
    /// Whom readers may ask.
    pub contact: String,
    /// What the figures say.
    pub commentary: String,
    /// Why there is another version.
    pub reason: String,
}

/// Changes the text. It may be incomplete until the release is submitted.
///
/// # Errors
/// [`crate::platform::error::Error::Invalid`] for what is too long, `Conflict` when somebody else changed it first.
pub fn word_release(
    tx: &mut Tx<'_>,
    permit: &Permit<WordRelease>,
    found: &ReleaseSummary,
    new: &NewWords,
) -> Result<Recorded<()>> {
    let limits = [
        ("contact", &new.contact, CONTACT_LIMIT),
        ("commentary", &new.commentary, TEXT_LIMIT),
        ("reason", &new.reason, REASON_LIMIT),
    ];
    let mut problems = Vec::new();
    for (field, text, limit) in limits {
        if text.chars().count() > limit {
            problems.push(FieldError {
                field: field.to_owned(),
                message: format!("Use at most {limit} characters"),
            });
        }
    }
    settled(problems)?;
    store::touch(tx.conn(), found)?;
    store::ensure_course(tx.conn(), found.id)?;
    diesel::update(release_course::table.filter(release_course::release_id.eq(found.id)))
        .set((
            release_course::contact.eq(&new.contact),
            release_course::commentary.eq(&new.commentary),
            release_course::reason.eq(&new.reason),
            release_course::worded_by.eq(permit.actor().id()),
        ))
        .execute(tx.conn())?;
    let event = Event::of(
        permit,
        "release.worded",
        format!("release/{}", found.id),
        json!({
            "commentary_sha256": hex(&sha256(new.commentary.as_bytes())),
            "contact_sha256": hex(&sha256(new.contact.as_bytes())),
            "reason_sha256": hex(&sha256(new.reason.as_bytes())),
        }),
    );
    ledger::append(tx, &event, ())
}
