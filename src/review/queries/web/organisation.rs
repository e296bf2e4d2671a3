//! Questions for the organisation: the list, one thread, an answer, a request for more time, a file that came with one.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{REASON_LIMIT, reply_day};
use crate::access::{AskQueryTime, DraftReply, ReadGiven, ReplyToQuery};
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Once, Portal, TypedDay, page, page_with_status, see_other_with_news};
use crate::platform::ids::{EvidenceId, QueryId};
use crate::platform::pages::FormErrors;
use crate::returns::{self, Sent, Which};
use crate::review::ask::QUESTION_LIMIT;
use crate::review::mail::Links;
use crate::review::queries::pages::{Attempt, QueryPage, TheirListPage};
use crate::review::queries::store;
use crate::review::queries::{Draft, MoreTime, Standing, ask_more_time, save_draft};
use crate::review::reading::{self, AskedOf};
use crate::review::reply::reply_to_query;
use crate::review::web::{change_within, form_errors, limited, must_be_allowed};

/// The organisation, the year and the question that the address names.
type Address = Path<(String, String, i64)>;

/// One question with the answer it is about, for whoever sees the requirement.
pub(super) async fn asked(portal: &Portal, member: &Member, year: &str, id: QueryId) -> Result<AskedOf> {
    let (organisation, actor, year) = (member.organisation, member.by.actor.clone(), year.to_owned());
    portal.db.read(member.reach, move |conn| reading::question(conn, &actor, organisation, &year, id)).await
}

/// `GET /organisations/{organisation}/returns/{year}/queries`: those about requirements that the person sees.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let ((_, year), organisation) = (path.into_inner(), member.organisation);
    let actor = member.by.actor.clone();
    let (found, queries) = portal
        .db
        .read(member.reach, move |conn| {
            let found = returns::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            found.permit::<ReadGiven>(&actor)?;
            let sight = returns::sight(conn, &found, &actor)?;
            let mut queries = store::queries_of_return(conn, found.id)?;
            queries.retain(|query| sight.shows(query.requirement));
            Ok((found, queries))
        })
        .await?;
    let of = (found.code.as_str(), found.collection.key.as_str(), found.collection.year_label.as_str());
    returns::what_blocks_beside(&request, &portal, &member, &found.collection.key).await?;
    page(&request, &TheirListPage::new(of, &found.edition, &queries))
}

/// `GET …/queries/{id}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Address,
) -> Result<HttpResponse> {
    let (_, year, id) = path.into_inner();
    let of = asked(&portal, &member, &year, QueryId::new(id)).await?;
    let content = QueryPage::new(&of, &member.by.actor, &Attempt::default(), &FormErrors::new())?;
    returns::what_blocks_beside(&request, &portal, &member, &year).await?;
    page(&request, &content)
}

/// What became of a form: an address to go to with news, errors beside its fields, or a text that came too late.
enum Outcome {
    Done(String, &'static str, &'static str),
    Wrong(FormErrors),
    Stale(String),
}

impl Outcome {
    /// A verb's refusal, where the form can be shown again.
    fn of(error: Error) -> Result<Self> {
        match error {
            Error::Invalid(found) => Ok(Self::Wrong(form_errors(found))),
            Error::Conflict(why) => Ok(Self::Stale(why)),
            error => Err(error),
        }
    }
}

/// `POST …/queries/{id}`: an answer, sent by a lead or kept as a draft.
pub(super) async fn answer(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Address,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let (_, year, id) = path.into_inner();
    let id = QueryId::new(id);
    let of = asked(&portal, &member, &year, id).await?;
    let drafts = fields.one("do") == "draft";
    let (reach, actor, review) = (member.reach, &member.by.actor, of.query.review);
    if drafts {
        must_be_allowed::<DraftReply>(&portal, reach, actor, review).await?;
    } else {
        must_be_allowed::<ReplyToQuery>(&portal, reach, actor, review).await?;
    }
    let typed = fields.text("reply");
    let mut errors = FormErrors::new();
    if typed.is_empty() {
        errors.add("reply", "Enter your answer");
    }
    limited(&typed, QUESTION_LIMIT, "reply", "The answer", &mut errors);
    let at = format!("/organisations/{}/returns/{year}/queries/{id}", member.code);
    let outcome = if !errors.is_empty() {
        Outcome::Wrong(errors)
    } else if drafts {
        drafted(&portal, &member, &of, (&at, &typed), &fields).await?
    } else {
        sent(&portal, &member, &of, (&at, &typed), &fields).await?
    };
    let attempt = Attempt { reply: typed, ..Attempt::default() };
    answered(&request, &portal, &member, (&year, id), (outcome, attempt)).await
}

async fn sent(
    portal: &Portal,
    member: &Member,
    of: &AskedOf,
    (at, text): (&str, &str),
    fields: &Fields,
) -> Result<Outcome> {
    let (id, even_after) = (of.query.id, fields.one("after") == "yes");
    let (links, text) = (Links::below(portal.config.public_url()), text.to_owned());
    let once = Once::of(member.by.person, at, fields, at)?;
    let (reach, actor, review) = (member.reach, &member.by.actor, of.query.review);
    let sent = change_within::<ReplyToQuery, _, _>(portal, reach, actor, review, move |tx, permit, _| {
        once.begin(tx)?;
        reply_to_query(tx, permit, id, (&text, even_after), &links)
    })
    .await;
    Ok(match sent {
        Ok(standing) => Outcome::Done(at.to_owned(), "Answer sent", told(standing)),
        Err(error) => Outcome::of(error)?,
    })
}

