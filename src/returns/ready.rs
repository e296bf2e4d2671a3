//! Marking a return ready to be signed, and taking it back to draft.

use diesel::prelude::*;
use serde_json::json;

use super::content::{content, content_hash};
use super::library::follow_newest;
use super::mail;
use super::model::{ReturnState, Step};
use super::readiness::{Line, lines, standing};
use super::sites;
use super::store::{self, Found};
use crate::access::{BackToDraft, MarkReady, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::schema::sign_off;

/// Says that every answer is there; the SIROs are told by mail.
///
/// # Errors
/// [`Error::Refused`] with the number of requirements that still block, or when nothing can be changed now.
pub fn mark_ready(
    tx: &mut Tx<'_>,
    permit: &Permit<MarkReady>,
    found: &Found,
    public_url: &str,
) -> Result<Recorded<()>> {
    found.must_be_of(permit)?;
    found.must_be_taken(tx.now())?;
    // The return moves first: from here no answer can be saved beside this change, and what blocks undoes the move.
    let to = next(found, Step::MarkReady)?;
    store::move_on(tx, found, to)?;
    let answers = store::answers(tx.conn(), found.id)?;
    let files = store::attached(tx.conn(), found.id, None)?;
    let now = tx.now();
    let lines = lines(found, &answers, &files, now)?;
    must_be_settled(found, &lines, now)?;
    sites::sites_must_be_settled(tx.conn(), found, &lines, now)?;
    let hash = content_hash(&content(found, &answers, &files)?)?;
    mail::ask_for_signature(tx, found, public_url)?;
    let data = json!({"content_hash": hex(&hash)});
    ledger::append(tx, &Event::of(permit, "return_ready", format!("return/{}", found.id), data), ())
}

/// Refuses a return in which something still blocks. Asked again at its submission: an exemption may have lapsed since.
pub(super) fn must_be_settled(found: &Found, lines: &[Line<'_>], now: Timestamp) -> Result<()> {
    let what = match standing(found, lines, now).blocks.as_slice() {
        [] => return Ok(()),
        [one] => format!("requirement {} is", one.requirement),
        many => format!("{} requirements are", many.len()),
    };
    Err(Error::Refused(format!("The return is not ready: {what} not finished.")))
}

/// Takes the return back to draft; its signatures are withdrawn, because they were over other answers.
///
/// # Errors
/// [`Error::Conflict`] when somebody else moved it first.
pub fn back_to_draft(tx: &mut Tx<'_>, permit: &Permit<BackToDraft>, found: &Found) -> Result<Recorded<()>> {
    found.must_be_of(permit)?;
    found.must_be_taken(tx.now())?;
    let to = next(found, Step::BackToDraft)?;
    store::move_on(tx, found, to)?;
    withdraw_sign_offs(tx, found)?;
    follow_newest(tx, found.id)?;
    let data = json!({"from": found.state});
    ledger::append(tx, &Event::of(permit, "return_back_to_draft", format!("return/{}", found.id), data), ())
}

pub(super) fn withdraw_sign_offs(tx: &mut Tx<'_>, found: &Found) -> Result<()> {
    let now = tx.now();
    diesel::update(
        sign_off::table.filter(sign_off::return_id.eq(found.id)).filter(sign_off::withdrawn_at.is_null()),
    )
    .set(sign_off::withdrawn_at.eq(Some(now)))
    .execute(tx.conn())?;
    Ok(())
}

/// The state after a step, or a refusal.
pub(super) fn next(found: &Found, step: Step) -> Result<ReturnState> {
    found.state.after(step).ok_or_else(|| {
        Error::Refused(format!(
            "This cannot be done while the return is {}.",
            found.state.words().to_lowercase()
        ))
    })
}
