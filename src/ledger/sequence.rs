//! Sequencing: one holder of the lease gives recorded events their places in the tree, in batches, and signs the
//! new head. A head inside every change would make PostgreSQL commit one change at a time; here only the sequencer
//! touches it.

use diesel::prelude::*;

use super::key::LogKey;
use super::tree::{Edge, hash_of};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Db, Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::EventId;
use crate::schema::{ledger_event, ledger_head};

/// Events sequenced in one transaction at most.
const BATCH: i64 = 1000;

/// The newest signed state of the tree.
#[derive(Debug, Clone)]
pub struct Head {
    /// Leaves in the tree.
    pub size: i64,
    /// RFC 6962 root.
    pub root: Vec<u8>,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// When it was made.
    pub at: Timestamp,
}

/// The head, or none while nothing has been sequenced.
///
/// # Errors
/// When the database cannot be asked, or entries are sequenced but the head is gone.
pub fn head(conn: &mut Conn) -> Result<Option<Head>> {
    let found = ledger_head::table
        .select((ledger_head::size, ledger_head::root, ledger_head::checkpoint, ledger_head::sequenced_at))
        .first::<(i64, Vec<u8>, String, Timestamp)>(conn)
        .optional()?
        .map(|(size, root, checkpoint, at)| Head { size, root, checkpoint, at });
    if found.is_none() {
        let orphan: Option<EventId> = ledger_event::table
            .filter(ledger_event::leaf_index.is_not_null())
            .select(ledger_event::id)
            .first(conn)
            .optional()?;
        if orphan.is_some() {
            return Err(Error::broken("the ledger has sequenced entries but no head"));
        }
    }
    Ok(found)
}

/// Whether recorded events wait for their places.
///
/// # Errors
/// When the database cannot be asked.
pub fn anything_waits(db: &Db) -> Result<bool> {
    db.read_now(Reach::nobodys(), |conn| {
        let waiting: Option<EventId> = ledger_event::table
            .filter(ledger_event::leaf_index.is_null())
            .select(ledger_event::id)
            .first(conn)
            .optional()?;
        Ok(waiting.is_some())
    })
}

/// Sequences one batch; the number of events that were given a place.
///
/// # Errors
/// When the database refuses, time ran backwards, or another sequencer moved the head (which then did the work).
pub fn sequence_once(db: &Db, key: &LogKey) -> Result<usize> {
    if !anything_waits(db)? {
        return Ok(0);
    }
    let key = key.clone();
    db.housekeep_now(Reach::nobodys(), move |tx| sequence(tx, &key))
}

fn sequence(tx: &mut Tx<'_>, key: &LogKey) -> Result<usize> {
    let now = tx.now();
    let before = head(tx.conn())?;
    let size = before.as_ref().map_or(0, |h| h.size);
    if let Some(earlier) = before.as_ref().filter(|h| h.at > now) {
        return Err(Error::broken(format!(
            "the clock ran backwards: the ledger's head is of {}, now is {}",
            earlier.at.rfc3339(),
            now.rfc3339()
        )));
    }
    let rows: Vec<(EventId, Vec<u8>)> = ledger_event::table
        .filter(ledger_event::leaf_index.is_null())
        .order(ledger_event::id)
        .limit(BATCH)
        .select((ledger_event::id, ledger_event::leaf_hash))
        .load(tx.conn())?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut edge = Edge::load(tx.conn(), size.unsigned_abs())?;
    for (_, hash) in &rows {
        edge.push(hash_of(hash)?)?;
    }
    place(tx, size, &rows)?;
    let root = edge.root()?;
    let checkpoint = key.checkpoint(edge.size(), root)?;
    let grown = i64::try_from(edge.size()).map_err(|e| Error::internal("failed to size the ledger", e))?;
    edge.store(tx)?;
    move_head(tx, before.is_some(), size, grown, &root.0, &checkpoint)?;
    Ok(rows.len())
}

/// Writes the places in one statement; only whole numbers are spliced in. The plus keeps SQLite from beginning with all
/// that have no place yet and walking over the values for each of them.
fn place(tx: &mut Tx<'_>, size: i64, rows: &[(EventId, Vec<u8>)]) -> Result<()> {
    let pairs: Vec<String> =
        rows.iter().zip(size..).map(|((id, _), index)| format!("({},{index})", id.get())).collect();
    let placed = diesel::sql_query(format!(
        "UPDATE ledger_event SET leaf_index = v.column2 FROM (VALUES {}) AS v \
         WHERE ledger_event.id = v.column1 AND +ledger_event.leaf_index IS NULL",
        pairs.join(",")
    ))
    .execute(tx.conn())?;
    if placed == rows.len() { Ok(()) } else { Err(Error::Conflict("another sequencer was here".to_owned())) }
}

/// Moves the head from the size it was read at, and from no other.
fn move_head(tx: &mut Tx<'_>, exists: bool, from: i64, to: i64, root: &[u8], checkpoint: &str) -> Result<()> {
    let now = tx.now();
    let moved = if exists {
        diesel::update(ledger_head::table.filter(ledger_head::id.eq(1)).filter(ledger_head::size.eq(from)))
            .set((
                ledger_head::size.eq(to),
                ledger_head::root.eq(root),
                ledger_head::checkpoint.eq(checkpoint),
                ledger_head::sequenced_at.eq(now),
            ))
            .execute(tx.conn())?
    } else {
        diesel::insert_into(ledger_head::table)
            .values((
                ledger_head::id.eq(1),
                ledger_head::size.eq(to),
                ledger_head::root.eq(root),
                ledger_head::checkpoint.eq(checkpoint),
                ledger_head::sequenced_at.eq(now),
            ))
            .execute(tx.conn())?
    };
    if moved == 1 { Ok(()) } else { Err(Error::Conflict("another sequencer moved the head".to_owned())) }
}
