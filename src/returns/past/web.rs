//! The history of an answer, an earlier version brought back, and what happened in a return.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::changes::{Version, changes};
use super::pages::{ActivityPage, PAGE_SIZE, people_in};
use super::store::{happened, names_within, version_of};
use crate::access::{ReadGiven, ReadReturn, SaveAnswer};
use crate::identity::{self, Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, see_other_with_news};
use crate::platform::ids::PersonId;
use crate::returns::answer_form::AnswerForm;
use crate::returns::blocking;
use crate::returns::model::AnswerState;
use crate::returns::pages::{HistoryItem, HistoryPage};
use crate::returns::readiness::{question_href, read_value, return_href};
use crate::returns::save_answer::{NewAnswer, save_answer};
use crate::returns::sharing::must_see;
use crate::returns::store::{self, EarlierAnswer, Which};
use crate::returns::web::{OfQuestion, Year, conflict, put};
use crate::returns::words::words;
use crate::standards::{AnswerValue, Requirement};

/// `GET …/requirements/{code}/history`.
pub(in crate::returns) async fn history(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfQuestion>,
) -> Result<HttpResponse> {
    let (organisation, wanted, actor) = (member.organisation, path.clone(), member.by.actor.clone());
    let (found, versions, names) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (id, _) = put(&found, &wanted.code)?;
            must_see(conn, &found, &actor, id)?;
            let versions = match store::answer_to(conn, found.id, id)? {
                Some(answer) => store::history(conn, answer.id)?,
                None => Vec::new(),
            };
            let people: Vec<PersonId> = versions.iter().filter_map(|version| version.saved_by).collect();
            let names = identity::names_of(conn, &people)?;
            Ok((found, versions, names))
        })
        .await?;
    found.permit::<ReadGiven>(&member.by.actor)?;
    let requirement = found.edition.edition().requirement(&path.code).ok_or(Error::NotFound)?;
    let open = found.collection.takes_returns(portal.clock.now(), found.extension);
    let may_restore = open && found.offers::<SaveAnswer>(&member.by.actor);
    let mut items = items(requirement, &versions)?;
    for (item, version) in items.iter_mut().zip(&versions) {
        item.by = version.saved_by.and_then(|by| names.get(&by).cloned()).unwrap_or_default();
    }
    blocking::beside(&request, &portal, &member, &found).await?;
    page(&request, &HistoryPage::new(&found, requirement, items, may_restore))
}

/// The versions, newest first as they came, each with what it changed.
fn items(requirement: &Requirement, versions: &[EarlierAnswer]) -> Result<Vec<HistoryItem>> {
    let values: Vec<Option<AnswerValue>> =
        versions.iter().map(|version| read_value(requirement, &version.value)).collect::<Result<_>>()?;
    let read: Vec<Version<'_>> = versions
        .iter()
        .zip(&values)
        .map(|(version, value)| Version {
            value: value.as_ref(),
            comment: &version.comment,
            state: version.state,
        })
        .collect();
    let before = read.iter().skip(1).map(Some).chain([None]);
    Ok(versions
        .iter()
        .zip(&read)
        .zip(before)
        .map(|((version, this), before)| HistoryItem {
            version: version.version,
            at: version.saved_at.micros(),
            by: String::new(),
            state: version.state.words(),
            lines: this.value.map(|value| words(requirement, value)).unwrap_or_default(),
            comment: version.comment.clone(),
            changes: changes(requirement, before, this),
            restore_href: String::new(),
        })
        .collect())
}

/// The version that an address names.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::returns) struct OfVersion {
    year: String,
    code: String,
    number: i64,
}

/// `POST …/requirements/{code}/history/{number}/restore`. It is saved again, as a new version over the one that the
/// page showed as the newest.
pub(in crate::returns) async fn restore(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfVersion>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let wanted = path.into_inner();
    let seen = fields.text("version");
    let (organisation, actor, of) = (member.organisation, member.by.actor.clone(), wanted.clone());
    let earlier = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &of.year))?.ok_or(Error::NotFound)?;
            let (id, _) = put(&found, &of.code)?;
            must_see(conn, &found, &actor, id)?;
            found.permit::<SaveAnswer>(&actor)?;
            let answer = store::answer_to(conn, found.id, id)?.ok_or(Error::NotFound)?;
            let earlier = version_of(conn, answer.id, of.number)?.ok_or(Error::NotFound)?;
            let requirement = found.edition.edition().requirement(&of.code).ok_or(Error::NotFound)?;
            let value = read_value(requirement, &earlier.value)?;
            Ok(Earlier { value, comment: earlier.comment, state: earlier.state })
        })
        .await?;
    let version = seen
        .parse::<i64>()
        .map_err(|_| Error::field("version", "The form is incomplete. Load the page again"))?;
    let (of, again, actor) = (wanted.clone(), earlier.clone(), member.by.actor.clone());
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let found = store::find(tx.conn(), Which::Of(organisation, &of.year))?.ok_or(Error::NotFound)?;
            let (id, _) = put(&found, &of.code)?;
            let permit = found.permit::<SaveAnswer>(&actor)?;
            save_answer(tx, &permit, &found, &again.into_new(id, version))
        })
        .await;
    let href = question_href(&member.code, &wanted.year, &wanted.code);
    match outcome {
        Ok(new) => {
            let words = format!("{}: version {} stands again, as version {new}.", wanted.code, wanted.number);
            Ok(see_other_with_news(&href, "Earlier answer restored", &words))
        }
        Err(Error::Conflict(_)) => {
            let mut form = AnswerForm::of(earlier.value.as_ref(), &earlier.comment, version);
            form.later = earlier.state != AnswerState::Confirmed;
            let question = OfQuestion { year: wanted.year, code: wanted.code };
            conflict(&request, &portal, &member, &question, (&form, &form.fields())).await
        }
        Err(error) => Err(error),
    }
}

/// What an earlier version said.
#[derive(Debug, Clone)]
struct Earlier {
    value: Option<AnswerValue>,
    comment: String,
    state: AnswerState,
}

impl Earlier {
    /// It as an answer to be saved; what was completed is so again, what was only carried forward is in progress.
    fn into_new(self, requirement: crate::platform::ids::RequirementId, version: i64) -> NewAnswer {
        NewAnswer {
            requirement,
            value: self.value,
            comment: self.comment,
            finished: self.state == AnswerState::Confirmed,
            version,
        }
    }
}

/// Which page is wanted.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::returns) struct Paging {
    #[serde(default)]
    page: String,
}

/// `GET …/activity`.
pub(in crate::returns) async fn activity(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
    paging: Query<Paging>,
) -> Result<HttpResponse> {
    let number = paging.page.parse::<i64>().unwrap_or(1).clamp(1, 1_000_000);
    let (organisation, year, actor) = (member.organisation, path.year.clone(), member.by.actor.clone());
    let (found, total, rows, names) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            found.permit::<ReadReturn>(&actor)?;
            let (total, rows) = happened(conn, found.id, (number - 1) * PAGE_SIZE, PAGE_SIZE)?;
            let names = names_within(conn, organisation, &people_in(&rows))?;
            Ok((found, total, rows, names))
        })
        .await?;
    let href = format!("{}/activity", return_href(&member.code, &path.year));
    blocking::beside(&request, &portal, &member, &found).await?;
    page(&request, &ActivityPage::new(&found, (total, &rows), &names, (number.unsigned_abs(), &href)))
}
