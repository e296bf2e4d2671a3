//! Decisions and letters in the browser.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::draft::{PARAGRAPH_LIMIT, write_letter};
use super::pages::{DecisionPage, LetterPage, Preview, Typed};
use super::reading::{self, Sent};
use super::typeset::typeset;
use crate::access::{Action as _, FinishReview, WriteLetter};
use crate::identity::{Central, Member, Posted};
use crate::platform::error::Result;
use crate::platform::http::{Portal, Routes, downloaded, page, page_with_status, resource, see_other};
use crate::platform::ids::ReviewId;
use crate::platform::pages::{FormErrors, Link};
use crate::platform::pdf;
use crate::returns::what_blocks_beside;
use crate::review::finish::SUMMARY_LIMIT;
use crate::review::web::{central, change, closing, limited, must_be_allowed};

/// The addresses of decisions and letters.
pub(in crate::review) fn routes(routes: &mut Routes) {
    let ours = |name: &str, address: &str| resource(format!("/reviews/{{id}}{address}")).name(name);
    let theirs = |name: &str, address: &str| {
        resource(format!("/organisations/{{organisation}}/returns/{{year}}/letters/{{number}}{address}"))
            .name(name)
    };
    routes
        .service(ours("reviews-decision", "/decision").get(decision))
        .service(ours("reviews-decision-earlier", "/decision/{number}").get(earlier))
        .service(ours("reviews-letter", "/letter").get(preview).post(write))
        .service(ours("reviews-letter-sent", "/letters/{number}").get(sent))
        .service(ours("reviews-letter-file", "/letters/{number}/letter.pdf").get(sent_file))
        .service(theirs("returns-letter", "").get(received))
        .service(theirs("returns-letter-file", "/letter.pdf").get(received_file));
}

/// `GET /reviews/{id}/decision`.
async fn decision(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    shown(&request, &portal, &central, (ReviewId::new(*id), None)).await
}

/// `GET /reviews/{id}/decision/{number}`.
async fn earlier(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<(i64, i64)>,
) -> Result<HttpResponse> {
    let (id, number) = path.into_inner();
    shown(&request, &portal, &central, (ReviewId::new(id), Some(number))).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    central: &Central,
    (id, number): (ReviewId, Option<i64>),
) -> Result<HttpResponse> {
    let actor = central.by.actor.clone();
    let of = portal.db.read(central.reach, move |conn| reading::decision(conn, &actor, id, number)).await?;
    let content = DecisionPage::new(&of, &central.by.actor, portal.clock.now(), None, &FormErrors::new());
    page(request, &content)
}

/// `GET /reviews/{id}/letter`: as it would be sent now.
async fn preview(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (id, actor, now) = (ReviewId::new(*id), central.by.actor.clone(), portal.clock.now());
    let terms = closing(&portal);
    let (of, letter) =
        portal.db.read(central.reach, move |conn| reading::preview(conn, &actor, id, (&terms, now))).await?;
    let review = &of.case.found.review;
    let mine = review.reviewer.is_some() && review.reviewer == central.by.actor.id();
    let wanting = of.case.wanting().len();
    let preview = Preview {
        id: id.get(),
        version: review.version,
        summary: review.summary.clone(),
        may_finish: mine
            && wanting == 0
            && FinishReview::ROW.allows(&central.by.actor, &review.subject()).is_ok(),
        wanting,
    };
    let back = Link::new("Back to the decision", format!("/reviews/{id}/decision"));
    page(&request, &LetterPage::new(letter, String::new(), Some(preview), back))
}

/// `POST /reviews/{id}/letter`: saves what the reviewer says in it.
async fn write(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let id = ReviewId::new(*id);
    let (summary, paragraph) = (fields.text("summary"), fields.text("paragraph"));
    let mut errors = FormErrors::new();
    limited(&summary, SUMMARY_LIMIT, "summary", "The summary", &mut errors);
    limited(&paragraph, PARAGRAPH_LIMIT, "paragraph", "The paragraph", &mut errors);
    if !errors.is_empty() {
        must_be_allowed::<WriteLetter>(&portal, actor.central_reach()?, &actor, id).await?;
        let who = actor.clone();
        let of = portal
            .db
            .read(actor.central_reach()?, move |conn| reading::decision(conn, &who, id, None))
            .await?;
        let typed = Typed { summary: &summary, paragraph: &paragraph };
        let content = DecisionPage::new(&of, &actor, portal.clock.now(), Some(&typed), &errors);
        return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
    }
    change::<WriteLetter, _, _>(&portal, &actor, id, move |tx, permit, review| {
        write_letter(tx, permit, review, (&summary, &paragraph))
    })
    .await?;
    Ok(see_other(&format!("/reviews/{id}/letter")))
}

/// Where the PDF file of a letter is, where this build can make one.
fn file_of(letter: &str) -> String {
    if pdf::AVAILABLE { format!("{letter}/letter.pdf") } else { String::new() }
}

async fn file(sent: &Sent) -> Result<HttpResponse> {
    let name = format!("{}-letter-{}.pdf", sent.letter.code, sent.letter.number);
    let paper = typeset(&sent.letter, sent.made_at);
    Ok(downloaded(pdf::MEDIA_TYPE, &name, pdf::typeset(paper).await?))
}

async fn of_centre(portal: &Portal, central: &Central, path: (i64, i64)) -> Result<Sent> {
    let (id, number) = path;
    let actor = central.by.actor.clone();
    portal
        .db
        .read(central.reach, move |conn| {
            reading::letter_for_centre(conn, &actor, (ReviewId::new(id), number))
        })
        .await
}

/// `GET /reviews/{id}/letters/{number}`.
async fn sent(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    path: Path<(i64, i64)>,
) -> Result<HttpResponse> {
    let (id, number) = path.into_inner();
    let sent = of_centre(&portal, &central, (id, number)).await?;
    let back = Link::new("Back to the decision", format!("/reviews/{id}/decision"));
    let file = file_of(&format!("/reviews/{id}/letters/{number}"));
    page(&request, &LetterPage::new(sent.letter, file, None, back))
}

/// `GET /reviews/{id}/letters/{number}/letter.pdf`.
async fn sent_file(portal: Data<Portal>, central: Central, path: Path<(i64, i64)>) -> Result<HttpResponse> {
    file(&of_centre(&portal, &central, path.into_inner()).await?).await
}

async fn of_member(portal: &Portal, member: &Member, (year, number): (String, i64)) -> Result<Sent> {
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    portal
        .db
        .read(member.reach, move |conn| {
            reading::letter_for_members(conn, &actor, (organisation, &year), number)
        })
        .await
}

/// `GET /organisations/{organisation}/returns/{year}/letters/{number}`.
async fn received(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, String, i64)>,
) -> Result<HttpResponse> {
    let (_, year, number) = path.into_inner();
    let sent = of_member(&portal, &member, (year.clone(), number)).await?;
    let base = format!("/organisations/{}/returns/{year}", member.code);
    let back = Link::new("Back to your return", base.clone());
    let file = file_of(&format!("{base}/letters/{number}"));
    what_blocks_beside(&request, &portal, &member, &year).await?;
    page(&request, &LetterPage::new(sent.letter, file, None, back))
}

/// `GET /organisations/{organisation}/returns/{year}/letters/{number}/letter.pdf`.
async fn received_file(
    portal: Data<Portal>,
    member: Member,
    path: Path<(String, String, i64)>,
) -> Result<HttpResponse> {
    let (_, year, number) = path.into_inner();
    file(&of_member(&portal, &member, (year, number)).await?).await
}
