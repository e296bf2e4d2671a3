//! One draft of an answer: read, written on, sent, thrown away.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::organisation::{asked, told};
use crate::access::{DraftReply, ReplyToQuery};
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::{QueryId, QueryMessageId};
use crate::platform::pages::FormErrors;
use crate::returns;
use crate::review::ask::QUESTION_LIMIT;
use crate::review::mail::Links;
use crate::review::queries::pages::{Attempt, DraftPage, QueryPage};
use crate::review::queries::{Draft, Side, discard_draft, must_be_open_to, save_draft};
use crate::review::reading::AskedOf;
use crate::review::reply::send_draft;
use crate::review::web::{change_within, form_errors, limited, must_be_allowed};

/// The organisation, the year, the question and the draft that the address names.
pub(super) type Address = Path<(String, String, i64, i64)>;

/// What is said to whoever wrote on in a draft that is not there any more.
const GONE: &str =
    "A colleague sent your draft or threw it away while you wrote. What you wrote since is in the form.";

/// A draft with its question.
pub(super) struct Place {
    pub of: AskedOf,
    pub id: QueryId,
    pub draft: QueryMessageId,
    pub year: String,
    /// The page of the question.
    pub query_at: String,
    /// The page of the draft.
    pub at: String,
}

impl Place {
    /// The draft that the address names, if there is one and the person sees the requirement.
    pub async fn of(portal: &Portal, member: &Member, path: Address) -> Result<Self> {
        let place = Self::whatever(portal, member, path).await?;
        if place.is_there() { Ok(place) } else { Err(Error::NotFound) }
    }

    /// The place that the address names, with the draft or without it: it may have been sent or thrown away.
    async fn whatever(portal: &Portal, member: &Member, path: Address) -> Result<Self> {
        let (_, year, id, draft) = path.into_inner();
        let (id, draft) = (QueryId::new(id), QueryMessageId::new(draft));
        let of = asked(portal, member, &year, id).await?;
        let query_at = format!("/organisations/{}/returns/{year}/queries/{id}", member.code);
        let at = format!("{query_at}/drafts/{draft}");
        Ok(Self { of, id, draft, year, query_at, at })
    }

    fn is_there(&self) -> bool {
        self.of.query.drafts().any(|message| message.id == self.draft)
    }

    /// That the person may change the draft, asked before a file of it is read.
    pub fn must_be_open_to(&self, member: &Member) -> Result<()> {
        let mut drafts = self.of.query.drafts();
        let draft = drafts.find(|message| message.id == self.draft).ok_or(Error::NotFound)?;
        must_be_open_to(&member.by.actor, member.organisation, draft)
    }

    /// Whether the draft has become an answer.
    fn is_sent(&self) -> bool {
        self.of
            .query
            .sent()
            .iter()
            .any(|message| message.id == self.draft && message.side == Side::Organisation)
    }

    /// The question's page with a text whose draft is gone, so that the text is not.
    async fn without_draft(&self, portal: &Portal, member: &Member, typed: String) -> Result<QueryPage> {
        let of = asked(portal, member, &self.year, self.id).await?;
        let attempt = Attempt { reply: typed, stale: GONE.to_owned(), ..Attempt::default() };
        QueryPage::new(&of, &member.by.actor, &attempt, &FormErrors::new())
    }

    /// The draft's page as it is now.
    pub async fn page(
        &self,
        portal: &Portal,
        member: &Member,
        (typed, stale): (Option<&str>, &str),
        errors: &FormErrors,
    ) -> Result<DraftPage> {
        let of = asked(portal, member, &self.year, self.id).await?;
        let whose = member.organisation;
        let library = portal.db.read(member.reach, move |conn| returns::kept_pieces(conn, whose)).await?;
        DraftPage::new(&of, self.draft, (&member.by.actor, &library), (typed, stale), errors)
    }
}

/// `GET …/queries/{id}/drafts/{draft}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Address,
) -> Result<HttpResponse> {
    let place = Place::of(&portal, &member, path).await?;
    returns::what_blocks_beside(&request, &portal, &member, &place.year).await?;
    page(&request, &place.page(&portal, &member, (None, ""), &FormErrors::new()).await?)
}

