//! Drafts of editions in the browser: the central team reads them, standards editors make them.

mod compare;
mod draft;
mod list;
mod parts;
mod profiles;
mod requirement;
mod rules;
mod save;

use actix_web::web;

use super::read::Read;
use super::store;
use crate::access::{Action, Actor, Permit, ReadDrafts, Subject};
use crate::identity::{Central, Posted};
use crate::ledger::Recorded;
use crate::platform::db::{Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, Routes, resource};
use crate::platform::ids::EditionDraftId;

pub(in crate::standards) use list::begin_from_file;

/// The pages of drafts.
pub(in crate::standards) fn routes(routes: &mut Routes) {
    let page = |name: &str, address: &str| {
        resource(format!("/standards/drafts{address}")).name(&format!("standards-draft{name}"))
    };
    routes
        .service(
            resource("/standards/compare")
                .name("standards-compare")
                .route(web::get().to(compare::editions_compared)),
        )
        .service(
            resource("/standards/compare.csv")
                .name("standards-compare-csv")
                .route(web::get().to(compare::editions_as_file)),
        )
        .service(page("s", "").route(web::get().to(list::list)).route(web::post().to(list::begin)))
        .service(page("", "/{draft}").route(web::get().to(draft::show)))
        .service(page("-history", "/{draft}/history").route(web::get().to(draft::history)))
        .service(page("-done", "/{draft}/done").route(web::post().to(draft::done)))
        .service(page("-freeze", "/{draft}/freeze").route(web::post().to(draft::freeze)))
        .service(page("-discard", "/{draft}/discard").route(web::post().to(draft::discard)))
        .service(page("-changes", "/{draft}/changes").route(web::get().to(compare::draft_changes)))
        .service(page("-changes-csv", "/{draft}/changes.csv").route(web::get().to(compare::draft_as_file)))
        .service(page("-order", "/{draft}/order").route(web::post().to(parts::order)))
        .service(
            page("-details", "/{draft}/details")
                .route(web::get().to(parts::details))
                .route(web::post().to(parts::save_details)),
        )
        .service(
            page("-section", "/{draft}/sections/{code}")
                .route(web::get().to(parts::section))
                .route(web::post().to(parts::save_section)),
        )
        .service(
            page("-section-remove", "/{draft}/sections/{code}/remove")
                .route(web::post().to(parts::remove_section)),
        )
        .service(
            page("-requirement", "/{draft}/requirements/{code}")
                .route(web::get().to(requirement::show))
                .route(web::post().to(requirement::save)),
        )
        .service(
            page("-requirement-remove", "/{draft}/requirements/{code}/remove")
                .route(web::post().to(requirement::remove)),
        )
        .service(page("-profiles", "/{draft}/profiles").route(web::get().to(profiles::list)))
        .service(
            page("-profile", "/{draft}/profiles/{key}")
                .route(web::get().to(profiles::show))
                .route(web::post().to(profiles::save)),
        )
        .service(
            page("-sector", "/{draft}/sectors/{key}")
                .route(web::get().to(profiles::sector))
                .route(web::post().to(profiles::save_sector)),
        );
    rules_routes(routes);
}

/// The pages of a draft's rules.
fn rules_routes(routes: &mut Routes) {
    let page = |name: &str, address: &str| {
        resource(format!("/standards/drafts/{{draft}}{address}")).name(&format!("standards-draft-{name}"))
    };
    routes
        .service(page("rules", "/rules").route(web::get().to(rules::list)))
        .service(
            page("exemption", "/exemptions/{place}")
                .route(web::get().to(rules::exemption))
                .route(web::post().to(rules::save_exemption)),
        )
        .service(
            page("exemption-remove", "/exemptions/{place}/remove")
                .route(web::post().to(rules::remove_exemption)),
        )
        .service(
            page("scoring", "/scoring")
                .route(web::get().to(rules::scoring))
                .route(web::post().to(rules::save_scoring)),
        )
        .service(
            page("plans", "/plans")
                .route(web::get().to(rules::plans))
                .route(web::post().to(rules::save_plans)),
        )
        .service(
            page("signer", "/signers/{role}")
                .route(web::get().to(rules::signer))
                .route(web::post().to(rules::save_signer)),
        )
        .service(
            page("statements", "/statements")
                .route(web::get().to(rules::statements))
                .route(web::post().to(rules::save_statements)),
        );
}

/// The word in an address for something that is not there yet.
const NEW: &str = "new";

fn number(id: &str) -> Result<EditionDraftId> {
    id.parse().map_err(|_| Error::NotFound)
}

/// Reads a draft for somebody of the central team.
async fn read(portal: &Portal, actor: &Actor, id: &str) -> Result<Read> {
    Permit::<ReadDrafts>::grant(actor, Some(Subject::programme()))?;
    let id = number(id)?;
    portal.db.read(Reach::nobodys(), move |conn| Read::of(conn, id)).await
}

/// Reads a draft for somebody who may change it.
async fn read_to_edit(portal: &Portal, central: &Central, id: &str) -> Result<Read> {
    let found = read(portal, &central.by.actor, id).await?;
    found.must_be_editable(&central.by.actor)?;
    Ok(found)
}

/// Who posted a form, the form, and the draft that it is about, which they may change.
async fn posted_about(portal: &Portal, posted: Posted, id: &str) -> Result<(Central, Fields, Read)> {
    let central = Central::of(posted.by)?;
    let found = read_to_edit(portal, &central, id).await?;
    Ok((central, posted.fields, found))
}

/// Does something to a draft, permitted on what it is when the change is made and not when the page was read.
async fn change<A: Action, T: Send + 'static>(
    portal: &Portal,
    actor: &Actor,
    id: EditionDraftId,
    verb: impl FnOnce(&mut Tx<'_>, &Permit<A>) -> Result<Recorded<T>> + Send + 'static,
) -> Result<T> {
    let actor = actor.clone();
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let subject = store::draft(tx.conn(), id)?.head.subject();
            verb(tx, &Permit::<A>::grant(&actor, Some(subject))?)
        })
        .await
}

/// The version that a form was about.
fn version(fields: &Fields) -> Result<i64> {
    let typed = fields.one("version");
    typed.parse().map_err(|_| Error::field("", "The form is incomplete. Load the page again"))
}
