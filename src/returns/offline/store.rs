//! Uploaded workbooks as stored, and the earlier answers that they are held against.

use std::collections::HashMap;

use diesel::prelude::*;

use super::preview::Earlier;
use super::workbook_in::Uploaded;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{
    AnswerId, OrganisationId, PersonId, PlanId, RequirementId, ReturnId, SubmissionId, WorkbookId,
};
use crate::returns::library::ScanState;
use crate::returns::model::AnswerState;
use crate::returns::plan::Funded;
use crate::returns::store::EarlierAnswer;
use crate::schema::{
    answer, answer_version, evidence, person, plan_line, sign_delegation, sign_off, submission, workbook,
};

/// An uploaded workbook.
#[derive(Debug, Clone)]
pub(super) struct Workbook {
    /// Its row.
    pub id: WorkbookId,
    /// The name it was uploaded under.
    pub file_name: String,
    /// What was read from it, as JSON; empty once it was applied.
    pub content: String,
    /// When it was uploaded.
    pub uploaded_at: Timestamp,
    /// By whom.
    pub uploaded_by: PersonId,
    /// Until when it can be applied.
    pub expires_at: Timestamp,
    /// When it was applied, by whom, and how many answers it changed.
    pub applied: Option<(Timestamp, Option<PersonId>, i64)>,
}

impl Workbook {
    /// What was read from it.
    ///
    /// # Errors
    /// [`Error::Refused`] when it has expired.
    pub fn uploaded(&self, now: Timestamp) -> Result<Uploaded> {
        if self.expires_at < now {
            return Err(Error::Refused(
                "The upload was kept for seven days and has expired. Upload the workbook again.".to_owned(),
            ));
        }
        serde_json::from_str(&self.content)
            .map_err(|e| Error::internal(format!("failed to read workbook {}", self.id), e))
    }
}

type Row = (
    (WorkbookId, String, String),
    (Timestamp, PersonId, Timestamp),
    (Option<Timestamp>, Option<PersonId>, Option<i64>),
);

/// The workbook with this number, if it was uploaded for this return.
///
/// # Errors
/// When the database cannot be asked.
pub(super) fn find(conn: &mut Conn, of: ReturnId, id: WorkbookId) -> Result<Option<Workbook>> {
    let row: Option<Row> = workbook::table
        .filter(workbook::id.eq(id))
        .filter(workbook::return_id.eq(of))
        .select((
            (workbook::id, workbook::file_name, workbook::content),
            (workbook::uploaded_at, workbook::uploaded_by, workbook::expires_at),
            (workbook::applied_at, workbook::applied_by, workbook::applied),
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|((id, file_name, content), (uploaded_at, uploaded_by, expires_at), (at, by, count))| {
        Workbook {
            id,
            file_name,
            content,
            uploaded_at,
            uploaded_by,
            expires_at,
            applied: at.map(|at| (at, by, count.unwrap_or_default())),
        }
    }))
}

/// Marks a workbook as applied and forgets what was in it; false when it was applied before. Others that apply the same
/// workbook wait for this change and then find it done.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn mark_applied(tx: &mut Tx<'_>, id: WorkbookId, by: Option<PersonId>) -> Result<bool> {
    let now = tx.now();
    let marked =
        diesel::update(workbook::table.filter(workbook::id.eq(id)).filter(workbook::applied_at.is_null()))
            .set((workbook::applied_at.eq(Some(now)), workbook::applied_by.eq(by)))
            .execute(tx.conn())?;
    Ok(marked == 1)
}

/// Says how many answers an applied workbook changed, and forgets what was in it: the answers are the return's now.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn close(tx: &mut Tx<'_>, id: WorkbookId, changed: i64) -> Result<()> {
    diesel::update(workbook::table.filter(workbook::id.eq(id)))
        .set((workbook::applied.eq(Some(changed)), workbook::content.eq("")))
        .execute(tx.conn())?;
    Ok(())
}

/// Removes what was uploaded and neither applied nor looked at in time, and says how many workbooks those were.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn forget_expired(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now();
    let expired = workbook::table.filter(workbook::applied_at.is_null()).filter(workbook::expires_at.lt(now));
    Ok(diesel::delete(expired).execute(tx.conn())?)
}

/// These versions of these answers, as far as they are there.
///
/// # Errors
/// When the database cannot be asked.
pub(super) fn earlier(conn: &mut Conn, wanted: &[(AnswerId, i64)]) -> Result<Earlier> {
    type Found = (AnswerId, i64, String, String, AnswerState, Timestamp, Option<PersonId>);
    if wanted.is_empty() {
        return Ok(Earlier::default());
    }
    let ids: Vec<AnswerId> = wanted.iter().map(|(id, _)| *id).collect();
    let versions: Vec<i64> = wanted.iter().map(|(_, version)| *version).collect();
    let rows: Vec<Found> = answer_version::table
        .filter(answer_version::answer_id.eq_any(ids))
        .filter(answer_version::version.eq_any(versions))
        .select((
            answer_version::answer_id,
            answer_version::version,
            answer_version::value,
            answer_version::comment,
            answer_version::state,
            answer_version::saved_at,
            answer_version::saved_by,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, version, value, comment, state, saved_at, saved_by)| {
            ((id, version), EarlierAnswer { version, value, comment, state, saved_at, saved_by })
        })
        .collect())
}

