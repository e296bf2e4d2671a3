//! One answer: reading it, and saving it from the version that the caller read, so that two programs or people saving
//! at once lose nothing.

use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, HeaderValue};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::bearer::MemberBearer;
use super::problem::{Answer, Refusal};
use super::reading::{NoQuery, body, key, query, version};
use super::returns::{AnswerItem, answer_item};
use crate::access::{ReadGiven, SaveAnswer};
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::http::{Portal, json};
use crate::platform::ids::{OrganisationId, RequirementId};
use crate::returns::{self, COMMENT_LIMIT, Found, NewAnswer, Which};
use crate::standards::{AnswerValue, Asked, Requirement};

/// An answer to be saved; it replaces the one before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"value": {"level": 2}, "comment": "Agreed by the board.", "finished": true}))]
pub struct NewAnswerBody {
    /// The answer, in the form that the requirement takes; null while there is only a comment.
    #[schema(value_type = Option<Object>)]
    value: Value,
    /// A comment, never published; empty when left out.
    #[serde(default)]
    #[schema(max_length = 50000)]
    comment: String,
    /// Whether somebody says that the answer is finished; not, when left out.
    #[serde(default)]
    finished: bool,
}

/// Read one answer
///
/// With its version, also as the entity tag. For members; contributors read what they were given.
#[utoipa::path(
    get, path = "/api/v1/organisations/{organisation}/returns/{year}/answers/{requirement}",
    tag = "returns", operation_id = "read_answer",
    params(
        ("organisation" = String, Path, description = "The organisation's code", pattern = "^[A-Z0-9][A-Z0-9-]{0,21}[A-Z0-9]$"),
        ("year" = String, Path, description = "The collection's key", pattern = "^[A-Za-z0-9._-]{1,100}$"),
        ("requirement" = String, Path, description = "The requirement's code", pattern = "^[A-Za-z0-9._-]{1,100}$"),
    ),
    responses((
        status = 200, description = "The answer", body = AnswerItem,
        headers(("ETag" = String, description = "The version in quotation marks")),
    )),
    security(("token" = [])),
)]
pub async fn show(request: HttpRequest, portal: Data<Portal>, member: MemberBearer) -> Answer {
    query::<NoQuery>(&request)?;
    told(&request, &portal, &member).await
}

/// Save one answer
///
/// From the version that the caller read: If-Match names it, and the answer is refused with 412 when somebody saved
/// another one in between. For members who may write the return, while it is a draft; contributors write what they
/// were given.
#[utoipa::path(
    put, path = "/api/v1/organisations/{organisation}/returns/{year}/answers/{requirement}",
    tag = "returns", operation_id = "save_answer",
    params(
        ("organisation" = String, Path, description = "The organisation's code", pattern = "^[A-Z0-9][A-Z0-9-]{0,21}[A-Z0-9]$"),
        ("year" = String, Path, description = "The collection's key", pattern = "^[A-Za-z0-9._-]{1,100}$"),
        ("requirement" = String, Path, description = "The requirement's code", pattern = "^[A-Za-z0-9._-]{1,100}$"),
        ("If-Match" = String, Header, description = "The version that was read, in quotation marks; \"0\" while there is no answer", pattern = "^\"[0-9]{1,18}\"$"),
    ),
    request_body = NewAnswerBody,
    responses((
        status = 200, description = "The answer as saved", body = AnswerItem,
        headers(("ETag" = String, description = "The new version in quotation marks")),
    )),
    security(("token" = [])),
)]
pub async fn save(
    request: HttpRequest,
    portal: Data<Portal>,
    member: MemberBearer,
    payload: Payload,
) -> Answer {
    query::<NoQuery>(&request)?;
    let seen = version(&request)?;
    let (wanted, _) = body::<NewAnswerBody>(&request, payload).await?;
    let (whose, year, code) = place(&request, &member)?;
    let actor = member.by.actor.clone();
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let found = returns::find(tx.conn(), Which::Of(whose, &year))?.ok_or(Error::NotFound)?;
            let (requirement, id) = asked(&found, &code)?;
            returns::must_see(tx.conn(), &found, &actor, id)?;
            let permit = found.permit::<SaveAnswer>(&actor)?;
            let new = new_answer(requirement, id, wanted, seen)?;
            returns::save_answer(tx, &permit, &found, &new)
        })
        .await;
    match outcome {
        Ok(_) => told(&request, &portal, &member).await,
        Err(Error::Conflict(_)) => Err(Refusal::stale(
            &request,
            format!(
                "The answer is not at version {seen}. Read it again and make your change to what it is now."
            ),
        )),
        Err(other) => Err(other.into()),
    }
}

