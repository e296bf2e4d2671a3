//! What a reviewer does beside deciding: flags, private notes, agreeing at once where nothing differs, going on where they
//! stopped, and the help about the keyboard.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::answers::{At, filter, refused};
use super::{central, change, form_errors, limited, must_be_allowed};
use crate::access::{Actor, DecideAnswer, FlagAnswer, Permit, WithdrawNote, WriteNote};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page, page_with_status, see_other, see_other_with_news};
use crate::platform::ids::{NoteId, ReviewId};
use crate::platform::pages::FormErrors;
use crate::review::claim::own;
use crate::review::consistency::may_read;
use crate::review::notes::{NOTE_LIMIT, withdraw_note, write_note};
use crate::review::pages::{AgreePage, Attempt, Chosen, KeysPage, Typed, requirement_href};
use crate::review::store;
use crate::review::web::work::overview;
use crate::review::workspace::{
    Candidates, Flagged, Places, Show, agree_with, candidates, flag_answer, place_of,
};

/// `GET /help/keyboard`.
pub(super) async fn keys(request: HttpRequest) -> Result<HttpResponse> {
    page(&request, &KeysPage {})
}

/// `POST /reviews/{id}/flags`.
pub(super) async fn flag(portal: Data<Portal>, posted: Posted, id: Path<i64>) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let id = ReviewId::new(*id);
    let code = fields.one("requirement").to_owned();
    let flagged = if fields.one("flagged") == "no" { Flagged::Off } else { Flagged::On };
    let back = requirement_href(id, &code, filter(fields.one("show")));
    change::<FlagAnswer, _, _>(&portal, &actor, id, move |tx, permit, _| {
        flag_answer(tx, permit, &code, flagged)
    })
    .await?;
    let (heading, words) = match flagged {
        Flagged::On => ("Flag put on", "You find it in the list under \"Flagged\"."),
        Flagged::Off => ("Flag taken off", "The answer is no longer flagged."),
    };
    Ok(see_other_with_news(&back, heading, words))
}

/// The page that a note stands on: that of its requirement, or the review's own.
fn page_of(id: ReviewId, code: &str) -> String {
    if code.is_empty() { format!("/reviews/{id}") } else { requirement_href(id, code, Show::All) }
}

/// `POST /reviews/{id}/notes`.
pub(super) async fn note(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let person = posted.by.person;
    let (actor, fields) = central(posted)?;
    let id = ReviewId::new(*id);
    let (code, text) = (fields.one("requirement").to_owned(), fields.text("note"));
    let mut errors = FormErrors::new();
    if text.is_empty() {
        errors.add("note", "Enter the note");
    }
    limited(&text, NOTE_LIMIT, "note", "The note", &mut errors);
    if !errors.is_empty() {
        must_be_allowed::<WriteNote>(&portal, actor.central_reach()?, &actor, id).await?;
        if code.is_empty() {
            let typed = Typed { note: text, ..Typed::default() };
            let content = overview(&portal, &actor, id, &typed, &errors).await?;
            return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
        }
        let attempt = Attempt { note: text, ..Attempt::default() };
        let at = At { id, code: &code, show: Show::All };
        return refused(&request, &portal, &actor, at, &attempt, &errors).await;
    }
    let to = page_of(id, &code);
    let once = Once::of(person, &format!("/reviews/{id}/notes"), &fields, &to)?;
    change::<WriteNote, _, _>(&portal, &actor, id, move |tx, permit, _| {
        once.begin(tx)?;
        write_note(tx, permit, &code, &text)
    })
    .await?;
    Ok(see_other_with_news(&to, "Note kept", "Only the central team sees it."))
}

/// `POST /reviews/{id}/notes/{note}/withdraw`.
pub(super) async fn take_note_back(
    portal: Data<Portal>,
    posted: Posted,
    path: Path<(i64, i64)>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let (id, note) = path.into_inner();
    let (id, note) = (ReviewId::new(id), NoteId::new(note));
    change::<WithdrawNote, _, _>(&portal, &actor, id, move |tx, permit, _| withdraw_note(tx, permit, note))
        .await?;
    let to = page_of(id, fields.one("requirement"));
    Ok(see_other_with_news(&to, "Note taken back", "Nobody sees it any more."))
}

