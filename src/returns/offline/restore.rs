//! Bringing an export back into a return that holds nothing yet: answers, comments, states, the files that are still kept,
//! what stood around them, and what the organisation held where it has nothing on record. Signatures and submissions are
//! not brought back: they were made by people about another return.

mod around;

use diesel::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::cell::brief;
use super::export::{
    ExportedComment, ExportedHoldings, ExportedOwner, ExportedPlan, FIRST_VERSION, FORMAT, VERSION,
};
use super::same_edition::is_of_edition;
use crate::access::{Action, Permit};
use crate::certificates;
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string, unhex};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AnswerId, EvidenceId, PersonId, RequirementId};
use crate::returns::model::{AnswerState, ReturnState};
use crate::returns::save_answer::COMMENT_LIMIT;
use crate::returns::start::stored_value;
use crate::returns::store::{self, Found};
use crate::schema::{answer, answer_evidence, answer_version, evidence, evidence_piece};
use crate::standards::AnswerValue;
use around::Around;

/// The most bytes of an export that is brought back.
pub const EXPORT_LIMIT: u64 = 64 * 1024 * 1024;

/// An export as it is brought back; what it says besides is not asked.
#[derive(Debug, Deserialize)]
pub struct Export {
    format: String,
    version: u64,
    organisation: OfOrganisation,
    edition: OfEdition,
    requirements: Vec<Row>,
    #[serde(default)]
    plan: Option<ExportedPlan>,
    #[serde(default)]
    holdings: Option<ExportedHoldings>,
}

#[derive(Debug, Deserialize)]
struct OfOrganisation {
    code: String,
}

#[derive(Debug, Deserialize)]
struct OfEdition {
    hash: String,
}

#[derive(Debug, Deserialize)]
struct Row {
    requirement: OfRequirement,
    answer: Option<Answered>,
    #[serde(default)]
    evidence: Vec<File>,
    #[serde(default)]
    owner: Option<ExportedOwner>,
    #[serde(default)]
    discussion: Vec<ExportedComment>,
}

#[derive(Debug, Deserialize)]
struct OfRequirement {
    code: String,
}

#[derive(Debug, Deserialize)]
struct Answered {
    value: Value,
    comment: String,
    state: AnswerState,
}

#[derive(Debug, Deserialize)]
struct File {
    name: String,
    sha256: String,
}

/// What was brought back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restored {
    /// Answers.
    pub answers: usize,
    /// Files that are kept still, and are attached again.
    pub files: usize,
    /// Files that are not kept any more.
    pub missing: usize,
    /// Requirements that have their owners again.
    pub owners: usize,
    /// Comments.
    pub comments: usize,
    /// Lines of the improvement plan.
    pub lines: usize,
    /// Services that the organisation lists again.
    pub services: usize,
    /// Certificates that are on record again.
    pub certificates: usize,
    /// Whether the organisation has services or certificates on record, which stay as they are.
    pub held_already: bool,
    /// How often somebody is named who does not belong to the organisation, or not as they should.
    pub strangers: usize,
}

impl Restored {
    /// All of it in a few sentences.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { answers, files, missing, owners, comments, lines, strangers, .. } = self;
        let mut words = format!("Answers: {answers}. Files attached again: {files}.");
        for (name, count) in [
            ("Owners", owners),
            ("Comments", comments),
            ("Actions of the improvement plan", lines),
            ("Services listed again", &self.services),
            ("Certificates on record again", &self.certificates),
        ] {
            if *count > 0 {
                words.push_str(&format!(" {name}: {count}."));
            }
        }
        match missing {
            0 => {}
            1 => words.push_str(" 1 file is not kept here any more and has to be attached again."),
            more => words.push_str(&format!(
                " {more} files are not kept here any more and have to be attached again."
            )),
        }
        if self.held_already {
            words.push_str(" Certificates and services stay as your organisation has them on record here.");
        }
        if *strangers > 0 {
            words.push_str(" People who do not belong to your organisation any more were left out.");
        }
        words
    }
}

