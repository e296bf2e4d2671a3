//! Proofs that events stand in the tree, for people who hold nothing of the ledger but a signed checkpoint.

use std::cell::RefCell;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tlog_tiles::{Hash, HashReader};

use super::key::{LogKey, Verifier};
use super::tree::{hash_of, leaf_hash};
use crate::platform::canonical::{hex, unhex};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::schema::{ledger_event, ledger_node};

/// One event with its place in the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The kind of event, such as `release.published`.
    pub kind: String,
    /// Its canonical body.
    pub body: String,
    /// Its place, counted from 0.
    pub index: u64,
    /// The hashes that lead from it to the root, in hexadecimal.
    pub path: Vec<String>,
}

/// Events, and a checkpoint of the tree as it was when the last of them had been added. The same events always have the
/// same proof, however far the ledger has grown since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The events.
    pub events: Vec<Place>,
}

/// Hashes of the tree as they are stored. The reader's errors have no room for ours, so ours are kept beside.
struct Stored<'a> {
    conn: RefCell<&'a mut Conn>,
    failed: RefCell<Option<Error>>,
}

impl Stored<'_> {
    fn load(&self, indexes: &[u64]) -> Result<Vec<Hash>> {
        let number = |e| Error::internal("failed to number a tree node", e);
        let wanted: Vec<i64> =
            indexes.iter().map(|i| i64::try_from(*i).map_err(number)).collect::<Result<_>>()?;
        let mut conn = self.conn.borrow_mut();
        let rows: Vec<(i64, Vec<u8>)> = ledger_node::table
            .filter(ledger_node::position.eq_any(&wanted))
            .select((ledger_node::position, ledger_node::hash))
            .load(&mut **conn)?;
        wanted
            .iter()
            .map(|position| {
                let found = rows.iter().find(|(there, _)| there == position);
                let (_, hash) =
                    found.ok_or_else(|| Error::broken("the ledger's tree lacks stored hashes"))?;
                hash_of(hash)
            })
            .collect()
    }

    /// The outcome of a computation over the stored hashes, with our own cause where it was ours.
    fn outcome<T>(&self, outcome: Result<T, tlog_tiles::Error>) -> Result<T> {
        match (outcome, self.failed.take()) {
            (Ok(value), _) => Ok(value),
            (Err(_), Some(ours)) => Err(ours),
            (Err(theirs), None) => Err(Error::internal("failed to prove an event's place", theirs)),
        }
    }
}

impl HashReader for Stored<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        self.load(indexes).map_err(|error| {
            *self.failed.borrow_mut() = Some(error);
            tlog_tiles::Error::IndexesNotInTree
        })
    }
}

/// Proves the newest event of each kind about a subject; none while one of them has no place in the tree yet.
///
/// # Errors
/// When the database cannot be asked, or the stored tree is damaged.
pub fn prove(conn: &mut Conn, key: &LogKey, subject: &str, kinds: &[&str]) -> Result<Option<Proof>> {
    let mut found = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let row: Option<(Option<i64>, String)> = ledger_event::table
            .filter(ledger_event::subject.eq(subject))
            .filter(ledger_event::kind.eq(*kind))
            .order(ledger_event::id.desc())
            .select((ledger_event::leaf_index, ledger_event::body))
            .first(conn)
            .optional()?;
        let Some((Some(index), body)) = row else { return Ok(None) };
        found.push((*kind, index.unsigned_abs(), body));
    }
    let Some(size) = found.iter().map(|(_, index, _)| index + 1).max() else { return Ok(None) };
    let stored = Stored { conn: RefCell::new(conn), failed: RefCell::new(None) };
    let root = stored.outcome(tlog_tiles::tree_hash(size, &stored))?;
    let events = found
        .into_iter()
        .map(|(kind, index, body)| {
            let path = stored.outcome(tlog_tiles::prove_record(size, index, &stored))?;
            let path = path.iter().map(|hash| hex(&hash.0)).collect();
            Ok(Place { kind: kind.to_owned(), body, index, path })
        })
        .collect::<Result<_>>()?;
    Ok(Some(Proof { checkpoint: key.checkpoint(size, root)?, events }))
}

impl Proof {
    /// Checks the checkpoint's signature, and that it covers every event at its place. Needs no ledger.
    ///
    /// # Errors
    /// Says what does not hold, one line each.
    pub fn check(&self, verifier: &Verifier) -> Result<u64, Vec<String>> {
        let (size, root) = verifier
            .open_checkpoint(&self.checkpoint)
            .map_err(|why| vec![format!("the checkpoint is not signed by this key: {why}")])?;
        let mut wrong = Vec::new();
        for event in &self.events {
            let path: Option<Vec<Hash>> = event.path.iter().map(|hash| unhex(hash).map(Hash)).collect();
            let leaf = Hash(leaf_hash(event.body.as_bytes()));
            let held = path.is_some_and(|path| {
                event.index < size
                    && tlog_tiles::check_record(&path, size, Hash(root), event.index, leaf).is_ok()
            });
            if !held {
                wrong.push(format!(
                    "the event {} at place {} is not in the tree of {size} events that the checkpoint signs",
                    event.kind, event.index
                ));
            }
        }
        if wrong.is_empty() { Ok(size) } else { Err(wrong) }
    }
}
