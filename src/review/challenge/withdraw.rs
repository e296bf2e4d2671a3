//! Taking a challenge back before it is settled.

use serde_json::json;

use super::mail;
use super::model::ChallengeState;
use super::store::{close, open_challenge};
use crate::access::{Permit, WithdrawChallenge};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReviewId;
use crate::review::claim::person;
use crate::review::letters::Closing;
use crate::review::store::{find, hold};

/// Withdraws the open challenge of a review. The decision can be challenged again while its period lasts.
///
/// # Errors
/// [`Error::Conflict`] when there is none any more.
pub fn withdraw_challenge(
    tx: &mut Tx<'_>,
    permit: &Permit<WithdrawChallenge>,
    closing: &Closing,
) -> Result<Recorded<()>> {
    let me = person(permit)?;
    let found = find(tx.conn(), ReviewId::new(permit.id()))?;
    hold(tx, &found.review)?;
    let open = open_challenge(tx.conn(), found.review.id)?
        .ok_or_else(|| Error::Conflict("There is no challenge that waits for its answer.".to_owned()))?;
    close(tx, open.id, (ChallengeState::Withdrawn, me, ""))?;
    mail::tell_of_withdrawal(tx, &found, open.id, closing)?;
    let data = json!({"review": found.review.id});
    ledger::append(tx, &Event::of(permit, "challenge_withdrawn", format!("challenge/{}", open.id), data), ())
}
