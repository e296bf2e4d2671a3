//! Challenges in the browser: for the organisation, and for the central team with a list.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::model::{ChallengeState, Ruling};
use super::pages::{ChallengePage, ListPage, SettlePage, Shown, Typed, TypedLine};
use super::post::{NewChallenge, post_challenge};
use super::reading::{self, ForMembers, ToSettle};
use super::settle::{SettleLine, settle_challenge};
use super::uninvolved::Uninvolved;
use super::withdraw::withdraw_challenge;
use crate::access::{Action as _, Actor, ChallengeDecision, SettleChallenge, WithdrawChallenge};
use crate::identity::{Central, Member, Posted, PostedByMember};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::http::{
    Fields, Once, Portal, Routes, downloaded, page, page_with_status, resource, see_other_with_news,
};
use crate::platform::ids::ReviewId;
use crate::platform::pages::FormErrors;
use crate::returns::what_blocks_beside;
use crate::review::claim::person;
use crate::review::decide::REASON_LIMIT;
use crate::review::web::{central, change, change_within, closing, form_errors, limited, must_be_allowed};
use crate::standards::scoring::Status;

/// The most challenges that the page lists; the file has all.
const LISTED: usize = 500;

/// The addresses of challenges. They stand before `/reviews/{id}`, which would take the list for a number.
pub(in crate::review) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/reviews/challenges").name("reviews-challenges").get(list))
        .service(resource("/reviews/challenges.csv").name("reviews-challenges-csv").get(csv))
        .service(resource("/reviews/{id}/challenge").name("reviews-challenge").get(show).post(settle))
        .service(
            resource("/organisations/{organisation}/returns/{year}/challenge")
                .name("returns-challenge")
                .get(ours)
                .post(post),
        )
        .service(
            resource("/organisations/{organisation}/returns/{year}/challenge/withdraw")
                .name("returns-challenge-withdraw")
                .post(withdraw),
        );
}

async fn for_members(portal: &Portal, member: &Member, year: &str) -> Result<ForMembers> {
    let (organisation, year, now) = (member.organisation, year.to_owned(), portal.clock.now());
    let actor = member.by.actor.clone();
    portal
        .db
        .read(member.reach, move |conn| reading::for_members(conn, &actor, (organisation, &year), now))
        .await
}

/// The page after a refused form, or before one.
async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    (member, year): (&Member, &str),
    (status, typed, errors): (StatusCode, &Typed, &FormErrors),
) -> Result<HttpResponse> {
    let of = for_members(portal, member, year).await?;
    // The role alone: what the review's state forbids is told in words of its own.
    let mut subject = of.case.found.review.subject();
    subject.state = "decided";
    let may = ChallengeDecision::ROW.allows(&member.by.actor, &subject).is_ok();
    what_blocks_beside(request, portal, member, year).await?;
    page_with_status(request, status, &ChallengePage::new(&of, may, typed, errors))
}

/// `GET /organisations/{organisation}/returns/{year}/challenge`.
async fn ours(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (_, year) = path.into_inner();
    let (typed, errors) = (Typed::default(), FormErrors::new());
    shown(&request, &portal, (&member, &year), (StatusCode::OK, &typed, &errors)).await
}

fn typed(fields: &Fields) -> NewChallenge {
    NewChallenge {
        whole: fields.one("scope") == "whole",
        requirements: fields.all("requirements"),
        grounds: fields.text("grounds"),
        evidence: fields.text("evidence"),
    }
}

/// `POST /organisations/{organisation}/returns/{year}/challenge`.
async fn post(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let (_, year) = path.into_inner();
    let new = typed(&fields);
    let then = format!("/organisations/{}/returns/{year}/challenge", member.code);
    let once = Once::of(member.by.person, &then, &fields, &then)?;
    let id = for_members(&portal, &member, &year).await?.case.found.review.id;
    let (terms, sent) = (closing(&portal), new.clone());
    let (reach, actor) = (member.reach, &member.by.actor);
    let outcome =
        change_within::<ChallengeDecision, _, _>(&portal, reach, actor, id, move |tx, permit, _| {
            once.begin(tx)?;
            post_challenge(tx, permit, &sent, &terms)
        })
        .await;
    let (status, errors) = match outcome {
        Ok(_) => {
            let words = "You will get the answer as a letter. Until then you can withdraw the challenge.";
            return Ok(see_other_with_news(&then, "Challenge sent", words));
        }
        Err(Error::Invalid(found)) => (StatusCode::UNPROCESSABLE_ENTITY, form_errors(found)),
        // What was written is shown again beside the reason, and not lost.
        Err(Error::Refused(_)) => (StatusCode::CONFLICT, FormErrors::new()),
        Err(error) => return Err(error),
    };
    shown(&request, &portal, (&member, &year), (status, &new, &errors)).await
}

/// `POST /organisations/{organisation}/returns/{year}/challenge/withdraw`.
async fn withdraw(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let PostedByMember { member, .. } = posted;
    let (_, year) = path.into_inner();
    let id = for_members(&portal, &member, &year).await?.case.found.review.id;
    let terms = closing(&portal);
    let (reach, actor) = (member.reach, &member.by.actor);
    change_within::<WithdrawChallenge, _, _>(&portal, reach, actor, id, move |tx, permit, _| {
        withdraw_challenge(tx, permit, &terms)
    })
    .await?;
    let to = format!("/organisations/{}/returns/{year}/challenge", member.code);
    Ok(see_other_with_news(&to, "Challenge withdrawn", "The decision stands."))
}

