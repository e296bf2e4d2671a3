//! The content of a return: what is signed, hashed and submitted.

use std::collections::HashMap;

use serde_json::Value;

use super::model::{
    AnswerState, Snapshot, SnapshotAnswer, SnapshotEdition, SnapshotEvidence, SnapshotOrganisation,
    SnapshotSignOff, StoredAnswer,
};
use super::signing::SignOff;
use super::store::{self, Attached, Found};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::RequirementId;
use crate::standards::Asked;

/// The answers of a return as they would be submitted, one for each requirement in edition order. Only what somebody
/// has confirmed is the organisation's statement: the rest stays out.
///
/// # Errors
/// When something stored cannot be read.
pub fn content(found: &Found, answers: &[StoredAnswer], files: &[Attached]) -> Result<Vec<SnapshotAnswer>> {
    let by_requirement: HashMap<RequirementId, &StoredAnswer> =
        answers.iter().map(|answer| (answer.requirement, answer)).collect();
    let asked = found.edition.edition().asked_of(found.sector, found.profile_key()?.as_ref());
    let requirements = found.edition.edition().requirements().iter();
    requirements
        .zip(found.edition.requirement_ids().iter())
        .zip(asked)
        .map(|((requirement, id), asked)| {
            let confirmed = by_requirement
                .get(id)
                .filter(|answer| answer.state == AnswerState::Confirmed && asked != Asked::NotAsked);
            let value: Value = match confirmed {
                None => Value::Null,
                Some(answer) => serde_json::from_str(&answer.value).map_err(|e| {
                    Error::internal(format!("failed to read the answer to {}", requirement.code), e)
                })?,
            };
            let evidence = match confirmed {
                None => Vec::new(),
                Some(_) => files.iter().filter(|file| file.requirement == *id).map(evidence).collect(),
            };
            Ok(SnapshotAnswer {
                requirement: requirement.code.to_string(),
                value,
                comment: confirmed.map(|answer| answer.comment.clone()).unwrap_or_default(),
                evidence,
            })
        })
        .collect()
}

pub(super) fn evidence(file: &Attached) -> SnapshotEvidence {
    SnapshotEvidence {
        id: file.id,
        name: file.file_name.clone(),
        media_type: file.media_type.clone(),
        size: file.size,
        sha256: hex(&file.sha256),
    }
}

/// The hash that a signature is over: SHA-256 of the canonical JSON of all answers.
///
/// # Errors
/// When the answers do not serialise.
pub fn content_hash(answers: &[SnapshotAnswer]) -> Result<[u8; 32]> {
    Ok(sha256(to_string(answers)?.as_bytes()))
}

/// The content of a return as it is stored now.
///
/// # Errors
/// When the database cannot be asked, or something stored cannot be read.
pub fn current(conn: &mut Conn, found: &Found) -> Result<Vec<SnapshotAnswer>> {
    let answers = store::answers(conn, found.id)?;
    let files = store::attached(conn, found.id, None)?;
    content(found, &answers, &files)
}

/// The snapshot of a return with this content and these signatures, as it would be submitted now.
///
/// # Errors
/// When the circumstances cannot be judged, which is a fault.
pub fn snapshot(
    found: &Found,
    answers: Vec<SnapshotAnswer>,
    sign_offs: &[SignOff],
    reason: Option<String>,
    now: Timestamp,
) -> Result<Snapshot> {
    let edition = found.edition.edition();
    let signature = |sign_off: &SignOff| SnapshotSignOff {
        role: sign_off.role.clone(),
        person: sign_off.person,
        statement_version: sign_off.statement_version.clone(),
        content_hash: hex(&sign_off.content_hash),
        signed_at: sign_off.signed_at,
        delegation: sign_off.delegation.clone(),
    };
    let bare = Snapshot {
        v: 1,
        organisation: SnapshotOrganisation {
            code: found.code.clone(),
            name: found.name.clone(),
            sector: found.sector.to_string(),
        },
        collection: found.collection.key.clone(),
        edition: SnapshotEdition {
            key: edition.key().to_string(),
            hash: edition.hash().to_hex(),
            rule_set: edition.rule_set().to_owned(),
        },
        profile: found.profile.clone(),
        answers,
        sign_offs: sign_offs.iter().map(signature).collect(),
        reason,
        circumstances: None,
        filed_by: None,
    };
    let circumstances = found.fixed(&bare, now)?;
    Ok(Snapshot { circumstances, ..bare })
}
