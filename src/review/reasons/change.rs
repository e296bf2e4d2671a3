//! Changing a reason of the library: a new version, beside which the earlier ones stay readable.

use diesel::prelude::*;
use serde_json::json;

use super::add::NewReason;
use super::store;
use crate::access::{ChangeReason, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReasonId;
use crate::review::claim::person;
use crate::schema::review_reason;

/// Changes title and words of the permit's reason, from the version that was seen. Where it is offered stays.
///
/// # Errors
/// [`Error::Invalid`] for what is missing or too long, [`Error::Conflict`] when somebody else changed it first.
pub fn change_reason(
    tx: &mut Tx<'_>,
    permit: &Permit<ChangeReason>,
    version: i64,
    new: &NewReason,
) -> Result<Recorded<()>> {
    new.must_be_sound()?;
    let (now, me) = (tx.now(), person(permit)?);
    let id = ReasonId::new(permit.id());
    let changed = diesel::update(
        review_reason::table.filter(review_reason::id.eq(id)).filter(review_reason::version.eq(version)),
    )
    .set((
        review_reason::title.eq(&new.title),
        review_reason::body.eq(&new.body),
        review_reason::version.eq(version + 1),
        review_reason::changed_by.eq(me),
        review_reason::changed_at.eq(now),
    ))
    .execute(tx.conn())?;
    if changed == 0 {
        return Err(Error::Conflict("The reason has changed since you loaded it.".to_owned()));
    }
    store::keep_version(tx, (id, version + 1), (&new.title, &new.body), me)?;
    let data = json!({"version": version + 1, "text_sha256": hex(&sha256(new.body.as_bytes()))});
    ledger::append(tx, &Event::of(permit, "reason_changed", format!("reason/{id}"), data), ())
}
