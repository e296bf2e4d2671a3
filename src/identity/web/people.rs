//! An organisation's people: who holds which role, inviting a colleague, ending a role.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::extract::{Member, PostedByMember};
use super::invited::invited_person;
use crate::access::{
    Action as _, EndMembership, InviteMember, OrganisationRole, Permit, RevokeInvitation, Subject,
};
use crate::identity::end_membership::{colleagues, end_membership};
use crate::identity::invite::{Invite, InvitedRole, Links, invite};
use crate::identity::model::EmailAddress;
use crate::identity::pages::PeoplePage;
use crate::identity::revoke_invitation::{invitation_subject, revoke_invitation, waiting_invitations};
use crate::platform::error::Result;
use crate::platform::http::{Fields, Once, Portal, Routes, page_with_status, resource, see_other_with_news};
use crate::platform::ids::InvitationId;
use crate::platform::pages::FormErrors;

/// `/organisations/{organisation}/people`.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .service(
            resource("/organisations/{organisation}/people").name("people").get(show).post(send_invitation),
        )
        .service(
            resource("/organisations/{organisation}/people/invitations/{invitation}/revoke")
                .name("people-invitation-revoke")
                .post(revoke),
        )
        .service(
            resource("/organisations/{organisation}/people/{membership}/end").name("people-end").post(end),
        );
}

fn subject(member: &Member) -> Subject {
    Subject::organisation(member.organisation)
}

async fn show(request: HttpRequest, portal: Data<Portal>, member: Member) -> Result<HttpResponse> {
    people(&request, &portal, &member, StatusCode::OK, &Fields::default(), &FormErrors::new()).await
}

async fn people(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    status: StatusCode,
    typed: &Fields,
    errors: &FormErrors,
) -> Result<HttpResponse> {
    let (organisation, now) = (member.organisation, portal.clock.now());
    let may_invite = InviteMember::ROW.allows(&member.by.actor, &subject(member)).is_ok();
    let lists = portal
        .db
        .read(member.reach, move |conn| {
            let waiting = may_invite.then(|| waiting_invitations(conn, Some(organisation), now));
            Ok((colleagues(conn, organisation)?, waiting.transpose()?.unwrap_or_default()))
        })
        .await?;
    let may_end = EndMembership::ROW.allows(&member.by.actor, &subject(member)).is_ok();
    let content = PeoplePage::new((&member.code, &member.name), lists, (may_invite, may_end), typed, errors);
    page_with_status(request, status, &content)
}

/// Reads the form.
fn parse(fields: &Fields) -> Result<(String, EmailAddress, OrganisationRole), FormErrors> {
    let mut errors = FormErrors::new();
    let person = invited_person(fields, &mut errors);
    let role = fields.one("role").parse::<OrganisationRole>();
    if role.is_err() {
        errors.add("role", "Select a role");
    }
    let read = person.zip(role.ok()).map(|((name, email), role)| (name, email, role));
    errors.into_result(read)
}

async fn send_invitation(
    request: HttpRequest,
    portal: Data<Portal>,
    form: PostedByMember,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = form;
    Permit::<InviteMember>::grant(&member.by.actor, Some(subject(&member)))?;
    let (name, email, role) = match parse(&fields) {
        Ok(read) => read,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return people(&request, &portal, &member, status, &fields, &errors).await;
        }
    };
    let new = Invite {
        role: InvitedRole::Member(member.organisation, role),
        place: member.name.clone(),
        name: name.clone(),
        email,
    };
    let links = Links { site: portal.config.public_url().to_owned(), key: portal.link_key };
    let back = format!("/organisations/{}/people", member.code);
    let once = Once::of(member.by.person, &back, &fields, &back)?;
    let (actor, asked) = (member.by.actor.clone(), subject(&member));
    portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<InviteMember>::grant(&actor, Some(asked))?;
            invite(tx, &permit, &new, &links)
        })
        .await?;
    Ok(see_other_with_news(&back, "Invitation sent", &format!("{name} has seven days to accept it.")))
}

async fn revoke(
    portal: Data<Portal>,
    path: Path<(String, InvitationId)>,
    form: PostedByMember,
) -> Result<HttpResponse> {
    let (_, id) = path.into_inner();
    let member = form.member;
    let (actor, organisation) = (member.by.actor.clone(), member.organisation);
    portal
        .db
        .write(member.reach, move |tx| {
            let now = tx.now();
            let found = invitation_subject(tx.conn(), id, Some(organisation), now)?;
            let permit = Permit::<RevokeInvitation>::grant(&actor, found)?;
            revoke_invitation(tx, &permit)
        })
        .await?;
    let back = format!("/organisations/{}/people", member.code);
    Ok(see_other_with_news(&back, "Invitation taken back", "Its link no longer works."))
}

async fn end(portal: Data<Portal>, path: Path<(String, i64)>, form: PostedByMember) -> Result<HttpResponse> {
    let (_, membership) = path.into_inner();
    let member = form.member;
    let (actor, asked) = (member.by.actor.clone(), subject(&member));
    portal
        .db
        .write(member.reach, move |tx| {
            let permit = Permit::<EndMembership>::grant(&actor, Some(asked))?;
            end_membership(tx, &permit, membership)
        })
        .await?;
    Ok(see_other_with_news(&format!("/organisations/{}/people", member.code), "Role ended", ""))
}
