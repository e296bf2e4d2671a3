//! What of a return's reviews is its organisation's to take out: questions at once, decisions and grade when they are
//! made, its challenges, and every letter as it was sent.

use super::challenge::{challenged_lines, challenges_of};
use super::letters::{Sent, sent_letters};
use super::model::ReviewState;
use super::queries::Side;
use super::store::{self, Query};
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{RequirementId, ReturnId, ReviewId};
use crate::returns::{
    self, ExportedChallenge, ExportedDecision, ExportedDraft, ExportedLetter, ExportedMessage, ExportedQuery,
    ExportedQueryTime, ExportedReview, ExportedRuling, ReturnExport,
};
use crate::standards::StoredEdition;

/// The whole of a return, as it is downloaded.
///
/// # Errors
/// When the database cannot be asked, or something stored cannot be read.
pub(super) fn whole_export(conn: &mut Conn, found: &returns::Found, now: Timestamp) -> Result<ReturnExport> {
    let mut export = returns::return_export(conn, found, now)?;
    export.reviews = exported_reviews(conn, found.id)?;
    export.letters = exported_letters(conn, found.id)?;
    Ok(export)
}

/// The document as JSON.
///
/// # Errors
/// When it does not serialise, which is a fault.
pub(super) fn as_json(export: &ReturnExport) -> Result<Vec<u8>> {
    serde_json::to_vec_pretty(export).map_err(|e| Error::internal("failed to write an export", e))
}

/// The reviews of a return, the first submission's first.
///
/// # Errors
/// When the database cannot be asked.
fn exported_reviews(conn: &mut Conn, of: ReturnId) -> Result<Vec<ExportedReview>> {
    let mut reviews = Vec::new();
    for id in store::reviews_of(conn, of)? {
        let found = store::find(conn, id)?;
        let is_final = found.review.state == ReviewState::Decided;
        let decisions = if is_final { store::decisions(conn, id)? } else { Vec::new() };
        let code = |of: RequirementId| code_of(&found.edition, of);
        reviews.push(ExportedReview {
            submission: found.number,
            state: found.review.state.to_string(),
            decided_at: found.review.decided_at.filter(|_| is_final).map(Timestamp::rfc3339),
            assessed_grade: found.review.assessed_grade.clone().filter(|_| is_final),
            summary: if is_final { found.review.summary.clone() } else { String::new() },
            decisions: decisions
                .into_iter()
                .map(|decision| ExportedDecision {
                    requirement: code(decision.requirement),
                    outcome: decision.outcome.to_string(),
                    reason: decision.reason,
                })
                .collect(),
            queries: store::queries(conn, id)?
                .iter()
                .map(|query| exported_query(query, code(query.requirement)))
                .collect(),
            challenges: exported_challenges(conn, id, &found.edition)?,
        });
    }
    Ok(reviews)
}

/// The letters about a return: each is the organisation's from the moment it is sent.
fn exported_letters(conn: &mut Conn, of: ReturnId) -> Result<Vec<ExportedLetter>> {
    let exported = |sent: Sent| -> Result<ExportedLetter> {
        let content = serde_json::from_str(&sent.content)
            .map_err(|e| Error::internal(format!("failed to read letter {}", sent.number), e))?;
        Ok(ExportedLetter {
            number: sent.number,
            submission: sent.submission,
            sent_at: sent.made_at.rfc3339(),
            sha256: hex(&sent.hash),
            content,
        })
    };
    sent_letters(conn, of)?.into_iter().map(exported).collect()
}

/// Challenges, the first one first.
fn exported_challenges(
    conn: &mut Conn,
    of: ReviewId,
    edition: &StoredEdition,
) -> Result<Vec<ExportedChallenge>> {
    let mut challenges = Vec::new();
    for challenge in challenges_of(conn, of)?.into_iter().rev() {
        let lines = challenged_lines(conn, challenge.id)?;
        challenges.push(ExportedChallenge {
            state: challenge.state.to_string(),
            grounds: challenge.grounds,
            evidence: challenge.evidence,
            posted_at: challenge.posted_at.rfc3339(),
            closed_at: challenge.closed_at.map(Timestamp::rfc3339),
            lines: lines
                .into_iter()
                .map(|line| ExportedRuling {
                    requirement: code_of(edition, line.requirement),
                    ruling: line.ruling.map(|ruling| ruling.to_string()),
                    reason: line.reason,
                })
                .collect(),
            remarks: challenge.remarks,
        });
    }
    Ok(challenges)
}

/// A question with its thread. What the organisation has begun and not sent stands apart: it is nobody's word yet.
fn exported_query(query: &Query, requirement: String) -> ExportedQuery {
    let reply = query.reply();
    ExportedQuery {
        requirement,
        question: query.question().to_owned(),
        asked_at: query.asked_at.rfc3339(),
        reply: reply.map(|message| message.text.clone()),
        replied_at: reply.and_then(|message| message.sent_at).map(Timestamp::rfc3339),
        due_at: query.due_at.rfc3339(),
        state: query.state.to_string(),
        outcome: query.outcome.map(|outcome| outcome.to_string()),
        closing_note: query.note.clone(),
        messages: query
            .sent()
            .into_iter()
            .map(|message| ExportedMessage {
                side: message.side.to_string(),
                text: message.text.clone(),
                sent_at: message.sent_at.unwrap_or(message.written_at).rfc3339(),
                standing: message.standing.to_string(),
                evidence: message.files.iter().map(|file| file.name.clone()).collect(),
            })
            .collect(),
        drafts: query
            .drafts()
            .filter(|message| message.side == Side::Organisation)
            .map(|message| ExportedDraft {
                author: message.author_name.clone(),
                text: message.text.clone(),
                written_at: message.written_at.rfc3339(),
                evidence: message.files.iter().map(|file| file.name.clone()).collect(),
            })
            .collect(),
        time: query
            .time
            .iter()
            .map(|time| ExportedQueryTime {
                state: time.state.to_string(),
                wanted_until: time.wanted.map(Timestamp::rfc3339),
                reason: time.reason.clone(),
                given_until: time.given.map(Timestamp::rfc3339),
                answer: time.answer.clone(),
            })
            .collect(),
    }
}

fn code_of(edition: &StoredEdition, of: RequirementId) -> String {
    let requirement = edition.position_of(of).and_then(|at| edition.edition().requirements().get(at));
    requirement.map(|requirement| requirement.code.to_string()).unwrap_or_default()
}
