//! Putting the results of an approved correction in force: one change, before which everybody reads the old results and
//! after which everybody reads the new ones. What moved since its line was written is computed again in the same change.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;

use super::inputs::digest;
use super::keep;
use super::listing::groups;
use super::model::{CorrectionState, Run, Step};
use super::run::{catch_up, rules};
use super::store::{self, Correction};
use super::tell::TELL;
use crate::access::{Permit, PutRulesInForce};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, to_string};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::RuleCorrectionId;
use crate::platform::jobs;
use crate::schema::{corrected_result, rule_correction};
use crate::standards::correcting::take_rules;

/// What a second reviewer's list says of a review that went back to its reviewer.
const SENT_BACK: &str = "The rules of the edition were corrected while this review waited for you. Its reviewer finishes \
                         it again under the corrected rules.";

/// The standing grade of every return that has a final one.
const FINAL_GRADES: &str = "UPDATE annual_return SET final_grade = (SELECT r.new_assessed FROM corrected_result r \
    WHERE r.correction_id = $1 AND r.run = 'result' AND r.submission_id = annual_return.submission_id) \
    WHERE id IN (SELECT r.return_id FROM corrected_result r WHERE r.correction_id = $2 AND r.run = 'result' \
    AND r.is_final AND r.new_assessed <> r.old_assessed)";

/// Reviews that wait for a second reviewer with a result that is another now.
const SECOND: &str = "UPDATE review SET state = 'claimed', second_reason = $1, version = version + 1 \
    WHERE state = 'second' AND submission_id IN (SELECT r.submission_id FROM corrected_result r \
    WHERE r.correction_id = $2 AND r.run = 'result' AND NOT r.is_final AND r.changed)";

/// What open reviews say was claimed.
const CLAIMED: &str = "UPDATE review SET version = version + 1, claimed_grade = (SELECT r.new_claimed \
    FROM corrected_result r WHERE r.correction_id = $1 AND r.run = 'result' \
    AND r.submission_id = review.submission_id) \
    WHERE state IN ('queued', 'claimed', 'query', 'second') AND submission_id IN (SELECT r.submission_id \
    FROM corrected_result r WHERE r.correction_id = $2 AND r.run = 'result' AND r.new_claimed <> r.old_claimed)";

/// What was public of those whose result changes: only where the grade that a release shows is the one that was corrected.
const PUBLIC: &str = "INSERT INTO revised_status (release_id, organisation_id, correction_id, old_grade, new_grade) \
    SELECT shown.release_id, shown.organisation_id, shown.correction_id, shown.grade, shown.new_grade FROM (\
    SELECT o.release_id, o.organisation_id, r.correction_id, \
    COALESCE((SELECT v.new_grade FROM revised_status v WHERE v.release_id = o.release_id \
    AND v.organisation_id = o.organisation_id ORDER BY v.correction_id DESC LIMIT 1), o.grade) AS grade, \
    CASE WHEN o.provisional THEN r.old_claimed ELSE r.old_assessed END AS old_grade, \
    CASE WHEN o.provisional THEN r.new_claimed ELSE r.new_assessed END AS new_grade \
    FROM corrected_result r JOIN submission s ON s.id = r.submission_id \
    JOIN release p ON p.collection_id = s.collection_id AND p.published_at IS NOT NULL \
    JOIN release_organisation o ON o.release_id = p.id AND o.organisation_id = r.organisation_id \
    WHERE r.correction_id = $1 AND r.run = 'result' AND r.changed AND (o.provisional OR r.is_final)) shown \
    WHERE shown.grade = shown.old_grade AND shown.new_grade <> shown.old_grade";

/// Puts the correction in force; how many returns were computed again because they had moved.
///
/// # Errors
/// [`crate::platform::error::Error::Conflict`] when another worker was first.
pub(super) fn put_in_force(tx: &mut Tx<'_>, permit: &Permit<PutRulesInForce>) -> Result<Recorded<usize>> {
    let found = store::correction(tx.conn(), RuleCorrectionId::new(permit.id()))?;
    take_rules(tx, found.edition)?;
    let mut rules = rules(tx.conn(), &found)?;
    let again = catch_up(tx, &found, &mut rules, Run::Result)?;
    let marks = keep::marks(tx.conn(), found.id, Run::Result)?;
    let results = keep::results_hash(tx.conn(), found.id)?;
    let replaced = diesel::update(
        rule_correction::table
            .filter(rule_correction::edition_id.eq(found.edition))
            .filter(rule_correction::state.eq(CorrectionState::InForce)),
    )
    .set((
        rule_correction::state.eq(CorrectionState::Replaced),
        rule_correction::version.eq(rule_correction::version + 1),
    ))
    .execute(tx.conn())?;
    store::move_on(tx, &found, Step::PutInForce)?;
    let counts = to_string(&groups(tx.conn(), found.id, Run::Result)?)?;
    let total = i64::try_from(marks.len()).unwrap_or(i64::MAX);
    let now = tx.now();
    diesel::update(rule_correction::table.filter(rule_correction::id.eq(found.id)))
        .set((
            rule_correction::in_force_at.eq(Some(now)),
            rule_correction::results_hash.eq(Some(&results[..])),
            rule_correction::counts.eq(counts),
            rule_correction::total.eq(total),
            rule_correction::done.eq(total),
        ))
        .execute(tx.conn())?;
    let changed = follow(tx, &found)?;
    jobs::enqueue(tx, TELL, &found.id.to_string(), now, Some(&format!("{TELL}/{}", found.id)))?;
    let data = json!({
        "edition": found.edition_key,
        "number": found.number,
        "rule_set": found.rule_set,
        "document_sha256": hex(&found.document_hash),
        "rules_hash": hex(&found.rules_hash),
        "inputs_sha256": hex(&digest(&found.base_hash, &found.rules_hash, &marks)),
        "results_sha256": hex(&results),
        "returns": total,
        "changed": changed,
        "replaces": replaced,
    });
    let event = Event::of(permit, "rules_corrected", format!("rule-correction/{}", found.id), data);
    ledger::append(tx, &event, again)
}

/// What rests on the results, set by set: standing grades, and what open reviews say.
fn follow(tx: &mut Tx<'_>, of: &Correction) -> Result<i64> {
    let id = of.id.get();
    for statement in [FINAL_GRADES, CLAIMED] {
        diesel::sql_query(statement).bind::<BigInt, _>(id).bind::<BigInt, _>(id).execute(tx.conn())?;
    }
    diesel::sql_query(SECOND).bind::<Text, _>(SENT_BACK).bind::<BigInt, _>(id).execute(tx.conn())?;
    diesel::sql_query(PUBLIC).bind::<BigInt, _>(id).execute(tx.conn())?;
    Ok(corrected_result::table
        .filter(corrected_result::correction_id.eq(of.id))
        .filter(corrected_result::run.eq(Run::Result.as_str()))
        .filter(corrected_result::changed.eq(true))
        .count()
        .get_result(tx.conn())?)
}
