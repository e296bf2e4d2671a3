//! One line of a plan: showing, changing, removing it, and reporting its progress.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::{form_errors, reading};
use crate::access::{EditPlan, ReassignLine, ReportProgress};
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page_with_status, see_other_with_news};
use crate::platform::ids::{PersonId, PlanLineId};
use crate::platform::pages::FormErrors;
use crate::returns::blocking;
use crate::returns::plan::pages::{LineConflictPage, LineForm, LinePage, Shown};
use crate::returns::plan::plan_href;
use crate::returns::plan::progress::{Progress, report_progress};
use crate::returns::plan::reading::{Reading, requirement_of};
use crate::returns::plan::reassign::reassign_line;
use crate::returns::plan::save_line::{TEXT_LIMIT, remove_line, save_line};
use crate::returns::plan::store::PlanLine;
use crate::returns::store::{self, Which};

/// The line that an address names.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct OfLine {
    year: String,
    line: PlanLineId,
}

const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// What was typed into the two forms of a line, and what is wrong with it.
#[derive(Default)]
struct Typed {
    form: Option<LineForm>,
    note: String,
    evidence: String,
    errors: FormErrors,
}

fn line_of(reading: &Reading, id: PlanLineId) -> Result<&PlanLine> {
    reading.lines.iter().find(|line| line.id == id).ok_or(Error::NotFound)
}

/// `GET …/plan/lines/{line}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfLine>,
) -> Result<HttpResponse> {
    shown(&request, &portal, &member, &path, (StatusCode::OK, Typed::default())).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    path: &OfLine,
    (status, typed): (StatusCode, Typed),
) -> Result<HttpResponse> {
    let (found, reading) = reading(portal, member, path.year.clone()).await?;
    let line = line_of(&reading, path.line)?;
    let shown = Shown {
        found: &found,
        reading: &reading,
        line,
        requirement: requirement_of(&found, line)?,
        today: portal.clock.now().london_day(),
        may_edit: found.offers_on_plan::<EditPlan>(&member.by.actor),
        may_report: found.offers_on_plan::<ReportProgress>(&member.by.actor),
        may_reassign: found.offers_on_plan::<ReassignLine>(&member.by.actor),
    };
    let form = typed.form.unwrap_or_else(|| LineForm::of(line));
    blocking::beside(request, portal, member, &found).await?;
    page_with_status(
        request,
        status,
        &LinePage::new(&shown, &form, (&typed.note, &typed.evidence), &typed.errors),
    )
}

/// `POST …/plan/lines/{line}`.
pub(super) async fn save(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfLine>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let (found, reading) = reading(&portal, &member, path.year.clone()).await?;
    line_of(&reading, path.line)?;
    found.plan_permit::<EditPlan>(&member.by.actor)?;
    let form = LineForm::read(&fields);
    let change = match form.parse() {
        Ok(change) => change,
        Err(errors) => {
            let typed = Typed { form: Some(form), errors, ..Typed::default() };
            return shown(&request, &portal, &member, &path, (REFUSED, typed)).await;
        }
    };
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    let (wanted, new) = (path.clone(), change.clone());
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let found =
                store::find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (head, permit) = found.plan_permit::<EditPlan>(&actor)?;
            save_line(tx, &permit, (&found, head), wanted.line, &new)
        })
        .await;
    match outcome {
        Ok(()) => {
            let back = plan_href(&member.code, &path.year);
            Ok(see_other_with_news(&back, "Line saved", "The plan lists what is still missing."))
        }
        Err(Error::Invalid(list)) => {
            let typed = Typed { form: Some(form), errors: form_errors(&list), ..Typed::default() };
            shown(&request, &portal, &member, &path, (REFUSED, typed)).await
        }
        Err(Error::Conflict(_)) => {
            let (found, now) = super::reading(&portal, &member, path.year.clone()).await?;
            let line = line_of(&now, path.line)?;
            let content =
                LineConflictPage::new(&found, &now, (requirement_of(&found, line)?, line), &change, &fields);
            page_with_status(&request, StatusCode::CONFLICT, &content)
        }
        Err(error) => Err(error),
    }
}

/// `POST …/plan/lines/{line}/remove`.
pub(super) async fn remove(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfLine>,
) -> Result<HttpResponse> {
    let member = posted.member;
    let back = plan_href(&member.code, &path.year);
    let (organisation, actor, wanted) = (member.organisation, member.by.actor.clone(), path.into_inner());
    portal
        .db
        .write(member.reach, move |tx| {
            let found =
                store::find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (head, permit) = found.plan_permit::<EditPlan>(&actor)?;
            remove_line(tx, &permit, head, wanted.line)
        })
        .await?;
    Ok(see_other_with_news(&back, "Line removed", "If it is still a gap, you can plan it again."))
}

/// `POST …/plan/lines/{line}/progress`.
pub(super) async fn progress(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfLine>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let (found, now) = reading(&portal, &member, path.year.clone()).await?;
    line_of(&now, path.line)?;
    found.plan_permit::<ReportProgress>(&member.by.actor)?;
    let mut errors = FormErrors::new();
    let piece = fields.text("piece");
    let new =
        Progress { note: fields.text("note"), evidence: fields.text("evidence"), piece: piece.parse().ok() };
    if !piece.is_empty() && new.piece.is_none() {
        errors.add("piece", "Choose a piece of evidence from the list");
    }
    for (field, text) in [("note", &new.note), ("evidence", &new.evidence)] {
        if text.chars().count() > TEXT_LIMIT {
            errors.add(field, format!("Enter {TEXT_LIMIT} characters or fewer"));
        }
    }
    let typed =
        |errors| Typed { note: fields.text("note"), evidence: fields.text("evidence"), errors, form: None };
    if !errors.is_empty() {
        return shown(&request, &portal, &member, &path, (REFUSED, typed(errors))).await;
    }
    let back = format!("{}/lines/{}", plan_href(&member.code, &path.year), path.line);
    let once = Once::of(member.by.person, &format!("{back}/progress"), &fields, &back)?;
    let (organisation, actor, wanted) = (member.organisation, member.by.actor.clone(), path.clone());
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found =
                store::find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (head, permit) = found.plan_permit::<ReportProgress>(&actor)?;
            report_progress(tx, &permit, head, wanted.line, &new)
        })
        .await;
    match outcome {
        Ok(()) => Ok(see_other_with_news(&back, "Progress saved", "Your colleagues see it on this page.")),
        Err(Error::Invalid(list)) => {
            shown(&request, &portal, &member, &path, (REFUSED, typed(form_errors(&list)))).await
        }
        Err(error) => Err(error),
    }
}

/// `POST …/plan/lines/{line}/owner`.
pub(super) async fn reassign(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfLine>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let back = format!("{}/lines/{}", plan_href(&member.code, &path.year), path.line);
    // What is no number is nobody's, and is told as such.
    let to = PersonId::new(fields.one("owner").parse().unwrap_or_default());
    let (organisation, actor, wanted) = (member.organisation, member.by.actor.clone(), path.clone());
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let found =
                store::find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (head, permit) = found.plan_permit::<ReassignLine>(&actor)?;
            reassign_line(tx, &permit, head, wanted.line, to)
        })
        .await;
    match outcome {
        Ok(()) => Ok(see_other_with_news(
            &back,
            "The line has another owner",
            "They get its reminders from now on.",
        )),
        Err(Error::Invalid(list)) => {
            let typed = Typed { errors: form_errors(&list), ..Typed::default() };
            shown(&request, &portal, &member, &path, (REFUSED, typed)).await
        }
        Err(error) => Err(error),
    }
}
