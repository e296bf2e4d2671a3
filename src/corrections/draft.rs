//! Drafting a correction, changing the draft, and giving it up.

use diesel::prelude::*;
use serde_json::json;

use super::keep;
use super::model::{Run, Step};
use super::store::{self, Correction};
use crate::access::{DiscardRuleCorrection, DraftCorrection, EditRuleCorrection, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::ids::{EditionId, PersonId, RuleCorrectionId};
use crate::schema::{edition, rule_correction};
use crate::standards::correcting::{Changes, CorrectionDocument, applied, next_rule_set};
use crate::standards::{self, Edition, EditionState};

/// The longest reason, in characters.
pub const REASON_LIMIT: usize = 2000;

/// What is said to an editor who would change a colleague's correction.
pub(super) const AUTHOR_ALONE: &str =
    "Only its author changes a correction: whoever has written of it cannot approve it.";

/// A correction as its author writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCorrection {
    /// What was wrong, in words for the public.
    pub reason: String,
    /// What counts otherwise.
    pub changes: Changes,
}

/// What is written of a draft.
struct Written {
    number: i64,
    rule_set: String,
    document: String,
    document_hash: [u8; 32],
    base: Vec<u8>,
    rules: Vec<u8>,
}

/// Drafts a correction of the rules of an edition in use.
///
/// # Errors
/// [`Error::Invalid`] where it names what the edition does not have, changes nothing or lacks its reason;
/// [`Error::Refused`] where the edition is not in use or another correction of it is under way.
pub fn draft_correction(
    tx: &mut Tx<'_>,
    permit: &Permit<DraftCorrection>,
    key: &str,
    new: &NewCorrection,
) -> Result<Recorded<RuleCorrectionId>> {
    let author = author(permit.actor().id())?;
    let (stored, state) = standards::edition_by_key(tx.conn(), key)?.ok_or(Error::NotFound)?;
    if state == EditionState::Draft {
        return Err(Error::Refused(
            "The edition is not in use yet: change its draft instead of correcting its rules.".to_owned(),
        ));
    }
    let all = store::corrections(tx.conn(), Some(stored.id()))?;
    if all.iter().any(|one| {
        one.state.after(Step::Discard).is_some()
            || one.state.after(Step::Finish).is_some()
            || one.state.after(Step::PutInForce).is_some()
    }) {
        return Err(Error::Refused(
            "Another correction of this edition is under way. Finish or discard it first.".to_owned(),
        ));
    }
    let number = all.iter().map(|one| one.number).max().unwrap_or_default() + 1;
    let written = written(tx.conn(), stored.id(), stored.edition(), number, new)?;
    let now = tx.now();
    let id: RuleCorrectionId = diesel::insert_into(rule_correction::table)
        .values((
            rule_correction::edition_id.eq(stored.id()),
            rule_correction::number.eq(number),
            rule_correction::state.eq("draft"),
            rule_correction::rule_set.eq(&written.rule_set),
            rule_correction::reason.eq(&new.reason),
            rule_correction::document.eq(&written.document),
            rule_correction::document_hash.eq(&written.document_hash[..]),
            rule_correction::base_hash.eq(&written.base),
            rule_correction::rules_hash.eq(&written.rules),
            rule_correction::drafted_by.eq(author),
            rule_correction::drafted_at.eq(now),
        ))
        .returning(rule_correction::id)
        .get_result(tx.conn())?;
    let event = Event::of(
        permit,
        "rule_correction_drafted",
        format!("rule-correction/{id}"),
        told(stored.edition(), &written, new),
    );
    ledger::append(tx, &event, id)
}

