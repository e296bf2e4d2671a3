//! A second person's word on a correction: approved on exactly the preview that they saw, or refused with a reason.

use diesel::prelude::*;
use serde_json::json;

use super::draft::{author, read};
use super::inputs::{digest, marks};
use super::listing::meeting;
use super::model::{Run, Step};
use super::store::{self, Correction};
use crate::access::{Action, DecideRuleCorrection, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;
use crate::platform::jobs;
use crate::schema::rule_correction;

/// The kind of the job that scores again; the payload is the correction's number.
pub(super) const RESCORE: &str = "corrections.rescore";

/// The longest statement or reason, in characters.
pub const STATEMENT_LIMIT: usize = 2000;

/// Proof that a person did not write the correction. Made only from the correction itself, in the change that decides it.
#[derive(Debug)]
pub struct SecondPerson(PersonId);

impl SecondPerson {
    /// The person of this permit, unless they are the author.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for the author.
    fn of<A: Action>(permit: &Permit<A>, correction: &Correction) -> Result<Self> {
        let person = author(permit.actor().id())?;
        if person == correction.drafted_by {
            return Err(Error::Forbidden(
                "You wrote this correction yourself. It is decided by somebody else.".to_owned(),
            ));
        }
        Ok(Self(person))
    }
}

/// What a second person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is right.
    Approve {
        /// What the person states.
        statement: String,
        /// Whether they accept that no return meets the standard under these rules.
        none_accepted: bool,
    },
    /// It goes back to its author, for this reason.
    Refuse(String),
}

/// What is said where the preview is not about the returns as they are now.
pub const STALE: &str = "Returns have changed since the preview was computed, so what you saw is not what would happen. \
                         It is being computed again: look at it and decide then.";

/// Decides a correction.
///
/// # Errors
/// [`Error::Forbidden`] for its author; [`Error::Conflict`] when it is no longer at `version`; [`Error::Refused`] with
/// [`STALE`] when the preview is not about the returns as they are now; [`Error::Invalid`] without a statement, or where
/// nobody would meet the standard and that is not accepted.
pub fn decide_correction(
    tx: &mut Tx<'_>,
    permit: &Permit<DecideRuleCorrection>,
    version: i64,
    decision: &Decision,
) -> Result<Recorded<()>> {
    let found = read(tx.conn(), permit.id(), version)?;
    let witness = SecondPerson::of(permit, &found)?;
    match decision {
        Decision::Approve { statement, none_accepted } => {
            approve(tx, permit, &found, &witness, (statement, *none_accepted))
        }
        Decision::Refuse(reason) => refuse(tx, permit, &found, &witness, reason),
    }
}

fn approve(
    tx: &mut Tx<'_>,
    permit: &Permit<DecideRuleCorrection>,
    found: &Correction,
    witness: &SecondPerson,
    (statement, none_accepted): (&str, bool),
) -> Result<Recorded<()>> {
    said("statement", statement, "Say what you have checked")?;
    let now_marks = marks(tx.conn(), found.edition)?;
    let hash = digest(&found.base_hash, &found.rules_hash, &now_marks);
    if found.preview_hash.as_deref() != Some(&hash[..]) {
        return Err(Error::Refused(STALE.to_owned()));
    }
    let meeting = meeting(tx.conn(), found.id, Run::Preview)?;
    if meeting.is_satisfied_by_none() && !none_accepted {
        return Err(Error::field(
            "none_accepted",
            "Under these rules no return meets the standard. Confirm that this is meant",
        ));
    }
    store::move_on(tx, found, Step::Approve)?;
    let now = tx.now();
    let total = i64::try_from(now_marks.len()).unwrap_or(i64::MAX);
    diesel::update(rule_correction::table.filter(rule_correction::id.eq(found.id)))
        .set((
            rule_correction::decided_by.eq(Some(witness.0)),
            rule_correction::decided_at.eq(Some(now)),
            rule_correction::statement.eq(statement),
            rule_correction::accepted_none.eq(none_accepted),
            rule_correction::refusal.eq(""),
            rule_correction::total.eq(total),
            rule_correction::done.eq(0_i64),
        ))
        .execute(tx.conn())?;
    let key = format!("{RESCORE}/{}", found.id);
    jobs::enqueue(tx, RESCORE, &found.id.to_string(), now, Some(&key))?;
    let data = json!({
        "rule_set": found.rule_set,
        "document_sha256": hex(&found.document_hash),
        "preview_sha256": hex(&hash),
        "author": found.drafted_by,
        "none_accepted": none_accepted,
        "statement_sha256": hex(&sha256(statement.as_bytes())),
    });
    let event = Event::of(permit, "rule_correction_approved", format!("rule-correction/{}", found.id), data);
    ledger::append(tx, &event, ())
}

fn refuse(
    tx: &mut Tx<'_>,
    permit: &Permit<DecideRuleCorrection>,
    found: &Correction,
    witness: &SecondPerson,
    reason: &str,
) -> Result<Recorded<()>> {
    said("statement", reason, "Say why you refuse it")?;
    store::move_on(tx, found, Step::Refuse)?;
    diesel::update(rule_correction::table.filter(rule_correction::id.eq(found.id)))
        .set(rule_correction::refusal.eq(reason))
        .execute(tx.conn())?;
    let data = json!({
        "rule_set": found.rule_set,
        "by": witness.0,
        "reason_sha256": hex(&sha256(reason.as_bytes())),
    });
    let event = Event::of(permit, "rule_correction_refused", format!("rule-correction/{}", found.id), data);
    ledger::append(tx, &event, ())
}

fn said(field: &'static str, text: &str, missing: &str) -> Result<()> {
    if text.is_empty() {
        return Err(Error::field(field, missing));
    }
    if text.chars().count() > STATEMENT_LIMIT {
        return Err(Error::field(field, format!("Use at most {STATEMENT_LIMIT} characters")));
    }
    Ok(())
}
