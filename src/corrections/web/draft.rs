//! Writing a correction: the form with every rule as it is, sent back changed.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{read, version};
use crate::access::{DraftCorrection, EditRuleCorrection, Permit, Subject};
use crate::corrections::correction_href;
use crate::corrections::draft::{AUTHOR_ALONE, draft_correction, edit_correction};
use crate::corrections::form::{read_form, typed};
use crate::corrections::pages::DraftPage;
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::standards::{self, Edition};

type Shared = std::sync::Arc<Edition>;

async fn edition(portal: &Portal, central: &Central, key: &str) -> Result<Shared> {
    let key = key.to_owned();
    let found = portal.db.read(central.reach, move |conn| standards::edition_by_key(conn, &key)).await?;
    let (stored, _) = found.ok_or(Error::NotFound)?;
    Ok(std::sync::Arc::clone(stored.edition()))
}

/// `GET /standards/{edition}/corrections/new`.
pub(super) async fn new(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    key: Path<String>,
) -> Result<HttpResponse> {
    Permit::<DraftCorrection>::grant(&central.by.actor, Some(Subject::programme()))?;
    let edition = edition(&portal, &central, &key).await?;
    page(&request, &DraftPage::fresh(&edition))
}

/// `POST /standards/{edition}/corrections/new`.
pub(super) async fn create(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    key: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let actor = central.by.actor.clone();
    Permit::<DraftCorrection>::grant(&actor, Some(Subject::programme()))?;
    let edition = edition(&portal, &central, &key).await?;
    let again = |errors: &FormErrors| {
        let content = DraftPage::refused(&edition, "", &typed(&fields), errors);
        page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
    };
    let wanted = match read_form(&fields, &edition) {
        Ok(wanted) => wanted,
        Err(errors) => return again(&errors),
    };
    let here = format!("/standards/{}/corrections", key.as_str());
    let once = Once::of(central.by.person, &format!("{here}/new"), &fields, &here)?;
    let of = key.into_inner();
    let outcome = portal
        .db
        .write(central.reach, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<DraftCorrection>::grant(&actor, Some(Subject::programme()))?;
            draft_correction(tx, &permit, &of, &wanted)
        })
        .await;
    match outcome {
        Ok(id) => {
            let made =
                portal.db.read(central.reach, move |conn| crate::corrections::correction(conn, id)).await?;
            Ok(see_other_with_news(
                &correction_href(&made.edition_key, made.number),
                "Correction drafted",
                "Nothing has changed yet. See what it would change, then ask a colleague to approve it.",
            ))
        }
        Err(Error::Invalid(list)) => again(&FormErrors::found(&list, &[("changes", "reason")])),
        Err(error) => Err(error),
    }
}

/// `GET /standards/{edition}/corrections/{number}/edit`.
pub(super) async fn edit(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (key, number) = path.into_inner();
    let found = read(&portal, &central, &key, &number).await?;
    Permit::<EditRuleCorrection>::grant(&central.by.actor, Some(found.correction.subject()))?;
    if central.by.person != found.correction.drafted_by {
        return Err(Error::Forbidden(AUTHOR_ALONE.to_owned()));
    }
    page(&request, &DraftPage::begun(&found.after, &found.correction))
}

/// `POST /standards/{edition}/corrections/{number}/edit`.
pub(super) async fn change(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let (key, number) = path.into_inner();
    let found = read(&portal, &central, &key, &number).await?;
    Permit::<EditRuleCorrection>::grant(&central.by.actor, Some(found.correction.subject()))?;
    let version = version(&fields)?;
    let again = |status: StatusCode, errors: &FormErrors| {
        let content = DraftPage::refused(&found.after, &version.to_string(), &typed(&fields), errors)
            .numbered(found.correction.number);
        page_with_status(&request, status, &content)
    };
    let wanted = match read_form(&fields, &found.before) {
        Ok(wanted) => wanted,
        Err(errors) => return again(StatusCode::UNPROCESSABLE_ENTITY, &errors),
    };
    let id = found.correction.id;
    let outcome = super::change::<EditRuleCorrection>(&portal, &central, id, move |tx, permit| {
        edit_correction(tx, permit, version, &wanted)
    })
    .await;
    match outcome {
        Ok(()) => Ok(see_other_with_news(
            &correction_href(&key, found.correction.number),
            "Draft saved",
            "What was previewed before is void. See again what it would change.",
        )),
        Err(Error::Invalid(list)) => {
            again(StatusCode::UNPROCESSABLE_ENTITY, &FormErrors::found(&list, &[("changes", "reason")]))
        }
        Err(Error::Conflict(said)) => {
            let mut errors = FormErrors::new();
            errors.add_whole(said);
            again(StatusCode::CONFLICT, &errors)
        }
        Err(error) => Err(error),
    }
}
