//! What the portal knows of one organisation, for the central team: the register's particulars, what was published,
//! who took over, its returns, its people, and the invitation of its first administrator. It stands at the edge because
//! it draws on several capabilities.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::record_page::{Known, RecordPage, ReturnOf};
use crate::access::{
    Action as _, Actor, InviteCentrally, OrganisationRole, Permit, ReadRegister, ReadReview, Subject,
};
use crate::collections;
use crate::identity::{self, Central, Invite, InvitedRole, Links, Posted, invited_person};
use crate::organisations::{self, OdsCode, Organisation, Page};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, page_with_status, see_other_with_news};
use crate::platform::ids::OrganisationId;
use crate::platform::pages::FormErrors;
use crate::returns;

/// Sites of a head office that are listed; their number is always told.
const SITES: i64 = 50;

fn programme() -> Subject {
    Subject { kind: "programme", id: 0, organisation: None, state: "" }
}

/// `GET /organisations/{organisation}/record`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    code: Path<String>,
) -> Result<HttpResponse> {
    let (typed, errors) = (Fields::default(), FormErrors::new());
    record(&request, &portal, &central.by.actor, &code, StatusCode::OK, (&typed, &errors)).await
}

async fn record(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    code: &str,
    status: StatusCode,
    (typed, errors): (&Fields, &FormErrors),
) -> Result<HttpResponse> {
    Permit::<ReadRegister>::grant(actor, Some(programme()))?;
    let code = OdsCode::parse(code).map_err(|_| Error::NotFound)?;
    let may_invite = InviteCentrally::ROW.allows(actor, &programme()).is_ok();
    let actor = actor.clone();
    let known = portal
        .db
        .read(move |conn| {
            let found = organisations::by_code(conn, &code)?.ok_or(Error::NotFound)?;
            known(conn, found, &actor, may_invite)
        })
        .await?;
    page_with_status(request, status, &RecordPage::new(&known, may_invite, typed, errors))
}

/// Reads everything that this person may see. Whoever may not review the organisation does not read how far its
/// returns have got, and only who can invite sees names and addresses.
fn known(conn: &mut Conn, found: Organisation, actor: &Actor, with_people: bool) -> Result<Known> {
    let reviews = Subject { kind: "review", id: 0, organisation: Some(found.id), state: "" };
    let named = |conn: &mut Conn, id: Option<OrganisationId>| {
        id.map_or(Ok(None), |id| organisations::by_id(conn, id))
    };
    let region = found.region_code.clone();
    Ok(Known {
        region: organisations::regions(conn)?.into_iter().find(|r| Some(&r.code) == region.as_ref()),
        successor: named(conn, found.successor_id)?,
        head_office: named(conn, found.head_office_id)?,
        sites: organisations::sites_of(conn, found.id, Page::new(1, SITES))?,
        relations: organisations::relations_of(conn, found.id)?,
        history: organisations::history_of(conn, found.id)?,
        returns: if ReadReview::ROW.allows(actor, &reviews).is_ok() {
            Some(returns_of(conn, found.id)?)
        } else {
            None
        },
        people: if with_people { identity::colleagues(conn, found.id)? } else { Vec::new() },
        organisation: found,
    })
}

fn returns_of(conn: &mut Conn, id: OrganisationId) -> Result<Vec<ReturnOf>> {
    let started = returns::returns_of(conn, id)?;
    let all = collections::collections(conn)?;
    Ok(all
        .into_iter()
        .filter_map(|collection| {
            let (.., state, submission) = started.iter().find(|(of, ..)| *of == collection.id)?;
            Some(ReturnOf {
                year: collection.year_label,
                name: collection.name,
                state: *state,
                submitted: submission.is_some(),
            })
        })
        .collect())
}

/// `POST /organisations/{organisation}/record/invitations`.
pub(super) async fn invite(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    code: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let actor = central.by.actor;
    Permit::<InviteCentrally>::grant(&actor, Some(programme()))?;
    let wanted = OdsCode::parse(&code).map_err(|_| Error::NotFound)?;
    let found = portal.db.read(move |conn| organisations::by_code(conn, &wanted)).await?;
    let found = found.ok_or(Error::NotFound)?;
    let mut errors = FormErrors::new();
    let person = invited_person(&fields, &mut errors);
    let (name, email) = match errors.into_result(person) {
        Ok(read) => read,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return record(&request, &portal, &actor, &code, status, (&fields, &errors)).await;
        }
    };
    let new = Invite {
        name: name.clone(),
        email,
        role: InvitedRole::Member(found.id, OrganisationRole::OrganisationAdministrator),
        place: found.name,
    };
    let links = Links { site: portal.config.public_url().to_owned(), key: portal.link_key };
    portal
        .db
        .write(move |tx| {
            let permit = Permit::<InviteCentrally>::grant(&actor, Some(programme()))?;
            identity::invite(tx, &permit, &new, &links)
        })
        .await?;
    let back = format!("/organisations/{}/record", found.code);
    Ok(see_other_with_news(&back, "Invitation sent", &format!("{name} has seven days to accept it.")))
}
