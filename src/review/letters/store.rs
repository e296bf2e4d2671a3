//! Queries about conclusions, letters and reopenings.

use diesel::dsl::max;
use diesel::prelude::*;

use super::model::{Cause, Conclusion};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{ConclusionId, LetterId, OrganisationId, PersonId, ReturnId, ReviewId};
use crate::schema::{decision_letter, review, review_conclusion, review_reopening, submission};

type Row = (
    (ConclusionId, ReviewId, i64, Cause),
    (String, String, Vec<u8>, String, String, String, Vec<u8>),
    (PersonId, Option<PersonId>, Timestamp, Timestamp),
);

const COLUMNS: (
    (
        review_conclusion::id,
        review_conclusion::review_id,
        review_conclusion::number,
        review_conclusion::cause,
    ),
    (
        review_conclusion::claimed_grade,
        review_conclusion::assessed_grade,
        review_conclusion::assessed_levels,
        review_conclusion::assessed_score,
        review_conclusion::decisions,
        review_conclusion::summary,
        review_conclusion::content_hash,
    ),
    (
        review_conclusion::decided_by,
        review_conclusion::second_id,
        review_conclusion::decided_at,
        review_conclusion::challenge_until,
    ),
) = (
    (
        review_conclusion::id,
        review_conclusion::review_id,
        review_conclusion::number,
        review_conclusion::cause,
    ),
    (
        review_conclusion::claimed_grade,
        review_conclusion::assessed_grade,
        review_conclusion::assessed_levels,
        review_conclusion::assessed_score,
        review_conclusion::decisions,
        review_conclusion::summary,
        review_conclusion::content_hash,
    ),
    (
        review_conclusion::decided_by,
        review_conclusion::second_id,
        review_conclusion::decided_at,
        review_conclusion::challenge_until,
    ),
);

fn conclusion_from(row: Row) -> Conclusion {
    let (
        (id, review, number, cause),
        (claimed_grade, assessed_grade, levels, score, decisions, summary, content_hash),
        (decided_by, second, decided_at, challenge_until),
    ) = row;
    Conclusion {
        id,
        review,
        number,
        cause,
        claimed_grade,
        assessed_grade,
        levels,
        score,
        decisions,
        summary,
        content_hash,
        decided_by,
        second,
        decided_at,
        challenge_until,
    }
}

/// Every conclusion of a review, the first one first.
pub(in crate::review) fn conclusions(conn: &mut Conn, of: ReviewId) -> Result<Vec<Conclusion>> {
    let rows: Vec<Row> = review_conclusion::table
        .filter(review_conclusion::review_id.eq(of))
        .order(review_conclusion::number)
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(conclusion_from).collect())
}

/// The newest conclusion of a review; none where it was never decided, or before conclusions were kept.
pub(in crate::review) fn in_force(conn: &mut Conn, of: ReviewId) -> Result<Option<Conclusion>> {
    let row: Option<Row> = review_conclusion::table
        .filter(review_conclusion::review_id.eq(of))
        .order(review_conclusion::number.desc())
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(row.map(conclusion_from))
}

/// Every conclusion of every review, in order: what is verified.
pub(super) fn all_conclusions(conn: &mut Conn) -> Result<Vec<Conclusion>> {
    let rows: Vec<Row> = review_conclusion::table
        .order((review_conclusion::review_id, review_conclusion::number))
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(conclusion_from).collect())
}

/// A conclusion to be kept; its number and hash are known already.
pub(super) fn keep_conclusion(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    new: &Conclusion,
) -> Result<ConclusionId> {
    Ok(diesel::insert_into(review_conclusion::table)
        .values((
            review_conclusion::review_id.eq(new.review),
            review_conclusion::organisation_id.eq(organisation),
            review_conclusion::number.eq(new.number),
            review_conclusion::cause.eq(new.cause),
            review_conclusion::claimed_grade.eq(&new.claimed_grade),
            review_conclusion::assessed_grade.eq(&new.assessed_grade),
            review_conclusion::assessed_levels.eq(&new.levels),
            review_conclusion::assessed_score.eq(&new.score),
            review_conclusion::decisions.eq(&new.decisions),
            review_conclusion::summary.eq(&new.summary),
            review_conclusion::content_hash.eq(&new.content_hash),
            review_conclusion::decided_by.eq(new.decided_by),
            review_conclusion::second_id.eq(new.second),
            review_conclusion::decided_at.eq(new.decided_at),
            review_conclusion::challenge_until.eq(new.challenge_until),
        ))
        .returning(review_conclusion::id)
        .get_result(tx.conn())?)
}

/// A letter as it is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::review) struct Listed {
    /// Its row.
    pub id: LetterId,
    /// Counts the letters about a return.
    pub number: i64,
    /// Which conclusion it tells of.
    pub conclusion: ConclusionId,
    /// When it was sent.
    pub made_at: Timestamp,
}

/// The letters about a return, the newest first.
pub(in crate::review) fn letters_of(conn: &mut Conn, of: ReturnId) -> Result<Vec<Listed>> {
    let rows: Vec<(LetterId, i64, ConclusionId, Timestamp)> = decision_letter::table
        .filter(decision_letter::return_id.eq(of))
        .order(decision_letter::number.desc())
        .select((
            decision_letter::id,
            decision_letter::number,
            decision_letter::conclusion_id,
            decision_letter::made_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, number, conclusion, made_at)| Listed { id, number, conclusion, made_at })
        .collect())
}

