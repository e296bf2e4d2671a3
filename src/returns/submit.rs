//! Submitting a signed return: an immutable snapshot with its hash, its score and one byte per requirement.

use diesel::dsl::max;
use diesel::prelude::*;
use serde_json::json;

use super::basis::keep_basis;
use super::content::{content, snapshot};
use super::mail;
use super::model::{ReturnState, Step};
use super::readiness::lines;
use super::ready::{must_be_settled, next};
use super::signing;
use super::sites;
use super::store::{self, Found};
use super::submission::score_of;
use crate::access::{Action, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::SubmissionId;
use crate::platform::jobs;
use crate::schema::{annual_return, submission};
use crate::standards::correcting::rules_must_stand;
use crate::standards::scoring::Score;

/// The kind of the job by which the review learns of a submission; its payload is the submission's number.
pub const QUEUE_REVIEW: &str = "review.queue";

/// What a submission is, in the words of its receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its row.
    pub submission: SubmissionId,
    /// 1 for the first, 2 for the first resubmission.
    pub number: i64,
    /// SHA-256 of the snapshot, in hexadecimal.
    pub hash: String,
    /// Whether it came after the deadline.
    pub late: bool,
}

/// Submits the return.
///
/// # Errors
/// [`Error::Refused`] when the collection takes no returns any more; [`Error::Conflict`] when the answers are not the
/// ones that were signed, or somebody else moved the return.
pub fn submit_return<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    found: &Found,
    public_url: &str,
) -> Result<Recorded<Receipt>> {
    found.must_be_of(permit)?;
    let now = tx.now();
    found.must_be_taken(now)?;
    rules_must_stand(tx, found.edition.id(), found.edition.edition())?;
    let to = next(found, Step::Submit)?;
    store::move_on(tx, found, to)?;
    let (stored, files) = (store::answers(tx.conn(), found.id)?, store::attached(tx.conn(), found.id, None)?);
    let lines = lines(found, &stored, &files, now)?;
    must_be_settled(found, &lines, now)?;
    sites::sites_must_be_settled(tx.conn(), found, &lines, now)?;
    let answers = content(found, &stored, &files)?;
    let signed = signing::sign_offs(tx.conn(), found.id)?;
    let hash = sites::signed_hash(tx.conn(), found, &answers, now)?;
    let by = |role: &str| signed.iter().any(|one| one.role == role && one.content_hash == hash);
    if !found.signers()?.iter().all(|wanted| by(wanted.role.as_str())) {
        return Err(Error::Conflict(
            "The answers, or the sites, are not the ones that were signed.".to_owned(),
        ));
    }
    let snapshot = snapshot(found, answers, &signed, found.reopened_reason.clone(), now)?;
    let score = score_of(&snapshot, found.edition.edition(), now.london_day())?;
    let text = to_string(&snapshot)?;
    let hash = sha256(text.as_bytes());
    let late = now > found.collection.due_at(found.extension);
    let (id, number) = insert(tx, permit, found, (&text, &hash), &score, late)?;
    keep_basis(tx, (id, found.organisation), (&snapshot, &score), found.edition.edition(), now)?;
    point_at(tx, found, id)?;
    let receipt = Receipt { submission: id, number, hash: hex(&hash), late };
    sites::fix_list(tx, permit, found, id, late)?;
    jobs::enqueue(tx, QUEUE_REVIEW, &id.to_string(), now, Some(&format!("{QUEUE_REVIEW}/{id}")))?;
    mail::receipts(tx, found, &receipt, public_url)?;
    let data = json!({
        "return": found.id,
        "collection": found.collection.key,
        "number": number,
        "snapshot_hash": receipt.hash,
        "rule_set": found.edition.edition().rule_set(),
        "edition_hash": found.edition.edition().hash(),
        "claimed_grade": score.grade,
        "late": late,
    });
    let event = Event::of(permit, "return_submitted", format!("submission/{id}"), data);
    let recorded = ledger::append(tx, &event, receipt)?;
    diesel::update(submission::table.filter(submission::id.eq(id)))
        .set(submission::ledger_event_id.eq(Some(recorded.event())))
        .execute(tx.conn())?;
    Ok(recorded)
}

fn insert<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    found: &Found,
    (text, hash): (&str, &[u8; 32]),
    score: &Score,
    late: bool,
) -> Result<(SubmissionId, i64)> {
    let now = tx.now();
    let earlier: Option<i64> = submission::table
        .filter(submission::return_id.eq(found.id))
        .select(max(submission::number))
        .first(tx.conn())?;
    let number = earlier.unwrap_or_default() + 1;
    let id = diesel::insert_into(submission::table)
        .values((
            submission::return_id.eq(found.id),
            submission::organisation_id.eq(found.organisation),
            submission::collection_id.eq(found.collection.id),
            submission::number.eq(number),
            submission::submitted_by.eq(permit.actor().id()),
            submission::submitted_at.eq(now),
            submission::late.eq(late),
            submission::snapshot.eq(text),
            submission::snapshot_hash.eq(&hash[..]),
            submission::levels.eq(score.levels_vector()),
            submission::claimed_grade.eq(score.grade.as_str()),
            submission::score.eq(score.to_canonical_json()),
            submission::rule_set.eq(found.edition.edition().rule_set()),
            submission::reason.eq(found.reopened_reason.as_deref()),
        ))
        .returning(submission::id)
        .get_result(tx.conn())?;
    Ok((id, number))
}

/// The return points at its newest submission; an earlier review's grade was about an earlier one.
fn point_at(tx: &mut Tx<'_>, found: &Found, id: SubmissionId) -> Result<()> {
    let pointed = diesel::update(
        annual_return::table
            .filter(annual_return::id.eq(found.id))
            .filter(annual_return::state.eq(ReturnState::Submitted)),
    )
    .set((
        annual_return::submission_id.eq(Some(id)),
        annual_return::reopened_reason.eq(None::<String>),
        annual_return::final_grade.eq(None::<String>),
    ))
    .execute(tx.conn())?;
    if pointed == 1 { Ok(()) } else { Err(Error::broken("the submitted return is not there")) }
}
