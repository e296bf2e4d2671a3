//! Disagreements: listed, settled, and kept as gold cases.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::central;
use crate::access::{Actor, MakeGoldCase, Permit, SettleDisagreement};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, downloaded, page, page_with_status, see_other_with_news};
use crate::platform::ids::{ComparisonId, PersonId};
use crate::platform::pages::FormErrors;
use crate::review::consistency::csv_out::csv_of;
use crate::review::consistency::gold::{GoldDraft, anonymised, make_gold_case};
use crate::review::consistency::moderation::{self, Settlement, disagreement};
use crate::review::consistency::pages::{DisagreementPage, GoldFormPage, LISTS, ModerationPage, Scene};
use crate::review::consistency::reading;
use crate::review::decide::REASON_LIMIT;
use crate::standards::scoring::Status;

/// Which list, from where on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    list: String,
    #[serde(default)]
    from: String,
}

impl Wanted {
    fn word(&self) -> &'static str {
        LISTS.iter().find(|(word, _)| *word == self.list).map_or("open", |(word, _)| *word)
    }
}

/// `GET /reviews/moderation`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    wanted: Query<Wanted>,
) -> Result<HttpResponse> {
    let (actor, word) = (central.by.actor, wanted.word());
    let from = wanted.from.parse::<i64>().unwrap_or(0).clamp(0, 10_000_000);
    let (found, names, more) = portal
        .db
        .read(central.reach, move |conn| reading::disagreements(conn, &actor, word, (from, reading::PAGE)))
        .await?;
    let more = if more {
        format!("/reviews/moderation?list={word}&from={}", from + reading::PAGE)
    } else {
        String::new()
    };
    page(&request, &ModerationPage::new(word, &found, &names, more))
}

/// `GET /reviews/moderation.csv`.
pub(super) async fn file(
    portal: Data<Portal>,
    central: Central,
    wanted: Query<Wanted>,
) -> Result<HttpResponse> {
    let (actor, word) = (central.by.actor, wanted.word());
    let (found, names, _) = portal
        .db
        .read(central.reach, move |conn| reading::disagreements(conn, &actor, word, (0, 1_000_000)))
        .await?;
    let head =
        ["requirement", "title", "organisation", "year", "first", "second", "compared_at", "state", "effect"];
    let rows: Vec<Vec<String>> = found
        .into_iter()
        .map(|one| {
            let name = |of: PersonId| names.get(&of).cloned().unwrap_or_default();
            vec![
                one.code,
                one.title,
                one.name,
                one.year,
                name(one.first_by),
                name(one.second_by),
                one.compared_at.rfc3339(),
                one.state.to_string(),
                one.effect.map(|effect| effect.to_string()).unwrap_or_default(),
            ]
        })
        .collect();
    Ok(downloaded("text/csv; charset=utf-8", &format!("disagreements-{word}.csv"), csv_of(&head, &rows)?))
}

async fn scene(portal: &Portal, actor: &Actor, id: ComparisonId) -> Result<Scene> {
    let who = actor.clone();
    portal.db.read(actor.central_reach()?, move |conn| reading::scene(conn, &who, id)).await
}

/// `GET /reviews/moderation/{id}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let actor = central.by.actor;
    let scene = scene(&portal, &actor, ComparisonId::new(*id)).await?;
    page(&request, &DisagreementPage::new(&scene, &actor, ("", ""), &FormErrors::new())?)
}

/// `POST /reviews/moderation/{id}`.
pub(super) async fn settle(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let id = ComparisonId::new(*id);
    let (chosen, rationale) = (fields.one("settled").to_owned(), fields.text("rationale"));
    let mut errors = FormErrors::new();
    let settled = Status::try_from(chosen.clone()).ok();
    if settled.is_none() {
        errors.add("settled", "Choose the status that holds");
    }
    errors.require("rationale", &rationale, "Say why this status holds", REASON_LIMIT);
    if let (Some(settled), true) = (settled, errors.is_empty()) {
        let (who, said) = (actor.clone(), Settlement { settled, rationale: rationale.clone() });
        let done = portal
            .db
            .write(actor.central_reach()?, move |tx| {
                let subject = disagreement(tx.conn(), id)?.subject();
                let permit = Permit::<SettleDisagreement>::grant(&who, Some(subject))?;
                moderation::settle(tx, &permit, &said)
            })
            .await;
        match done {
            Ok(effect) => {
                let to = format!("/reviews/moderation/{id}");
                return Ok(see_other_with_news(&to, "Disagreement settled", &format!("{}.", effect.words())));
            }
            Err(Error::Invalid(list)) => errors = FormErrors::found(&list, &[]),
            Err(error) => return Err(error),
        }
    }
    let scene = scene(&portal, &actor, id).await?;
    Permit::<SettleDisagreement>::grant(&actor, Some(scene.of.subject()))?;
    let content = DisagreementPage::new(&scene, &actor, (&chosen, &rationale), &errors)?;
    page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}

/// `GET /reviews/moderation/{id}/gold`.
pub(super) async fn gold_form(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let actor = central.by.actor;
    let scene = scene(&portal, &actor, ComparisonId::new(*id)).await?;
    Permit::<MakeGoldCase>::grant(&actor, Some(scene.of.subject()))?;
    let clean = |text: &str| anonymised(text, &scene.sheet.name, &scene.sheet.code);
    let texts = (clean(&scene.answer), clean(&scene.of.rationale));
    page(&request, &GoldFormPage::new(&scene, (&texts.0, &texts.1), &FormErrors::new())?)
}

/// `POST /reviews/moderation/{id}/gold`.
pub(super) async fn keep(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<i64>,
) -> Result<HttpResponse> {
    let person = posted.by.person;
    let (actor, fields) = central(posted)?;
    let id = ComparisonId::new(*id);
    let draft = GoldDraft { answer: fields.text("answer"), rationale: fields.text("rationale") };
    let once = Once::of(person, &format!("/reviews/moderation/{id}/gold"), &fields, "/reviews/gold")?;
    let (who, kept) = (actor.clone(), draft.clone());
    let made = portal
        .db
        .write(actor.central_reach()?, move |tx| {
            once.begin(tx)?;
            let subject = disagreement(tx.conn(), id)?.subject();
            let permit = Permit::<MakeGoldCase>::grant(&who, Some(subject))?;
            make_gold_case(tx, &permit, &kept)
        })
        .await;
    match made {
        Ok(gold) => {
            let words = format!("Reviewers can practise on case {gold} now.");
            Ok(see_other_with_news("/reviews/gold", "Gold case kept", &words))
        }
        Err(Error::Invalid(list)) => {
            let scene = scene(&portal, &actor, id).await?;
            let errors = FormErrors::found(&list, &[]);
            let content = GoldFormPage::new(&scene, (&draft.answer, &draft.rationale), &errors)?;
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}
