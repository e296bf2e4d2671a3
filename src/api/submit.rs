//! Submitting a signed return. Repeating a call with the same idempotency key gives the first receipt again, so a
//! program whose connection broke may simply send it once more.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bearer::MemberBearer;
use super::problem::{Answer, Refusal};
use super::reading::{NoQuery, body, key, query};
use crate::access::SubmitReturn;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::Portal;
use crate::platform::idempotency::{self, Call, Kept};
use crate::returns::{self, Receipt, Which};

/// What is to be submitted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitBody {
    /// The version of the return that the caller read; a return that has moved since is not submitted.
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    version: i64,
}

/// What a submission is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptItem {
    /// 1 for the first, 2 for the first resubmission.
    number: i64,
    /// SHA-256 of the snapshot, in hexadecimal.
    hash: String,
    /// Whether it came after the deadline.
    late: bool,
}

/// Submit a return
///
/// A signed return becomes an immutable submission. For members who lead the return.
#[utoipa::path(
    post, path = "/api/v1/organisations/{organisation}/returns/{year}/submit",
    tag = "returns", operation_id = "submit_return",
    params(
        ("organisation" = String, Path, description = "The organisation's code", pattern = "^[A-Z0-9][A-Z0-9-]{0,21}[A-Z0-9]$"),
        ("year" = String, Path, description = "The collection's key", pattern = "^[A-Za-z0-9._-]{1,100}$"),
        ("Idempotency-Key" = String, Header, description = "A new key for each submission; the same for every repeat of one call", pattern = "^[!-~]{1,100}$"),
    ),
    request_body = SubmitBody,
    responses((status = 200, description = "The receipt", body = ReceiptItem)),
    security(("token" = [])),
)]
pub async fn submit(
    request: HttpRequest,
    portal: Data<Portal>,
    member: MemberBearer,
    payload: Payload,
) -> Answer {
    query::<NoQuery>(&request)?;
    let year = key(&request, "year")?;
    let repeat = request.headers().get("idempotency-key").and_then(|value| value.to_str().ok());
    let repeat = repeat.ok_or_else(|| {
        Refusal::unreadable(&request, "Send a key of your own in the header Idempotency-Key.")
    })?;
    let (wanted, bytes) = body::<SubmitBody>(&request, payload).await?;
    let route = format!("POST /api/v1/organisations/{}/returns/{year}/submit", member.code);
    let call = Call::new(member.by.person, repeat, route, &bytes)?;
    if let Some(kept) = earlier(&portal, call.clone()).await? {
        return answered(kept);
    }
    let (first, public_url) = (call.clone(), portal.config.public_url().to_owned());
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let which = Which::Of(member.organisation, &year);
            let found = returns::find(tx.conn(), which)?.ok_or(Error::NotFound)?;
            let permit = found.permit::<SubmitReturn>(&member.by.actor)?;
            if found.version != wanted.version {
                return Err(Error::Conflict(format!("The return is at version {} now.", found.version)));
            }
            let recorded = returns::submit_return(tx, &permit, &found, &public_url)?;
            let kept = receipt(recorded.value())?;
            idempotency::keep(tx, &first, &kept)?;
            Ok(recorded.map(|_| kept))
        })
        .await;
    match outcome {
        Ok(kept) => answered(kept),
        // Two of the same call at once: the one that came second gets the first one's answer too.
        Err(error @ (Error::Conflict(_) | Error::Refused(_))) => match earlier(&portal, call).await? {
            Some(kept) => answered(kept),
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

async fn earlier(portal: &Portal, call: Call) -> Result<Option<Kept>> {
    portal.db.read(Reach::nobodys(), move |conn| idempotency::earlier(conn, &call)).await
}

fn receipt(receipt: &Receipt) -> Result<Kept> {
    let item = ReceiptItem { number: receipt.number, hash: receipt.hash.clone(), late: receipt.late };
    let body = serde_json::to_string(&item).map_err(|e| Error::internal("failed to write a receipt", e))?;
    Ok(Kept { status: StatusCode::OK.as_u16(), body })
}

fn answered(kept: Kept) -> Answer {
    let status = StatusCode::from_u16(kept.status)
        .map_err(|e| Error::internal("failed to read the status of a kept answer", e))?;
    Ok(HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(kept.body))
}
