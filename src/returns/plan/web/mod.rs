//! Improvement plans in the browser: for the organisation beside its return, for the central team under `/plans`.

mod central;
mod follow;
mod line;
mod plan;

use actix_web::web;

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
        .service(page("plan", "").route(web::get().to(plan::show)))
        .service(page("plan-gaps", "/gaps").route(web::post().to(plan::gaps)))
        .service(page("plan-sign", "/sign").route(web::post().to(plan::sign)))
        .service(page("plan-send", "/send").route(web::post().to(plan::send)))
        .service(page("plan-take-back", "/take-back").route(web::post().to(plan::take_back)))
        .service(
            page("plan-line", "/lines/{line}")
                .route(web::get().to(line::show))
                .route(web::post().to(line::save)),
        )
        .service(page("plan-line-remove", "/lines/{line}/remove").route(web::post().to(line::remove)))
        .service(page("plan-line-owner", "/lines/{line}/owner").route(web::post().to(line::reassign)))
        .service(page("plan-line-progress", "/lines/{line}/progress").route(web::post().to(line::progress)))
        .service(resource("/plans").name("plans").route(web::get().to(follow::list)))
        .service(resource("/plans.csv").name("plans-csv").route(web::get().to(follow::file)))
        .service(
            resource("/plans/escalation").name("plans-escalation").route(web::post().to(follow::escalation)),
        )
        .service(resource("/plans/{id}/close").name("plans-close").route(web::post().to(follow::close)))
        .service(
            resource("/plans/{id}/lines/{line}/evidence")
                .name("plans-evidence")
                .route(web::get().to(follow::evidence)),
        )
        .service(
            resource("/plans/{id}/lines/{line}/seen").name("plans-seen").route(web::post().to(follow::seen)),
        )
        .service(
            resource("/plans/{id}")
                .name("plans-one")
                .route(web::get().to(central::show))
                .route(web::post().to(central::decide)),
        );
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