/// A letter as it was sent, for whoever takes it out.
#[derive(Debug, Clone)]
pub(in crate::review) struct Sent {
    /// Counts the letters about a return.
    pub number: i64,
    /// The number of the submission that was decided about.
    pub submission: i64,
    /// When it was sent.
    pub made_at: Timestamp,
    /// Every word of it, as canonical JSON.
    pub content: String,
    /// The hash of that.
    pub hash: Vec<u8>,
}

/// The letters about a return with all they say, the first one first.
pub(in crate::review) fn sent_letters(conn: &mut Conn, of: ReturnId) -> Result<Vec<Sent>> {
    let rows: Vec<(i64, i64, Timestamp, String, Vec<u8>)> = decision_letter::table
        .inner_join(review::table.on(review::id.eq(decision_letter::review_id)))
        .inner_join(submission::table.on(submission::id.eq(review::submission_id)))
        .filter(decision_letter::return_id.eq(of))
        .order(decision_letter::number)
        .select((
            decision_letter::number,
            submission::number,
            decision_letter::made_at,
            decision_letter::content,
            decision_letter::content_hash,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(number, submission, made_at, content, hash)| Sent {
            number,
            submission,
            made_at,
            content,
            hash,
        })
        .collect())
}

/// The number of the newest letter about a return; 0 when there is none.
pub(super) fn newest_number(conn: &mut Conn, of: ReturnId) -> Result<i64> {
    let number: Option<i64> = decision_letter::table
        .filter(decision_letter::return_id.eq(of))
        .select(max(decision_letter::number))
        .first(conn)?;
    Ok(number.unwrap_or_default())
}

/// The frozen content of a letter, with its hash, its moment and the review that it is about.
pub(super) fn letter(
    conn: &mut Conn,
    of: ReturnId,
    number: i64,
) -> Result<Option<(String, Timestamp, ReviewId)>> {
    Ok(decision_letter::table
        .filter(decision_letter::return_id.eq(of))
        .filter(decision_letter::number.eq(number))
        .select((decision_letter::content, decision_letter::made_at, decision_letter::review_id))
        .first(conn)
        .optional()?)
}

/// Every letter with its hash: what is verified.
pub(super) fn all_letters(conn: &mut Conn) -> Result<Vec<(LetterId, String, Vec<u8>)>> {
    Ok(decision_letter::table
        .order(decision_letter::id)
        .select((decision_letter::id, decision_letter::content, decision_letter::content_hash))
        .load(conn)?)
}

/// A letter to be kept.
pub(super) struct NewLetter<'a> {
    pub return_id: ReturnId,
    pub number: i64,
    pub organisation: OrganisationId,
    pub review: ReviewId,
    pub conclusion: ConclusionId,
    pub content: &'a str,
    pub content_hash: [u8; 32],
    pub made_by: PersonId,
}

/// Keeps a letter. Two at once meet at the uniqueness of its number, which is a conflict.
pub(super) fn keep_letter(tx: &mut Tx<'_>, new: &NewLetter<'_>) -> Result<LetterId> {
    let now = tx.now();
    Ok(diesel::insert_into(decision_letter::table)
        .values((
            decision_letter::return_id.eq(new.return_id),
            decision_letter::number.eq(new.number),
            decision_letter::organisation_id.eq(new.organisation),
            decision_letter::review_id.eq(new.review),
            decision_letter::conclusion_id.eq(new.conclusion),
            decision_letter::content.eq(new.content),
            decision_letter::content_hash.eq(&new.content_hash[..]),
            decision_letter::made_by.eq(new.made_by),
            decision_letter::made_at.eq(now),
        ))
        .returning(decision_letter::id)
        .get_result(tx.conn())?)
}

/// Why and when a review was taken up again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Reopening {
    /// The conclusion that stood then.
    pub conclusion: i64,
    /// Why.
    pub reason: String,
    /// Who did it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// The newest reopening of a review.
pub(in crate::review) fn newest_reopening(conn: &mut Conn, of: ReviewId) -> Result<Option<Reopening>> {
    let row: Option<(i64, String, PersonId, Timestamp)> = review_reopening::table
        .filter(review_reopening::review_id.eq(of))
        .order(review_reopening::id.desc())
        .select((
            review_reopening::conclusion,
            review_reopening::reason,
            review_reopening::reopened_by,
            review_reopening::reopened_at,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(conclusion, reason, by, at)| Reopening { conclusion, reason, by, at }))
}

/// Keeps a reopening.
pub(in crate::review) fn keep_reopening(
    tx: &mut Tx<'_>,
    of: (ReviewId, OrganisationId),
    new: &Reopening,
) -> Result<()> {
    diesel::insert_into(review_reopening::table)
        .values((
            review_reopening::review_id.eq(of.0),
            review_reopening::organisation_id.eq(of.1),
            review_reopening::conclusion.eq(new.conclusion),
            review_reopening::reason.eq(&new.reason),
            review_reopening::reopened_by.eq(new.by),
            review_reopening::reopened_at.eq(new.at),
        ))
        .execute(tx.conn())?;
    Ok(())
}
