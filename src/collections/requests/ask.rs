//! Asking for more time, and taking the request back.

use diesel::prelude::*;
use serde_json::json;

use super::mail;
use super::model::RequestState;
use super::store::{close, open_request, request};
use crate::access::{AskForTime, Permit, WithdrawTimeRequest};
use crate::collections::store as collections;
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, TimeRequestId};
use crate::schema::extension_request;

/// What an organisation asks for.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// Until when.
    pub until: Timestamp,
    /// Why; the central team reads it, nobody publishes it.
    pub reason: String,
}

/// Asks for more time in the permit's collection, for the permit's organisation. Programme managers are told by mail.
///
/// # Errors
/// [`Error::Invalid`] when the time is not after what the organisation has already; [`Error::Refused`] when it is not
/// in scope or another request waits.
pub fn ask_for_time(
    tx: &mut Tx<'_>,
    permit: &Permit<AskForTime>,
    new: &NewRequest,
    public_url: &str,
) -> Result<Recorded<TimeRequestId>> {
    let (of, whose) = (CollectionId::new(permit.id()), permit.organisation()?);
    let by = permit.actor().id().ok_or_else(|| Error::broken("more time is asked for by a person"))?;
    let now = tx.now();
    if !collections::is_in_scope(tx.conn(), of, whose)? {
        return Err(Error::Refused("Your organisation is not asked for this return.".to_owned()));
    }
    if open_request(tx.conn(), of, whose)?.is_some() {
        return Err(Error::Refused(
            "A request for more time waits for its answer already. Take it back to ask for something else."
                .to_owned(),
        ));
    }
    let collection = collections::collection(tx.conn(), of)?;
    if !collection.hears_requests(now) {
        return Err(Error::Refused("The collection closed too long ago to ask for more time.".to_owned()));
    }
    let due = collections::deadline_for(tx.conn(), &collection, whose)?;
    if new.until <= due || new.until <= now {
        let message = format!("Enter a time after {}, when the return is due now", due.london_words());
        return Err(Error::field("until", message));
    }
    let id: TimeRequestId = diesel::insert_into(extension_request::table)
        .values((
            extension_request::collection_id.eq(of),
            extension_request::organisation_id.eq(whose),
            extension_request::until.eq(new.until),
            extension_request::reason.eq(&new.reason),
            extension_request::state.eq(RequestState::Open),
            extension_request::asked_by.eq(by),
            extension_request::asked_at.eq(now),
        ))
        .returning(extension_request::id)
        .get_result(tx.conn())?;
    let asked = request(tx.conn(), id)?;
    mail::tell_the_programme(tx, &collection, &asked, public_url)?;
    let data = json!({
        "request": id,
        "until": new.until,
        "reason_sha256": hex(&sha256(new.reason.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "more_time_asked", format!("collection/{of}"), data), id)
}

/// Takes a request back that waits for its answer.
///
/// # Errors
/// [`Error::NotFound`] when it is not this organisation's; [`Error::Conflict`] when it has been answered.
pub fn withdraw_request(
    tx: &mut Tx<'_>,
    permit: &Permit<WithdrawTimeRequest>,
    id: TimeRequestId,
) -> Result<Recorded<()>> {
    let (of, whose) = (CollectionId::new(permit.id()), permit.organisation()?);
    let by = permit.actor().id().ok_or_else(|| Error::broken("a request is taken back by a person"))?;
    let found = request(tx.conn(), id)?;
    if found.collection != of || found.organisation != whose {
        return Err(Error::NotFound);
    }
    if !close(tx, id, RequestState::Withdrawn, by, "")? {
        return Err(Error::Conflict("The request has been answered in the meantime.".to_owned()));
    }
    let data = json!({"request": id});
    ledger::append(tx, &Event::of(permit, "more_time_withdrawn", format!("collection/{of}"), data), ())
}
