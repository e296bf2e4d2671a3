//! What is on record beside a return: submissions taken back, board papers, time given, and who submitted for whom.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;

use super::gather::People;
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, ReturnId, SubmissionId};
use crate::returns::sites;
use crate::returns::store::Found;
use crate::schema::{
    annual_return, board_paper, carried_before, collection, corrected_result, extension, rule_correction,
    site_outcome, submission, withdrawal,
};

/// An organisation of the register.
#[derive(Debug, Serialize)]
pub struct ExportedOrganisation {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Time that was given.
#[derive(Debug, Serialize)]
pub struct ExportedExtension {
    /// Until when.
    pub until: String,
    /// Why.
    pub reason: String,
    /// When it was given.
    pub granted_at: String,
}

/// A submission that was taken back.
#[derive(Debug, Serialize)]
pub struct ExportedWithdrawal {
    /// The number of the submission.
    pub submission: i64,
    /// Why.
    pub reason: String,
    /// By whom.
    pub withdrawn_by: String,
    /// When.
    pub withdrawn_at: String,
}

/// What a return was started from where its organisation had submitted nothing in the collection before.
#[derive(Debug, Serialize)]
pub struct ExportedBeginning {
    /// Key of the collection.
    pub collection: String,
    /// The number of the submission there; none for answers that were only stored.
    pub submission: Option<i64>,
    /// When it was taken up.
    pub taken_at: String,
    /// The answers, to the questions of the edition before.
    pub answers: Value,
    /// Those that no question took the place of on the way.
    pub left_behind: Value,
}

/// A board paper as it was made.
#[derive(Debug, Serialize)]
pub struct ExportedBoardPaper {
    /// 1 for the first.
    pub number: i64,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: String,
    /// SHA-256 of its canonical JSON, in hexadecimal, as the ledger has it.
    pub sha256: String,
    /// Everything that it shows.
    pub content: Value,
}

/// What the review of a head office gave for a submission that it made for this organisation.
#[derive(Debug, Serialize)]
pub struct ExportedOutcome {
    /// The number of the submission.
    pub submission: i64,
    /// The grade after review.
    pub assessed_grade: String,
    /// When it was decided.
    pub decided_at: String,
}

/// What a correction of the rules, in force now or once, changed for a submission.
#[derive(Debug, Serialize)]
pub struct ExportedCorrection {
    /// The number of the submission.
    pub submission: i64,
    /// The rules that it was scored by since.
    pub rule_set: String,
    /// Why the rules were corrected.
    pub reason: String,
    /// Since when.
    pub in_force_at: String,
    /// The grade that the answers gave before, and give since.
    pub claimed: [String; 2],
    /// The grade after review before and since, where the review is final.
    pub assessed: Option<[String; 2]>,
}

/// The head office that submitted this return, where one did.
pub(super) fn filed_by(conn: &mut Conn, found: &Found) -> Result<Option<ExportedOrganisation>> {
    let head = sites::head_that_filed(conn, found.id)?;
    Ok(head.map(|(_, code, name)| ExportedOrganisation { code, name }))
}

/// Time that the organisation was given in the collection, the first first.
pub(super) fn extensions(conn: &mut Conn, found: &Found) -> Result<Vec<ExportedExtension>> {
    let rows: Vec<(Timestamp, String, Timestamp)> = extension::table
        .filter(extension::collection_id.eq(found.collection.id))
        .filter(extension::organisation_id.eq(found.organisation))
        .order(extension::id)
        .select((extension::until, extension::reason, extension::granted_at))
        .load(conn)?;
    let given = |(until, reason, granted_at): (Timestamp, String, Timestamp)| ExportedExtension {
        until: until.rfc3339(),
        reason,
        granted_at: granted_at.rfc3339(),
    };
    Ok(rows.into_iter().map(given).collect())
}

/// What was taken back, the first first.
pub(super) fn withdrawals(conn: &mut Conn, of: ReturnId) -> Result<Vec<ExportedWithdrawal>> {
    let rows: Vec<(i64, String, PersonId, Timestamp)> = withdrawal::table
        .inner_join(submission::table.on(submission::id.eq(withdrawal::submission_id)))
        .filter(withdrawal::return_id.eq(of))
        .order(withdrawal::id)
        .select((submission::number, withdrawal::reason, withdrawal::withdrawn_by, withdrawal::withdrawn_at))
        .load(conn)?;
    let people = People::read(conn, rows.iter().map(|row| row.2))?;
    let taken = |(number, reason, by, at): (i64, String, PersonId, Timestamp)| ExportedWithdrawal {
        submission: number,
        reason,
        withdrawn_by: people.of(by).name,
        withdrawn_at: at.rfc3339(),
    };
    Ok(rows.into_iter().map(taken).collect())
}

/// What a return was started from, where that is kept with it.
pub(super) fn beginning(conn: &mut Conn, of: ReturnId) -> Result<Option<ExportedBeginning>> {
    type Row = (String, Option<SubmissionId>, Timestamp, String, String);
    let row: Option<Row> = carried_before::table
        .inner_join(annual_return::table.on(annual_return::id.eq(carried_before::from_return_id)))
        .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
        .filter(carried_before::return_id.eq(of))
        .select((
            collection::key,
            carried_before::submission_id,
            carried_before::taken_at,
            carried_before::answers,
            carried_before::left_behind,
        ))
        .first(conn)
        .optional()?;
    let Some((collection, sent, taken_at, answers, left_behind)) = row else { return Ok(None) };
    let submission = match sent {
        None => None,
        Some(id) => submission::table
            .filter(submission::id.eq(id))
            .select(submission::number)
            .first(conn)
            .optional()?,
    };
    let read = |text: &str| {
        serde_json::from_str(text)
            .map_err(|e| Error::internal(format!("failed to read what return {of} was started from"), e))
    };
    let (answers, left_behind) = (read(&answers)?, read(&left_behind)?);
    let taken_at = taken_at.rfc3339();
    Ok(Some(ExportedBeginning { collection, submission, taken_at, answers, left_behind }))
}

/// Board papers, the first first.
pub(super) fn board_papers(conn: &mut Conn, of: ReturnId) -> Result<Vec<ExportedBoardPaper>> {
    let rows: Vec<(i64, PersonId, Timestamp, Vec<u8>, String)> = board_paper::table
        .filter(board_paper::return_id.eq(of))
        .order(board_paper::number)
        .select((
            board_paper::number,
            board_paper::made_by,
            board_paper::made_at,
            board_paper::content_hash,
            board_paper::content,
        ))
        .load(conn)?;
    let people = People::read(conn, rows.iter().map(|row| row.1))?;
    rows.into_iter()
        .map(|(number, made_by, made_at, hash, content)| {
            Ok(ExportedBoardPaper {
                number,
                made_by: people.of(made_by).name,
                made_at: made_at.rfc3339(),
                sha256: hex(&hash),
                content: serde_json::from_str(&content)
                    .map_err(|e| Error::internal(format!("failed to read board paper {number}"), e))?,
            })
        })
        .collect()
}

/// What reviews of a head office gave for submissions of this return, the first first.
pub(super) fn outcomes(conn: &mut Conn, of: ReturnId) -> Result<Vec<ExportedOutcome>> {
    let rows: Vec<(i64, String, Timestamp)> = site_outcome::table
        .inner_join(submission::table.on(submission::id.eq(site_outcome::submission_id)))
        .filter(submission::return_id.eq(of))
        .order(submission::number)
        .select((submission::number, site_outcome::assessed_grade, site_outcome::decided_at))
        .load(conn)?;
    let decided = |(number, assessed_grade, at): (i64, String, Timestamp)| ExportedOutcome {
        submission: number,
        assessed_grade,
        decided_at: at.rfc3339(),
    };
    Ok(rows.into_iter().map(decided).collect())
}

/// What corrections of the rules changed, the first first.
pub(super) fn corrections(conn: &mut Conn, of: ReturnId) -> Result<Vec<ExportedCorrection>> {
    type Rules = (String, String, Option<Timestamp>);
    type Changed = (i64, String, String, Option<String>, Option<String>, bool);
    let rows: Vec<(Rules, Changed)> = corrected_result::table
        .inner_join(rule_correction::table.on(rule_correction::id.eq(corrected_result::correction_id)))
        .inner_join(submission::table.on(submission::id.eq(corrected_result::submission_id)))
        .filter(corrected_result::return_id.eq(of))
        .filter(corrected_result::run.eq("result"))
        .filter(corrected_result::changed.eq(true))
        .filter(rule_correction::in_force_at.is_not_null())
        .order((rule_correction::id, submission::number))
        .select((
            (rule_correction::rule_set, rule_correction::reason, rule_correction::in_force_at),
            (
                submission::number,
                corrected_result::old_claimed,
                corrected_result::new_claimed,
                corrected_result::old_assessed,
                corrected_result::new_assessed,
                corrected_result::is_final,
            ),
        ))
        .load(conn)?;
    let corrected = |((rule_set, reason, in_force_at), changed): (Rules, Changed)| {
        let (number, old, new, old_assessed, new_assessed, is_final) = changed;
        ExportedCorrection {
            submission: number,
            rule_set,
            reason,
            in_force_at: in_force_at.map(Timestamp::rfc3339).unwrap_or_default(),
            claimed: [old, new],
            assessed: old_assessed.zip(new_assessed).filter(|_| is_final).map(|(old, new)| [old, new]),
        }
    };
    Ok(rows.into_iter().map(corrected).collect())
}
