//! Files beside an answer: streamed in before anything is written, streamed out again, taken away.

use std::pin::Pin;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::{Stream, StreamExt as _, stream};

use super::question::{Read, put};
use super::{OfFile, OfQuestion};
use crate::access::{AttachEvidence, ReadReturn};
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::files::{Files, Stored};
use crate::platform::http::{Portal, page_with_status, same_secret, see_other_with_news};
use crate::platform::ids::EvidenceId;
use crate::platform::pages::FormErrors;
use crate::returns::evidence::{
    EvidenceFile, NewEvidence, attach_evidence, detach_evidence, evidence_file, file_name, must_have_room,
};
use crate::returns::readiness::question_href;
use crate::returns::store::{self, Which};

/// The most bytes of a form's other fields.
const FIELD_LIMIT: usize = 1024;
/// Refused uploads are read to their end up to this many bytes, so that the browser gets to see the answer.
const DRAINED: usize = 256 * 1024 * 1024;

/// `POST …/requirements/{code}/evidence`.
pub(super) async fn attach(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfQuestion>,
    form: Multipart,
) -> Result<HttpResponse> {
    let mut form = parts(form);
    let href = question_href(&member.code, &path.year, &path.code);
    match receive(&portal, &member, &path, &mut form).await {
        Ok(name) => Ok(see_other_with_news(&href, "File attached", &name)),
        Err(error) => {
            drain(&mut form).await;
            let (status, message) = match error {
                Error::TooLarge(message) => (StatusCode::PAYLOAD_TOO_LARGE, message),
                Error::Unsupported(message) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, message),
                Error::Invalid(list) => (StatusCode::UNPROCESSABLE_ENTITY, first_message(list)),
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

/// Reads the form: its token first, then the file, whose content is stored before it is linked.
async fn receive(portal: &Portal, member: &Member, path: &OfQuestion, form: &mut Parts) -> Result<String> {
    let mut trusted = false;
    while let Some(field) = form.next().await {
        let mut field = field.map_err(|e| broke_off(&e))?;
        match field.name() {
            Some("csrf") => trusted = same_secret(&small(&mut field).await?, &member.by.csrf),
            Some("file") if trusted => return keep(portal, member, path, field).await,
            Some("file") => break,
            _ => {
                small(&mut field).await?;
            }
        }
    }
    if trusted {
        Err(Error::field("file", "Choose a file to attach"))
    } else {
        Err(Error::Forbidden(
            "This form has expired or was not made by this site. Go back, load the page again and send it once more."
                .to_owned(),
        ))
    }
}

async fn keep(portal: &Portal, member: &Member, path: &OfQuestion, field: Field) -> Result<String> {
    let uploaded = field.content_disposition().and_then(|about| about.get_filename()).unwrap_or_default();
    if uploaded.is_empty() {
        return Err(Error::field("file", "Choose a file to attach"));
    }
    let name = file_name(uploaded);
    may_attach(portal, member, path).await?;
    let content = field.map(|piece| piece.map_err(|e| broke_off(&e)));
    let stored = portal.files.put(&*portal.random, Box::pin(content)).await?;
    link(portal, member, path, name.clone(), stored).await?;
    Ok(name)
}

/// Asked before the content is taken, so that nothing is stored for somebody who may not attach it.
async fn may_attach(portal: &Portal, member: &Member, path: &OfQuestion) -> Result<()> {
    let (organisation, wanted, actor) = (member.organisation, path.clone(), member.by.actor.clone());
    let now = portal.clock.now();
    portal
        .db
        .read(move |conn| {
            let found = store::find(conn, Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (id, _) = put(&found, &wanted.code)?;
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
) -> Result<EvidenceId> {
    let (organisation, wanted, actor) = (member.organisation, path.clone(), member.by.actor.clone());
    portal
        .db
        .write(move |tx| {
            let found =
                store::find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (requirement, _) = put(&found, &wanted.code)?;
            let permit = found.permit::<AttachEvidence>(&actor)?;
            attach_evidence(tx, &permit, &found, &NewEvidence { requirement, file_name, stored })
        })
        .await
}

async fn small(field: &mut Field) -> Result<String> {
    let mut text = Vec::new();
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(|e| broke_off(&e))?;
        if text.len() + piece.len() > FIELD_LIMIT {
            return Err(Error::field("file", "The form could not be read. Go back and send it again."));
        }
        text.extend_from_slice(&piece);
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The parts of a form, which end for good at the first fault: the library must not be asked again after its end.
type Parts = Pin<Box<dyn Stream<Item = Result<Field, MultipartError>>>>;

fn parts(form: Multipart) -> Parts {
    let steps = stream::unfold(Some(form), |form| async {
        let mut form = form?;
        match form.next().await? {
            Ok(field) => Some((Ok(field), Some(form))),
            Err(fault) => Some((Err(fault), None)),
        }
    });
    Box::pin(steps.fuse())
}

async fn drain(form: &mut Parts) {
    let mut left = DRAINED;
    while let Some(Ok(mut field)) = form.next().await {
        while let Some(Ok(piece)) = field.next().await {
            left = left.saturating_sub(piece.len());
            if left == 0 {
                return;
            }
        }
    }
}

fn broke_off(cause: &MultipartError) -> Error {
    Error::field("file", format!("The upload broke off before it was complete: {cause}. Try again"))
}

/// `GET …/requirements/{code}/evidence/{id}`.
pub(super) async fn fetch(portal: Data<Portal>, member: Member, path: Path<OfFile>) -> Result<HttpResponse> {
    let (organisation, wanted) = (member.organisation, path.into_inner());
    let (found, file) = portal
        .db
        .read(move |conn| {
            let found = store::find(conn, Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (requirement, _) = put(&found, &wanted.code)?;
            let id = EvidenceId::new(wanted.id);
            let attached = store::attached(conn, found.id, Some(requirement))?;
            if !attached.iter().any(|file| file.id == id) {
                return Err(Error::NotFound);
            }
            let file = evidence_file(conn, id)?.filter(|file| file.organisation == organisation);
            Ok((found, file.ok_or(Error::NotFound)?))
        })
        .await?;
    found.permit::<ReadReturn>(&member.by.actor)?;
    download(&portal.files, &file).await
}

/// Sends a file to be saved under its name, never shown in the page's own origin. The caller has looked at whose it
/// is.
///
/// # Errors
/// When the content cannot be read.
pub async fn download(files: &Files, file: &EvidenceFile) -> Result<HttpResponse> {
    let content = files.read(&file.sha256).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, file.media_type.as_str()))
        .insert_header((CONTENT_LENGTH, file.size.to_string()))
        .insert_header((CONTENT_DISPOSITION, disposition(&file.file_name)))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(content))
}

/// The name twice: in plain letters for old programs, and in full after RFC 8187.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' }).collect();
    let full: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"._-".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
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
        .write(move |tx| {
            let found =
                store::find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (requirement, _) = put(&found, &wanted.code)?;
            let permit = found.permit::<AttachEvidence>(&actor)?;
            detach_evidence(tx, &permit, &found, requirement, EvidenceId::new(wanted.id))
        })
        .await?;
    Ok(see_other_with_news(&back, "File taken away", "It is no longer part of this answer."))
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn names_cannot_break_out_of_the_header() {
        assert_eq!(
            disposition("a\"; x=é.pdf"),
            "attachment; filename=\"a__ x__.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%C3%A9.pdf"
        );
    }
}
