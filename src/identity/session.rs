//! Sessions: an opaque token in the cookie, its hash in the database, revocable at once.

use diesel::prelude::*;

use super::browser_words::browser_words;
use super::store::{self, Present};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::sha256;
use crate::platform::clock::Timestamp;
use crate::platform::config::Http;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{PersonId, SessionId};
use crate::schema::session;

/// A live session.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its row.
    pub id: SessionId,
    /// Whose it is.
    pub person: PersonId,
    /// The token its forms carry.
    pub csrf: String,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
}

/// Begins a session for a person who has proved who they are, however they did. The token goes into the cookie; only
/// its hash is stored.
///
/// # Errors
/// When the row cannot be written.
pub fn begin_session(
    tx: &mut Tx<'_>,
    person: PersonId,
    proof: &'static str,
    secrets: (&str, &str),
    limits: &Http,
    user_agent: &str,
) -> Result<Recorded<()>> {
    let (token, csrf) = secrets;
    let now = tx.now();
    let id: SessionId = diesel::insert_into(session::table)
        .values((
            session::token_hash.eq(&sha256(token.as_bytes())[..]),
            session::person_id.eq(person),
            session::csrf.eq(csrf),
            session::created_at.eq(now),
            session::last_seen_at.eq(now),
            session::expires_at.eq(now.plus_seconds(limits.session_hours * 3600)),
            session::user_agent.eq(user_agent.chars().take(200).collect::<String>()),
        ))
        .returning(session::id)
        .get_result(tx.conn())?;
    let event = Event::about_self(person, "signed_in", serde_json::json!({"session": id, "proof": proof}));
    ledger::append(tx, &event, ())
}

/// Ends a session; ending it twice is no error.
///
/// # Errors
/// When the row cannot be written.
pub fn end_session(tx: &mut Tx<'_>, id: SessionId, person: PersonId) -> Result<Recorded<()>> {
    let now = tx.now();
    diesel::update(session::table.filter(session::id.eq(id)).filter(session::revoked_at.is_null()))
        .set(session::revoked_at.eq(Some(now)))
        .execute(tx.conn())?;
    ledger::append(tx, &Event::about_self(person, "signed_out", serde_json::json!({"session": id})), ())
}

/// The live session of a cookie's token, and who it is: not revoked, not past its end, used recently enough.
pub(super) fn live(
    conn: &mut Conn,
    token: &str,
    limits: &Http,
    now: Timestamp,
) -> Result<Option<(Session, Present)>> {
    let Some(found) = store::signed_in(conn, &sha256(token.as_bytes()))? else {
        return Ok(None);
    };
    let idle_end = found.last_seen_at.plus_seconds(limits.session_idle_minutes * 60);
    if now >= found.expires_at || now >= idle_end {
        return Ok(None);
    }
    let session =
        Session { id: found.id, person: found.person, csrf: found.csrf, last_seen_at: found.last_seen_at };
    Ok(Some((session, found.present)))
}

/// Notes that a session is in use; called at most once a minute.
pub(super) fn seen(tx: &mut Tx<'_>, id: SessionId) -> Result<()> {
    let now = tx.now();
    diesel::update(session::table.filter(session::id.eq(id)))
        .set(session::last_seen_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// One place where a person is signed in.
#[derive(Debug, Clone, serde::Serialize)]
pub struct OpenSession {
    /// The browser in words; empty when it is not recognised.
    pub browser: String,
    /// What the browser said of itself, where that is all there is to tell.
    pub said: String,
    /// When it began, in microseconds.
    pub began: Timestamp,
    /// When it was last used, in microseconds.
    pub last_seen: Timestamp,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// Where a person is signed in, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn sessions_of(
    conn: &mut Conn,
    person: PersonId,
    here: SessionId,
    now: Timestamp,
) -> Result<Vec<OpenSession>> {
    let rows: Vec<(SessionId, String, Timestamp, Timestamp)> = session::table
        .filter(session::person_id.eq(person))
        .filter(session::revoked_at.is_null())
        .filter(session::expires_at.gt(now))
        .order(session::id.desc())
        .select((session::id, session::user_agent, session::created_at, session::last_seen_at))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, agent, began, last_seen)| {
            let (browser, said) = match browser_words(&agent) {
                Some(words) => (words, String::new()),
                None => (String::new(), agent),
            };
            OpenSession { browser, said, began, last_seen, here: id == here }
        })
        .collect())
}

/// Ends every session of a person but one; how many were ended.
///
/// # Errors
/// When the rows cannot be written.
pub fn end_other_sessions(tx: &mut Tx<'_>, person: PersonId, here: SessionId) -> Result<Recorded<usize>> {
    let now = tx.now();
    let ended = diesel::update(
        session::table
            .filter(session::person_id.eq(person))
            .filter(session::id.ne(here))
            .filter(session::revoked_at.is_null()),
    )
    .set(session::revoked_at.eq(Some(now)))
    .execute(tx.conn())?;
    let event = Event::about_self(person, "signed_out_elsewhere", serde_json::json!({"sessions": ended}));
    ledger::append(tx, &event, ended)
}
