//! The seed of a collection's random shares: made once, from chance, before the first submission is queued. The ledger
//! takes its hash at that moment, so that nobody can choose another seed later; with the seed anybody computes every share.

use diesel::prelude::*;
use serde_json::json;

pub(in crate::review) use super::store::seed_of;
use crate::access::{Action, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::CollectionId;
use crate::platform::random::Random;
use crate::schema::risk_seed;

/// A seed from chance, in hexadecimal.
pub(in crate::review) fn fresh(random: &dyn Random) -> Result<String> {
    let mut bytes = [0_u8; 32];
    random.fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// Records the seed of a collection.
///
/// # Errors
/// [`Error::Conflict`] when it has one.
pub fn make_seed<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    of: CollectionId,
    seed: &str,
) -> Result<Recorded<()>> {
    let now = tx.now();
    let row = (risk_seed::collection_id.eq(of), risk_seed::seed.eq(seed), risk_seed::made_at.eq(now));
    let made = crate::each!(tx.conn(), c => diesel::insert_into(risk_seed::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    if made == 0 {
        return Err(Error::Conflict("The collection has a seed already.".to_owned()));
    }
    let data = json!({"collection": of, "seed_sha256": hex(&sha256(seed.as_bytes()))});
    ledger::append(tx, &Event::of(permit, "risk_seed_made", format!("collection/{of}"), data), ())
}
