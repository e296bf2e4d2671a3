//! The RFC 6962 tree over the events: its stored hashes, and an independent way to compute a root.

use std::collections::HashMap;

use diesel::prelude::*;
use tlog_tiles::{Hash, HashReader};

use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::schema::ledger_node;

/// The hash of a leaf: SHA-256 over a zero byte and the event's body (RFC 6962, section 2.1).
pub(super) fn leaf_hash(body: &[u8]) -> [u8; 32] {
    tlog_tiles::record_hash(body).0
}

/// A hash column read back.
pub(super) fn hash_of(bytes: &[u8]) -> Result<Hash> {
    <[u8; 32]>::try_from(bytes).map(Hash).map_err(|_| Error::broken("a stored hash is not 32 bytes long"))
}

/// The right edge of a tree: all that is needed to grow it and to compute its root.
pub(super) struct Edge {
    size: u64,
    known: HashMap<u64, Hash>,
    fresh: Vec<(u64, Hash)>,
}

impl HashReader for Edge {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        indexes
            .iter()
            .map(|i| self.known.get(i).copied().ok_or(tlog_tiles::Error::IndexesNotInTree))
            .collect()
    }
}

impl Edge {
    /// Reads the edge of a tree of the given size.
    pub(super) fn load(conn: &mut Conn, size: u64) -> Result<Self> {
        let wanted: Vec<i64> = tlog_tiles::sub_tree_index(0, size, Vec::new())
            .into_iter()
            .map(|i| i64::try_from(i).map_err(|e| Error::internal("failed to number a tree node", e)))
            .collect::<Result<_>>()?;
        let rows: Vec<(i64, Vec<u8>)> = ledger_node::table
            .filter(ledger_node::position.eq_any(&wanted))
            .select((ledger_node::position, ledger_node::hash))
            .load(conn)?;
        if rows.len() != wanted.len() {
            return Err(Error::broken("the ledger's tree lacks stored hashes"));
        }
        let known = rows
            .into_iter()
            .map(|(position, hash)| Ok((position.unsigned_abs(), hash_of(&hash)?)))
            .collect::<Result<_>>()?;
        Ok(Self { size, known, fresh: Vec::new() })
    }

    /// How many leaves the tree has.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// Adds one leaf.
    pub(super) fn push(&mut self, leaf: Hash) -> Result<()> {
        let hashes = tlog_tiles::stored_hashes_for_record_hash(self.size, leaf, self)
            .map_err(|e| Error::internal("failed to grow the ledger's tree", e))?;
        let first = tlog_tiles::stored_hash_index(0, self.size);
        for (position, hash) in (first..).zip(hashes) {
            self.known.insert(position, hash);
            self.fresh.push((position, hash));
        }
        self.size += 1;
        Ok(())
    }

    /// The root over every leaf.
    pub(super) fn root(&self) -> Result<Hash> {
        tlog_tiles::tree_hash(self.size, self)
            .map_err(|e| Error::internal("failed to compute the ledger's root", e))
    }

    /// Writes the hashes that [`Edge::push`] added.
    pub(super) fn store(self, tx: &mut Tx<'_>) -> Result<()> {
        for chunk in self.fresh.chunks(500) {
            let rows: Vec<_> = chunk
                .iter()
                .map(|(position, hash)| {
                    let position = i64::try_from(*position)
                        .map_err(|e| Error::internal("failed to number a tree node", e))?;
                    Ok((ledger_node::position.eq(position), ledger_node::hash.eq(hash.0.to_vec())))
                })
                .collect::<Result<_>>()?;
            crate::each!(tx.conn(), c => diesel::insert_into(ledger_node::table).values(&rows).execute(c))?;
        }
        Ok(())
    }
}

/// A root computed without stored hashes: complete subtrees merge as leaves arrive. Used by verification, so that
/// it does not trust what it verifies.
#[derive(Default)]
pub(super) struct Roots {
    /// Complete subtrees from left to right with their heights.
    stack: Vec<(u32, Hash)>,
    size: u64,
}

impl Roots {
    /// Adds one leaf.
    pub(super) fn push(&mut self, leaf: Hash) {
        let mut node = (0, leaf);
        while let Some((height, left)) = self.stack.pop_if(|(height, _)| *height == node.0) {
            node = (height + 1, tlog_tiles::node_hash(left, node.1));
        }
        self.stack.push(node);
        self.size += 1;
    }

    /// The root over every leaf so far.
    pub(super) fn root(&self) -> Hash {
        self.stack
            .iter()
            .rev()
            .map(|(_, hash)| *hash)
            .reduce(|right, left| tlog_tiles::node_hash(left, right))
            .unwrap_or(tlog_tiles::EMPTY_HASH)
    }

    /// How many leaves there are.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_a_root_agree_for_every_size() {
        let mut edge = Edge { size: 0, known: HashMap::new(), fresh: Vec::new() };
        let mut roots = Roots::default();
        for n in 0_u32..130 {
            let leaf = Hash(leaf_hash(&n.to_be_bytes()));
            edge.push(leaf).unwrap();
            roots.push(leaf);
            assert_eq!(edge.root().unwrap(), roots.root(), "at {n}");
        }
        assert_eq!(roots.size(), 130);
    }

    #[test]
    fn the_empty_tree_and_one_leaf_are_as_rfc_6962_says() {
        assert_eq!(
            crate::platform::canonical::hex(&Roots::default().root().0),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            crate::platform::canonical::hex(&leaf_hash(b"")),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
    }
}
