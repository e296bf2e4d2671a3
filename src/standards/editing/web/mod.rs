//! Drafts of editions in the browser: the central team reads them, standards editors make them.

mod compare;
mod draft;
mod list;
mod parts;
mod profiles;
mod requirement;
mod rules;
mod save;

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
        .service(resource("/standards/compare").name("standards-compare").get(compare::editions_compared))
        .service(
            resource("/standards/compare.csv").name("standards-compare-csv").get(compare::editions_as_file),
        )
        .service(page("s", "").get(list::list).post(list::begin))
        .service(page("", "/{draft}").get(draft::show))
        .service(page("-history", "/{draft}/history").get(draft::history))
        .service(page("-done", "/{draft}/done").post(draft::done))
        .service(page("-freeze", "/{draft}/freeze").post(draft::freeze))
        .service(page("-discard", "/{draft}/discard").post(draft::discard))
        .service(page("-changes", "/{draft}/changes").get(compare::draft_changes))
        .service(page("-changes-csv", "/{draft}/changes.csv").get(compare::draft_as_file))
        .service(page("-order", "/{draft}/order").post(parts::order))
        .service(page("-details", "/{draft}/details").get(parts::details).post(parts::save_details))
        .service(page("-section", "/{draft}/sections/{code}").get(parts::section).post(parts::save_section))
        .service(page("-section-remove", "/{draft}/sections/{code}/remove").post(parts::remove_section))
        .service(
            page("-requirement", "/{draft}/requirements/{code}")
                .get(requirement::show)
                .post(requirement::save),
        )
        .service(page("-requirement-remove", "/{draft}/requirements/{code}/remove").post(requirement::remove))
        .service(page("-profiles", "/{draft}/profiles").get(profiles::list))
        .service(page("-profile", "/{draft}/profiles/{key}").get(profiles::show).post(profiles::save))
        .service(page("-sector", "/{draft}/sectors/{key}").get(profiles::sector).post(profiles::save_sector));
    rules_routes(routes);
}

/// The pages of a draft's rules.
fn rules_routes(routes: &mut Routes) {
    let page = |name: &str, address: &str| {
        resource(format!("/standards/drafts/{{draft}}{address}")).name(&format!("standards-draft-{name}"))
    };
    routes
        .service(page("rules", "/rules").get(rules::list))
        .service(page("exemption", "/exemptions/{place}").get(rules::exemption).post(rules::save_exemption))
        .service(page("exemption-remove", "/exemptions/{place}/remove").post(rules::remove_exemption))
        .service(page("scoring", "/scoring").get(rules::scoring).post(rules::save_scoring))
        .service(page("plans", "/plans").get(rules::plans).post(rules::save_plans))
        .service(page("signer", "/signers/{role}").get(rules::signer).post(rules::save_signer))
        .service(page("statements", "/statements").get(rules::statements).post(rules::save_statements));
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
