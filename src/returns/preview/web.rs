//! The preview of a draft or an edition in the browser.

use std::sync::Arc;

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::pages::{Incomplete, PreviewListPage, PreviewQuestionPage, Seen};
use crate::access::{Permit, ReadDrafts, Subject};
use crate::identity::Central;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, Routes, page, resource};
use crate::platform::ids::EditionDraftId;
use crate::standards::editing::{draft, draft_href};
use crate::standards::{Edition, ProfileKey, SectorKey, edition_by_key};

/// The pages of previews.
pub(in crate::returns) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/standards/drafts/{draft}/preview").name("returns-preview-draft").get(draft_list))
        .service(
            resource("/standards/drafts/{draft}/preview/{code}")
                .name("returns-preview-draft-question")
                .get(draft_question),
        )
        .service(resource("/standards/{edition}/preview").name("returns-preview-edition").get(edition_list))
        .service(
            resource("/standards/{edition}/preview/{code}")
                .name("returns-preview-edition-question")
                .get(edition_question),
        );
}

/// For which organisation, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Whom {
    sector: String,
    profile: String,
}

impl Whom {
    /// The sector and the profile: trusts where none is chosen, and the sector's usual profile.
    fn of(&self, edition: &Edition) -> Result<(SectorKey, Option<ProfileKey>)> {
        let key = if self.sector.is_empty() { "nhs_trust" } else { self.sector.as_str() };
        let sector = SectorKey::new(key).map_err(|_| Error::NotFound)?;
        let usual = || edition.default_profile(sector).map(|profile| profile.key.clone());
        if self.profile.is_empty() {
            return Ok((sector, usual()));
        }
        let chosen = edition.profile(&self.profile).ok_or(Error::NotFound)?;
        Ok((sector, Some(chosen.key.clone())))
    }
}

/// What is previewed: an edition, or a draft that is none yet.
struct Found {
    edition: std::result::Result<Arc<Edition>, Incomplete>,
    name: String,
    href: String,
}

async fn of_draft(portal: &Portal, central: &Central, id: &str) -> Result<Found> {
    Permit::<ReadDrafts>::grant(&central.by.actor, Some(Subject::programme()))?;
    let id: EditionDraftId = id.parse().map_err(|_| Error::NotFound)?;
    let draft = portal.db.read(Reach::nobodys(), move |conn| draft(conn, id)).await?;
    let parts = draft.content.parts;
    let name = format!("{} {}", parts.standard_name, parts.label);
    let href = draft_href(id);
    let edition = Edition::new(parts).map(Arc::new);
    let edition = edition.map_err(|problems| Incomplete { faults: problems.len() });
    Ok(Found { edition, name, href })
}

async fn of_edition(portal: &Portal, central: &Central, key: &str) -> Result<Found> {
    Permit::<ReadDrafts>::grant(&central.by.actor, Some(Subject::programme()))?;
    let wanted = key.to_owned();
    let found = portal.db.read(Reach::nobodys(), move |conn| edition_by_key(conn, &wanted)).await?;
    let (stored, _) = found.ok_or(Error::NotFound)?;
    let edition = Arc::clone(stored.edition());
    let name = format!("{} {}", edition.standard_name(), edition.label());
    Ok(Found { edition: Ok(edition), name, href: format!("/standards/{key}") })
}

async fn draft_list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
    whom: Query<Whom>,
) -> Result<HttpResponse> {
    list(&request, &of_draft(&portal, &central, &id).await?, &whom)
}

async fn edition_list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    key: Path<String>,
    whom: Query<Whom>,
) -> Result<HttpResponse> {
    list(&request, &of_edition(&portal, &central, &key).await?, &whom)
}

fn list(request: &HttpRequest, found: &Found, whom: &Whom) -> Result<HttpResponse> {
    let names = (found.name.as_str(), found.href.as_str());
    let content = match &found.edition {
        Err(incomplete) => PreviewListPage::incomplete(names, incomplete),
        Ok(edition) => {
            let (sector, profile) = whom.of(edition)?;
            PreviewListPage::new(names, &Seen { edition, sector, profile: profile.as_ref() })
        }
    };
    page(request, &content)
}

async fn draft_question(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    place: Path<(String, String)>,
    whom: Query<Whom>,
) -> Result<HttpResponse> {
    let (id, code) = place.into_inner();
    question(&request, &of_draft(&portal, &central, &id).await?, &code, &whom)
}

async fn edition_question(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    place: Path<(String, String)>,
    whom: Query<Whom>,
) -> Result<HttpResponse> {
    let (key, code) = place.into_inner();
    question(&request, &of_edition(&portal, &central, &key).await?, &code, &whom)
}

fn question(request: &HttpRequest, found: &Found, code: &str, whom: &Whom) -> Result<HttpResponse> {
    let names = (found.name.as_str(), found.href.as_str());
    let Ok(edition) = &found.edition else { return Err(Error::NotFound) };
    let (sector, profile) = whom.of(edition)?;
    let seen = Seen { edition, sector, profile: profile.as_ref() };
    let content = PreviewQuestionPage::new(names, &seen, code).ok_or(Error::NotFound)?;
    page(request, &content)
}