/// Changes a draft. What was previewed of it is void.
///
/// # Errors
/// As [`draft_correction`]; [`Error::Forbidden`] for anybody but its author, [`Error::Conflict`] when it is no longer at
/// `version`.
pub fn edit_correction(
    tx: &mut Tx<'_>,
    permit: &Permit<EditRuleCorrection>,
    version: i64,
    new: &NewCorrection,
) -> Result<Recorded<()>> {
    let found = read(tx.conn(), permit.id(), version)?;
    if permit.actor().id() != Some(found.drafted_by) {
        return Err(Error::Forbidden(AUTHOR_ALONE.to_owned()));
    }
    let base = standards::edition(tx.conn(), found.edition)?;
    let written = written(tx.conn(), found.edition, &base, found.number, new)?;
    store::move_on(tx, &found, Step::Edit)?;
    keep::clear(tx, found.id, Run::Preview)?;
    let now = tx.now();
    diesel::update(rule_correction::table.filter(rule_correction::id.eq(found.id)))
        .set((
            rule_correction::reason.eq(&new.reason),
            rule_correction::document.eq(&written.document),
            rule_correction::document_hash.eq(&written.document_hash[..]),
            rule_correction::base_hash.eq(&written.base),
            rule_correction::rules_hash.eq(&written.rules),
            rule_correction::drafted_at.eq(now),
            rule_correction::preview_hash.eq(None::<Vec<u8>>),
            rule_correction::refusal.eq(""),
            rule_correction::total.eq(0_i64),
            rule_correction::done.eq(0_i64),
        ))
        .execute(tx.conn())?;
    let event = Event::of(
        permit,
        "rule_correction_changed",
        format!("rule-correction/{}", found.id),
        told(&base, &written, new),
    );
    ledger::append(tx, &event, ())
}

/// Gives a correction up that was never approved. Its number is not used again.
///
/// # Errors
/// [`Error::Conflict`] when it is no longer at `version`.
pub fn discard_correction(
    tx: &mut Tx<'_>,
    permit: &Permit<DiscardRuleCorrection>,
    version: i64,
) -> Result<Recorded<()>> {
    let found = read(tx.conn(), permit.id(), version)?;
    store::move_on(tx, &found, Step::Discard)?;
    keep::clear(tx, found.id, Run::Preview)?;
    let data = json!({"document_sha256": hex(&found.document_hash)});
    let event = Event::of(permit, "rule_correction_discarded", format!("rule-correction/{}", found.id), data);
    ledger::append(tx, &event, ())
}

/// The correction of a permit, as the person saw it.
pub(super) fn read(conn: &mut Conn, id: i64, version: i64) -> Result<Correction> {
    let found = store::correction(conn, RuleCorrectionId::new(id))?;
    if found.version == version { Ok(found) } else { Err(store::moved_on()) }
}

pub(super) fn author(person: Option<PersonId>) -> Result<PersonId> {
    person.ok_or_else(|| Error::broken("a correction is a person's work"))
}

fn told(base: &Edition, written: &Written, new: &NewCorrection) -> serde_json::Value {
    json!({
        "edition": base.key(),
        "number": written.number,
        "rule_set": written.rule_set,
        "document_sha256": hex(&written.document_hash),
        "base_hash": hex(&written.base),
        "rules_hash": hex(&written.rules),
        "reason_sha256": hex(&sha256(new.reason.as_bytes())),
    })
}

fn written(
    conn: &mut Conn,
    id: EditionId,
    base: &Edition,
    number: i64,
    new: &NewCorrection,
) -> Result<Written> {
    if new.reason.is_empty() {
        return Err(Error::field("reason", "Say what was wrong: the public reads it"));
    }
    if new.reason.chars().count() > REASON_LIMIT {
        return Err(Error::field("reason", format!("The reason can have at most {REASON_LIMIT} characters")));
    }
    if new.changes.is_empty() {
        return Err(Error::field("changes", "Change at least one rule"));
    }
    let original: String = edition::table.filter(edition::id.eq(id)).select(edition::rule_set).first(conn)?;
    let rule_set = next_rule_set(&original, number);
    let rules = applied(base, &new.changes, &rule_set).map_err(|problems| {
        let each = problems
            .into_iter()
            .map(|problem| FieldError { field: "changes".to_owned(), message: problem.to_string() });
        Error::Invalid(each.collect())
    })?;
    let document = to_string(&CorrectionDocument {
        v: 1,
        edition: base.key().to_string(),
        number,
        base: base.hash().to_hex(),
        rule_set: rule_set.clone(),
        changes: new.changes.clone(),
    })?;
    Ok(Written {
        number,
        rule_set,
        document_hash: sha256(document.as_bytes()),
        document,
        base: base.hash().as_bytes().to_vec(),
        rules: rules.hash().as_bytes().to_vec(),
    })
}
