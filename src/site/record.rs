//! What the portal knows of one organisation, for the central team: the register's particulars, what was published,
//! who took over, its returns, its people, and the invitation of its first administrator. It stands at the edge because
//! it draws on several capabilities.

mod known;
mod page;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use self::known::known;
pub(super) use self::page::RecordPage;
use crate::access::{
    Action as _, Actor, InviteCentrally, OrganisationRole, Permit, ReadRegister, RevokeInvitationCentrally,
    Subject,
};
use crate::identity::{self, Central, Invite, InvitedRole, Links, Posted, invited_person};
use crate::organisations::{self, OdsCode};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Once, Portal, page_with_status, see_other_with_news};
use crate::platform::ids::InvitationId;
use crate::platform::pages::FormErrors;

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
    Permit::<ReadRegister>::grant(actor, Some(Subject::programme()))?;
    let code = OdsCode::parse(code).map_err(|_| Error::NotFound)?;
    let may_invite = InviteCentrally::ROW.allows(actor, &Subject::programme()).is_ok();
    let known = known(portal, code, actor.clone(), may_invite).await?.ok_or(Error::NotFound)?;
    page_with_status(request, status, &RecordPage::new(&known, may_invite, typed, errors))
}

/// `POST /organisations/{organisation}/record/invitations`.
pub(super) async fn invite(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    code: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let actor = central.by.actor.clone();
    Permit::<InviteCentrally>::grant(&actor, Some(Subject::programme()))?;
    let wanted = OdsCode::parse(&code).map_err(|_| Error::NotFound)?;
    let found = portal.db.read(Reach::nobodys(), move |conn| organisations::by_code(conn, &wanted)).await?;
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
    let back = format!("/organisations/{}/record", found.code);
    let once = Once::of(central.by.person, &back, &fields, &back)?;
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            once.begin(tx)?;
            let permit = Permit::<InviteCentrally>::grant(&actor, Some(Subject::programme()))?;
            identity::invite(tx, &permit, &new, &links)
        })
        .await?;
    Ok(see_other_with_news(&back, "Invitation sent", &format!("{name} has seven days to accept it.")))
}

/// `POST /organisations/{organisation}/record/invitations/{invitation}/revoke`.
pub(super) async fn revoke(
    portal: Data<Portal>,
    posted: Posted,
    path: Path<(String, InvitationId)>,
) -> Result<HttpResponse> {
    let central = Central::of(posted.by)?;
    let (actor, (code, id)) = (central.by.actor, path.into_inner());
    let wanted = OdsCode::parse(&code).map_err(|_| Error::NotFound)?;
    let back = format!("/organisations/{wanted}/record");
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let now = tx.now();
            let found = organisations::by_code(tx.conn(), &wanted)?.ok_or(Error::NotFound)?;
            let invitation = identity::invitation_subject(tx.conn(), id, Some(found.id), now)?;
            let permit = Permit::<RevokeInvitationCentrally>::grant(&actor, invitation)?;
            identity::revoke_invitation(tx, &permit)
        })
        .await?;
    Ok(see_other_with_news(&back, "Invitation taken back", "Its link no longer works."))
}
