//! Files beside an answer: streamed in before anything is written, streamed out again, taken away.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::download::{Sent, download};
use super::question::{Read, put};
use super::{OfFile, OfQuestion};
use crate::access::{AttachEvidence, ReadGiven};
use crate::identity::{Member, PostedByMember};
use crate::platform::canonical::hex;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::files::{Stored, bare_name};
use crate::platform::http::{
    Fields, Once, Portal, Upload, UploadedFile, page_with_status, see_other_with_news,
};
use crate::platform::ids::EvidenceId;
use crate::platform::pages::FormErrors;
use crate::returns::evidence::{
    NewEvidence, attach_evidence, detach_evidence, evidence_file, must_have_room,
};
use crate::returns::library::NOT_KEPT;
use crate::returns::readiness::question_href;
use crate::returns::sharing::must_see;
use crate::returns::store::{self, Which};

/// `POST …/requirements/{code}/evidence`.
pub(super) async fn attach(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfQuestion>,
    form: Multipart,
) -> Result<HttpResponse> {
    let mut form = Upload::of(form);
    let href = question_href(&member.code, &path.year, &path.code);
    match receive(&portal, &member, &path, &mut form).await {
        Ok(name) => Ok(see_other_with_news(&href, "File attached", &name)),
        Err(error) => {
            form.drain().await;
            let (status, message) = match error {
                Error::TooLarge(message) => (StatusCode::PAYLOAD_TOO_LARGE, message),
                Error::Unsupported(message) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, message),
                Error::Invalid(list) => (StatusCode::UNPROCESSABLE_ENTITY, first_message(list)),
                Error::FilesUnreachable(why) => {
                    log::error!(target: "portal::evidence", "an upload was not kept: {why}");
                    (StatusCode::SERVICE_UNAVAILABLE, NOT_KEPT.to_owned())
                }
                other => return Err(other),
            };
            let mut errors = FormErrors::new();
            errors.add("file", message);
            let read = Read::of(&portal, &member, &path).await?;
            page_with_status(&request, status, &read.page(&portal, &member.by.actor, None, &errors)?)
        }
    }
}

fn first_message(list: Vec<FieldError>) -> String {
    list.into_iter().next().map_or_else(|| "The file could not be attached".to_owned(), |first| first.message)
}

/// Asks whether the person may, then reads the form: its token first, then the file, whose content is stored before it is linked.
async fn receive(portal: &Portal, member: &Member, path: &OfQuestion, form: &mut Upload) -> Result<String> {
    may_attach(portal, member, path).await?;
    match form.file(&member.by.csrf).await? {
        Some(file) => {
            let fields = form.fields();
            keep(portal, member, path, file, &fields).await
        }
        None => Err(Error::field("file", "Choose a file to attach")),
    }
}

async fn keep(
    portal: &Portal,
    member: &Member,
    path: &OfQuestion,
    file: UploadedFile,
    fields: &Fields,
) -> Result<String> {
    let name = bare_name(&file.name);
    let stored = portal.files.put(&*portal.random, file.content).await?;
    let href = question_href(&member.code, &path.year, &path.code);
    // The same page with the same file again is a repeat; with another file it is another form.
    let route = format!("{href}/evidence {name} {}", hex(&stored.sha256));
    let once = Once::of(member.by.person, &route, fields, &href)?;
    link(portal, member, path, name.clone(), stored, once).await?;
    Ok(name)
}

/// Asked before the content is taken, so that nothing is stored for somebody who may not attach it.
async fn may_attach(portal: &Portal, member: &Member, path: &OfQuestion) -> Result<()> {
    let (organisation, wanted, actor) = (member.organisation, path.clone(), member.by.actor.clone());
    let now = portal.clock.now();
    portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (id, _) = put(&found, &wanted.code)?;
            must_see(conn, &found, &actor, id)?;
            found.permit::<AttachEvidence>(&actor)?;
            found.must_be_taken(now)?;
            must_have_room(conn, found.id, id)
        })
        .await
}

async fn link(
    portal: &Portal,
    member: &Member,
    path: &OfQuestion,
    file_name: String,
    stored: Stored,
    once: Once,
) -> Result<EvidenceId> {
    let (organisation, wanted, actor) = (member.organisation, path.clone(), member.by.actor.clone());
    let wait = !portal.config.files.scanner.is_empty();
    portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found =
                store::find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (requirement, _) = put(&found, &wanted.code)?;
            let permit = found.permit::<AttachEvidence>(&actor)?;
            let new = NewEvidence { requirement, file_name, stored, wait };
            attach_evidence(tx, &permit, &found, &new)
        })
        .await
}

/// `GET …/requirements/{code}/evidence/{id}`.
pub(super) async fn fetch(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfFile>,
) -> Result<HttpResponse> {
    let (organisation, wanted, actor) = (member.organisation, path.into_inner(), member.by.actor.clone());
    let (found, file) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (requirement, _) = put(&found, &wanted.code)?;
            must_see(conn, &found, &actor, requirement)?;
            let id = EvidenceId::new(wanted.id);
            let attached = store::attached(conn, found.id, Some(requirement))?;
            if !attached.iter().any(|file| file.id == id) {
                return Err(Error::NotFound);
            }
            let file = evidence_file(conn, id)?.filter(|file| file.organisation == organisation);
            Ok((found, file.ok_or(Error::NotFound)?))
        })
        .await?;
    found.permit::<ReadGiven>(&member.by.actor)?;
    download(&request, &portal.files, &file, Sent::ToSave).await
}

/// `POST …/requirements/{code}/evidence/{id}/detach`.
pub(super) async fn detach(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfFile>,
) -> Result<HttpResponse> {
    let member = posted.member;
    let wanted = path.into_inner();
    let back = question_href(&member.code, &wanted.year, &wanted.code);
    let (organisation, actor) = (member.organisation, member.by.actor);
    portal
        .db
        .write(member.reach, move |tx| {
            let found =
                store::find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (requirement, _) = put(&found, &wanted.code)?;
            let permit = found.permit::<AttachEvidence>(&actor)?;
            detach_evidence(tx, &permit, &found, requirement, EvidenceId::new(wanted.id))
        })
        .await?;
    Ok(see_other_with_news(
        &back,
        "Evidence taken away",
        "It is no longer part of this answer, and stays in the library.",
    ))
}
