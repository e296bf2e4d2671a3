//! Taking everything out: one return with its reviews, or every return of an organisation with its files.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Path};

use crate::access::{Action as _, Actor, Subject, TakeOut};
use crate::identity::Member;
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Db, Reach};
use crate::platform::error::{Error, Result};
use crate::platform::files::bare_name;
use crate::platform::http::{Portal, downloaded};
use crate::platform::ids::{OrganisationId, ReturnId};
use crate::returns::{self, Content, Part, ReturnExport, Which};
use crate::review::export::{as_json, whole_export};

/// `GET /organisations/{organisation}/returns/{year}/export.json`.
pub(super) async fn one(
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (name, export) = whole(&portal, member, path.into_inner().1).await?;
    let bytes = returns::aside("failed to write an export", move || as_json(&export)).await??;
    Ok(downloaded("application/json", &format!("{name}.json"), bytes))
}

/// `GET /organisations/{organisation}/returns/{year}/export.ods`: the same to be read by people.
pub(super) async fn sheets(
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let now = portal.clock.now();
    let (name, export) = whole(&portal, member, path.into_inner().1).await?;
    let written = move || returns::export_ods(&export, now);
    let bytes = returns::aside("failed to write an export", written).await??;
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    Ok(downloaded(kind, &format!("{name}-everything.ods"), bytes))
}

/// `GET /organisations/{organisation}/returns/{year}/oscal.json`: the same as OSCAL assessment results.
pub(super) async fn oscal(
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (organisation, now, actor) = (member.organisation, portal.clock.now(), member.by.actor);
    let year = path.into_inner().1;
    let (name, read, export) = portal
        .db
        .read(member.reach, move |conn| {
            let read = returns::whole(conn, organisation, &year)?;
            read.0.permit::<TakeOut>(&actor)?;
            let export = whole_export(conn, &read.0, now)?;
            Ok((format!("{}-{}-oscal.json", read.0.code, read.0.collection.key), read, export))
        })
        .await?;
    let written = move || returns::oscal_results(&read, &export, now);
    let bytes = returns::aside("failed to write OSCAL", written).await??;
    Ok(downloaded("application/json", &name, bytes))
}

/// A member's whole return of a year, and what its files are called.
async fn whole(portal: &Portal, member: Member, year: String) -> Result<(String, ReturnExport)> {
    let (organisation, now, actor) = (member.organisation, portal.clock.now(), member.by.actor);
    portal
        .db
        .read(member.reach, move |conn| {
            let found = returns::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            found.permit::<TakeOut>(&actor)?;
            let export = whole_export(conn, &found, now)?;
            Ok((format!("{}-{}", found.code, found.collection.key), export))
        })
        .await
}

/// What stands in the bundle beside the returns.
const READ_ME: &str = "Everything that this organisation keeps in the portal.\r\n\r\n\
     organisation.json  people with their roles, invitations, delegations of signing, the evidence library with all versions,\r\n\
     \x20                  certificates and services, corrections asked for in the list of sites.\r\n\
     returns/   one JSON document for each collection: questions, answers with their versions, comments, names of\r\n\
     \x20          files, owners, discussions, improvement plan, signatures, interim returns, submissions, reviews,\r\n\
     \x20          challenges of decisions, letters, withdrawals, arrangements for sites, board papers.\r\n\
     evidence/  the files, each in a folder named after the SHA-256 of its content.\r\n";

/// `GET /organisations/{organisation}/export.zip`, written while it is sent.
pub(super) async fn everything(portal: Data<Portal>, member: Member) -> Result<HttpResponse> {
    may_take_everything(&member.by.actor, &member)?;
    let (organisation, reach, now) = (member.organisation, member.reach, portal.clock.now());
    let (years, files) = portal
        .db
        .read(reach, move |conn| {
            let mut years = Vec::new();
            for (_, id, ..) in returns::returns_of(conn, organisation)? {
                let found = returns::find(conn, Which::Id(id))?.ok_or(Error::NotFound)?;
                years.push((id, found.collection.key));
            }
            Ok((years, returns::evidence_of(conn, organisation)?))
        })
        .await?;
    let read_me = Content::Made(Box::new(|| Ok(READ_ME.as_bytes().to_vec())));
    let mut parts = vec![Part { name: "README.txt".to_owned(), content: read_me }];
    let db = portal.db.clone();
    let content = Content::Made(Box::new(move || whatever_the_year(&db, reach, organisation, now)));
    parts.push(Part { name: "organisation.json".to_owned(), content });
    for (id, key) in years {
        let db = portal.db.clone();
        let content = Content::Made(Box::new(move || of_one(&db, reach, id, now)));
        parts.push(Part { name: format!("returns/{key}.json"), content });
    }
    for file in files {
        let name = format!("evidence/{}/{}", hex(&file.sha256), bare_name(&file.name));
        parts.push(Part { name, content: Content::Kept(file.sha256, file.size) });
    }
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/zip"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}.zip\"", member.code)))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(returns::bundle(portal.files.clone(), parts)))
}

fn may_take_everything(actor: &Actor, member: &Member) -> Result<()> {
    let organisation = member.organisation;
    let subject =
        Subject { kind: "return", id: organisation.get(), organisation: Some(organisation), state: "" };
    TakeOut::ROW.allows(actor, &subject)
}

/// What belongs to no year.
fn whatever_the_year(db: &Db, reach: Reach, whose: OrganisationId, now: Timestamp) -> Result<Vec<u8>> {
    let export = db.read_now(reach, move |conn| returns::organisation_export(conn, whose, now))?;
    serde_json::to_vec_pretty(&export).map_err(|e| Error::internal("failed to write an export", e))
}

/// The export of one return, made when its turn comes.
fn of_one(db: &Db, reach: Reach, id: ReturnId, now: Timestamp) -> Result<Vec<u8>> {
    db.read_now(reach, move |conn| {
        let found = returns::find(conn, Which::Id(id))?.ok_or(Error::NotFound)?;
        as_json(&whole_export(conn, &found, now)?)
    })
}
