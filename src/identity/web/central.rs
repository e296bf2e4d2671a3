//! The central team's people: who holds which role, what they declared, inviting somebody, ending a role.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::extract::{Central, Posted};
use super::invited::invited_person;
use crate::access::{
    Action as _, Actor, CentralRole, EndCentralRole, InviteCentrally, Permit, ReadCentralTeam,
    RevokeInvitationCentrally, Subject,
};
use crate::identity::central_team::{central_team, declared_interests, end_central_role};
use crate::identity::invite::{Invite, InvitedRole, Links, invite};
use crate::identity::pages::CentralTeamPage;
use crate::identity::revoke_invitation::{invitation_subject, revoke_invitation, waiting_invitations};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Once, Portal, Routes, page_with_status, resource, see_other_with_news};
use crate::platform::ids::{InvitationId, PersonId};
use crate::platform::pages::FormErrors;

/// `/people/central`.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/people/central").name("central-team").get(show).post(send_invitation))
        .service(
            resource("/people/central/invitations/{invitation}/revoke")
                .name("central-invitation-revoke")
                .post(revoke),
        )
        .service(resource("/people/central/end").name("central-team-end").post(end));
}

async fn show(request: HttpRequest, portal: Data<Portal>, central: Central) -> Result<HttpResponse> {
    let (typed, errors) = (Fields::default(), FormErrors::new());
    team(&request, &portal, &central.by.actor, StatusCode::OK, (&typed, &errors)).await
}

async fn team(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    status: StatusCode,
    (typed, errors): (&Fields, &FormErrors),
) -> Result<HttpResponse> {
    Permit::<ReadCentralTeam>::grant(actor, Some(Subject::programme()))?;
    let now = portal.clock.now();
    let (people, interests, invited) = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            Ok((central_team(conn)?, declared_interests(conn)?, waiting_invitations(conn, None, now)?))
        })
        .await?;
    let may_end = EndCentralRole::ROW.allows(actor, &Subject::programme()).is_ok();
    page_with_status(
        request,
        status,
        &CentralTeamPage::new(&people, may_end, &interests, invited, typed, errors),
    )
}

async fn send_invitation(request: HttpRequest, portal: Data<Portal>, posted: Posted) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let actor = central.by.actor.clone();
    Permit::<InviteCentrally>::grant(&actor, Some(Subject::programme()))?;
    let mut errors = FormErrors::new();
    let person = invited_person(&fields, &mut errors);
    let role = fields.one("role").parse::<CentralRole>();
    if role.is_err() {
        errors.add("role", "Select a role");
    }
    let ((name, email), role) = match errors.into_result(person.zip(role.ok())) {
        Ok(read) => read,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return team(&request, &portal, &actor, status, (&fields, &errors)).await;
        }
    };
    let new = Invite {
        name: name.clone(),
        email,
        role: InvitedRole::Central(role),
        place: "the central team".to_owned(),
    };
    let links = Links { site: portal.config.public_url().to_owned(), key: portal.link_key };
    let once = Once::of(central.by.person, "/people/central", &fields, "/people/central")?;
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            once.begin(tx)?;
            let permit = Permit::<InviteCentrally>::grant(&actor, Some(Subject::programme()))?;
            invite(tx, &permit, &new, &links)
        })
        .await?;
    let text = format!("{name} has seven days to accept it.");
    Ok(see_other_with_news("/people/central", "Invitation sent", &text))
}

async fn revoke(portal: Data<Portal>, posted: Posted, path: Path<InvitationId>) -> Result<HttpResponse> {
    let central = Central::of(posted.by)?;
    let (actor, id) = (central.by.actor, path.into_inner());
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let now = tx.now();
            let found = invitation_subject(tx.conn(), id, None, now)?;
            let permit = Permit::<RevokeInvitationCentrally>::grant(&actor, found)?;
            revoke_invitation(tx, &permit)
        })
        .await?;
    Ok(see_other_with_news("/people/central", "Invitation taken back", "Its link no longer works."))
}

async fn end(portal: Data<Portal>, posted: Posted) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let actor = central.by.actor.clone();
    Permit::<EndCentralRole>::grant(&actor, Some(Subject::programme()))?;
    let whose: PersonId = fields.one("person").parse().map_err(|_| Error::NotFound)?;
    let role: CentralRole = fields.one("role").parse().map_err(|_| Error::NotFound)?;
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let permit = Permit::<EndCentralRole>::grant(&actor, Some(Subject::programme()))?;
            end_central_role(tx, &permit, whose, role)
        })
        .await?;
    Ok(see_other_with_news(
        "/people/central",
        "Role ended",
        "It no longer opens anything, from this moment on.",
    ))
}
