//! Guidance to an edition in the browser: everybody signed in reads it, standards editors publish it.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::model::Note;
use super::pages::{GuidancePage, NoteForm};
use super::publish::publish_guidance;
use super::store;
use super::withdraw::withdraw_guidance;
use super::words::{name_of, said_before};
use crate::access::{Action as _, Actor, Permit, PublishGuidance, Subject, WithdrawGuidance};
use crate::identity::{Central, Posted, SignedIn};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{
    Once, Portal, Routes, downloaded, page_with_status, resource, see_other_with_news,
};
use crate::platform::ids::GuidanceNoteId;
use crate::platform::pages::FormErrors;
use crate::standards::model::Edition;
use crate::standards::store::edition_by_key;

/// The pages of guidance.
pub(in crate::standards) fn routes(routes: &mut Routes) {
    routes
        .service(
            resource("/standards/guidance/{note}/withdraw")
                .name("standards-guidance-withdraw")
                .post(withdraw),
        )
        .service(resource("/standards/{edition}/guidance").name("standards-guidance").get(show).post(publish))
        .service(resource("/standards/{edition}/guidance.csv").name("standards-guidance-csv").get(as_file));
}

async fn read(portal: &Portal, key: &str) -> Result<(Arc<Edition>, Vec<Note>)> {
    let key = key.to_owned();
    portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let (found, _) = edition_by_key(conn, &key)?.ok_or(Error::NotFound)?;
            Ok((Arc::clone(found.edition()), store::notes(conn, found.id())?))
        })
        .await
}

async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    by: SignedIn,
    key: Path<String>,
) -> Result<HttpResponse> {
    let typed = (&NoteForm::default(), &FormErrors::new());
    shown(&request, &portal, &by.actor, &key, (StatusCode::OK, typed)).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    key: &str,
    (status, (form, errors)): (StatusCode, (&NoteForm, &FormErrors)),
) -> Result<HttpResponse> {
    let (edition, mut notes) = read(portal, key).await?;
    let may = PublishGuidance::ROW.allows(actor, &Subject::programme()).is_ok();
    let today = portal.clock.now().london_day();
    // What is written ahead is the editors' alone until its day.
    notes.retain(|note| may || note.holds_on(today));
    let content = GuidancePage::new(&edition, &notes, (today, may), form, errors);
    page_with_status(request, status, &content)
}

async fn publish(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    key: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let actor = central.by.actor.clone();
    Permit::<PublishGuidance>::grant(&actor, Some(Subject::programme()))?;
    let form = NoteForm::read(&fields);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let new = match form.parse(&key) {
        Ok(new) => new,
        Err(errors) => return shown(&request, &portal, &actor, &key, (refused, (&form, &errors))).await,
    };
    let here = format!("/standards/{key}/guidance");
    let once = Once::of(central.by.person, &here, &fields, &here)?;
    let outcome = portal
        .db
        .write(Reach::nobodys(), move |tx| {
            once.begin(tx)?;
            let permit = Permit::<PublishGuidance>::grant(&actor, Some(Subject::programme()))?;
            publish_guidance(tx, &permit, &new)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(
            &here,
            "Guidance published",
            "On its day it takes the place of what was said before, and those whom it concerns are told.",
        )),
        Err(Error::Invalid(list)) => {
            let errors = FormErrors::found(&list, &[("from", "from-day")]);
            shown(&request, &portal, &central.by.actor, &key, (refused, (&form, &errors))).await
        }
        Err(error) => Err(error),
    }
}

async fn withdraw(portal: Data<Portal>, posted: Posted, id: Path<String>) -> Result<HttpResponse> {
    let actor = Central::of(posted.by)?.by.actor;
    let id: GuidanceNoteId = id.parse().map_err(|_| Error::NotFound)?;
    let edition = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let note = store::note(conn, id)?;
            crate::standards::store::edition(conn, note.edition)
        })
        .await?;
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            // The day is that of the change: a note whose day has begun meanwhile stays.
            let today = tx.now().london_day();
            let subject = store::note(tx.conn(), id)?.subject(today);
            withdraw_guidance(tx, &Permit::<WithdrawGuidance>::grant(&actor, Some(subject))?)
        })
        .await?;
    let back = format!("/standards/{}/guidance", edition.key());
    Ok(see_other_with_news(
        &back,
        "Taken back",
        "The note will not come into force, and nobody is told of it.",
    ))
}

async fn as_file(portal: Data<Portal>, by: SignedIn, key: Path<String>) -> Result<HttpResponse> {
    let (edition, mut notes) = read(&portal, &key).await?;
    let may = PublishGuidance::ROW.allows(&by.actor, &Subject::programme()).is_ok();
    let today = portal.clock.now().london_day();
    notes.retain(|note| may || note.holds_on(today));
    let failed = |e: csv::Error| Error::internal("failed to write guidance as CSV", e);
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(["about", "code", "name", "from", "withdrawn", "before", "text"]).map_err(failed)?;
    // A cell that no spreadsheet runs.
    let guarded = |cell: &str| {
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
    };
    for note in &notes {
        let (name, from) = (name_of(&edition, note), note.effective_on.to_string());
        let withdrawn = if note.withdrawn { "yes" } else { "no" };
        let before = said_before(&edition, &notes, note);
        let cells = [note.about.as_str(), &note.code, &name, &from, withdrawn, before, &note.text];
        out.write_record(cells.map(guarded)).map_err(failed)?;
    }
    let body =
        out.into_inner().map_err(|e| Error::internal("failed to write guidance as CSV", e.to_string()))?;
    Ok(downloaded("text/csv; charset=utf-8", &format!("{key}-guidance.csv"), body))
}