/// The requirement of this code, unless it is not put to the return's organisation.
fn asked<'a>(found: &'a Found, code: &str) -> Result<(&'a Requirement, RequirementId)> {
    let requirement = found.edition.edition().requirement(code).ok_or(Error::NotFound)?;
    let id = found.edition.requirement_id(code).ok_or(Error::NotFound)?;
    match found.asks(requirement)? {
        Asked::Mandatory | Asked::Optional => Ok((requirement, id)),
        Asked::NotAsked => {
            Err(Error::Refused("This requirement is not put to your organisation.".to_owned()))
        }
    }
}

fn new_answer(
    requirement: &Requirement,
    id: RequirementId,
    wanted: NewAnswerBody,
    version: i64,
) -> Result<NewAnswer> {
    let mut errors = Vec::new();
    let mut wrong = |field: String, message: String| errors.push(FieldError { field, message });
    let value = match wanted.value {
        Value::Null => None,
        given => match AnswerValue::parse(requirement, &given) {
            Ok(value) => Some(value),
            Err(why) if why.field.is_empty() => {
                wrong("value".to_owned(), why.message);
                None
            }
            Err(why) => {
                wrong(format!("value.{}", why.field), why.message);
                None
            }
        },
    };
    let comment = wanted.comment.replace("\r\n", "\n").trim().to_owned();
    if comment.chars().count() > COMMENT_LIMIT {
        wrong("comment".to_owned(), format!("A comment has at most {COMMENT_LIMIT} characters"));
    }
    if comment.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        wrong("comment".to_owned(), "A comment holds no control characters".to_owned());
    }
    if errors.is_empty() && wanted.finished && value.is_none() {
        errors.push(FieldError {
            field: "finished".to_owned(),
            message: "An answer without a value cannot be finished".to_owned(),
        });
    }
    if errors.is_empty() {
        Ok(NewAnswer { requirement: id, value, comment, finished: wanted.finished, version })
    } else {
        Err(Error::Invalid(errors))
    }
}

fn place(request: &HttpRequest, member: &MemberBearer) -> Result<(OrganisationId, String, String), Refusal> {
    Ok((member.organisation, key(request, "year")?, key(request, "requirement")?))
}

/// The answer as it is now, with its version as the entity tag.
async fn told(request: &HttpRequest, portal: &Portal, member: &MemberBearer) -> Answer {
    let (whose, year, code) = place(request, member)?;
    let (actor, now) = (member.by.actor.clone(), portal.clock.now());
    let item: AnswerItem = portal
        .db
        .read(member.reach, move |conn| {
            let found = returns::find(conn, Which::Of(whose, &year))?.ok_or(Error::NotFound)?;
            found.permit::<ReadGiven>(&actor)?;
            let id = found.edition.requirement_id(&code).ok_or(Error::NotFound)?;
            returns::must_see(conn, &found, &actor, id)?;
            let answers: Vec<_> = returns::answer_to(conn, found.id, id)?.into_iter().collect();
            let files = returns::attached(conn, found.id, Some(id))?;
            let lines = returns::lines(&found, &answers, &files, now)?;
            let line = lines.iter().find(|line| line.id == id).ok_or(Error::NotFound)?;
            Ok(answer_item(line, &files))
        })
        .await?;
    let tag = HeaderValue::from_str(&format!("\"{}\"", item.version()))
        .map_err(|e| Error::internal("failed to write an entity tag", e))?;
    let mut answer: HttpResponse = json(StatusCode::OK, &item);
    answer.headers_mut().insert(ETAG, tag);
    Ok(answer)
}
