//! Evidence beside a site's own answer, and one piece beside many answers.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{OfAnswer, OfEvidence, Reader};
use crate::access::{AttachEvidence, ExceptSites};
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page_with_status, see_other_with_news};
use crate::platform::ids::{EvidenceId, PieceId, RequirementId};
use crate::platform::pages::FormErrors;
use crate::returns::answer_form::errors_of;
use crate::returns::blocking::what_blocks_beside;
use crate::returns::sites::arrangement::counted;
use crate::returns::sites::except::{attach_to_exception, detach_from_exception};
use crate::returns::sites::pages::SpreadPage;
use crate::returns::sites::spread::spread_evidence;
use crate::returns::sites::{exception_href, sites_href};
use crate::returns::store::{Which, find};
use crate::returns::web::Year;

/// `GET …/sites/evidence`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let typed = (String::new(), Vec::new(), FormErrors::new());
    shown(&request, &portal, &member, path.into_inner().year, StatusCode::OK, typed).await
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    year: String,
    status: StatusCode,
    (piece, ticked, errors): (String, Vec<String>, FormErrors),
) -> Result<HttpResponse> {
    let (reader, now, of_year) = (Reader::of(member), portal.clock.now(), year.clone());
    let content = portal
        .db
        .read(member.reach, move |conn| {
            let (found, _) = reader.arranged(conn, &year, now)?;
            found.permit::<AttachEvidence>(&reader.actor)?;
            found.must_be_taken(now)?;
            let pieces = reader.pieces(conn)?;
            Ok(SpreadPage::new(&found, pieces, (&piece, &ticked), &errors))
        })
        .await?;
    what_blocks_beside(request, portal, member, &of_year).await?;
    page_with_status(request, status, &content)
}

/// `POST …/sites/evidence`.
pub(super) async fn spread(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Year,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let year = path.into_inner().year;
    let (typed, ticked) = (fields.text("piece"), fields.all("requirements"));
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let mut errors = FormErrors::new();
    let piece = typed.parse::<PieceId>().ok();
    if piece.is_none() {
        errors.add("piece", "Choose a piece of evidence");
    }
    if ticked.is_empty() {
        errors.add("requirements", "Tick at least one requirement");
    }
    let Some(piece) = piece.filter(|_| errors.is_empty()) else {
        return shown(&request, &portal, &member, year, refused, (typed, ticked, errors)).await;
    };
    let back = sites_href(&member.code, &year);
    let once = Once::of(member.by.person, &format!("{back}/evidence"), &fields, &back)?;
    let reader = Reader::of(&member);
    let (wanted, codes) = (year.clone(), ticked.clone());
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let now = tx.now();
            let (found, _) = reader.arranged(tx.conn(), &wanted, now)?;
            let permit = found.permit::<AttachEvidence>(&reader.actor)?;
            let requirements: BTreeSet<RequirementId> =
                codes.iter().filter_map(|code| found.edition.requirement_id(code)).collect();
            spread_evidence(tx, &permit, &found, piece, &requirements)
        })
        .await;
    match outcome {
        Ok(count) => {
            let text = format!("It stands beside {} more.", counted(count, "answer", "answers"));
            Ok(see_other_with_news(&back, "Evidence attached", &text))
        }
        Err(Error::Invalid(mut wrong)) => {
            // What is wrong with one answer's files is said at the piece.
            wrong.iter_mut().filter(|e| e.field == "pieces").for_each(|e| "piece".clone_into(&mut e.field));
            shown(&request, &portal, &member, year, refused, (typed, ticked, errors_of(&wrong))).await
        }
        Err(error) => Err(error),
    }
}

/// `POST …/sites/of/{site}/requirements/{code}/evidence`.
pub(super) async fn attach(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfAnswer>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let path = path.into_inner();
    let back = exception_href(&member.code, &path.year, &path.site, &path.code);
    let Ok(piece) = fields.text("piece").parse::<PieceId>() else {
        return Ok(see_other_with_news(&back, "Nothing attached", "Choose a piece of evidence first."));
    };
    let once = Once::of(member.by.person, &format!("{back}/evidence"), &fields, &back)?;
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found = find(tx.conn(), Which::Of(organisation, &path.year))?.ok_or(Error::NotFound)?;
            let requirement = found.edition.requirement_id(&path.code).ok_or(Error::NotFound)?;
            let permit = found.permit::<ExceptSites>(&actor)?;
            attach_to_exception(tx, &permit, &found, (&path.site, requirement), piece)
        })
        .await?;
    Ok(see_other_with_news(&back, "Evidence attached", "It stands beside the answer for this site."))
}

/// `POST …/sites/of/{site}/requirements/{code}/evidence/{id}/detach`.
pub(super) async fn detach(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfEvidence>,
) -> Result<HttpResponse> {
    let PostedByMember { member, .. } = posted;
    let path = path.into_inner();
    let back = exception_href(&member.code, &path.year, &path.site, &path.code);
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    portal
        .db
        .write(member.reach, move |tx| {
            let found = find(tx.conn(), Which::Of(organisation, &path.year))?.ok_or(Error::NotFound)?;
            let requirement = found.edition.requirement_id(&path.code).ok_or(Error::NotFound)?;
            let permit = found.permit::<ExceptSites>(&actor)?;
            let id = EvidenceId::new(path.id);
            detach_from_exception(tx, &permit, &found, (&path.site, requirement), id)
        })
        .await?;
    Ok(see_other_with_news(&back, "Evidence taken away", "It stays in your evidence library."))
}
