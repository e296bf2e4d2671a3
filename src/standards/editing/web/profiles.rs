//! Who is asked what: the profiles of a draft, and in an assertions edition its sectors.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::super::change::Change;
use super::super::forms::ProfileForm;
use super::super::pages::{ProfilePage, ProfilesPage, SectorPage};
use super::super::read::Read;
use super::save::{Saving, saved};
use super::{NEW, posted_about, read_to_edit};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, page_with_status};
use crate::platform::pages::FormErrors;
use crate::standards::keys::{RequirementCode, SectorKey};
use crate::standards::model::Scheme;

type Place = Path<(String, String)>;

/// `GET /standards/drafts/{draft}/profiles`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
) -> Result<HttpResponse> {
    let read = read_to_edit(&portal, &central, &id).await?;
    page(&request, &ProfilesPage::new(&read.draft))
}

fn by_sector(read: &Read) -> bool {
    matches!(read.draft.content.parts.scheme, Scheme::Assertions(_))
}

/// `GET /standards/drafts/{draft}/profiles/{key}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    place: Place,
) -> Result<HttpResponse> {
    let (id, key) = place.into_inner();
    let read = read_to_edit(&portal, &central, &id).await?;
    let content = &read.draft.content;
    let form = if key == NEW {
        ProfileForm::default()
    } else {
        let found = content.parts.profiles.iter().find(|profile| profile.key.as_str() == key);
        ProfileForm::of(content, found.ok_or(Error::NotFound)?)
    };
    let shown = ProfilePage::new(&read.draft, key == NEW, &form, &FormErrors::new());
    page(&request, &shown)
}

/// `POST /standards/drafts/{draft}/profiles/{key}`.
pub(super) async fn save(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    place: Place,
) -> Result<HttpResponse> {
    let (id, key) = place.into_inner();
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let content = &read.draft.content;
    let is_known = |key: &str| content.parts.profiles.iter().any(|profile| profile.key.as_str() == key);
    let new = key == NEW;
    if !new && !is_known(&key) {
        return Err(Error::NotFound);
    }
    let form = ProfileForm::read(&fields, content, (!new).then_some(key.as_str()));
    let refused = |errors: &FormErrors| {
        let shown = ProfilePage::new(&read.draft, new, &form, errors);
        page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &shown)
    };
    if new && is_known(&form.key) {
        let mut errors = FormErrors::new();
        errors.add("key", "There is a profile with this key already");
        return refused(&errors);
    }
    let change = match form.parse(content) {
        Ok(change) => change,
        Err(errors) => return refused(&errors),
    };
    let address = format!("/profiles/{key}");
    let saving = Saving { fields: &fields, address: &address, next: "/profiles", change };
    saved(&request, &portal, (&central, &read), saving, refused).await
}

/// `GET /standards/drafts/{draft}/sectors/{key}`.
pub(super) async fn sector(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    place: Place,
) -> Result<HttpResponse> {
    let (id, key) = place.into_inner();
    let read = read_to_edit(&portal, &central, &id).await?;
    let sector = SectorKey::new(&key).map_err(|_| Error::NotFound)?;
    if !by_sector(&read) {
        return Err(Error::NotFound);
    }
    page(&request, &SectorPage::new(&read.draft, sector))
}

/// `POST /standards/drafts/{draft}/sectors/{key}`.
pub(super) async fn save_sector(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    place: Place,
) -> Result<HttpResponse> {
    let (id, key) = place.into_inner();
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let sector = SectorKey::new(&key).map_err(|_| Error::NotFound)?;
    if !by_sector(&read) {
        return Err(Error::NotFound);
    }
    let ticked = fields.all("mandatory");
    let codes: BTreeSet<RequirementCode> =
        ticked.iter().filter_map(|code| RequirementCode::new(code).ok()).collect();
    let change = Change::Sector(sector, codes);
    let address = format!("/sectors/{key}");
    let saving = Saving { fields: &fields, address: &address, next: "/profiles", change };
    saved(&request, &portal, (&central, &read), saving, |_| {
        page(&request, &SectorPage::new(&read.draft, sector))
    })
    .await
}
