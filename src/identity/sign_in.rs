//! Signing in with a password: as slow for an unknown address as for a wrong password, and locked for a while after
//! several wrong ones.

use diesel::prelude::*;
use tokio::sync::Semaphore;

use super::model::{EmailAddress, PersonState};
use super::password::{self, Password};
use super::session::begin_session;
use super::store;
use crate::platform::db::{Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Client, Portal};
use crate::platform::ids::PersonId;
use crate::platform::random;
use crate::schema::person;

/// Wrong passwords before an account waits.
const TRIES: i64 = 5;
/// How long it then waits, in seconds.
const WAIT_SECONDS: i64 = 300;
/// Password checks at a time: each takes 19 MiB and a core.
static CHECKS: Semaphore = Semaphore::const_new(2);

/// What was typed.
#[derive(Debug)]
pub struct SignIn {
    /// The address.
    pub email: EmailAddress,
    /// The password.
    pub password: Password,
    /// The browser's own description, for the list of sessions.
    pub user_agent: String,
    /// Where it came from.
    pub client: Client,
}

/// Signs in; the token for the cookie, or none when address and password do not go together.
///
/// # Errors
/// [`Error::TooMany`] while the account or the client's address waits, or the database's.
pub async fn sign_in(portal: &Portal, typed: SignIn) -> Result<Option<String>> {
    let client = typed.client;
    portal.tries.begin(client, portal.clock.now())?;
    let outcome = prove(portal, typed).await;
    // A fault of ours is no guess of theirs.
    if !matches!(outcome, Ok(None) | Err(Error::TooMany(_))) {
        portal.tries.succeeded(client)?;
    }
    outcome
}

async fn prove(portal: &Portal, typed: SignIn) -> Result<Option<String>> {
    let email = typed.email.clone();
    let account = portal.db.read(Reach::nobodys(), move |conn| store::person_by_email(conn, &email)).await?;
    let now = portal.clock.now();
    if let Some(until) = account.as_ref().and_then(|a| a.locked_until).filter(|until| *until > now) {
        return Err(Error::TooMany(((until.micros() - now.micros()) / 1_000_000).unsigned_abs() + 1));
    }
    let stored = account.as_ref().and_then(|a| a.password_hash.clone());
    let right = check(typed.password, stored).await?;
    let Some(account) = account.filter(|a| a.state == PersonState::Active) else {
        return Ok(None);
    };
    if !right {
        portal.db.housekeep(Reach::nobodys(), move |tx| missed(tx, account.id)).await?;
        return Ok(None);
    }
    let token = random::token(&*portal.random)?;
    let csrf = random::token(&*portal.random)?;
    let (limits, given) = (portal.config.http.clone(), token.clone());
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            forgive(tx, account.id)?;
            begin_session(tx, account.id, "password", (&given, &csrf), &limits, &typed.user_agent)
        })
        .await?;
    Ok(Some(token))
}

async fn check(typed: Password, stored: Option<String>) -> Result<bool> {
    let _place =
        CHECKS.acquire().await.map_err(|e| Error::internal("failed to wait for a password check", e))?;
    tokio::task::spawn_blocking(move || password::matches(&typed, stored.as_deref()))
        .await
        .unwrap_or_else(|e| Err(Error::internal("failed to check a password", e)))
}

fn missed(tx: &mut Tx<'_>, id: PersonId) -> Result<()> {
    let until = tx.now().plus_seconds(WAIT_SECONDS);
    diesel::update(person::table.filter(person::id.eq(id)))
        .set(person::failed_sign_ins.eq(person::failed_sign_ins + 1))
        .execute(tx.conn())?;
    diesel::update(person::table.filter(person::id.eq(id)).filter(person::failed_sign_ins.ge(TRIES)))
        .set((person::failed_sign_ins.eq(0), person::locked_until.eq(Some(until))))
        .execute(tx.conn())?;
    Ok(())
}

fn forgive(tx: &mut Tx<'_>, id: PersonId) -> Result<()> {
    diesel::update(person::table.filter(person::id.eq(id)))
        .set((
            person::failed_sign_ins.eq(0),
            person::locked_until.eq(None::<crate::platform::clock::Timestamp>),
        ))
        .execute(tx.conn())?;
    Ok(())
}
