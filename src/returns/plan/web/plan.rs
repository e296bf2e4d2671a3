//! The plan of a return, and its moves.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::reading;
use crate::access::{Actor, AskForPlanSignature, PlanGaps, SendPlan, SignPlan, TakeBackPlan};
use crate::identity::{Member, PostedByMember};
use crate::ledger::Recorded;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page_with_status, see_other_with_news};
use crate::returns::blocking;
use crate::returns::plan::ask::ask_for_plan_signature;
use crate::returns::plan::gaps::plan_gaps;
use crate::returns::plan::pages::PlanPage;
use crate::returns::plan::plan_href;
use crate::returns::plan::send::send_plan;
use crate::returns::plan::sign::sign_plan;
use crate::returns::plan::take_back::take_back_plan;
use crate::returns::store::{self, Found, Which};

/// The collection that an address names.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct OfYear {
    year: String,
}

/// `GET …/plan`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfYear>,
) -> Result<HttpResponse> {
    shown(&request, &portal, &member, path.into_inner().year, (StatusCode::OK, String::new())).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    year: String,
    (status, refused): (StatusCode, String),
) -> Result<HttpResponse> {
    let (found, reading) = reading(portal, member, year).await?;
    let today = portal.clock.now().london_day();
    blocking::beside(request, portal, member, &found).await?;
    page_with_status(request, status, &PlanPage::new(&found, &reading, &member.by.actor, today, refused)?)
}

/// `POST …/plan/gaps`.
pub(super) async fn gaps(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfYear>,
) -> Result<HttpResponse> {
    let (member, year) = (posted.member, path.into_inner().year);
    let outcome = change(&portal, &member, &year, |tx, found, actor| {
        let permit = found.permit::<PlanGaps>(actor)?;
        plan_gaps(tx, &permit, found)
    })
    .await;
    let words = "Give each line an action, an owner and a due date.";
    moved(&request, &portal, &member, year, outcome.map(|_| ("Lines made", words))).await
}

/// `POST …/plan/ask`.
pub(super) async fn ask(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfYear>,
) -> Result<HttpResponse> {
    let (member, year) = (posted.member, path.into_inner().year);
    let public_url = portal.config.public_url().to_owned();
    let outcome = change(&portal, &member, &year, move |tx, found, actor| {
        let (head, permit) = found.plan_permit::<AskForPlanSignature>(actor)?;
        ask_for_plan_signature(tx, &permit, (found, head), &public_url)
    })
    .await;
    let words = "Your senior information risk owner is told by email that the plan waits to be signed.";
    moved(&request, &portal, &member, year, outcome.map(|_| ("Signature asked for", words))).await
}

/// `POST …/plan/sign`. What is signed is what was shown: the page's hash comes back with the form.
pub(super) async fn sign(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfYear>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let (year, seen) = (path.into_inner().year, fields.text("hash"));
    let outcome = change(&portal, &member, &year, move |tx, found, actor| {
        let (head, permit) = found.plan_permit::<SignPlan>(actor)?;
        sign_plan(tx, &permit, (found, head), &seen)
    })
    .await;
    let words = "An information governance lead or administrator can now send it for approval.";
    moved(&request, &portal, &member, year, outcome.map(|()| ("Plan signed", words))).await
}

/// `POST …/plan/send`.
pub(super) async fn send(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfYear>,
) -> Result<HttpResponse> {
    let (member, year) = (posted.member, path.into_inner().year);
    let public_url = portal.config.public_url().to_owned();
    let outcome = change(&portal, &member, &year, move |tx, found, actor| {
        let (head, permit) = found.plan_permit::<SendPlan>(actor)?;
        send_plan(tx, &permit, (found, head), &public_url)
    })
    .await;
    let words = "The central team approves it or gives it back with reasons. You are told by email.";
    moved(&request, &portal, &member, year, outcome.map(|()| ("Plan sent", words))).await
}

/// `POST …/plan/take-back`.
pub(super) async fn take_back(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfYear>,
) -> Result<HttpResponse> {
    let (member, year) = (posted.member, path.into_inner().year);
    let public_url = portal.config.public_url().to_owned();
    let outcome = change(&portal, &member, &year, move |tx, found, actor| {
        let (head, permit) = found.plan_permit::<TakeBackPlan>(actor)?;
        take_back_plan(tx, &permit, (found, head), &public_url)
    })
    .await;
    let words = "Lines can be changed again. What was signed or approved before is void.";
    moved(&request, &portal, &member, year, outcome.map(|()| ("Back to draft", words))).await
}

/// Looks the return up and does one of the moves of its plan, in one change.
async fn change<T: Send + 'static>(
    portal: &Portal,
    member: &Member,
    year: &str,
    step: impl FnOnce(&mut Tx<'_>, &Found, &Actor) -> Result<Recorded<T>> + Send + 'static,
) -> Result<T> {
    let (organisation, actor, wanted) = (member.organisation, member.by.actor.clone(), year.to_owned());
    portal
        .db
        .write(member.reach, move |tx| {
            let found = store::find(tx.conn(), Which::Of(organisation, &wanted))?.ok_or(Error::NotFound)?;
            step(tx, &found, &actor)
        })
        .await
}

/// Back to the plan with news of what was done, or with why it was not: what is missing is listed there with links.
async fn moved(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    year: String,
    outcome: Result<(&str, &str)>,
) -> Result<HttpResponse> {
    match outcome {
        Ok((heading, words)) => Ok(see_other_with_news(&plan_href(&member.code, &year), heading, words)),
        Err(Error::Refused(why)) => shown(request, portal, member, year, (StatusCode::CONFLICT, why)).await,
        Err(error) => Err(error),
    }
}