/// What is said of an answer that was sent.
pub(super) const fn told(standing: Standing) -> &'static str {
    match standing {
        Standing::InTime => "The reviewer has been told.",
        Standing::Late => "The reviewer has been told. It is marked as late.",
        Standing::After => {
            "The reviewer has been told. It is marked as arrived after the review had moved on."
        }
    }
}

async fn drafted(
    portal: &Portal,
    member: &Member,
    of: &AskedOf,
    (at, text): (&str, &str),
    fields: &Fields,
) -> Result<Outcome> {
    let (id, draft) = (of.query.id, Draft { text: text.to_owned(), version: 0 });
    let links = Links::below(portal.config.public_url());
    let once = Once::of(member.by.person, &format!("{at}/draft"), fields, at)?;
    let (reach, actor, review) = (member.reach, &member.by.actor, of.query.review);
    let saved = change_within::<DraftReply, _, _>(portal, reach, actor, review, move |tx, permit, _| {
        once.begin(tx)?;
        save_draft(tx, permit, id, &draft, &links)
    })
    .await;
    Ok(match saved {
        Ok(draft) => Outcome::Done(
            format!("{at}/drafts/{draft}"),
            "Draft saved",
            "Add evidence if you have some. The reviewer sees nothing before it is sent.",
        ),
        Err(error) => Outcome::of(error)?,
    })
}

async fn answered(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    (year, id): (&str, QueryId),
    (outcome, mut attempt): (Outcome, Attempt),
) -> Result<HttpResponse> {
    let (status, errors) = match outcome {
        Outcome::Done(to, heading, words) => return Ok(see_other_with_news(&to, heading, words)),
        Outcome::Wrong(errors) => (StatusCode::UNPROCESSABLE_ENTITY, errors),
        Outcome::Stale(why) => {
            attempt.stale = why;
            (StatusCode::CONFLICT, FormErrors::new())
        }
    };
    // Read again: what stands there may have changed under the form.
    let of = asked(portal, member, year, id).await?;
    returns::what_blocks_beside(request, portal, member, year).await?;
    page_with_status(request, status, &QueryPage::new(&of, &member.by.actor, &attempt, &errors)?)
}

/// `POST …/queries/{id}/time`.
pub(super) async fn time(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Address,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let (_, year, id) = path.into_inner();
    let id = QueryId::new(id);
    let of = asked(&portal, &member, &year, id).await?;
    let (reach, actor, review) = (member.reach, &member.by.actor, of.query.review);
    must_be_allowed::<AskQueryTime>(&portal, reach, actor, review).await?;
    let attempt = Attempt {
        until: TypedDay::read(&fields, "until"),
        reason: fields.text("reason"),
        ..Attempt::default()
    };
    let mut errors = FormErrors::new();
    let now = portal.clock.now();
    let until = reply_day(&attempt.until, ("until", "until which you need more time"), now, &mut errors);
    if attempt.reason.is_empty() {
        errors.add("reason", "Enter why you need more time");
    }
    limited(&attempt.reason, REASON_LIMIT, "reason", "The reason", &mut errors);
    let wanted = until.map(|until| MoreTime { until, reason: attempt.reason.clone() });
    let outcome = match errors.into_result(wanted) {
        Err(errors) => Outcome::Wrong(errors),
        Ok(wanted) => {
            let at = format!("/organisations/{}/returns/{year}/queries/{id}", member.code);
            let links = Links::below(portal.config.public_url());
            let once = Once::of(member.by.person, &format!("{at}/time"), &fields, &at)?;
            let asked =
                change_within::<AskQueryTime, _, _>(&portal, reach, actor, review, move |tx, permit, _| {
                    once.begin(tx)?;
                    ask_more_time(tx, permit, id, &wanted, &links)
                })
                .await;
            match asked {
                Ok(_) => {
                    Outcome::Done(at, "More time asked for", "The reviewer decides and you are told by mail.")
                }
                Err(error) => Outcome::of(error)?,
            }
        }
    };
    answered(&request, &portal, &member, (&year, id), (outcome, attempt)).await
}

/// `GET …/queries/{id}/evidence/{evidence}`: a file of a message or a draft, for who sees the requirement.
pub(super) async fn evidence(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, String, i64, i64)>,
) -> Result<HttpResponse> {
    let (_, year, id, file) = path.into_inner();
    let file = EvidenceId::new(file);
    let of = asked(&portal, &member, &year, QueryId::new(id)).await?;
    let there = of.query.messages.iter().flat_map(|message| &message.files).any(|one| one.id == file);
    if !there {
        return Err(Error::NotFound);
    }
    let stored = portal.db.read(member.reach, move |conn| returns::evidence_file(conn, file)).await?;
    let stored = stored.filter(|stored| stored.organisation == member.organisation);
    returns::download(&request, &portal.files, &stored.ok_or(Error::NotFound)?, Sent::ToSave).await
}
