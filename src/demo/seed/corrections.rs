//! A correction of the rules of the demo's last closed year that waits for a second person: one item was asked of too few.
//! Its preview is computed when the portal runs, as every preview is.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::years::Written;
use super::{Seeding, standards};
use crate::access::{DraftCorrection, Permit, PreviewRuleCorrection, Subject};
use crate::corrections::{NewCorrection, correction, draft_correction, preview_correction};
use crate::identity;
use crate::platform::db::{Db, Reach};
use crate::platform::error::Result;
use crate::standards::correcting::Changes;
use crate::standards::{Edition, ItemKind, Requirement, RequirementKind, SectorKey};

/// What the public would read.
const REASON: &str = "The paper that this year's standard was agreed on asks general practices for this item too. By \
                      mistake the rules asked it of the larger organisations only.";

/// Drafts it as the standards editor and asks what it would change.
pub(super) fn write(db: &Db, seeding: &Arc<Seeding>, last: &Written) -> Result<()> {
    let (editor, of) = (standards::editor(seeding)?, last.edition);
    let (edition, actor) = db.read_now(Reach::nobodys(), move |conn| {
        Ok((crate::standards::edition(conn, of)?, identity::actor_of(conn, editor)?))
    })?;
    let Some(changes) = wider(&edition)? else { return Ok(()) };
    let new = NewCorrection { reason: REASON.to_owned(), changes };
    let key = edition.key().to_string();
    db.write_now(actor.central_reach()?, move |tx| {
        let draft = Permit::<DraftCorrection>::grant(&actor, Some(Subject::programme()))?;
        let id = *draft_correction(tx, &draft, &key, &new)?.value();
        let drafted = correction(tx.conn(), id)?;
        let preview = Permit::<PreviewRuleCorrection>::grant(&actor, Some(drafted.subject()))?;
        preview_correction(tx, &preview, drafted.version)
    })
}

/// The first item that trusts must complete and general practices need not, asked of both. No exemption names it, so that
/// the preview needs nothing but the levels.
fn wider(edition: &Edition) -> Result<Option<Changes>> {
    let (trust, practice) = (sector("nhs_trust")?, sector("gp")?);
    let exempted =
        |one: &Requirement| edition.exemptions().iter().any(|rule| rule.requirements.contains(&one.code));
    let found = edition.requirements().iter().find_map(|one| match &one.kind {
        RequirementKind::Item { item, mandatory }
            if *item != ItemKind::Confirmation
                && mandatory.contains(&trust)
                && !mandatory.contains(&practice)
                && !exempted(one) =>
        {
            Some((one.code.clone(), mandatory))
        }
        _ => None,
    });
    Ok(found.map(|(code, mandatory)| {
        let mut sectors = mandatory.clone();
        sectors.insert(practice);
        Changes { mandatory: BTreeMap::from([(code, sectors)]), ..Changes::default() }
    }))
}

fn sector(key: &str) -> Result<SectorKey> {
    SectorKey::new(key)
        .map_err(|e| crate::platform::error::Error::internal("failed to name a sector of the demo", e))
}
