//! The sample of a collection: planned, drawn, and given out.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::central;
use crate::access::{Actor, DrawSample, GiveBlindCase, Permit, PlanSample};
use crate::identity::{Central, Posted};
use crate::platform::canonical::hex;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Once, Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::{BlindCaseId, PersonId};
use crate::platform::pages::FormErrors;
use crate::review::consistency::blind::{Impartial, find_case, give_blind_case};
use crate::review::consistency::pages::{SamplePage, SampleScene};
use crate::review::consistency::reading::{self, subject_of};
use crate::review::consistency::sample::{SamplePlan, draw_sample, plan_sample};

/// `GET /reviews/consistency/{year}/sample`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    year: Path<String>,
) -> Result<HttpResponse> {
    let scene = scene(&portal, &central.by.actor, year.into_inner()).await?;
    page(&request, &SamplePage::new(&scene, None, &FormErrors::new()))
}

async fn scene(portal: &Portal, actor: &Actor, year: String) -> Result<SampleScene> {
    let who = actor.clone();
    portal.db.read(actor.central_reach()?, move |conn| reading::sample_of(conn, &who, &year)).await
}

/// `POST /reviews/consistency/{year}/sample`.
pub(super) async fn plan(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    year: Path<String>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let year = year.into_inner();
    let mut seed = [0_u8; 32];
    portal.random.fill(&mut seed)?;
    let saved = match parsed(&fields) {
        Ok(plan) => {
            let (who, key) = (actor.clone(), year.clone());
            portal
                .db
                .write(actor.central_reach()?, move |tx| {
                    let collection = reading::collection(tx.conn(), &key)?;
                    let permit = Permit::<PlanSample>::grant(&who, Some(subject_of(&collection)))?;
                    plan_sample(tx, &permit, &plan, &hex(&seed))
                })
                .await
        }
        Err(errors) => {
            let scene = scene(&portal, &actor, year).await?;
            Permit::<PlanSample>::grant(&actor, Some(subject_of(&scene.collection)))?;
            let content = SamplePage::new(&scene, Some(fields.one("share")), &errors);
            return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
        }
    };
    saved?;
    let to = format!("/reviews/consistency/{year}/sample");
    Ok(see_other_with_news(&to, "Plan saved", "Its seed is in the ledger."))
}

fn parsed(fields: &Fields) -> Result<SamplePlan, FormErrors> {
    let mut errors = FormErrors::new();
    let share = fields.text("share").trim_end_matches('%').trim().parse::<i64>().ok();
    let share = share.filter(|share| (1..=100).contains(share));
    if share.is_none() {
        errors.add("share", "Enter a whole number from 1 to 100");
    }
    let moment = fields.one("moment").parse().ok();
    if moment.is_none() {
        errors.add("moment", "Choose when the sample is drawn");
    }
    let version = fields.one("version").parse().ok();
    let by_sector = fields.one("by_sector") != "no";
    let plan = share.zip(moment).zip(version);
    errors.into_result(plan.map(|((share, moment), version)| SamplePlan {
        share,
        by_sector,
        moment,
        version,
    }))
}

/// `POST /reviews/consistency/{year}/draw`.
pub(super) async fn draw(portal: Data<Portal>, posted: Posted, year: Path<String>) -> Result<HttpResponse> {
    let person = posted.by.person;
    let (actor, fields) = central(posted)?;
    let year = year.into_inner();
    let to = format!("/reviews/consistency/{year}/sample");
    let once = Once::of(person, &format!("/reviews/consistency/{year}/draw"), &fields, &to)?;
    let taken = portal
        .db
        .write(actor.central_reach()?, move |tx| {
            once.begin(tx)?;
            let collection = reading::collection(tx.conn(), &year)?;
            let permit = Permit::<DrawSample>::grant(&actor, Some(subject_of(&collection)))?;
            draw_sample(tx, &permit)
        })
        .await?;
    let words = if taken == 1 {
        "1 submission was taken.".to_owned()
    } else {
        format!("{taken} submissions were taken.")
    };
    Ok(see_other_with_news(&to, "Sample drawn", &words))
}

/// `POST /reviews/consistency/cases/{case}/give`.
pub(super) async fn give(portal: Data<Portal>, posted: Posted, case: Path<i64>) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let id = BlindCaseId::new(*case);
    let chosen = fields.one("scorer").parse::<PersonId>();
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            let case = find_case(tx.conn(), id)?;
            let permit = Permit::<GiveBlindCase>::grant(&actor, Some(case.subject()))?;
            let to = chosen.map_err(|_| Error::Refused("Choose who scores the submission.".to_owned()))?;
            let proof = Impartial::check(tx.conn(), to, &case)?;
            give_blind_case(tx, &permit, &case, &proof)
        })
        .await?;
    Ok(see_other_with_news("/reviews/consistency", "Case given", "It stands in the person's list."))
}
