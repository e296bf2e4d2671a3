//! Scoring a second time. Whoever does not score a case finds nothing here, whatever their role.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::central;
use crate::access::{Action as _, Actor, Audience, Permit, ReleaseBlindCase, ScoreBlind, TakeBlindCase};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::{BlindCaseId, EvidenceId};
use crate::platform::pages::FormErrors;
use crate::platform::pages::words::number;
use crate::returns;
use crate::review::consistency::blind::{
    BlindFinding, BlindSheet, find_case, finish_blind_case, release_blind_case, score_blind, take_blind_case,
    waiting_case,
};
use crate::review::consistency::pages::{BlindAnswerPage, BlindCasePage, BlindListPage};
use crate::review::consistency::reading;
use crate::review::decide::REASON_LIMIT;
use crate::standards::scoring::Status;

/// `GET /reviews/blind`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    let me = central.by.person;
    let mine = portal.db.read(central.reach, move |conn| reading::mine(conn, me)).await?;
    page(&request, &BlindListPage::new(&mine, scores(&central.by.actor)))
}

/// Whether the person's role lets them score at all.
fn scores(actor: &Actor) -> bool {
    match TakeBlindCase::ROW.audience {
        Audience::Central(roles, _) => actor.central().iter().any(|held| roles.contains(held)),
        _ => false,
    }
}

/// `POST /reviews/blind/next`.
pub(super) async fn next(portal: Data<Portal>, posted: Posted) -> Result<HttpResponse> {
    let (actor, _) = central(posted)?;
    let me = actor.id().ok_or(Error::NotFound)?;
    if !scores(&actor) {
        return Err(Error::Forbidden("Only reviewers and second reviewers score submissions.".to_owned()));
    }
    let id = portal
        .db
        .write(actor.central_reach()?, move |tx| {
            let (case, proof) = waiting_case(tx.conn(), me)?;
            let permit = Permit::<TakeBlindCase>::grant(&actor, Some(case.subject()))?;
            take_blind_case(tx, &permit, &case, &proof)
        })
        .await?;
    let words = "It is yours until you finish it or give it back.";
    Ok(see_other_with_news(&format!("/reviews/blind/{id}"), "Submission taken", words))
}

async fn sheet(portal: &Portal, actor: &Actor, id: BlindCaseId) -> Result<BlindSheet> {
    let who = actor.clone();
    portal.db.read(actor.central_reach()?, move |conn| BlindSheet::for_scorer(conn, &who, id)).await
}

/// `GET /reviews/blind/{case}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    case: Path<i64>,
) -> Result<HttpResponse> {
    let sheet = sheet(&portal, &central.by.actor, BlindCaseId::new(*case)).await?;
    page(&request, &BlindCasePage::new(&sheet))
}

/// `GET /reviews/blind/{case}/requirements/{code}`.
pub(super) async fn answer(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<(i64, String)>,
) -> Result<HttpResponse> {
    let (id, code) = path.into_inner();
    let sheet = sheet(&portal, &central.by.actor, BlindCaseId::new(id)).await?;
    page(&request, &BlindAnswerPage::new(&sheet, &code, None, false, &FormErrors::new())?)
}

/// `POST /reviews/blind/{case}/requirements/{code}`.
pub(super) async fn score(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Path<(i64, String)>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let (id, code) = path.into_inner();
    let id = BlindCaseId::new(id);
    let typed = (fields.one("assessed").to_owned(), fields.text("reason"));
    let saved = match finding(&fields, &code) {
        Ok(finding) => {
            let who = actor.clone();
            let saved = portal
                .db
                .write(actor.central_reach()?, move |tx| {
                    let subject = find_case(tx.conn(), id)?.subject();
                    let permit = Permit::<ScoreBlind>::grant(&who, Some(subject))?;
                    score_blind(tx, &permit, &finding)
                })
                .await;
            match saved {
                Err(Error::Invalid(list)) => {
                    Err((StatusCode::UNPROCESSABLE_ENTITY, FormErrors::found(&list, &[])))
                }
                Err(Error::Conflict(_)) => Err((StatusCode::CONFLICT, FormErrors::new())),
                other => Ok(other?),
            }
        }
        Err(errors) => Err((StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let sheet = sheet(&portal, &actor, id).await?;
    match saved {
        Ok(()) => {
            let next = sheet.wanting().first().map(|next| format!("/reviews/blind/{id}/requirements/{next}"));
            let to = next.unwrap_or_else(|| format!("/reviews/blind/{id}"));
            Ok(see_other_with_news(&to, "Score saved", &format!("{code} is scored.")))
        }
        Err((status, errors)) => {
            let stale = status == StatusCode::CONFLICT;
            let content = BlindAnswerPage::new(&sheet, &code, Some((&typed.0, &typed.1)), stale, &errors)?;
            page_with_status(&request, status, &content)
        }
    }
}

/// The form, parsed. Which statuses the requirement can have is the verb's to say.
fn finding(fields: &Fields, code: &str) -> Result<BlindFinding, FormErrors> {
    let mut errors = FormErrors::new();
    let assessed = Status::try_from(fields.one("assessed").to_owned());
    if assessed.is_err() {
        errors.add("assessed", "Choose what you found");
    }
    let reason = fields.text("reason");
    if reason.chars().count() > REASON_LIMIT {
        let limit = number(i128::try_from(REASON_LIMIT).unwrap_or(i128::MAX));
        errors.add("reason", format!("The reason must be {limit} characters or fewer"));
    }
    let version = fields.one("version").parse();
    if version.is_err() {
        errors.add_whole("The form could not be read. Load the page again");
    }
    let finding = assessed.ok().zip(version.ok()).map(|(assessed, version)| BlindFinding {
        requirement: code.to_owned(),
        assessed,
        reason,
        version,
    });
    errors.into_result(finding)
}

/// `POST /reviews/blind/{case}/finish`.
pub(super) async fn finish(portal: Data<Portal>, posted: Posted, case: Path<i64>) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let id = BlindCaseId::new(*case);
    let version = fields.one("version").parse().unwrap_or_default();
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            let subject = find_case(tx.conn(), id)?.subject();
            let permit = Permit::<ScoreBlind>::grant(&actor, Some(subject))?;
            finish_blind_case(tx, &permit, version)
        })
        .await?;
    let words = "Your scores are compared when the first review is done too.";
    Ok(see_other_with_news("/reviews/blind", "Scoring finished", words))
}

/// `POST /reviews/blind/{case}/release`.
pub(super) async fn release(portal: Data<Portal>, posted: Posted, case: Path<i64>) -> Result<HttpResponse> {
    let (actor, _) = central(posted)?;
    let id = BlindCaseId::new(*case);
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            let case = find_case(tx.conn(), id)?;
            let permit = Permit::<ReleaseBlindCase>::grant(&actor, Some(case.subject()))?;
            release_blind_case(tx, &permit, &case)
        })
        .await?;
    Ok(see_other_with_news("/reviews/blind", "Submission given back", "Somebody else will score it."))
}

/// `GET /reviews/blind/{case}/evidence/{evidence}`: to be saved, never shown in the page's own origin.
pub(super) async fn evidence(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<(i64, i64)>,
) -> Result<HttpResponse> {
    let (id, file) = path.into_inner();
    let (id, file) = (BlindCaseId::new(id), EvidenceId::new(file));
    let actor = central.by.actor;
    let file = portal.db.read(central.reach, move |conn| reading::evidence(conn, &actor, id, file)).await?;
    returns::download(&request, &portal.files, &file, returns::Sent::ToSave).await
}
