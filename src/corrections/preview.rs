//! Asking what a correction would change, and the end of the job that computes it.

use diesel::prelude::*;
use serde_json::json;

use super::draft::read;
use super::inputs::{count, digest};
use super::keep;
use super::model::{Run, Step};
use super::store::{self, Correction};
use crate::access::{Action, DecideRuleCorrection, Permit, PreviewRuleCorrection};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::jobs;
use crate::schema::rule_correction;

/// The kind of the job that computes a preview; the payload is the correction's number.
pub(super) const PREVIEW: &str = "corrections.preview";

/// Proof that a preview may be computed: the editor's permit, or that of whoever was about to decide on a stale one.
pub trait MayPreview: Action {}
impl MayPreview for PreviewRuleCorrection {}
impl MayPreview for DecideRuleCorrection {}

/// Begins a preview from the beginning.
///
/// # Errors
/// [`crate::platform::error::Error::Conflict`] when the correction is no longer at `version`.
pub fn preview_correction<A: MayPreview>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    version: i64,
) -> Result<Recorded<()>> {
    let found = read(tx.conn(), permit.id(), version)?;
    store::move_on(tx, &found, Step::Preview)?;
    begin(tx, &found)?;
    let data = json!({"rules_hash": hex(&found.rules_hash)});
    let event =
        Event::of(permit, "rule_correction_preview_asked", format!("rule-correction/{}", found.id), data);
    ledger::append(tx, &event, ())
}

/// Clears what an earlier preview left and queues the job.
fn begin(tx: &mut Tx<'_>, found: &Correction) -> Result<()> {
    keep::clear(tx, found.id, Run::Preview)?;
    let total = count(tx.conn(), found.edition)?;
    diesel::update(rule_correction::table.filter(rule_correction::id.eq(found.id)))
        .set((
            rule_correction::total.eq(total),
            rule_correction::done.eq(0_i64),
            rule_correction::preview_hash.eq(None::<Vec<u8>>),
        ))
        .execute(tx.conn())?;
    let (now, key) = (tx.now(), format!("{PREVIEW}/{}/{}", found.id, found.version));
    jobs::enqueue(tx, PREVIEW, &found.id.to_string(), now, Some(&key))
}

/// The job is through: what was computed is bound to what it was computed from. No event of the programme: nothing but
/// the preview itself has changed.
pub(super) fn finish(tx: &mut Tx<'_>, found: &Correction) -> Result<()> {
    let marks = keep::marks(tx.conn(), found.id, Run::Preview)?;
    let hash = digest(&found.base_hash, &found.rules_hash, &marks);
    let now = tx.now();
    store::move_on(tx, found, Step::Finish)?;
    diesel::update(rule_correction::table.filter(rule_correction::id.eq(found.id)))
        .set((
            rule_correction::preview_hash.eq(Some(&hash[..])),
            rule_correction::previewed_at.eq(Some(now)),
            rule_correction::total.eq(rule_correction::done),
        ))
        .execute(tx.conn())?;
    Ok(())
}
