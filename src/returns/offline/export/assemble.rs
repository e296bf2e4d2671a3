//! Reads a return together. Reviews are the reviewers' own: whoever may read them adds them.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::around::{ExportedComment, ExportedOwner};
use super::shape::{
    ExportedAnswer, ExportedEvidence, ExportedRequirement, ExportedSection, ExportedSignOff,
    ExportedSubmission, ExportedVersion, FORMAT, ReturnExport, VERSION,
};
use super::{gather, record, sites};
use crate::identity;
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AnswerId, PersonId};
use crate::returns::model::{SnapshotEdition, SnapshotOrganisation};
use crate::returns::offline::store::{self as kept, Signature};
use crate::returns::readiness::{Line, lines};
use crate::returns::store::{self, Attached, EarlierAnswer, Found};
use crate::returns::submission::{Submission, submission};

/// Everything of a return but its reviews and their letters.
///
/// # Errors
/// When the database cannot be asked, or something stored cannot be read.
pub fn return_export(conn: &mut Conn, found: &Found, now: Timestamp) -> Result<ReturnExport> {
    let answers = store::answers(conn, found.id)?;
    let files = store::attached(conn, found.id, None)?;
    let mut history = kept::histories(conn, found.id)?;
    let signatures = kept::signatures(conn, found.id)?;
    let mut submissions = Vec::new();
    for id in kept::submissions(conn, found.id)? {
        submissions.push(submission(conn, id)?);
    }
    let mut people: Vec<PersonId> =
        history.values().flatten().filter_map(|version| version.saved_by).collect();
    people.extend(signatures.iter().map(|signature| signature.person));
    people.extend(signatures.iter().filter_map(|signature| signature.delegator));
    people.extend(submissions.iter().filter_map(|sent| sent.submitted_by));
    people.sort_unstable();
    people.dedup();
    let names = Names(identity::names_of(conn, &people)?);
    let edition = found.edition.edition();
    let (mut owners, mut discussions) = (gather::owners(conn, found)?, gather::discussions(conn, found)?);
    let requirements = lines(found, &answers, &files, now)?
        .iter()
        .map(|line| {
            let around = (owners.remove(&line.id), discussions.remove(&line.id).unwrap_or_default());
            requirement(found, line, &files, (&mut history, &names), around)
        })
        .collect::<Result<_>>()?;
    Ok(ReturnExport {
        format: FORMAT,
        version: VERSION,
        exported_at: now.rfc3339(),
        organisation: SnapshotOrganisation {
            code: found.code.clone(),
            name: found.name.clone(),
            sector: found.sector.to_string(),
        },
        collection: found.collection.key.clone(),
        collection_name: found.collection.name.clone(),
        edition: SnapshotEdition {
            key: edition.key().to_string(),
            hash: edition.hash().to_hex(),
            rule_set: edition.rule_set().to_owned(),
        },
        profile: found.profile.clone(),
        state: found.state,
        opened_at: found.opened_at.rfc3339(),
        started_from: record::beginning(conn, found.id)?,
        final_grade: found.final_grade.clone(),
        reopened_reason: found.reopened_reason.clone(),
        extended_until: found.extension.map(Timestamp::rfc3339),
        extensions: record::extensions(conn, found)?,
        filed_by: record::filed_by(conn, found)?,
        holdings: gather::holdings(conn, found.organisation)?,
        requirements,
        plan: gather::plan(conn, found)?,
        time_requests: gather::time_requests(conn, found)?,
        interim_returns: gather::interims(conn, found)?,
        sign_offs: signatures.iter().map(|signature| sign_off(signature, &names)).collect(),
        submissions: submissions.iter().map(|sent| submitted(sent, &names)).collect::<Result<_>>()?,
        withdrawals: record::withdrawals(conn, found.id)?,
        sites: sites::sites(conn, found)?,
        head_office_outcomes: record::outcomes(conn, found.id)?,
        corrections: record::corrections(conn, found.id)?,
        board_papers: record::board_papers(conn, found.id)?,
        reviews: Vec::new(),
        letters: Vec::new(),
    })
}

/// Names of people; nobody's is empty.
struct Names(BTreeMap<PersonId, String>);

impl Names {
    fn of(&self, person: Option<PersonId>) -> String {
        person.and_then(|person| self.0.get(&person).cloned()).unwrap_or_default()
    }
}

fn requirement(
    found: &Found,
    line: &Line<'_>,
    files: &[Attached],
    (history, names): (&mut HashMap<AnswerId, Vec<EarlierAnswer>>, &Names),
    (owner, discussion): (Option<ExportedOwner>, Vec<ExportedComment>),
) -> Result<ExportedRequirement> {
    let section = found.edition.edition().section(line.requirement.section.as_str());
    let answer = match line.answer {
        None => None,
        Some(answer) => Some(ExportedAnswer {
            value: json_of(&answer.value)?,
            comment: answer.comment.clone(),
            state: answer.state,
            version: answer.version,
            carried_forward: answer.carried_from.is_some(),
            history: history
                .remove(&answer.id)
                .unwrap_or_default()
                .into_iter()
                .map(|earlier| version(earlier, names))
                .collect::<Result<_>>()?,
        }),
    };
    Ok(ExportedRequirement {
        requirement: line.requirement.clone(),
        section: ExportedSection {
            code: line.requirement.section.to_string(),
            title: section.map(|section| section.title.clone()).unwrap_or_default(),
        },
        asked: line.asked,
        answer,
        evidence: files.iter().filter(|file| file.requirement == line.id).map(evidence).collect(),
        owner,
        discussion,
    })
}

fn json_of(stored: &str) -> Result<Value> {
    serde_json::from_str(stored).map_err(|e| Error::internal("failed to read a stored answer", e))
}

fn version(earlier: EarlierAnswer, names: &Names) -> Result<ExportedVersion> {
    Ok(ExportedVersion {
        version: earlier.version,
        value: json_of(&earlier.value)?,
        comment: earlier.comment,
        state: earlier.state,
        saved_at: earlier.saved_at.rfc3339(),
        saved_by: names.of(earlier.saved_by),
    })
}

fn evidence(file: &Attached) -> ExportedEvidence {
    ExportedEvidence {
        name: file.file_name.clone(),
        media_type: file.media_type.clone(),
        size: file.size,
        sha256: hex(&file.sha256),
        attached_at: file.linked_at.rfc3339(),
    }
}

fn sign_off(signature: &Signature, names: &Names) -> ExportedSignOff {
    ExportedSignOff {
        role: signature.role.clone(),
        person: names.of(Some(signature.person)),
        on_behalf_of: signature.delegator.map(|delegator| names.of(Some(delegator))),
        statement_version: signature.statement_version.clone(),
        statement: signature.statement.clone(),
        content_hash: hex(&signature.content_hash),
        signed_at: signature.signed_at.rfc3339(),
        withdrawn_at: signature.withdrawn_at.map(Timestamp::rfc3339),
    }
}

fn submitted(sent: &Submission, names: &Names) -> Result<ExportedSubmission> {
    Ok(ExportedSubmission {
        number: sent.number,
        submitted_at: sent.submitted_at.rfc3339(),
        submitted_by: names.of(sent.submitted_by),
        late: sent.late,
        reason: sent.reason.clone(),
        claimed_grade: sent.claimed_grade.clone(),
        rule_set: sent.rule_set.clone(),
        snapshot_sha256: hex(&sent.snapshot_hash),
        snapshot: sent.parsed()?,
    })
}
