//! Evidence beside answers of sites follows the newest version of its piece, as evidence beside other answers does.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::{EvidenceId, ExceptionId, PieceId, ReturnId};
use crate::returns::library::newest;
use crate::schema::{evidence, site_exception, site_exception_evidence};

/// Points the links beside the sites' answers of a draft at the newest versions.
pub(in crate::returns) fn exceptions_follow_newest(tx: &mut Tx<'_>, draft: ReturnId) -> Result<()> {
    let links: Vec<(ExceptionId, EvidenceId, PieceId)> = site_exception_evidence::table
        .inner_join(site_exception::table.on(site_exception::id.eq(site_exception_evidence::exception_id)))
        .inner_join(evidence::table.on(evidence::id.eq(site_exception_evidence::evidence_id)))
        .filter(site_exception::return_id.eq(draft))
        .select((site_exception::id, evidence::id, evidence::piece_id))
        .load(tx.conn())?;
    if links.is_empty() {
        return Ok(());
    }
    let pieces: Vec<PieceId> = links.iter().map(|(.., piece)| *piece).collect();
    let newest = newest(tx.conn(), &pieces)?;
    let mut there: BTreeSet<(ExceptionId, EvidenceId)> =
        links.iter().map(|(exception, version, _)| (*exception, *version)).collect();
    for (exception, old, piece) in links {
        let Some(new) = newest.get(&piece).map(|version| version.id).filter(|new| *new != old) else {
            continue;
        };
        let link = site_exception_evidence::table
            .filter(site_exception_evidence::exception_id.eq(exception))
            .filter(site_exception_evidence::evidence_id.eq(old));
        if there.insert((exception, new)) {
            diesel::update(link).set(site_exception_evidence::evidence_id.eq(new)).execute(tx.conn())?;
        } else {
            diesel::delete(link).execute(tx.conn())?;
        }
    }
    Ok(())
}
