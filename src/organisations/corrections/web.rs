//! Corrections in the browser: a head office asks and takes back, a programme manager answers.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::answer::{accept_correction, refuse_correction};
use super::ask::{ask_correction, withdraw_correction};
use super::form::{AnswerForm, AskForm};
use super::pages::{AskPage, ListPage, RequestPage};
use super::store::{all_corrections, correction, corrections_of};
use crate::access::{
    Action as _, AnswerCorrection, AskCorrection, Permit, ReadAllCorrections, ReadCorrections, Subject,
};
use crate::identity::{Central, Member, Posted, PostedByMember};
use crate::organisations::by_id;
use crate::organisations::corrected;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, Routes, page, page_with_status, resource, see_other_with_news};
use crate::platform::ids::CorrectionId;
use crate::platform::pages::FormErrors;

/// The pages of corrections.
pub(in crate::organisations) fn routes(routes: &mut Routes) {
    routes
        .service(
            resource("/organisations/{organisation}/sites/corrections")
                .name("corrections-own")
                .get(show)
                .post(ask),
        )
        .service(
            resource("/organisations/{organisation}/sites/corrections/{id}/withdraw")
                .name("corrections-withdraw")
                .post(withdraw),
        )
        .service(resource("/corrections").name("corrections").get(list))
        .service(resource("/corrections/{id}").name("corrections-one").get(one).post(answer));
}

async fn show(request: HttpRequest, portal: Data<Portal>, member: Member) -> Result<HttpResponse> {
    shown(&request, &portal, &member, StatusCode::OK, (&AskForm::default(), &FormErrors::new())).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    status: StatusCode,
    form: (&AskForm, &FormErrors),
) -> Result<HttpResponse> {
    let whose = member.organisation;
    let own = Subject::organisation(whose);
    ReadCorrections::ROW.allows(&member.by.actor, &own)?;
    let may_ask = AskCorrection::ROW.allows(&member.by.actor, &own).is_ok();
    let asked = portal.db.read(member.reach, move |conn| corrections_of(conn, whose)).await?;
    let place = (member.code.as_str(), member.name.as_str());
    page_with_status(request, status, &AskPage::new(place, &asked, may_ask, form))
}

async fn ask(request: HttpRequest, portal: Data<Portal>, posted: PostedByMember) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let own = Subject::organisation(member.organisation);
    Permit::<AskCorrection>::grant(&member.by.actor, Some(own.clone()))?;
    let form = AskForm::read(&fields);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let new = match form.parse() {
        Ok(new) => new,
        Err(errors) => return shown(&request, &portal, &member, refused, (&form, &errors)).await,
    };
    let back = format!("/organisations/{}/sites/corrections", member.code);
    let once = Once::of(member.by.person, &back, &fields, &back)?;
    let (actor, public_url) = (member.by.actor.clone(), portal.config.public_url().to_owned());
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            ask_correction(tx, &Permit::<AskCorrection>::grant(&actor, Some(own))?, &new, &public_url)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(
            &back,
            "Request sent",
            "The programme has been told by email. You are told when it has answered.",
        )),
        Err(Error::Invalid(wrong)) => {
            shown(&request, &portal, &member, refused, (&form, &FormErrors::found(&wrong, &[]))).await
        }
        Err(error) => Err(error),
    }
}

async fn withdraw(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<(String, i64)>,
) -> Result<HttpResponse> {
    let member = posted.member;
    let id = CorrectionId::new(path.into_inner().1);
    let back = format!("/organisations/{}/sites/corrections", member.code);
    let (own, actor) = (Subject::organisation(member.organisation), member.by.actor);
    portal
        .db
        .write(member.reach, move |tx| {
            withdraw_correction(tx, &Permit::<AskCorrection>::grant(&actor, Some(own))?, id)
        })
        .await?;
    Ok(see_other_with_news(&back, "Request taken back", "The register stays as it is."))
}

async fn list(request: HttpRequest, portal: Data<Portal>, central: Central) -> Result<HttpResponse> {
    ReadAllCorrections::ROW.allows(&central.by.actor, &Subject::programme())?;
    let asked = portal.db.read(central.reach, all_corrections).await?;
    page(&request, &ListPage::new(&asked))
}

async fn one(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<i64>,
) -> Result<HttpResponse> {
    let form = (AnswerForm::default(), FormErrors::new());
    answered(&request, &portal, &central, CorrectionId::new(*path), StatusCode::OK, form).await
}

async fn answered(
    request: &HttpRequest,
    portal: &Portal,
    central: &Central,
    id: CorrectionId,
    status: StatusCode,
    (form, errors): (AnswerForm, FormErrors),
) -> Result<HttpResponse> {
    ReadAllCorrections::ROW.allows(&central.by.actor, &Subject::programme())?;
    let (asked, head, stands) = portal
        .db
        .read(central.reach, move |conn| {
            let asked = correction(conn, id)?;
            let head = match by_id(conn, asked.site)?.and_then(|site| site.head_office_id) {
                Some(head) => by_id(conn, head)?,
                None => None,
            };
            Ok((asked, head, corrected::ended_by(conn, id)?))
        })
        .await?;
    let head = head.map_or_else(|| "None".to_owned(), |head| format!("{} ({})", head.name, head.code));
    page_with_status(request, status, &RequestPage::new(&asked, (&head, stands), (&form, &errors)))
}

async fn answer(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    path: Path<i64>,
) -> Result<HttpResponse> {
    let Posted { by, fields } = posted;
    let central = Central::of(by)?;
    let id = CorrectionId::new(*path);
    ReadAllCorrections::ROW.allows(&central.by.actor, &Subject::programme())?;
    let form = AnswerForm::read(&fields);
    let accepted = match form.parse() {
        Ok(accepted) => accepted,
        Err(errors) => {
            let refused = StatusCode::UNPROCESSABLE_ENTITY;
            return answered(&request, &portal, &central, id, refused, (form, errors)).await;
        }
    };
    let back = format!("/corrections/{id}");
    let once = Once::of(central.by.person, &back, &fields, &back)?;
    let (actor, public_url) = (central.by.actor.clone(), portal.config.public_url().to_owned());
    portal
        .db
        .write(central.reach, move |tx| {
            once.begin(tx)?;
            let asked = correction(tx.conn(), id)?;
            let permit = Permit::<AnswerCorrection>::grant(&actor, Some(asked.subject()))?;
            if accepted {
                accept_correction(tx, &permit, &form.words, &public_url)
            } else {
                refuse_correction(tx, &permit, &form.words, &public_url)
            }
        })
        .await?;
    let text = if accepted { "The register has been corrected." } else { "The register stays as it is." };
    Ok(see_other_with_news(&back, "Request answered", text))
}
