//! A requirement's discussion in the browser.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::comment::{NewComment, comment};
use super::pages::{DiscussionPage, Typed};
use super::store::{self as comments, Comment};
use super::withdraw::withdraw_comment;
use crate::access::{Discuss, ReadGiven, WithdrawComment};
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page_with_status, see_other_with_news};
use crate::platform::ids::{CommentId, PersonId};
use crate::platform::pages::FormErrors;
use crate::returns::answer_form::errors_of;
use crate::returns::blocking;
use crate::returns::readiness::question_href;
use crate::returns::sharing::must_see;
use crate::returns::store::{self, Found, Which};
use crate::returns::web::{OfQuestion, put};

/// `GET …/requirements/{code}/discussion`.
pub(in crate::returns) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfQuestion>,
) -> Result<HttpResponse> {
    shown(&request, &portal, &member, &path, StatusCode::OK, (&Typed::default(), &FormErrors::new())).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    path: &OfQuestion,
    status: StatusCode,
    typed: (&Typed, &FormErrors),
) -> Result<HttpResponse> {
    let (organisation, wanted, actor) = (member.organisation, path.clone(), member.by.actor.clone());
    let (found, said, readers): (Found, Vec<Comment>, Vec<(PersonId, String)>) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (id, _) = put(&found, &wanted.code)?;
            must_see(conn, &found, &actor, id)?;
            found.permit::<ReadGiven>(&actor)?;
            let said = comments::comments(conn, found.id, id)?;
            let readers = comments::readers(conn, &found, id)?;
            Ok((found, said, readers.into_iter().map(|(person, name, _)| (person, name)).collect()))
        })
        .await?;
    let requirement = found.edition.edition().requirement(&path.code).ok_or(Error::NotFound)?;
    let content = DiscussionPage::new(&found, requirement, (member.by.person, &said), &readers, typed);
    blocking::beside(request, portal, member, &found).await?;
    page_with_status(request, status, &content)
}

/// `POST …/requirements/{code}/discussion`.
pub(in crate::returns) async fn write(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfQuestion>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let typed = Typed { text: fields.text("text"), mentioned: fields.all("mention") };
    let then = format!("{}/discussion", question_href(&member.code, &path.year, &path.code));
    let once = Once::of(member.by.person, &then, &fields, &then)?;
    let (organisation, actor, wanted) = (member.organisation, member.by.actor.clone(), path.clone());
    let (public_url, text) = (portal.config.public_url().to_owned(), typed.text.clone());
    let mentioned = typed.mentioned.iter().map(|person| person.parse::<PersonId>());
    let mentioned: Vec<PersonId> = mentioned
        .collect::<Result<_, std::num::ParseIntError>>()
        .map_err(|_| Error::field("mention", "Choose colleagues of the list"))?;
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found =
                store::find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (requirement, _) = put(&found, &wanted.code)?;
            let permit = found.permit::<Discuss>(&actor)?;
            comment(tx, &permit, &found, &NewComment { requirement, text, mentioned }, &public_url)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(&then, "Comment added", "Whoever you named is told by email.")),
        Err(Error::Invalid(list)) => {
            let refused = StatusCode::UNPROCESSABLE_ENTITY;
            shown(&request, &portal, &member, &path, refused, (&typed, &errors_of(&list))).await
        }
        Err(error) => Err(error),
    }
}

/// The comment that an address names.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::returns) struct OfComment {
    year: String,
    code: String,
    id: i64,
}

/// `POST …/requirements/{code}/comments/{id}/withdraw`.
pub(in crate::returns) async fn take_back(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfComment>,
) -> Result<HttpResponse> {
    let member = posted.member;
    let wanted = path.into_inner();
    let then = format!("{}/discussion", question_href(&member.code, &wanted.year, &wanted.code));
    let (organisation, actor) = (member.organisation, member.by.actor);
    portal
        .db
        .write(member.reach, move |tx| {
            let found =
                store::find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (requirement, _) = put(&found, &wanted.code)?;
            let permit = found.permit::<WithdrawComment>(&actor)?;
            withdraw_comment(tx, &permit, &found, requirement, CommentId::new(wanted.id))
        })
        .await?;
    Ok(see_other_with_news(&then, "Comment withdrawn", "Its text is gone; that you wrote one stays visible."))
}
