//! Evidence of a draft: a file streamed in before anything is written, a piece of the library, and taken away again.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::drafts::{Address, Place};
use crate::access::DraftReply;
use crate::identity::{Member, PostedByMember};
use crate::platform::canonical::hex;
use crate::platform::error::{Error, Result};
use crate::platform::files::bare_name;
use crate::platform::http::{
    Fields, Once, Portal, Upload, UploadedFile, page_with_status, see_other_with_news,
};
use crate::platform::ids::{EvidenceId, PieceId};
use crate::platform::pages::FormErrors;
use crate::returns::{KeptContent, NOT_KEPT};
use crate::review::queries::{MessageFile, attach_file, attach_piece, detach};
use crate::review::web::{change_within, form_errors, must_be_allowed};

/// `POST …/drafts/{draft}/file`.
pub(super) async fn upload(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Address,
    form: Multipart,
) -> Result<HttpResponse> {
    let mut form = Upload::of(form);
    let place = match Place::of(&portal, &member, path).await {
        Ok(place) => place,
        Err(error) => {
            form.drain().await;
            return Err(error);
        }
    };
    match receive(&portal, &member, &place, &mut form).await {
        Ok(name) => Ok(see_other_with_news(&place.at, "File added", &name)),
        Err(error) => {
            form.drain().await;
            let (status, errors) = said_at_the_file(error)?;
            let content = place.page(&portal, &member, (None, ""), &errors).await?;
            page_with_status(&request, status, &content)
        }
    }
}

/// What is said beside the control of a file that was not taken.
fn said_at_the_file(error: Error) -> Result<(StatusCode, FormErrors)> {
    let (status, message) = match error {
        Error::TooLarge(message) => (StatusCode::PAYLOAD_TOO_LARGE, message),
        Error::Unsupported(message) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, message),
        Error::Invalid(list) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            list.into_iter()
                .next()
                .map_or_else(|| "The file could not be attached".to_owned(), |first| first.message),
        ),
        Error::FilesUnreachable(why) => {
            log::error!(target: "portal::evidence", "an upload was not kept: {why}");
            (StatusCode::SERVICE_UNAVAILABLE, NOT_KEPT.to_owned())
        }
        other => return Err(other),
    };
    let mut errors = FormErrors::new();
    errors.add("file", message);
    Ok((status, errors))
}

/// Asks whether the person may, then reads the form: its token first, then the file, whose content is stored before it is
/// linked.
async fn receive(portal: &Portal, member: &Member, place: &Place, form: &mut Upload) -> Result<String> {
    must_be_allowed::<DraftReply>(portal, member.reach, &member.by.actor, place.of.query.review).await?;
    place.must_be_open_to(member)?;
    match form.file(&member.by.csrf).await? {
        Some(file) => {
            let fields = form.fields();
            keep(portal, member, place, file, &fields).await
        }
        None => Err(Error::field("file", "Choose a file to attach")),
    }
}

async fn keep(
    portal: &Portal,
    member: &Member,
    place: &Place,
    file: UploadedFile,
    fields: &Fields,
) -> Result<String> {
    let name = bare_name(&file.name);
    let stored = portal.files.put(&*portal.random, file.content).await?;
    // The same page with the same file again is a repeat; with another file it is another form.
    let route = format!("{}/file {name} {}", place.at, hex(&stored.sha256));
    let once = Once::of(member.by.person, &route, fields, &place.at)?;
    let wait = !portal.config.files.scanner.is_empty();
    let file = MessageFile { content: KeptContent { name: name.clone(), stored, wait } };
    let at = (place.id, place.draft);
    let (reach, actor, review) = (member.reach, &member.by.actor, place.of.query.review);
    change_within::<DraftReply, _, _>(portal, reach, actor, review, move |tx, permit, _| {
        once.begin(tx)?;
        attach_file(tx, permit, at, &file)
    })
    .await?;
    Ok(name)
}

/// `POST …/drafts/{draft}/piece`.
pub(super) async fn choose(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Address,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let place = Place::of(&portal, &member, path).await?;
    let (reach, actor, review) = (member.reach, &member.by.actor, place.of.query.review);
    must_be_allowed::<DraftReply>(&portal, reach, actor, review).await?;
    let at = (place.id, place.draft);
    let added = match fields.one("piece").parse::<PieceId>() {
        Ok(piece) => {
            change_within::<DraftReply, _, _>(&portal, reach, actor, review, move |tx, permit, _| {
                attach_piece(tx, permit, at, piece)
            })
            .await
        }
        Err(_) => Err(Error::field("piece", "Choose a piece of evidence from the list")),
    };
    match added {
        Ok(_) => Ok(see_other_with_news(&place.at, "Evidence added", "It comes with the answer.")),
        Err(Error::Invalid(found)) => {
            let content = place.page(&portal, &member, (None, ""), &form_errors(found)).await?;
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}

/// `POST …/drafts/{draft}/files/{evidence}/remove`.
pub(super) async fn remove(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<(String, String, i64, i64, i64)>,
) -> Result<HttpResponse> {
    let member = posted.member;
    let (organisation, year, id, draft, file) = path.into_inner();
    let place = Place::of(&portal, &member, Path::from((organisation, year, id, draft))).await?;
    let (at, file) = ((place.id, place.draft), EvidenceId::new(file));
    let (reach, actor, review) = (member.reach, &member.by.actor, place.of.query.review);
    change_within::<DraftReply, _, _>(&portal, reach, actor, review, move |tx, permit, _| {
        detach(tx, permit, at, file)
    })
    .await?;
    Ok(see_other_with_news(&place.at, "Evidence taken away", "It stays in the evidence library."))
}
