//! Improvement plans in the browser: for the organisation beside its return, for the central team under `/plans`.

mod central;
mod follow;
mod line;
mod plan;

use super::reading::{Reading, read};
use crate::access::ReadReturn;
use crate::identity::Member;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::http::{Portal, Routes, resource};
use crate::platform::pages::FormErrors;
use crate::returns::store::{self, Found, Which};

/// The pages of improvement plans.
pub fn routes(routes: &mut Routes) {
    let page = |name: &str, address: &str| {
        resource(format!("/organisations/{{organisation}}/returns/{{year}}/plan{address}")).name(name)
    };
    routes
        .service(page("plan", "").get(plan::show))
        .service(page("plan-gaps", "/gaps").post(plan::gaps))
        .service(page("plan-ask", "/ask").post(plan::ask))
        .service(page("plan-sign", "/sign").post(plan::sign))
        .service(page("plan-send", "/send").post(plan::send))
        .service(page("plan-take-back", "/take-back").post(plan::take_back))
        .service(page("plan-line", "/lines/{line}").get(line::show).post(line::save))
        .service(page("plan-line-remove", "/lines/{line}/remove").post(line::remove))
        .service(page("plan-line-owner", "/lines/{line}/owner").post(line::reassign))
        .service(page("plan-line-progress", "/lines/{line}/progress").post(line::progress))
        .service(resource("/plans").name("plans").get(follow::list))
        .service(resource("/plans.csv").name("plans-csv").get(follow::file))
        .service(resource("/plans/escalation").name("plans-escalation").post(follow::escalation))
        .service(resource("/plans/{id}/close").name("plans-close").post(follow::close))
        .service(resource("/plans/{id}/lines/{line}/evidence").name("plans-evidence").get(follow::evidence))
        .service(resource("/plans/{id}/lines/{line}/seen").name("plans-seen").post(follow::seen))
        .service(resource("/plans/{id}").name("plans-one").get(central::show).post(central::decide));
}

/// The return of a member's organisation with its plan.
async fn reading(portal: &Portal, member: &Member, year: String) -> Result<(Found, Reading)> {
    let (organisation, now) = (member.organisation, portal.clock.now());
    let (found, reading) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let reading = read(conn, &found, now)?;
            Ok((found, reading))
        })
        .await?;
    found.permit::<ReadReturn>(&member.by.actor)?;
    Ok((found, reading))
}

/// What a verb refused, beside its controls.
fn form_errors(list: &[FieldError]) -> FormErrors {
    FormErrors::found(list, &[("due", "due-day")])
}
