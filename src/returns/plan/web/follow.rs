//! Following plans up centrally: the list and its file, the days of escalation, evidence of completion, closing.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};

use super::central::{follow_block, reading};
use super::form_errors;
use crate::access::{Action as _, Actor, ClosePlan, Permit, ReadPlan, SeeCompletion, SetEscalation, Subject};
use crate::identity::{Central, Posted};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, downloaded, page, page_with_status, see_other_with_news};
use crate::platform::ids::{PlanId, PlanLineId};
use crate::platform::pages::FormErrors;
use crate::returns::evidence::evidence_file;
use crate::returns::library;
use crate::returns::plan::close::{close_plan, see_completion};
use crate::returns::plan::escalate::{set_escalation, steps};
use crate::returns::plan::follow::{self, Listed};
use crate::returns::plan::model::Stage;
use crate::returns::plan::pages::{DecidePage, PlansForm, PlansPage, Typed};
use crate::returns::plan::save_line::TEXT_LIMIT;
use crate::returns::plan::store;
use crate::returns::store::{Which, find};
use crate::returns::web::{Sent, download};

/// Plans of an organisation that this person has an interest in are left to colleagues.
fn readable(actor: &Actor, plans: Vec<Listed>) -> Vec<Listed> {
    let may = |plan: &Listed| {
        let organisation = Some(plan.organisation);
        let subject = Subject { kind: "plan", id: plan.id.get(), organisation, state: plan.state.as_str() };
        ReadPlan::ROW.allows(actor, &subject).is_ok()
    };
    plans.into_iter().filter(may).collect()
}

fn may_list(actor: &Actor) -> Result<()> {
    let any = Subject { kind: "plan", id: 0, organisation: None, state: "" };
    Permit::<ReadPlan>::grant(actor, Some(any)).map(|_| ())
}

async fn shown(
    portal: &Portal,
    central: &Central,
    form: &PlansForm,
    typed: Option<BTreeMap<Stage, String>>,
    errors: &FormErrors,
) -> Result<PlansPage> {
    let actor = &central.by.actor;
    may_list(actor)?;
    let (show, number, today) = (form.shown(), form.number(), portal.clock.now().london_day());
    let (total, plans, days) = portal
        .db
        .read(central.reach, move |conn| {
            let (total, plans) = follow::list(conn, show, today, Some(number))?;
            Ok((total, plans, steps(conn)?))
        })
        .await?;
    let content = PlansPage::new(form, (total, &readable(actor, plans)));
    Ok(if SetEscalation::ROW.allows(actor, &Subject::programme()).is_ok() {
        let stored = days.into_iter().map(|(stage, days)| (stage, days.to_string())).collect();
        content.with_steps(&typed.unwrap_or(stored), errors)
    } else {
        content
    })
}

/// `GET /plans`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    form: Query<PlansForm>,
) -> Result<HttpResponse> {
    page(&request, &shown(&portal, &central, &form, None, &FormErrors::new()).await?)
}

/// The columns of the file.
const COLUMNS: [&str; 12] = [
    "organisation_code",
    "organisation",
    "year",
    "state",
    "sent_at",
    "lines",
    "lines_done",
    "lines_overdue",
    "next_due",
    "progress_reported_at",
    "evidence_seen",
    "escalation",
];

/// `GET /plans.csv`.
pub(super) async fn file(
    portal: Data<Portal>,
    central: Central,
    form: Query<PlansForm>,
) -> Result<HttpResponse> {
    may_list(&central.by.actor)?;
    let (show, today) = (form.shown(), portal.clock.now().london_day());
    let (_, plans) = portal.db.read(central.reach, move |conn| follow::list(conn, show, today, None)).await?;
    let plans = readable(&central.by.actor, plans);
    Ok(downloaded("text/csv; charset=utf-8", "improvement-plans.csv", csv_of(&plans)?))
}

fn csv_of(plans: &[Listed]) -> Result<Vec<u8>> {
    let failed = |e: csv::Error| Error::internal("failed to write the list of plans", e);
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(COLUMNS).map_err(failed)?;
    for plan in plans {
        let course = &plan.course;
        out.write_record([
            harmless(&plan.code),
            harmless(&plan.name),
            harmless(&plan.year),
            plan.state.as_str().to_owned(),
            plan.sent_at.map(Timestamp::rfc3339).unwrap_or_default(),
            course.lines.to_string(),
            course.done.to_string(),
            course.overdue.to_string(),
            course.next_due.map(String::from).unwrap_or_default(),
            course.reported_at.map(Timestamp::rfc3339).unwrap_or_default(),
            course.seen.to_string(),
            course.stage.map_or("", Stage::as_str).to_owned(),
        ])
        .map_err(failed)?;
    }
    out.into_inner().map_err(|e| Error::internal("failed to write the list of plans", e.to_string()))
}

