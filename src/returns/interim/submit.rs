//! Sending the interim return: an immutable snapshot of the completed answers with its hash, and no score.

use diesel::dsl::max;
use diesel::prelude::*;
use serde_json::json;

use crate::access::{OrganisationRole, Permit, SubmitInterim};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::InterimId;
use crate::returns::content::{content_hash, current, snapshot};
use crate::returns::signing::SignOff;
use crate::returns::store::Found;
use crate::schema::interim_submission;

/// The version of [`INTERIM_STATEMENT`], recorded with every interim return. A change of wording is a new version.
pub const INTERIM_STATEMENT_VERSION: &str = "interim-2026.1";

/// What the IG lead signs.
pub const INTERIM_STATEMENT: &str = "The answers that are completed so far are true to the best of my knowledge. They show \
    how far my organisation is; the return itself is still to be completed, signed and submitted.";

/// Sends the interim return.
///
/// # Errors
/// [`Error::Refused`] when the collection asks for none, or the deadline of the return itself has passed.
pub fn submit_interim(
    tx: &mut Tx<'_>,
    permit: &Permit<SubmitInterim>,
    found: &Found,
) -> Result<Recorded<InterimId>> {
    found.must_be_of(permit)?;
    let now = tx.now();
    found.must_be_taken(now)?;
    let Some(due) = found.collection.interim_due_at else {
        return Err(Error::Refused("This collection asks for no interim return.".to_owned()));
    };
    if now > found.collection.due_at(found.extension) {
        return Err(Error::Refused("The return itself is due by now: submit that instead.".to_owned()));
    }
    let by = permit.actor().id().ok_or_else(|| Error::broken("an interim return is signed by a person"))?;
    let answers = current(tx.conn(), found)?;
    let signature = SignOff {
        role: OrganisationRole::IgLead.as_str().to_owned(),
        person: by,
        statement_version: INTERIM_STATEMENT_VERSION.to_owned(),
        content_hash: content_hash(&answers)?.to_vec(),
        signed_at: now,
        delegation: None,
    };
    let text = to_string(&snapshot(found, answers, &[signature], None, now)?)?;
    let hash = sha256(text.as_bytes());
    let late = now > due;
    let earlier: Option<i64> = interim_submission::table
        .filter(interim_submission::return_id.eq(found.id))
        .select(max(interim_submission::number))
        .first(tx.conn())?;
    let number = earlier.unwrap_or_default() + 1;
    let id: InterimId = diesel::insert_into(interim_submission::table)
        .values((
            interim_submission::return_id.eq(found.id),
            interim_submission::organisation_id.eq(found.organisation),
            interim_submission::collection_id.eq(found.collection.id),
            interim_submission::number.eq(number),
            interim_submission::signed_by.eq(by),
            interim_submission::submitted_at.eq(now),
            interim_submission::late.eq(late),
            interim_submission::snapshot.eq(&text),
            interim_submission::snapshot_hash.eq(&hash[..]),
        ))
        .returning(interim_submission::id)
        .get_result(tx.conn())?;
    let data = json!({
        "return": found.id,
        "collection": found.collection.key,
        "number": number,
        "snapshot_hash": hex(&hash),
        "statement_version": INTERIM_STATEMENT_VERSION,
        "statement_sha256": hex(&sha256(INTERIM_STATEMENT.as_bytes())),
        "late": late,
    });
    let event = Event::of(permit, "interim_submitted", format!("interim/{id}"), data);
    let recorded = ledger::append(tx, &event, id)?;
    diesel::update(interim_submission::table.filter(interim_submission::id.eq(id)))
        .set(interim_submission::ledger_event_id.eq(Some(recorded.event())))
        .execute(tx.conn())?;
    Ok(recorded)
}