/// Reads an export.
///
/// # Errors
/// What it is instead, fit to show to the person who chose it.
pub fn read(bytes: &[u8]) -> Result<Export, String> {
    let export: Export = serde_json::from_slice(bytes).map_err(|e| {
        format!("The file is no export of a return. Upload the .json file that was downloaded here ({e})")
    })?;
    if export.format == FORMAT && (FIRST_VERSION..=VERSION).contains(&export.version) {
        Ok(export)
    } else {
        Err(format!(
            "The file is of the kind {}, version {}; only {FORMAT}, versions {FIRST_VERSION} to {VERSION}, can be brought back",
            brief(&export.format),
            export.version
        ))
    }
}

/// Brings the export back.
///
/// # Errors
/// [`Error::Invalid`] when it is of another organisation or edition, or holds what is no answer; [`Error::Refused`] when
/// the return holds answers already or nothing can be changed now.
pub fn restore_return<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    found: &Found,
    export: &Export,
) -> Result<Recorded<Restored>> {
    found.must_be_of(permit)?;
    found.must_be_taken(tx.now())?;
    must_fit(tx.conn(), found, export)?;
    if store::hold_state(tx, found.id)?.is_some_and(|state| state != ReturnState::Draft) {
        return Err(Error::Refused("A colleague has just marked the return ready.".to_owned()));
    }
    if !store::answers(tx.conn(), found.id)?.is_empty() {
        return Err(Error::Refused(
            "This return holds answers already. An export is brought back only into a return that holds none.".to_owned(),
        ));
    }
    let around = Around::of(tx.conn(), found, permit.actor().id())?;
    around.must_be_empty(tx.conn())?;
    let mut restored = Restored::default();
    let mut hashes = String::new();
    for row in &export.requirements {
        let (id, value) = value_of(found, row)?;
        if let Some(answered) = &row.answer {
            insert(tx, permit.actor().id(), (found, id), (&value, &answered.comment, answered.state))?;
            restored.answers += 1;
            hashes.push_str(&hex(&sha256(format!("{value}{}", answered.comment).as_bytes())));
        }
        for file in &row.evidence {
            if attach(tx, permit.actor().id(), (found, id), file)? {
                restored.files += 1;
            } else {
                restored.missing += 1;
            }
        }
        if let Some(owner) = &row.owner {
            around.owner(tx, id, owner, &mut restored)?;
        }
        for comment in &row.discussion {
            around.comment(tx, id, comment, &mut restored)?;
            hashes.push_str(&hex(&sha256(comment.text.as_bytes())));
        }
    }
    if let Some(plan) = &export.plan {
        around.plan(tx, plan, &mut restored)?;
        hashes.push_str(&hex(&sha256(to_string(plan)?.as_bytes())));
    }
    if let Some(held) = export.holdings.as_ref().filter(|held| !held.is_empty()) {
        restored.held_already = !certificates::holds_nothing(tx.conn(), found.organisation)?;
        if !restored.held_already {
            certificates::restore_holdings(tx, permit, &held.services, &held.before())?;
            (restored.services, restored.certificates) = (held.services.len(), held.certificates.len());
        }
    }
    let data = json!({
        "answers": restored.answers,
        "files": restored.files,
        "missing": restored.missing,
        "owners": restored.owners,
        "comments": restored.comments,
        "plan_lines": restored.lines,
        "content_sha256": hex(&sha256(hashes.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "return_restored", format!("return/{}", found.id), data), restored)
}

fn must_fit(conn: &mut Conn, found: &Found, export: &Export) -> Result<()> {
    if export.organisation.code != found.code {
        let theirs = brief(&export.organisation.code);
        return Err(Error::field(
            "export",
            format!("The export is of the organisation {theirs}, not of {}", found.code),
        ));
    }
    if !is_of_edition(conn, found.edition.id(), &export.edition.hash)? {
        let message = "The export answers another edition of the requirements than this return asks";
        return Err(Error::field("export", message));
    }
    Ok(())
}

/// The requirement of a row, and its value as it is stored.
fn value_of(found: &Found, row: &Row) -> Result<(RequirementId, String)> {
    let code = &row.requirement.code;
    let wrong = |message: String| Error::field("export", format!("{}: {message}", brief(code)));
    let edition = found.edition.edition();
    let (Some(requirement), Some(id)) = (edition.requirement(code), found.edition.requirement_id(code))
    else {
        return Err(wrong("there is no such requirement in this return".to_owned()));
    };
    let Some(answered) = &row.answer else { return Ok((id, "null".to_owned())) };
    if answered.comment.chars().count() > COMMENT_LIMIT {
        return Err(wrong(format!("the comment has more than {COMMENT_LIMIT} characters")));
    }
    if answered.value.is_null() {
        return if answered.state == AnswerState::Confirmed {
            Err(wrong("an answer without a value cannot be completed".to_owned()))
        } else {
            Ok((id, "null".to_owned()))
        };
    }
    let value = AnswerValue::parse(requirement, &answered.value).map_err(|e| wrong(e.message))?;
    Ok((id, stored_value(Some(&value))?))
}

fn insert(
    tx: &mut Tx<'_>,
    by: Option<PersonId>,
    (found, to): (&Found, RequirementId),
    (value, comment, state): (&str, &str, AnswerState),
) -> Result<()> {
    let now = tx.now();
    let id: AnswerId = diesel::insert_into(answer::table)
        .values((
            answer::return_id.eq(found.id),
            answer::organisation_id.eq(found.organisation),
            answer::requirement_id.eq(to),
            answer::value.eq(value),
            answer::comment.eq(comment),
            answer::state.eq(state),
            answer::version.eq(1_i64),
            answer::updated_at.eq(now),
            answer::updated_by.eq(by),
        ))
        .returning(answer::id)
        .get_result(tx.conn())?;
    diesel::insert_into(answer_version::table)
        .values((
            answer_version::answer_id.eq(id),
            answer_version::version.eq(1_i64),
            answer_version::organisation_id.eq(found.organisation),
            answer_version::value.eq(value),
            answer_version::comment.eq(comment),
            answer_version::state.eq(state.as_str()),
            answer_version::saved_at.eq(now),
            answer_version::saved_by.eq(by),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Attaches a file that the organisation still keeps; false when it keeps none with this content.
fn attach(
    tx: &mut Tx<'_>,
    by: Option<PersonId>,
    (found, to): (&Found, RequirementId),
    file: &File,
) -> Result<bool> {
    let Some(sha256) = unhex(&file.sha256) else {
        return Err(Error::field("export", format!("{}: the fingerprint is none", brief(&file.name))));
    };
    let kept: Vec<(EvidenceId, String)> = evidence::table
        .inner_join(evidence_piece::table.on(evidence_piece::id.eq(evidence::piece_id)))
        .filter(evidence::organisation_id.eq(found.organisation))
        .filter(evidence::sha256.eq(&sha256[..]))
        .filter(evidence_piece::removed_at.is_null())
        .order(evidence::id)
        .select((evidence::id, evidence::file_name))
        .load(tx.conn())?;
    let named = kept.iter().find(|(_, name)| *name == file.name).or(kept.first());
    let Some((id, _)) = named else { return Ok(false) };
    let now = tx.now();
    let there: Option<EvidenceId> = answer_evidence::table
        .filter(answer_evidence::return_id.eq(found.id))
        .filter(answer_evidence::requirement_id.eq(to))
        .filter(answer_evidence::evidence_id.eq(*id))
        .select(answer_evidence::evidence_id)
        .first(tx.conn())
        .optional()?;
    if there.is_none() {
        diesel::insert_into(answer_evidence::table)
            .values((
                answer_evidence::return_id.eq(found.id),
                answer_evidence::requirement_id.eq(to),
                answer_evidence::evidence_id.eq(*id),
                answer_evidence::organisation_id.eq(found.organisation),
                answer_evidence::linked_at.eq(now),
                answer_evidence::linked_by.eq(by),
            ))
            .execute(tx.conn())?;
    }
    Ok(true)
}