/// A text that a spreadsheet would take for a formula begins with an apostrophe.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// `POST /plans/escalation`.
pub(super) async fn escalation(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    let Posted { by, fields } = posted;
    let central = Central::of(by)?;
    let permit = Permit::<SetEscalation>::grant(&central.by.actor, Some(Subject::programme()))?;
    let typed: BTreeMap<Stage, String> =
        Stage::ALL.iter().map(|stage| (*stage, fields.text(stage.as_str()))).collect();
    // What is no number is nought, which the verb refuses at its field.
    let days: BTreeMap<Stage, i64> =
        typed.iter().map(|(stage, text)| (*stage, text.parse().unwrap_or_default())).collect();
    let set = portal.db.write(central.reach, move |tx| set_escalation(tx, &permit, &days)).await;
    match set {
        Ok(()) => Ok(see_other_with_news("/plans", "Days saved", "They hold from tomorrow morning on.")),
        Err(Error::Invalid(list)) => {
            let errors = form_errors(&list);
            let content = shown(&portal, &central, &PlansForm::default(), Some(typed), &errors).await?;
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}

/// `GET /plans/{id}/lines/{line}/evidence`: the newest version of the piece that shows completion, to be saved.
pub(super) async fn evidence(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<(PlanId, PlanLineId)>,
) -> Result<HttpResponse> {
    let (id, line) = path.into_inner();
    let (found, plan) = reading(&portal, &central, id).await?;
    let piece = plan.lines.iter().find(|one| one.id == line).and_then(|line| line.piece);
    let piece = piece.ok_or(Error::NotFound)?;
    let stored = portal
        .db
        .read(central.reach, move |conn| {
            let newest = library::newest(conn, &[piece])?.remove(&piece).ok_or(Error::NotFound)?;
            evidence_file(conn, newest.id)
        })
        .await?;
    let stored = stored.filter(|stored| stored.organisation == found.organisation);
    download(&request, &portal.files, &stored.ok_or(Error::NotFound)?, Sent::ToSave).await
}

/// `POST /plans/{id}/lines/{line}/seen`.
pub(super) async fn seen(
    portal: Data<Portal>,
    posted: Posted,
    path: Path<(PlanId, PlanLineId)>,
) -> Result<HttpResponse> {
    let central = Central::of(posted.by)?;
    let (id, line) = path.into_inner();
    let actor = central.by.actor;
    portal
        .db
        .write(central.reach, move |tx| {
            let plan = store::plan(tx.conn(), id)?;
            let found = find(tx.conn(), Which::Id(plan.return_id))?.ok_or(Error::NotFound)?;
            let (head, permit) = found.plan_permit::<SeeCompletion>(&actor)?;
            see_completion(tx, &permit, head, line)
        })
        .await?;
    Ok(see_other_with_news(&format!("/plans/{id}"), "Noted", "You have seen the evidence of that line."))
}

/// `POST /plans/{id}/close`.
pub(super) async fn close(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Path<PlanId>,
) -> Result<HttpResponse> {
    let Posted { by, fields } = posted;
    let central = Central::of(by)?;
    let id = path.into_inner();
    let (found, plan) = reading(&portal, &central, id).await?;
    let (head, _) = found.plan_permit::<ClosePlan>(&central.by.actor)?;
    let note = fields.text("note");
    let mut errors = FormErrors::new();
    errors.require("note", &note, "Enter a note", TEXT_LIMIT);
    if !errors.is_empty() {
        let today: Day = portal.clock.now().london_day();
        let block = follow_block(&portal, &central, (&found, &plan, head), today, (&note, &errors)).await?;
        let content = DecidePage::new(&found, &plan, head, &Typed::default(), &errors)?.following(block);
        return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
    }
    let (actor, return_id, version) = (central.by.actor, found.id, fields.text("version"));
    let public_url = portal.config.public_url().to_owned();
    portal
        .db
        .write(central.reach, move |tx| {
            let found = find(tx.conn(), Which::Id(return_id))?.ok_or(Error::NotFound)?;
            let (head, permit) = found.plan_permit::<ClosePlan>(&actor)?;
            if head.version.to_string() != version {
                return Err(Error::Conflict("The plan was changed after the page was shown.".to_owned()));
            }
            close_plan(tx, &permit, (&found, head), &note, &public_url)
        })
        .await?;
    Ok(see_other_with_news("/plans?show=closed", "Plan closed", "The organisation has been told by email."))
}
