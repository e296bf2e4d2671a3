//! Putting other weights in force. The old ones stay, so that every score says what it was computed from.

use diesel::prelude::*;
use serde_json::json;

use super::score::Settings;
use super::{jobs, store};
use crate::access::{ChangeRiskWeights, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, Result};
use crate::review::claim::person;
use crate::schema::risk_profile;

/// The longest reason, in characters.
pub(super) const NOTE_LIMIT: usize = 500;

/// Puts these weights in force over the version that was seen, and begins to compute every open review again.
///
/// # Errors
/// [`Error::Invalid`] when they do not add up, [`Error::Conflict`] when others were put in force meanwhile.
pub fn change_weights(
    tx: &mut Tx<'_>,
    permit: &Permit<ChangeRiskWeights>,
    seen: i64,
    settings: &Settings,
    note: &str,
) -> Result<Recorded<i64>> {
    let faults: Vec<FieldError> = settings
        .faults()
        .into_iter()
        .map(|(field, message)| FieldError { field: field.to_owned(), message })
        .collect();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let (now, me) = (tx.now(), person(permit)?);
    let changed = || Error::Conflict("Other weights were put in force since you loaded the page.".to_owned());
    if store::in_force(tx.conn())?.version != seen {
        return Err(changed());
    }
    let text = to_string(settings)?;
    let row = (
        risk_profile::version.eq(seen + 1),
        risk_profile::settings.eq(&text),
        risk_profile::note.eq(note),
        risk_profile::made_by.eq(Some(me)),
        risk_profile::made_at.eq(now),
    );
    // Of two at once one makes the version.
    let made = crate::each!(tx.conn(), c => diesel::insert_into(risk_profile::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    if made == 0 {
        return Err(changed());
    }
    jobs::begin(tx, "weights")?;
    let data =
        json!({"version": seen + 1, "settings": settings, "note_sha256": hex(&sha256(note.as_bytes()))});
    ledger::append(tx, &Event::of(permit, "risk_weights_changed", "programme".to_owned(), data), seen + 1)
}
