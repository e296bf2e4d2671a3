//! The programme's answer to a request for more time.

use serde_json::json;

use super::mail;
use super::model::{RequestState, TimeRequest};
use super::store::{close, request};
use crate::access::{Action, GrantExtension, Permit, RefuseExtension};
use crate::collections::extend::{Extension, grant_extension};
use crate::collections::store as collections;
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, TimeRequestId};

/// What a programme manager answers.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The request that is answered.
    pub request: TimeRequestId,
    /// What the organisation is told; a refusal says why.
    pub words: String,
}

/// Grants the request, perhaps for another time than was asked for. The organisation is told by mail.
///
/// # Errors
/// As [`grant_extension`]; [`Error::Conflict`] when the request waits no longer.
pub fn grant_request(
    tx: &mut Tx<'_>,
    permit: &Permit<GrantExtension>,
    answer: &Answer,
    until: Timestamp,
    public_url: &str,
) -> Result<Recorded<()>> {
    let asked = close_as(tx, permit, answer, RequestState::Granted)?;
    let extension = Extension { organisation: asked.code.clone(), until, reason: asked.reason.clone() };
    let granted = grant_extension(tx, permit, &extension)?;
    mail::tell_the_organisation(tx, &asked, Some(until), &answer.words, public_url)?;
    Ok(granted)
}

/// Refuses the request. The organisation is told by mail, with the reason.
///
/// # Errors
/// [`Error::Invalid`] without a reason, [`Error::Conflict`] when the request waits no longer.
pub fn refuse_request(
    tx: &mut Tx<'_>,
    permit: &Permit<RefuseExtension>,
    answer: &Answer,
    public_url: &str,
) -> Result<Recorded<()>> {
    if answer.words.is_empty() {
        return Err(Error::field("words", "Say why the request is refused"));
    }
    let asked = close_as(tx, permit, answer, RequestState::Refused)?;
    mail::tell_the_organisation(tx, &asked, None, &answer.words, public_url)?;
    let data = json!({"request": asked.id, "words_sha256": hex(&sha256(answer.words.as_bytes()))});
    let subject = format!("collection/{}", asked.collection);
    let event = Event::of(permit, "more_time_refused", subject, data).in_organisation(asked.organisation);
    ledger::append(tx, &event, ())
}

fn close_as<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    answer: &Answer,
    to: RequestState,
) -> Result<TimeRequest> {
    let by = permit.actor().id().ok_or_else(|| Error::broken("a request is answered by a person"))?;
    let asked = request(tx.conn(), answer.request)?;
    if asked.collection != CollectionId::new(permit.id()) {
        return Err(Error::NotFound);
    }
    if close(tx, asked.id, to, by, &answer.words)? {
        Ok(asked)
    } else {
        Err(Error::Conflict("The request has been answered or taken back in the meantime.".to_owned()))
    }
}

/// The collection's key, for the addresses in mails.
pub(super) fn key_of(tx: &mut Tx<'_>, asked: &TimeRequest) -> Result<String> {
    Ok(collections::collection(tx.conn(), asked.collection)?.key)
}
