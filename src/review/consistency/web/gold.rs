//! Practising on gold cases.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::central;
use crate::access::{Actor, Permit, PractiseScoring, RetireGoldCase};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, downloaded, page, page_with_status, see_other, see_other_with_news};
use crate::platform::ids::GoldId;
use crate::platform::pages::FormErrors;
use crate::review::consistency::csv_out::csv_of;
use crate::review::consistency::gold::{find_gold, practise, retire_gold_case};
use crate::review::consistency::pages::{GoldCasePage, GoldListPage, gold_csv};
use crate::review::consistency::reading;
use crate::standards::scoring::Status;

/// `GET /reviews/gold`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    let actor = central.by.actor;
    let who = actor.clone();
    let found = portal.db.read(central.reach, move |conn| reading::practice(conn, &who)).await?;
    let content = GoldListPage::new(&found.cases, &found.own, found.mine.as_ref(), &found.everybody, &actor);
    page(&request, &content)
}

/// `GET /reviews/gold.csv`: one's own result, and for the programme manager everybody's.
pub(super) async fn file(portal: Data<Portal>, central: Central) -> Result<HttpResponse> {
    let actor = central.by.actor;
    let found = portal.db.read(central.reach, move |conn| reading::practice(conn, &actor)).await?;
    let (head, rows) = gold_csv(found.mine.as_ref(), &found.everybody);
    Ok(downloaded("text/csv; charset=utf-8", "gold-results.csv", csv_of(head, &rows)?))
}

async fn shown(portal: &Portal, actor: &Actor, id: GoldId, errors: &FormErrors) -> Result<GoldCasePage> {
    let who = actor.clone();
    let (case, edition, own) =
        portal.db.read(actor.central_reach()?, move |conn| reading::find_gold(conn, &who, id)).await?;
    GoldCasePage::new(&case, &edition, own.as_ref(), errors)
}

/// `GET /reviews/gold/{id}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let content = shown(&portal, &central.by.actor, GoldId::new(*id), &FormErrors::new()).await?;
    page(&request, &content)
}

/// `POST /reviews/gold/{id}`.
pub(super) async fn score(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let id = GoldId::new(*id);
    let mut errors = FormErrors::new();
    match Status::try_from(fields.one("assessed").to_owned()) {
        Ok(found) => {
            let who = actor.clone();
            let scored = portal
                .db
                .write(actor.central_reach()?, move |tx| {
                    let subject = find_gold(tx.conn(), id)?.subject();
                    practise(tx, &Permit::<PractiseScoring>::grant(&who, Some(subject))?, found)
                })
                .await;
            match scored {
                Ok(_) => return Ok(see_other(&format!("/reviews/gold/{id}"))),
                Err(Error::Invalid(list)) => errors = FormErrors::found(&list, &[]),
                Err(error) => return Err(error),
            }
        }
        Err(_) => errors.add("assessed", "Choose what you found"),
    }
    let content = shown(&portal, &actor, id, &errors).await?;
    page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}

/// `POST /reviews/gold/{id}/retire`.
pub(super) async fn retire(portal: Data<Portal>, posted: Posted, id: Path<i64>) -> Result<HttpResponse> {
    let (actor, _) = central(posted)?;
    let id = GoldId::new(*id);
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            let subject = find_gold(tx.conn(), id)?.subject();
            retire_gold_case(tx, &Permit::<RetireGoldCase>::grant(&actor, Some(subject))?)
        })
        .await?;
    Ok(see_other_with_news("/reviews/gold", "Case retired", "Results of those who scored it stay."))
}