/// Every state that every answer of a return has had, by answer, the first one first.
///
/// # Errors
/// When the database cannot be asked.
pub(super) fn histories(conn: &mut Conn, of: ReturnId) -> Result<HashMap<AnswerId, Vec<EarlierAnswer>>> {
    type Found = (AnswerId, i64, String, String, AnswerState, Timestamp, Option<PersonId>);
    let rows: Vec<Found> = answer_version::table
        .inner_join(answer::table.on(answer::id.eq(answer_version::answer_id)))
        .filter(answer::return_id.eq(of))
        .order((answer_version::answer_id, answer_version::version))
        .select((
            answer_version::answer_id,
            answer_version::version,
            answer_version::value,
            answer_version::comment,
            answer_version::state,
            answer_version::saved_at,
            answer_version::saved_by,
        ))
        .load(conn)?;
    let mut histories: HashMap<AnswerId, Vec<EarlierAnswer>> = HashMap::new();
    for (id, version, value, comment, state, saved_at, saved_by) in rows {
        let earlier = EarlierAnswer { version, value, comment, state, saved_at, saved_by };
        histories.entry(id).or_default().push(earlier);
    }
    Ok(histories)
}

/// A signature, withdrawn or not.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    /// `siro` and so on.
    pub role: String,
    /// Who signed.
    pub person: PersonId,
    /// For whom, where it was signed under a delegation.
    pub delegator: Option<PersonId>,
    /// The version of the statement.
    pub statement_version: String,
    /// The statement.
    pub statement: String,
    /// The hash of the answers that were signed.
    pub content_hash: Vec<u8>,
    /// When.
    pub signed_at: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

/// Every signature of a return, the first one first.
///
/// # Errors
/// When the database cannot be asked.
pub(super) fn signatures(conn: &mut Conn, of: ReturnId) -> Result<Vec<Signature>> {
    type Found = (String, PersonId, String, String, Vec<u8>, Timestamp, Option<Timestamp>);
    let rows: Vec<(Found, Option<PersonId>)> = sign_off::table
        .left_join(sign_delegation::table.on(sign_delegation::id.nullable().eq(sign_off::delegation_id)))
        .filter(sign_off::return_id.eq(of))
        .order(sign_off::id)
        .select((
            (
                sign_off::role,
                sign_off::person_id,
                sign_off::statement_version,
                sign_off::statement,
                sign_off::content_hash,
                sign_off::signed_at,
                sign_off::withdrawn_at,
            ),
            sign_delegation::delegator_id.nullable(),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(signed, delegator)| {
            let (role, person, statement_version, statement, content_hash, signed_at, withdrawn_at) = signed;
            Signature {
                role,
                person,
                delegator,
                statement_version,
                statement,
                content_hash,
                signed_at,
                withdrawn_at,
            }
        })
        .collect())
}

/// The submissions of a return, the first one first.
///
/// # Errors
/// When the database cannot be asked.
pub(super) fn submissions(conn: &mut Conn, of: ReturnId) -> Result<Vec<SubmissionId>> {
    Ok(submission::table
        .filter(submission::return_id.eq(of))
        .order(submission::number)
        .select(submission::id)
        .load(conn)?)
}

/// A line of the improvement plan, as a workbook shows it.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    /// The gap it closes.
    pub requirement: RequirementId,
    /// What will be done.
    pub action: String,
    /// The name of whoever is responsible.
    pub owner: Option<String>,
    /// By when.
    pub due_on: Option<Day>,
    /// What it takes.
    pub resources: String,
    /// Whether the money is there.
    pub funded: Funded,
    /// When it was done.
    pub done_on: Option<Day>,
}

/// The lines of a plan with the names of their owners, in one statement: there is at most one for each requirement.
///
/// # Errors
/// When the database cannot be asked.
pub(super) fn planned(conn: &mut Conn, of: PlanId) -> Result<Vec<Planned>> {
    type Found = (RequirementId, String, Option<String>, Option<Day>, String, Funded, Option<Day>);
    let rows: Vec<Found> = plan_line::table
        .left_join(person::table.on(person::id.nullable().eq(plan_line::owner_id)))
        .filter(plan_line::plan_id.eq(of))
        .order(plan_line::id)
        .select((
            plan_line::requirement_id,
            plan_line::action,
            person::name.nullable(),
            plan_line::due_on,
            plan_line::resources,
            plan_line::funded,
            plan_line::done_on,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(requirement, action, owner, due_on, resources, funded, done_on)| Planned {
            requirement,
            action,
            owner,
            due_on,
            resources,
            funded,
            done_on,
        })
        .collect())
}

/// A file that an organisation has attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// SHA-256 of its content.
    pub sha256: Vec<u8>,
    /// The name it was uploaded under.
    pub name: String,
    /// Bytes.
    pub size: u64,
}

/// Every file that an organisation has ever attached and that can be read, each pair of content and name once: links
/// have no content, and what the malware scan has not passed is given to nobody.
///
/// # Errors
/// When the database cannot be asked.
pub fn evidence_of(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<KeptFile>> {
    let rows: Vec<(Vec<u8>, String, i64)> = evidence::table
        .filter(evidence::organisation_id.eq(whose))
        .filter(evidence::link.is_null())
        .filter(evidence::scan.eq_any([ScanState::NotScanned, ScanState::Clean]))
        .order((evidence::sha256, evidence::file_name))
        .select((evidence::sha256, evidence::file_name, evidence::size_bytes))
        .distinct()
        .load(conn)?;
    rows.into_iter()
        .map(|(sha256, name, size)| {
            let size = u64::try_from(size).map_err(|e| Error::internal("failed to size a stored file", e))?;
            Ok(KeptFile { sha256, name, size })
        })
        .collect()
}
