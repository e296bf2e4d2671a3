//! An organisation's home, and starting its return.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::Year as OfYear;
use crate::access::{Action as _, Permit, ReadGiven, StartReturn, Subject};
use crate::collections;
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, see_other, see_other_with_news};
use crate::returns::pages::{OrganisationPage, Year};
use crate::returns::start::start_return;
use crate::returns::{return_href, sites, store};

fn subject(member: &Member) -> Subject {
    Subject::organisation(member.organisation)
}

/// `GET /organisations/{organisation}`.
pub(super) async fn home(request: HttpRequest, portal: Data<Portal>, member: Member) -> Result<HttpResponse> {
    let organisation = member.organisation;
    let reads = Subject { kind: "return", ..subject(&member) };
    ReadGiven::ROW.allows(&member.by.actor, &reads)?;
    let may_start = StartReturn::ROW.allows(&member.by.actor, &subject(&member)).is_ok();
    let now = portal.clock.now();
    let years = portal
        .db
        .read(member.reach, move |conn| {
            let started = store::returns_of(conn, organisation)?;
            let sector = store::sector_of(conn, organisation)?;
            let mut years = Vec::new();
            for collection in collections::collections(conn)? {
                let of = started.iter().find(|(of, ..)| *of == collection.id);
                let (id, state) = (of.map(|(_, id, ..)| *id), of.map(|(_, _, state, _)| *state));
                // What never asked this organisation is no business of its home page.
                if state.is_none() && collections::profile_for(conn, collection.id, &sector)?.is_none() {
                    continue;
                }
                let more_time = collections::extension_of(conn, collection.id, organisation)?;
                years.push(Year {
                    head_office: sites::words_of_head_office(conn, organisation, collection.id, id)?,
                    state,
                    due_at: collection.due_at(more_time).micros(),
                    open: collection.takes_returns(now, more_time),
                    may_start,
                    collection,
                });
            }
            Ok(years)
        })
        .await?;
    page(&request, &OrganisationPage::new(&member.code, &member.name, years))
}

/// `POST …/start`. Starting what is started leads to it.
pub(super) async fn start(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: OfYear,
) -> Result<HttpResponse> {
    let member = posted.member;
    let year = path.into_inner().year;
    let href = return_href(&member.code, &year);
    let (organisation, of, actor) = (member.organisation, subject(&member), member.by.actor);
    let wanted = year.clone();
    let started = portal
        .db
        .read(member.reach, move |conn| {
            Ok(store::find(conn, store::Which::Of(organisation, &wanted))?.is_some())
        })
        .await?;
    if started {
        return Ok(see_other(&href));
    }
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let permit = Permit::<StartReturn>::grant(&actor, Some(of))?;
            let collection = collections::collection_by_key(tx.conn(), &year)?.ok_or(Error::NotFound)?;
            start_return(tx, &permit, &collection)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(
            &href,
            "Return started",
            "Last year's answers, where there are any, wait to be confirmed.",
        )),
        // A colleague started it at the same moment.
        Err(Error::Conflict(_)) => Ok(see_other(&href)),
        Err(error) => Err(error),
    }
}
