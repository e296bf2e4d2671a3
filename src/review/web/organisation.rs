//! A review from the organisation's side: its reviewer's questions, and the outcome once it is final.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{change_within, form_errors, limited, must_be_allowed};
use crate::access::{Action as _, ReplyToQuery};
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::QueryId;
use crate::platform::pages::FormErrors;
use crate::review::ask::QUESTION_LIMIT;
use crate::review::mail::Links;
use crate::review::pages::{OutcomePage, QueryPage};
use crate::review::reading::{self, AskedOf};
use crate::review::reply::reply_to_query;

/// `GET /organisations/{organisation}/returns/{year}/queries/{id}`.
pub(super) async fn question(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, String, i64)>,
) -> Result<HttpResponse> {
    let (_, year, id) = path.into_inner();
    let of = asked(&portal, &member, year, QueryId::new(id)).await?;
    page(&request, &shown(&of, &member, "", &FormErrors::new())?)
}

async fn asked(portal: &Portal, member: &Member, year: String, id: QueryId) -> Result<AskedOf> {
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    portal.db.read(member.reach, move |conn| reading::question(conn, &actor, organisation, &year, id)).await
}

fn shown(of: &AskedOf, member: &Member, typed: &str, errors: &FormErrors) -> Result<QueryPage> {
    let subject = of.case.found.review.subject();
    let may_reply = ReplyToQuery::ROW.allows(&member.by.actor, &subject).is_ok();
    QueryPage::new(of, may_reply, typed, errors)
}

/// `POST /organisations/{organisation}/returns/{year}/queries/{id}`.
pub(super) async fn reply(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<(String, String, i64)>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let (_, year, id) = path.into_inner();
    let id = QueryId::new(id);
    let of = asked(&portal, &member, year.clone(), id).await?;
    must_be_allowed::<ReplyToQuery>(&portal, member.reach, &member.by.actor, of.query.review).await?;
    let typed = fields.text("reply");
    let mut errors = FormErrors::new();
    if typed.is_empty() {
        errors.add("reply", "Enter your answer");
    }
    limited(&typed, QUESTION_LIMIT, "reply", "The answer", &mut errors);
    if errors.is_empty() {
        let (links, text) = (Links::below(portal.config.public_url()), typed.clone());
        let (reach, actor, review) = (member.reach, &member.by.actor, of.query.review);
        let sent =
            change_within::<ReplyToQuery, _, _>(&portal, reach, actor, review, move |tx, permit, _| {
                reply_to_query(tx, permit, id, &text, &links)
            })
            .await;
        match sent {
            Ok(()) => {
                let to = format!("/organisations/{}/returns/{year}/queries/{id}", member.code);
                return Ok(see_other_with_news(&to, "Answer sent", "The reviewer has been told."));
            }
            Err(Error::Invalid(found)) => errors = form_errors(found),
            Err(error) => return Err(error),
        }
    }
    let content = shown(&of, &member, &typed, &errors)?;
    page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}

/// `GET /organisations/{organisation}/returns/{year}/review`.
pub(super) async fn outcome(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let ((_, year), organisation) = (path.into_inner(), member.organisation);
    let actor = member.by.actor.clone();
    let case =
        portal.db.read(member.reach, move |conn| reading::outcome(conn, &actor, organisation, &year)).await?;
    page(&request, &OutcomePage::new(&case))
}
