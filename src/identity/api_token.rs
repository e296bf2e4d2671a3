//! Tokens for programs: an opaque text shown once, its hash in the database, with an end, revocable at once. A program
//! that holds one acts as the person it was made for, with the roles they hold at that moment.

use diesel::prelude::*;
use serde_json::json;

use super::model::{EmailAddress, PersonState};
use super::store;
use crate::access::{Actor, IssueApiToken, Permit, RevokeApiToken, Subject};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::sha256;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;
use crate::platform::random::{self, Random};
use crate::schema::{api_token, person};

/// What every token begins with, so that one left in a file or a log is recognised.
const PREFIX: &str = "portal_";
/// The longest life of a token, in days.
pub const LONGEST_DAYS: i64 = 366;
/// The most characters a token's name may have.
const NAME_LIMIT: usize = 100;

/// A fresh token of 32 random bytes.
///
/// # Errors
/// When there is no randomness.
pub fn new_api_token(random: &dyn Random) -> Result<String> {
    Ok(format!("{PREFIX}{}", random::token(random)?))
}

/// What the permit to issue or revoke a person's tokens is for.
///
/// # Errors
/// When the database cannot be asked.
pub fn token_subject(conn: &mut Conn, email: &EmailAddress) -> Result<Option<Subject>> {
    Ok(store::person_by_email(conn, email)?.map(|account| Subject {
        kind: "person",
        id: account.id.get(),
        organisation: None,
        state: account.state.as_str(),
    }))
}

/// Stores a token for the permit's person; gives its end.
///
/// # Errors
/// A field error when the name or the number of days cannot be used, [`Error::Refused`] while a token of that name
/// is live.
pub fn issue_api_token(
    tx: &mut Tx<'_>,
    permit: &Permit<IssueApiToken>,
    name: &str,
    token: &str,
    days: i64,
) -> Result<Recorded<Timestamp>> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_LIMIT {
        return Err(Error::field("name", format!("must have 1 to {NAME_LIMIT} characters")));
    }
    if !(1..=LONGEST_DAYS).contains(&days) {
        return Err(Error::field("days", format!("must be from 1 to {LONGEST_DAYS}")));
    }
    let (person, now) = (PersonId::new(permit.id()), tx.now());
    let live: i64 = api_token::table
        .filter(api_token::person_id.eq(person))
        .filter(api_token::name.eq(name))
        .filter(api_token::revoked_at.is_null())
        .filter(api_token::expires_at.gt(now))
        .count()
        .get_result(tx.conn())?;
    if live > 0 {
        return Err(Error::Refused(format!(
            "The person has a token named \"{name}\" already; revoke it first."
        )));
    }
    let ends = now.plus_seconds(days * 24 * 3600);
    let id: i64 = diesel::insert_into(api_token::table)
        .values((
            api_token::person_id.eq(person),
            api_token::name.eq(name),
            api_token::token_hash.eq(&sha256(token.as_bytes())[..]),
            api_token::created_at.eq(now),
            api_token::expires_at.eq(ends),
        ))
        .returning(api_token::id)
        .get_result(tx.conn())?;
    let data = json!({"token": id, "expires_at": ends});
    ledger::append(tx, &Event::of(permit, "api_token_issued", format!("person/{person}"), data), ends)
}

/// Revokes every live token of this name that the permit's person has; how many there were.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn revoke_api_token(
    tx: &mut Tx<'_>,
    permit: &Permit<RevokeApiToken>,
    name: &str,
) -> Result<Recorded<usize>> {
    let (person, now) = (PersonId::new(permit.id()), tx.now());
    let revoked = diesel::update(
        api_token::table
            .filter(api_token::person_id.eq(person))
            .filter(api_token::name.eq(name.trim()))
            .filter(api_token::revoked_at.is_null()),
    )
    .set(api_token::revoked_at.eq(Some(now)))
    .execute(tx.conn())?;
    if revoked == 0 {
        return Err(Error::NotFound);
    }
    let data = json!({"tokens": revoked});
    ledger::append(tx, &Event::of(permit, "api_token_revoked", format!("person/{person}"), data), revoked)
}

/// Who acts with a token; nobody when it is unknown, revoked or past its end, or when its person may no longer sign in.
///
/// # Errors
/// When the database cannot be asked.
pub fn bearer_of(conn: &mut Conn, token: &str, now: Timestamp) -> Result<Option<Actor>> {
    if !token.starts_with(PREFIX) {
        return Ok(None);
    }
    let found: Option<PersonId> = api_token::table
        .inner_join(person::table.on(person::id.eq(api_token::person_id)))
        .filter(api_token::token_hash.eq(&sha256(token.as_bytes())[..]))
        .filter(api_token::revoked_at.is_null())
        .filter(api_token::expires_at.gt(now))
        .filter(person::state.eq(PersonState::Active))
        .select(person::id)
        .first(conn)
        .optional()?;
    found.map(|id| store::actor_on(conn, id, now.london_day())).transpose()
}
