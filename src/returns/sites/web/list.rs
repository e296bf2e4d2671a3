//! The list of sites, one site, and all answers that differ.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::{OfSite, Reader};
use crate::access::{CoverSites, ExceptSites};
use crate::identity::Member;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page};
use crate::returns::blocking::what_blocks_beside;
use crate::returns::readiness::lines;
use crate::returns::sites::arrangement::Arrangement;
use crate::returns::sites::blocks::blocks;
use crate::returns::sites::form::ListForm;
use crate::returns::sites::pages::{ExceptionsPage, ListPage, May, SitePage};
use crate::returns::sites::store;
use crate::returns::store::{answers, attached};
use crate::returns::web::Year;

/// `GET …/sites`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
    form: Query<ListForm>,
) -> Result<HttpResponse> {
    let (year, form) = (path.into_inner().year, form.into_inner());
    let of_year = year.clone();
    let (reader, now) = (Reader::of(&member), portal.clock.now());
    let content = portal
        .db
        .read(member.reach, move |conn| {
            let found = reader.readable(conn, &year)?;
            if !store::has_sites(conn, found.organisation)? {
                return Err(Error::NotFound);
            }
            let arrangement = Arrangement::load(conn, &found, now)?;
            let stored = answers(conn, found.id)?;
            let files = attached(conn, found.id, None)?;
            let blocking = match &arrangement {
                Some(arrangement) => blocks(&found, &lines(&found, &stored, &files, now)?, arrangement, now)?,
                None => Vec::new(),
            };
            let submitted = store::newest_filing(conn, found.id)?.is_some();
            let arrange = reader.may::<CoverSites>(&found, now);
            let may = May { arrange, leave: arrange && arrangement.is_some() && !submitted, submitted };
            Ok(ListPage::new(&found, arrangement.as_ref(), &blocking, &form, may))
        })
        .await?;
    what_blocks_beside(&request, &portal, &member, &of_year).await?;
    page(&request, &content)
}

/// `GET …/sites/of/{site}`.
pub(super) async fn one(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfSite>,
) -> Result<HttpResponse> {
    let (path, reader, now) = (path.into_inner(), Reader::of(&member), portal.clock.now());
    let of_year = path.year.clone();
    let content = portal
        .db
        .read(member.reach, move |conn| {
            let (found, arrangement) = reader.arranged(conn, &path.year, now)?;
            let entry = arrangement.entry(&path.site).ok_or(Error::NotFound)?;
            Ok(SitePage::new(&found, &arrangement, entry, reader.may::<ExceptSites>(&found, now)))
        })
        .await?;
    what_blocks_beside(&request, &portal, &member, &of_year).await?;
    page(&request, &content)
}

/// In which order answers that differ are listed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct By {
    by: String,
}

/// `GET …/sites/exceptions`.
pub(super) async fn exceptions(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
    by: Query<By>,
) -> Result<HttpResponse> {
    let (year, reader, now) = (path.into_inner().year, Reader::of(&member), portal.clock.now());
    let by_requirement = by.by == "requirement";
    let of_year = year.clone();
    let content = portal
        .db
        .read(member.reach, move |conn| {
            let (found, arrangement) = reader.arranged(conn, &year, now)?;
            let may = reader.may::<ExceptSites>(&found, now);
            Ok(ExceptionsPage::new(&found, &arrangement, by_requirement, may))
        })
        .await?;
    what_blocks_beside(&request, &portal, &member, &of_year).await?;
    page(&request, &content)
}
