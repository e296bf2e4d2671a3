//! The list of drafts, and beginning one from an edition or a file.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::super::begin::{Beginning, begin_draft};
use super::super::draft_href;
use super::super::pages::{DraftsPage, NewDraft};
use super::super::store;
use crate::access::{Action as _, BeginDraft, Permit, ReadDrafts, Subject};
use crate::identity::{Central, Posted};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::standards::editing::begin::Naming;
use crate::standards::model::Edition;
use crate::standards::store::editions;

const HERE: &str = "/standards/drafts";

/// `GET /standards/drafts`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    Permit::<ReadDrafts>::grant(&central.by.actor, Some(Subject::programme()))?;
    let typed = (&NewDraft::default(), &FormErrors::new());
    shown(&request, &portal, &central, StatusCode::OK, typed).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    central: &Central,
    status: StatusCode,
    (typed, errors): (&NewDraft, &FormErrors),
) -> Result<HttpResponse> {
    let may_begin = BeginDraft::ROW.allows(&central.by.actor, &Subject::programme()).is_ok();
    let (drafts, editions) =
        portal.db.read(Reach::nobodys(), |conn| Ok((store::drafts(conn)?, editions(conn)?))).await?;
    page_with_status(request, status, &DraftsPage::new(&drafts, &editions, may_begin, typed, errors))
}

/// `POST /standards/drafts`.
pub(super) async fn begin(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let actor = central.by.actor.clone();
    Permit::<BeginDraft>::grant(&actor, Some(Subject::programme()))?;
    let typed = NewDraft::read(&fields);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let naming = match typed.naming() {
        Ok(naming) => naming,
        Err(errors) => return shown(&request, &portal, &central, refused, (&typed, &errors)).await,
    };
    let once = Once::of(central.by.person, HERE, &fields, HERE)?;
    let beginning = Beginning::Copy(typed.from.clone());
    let outcome = portal
        .db
        .write(Reach::nobodys(), move |tx| {
            once.begin(tx)?;
            let permit = Permit::<BeginDraft>::grant(&actor, Some(Subject::programme()))?;
            begin_draft(tx, &permit, &beginning, &naming)
        })
        .await;
    match outcome {
        Ok(id) => Ok(see_other_with_news(
            &draft_href(id),
            "Draft begun",
            "It says what the edition says that it was copied from. Change what is to change.",
        )),
        Err(Error::Invalid(list)) => {
            let errors = FormErrors::found(&list, &[]);
            shown(&request, &portal, &central, refused, (&typed, &errors)).await
        }
        Err(error) => Err(error),
    }
}

/// Begins a draft with an edition that was read from a file; leads to it.
///
/// # Errors
/// [`Error::Refused`] when the key is taken.
pub(in crate::standards) async fn begin_from_file(
    portal: &Portal,
    central: &Central,
    (once, edition): (Once, Edition),
) -> Result<HttpResponse> {
    let actor = central.by.actor.clone();
    let naming = Naming { key: edition.key().clone(), label: edition.label().to_owned() };
    let outcome = portal
        .db
        .write(Reach::nobodys(), move |tx| {
            once.begin(tx)?;
            let permit = Permit::<BeginDraft>::grant(&actor, Some(Subject::programme()))?;
            begin_draft(tx, &permit, &Beginning::File(Box::new(edition)), &naming)
        })
        .await;
    match outcome {
        Ok(id) => Ok(see_other_with_news(&draft_href(id), "Draft begun", "It says what the file says.")),
        Err(Error::Invalid(list)) => {
            let why = list.into_iter().map(|found| found.message).collect::<Vec<_>>().join(". ");
            Err(Error::Refused(format!("{why}.")))
        }
        Err(error) => Err(error),
    }
}
