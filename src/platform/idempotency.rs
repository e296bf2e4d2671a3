//! Idempotency keys: a call that was repeated because its answer got lost gets the first answer again. The answer is
//! kept in the transaction of the change itself, so there is never one without the other.

use diesel::prelude::*;

use super::canonical::sha256;
use super::db::{Conn, Tx};
use super::error::{Error, Result};
use super::ids::PersonId;
use crate::schema::idempotency;

/// The most characters a key may have.
pub const KEY_LIMIT: usize = 100;

/// How long an answer is kept for a repeat of its call, in days.
pub const KEPT_DAYS: i64 = 30;

/// One call as its repeat would look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    person: PersonId,
    key: String,
    route: String,
    hash: [u8; 32],
}

/// The answer that a call was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// HTTP status.
    pub status: u16,
    /// The body, JSON.
    pub body: String,
}

impl Call {
    /// A call: who makes it, under which key, to which address and with which body.
    ///
    /// # Errors
    /// A field error unless the key has 1 to [`KEY_LIMIT`] visible ASCII characters.
    pub fn new(person: PersonId, key: &str, route: String, body: &[u8]) -> Result<Self> {
        if key.is_empty() || key.len() > KEY_LIMIT || !key.bytes().all(|b| b.is_ascii_graphic()) {
            let message = format!("Send a key of 1 to {KEY_LIMIT} visible ASCII characters without spaces");
            return Err(Error::field("Idempotency-Key", message));
        }
        Ok(Self { person, key: key.to_owned(), route, hash: sha256(body) })
    }
}

/// The answer to an earlier call with this key, if there was one.
///
/// # Errors
/// A field error when the key was used for another address or another body.
pub fn earlier(conn: &mut Conn, call: &Call) -> Result<Option<Kept>> {
    let row: Option<(String, Vec<u8>, i64, String)> = idempotency::table
        .filter(idempotency::person_id.eq(call.person))
        .filter(idempotency::idempotency_key.eq(&call.key))
        .select((idempotency::route, idempotency::request_hash, idempotency::status, idempotency::body))
        .first(conn)
        .optional()?;
    let Some((route, hash, status, body)) = row else {
        return Ok(None);
    };
    if route != call.route || hash != call.hash {
        let message = "This key was used for another request; use a new key for each thing you want done";
        return Err(Error::field("Idempotency-Key", message));
    }
    let status = u16::try_from(status)
        .map_err(|e| Error::internal("failed to read the status of a kept answer", e))?;
    Ok(Some(Kept { status, body }))
}

/// Keeps the answer to a call. Of two calls at once with the same key one fails here, and its change with it.
///
/// # Errors
/// [`Error::Conflict`] when the key has been used meanwhile.
pub fn keep(tx: &mut Tx<'_>, call: &Call, answer: &Kept) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(idempotency::table)
        .values((
            idempotency::person_id.eq(call.person),
            idempotency::idempotency_key.eq(&call.key),
            idempotency::route.eq(&call.route),
            idempotency::request_hash.eq(&call.hash[..]),
            idempotency::status.eq(i64::from(answer.status)),
            idempotency::body.eq(&answer.body),
            idempotency::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets the answers that were kept for longer than [`KEPT_DAYS`], and says how many those were. A repeat after that
/// is a new call.
///
/// # Errors
/// When the database cannot be written.
pub fn forget_old(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now().plus_seconds(-KEPT_DAYS * 24 * 3600);
    Ok(diesel::delete(idempotency::table.filter(idempotency::created_at.lt(before))).execute(tx.conn())?)
}
