//! Computing the risk of a case and keeping it with its inputs: for one review in whatever change calls for it, and for all
//! open ones piece by piece.

use serde_json::json;

use super::{facts, store};
use crate::access::{ComputeRisk, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, ReviewId};

/// Computes and keeps the risk of one review, under the weights in force. The caller's event tells of it.
pub(in crate::review) fn refresh(tx: &mut Tx<'_>, id: ReviewId) -> Result<i64> {
    let profile = store::in_force(tx.conn())?;
    refresh_under(tx, id, &profile)
}

fn refresh_under(tx: &mut Tx<'_>, id: ReviewId, profile: &store::Profile) -> Result<i64> {
    let day = tx.now().london_day();
    let (organisation, inputs) = facts::gather(tx.conn(), id, day)?;
    store::keep(tx, (id, organisation), profile, &inputs)
}

/// Computes the risk of the open reviews of one organisation, of which something that counts has changed; gives how many.
///
/// # Errors
/// When the database refuses.
pub fn compute_risk_of(
    tx: &mut Tx<'_>,
    permit: &Permit<ComputeRisk>,
    whose: OrganisationId,
) -> Result<Recorded<usize>> {
    let ids = store::open_of(tx.conn(), whose)?;
    let profile = store::in_force(tx.conn())?;
    for id in &ids {
        refresh_under(tx, *id, &profile)?;
    }
    let data = json!({"organisation": whose, "reviews": ids.len(), "weights": profile.version});
    let event = Event::of(permit, "risk_computed", "programme".to_owned(), data);
    ledger::append(tx, &event, ids.len())
}

/// Computes the risk of the open reviews after this one, at most so many; gives the last of them, or none when there was
/// none left.
///
/// # Errors
/// When the database refuses.
pub fn compute_risk(
    tx: &mut Tx<'_>,
    permit: &Permit<ComputeRisk>,
    after: ReviewId,
    limit: i64,
) -> Result<Recorded<(usize, Option<ReviewId>)>> {
    let ids = store::open_after(tx.conn(), after, limit)?;
    let profile = store::in_force(tx.conn())?;
    for id in &ids {
        refresh_under(tx, *id, &profile)?;
    }
    let last = ids.last().copied();
    let data = json!({"after": after, "reviews": ids.len(), "weights": profile.version});
    let event = Event::of(permit, "risk_computed", "programme".to_owned(), data);
    ledger::append(tx, &event, (ids.len(), last))
}
