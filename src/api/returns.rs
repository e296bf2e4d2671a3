//! The returns of the caller's own organisation: which there are, and one return with its answers and what still blocks.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::bearer::MemberBearer;
use super::problem::Answer;
use super::reading::{NoQuery, key, query};
use crate::access::ReadGiven;
use crate::collections;
use crate::platform::canonical::hex;
use crate::platform::error::Error;
use crate::platform::http::{Portal, json};
use crate::returns::{self, Attached, Found, Line, Sight, Submission, Which};
use crate::standards::{AnswerValue, Asked};

/// One of the organisation's returns.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnItem {
    /// The key of the collection, as addresses name it.
    year: String,
    /// The name of the collection.
    name: String,
    /// Where the return stands: `draft`, `ready`, `signed`, `submitted`, `under_review`, `query`, `decided`, `published`.
    state: &'static str,
    /// Whether it has ever been submitted.
    submitted: bool,
}

/// The organisation's returns.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnList {
    /// The returns, newest first.
    items: Vec<ReturnItem>,
}

/// A file attached to an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileItem {
    /// The name it was uploaded under.
    name: String,
    /// The kind told by its content.
    media_type: String,
    /// Bytes.
    size: i64,
    /// SHA-256 of the content, in hexadecimal.
    sha256: String,
}

/// One requirement with the answer to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerItem {
    /// The requirement's code.
    requirement: String,
    /// Whether it counts for this organisation: `mandatory`, `optional` or `not_asked`.
    asked: &'static str,
    /// The answer; null while there is none. Its form follows the requirement, see the guide to answers.
    #[schema(value_type = Option<Object>)]
    value: Option<Value>,
    /// The organisation's comment, never published.
    comment: String,
    /// How far the answer has got: `none`, `to_confirm`, `draft` or `confirmed`.
    state: &'static str,
    /// Counts its changes; 0 while there is no answer. To be sent as If-Match.
    version: i64,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: Option<String>,
    /// The files attached to it.
    files: Vec<FileItem>,
}

impl AnswerItem {
    /// Counts the answer's changes; 0 while there is none.
    pub(super) const fn version(&self) -> i64 {
        self.version
    }
}

/// What keeps a return from being marked ready.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlockItem {
    /// The requirement's code.
    requirement: String,
    /// The code of the site that needs an answer of its own to it; null where the organisation's own answer is meant.
    site: Option<String>,
    /// What is missing, as a sentence.
    reason: String,
}

/// How far the return has got.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// Requirements that count for this organisation.
    asked: usize,
    /// Of those, the ones that block nothing.
    settled: usize,
    /// What still blocks; empty when the return can be marked ready.
    blocks: Vec<BlockItem>,
}

/// The newest submission of a return.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionItem {
    /// 1 for the first, 2 for the first resubmission.
    number: i64,
    /// When it was sent.
    #[schema(format = DateTime)]
    submitted_at: String,
    /// Whether it came after the deadline.
    late: bool,
    /// SHA-256 of the snapshot, in hexadecimal.
    hash: String,
    /// The grade that its answers gave.
    claimed_grade: String,
    /// The version of the rules that it was scored by.
    rule_set: String,
}

/// One return.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnDetail {
    /// The organisation's code.
    organisation: String,
    /// The key of the collection.
    year: String,
    /// Where the return stands.
    state: &'static str,
    /// Counts its moves; to be sent when it is submitted.
    version: i64,
    /// The key of the edition that is asked.
    edition: String,
    /// SHA-256 of the edition's document under the rules in force, in hexadecimal.
    edition_hash: String,
    /// The version of the rules in force.
    rule_set: String,
    /// The profile it is held to; empty where the edition has none.
    profile: String,
    /// When it is due, an extension included.
    #[schema(format = DateTime)]
    due_at: String,
    /// Until when it is taken at all.
    #[schema(format = DateTime)]
    taken_until: String,
    /// Whether it can be worked on now.
    open: bool,
    /// How far it has got.
    readiness: Readiness,
    /// Every requirement of the edition in its order, with the answer to it; for a contributor those they were given.
    answers: Vec<AnswerItem>,
    /// The newest submission.
    submission: Option<SubmissionItem>,
    /// The grade after review, under the rules in force.
    final_grade: Option<String>,
}

/// One requirement as the API tells of it.
pub(super) fn answer_item(line: &Line<'_>, files: &[Attached]) -> AnswerItem {
    let files = files.iter().filter(|file| file.requirement == line.id).map(|file| FileItem {
        name: file.file_name.clone(),
        media_type: file.media_type.clone(),
        size: file.size,
        sha256: hex(&file.sha256),
    });
    AnswerItem {
        requirement: line.requirement.code.to_string(),
        asked: match line.asked {
            Asked::Mandatory => "mandatory",
            Asked::Optional => "optional",
            Asked::NotAsked => "not_asked",
        },
        value: line.value.as_ref().map(AnswerValue::to_json),
        comment: line.answer.map(|answer| answer.comment.clone()).unwrap_or_default(),
        state: line.answer.map_or("none", |answer| answer.state.as_str()),
        version: line.answer.map_or(0, |answer| answer.version),
        updated_at: line.answer.map(|answer| answer.updated_at.rfc3339()),
        files: files.collect(),
    }
}

