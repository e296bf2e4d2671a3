//! The queue in the browser, and as a file.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};

use super::csv;
use super::filter::QueueForm;
use super::listing;
use super::pages::{Around, QueuePage};
use super::roll::Roll;
use super::views;
use crate::identity::Central;
use crate::platform::error::Result;
use crate::platform::http::{Portal, page, see_other};
use crate::review::allocation::OnQueue;

/// `GET /reviews`. Without any wish of its own the address leads to the view that the person has made their own.
pub(in crate::review) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    form: Query<QueueForm>,
) -> Result<HttpResponse> {
    let (asked, me, now) = (form.into_inner(), central.by.person, portal.clock.now());
    let (roll, actor) = (portal.kept.of::<Roll>(), central.by.actor.clone());
    let bare = request.query_string().is_empty();
    let (form, views, found) = portal
        .db
        .read(central.reach, move |conn| {
            let views = views::seen_by(conn, me)?;
            if bare && views.iter().any(|view| view.is_default) {
                return Ok((asked, views, None));
            }
            let form = views::filled(asked, &views);
            let found = listing::page(conn, &roll, &listing::reading(&form, &actor)?, now)?;
            Ok((form, views, Some(found)))
        })
        .await?;
    let Some((choices, filter, listing)) = found else {
        let chosen = views.iter().find(|view| view.is_default);
        return Ok(see_other(&chosen.map_or("/reviews?state=open".to_owned(), views::View::href)));
    };
    let around = Around { choices: &choices, views: &views, now };
    let content = QueuePage::new(&form, &filter, &listing, &around);
    page(&request, &content.with_allocation(OnQueue::of(&central.by.actor), &listing))
}

/// `GET /reviews/queue.csv`: everything under the filter, in its order.
pub(in crate::review) async fn file(
    portal: Data<Portal>,
    central: Central,
    form: Query<QueueForm>,
) -> Result<HttpResponse> {
    let (asked, me, now) = (form.into_inner(), central.by.person, portal.clock.now());
    let (roll, reach, actor) = (portal.kept.of::<Roll>(), central.reach, central.by.actor);
    let ids = portal
        .db
        .read(reach, move |conn| {
            let views = views::seen_by(conn, me)?;
            let form = views::filled(asked, &views);
            listing::all(conn, &roll, &listing::reading(&form, &actor)?, now)
        })
        .await?;
    Ok(csv::download(portal.db.clone(), reach, ids, now))
}
