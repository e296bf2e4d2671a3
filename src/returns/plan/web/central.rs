//! The central team's side of one plan: reading it, deciding it.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::form_errors;
use crate::access::{DecidePlan, ReadPlan};
use crate::identity::{Central, Posted};
use crate::platform::clock::Day;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::PlanId;
use crate::platform::pages::FormErrors;
use crate::returns::circumstances::PlanHead;
use crate::returns::plan::decide::{Verdict, decide_plan};
use crate::returns::plan::escalate::reached;
use crate::returns::plan::follow;
use crate::returns::plan::model::PlanState;
use crate::returns::plan::pages::{DecidePage, FollowBlock, Followed, Typed, reason_field};
use crate::returns::plan::reading::{Reading, read};
use crate::returns::plan::save_line::TEXT_LIMIT;
use crate::returns::plan::store;
use crate::returns::store::{self as returns_store, Found, Which};

/// A plan with its return, for whoever of the central team may read it.
pub(super) async fn reading(portal: &Portal, central: &Central, id: PlanId) -> Result<(Found, Reading)> {
    let now = portal.clock.now();
    let (found, reading) = portal
        .db
        .read(central.reach, move |conn| {
            let plan = store::plan(conn, id)?;
            let found = returns_store::find(conn, Which::Id(plan.return_id))?.ok_or(Error::NotFound)?;
            let reading = read(conn, &found, now)?;
            Ok((found, reading))
        })
        .await?;
    found.plan_permit::<ReadPlan>(&central.by.actor)?;
    Ok((found, reading))
}

/// `GET /plans/{id}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<PlanId>,
) -> Result<HttpResponse> {
    let (found, reading) = reading(&portal, &central, path.into_inner()).await?;
    let head = found.circumstances.plan.ok_or(Error::NotFound)?;
    let errors = FormErrors::new();
    let content = DecidePage::new(&found, &reading, head, &Typed::default(), &errors)?;
    if !matches!(head.state, PlanState::Approved | PlanState::Closed) {
        return page(&request, &content);
    }
    let today = portal.clock.now().london_day();
    let block = follow_block(&portal, &central, (&found, &reading, head), today, ("", &errors)).await?;
    page(&request, &content.following(block))
}

/// What became of an agreed plan.
pub(super) async fn follow_block(
    portal: &Portal,
    central: &Central,
    (found, plan, head): (&Found, &Reading, PlanHead),
    today: Day,
    typed: (&str, &FormErrors),
) -> Result<FollowBlock> {
    let id = head.id;
    let followed = portal
        .db
        .read(central.reach, move |conn| {
            Ok(Followed {
                seen: follow::seen(conn, id)?,
                reached: reached(conn, id)?,
                closing: follow::closing(conn, id)?,
            })
        })
        .await?;
    FollowBlock::new((found, head), plan, &followed, (&central.by.actor, today), typed)
}

fn typed(fields: &Fields, reading: &Reading) -> Typed {
    let lines: BTreeMap<_, _> = reading
        .lines
        .iter()
        .map(|line| (line.id, fields.text(&reason_field(line.id))))
        .filter(|(_, reason)| !reason.is_empty())
        .collect();
    Typed { verdict: fields.text("verdict"), reason: fields.text("reason"), lines }
}

fn parse(typed: &Typed) -> Result<Verdict, FormErrors> {
    let mut errors = FormErrors::new();
    let too_long = |text: &str| text.chars().count() > TEXT_LIMIT;
    for (line, _) in typed.lines.iter().filter(|(_, text)| too_long(text)) {
        errors.add(reason_field(*line), format!("Enter {TEXT_LIMIT} characters or fewer"));
    }
    if too_long(&typed.reason) {
        errors.add("reason", format!("Enter {TEXT_LIMIT} characters or fewer"));
    }
    let approved = match typed.verdict.as_str() {
        "approve" => Some(true),
        "reject" => Some(false),
        _ => {
            errors.add("verdict", "Choose whether the plan is approved");
            None
        }
    };
    let verdict = approved.map(|approved| Verdict {
        approved,
        reason: typed.reason.clone(),
        lines: typed.lines.clone(),
    });
    errors.into_result(verdict)
}

/// `POST /plans/{id}`.
pub(super) async fn decide(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Path<PlanId>,
) -> Result<HttpResponse> {
    let Posted { by, fields } = posted;
    let central = Central::of(by)?;
    let id = path.into_inner();
    let (found, reading) = reading(&portal, &central, id).await?;
    let (head, _) = found.plan_permit::<DecidePlan>(&central.by.actor)?;
    let typed = typed(&fields, &reading);
    let refused = |errors: &FormErrors| {
        let content = DecidePage::new(&found, &reading, head, &typed, errors)?;
        page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
    };
    let verdict = match parse(&typed) {
        Ok(verdict) => verdict,
        Err(errors) => return refused(&errors),
    };
    let (actor, return_id, version) = (central.by.actor.clone(), found.id, fields.text("version"));
    let (public_url, approved) = (portal.config.public_url().to_owned(), verdict.approved);
    let outcome = portal
        .db
        .write(central.reach, move |tx| {
            let found = returns_store::find(tx.conn(), Which::Id(return_id))?.ok_or(Error::NotFound)?;
            let (head, permit) = found.plan_permit::<DecidePlan>(&actor)?;
            if head.version.to_string() != version {
                return Err(Error::Conflict("The plan was changed after the page was shown.".to_owned()));
            }
            decide_plan(tx, &permit, (&found, head), &verdict, &public_url)
        })
        .await;
    match outcome {
        Ok(_) => {
            let heading = if approved { "Plan approved" } else { "Plan rejected" };
            Ok(see_other_with_news("/plans", heading, "The organisation has been told by email."))
        }
        Err(Error::Invalid(list)) => refused(&form_errors(&list)),
        Err(error) => Err(error),
    }
}
