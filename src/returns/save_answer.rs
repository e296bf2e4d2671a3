//! Saving one answer: one row changed from the version that the person saw, its new state kept beside it, and an
//! event with hashes instead of texts. Four statements on SQLite, five on PostgreSQL, one more for a contributor.

use diesel::prelude::*;
use serde_json::json;

use super::model::{AnswerState, ReturnState};
use super::sharing;
use super::start::stored_value;
use super::store::{self, Found};
use crate::access::{Permit, SaveAnswer};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AnswerId, RequirementId};
use crate::schema::{answer, answer_version};
use crate::standards::AnswerValue;

/// The most characters a comment may have: room for last year's longest answer beside last year's comment.
pub const COMMENT_LIMIT: usize = 50_000;

/// An answer to be saved.
#[derive(Debug, Clone)]
pub struct NewAnswer {
    /// What it answers.
    pub requirement: RequirementId,
    /// The value; `None` while there is only a comment.
    pub value: Option<AnswerValue>,
    /// The organisation's comment.
    pub comment: String,
    /// Whether the person says that it is finished.
    pub finished: bool,
    /// The version that the person saw; 0 when there was no answer yet.
    pub version: i64,
}

impl NewAnswer {
    /// How far the answer has got when it is saved like this.
    #[must_use]
    pub const fn state(&self) -> AnswerState {
        if self.finished { AnswerState::Confirmed } else { AnswerState::Draft }
    }
}

/// Saves one answer; gives its new version.
///
/// # Errors
/// [`Error::NotFound`] when a contributor was not given the requirement; [`Error::Conflict`] when the answer is not at
/// the version that the person saw; [`Error::Refused`] when the collection takes no returns, or a colleague has just
/// marked the return ready.
pub fn save_answer(
    tx: &mut Tx<'_>,
    permit: &Permit<SaveAnswer>,
    found: &Found,
    new: &NewAnswer,
) -> Result<Recorded<i64>> {
    found.must_be_of(permit)?;
    sharing::must_see(tx.conn(), found, permit.actor(), new.requirement)?;
    found.must_be_taken(tx.now())?;
    if new.finished && new.value.is_none() {
        return Err(Error::broken("an answer without a value cannot be finished"));
    }
    if store::hold_state(tx, found.id)?.is_some_and(|state| state != ReturnState::Draft) {
        return Err(Error::Refused("A colleague has just marked the return ready.".to_owned()));
    }
    let value = stored_value(new.value.as_ref())?;
    let version = new.version + 1;
    let id = if new.version == 0 {
        insert(tx, permit, found, new, &value)?
    } else {
        update(tx, permit, found, new, &value)?
    };
    let now = tx.now();
    diesel::insert_into(answer_version::table)
        .values((
            answer_version::answer_id.eq(id),
            answer_version::version.eq(version),
            answer_version::organisation_id.eq(found.organisation),
            answer_version::value.eq(&value),
            answer_version::comment.eq(&new.comment),
            answer_version::state.eq(new.state().as_str()),
            answer_version::saved_at.eq(now),
            answer_version::saved_by.eq(permit.actor().id()),
        ))
        .execute(tx.conn())?;
    let data = json!({
        "return": found.id,
        "requirement": new.requirement,
        "version": version,
        "state": new.state(),
        "value_sha256": hex(&sha256(value.as_bytes())),
        "comment_sha256": hex(&sha256(new.comment.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "answer_saved", format!("answer/{id}"), data), version)
}

/// Two people who answer for the first time at once meet at the uniqueness of the row, which is a conflict too.
fn insert(
    tx: &mut Tx<'_>,
    permit: &Permit<SaveAnswer>,
    found: &Found,
    new: &NewAnswer,
    value: &str,
) -> Result<AnswerId> {
    let now = tx.now();
    Ok(diesel::insert_into(answer::table)
        .values((
            answer::return_id.eq(found.id),
            answer::organisation_id.eq(found.organisation),
            answer::requirement_id.eq(new.requirement),
            answer::value.eq(value),
            answer::comment.eq(&new.comment),
            answer::state.eq(new.state()),
            answer::version.eq(1_i64),
            answer::updated_at.eq(now),
            answer::updated_by.eq(permit.actor().id()),
        ))
        .returning(answer::id)
        .get_result(tx.conn())?)
}

fn update(
    tx: &mut Tx<'_>,
    permit: &Permit<SaveAnswer>,
    found: &Found,
    new: &NewAnswer,
    value: &str,
) -> Result<AnswerId> {
    let now = tx.now();
    let updated: Option<AnswerId> = diesel::update(
        answer::table
            .filter(answer::return_id.eq(found.id))
            .filter(answer::requirement_id.eq(new.requirement))
            .filter(answer::version.eq(new.version)),
    )
    .set((
        answer::value.eq(value),
        answer::comment.eq(&new.comment),
        answer::state.eq(new.state()),
        answer::version.eq(new.version + 1),
        answer::updated_at.eq(now),
        answer::updated_by.eq(permit.actor().id()),
    ))
    .returning(answer::id)
    .get_result(tx.conn())
    .optional()?;
    updated.ok_or_else(|| Error::Conflict("A colleague saved another answer in the meantime.".to_owned()))
}
