//! Answers that are being written show the newest version of the pieces beside them.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::store;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::{EvidenceId, PieceId, RequirementId, ReturnId};
use crate::returns::sites::exceptions_follow_newest;
use crate::schema::{answer_evidence, evidence};

/// Points the links of a draft at the newest versions. Part of the change that makes it a draft or the version new.
pub(in crate::returns) fn follow_newest(tx: &mut Tx<'_>, draft: ReturnId) -> Result<()> {
    exceptions_follow_newest(tx, draft)?;
    let outdated: Vec<(RequirementId, EvidenceId, PieceId)> = answer_evidence::table
        .inner_join(evidence::table.on(evidence::id.eq(answer_evidence::evidence_id)))
        .filter(answer_evidence::return_id.eq(draft))
        .filter(evidence::replaced_at.is_not_null())
        .select((answer_evidence::requirement_id, evidence::id, evidence::piece_id))
        .load(tx.conn())?;
    if outdated.is_empty() {
        return Ok(());
    }
    let pieces: Vec<PieceId> = outdated.iter().map(|(.., piece)| *piece).collect();
    let newest = store::newest(tx.conn(), &pieces)?;
    let mut there: BTreeSet<(RequirementId, EvidenceId)> = answer_evidence::table
        .filter(answer_evidence::return_id.eq(draft))
        .select((answer_evidence::requirement_id, answer_evidence::evidence_id))
        .load::<(RequirementId, EvidenceId)>(tx.conn())?
        .into_iter()
        .collect();
    for (requirement, old, piece) in outdated {
        let Some(new) = newest.get(&piece).map(|version| version.id) else { continue };
        let link = answer_evidence::table
            .filter(answer_evidence::return_id.eq(draft))
            .filter(answer_evidence::requirement_id.eq(requirement))
            .filter(answer_evidence::evidence_id.eq(old));
        // Two versions beside one answer, as an edition's mapping may bring together, become one.
        if there.insert((requirement, new)) {
            diesel::update(link).set(answer_evidence::evidence_id.eq(new)).execute(tx.conn())?;
        } else {
            diesel::delete(link).execute(tx.conn())?;
        }
    }
    Ok(())
}
