//! Giving one organisation more time.

use diesel::prelude::*;
use serde_json::json;

use super::{requests, store};
use crate::access::{GrantExtension, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::CollectionId;
use crate::schema::{collection_result, extension};

/// More time for one organisation.
#[derive(Debug, Clone)]
pub struct Extension {
    /// The organisation's code.
    pub organisation: String,
    /// Until when its return is taken and counts as in time.
    pub until: Timestamp,
    /// Why; kept for the record, never published.
    pub reason: String,
}

/// Grants an extension in the permit's collection; a second one for the same organisation replaces the first.
///
/// # Errors
/// [`Error::Invalid`] when the organisation does not exist or is out of scope, or the time is not after the deadline.
pub fn grant_extension(
    tx: &mut Tx<'_>,
    permit: &Permit<GrantExtension>,
    new: &Extension,
) -> Result<Recorded<()>> {
    let id = CollectionId::new(permit.id());
    let now = tx.now();
    let by = permit.actor().id().ok_or_else(|| Error::broken("an extension is granted by a person"))?;
    let whose = store::organisation_by_code(tx.conn(), &new.organisation)?;
    let Some((organisation, sector)) = whose else {
        return Err(Error::field("organisation", "There is no organisation with this code"));
    };
    if store::profile_for(tx.conn(), id, &sector)?.is_none() {
        return Err(Error::field("organisation", "This organisation is not in the scope of the collection"));
    }
    let collection = store::collection(tx.conn(), id)?;
    if new.until <= collection.deadline_at || new.until <= now {
        return Err(Error::field("until", "The extension must end after the deadline and after now"));
    }
    let values = (
        extension::until.eq(new.until),
        extension::reason.eq(&new.reason),
        extension::granted_by.eq(by),
        extension::granted_at.eq(now),
    );
    let replaced = diesel::update(
        extension::table
            .filter(extension::collection_id.eq(id))
            .filter(extension::organisation_id.eq(organisation)),
    )
    .set(values)
    .execute(tx.conn())?;
    if replaced == 0 {
        let whose = (extension::collection_id.eq(id), extension::organisation_id.eq(organisation));
        diesel::insert_into(extension::table).values((whose, values)).execute(tx.conn())?;
    }
    requests::settle(tx, id, organisation, by)?;
    // Given after the close, it takes the place of what the close recorded; the end of the extension records anew.
    let lifted = diesel::delete(
        collection_result::table
            .filter(collection_result::collection_id.eq(id))
            .filter(collection_result::organisation_id.eq(organisation)),
    )
    .execute(tx.conn())?;
    let mut data = json!({"until": new.until, "reason_sha256": hex(&sha256(new.reason.as_bytes()))});
    if let (true, Some(map)) = (lifted > 0, data.as_object_mut()) {
        map.insert("lifted".to_owned(), json!("not_published_at_close"));
    }
    let event = Event::of(permit, "extension_granted", format!("collection/{id}"), data)
        .in_organisation(organisation);
    ledger::append(tx, &event, ())
}
