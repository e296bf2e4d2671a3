//! Leaving many sites out, and taking them in again.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};

use super::Reader;
use crate::access::CoverSites;
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::returns::answer_form::errors_of;
use crate::returns::blocking::what_blocks_beside;
use crate::returns::sites::arrangement::counted;
use crate::returns::sites::exclude::{exclude_sites, include_sites};
use crate::returns::sites::form::{ListForm, Many, ManyForm};
use crate::returns::sites::pages::{ManyPage, matching};
use crate::returns::sites::sites_href;
use crate::returns::store::{Which, find};
use crate::returns::web::Year;

/// `GET …/sites/many`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
    list: Query<ListForm>,
) -> Result<HttpResponse> {
    let year = path.into_inner().year;
    let typed = (ManyForm::default(), FormErrors::new());
    shown(&request, &portal, &member, (year, list.into_inner()), StatusCode::OK, typed).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    (year, list): (String, ListForm),
    status: StatusCode,
    (form, errors): (ManyForm, FormErrors),
) -> Result<HttpResponse> {
    let (reader, now, of_year) = (Reader::of(member), portal.clock.now(), year.clone());
    let content = portal
        .db
        .read(member.reach, move |conn| {
            let (found, arrangement) = reader.arranged(conn, &year, now)?;
            found.permit::<CoverSites>(&reader.actor)?;
            found.must_be_taken(now)?;
            let (entries, number) = matching(&arrangement, &list);
            Ok(ManyPage::new(&found, (&entries, number), &list, (&form, &errors)))
        })
        .await?;
    what_blocks_beside(request, portal, member, &of_year).await?;
    page_with_status(request, status, &content)
}

/// `POST …/sites/many`.
pub(super) async fn arrange(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Year,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let year = path.into_inner().year;
    let form = ManyForm::read(&fields);
    let place = (year.clone(), ListForm::default());
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let many = match form.parse() {
        Ok(many) => many,
        Err(errors) => return shown(&request, &portal, &member, place, refused, (form, errors)).await,
    };
    let back = sites_href(&member.code, &year);
    let once = Once::of(member.by.person, &format!("{back}/many"), &fields, &back)?;
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    let left_out = matches!(many, Many::LeaveOut(..));
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found = find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<CoverSites>(&actor)?;
            match many {
                Many::LeaveOut(codes, why) => exclude_sites(tx, &permit, &found, &codes, &why),
                Many::TakeIn(codes) => include_sites(tx, &permit, &found, &codes),
            }
        })
        .await;
    match outcome {
        Ok(count) => {
            let what = if left_out { "left out" } else { "taken in again" };
            let text = format!("{} {what}.", counted(count, "site is", "sites are"));
            Ok(see_other_with_news(&back, "Done", &text))
        }
        Err(Error::Invalid(wrong)) => {
            shown(&request, &portal, &member, place, refused, (form, errors_of(&wrong))).await
        }
        Err(error) => Err(error),
    }
}