/// `POST …/queries/{id}/drafts/{draft}`: written on by its author.
pub(super) async fn save(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Address,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let place = Place::whatever(&portal, &member, path).await?;
    let (reach, actor, review) = (member.reach, &member.by.actor, place.of.query.review);
    must_be_allowed::<DraftReply>(&portal, reach, actor, review).await?;
    let typed = fields.text("text");
    if !place.is_there() {
        let content = place.without_draft(&portal, &member, typed).await?;
        return page_with_status(&request, StatusCode::CONFLICT, &content);
    }
    let mut drafts = place.of.query.drafts();
    if drafts.any(|message| message.id == place.draft && Some(message.author) != actor.id()) {
        return Err(Error::Forbidden("A draft is written on by whoever began it.".to_owned()));
    }
    let draft = match read(&fields, &typed) {
        Ok(draft) => draft,
        Err(errors) => {
            let content = place.page(&portal, &member, (Some(&typed), ""), &errors).await?;
            return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
        }
    };
    let (id, links) = (place.id, Links::below(portal.config.public_url()));
    let saved = change_within::<DraftReply, _, _>(&portal, reach, actor, review, move |tx, permit, _| {
        save_draft(tx, permit, id, &draft, &links)
    })
    .await;
    match saved {
        Ok(_) => {
            Ok(see_other_with_news(&place.at, "Draft saved", "The reviewer sees nothing before it is sent."))
        }
        Err(Error::Conflict(why)) => {
            // Both texts stay: the stored one in the draft, the typed one in the form.
            let content = place.page(&portal, &member, (Some(&typed), &why), &FormErrors::new()).await;
            match content {
                Ok(content) => page_with_status(&request, StatusCode::CONFLICT, &content),
                Err(Error::NotFound) => {
                    let content = place.without_draft(&portal, &member, typed).await?;
                    page_with_status(&request, StatusCode::CONFLICT, &content)
                }
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

/// The draft of a form.
fn read(fields: &Fields, typed: &str) -> Result<Draft, FormErrors> {
    let version = fields.one("version").parse::<i64>();
    let mut errors = FormErrors::new();
    if typed.is_empty() {
        errors.add("text", "Enter your answer");
    }
    limited(typed, QUESTION_LIMIT, "text", "The answer", &mut errors);
    if version.is_err() {
        errors.add_whole("The form could not be read. Load the page again");
    }
    errors.into_result(version.ok().map(|version| Draft { text: typed.to_owned(), version }))
}

/// `POST …/queries/{id}/drafts/{draft}/send`.
pub(super) async fn send(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Address,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let place = Place::whatever(&portal, &member, path).await?;
    let (reach, actor, review) = (member.reach, &member.by.actor, place.of.query.review);
    must_be_allowed::<ReplyToQuery>(&portal, reach, actor, review).await?;
    if place.is_sent() {
        // Pressed twice, or by two leads: it is where it was to go.
        return Ok(see_other_with_news(&place.query_at, "Answer sent", "It had been sent before."));
    }
    let (at, links) = ((place.id, place.draft), Links::below(portal.config.public_url()));
    let how = (fields.one("version").parse().unwrap_or_default(), fields.one("after") == "yes");
    let sent = change_within::<ReplyToQuery, _, _>(&portal, reach, actor, review, move |tx, permit, _| {
        send_draft(tx, permit, at, how, &links)
    })
    .await;
    match sent {
        Ok(standing) => Ok(see_other_with_news(&place.query_at, "Answer sent", told(standing))),
        Err(Error::Invalid(found)) => {
            let content = place.page(&portal, &member, (None, ""), &form_errors(found)).await?;
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(Error::Conflict(why)) => {
            let content = place.page(&portal, &member, (None, &why), &FormErrors::new()).await?;
            page_with_status(&request, StatusCode::CONFLICT, &content)
        }
        Err(error) => Err(error),
    }
}

/// `POST …/queries/{id}/drafts/{draft}/discard`.
pub(super) async fn discard(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Address,
) -> Result<HttpResponse> {
    let member = posted.member;
    let place = Place::of(&portal, &member, path).await?;
    let (id, draft) = (place.id, place.draft);
    let (reach, actor, review) = (member.reach, &member.by.actor, place.of.query.review);
    change_within::<DraftReply, _, _>(&portal, reach, actor, review, move |tx, permit, _| {
        discard_draft(tx, permit, id, draft)
    })
    .await?;
    Ok(see_other_with_news(&place.query_at, "Draft thrown away", "Its files stay in the evidence library."))
}
