//! The list of mappings, and beginning one.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{Action as _, BeginMapping, Permit, Subject};
use crate::identity::{Central, Posted, SignedIn};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::standards::mapping::begin::begin_mapping;
use crate::standards::mapping::mapping_href;
use crate::standards::mapping::model::MappingState;
use crate::standards::mapping::pages::MappingsPage;
use crate::standards::mapping::store;
use crate::standards::store::{edition_by_key, editions};

const HERE: &str = "/standards/mappings";

/// `GET /standards/mappings`.
pub(super) async fn list(request: HttpRequest, portal: Data<Portal>, by: SignedIn) -> Result<HttpResponse> {
    let content = content(&portal, &by, ("", ""), &FormErrors::new()).await?;
    page(&request, &content)
}

async fn content(
    portal: &Portal,
    by: &SignedIn,
    typed: (&str, &str),
    errors: &FormErrors,
) -> Result<MappingsPage> {
    let may_begin = BeginMapping::ROW.allows(&by.actor, &Subject::programme()).is_ok();
    let (mappings, editions) =
        portal.db.read(Reach::nobodys(), |conn| Ok((store::mappings(conn)?, editions(conn)?))).await?;
    Ok(MappingsPage::new(&mappings, &editions, may_begin, typed, errors))
}

/// `POST /standards/mappings`. Where there is a draft, it leads to it.
pub(super) async fn begin(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let actor = central.by.actor.clone();
    Permit::<BeginMapping>::grant(&actor, Some(Subject::programme()))?;
    let (from, to) = (fields.text("from"), fields.text("to"));
    let once = Once::of(central.by.person, HERE, &fields, HERE)?;
    let ends = (from.clone(), to.clone());
    let draft = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let Some((before, _)) = edition_by_key(conn, &ends.0)? else { return Ok(None) };
            let Some((now, _)) = edition_by_key(conn, &ends.1)? else { return Ok(None) };
            let versions = store::versions(conn, before.id(), now.id())?;
            Ok(versions.into_iter().find(|(_, _, state)| *state == MappingState::Draft).map(|(id, ..)| id))
        })
        .await?;
    if let Some(id) = draft {
        return Ok(see_other_with_news(&mapping_href(id), "There is a draft already", "This is it."));
    }
    let ends = (from.clone(), to.clone());
    let outcome = portal
        .db
        .write(Reach::nobodys(), move |tx| {
            once.begin(tx)?;
            let permit = Permit::<BeginMapping>::grant(&actor, Some(Subject::programme()))?;
            begin_mapping(tx, &permit, &ends.0, &ends.1)
        })
        .await;
    match outcome {
        Ok(id) => Ok(see_other_with_news(
            &mapping_href(id),
            "Mapping begun",
            "It is a draft. Nothing follows it until you put it in force.",
        )),
        Err(Error::Invalid(list)) => {
            let mut errors = FormErrors::new();
            for found in list {
                errors.add(found.field, found.message);
            }
            let content = content(&portal, &central.by, (&from, &to), &errors).await?;
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}
