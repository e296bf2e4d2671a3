//! Who signs for whom in the browser: the list, giving a delegation, and ending one.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::extract::{Member, PostedByMember};
use crate::access::{
    Action as _, DelegateSigning, EndDelegation, OrganisationRole, Permit, ReadDelegations, Subject,
};
use crate::identity::delegation::{
    NewDelegation, REASON_LIMIT, SIGNING_ROLES, Whose, delegate_signing, delegations_in_force,
    delegations_of, end_delegation,
};
use crate::identity::pages::{DelegationForm, DelegationsPage, Looking};
use crate::identity::store::holders_of;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, Routes, page_with_status, resource, see_other_with_news};
use crate::platform::ids::{DelegationId, PersonId};
use crate::platform::pages::FormErrors;

/// `/organisations/{organisation}/sign-off`.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/organisations/{organisation}/sign-off").name("delegations").get(show).post(give))
        .service(
            resource("/organisations/{organisation}/sign-off/{delegation}/end")
                .name("delegations-end")
                .post(end),
        );
}

fn subject(member: &Member) -> Subject {
    Subject::organisation(member.organisation)
}

fn address(member: &Member) -> String {
    format!("/organisations/{}/sign-off", member.code)
}

async fn show(request: HttpRequest, portal: Data<Portal>, member: Member) -> Result<HttpResponse> {
    let form = (&DelegationForm::default(), &FormErrors::new());
    shown(&request, &portal, &member, StatusCode::OK, form).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    status: StatusCode,
    form: (&DelegationForm, &FormErrors),
) -> Result<HttpResponse> {
    ReadDelegations::ROW.allows(&member.by.actor, &subject(member))?;
    let (organisation, today, me) = (member.organisation, portal.clock.now().london_day(), member.by.person);
    let (standing, all, readers) = portal
        .db
        .read(member.reach, move |conn| {
            let standing = delegations_in_force(conn, Whose::Organisation(organisation), today)?;
            let all = delegations_of(conn, organisation)?;
            Ok((standing, all, holders_of(conn, organisation, &OrganisationRole::READERS)?))
        })
        .await?;
    let mut colleagues: Vec<(PersonId, String)> =
        readers.into_iter().filter(|(id, ..)| *id != me).map(|(id, name, _)| (id, name)).collect();
    colleagues.sort_by(|a, b| a.1.cmp(&b.1));
    let held = |role: &OrganisationRole| member.by.actor.roles_in(organisation).any(|held| held == *role);
    let roles: Vec<OrganisationRole> = SIGNING_ROLES.into_iter().filter(held).collect();
    let looking = Looking { me, runs: held(&OrganisationRole::OrganisationAdministrator) };
    let place = (member.code.as_str(), member.name.as_str());
    let content = DelegationsPage::new(place, (&standing, &all), (&roles, &colleagues), looking, form);
    page_with_status(request, status, &content)
}

fn parse(form: &DelegationForm) -> Result<NewDelegation, FormErrors> {
    let mut errors = FormErrors::new();
    let role = form.role.parse::<OrganisationRole>().ok();
    if role.is_none() {
        errors.add("role", "Choose a role");
    }
    let to = form.to.parse::<PersonId>().ok();
    if to.is_none() {
        errors.add("to", "Choose a colleague from the list");
    }
    let until = form.until.parse("until", "until which they sign", &mut errors);
    errors.require("reason", &form.reason, "Enter the reason", REASON_LIMIT);
    let new = role.zip(to).zip(until).map(|((role, to), until)| NewDelegation {
        role,
        to,
        until,
        reason: form.reason.clone(),
    });
    errors.into_result(new)
}

async fn give(request: HttpRequest, portal: Data<Portal>, posted: PostedByMember) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    Permit::<DelegateSigning>::grant(&member.by.actor, Some(subject(&member)))?;
    let form = DelegationForm::read(&fields);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let new = match parse(&form) {
        Ok(new) => new,
        Err(errors) => return shown(&request, &portal, &member, refused, (&form, &errors)).await,
    };
    let back = address(&member);
    let once = Once::of(member.by.person, &back, &fields, &back)?;
    let (actor, asked) = (member.by.actor.clone(), subject(&member));
    let site = portal.config.public_url().to_owned();
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<DelegateSigning>::grant(&actor, Some(asked))?;
            delegate_signing(tx, &permit, &new, &site)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(&back, "They can sign for you", "They have been told by email.")),
        Err(Error::Invalid(list)) => {
            let errors = FormErrors::found(&list, &[("until", "until-day")]);
            shown(&request, &portal, &member, refused, (&form, &errors)).await
        }
        Err(error) => Err(error),
    }
}

async fn end(
    portal: Data<Portal>,
    path: Path<(String, DelegationId)>,
    posted: PostedByMember,
) -> Result<HttpResponse> {
    let (_, id) = path.into_inner();
    let member = posted.member;
    let back = address(&member);
    let (actor, asked) = (member.by.actor.clone(), subject(&member));
    let site = portal.config.public_url().to_owned();
    portal
        .db
        .write(member.reach, move |tx| {
            let permit = Permit::<EndDelegation>::grant(&actor, Some(asked))?;
            end_delegation(tx, &permit, id, &site)
        })
        .await?;
    Ok(see_other_with_news(&back, "The delegation has ended", "What was signed under it stays signed."))
}