async fn to_settle(portal: &Portal, actor: &Actor, id: ReviewId) -> Result<ToSettle> {
    let who = actor.clone();
    portal.db.read(actor.central_reach()?, move |conn| reading::to_settle(conn, &who, id)).await
}

/// `GET /reviews/{id}/challenge`.
async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let of = to_settle(&portal, &central.by.actor, ReviewId::new(*id)).await?;
    let nothing = BTreeMap::new();
    page(&request, &SettlePage::new(&of, &central.by.actor, (&nothing, ""), &FormErrors::new()))
}

/// What was typed, by the code of each challenged requirement.
fn typed_lines(of: &ToSettle, fields: &Fields) -> BTreeMap<String, TypedLine> {
    let edition = &of.of.case.found.edition;
    let line = |(number, line): (usize, &super::model::ChallengedLine)| {
        let position = edition.position_of(line.requirement)?;
        let code = edition.edition().requirements().get(position)?.code.to_string();
        let typed = TypedLine {
            ruling: fields.one(&format!("ruling-{number}")).to_owned(),
            assessed: fields.one(&format!("assessed-{number}")).to_owned(),
            reason: fields.text(&format!("reason-{number}")),
        };
        Some((code, typed))
    };
    of.lines.iter().enumerate().filter_map(line).collect()
}

/// `POST /reviews/{id}/challenge`.
async fn settle(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let id = ReviewId::new(*id);
    must_be_allowed::<SettleChallenge>(&portal, actor.central_reach()?, &actor, id).await?;
    let of = to_settle(&portal, &actor, id).await?;
    if of.challenge.state != ChallengeState::Open {
        return Err(Error::Conflict("The challenge has been closed meanwhile.".to_owned()));
    }
    let lines = typed_lines(&of, &fields);
    let remarks = fields.text("remarks");
    let mut errors = FormErrors::new();
    limited(&remarks, REASON_LIMIT, "remarks", "The remarks", &mut errors);
    if errors.is_empty() {
        let rulings: BTreeMap<String, SettleLine> =
            lines.iter().map(|(code, typed)| (code.clone(), parsed(typed))).collect();
        let (terms, said) = (closing(&portal), remarks.clone());
        let outcome = change::<SettleChallenge, _, _>(&portal, &actor, id, move |tx, permit, review| {
            let by = Uninvolved::check(tx, person(permit)?, review)?;
            settle_challenge(tx, permit, &by, &rulings, (&said, &terms))
        })
        .await;
        match outcome {
            Ok(ruling) => {
                let words = format!("{}. The organisation has been sent a letter.", ruling.words());
                return Ok(see_other_with_news(
                    &format!("/reviews/{id}/decision"),
                    "Challenge settled",
                    &words,
                ));
            }
            Err(Error::Invalid(found)) => errors = form_errors(found),
            Err(error) => return Err(error),
        }
    }
    let content = SettlePage::new(&of, &actor, (&lines, &remarks), &errors);
    page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}

fn parsed(typed: &TypedLine) -> SettleLine {
    SettleLine {
        ruling: typed.ruling.parse::<Ruling>().ok(),
        assessed: Status::try_from(typed.assessed.clone()).ok(),
        reason: typed.reason.clone(),
    }
}

/// What an address says about the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    state: String,
}

impl Wanted {
    fn state(&self) -> Option<ChallengeState> {
        match self.state.as_str() {
            "" => Some(ChallengeState::Open),
            other => other.parse().ok(),
        }
    }
}

/// `GET /reviews/challenges`.
async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    wanted: Query<Wanted>,
) -> Result<HttpResponse> {
    let shown = Shown { state: wanted.state(), limit: LISTED };
    let (actor, state) = (central.by.actor.clone(), shown.state);
    let limit = i64::try_from(LISTED + 1).unwrap_or(i64::MAX);
    let all = portal.db.read(central.reach, move |conn| reading::list(conn, &actor, state, limit)).await?;
    page(&request, &ListPage::new(&all, &shown, portal.clock.now()))
}

/// A name that no spreadsheet runs.
fn guarded(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\t']) { format!("'{name}") } else { name.to_owned() }
}

/// `GET /reviews/challenges.csv`.
async fn csv(portal: Data<Portal>, central: Central, wanted: Query<Wanted>) -> Result<HttpResponse> {
    let (actor, state) = (central.by.actor.clone(), wanted.state());
    let all = portal.db.read(central.reach, move |conn| reading::list(conn, &actor, state, i64::MAX)).await?;
    let failed = |e: ::csv::Error| Error::internal("failed to write challenges as CSV", e);
    let mut out = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record([
        "organisation",
        "name",
        "year",
        "state",
        "decisions",
        "challenged_at",
        "due_at",
        "closed_at",
    ])
    .map_err(failed)?;
    for one in &all {
        let cells = [
            one.code.clone(),
            guarded(&one.name),
            one.year.clone(),
            one.state.to_string(),
            one.lines.to_string(),
            one.posted_at.rfc3339(),
            one.due_at.rfc3339(),
            one.closed_at.map(Timestamp::rfc3339).unwrap_or_default(),
        ];
        out.write_record(cells).map_err(failed)?;
    }
    let bytes =
        out.into_inner().map_err(|e| Error::internal("failed to write challenges as CSV", e.to_string()))?;
    Ok(downloaded("text/csv; charset=utf-8", "challenges.csv", bytes))
}
