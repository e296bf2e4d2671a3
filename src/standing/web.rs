//! Where a return stands, in the browser. All of it is for those who see the whole return.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::gather::gather;
use super::pages::{BoardPaperPage, PaperRow, StandingPage, paper_href, standing_href};
use super::paper::{self, BoardPaper, make_board_paper};
use super::store;
use crate::access::{MakeBoardPaper, ReadReturn};
use crate::identity::{self, Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{
    Once, Portal, Routes, downloaded, page, page_with_status, resource, see_other_with_news,
};
use crate::platform::ids::PersonId;
use crate::platform::pages::FormErrors;
use crate::platform::pdf;
use crate::returns::{self, Which};

/// The pages.
pub fn routes(routes: &mut Routes) {
    let page = |name: &str, address: &str| {
        resource(format!("/organisations/{{organisation}}/returns/{{year}}/standing{address}")).name(name)
    };
    routes
        .service(page("standing", "").get(standing))
        .service(page("standing-board-papers", "/board-papers").post(make))
        .service(page("standing-board-paper", "/board-papers/{number}").get(show))
        .service(page("standing-board-paper-file", "/board-papers/{number}/paper.pdf").get(file));
}

/// The collection that an address names.
#[derive(Debug, Clone, Deserialize)]
struct OfYear {
    year: String,
}

/// The paper that an address names.
#[derive(Debug, Clone, Deserialize)]
struct OfPaper {
    year: String,
    number: i64,
}

/// `GET …/standing`.
async fn standing(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfYear>,
) -> Result<HttpResponse> {
    let year = path.into_inner().year;
    shown(&request, &portal, &member, year, StatusCode::OK, ("", &FormErrors::new())).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    year: String,
    status: StatusCode,
    form: (&str, &FormErrors),
) -> Result<HttpResponse> {
    let (organisation, now, actor) = (member.organisation, portal.clock.now(), member.by.actor.clone());
    let (picture, papers, names) = portal
        .db
        .read(member.reach, move |conn| {
            let found = returns::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            found.permit::<ReadReturn>(&actor)?;
            let papers = store::papers(conn, found.id)?;
            let makers: Vec<PersonId> = papers.iter().map(|paper| paper.made_by).collect();
            let names = if makers.is_empty() { BTreeMap::new() } else { identity::names_of(conn, &makers)? };
            Ok((gather(conn, found, now)?, papers, names))
        })
        .await?;
    let rows = papers
        .into_iter()
        .map(|paper| PaperRow {
            href: paper_href(&member.code, &picture.found.collection.key, paper.number),
            number: paper.number,
            made_at: paper.made_at.micros(),
            made_by: names.get(&paper.made_by).cloned().unwrap_or_default(),
        })
        .collect();
    returns::what_blocks_beside(request, portal, member, &picture.found.collection.key).await?;
    page_with_status(request, status, &StandingPage::new(&picture, rows, &member.by.actor, form))
}

/// `POST …/standing/board-papers`.
async fn make(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfYear>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let year = path.into_inner().year;
    let then = standing_href(&member.code, &year);
    let once = Once::of(member.by.person, &format!("{then}/board-papers"), &fields, &then)?;
    let meeting = fields.text("meeting").trim().to_owned();
    let (organisation, actor, wanted) = (member.organisation, member.by.actor.clone(), year.clone());
    let typed = meeting.clone();
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found = returns::find(tx.conn(), Which::Of(organisation, &wanted))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<MakeBoardPaper>(&actor)?;
            make_board_paper(tx, &permit, found, &meeting)
        })
        .await;
    match outcome {
        Ok(number) => Ok(see_other_with_news(
            &paper_href(&member.code, &year, number),
            "Board paper made",
            "It is kept as it is now, and that it was made is recorded.",
        )),
        Err(Error::Invalid(list)) => {
            let mut errors = FormErrors::new();
            for wrong in list {
                errors.add(wrong.field, wrong.message);
            }
            let refused = StatusCode::UNPROCESSABLE_ENTITY;
            shown(&request, &portal, &member, year, refused, (&typed, &errors)).await
        }
        Err(error) => Err(error),
    }
}

/// The kept paper, for whoever sees the whole return.
async fn kept(portal: &Portal, member: &Member, path: OfPaper) -> Result<BoardPaper> {
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    let content = portal
        .db
        .read(member.reach, move |conn| {
            let found = returns::find(conn, Which::Of(organisation, &path.year))?.ok_or(Error::NotFound)?;
            found.permit::<ReadReturn>(&actor)?;
            store::paper(conn, found.id, path.number)?.ok_or(Error::NotFound)
        })
        .await?;
    serde_json::from_str(&content).map_err(|e| Error::internal("failed to read a board paper", e))
}

/// `GET …/standing/board-papers/{number}`.
async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfPaper>,
) -> Result<HttpResponse> {
    let path = path.into_inner();
    let year = path.year.clone();
    let kept = kept(&portal, &member, path).await?;
    returns::what_blocks_beside(&request, &portal, &member, &year).await?;
    page(&request, &BoardPaperPage::new(kept))
}

/// `GET …/standing/board-papers/{number}/paper.pdf`.
async fn file(portal: Data<Portal>, member: Member, path: Path<OfPaper>) -> Result<HttpResponse> {
    let kept = kept(&portal, &member, path.into_inner()).await?;
    let name = format!("{}-{}-board-paper-{}.pdf", kept.code, kept.year, kept.number);
    Ok(downloaded(pdf::MEDIA_TYPE, &name, pdf::typeset(paper::typeset(&kept)).await?))
}