/// What can be agreed with at once, for the reviewer of the review.
async fn offered(portal: &Portal, actor: &Actor, id: ReviewId) -> Result<Candidates> {
    let (who, today) = (actor.clone(), portal.clock.now().london_day());
    portal
        .db
        .read(actor.central_reach()?, move |conn| {
            let review = store::review(conn, id)?;
            own(&Permit::<DecideAnswer>::grant(&who, Some(review.subject()))?, &review)?;
            candidates(conn, id, today)
        })
        .await
}

/// `GET /reviews/{id}/agree`.
pub(super) async fn choose(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let of = offered(&portal, &central.by.actor, ReviewId::new(*id)).await?;
    page(&request, &AgreePage::choose(&of, None, &FormErrors::new()))
}

/// `POST /reviews/{id}/agree`: first what was ticked is shown once more, then it is done.
pub(super) async fn agree(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let id = ReviewId::new(*id);
    let chosen: Chosen = fields.all("codes").into_iter().collect();
    if fields.one("step") == "agree" {
        return agreed(&request, &portal, &actor, id, &chosen).await;
    }
    let of = offered(&portal, &actor, id).await?;
    let still: BTreeSet<String> = chosen.intersection(&of.codes).cloned().collect();
    if still.is_empty() {
        return nothing_ticked(&request, &of);
    }
    page(&request, &AgreePage::preview(&of, &still))
}

fn nothing_ticked(request: &HttpRequest, of: &Candidates) -> Result<HttpResponse> {
    let mut errors = FormErrors::new();
    if of.codes.is_empty() {
        errors.add_whole("There is nothing to agree with at once");
    } else {
        errors.add("codes", "Tick at least one answer");
    }
    let content = AgreePage::choose(of, Some(&Chosen::new()), &errors);
    page_with_status(request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}

async fn agreed(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    id: ReviewId,
    chosen: &Chosen,
) -> Result<HttpResponse> {
    let codes = chosen.clone();
    let done =
        change::<DecideAnswer, _, _>(portal, actor, id, move |tx, permit, _| agree_with(tx, permit, &codes))
            .await;
    match done {
        Ok(count) => {
            let words = if count == 1 { "1 answer".to_owned() } else { format!("{count} answers") };
            let to = format!("/reviews/{id}");
            Ok(see_other_with_news(&to, "Agreed", &format!("You agreed with {words}.")))
        }
        Err(Error::Invalid(found)) => {
            let of = offered(portal, actor, id).await?;
            let content = AgreePage::choose(&of, Some(chosen), &form_errors(found));
            page_with_status(request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}

/// `GET /reviews/{id}/continue`: leads to the requirement that was looked at last, else to the first undecided one.
pub(super) async fn go_on_where_stopped(
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let id = ReviewId::new(*id);
    let actor = central.by.actor;
    let leafing = actor.id().and_then(|me| portal.kept.of::<Places>().of((me, id)));
    let to = portal
        .db
        .read(central.reach, move |conn| {
            let case = crate::review::case::Case::load(conn, id)?;
            may_read(conn, &actor, &case.found)?;
            let me = actor.id().ok_or(Error::NotFound)?;
            let place = match leafing {
                Some(row) => Some(row),
                None => place_of(conn, me, id)?,
            };
            let place = place.and_then(|row| case.found.edition.position_of(row));
            let code = match place.and_then(|position| case.edition().requirements().get(position)) {
                Some(requirement) => Some(requirement.code.to_string()),
                None => case.wanting().first().map(|code| (*code).to_owned()),
            };
            Ok(code.map_or_else(|| format!("/reviews/{id}"), |code| requirement_href(id, &code, Show::All)))
        })
        .await?;
    Ok(see_other(&to))
}
