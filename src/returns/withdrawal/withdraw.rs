//! The verb: the return becomes a draft that points at no submission, and the review learns of it by a job.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Permit, WithdrawSubmission};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::SubmissionId;
use crate::platform::jobs;
use crate::returns::library::follow_newest;
use crate::returns::model::Step;
use crate::returns::ready::{next, withdraw_sign_offs};
use crate::returns::sites;
use crate::returns::store::{self, Found};
use crate::schema::{annual_return, withdrawal};

/// The kind of the job by which the review learns that a submission was taken back; its payload is the submission's number.
pub const WITHDRAW_REVIEW: &str = "review.withdraw";

/// Takes the newest submission back. It stays as it is, readable, and the next one names the reason. What is not sent again
/// by the close is not published at the close.
///
/// # Errors
/// [`Error::Refused`] after the close, once its review is decided, or where it stands for sites; [`Error::Conflict`] when somebody moved the return.
pub fn withdraw_submission(
    tx: &mut Tx<'_>,
    permit: &Permit<WithdrawSubmission>,
    found: &Found,
    reason: &str,
) -> Result<Recorded<()>> {
    found.must_be_of(permit)?;
    found.must_be_taken(tx.now())?;
    let by = permit.actor().id().ok_or_else(|| Error::broken("a submission is withdrawn by a person"))?;
    let submission = found.submission.ok_or(Error::NotFound)?;
    sites::must_be_withdrawable(tx, found, submission)?;
    let to = next(found, Step::Withdraw)?;
    store::move_on(tx, found, to)?;
    withdraw_sign_offs(tx, found)?;
    follow_newest(tx, found.id)?;
    let now = tx.now();
    diesel::update(annual_return::table.filter(annual_return::id.eq(found.id)))
        .set((
            annual_return::submission_id.eq(None::<SubmissionId>),
            annual_return::reopened_reason.eq(Some(reason)),
            annual_return::final_grade.eq(None::<String>),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(withdrawal::table)
        .values((
            withdrawal::organisation_id.eq(found.organisation),
            withdrawal::return_id.eq(found.id),
            withdrawal::submission_id.eq(submission),
            withdrawal::reason.eq(reason),
            withdrawal::withdrawn_by.eq(by),
            withdrawal::withdrawn_at.eq(now),
        ))
        .execute(tx.conn())?;
    jobs::enqueue(
        tx,
        WITHDRAW_REVIEW,
        &submission.to_string(),
        now,
        Some(&format!("{WITHDRAW_REVIEW}/{submission}")),
    )?;
    let data = json!({
        "submission": submission,
        "from": found.state,
        "reason_sha256": hex(&sha256(reason.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "submission_withdrawn", format!("return/{}", found.id), data), ())
}
