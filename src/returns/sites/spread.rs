//! One piece of evidence for many answers at once. It stands beside the head office's answers, so it counts for every
//! site that they count for.

use std::collections::BTreeSet;

use crate::access::{AttachEvidence, Permit};
use crate::ledger::Recorded;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PieceId, RequirementId};
use crate::returns::library::attach_pieces;
use crate::returns::store::Found;

/// Puts a piece beside the answers to all these requirements; gives beside how many it did not stand before.
///
/// # Errors
/// [`Error::Invalid`] when no requirement is named, or one of them has too many files; otherwise as choosing one.
pub fn spread_evidence(
    tx: &mut Tx<'_>,
    permit: &Permit<AttachEvidence>,
    found: &Found,
    piece: PieceId,
    requirements: &BTreeSet<RequirementId>,
) -> Result<Recorded<usize>> {
    let mut new = 0;
    let mut last = None;
    for requirement in requirements {
        let recorded = attach_pieces(tx, permit, found, *requirement, &[piece])?;
        new += *recorded.value();
        last = Some(recorded);
    }
    last.map(|recorded| recorded.map(|_| new))
        .ok_or_else(|| Error::field("requirements", "Tick at least one requirement"))
}
