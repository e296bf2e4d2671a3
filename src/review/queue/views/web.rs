//! Saved views in the browser.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::change::change_view;
use super::choose_default::choose_view;
use super::forget::forget_view;
use super::pages::{ViewPage, ViewsPage};
use super::save::save_view;
use super::store;
use crate::access::{ChangeView, ChooseView, ForgetView, Permit, SaveView, Subject};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::SavedViewId;
use crate::platform::pages::FormErrors;
use crate::review::queue::filter::QueueForm;

const AT: &str = "/reviews/views";

/// `GET /reviews/views`.
pub(in crate::review) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    let me = central.by.person;
    let views = portal.db.read(central.reach, move |conn| store::seen_by(conn, me)).await?;
    page(&request, &ViewsPage::new(&views, ("", ""), &FormErrors::new()))
}

/// `POST /reviews/views`: names a filter.
pub(in crate::review) async fn save(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    let Posted { by, fields } = posted;
    let central = Central::of(by)?;
    let (name, form) = (fields.text("name"), QueueForm::from_query(fields.one("query")));
    let once = Once::of(central.by.person, AT, &fields, AT)?;
    let (actor, typed, query) = (central.by.actor.clone(), name.clone(), form.query());
    let outcome = portal
        .db
        .write(central.reach, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<SaveView>::grant(&actor, Some(Subject::programme()))?;
            save_view(tx, &permit, &name, &form)
        })
        .await;
    match outcome {
        Ok(id) => {
            let words = "You find it above the queue. Only you see it until you share it.";
            Ok(see_other_with_news(&format!("/reviews?view={id}"), "View saved", words))
        }
        Err(Error::Invalid(list)) => {
            let me = central.by.person;
            let views = portal.db.read(central.reach, move |conn| store::seen_by(conn, me)).await?;
            let content = ViewsPage::new(&views, (&typed, &query), &FormErrors::found(&list, &[]));
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}

/// `GET /reviews/views/{id}`.
pub(in crate::review) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (me, id) = (central.by.person, SavedViewId::new(*id));
    let view = portal.db.read(central.reach, move |conn| store::seen(conn, me, id)).await?;
    page(&request, &ViewPage::new(&view, &view.name, view.shared, &FormErrors::new()))
}

/// `POST /reviews/views/{id}`: another name, shared or not.
pub(in crate::review) async fn change(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let Posted { by, fields } = posted;
    let central = Central::of(by)?;
    let (me, id) = (central.by.person, SavedViewId::new(*id));
    let (name, shared) = (fields.text("name"), fields.one("shared") == "yes");
    let version: i64 = fields.one("version").parse().unwrap_or_default();
    let (actor, typed) = (central.by.actor.clone(), name.clone());
    let outcome = portal
        .db
        .write(central.reach, move |tx| {
            let mut view = store::seen(tx.conn(), me, id)?;
            let permit = Permit::<ChangeView>::grant(&actor, Some(view.subject()))?;
            view.version = version;
            change_view(tx, &permit, &view, (&name, shared))
        })
        .await;
    match outcome {
        Ok(()) => Ok(see_other_with_news(AT, "View changed", "The queue lists it under its name.")),
        Err(Error::Invalid(list)) => {
            let view = portal.db.read(central.reach, move |conn| store::seen(conn, me, id)).await?;
            let content = ViewPage::new(&view, &typed, shared, &FormErrors::found(&list, &[]));
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}

/// `POST /reviews/views/{id}/default`: to start with it, or no longer.
pub(in crate::review) async fn start_with(
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let Posted { by, fields } = posted;
    let central = Central::of(by)?;
    let (me, id, actor) = (central.by.person, SavedViewId::new(*id), central.by.actor);
    let start = fields.one("start") == "yes";
    portal
        .db
        .write(central.reach, move |tx| {
            let view = store::seen(tx.conn(), me, id)?;
            let permit = Permit::<ChooseView>::grant(&actor, Some(view.subject()))?;
            choose_view(tx, &permit, &view, start)
        })
        .await?;
    let words =
        if start { "The queue opens with this view." } else { "The queue opens with all that is open." };
    Ok(see_other_with_news(AT, "Saved", words))
}

/// `POST /reviews/views/{id}/remove`.
pub(in crate::review) async fn remove(
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let central = Central::of(posted.by)?;
    let (me, id, actor) = (central.by.person, SavedViewId::new(*id), central.by.actor);
    portal
        .db
        .write(central.reach, move |tx| {
            let view = store::seen(tx.conn(), me, id)?;
            let permit = Permit::<ForgetView>::grant(&actor, Some(view.subject()))?;
            forget_view(tx, &permit, &view)
        })
        .await?;
    Ok(see_other_with_news(AT, "View removed", "The reviews it listed are where they were."))
}
