//! Taking a submitted return up again before the close, with a reason; and putting it back as it was sent when it was
//! not sent again in time.

use diesel::prelude::*;
use serde_json::json;

use super::library::follow_newest;
use super::model::{ReturnState, Step};
use super::moves::step;
use super::ready::{next, withdraw_sign_offs};
use super::sites;
use super::store::{self, Found, Which};
use crate::access::{Actor, Permit, ReopenReturn, StandAsSubmitted};
use crate::collections::CollectionState;
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::{Conn, Db, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReturnId;
use crate::schema::{annual_return, collection};

/// The most characters a reason may have.
pub const REASON_LIMIT: usize = 2000;

/// Takes a submitted return back to draft; the submission stays as it is, and the next one names the reason.
///
/// # Errors
/// [`Error::Refused`] after the close.
pub fn reopen_return(
    tx: &mut Tx<'_>,
    permit: &Permit<ReopenReturn>,
    found: &Found,
    reason: &str,
) -> Result<Recorded<()>> {
    found.must_be_of(permit)?;
    found.must_be_taken(tx.now())?;
    sites::must_be_reopenable(tx, found)?;
    let to = next(found, Step::Reopen)?;
    store::move_on(tx, found, to)?;
    withdraw_sign_offs(tx, found)?;
    follow_newest(tx, found.id)?;
    diesel::update(annual_return::table.filter(annual_return::id.eq(found.id)))
        .set(annual_return::reopened_reason.eq(Some(reason)))
        .execute(tx.conn())?;
    let data = json!({"submission": found.submission, "reason_sha256": hex(&sha256(reason.as_bytes()))});
    ledger::append(tx, &Event::of(permit, "return_reopened", format!("return/{}", found.id), data), ())
}

/// Puts one return back as it was last sent.
///
/// # Errors
/// [`Error::Conflict`] when it was sent again at the same moment.
pub fn stand_as_submitted(
    tx: &mut Tx<'_>,
    permit: &Permit<StandAsSubmitted>,
) -> Result<Recorded<ReturnState>> {
    let id = ReturnId::new(permit.id());
    let found = store::find(tx.conn(), Which::Id(id))?.ok_or(Error::NotFound)?;
    if found.submission.is_none() || found.collection.takes_returns(tx.now(), found.extension) {
        return Err(Error::Conflict("The return may still be sent.".to_owned()));
    }
    let recorded = step(tx, permit, id, &[Step::StandAsSubmitted])?;
    withdraw_sign_offs(tx, &found)?;
    diesel::update(annual_return::table.filter(annual_return::id.eq(id)))
        .set(annual_return::reopened_reason.eq(None::<String>))
        .execute(tx.conn())?;
    Ok(recorded)
}

/// Puts every return back that was taken up again and not sent by the close; gives how many. For the scheduler.
///
/// # Errors
/// When the database refuses; what was done before stays done.
pub fn settle_reopened(db: &Db) -> Result<usize> {
    let now = db.clock().now();
    let left = db.read_now(Actor::system_reach(), left_open)?;
    let mut settled = 0;
    for id in left {
        let outcome = db.write_now(Actor::system_reach(), move |tx| {
            let found = store::find(tx.conn(), Which::Id(id))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<StandAsSubmitted>(&Actor::system())?;
            stand_as_submitted(tx, &permit)
        });
        match outcome {
            Ok(_) => settled += 1,
            // Sent again at this very moment, or given more time.
            Err(Error::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    log::debug!(target: "portal::returns", "{settled} reopened returns stand as submitted at {}", now.rfc3339());
    Ok(settled)
}

/// Returns of closed collections that were sent once and are being written again; the running extensions among them
/// are told apart by the verb.
fn left_open(conn: &mut Conn) -> Result<Vec<ReturnId>> {
    Ok(annual_return::table
        .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
        .filter(collection::state.eq(CollectionState::Closed))
        .filter(annual_return::submission_id.is_not_null())
        .filter(annual_return::state.eq_any([ReturnState::Draft, ReturnState::Ready, ReturnState::Signed]))
        .order(annual_return::id)
        .select(annual_return::id)
        .load(conn)?)
}