fn submission_item(sent: &Submission) -> SubmissionItem {
    SubmissionItem {
        number: sent.number,
        submitted_at: sent.submitted_at.rfc3339(),
        late: sent.late,
        hash: hex(&sent.snapshot_hash),
        claimed_grade: sent.claimed_grade.clone(),
        rule_set: sent.rule_set.clone(),
    }
}

fn blocks(standing: &returns::Standing) -> Vec<BlockItem> {
    let own = standing.blocks.iter().map(|block| BlockItem {
        requirement: block.requirement.clone(),
        site: None,
        reason: block.reason.clone(),
    });
    let of_sites = standing.site_blocks().iter().map(|block| BlockItem {
        requirement: block.requirement.clone(),
        site: Some(block.code.clone()),
        reason: block.reason.clone(),
    });
    own.chain(of_sites).collect()
}

fn detail(
    found: &Found,
    sight: &Sight,
    (lines, files): (&[Line<'_>], &[Attached]),
    standing: &returns::Standing,
    sent: Option<&Submission>,
) -> ReturnDetail {
    let edition = found.edition.edition();
    let seen = lines.iter().filter(|line| sight.shows(line.id));
    ReturnDetail {
        organisation: found.code.clone(),
        year: found.collection.key.clone(),
        state: found.state.as_str(),
        version: found.version,
        edition: edition.key().to_string(),
        edition_hash: edition.hash().to_hex(),
        rule_set: edition.rule_set().to_owned(),
        profile: found.profile.clone(),
        due_at: standing.due_at.rfc3339(),
        taken_until: standing.taken_until.rfc3339(),
        open: standing.open,
        readiness: Readiness { asked: standing.asked, settled: standing.settled, blocks: blocks(standing) },
        answers: seen.map(|line| answer_item(line, files)).collect(),
        submission: sent.map(submission_item),
        final_grade: found.final_grade.clone().filter(|_| sight.is_whole()),
    }
}

/// List an organisation's returns
///
/// For its members.
#[utoipa::path(
    get, path = "/api/v1/organisations/{organisation}/returns", tag = "returns", operation_id = "list_returns",
    params(("organisation" = String, Path, description = "The organisation's code", pattern = "^[A-Z0-9][A-Z0-9-]{0,21}[A-Z0-9]$")),
    responses((status = 200, description = "The returns", body = ReturnList)),
    security(("token" = [])),
)]
pub async fn list(request: HttpRequest, portal: Data<Portal>, member: MemberBearer) -> Answer {
    query::<NoQuery>(&request)?;
    let whose = member.organisation;
    let items = portal
        .db
        .read(member.reach, move |conn| {
            let started = returns::returns_of(conn, whose)?;
            let all = collections::collections(conn)?;
            let item = |of: &collections::Collection| {
                let (_, _, state, sent) = started.iter().find(|(id, ..)| *id == of.id)?;
                let (year, name) = (of.key.clone(), of.name.clone());
                Some(ReturnItem { year, name, state: state.as_str(), submitted: sent.is_some() })
            };
            Ok(all.iter().filter_map(item).collect())
        })
        .await?;
    Ok(json(StatusCode::OK, &ReturnList { items }))
}

/// Read one return
///
/// Where it stands, every answer with its version, and what still keeps it from being ready. For members; contributors
/// read the part that they were given.
#[utoipa::path(
    get, path = "/api/v1/organisations/{organisation}/returns/{year}", tag = "returns", operation_id = "read_return",
    params(
        ("organisation" = String, Path, description = "The organisation's code", pattern = "^[A-Z0-9][A-Z0-9-]{0,21}[A-Z0-9]$"),
        ("year" = String, Path, description = "The collection's key", pattern = "^[A-Za-z0-9._-]{1,100}$"),
    ),
    responses((status = 200, description = "The return", body = ReturnDetail)),
    security(("token" = [])),
)]
pub async fn show(request: HttpRequest, portal: Data<Portal>, member: MemberBearer) -> Answer {
    query::<NoQuery>(&request)?;
    let (whose, year, now) = (member.organisation, key(&request, "year")?, portal.clock.now());
    let detail = portal
        .db
        .read(member.reach, move |conn| {
            let found = returns::find(conn, Which::Of(whose, &year))?.ok_or(Error::NotFound)?;
            found.permit::<ReadGiven>(&member.by.actor)?;
            let sight = returns::sight(conn, &found, &member.by.actor)?;
            let answers = returns::answers(conn, found.id)?;
            let files = returns::attached(conn, found.id, None)?;
            let sent = found.submission.filter(|_| sight.is_whole());
            let sent = sent.map(|id| returns::submission(conn, id)).transpose()?;
            let lines = sight.keep(returns::lines(&found, &answers, &files, now)?);
            let standing = if sight.is_whole() {
                returns::whole_standing(conn, &found, &lines, now)?
            } else {
                returns::standing(&found, &lines, now)
            };
            Ok(detail(&found, &sight, (&lines, &files), &standing, sent.as_ref()))
        })
        .await?;
    Ok(json(StatusCode::OK, &detail))
}
