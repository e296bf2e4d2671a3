//! Two people saved the same answer: both side by side, with a proposal that makes one answer of both.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::OfQuestion;
use super::question::{Read, saved};
use crate::identity::Member;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, page_with_status, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::returns::answer_form::AnswerForm;
use crate::returns::merge::merged;
use crate::returns::model::StoredAnswer;
use crate::returns::pages::{ConflictPage, Kept, Side, controls};
use crate::returns::past::version_of;
use crate::returns::readiness::read_value;
use crate::returns::start::stored_value;
use crate::returns::words::words;
use crate::standards::{AnswerValue, Requirement};

pub(super) fn side(requirement: &Requirement, value: Option<&AnswerValue>, comment: &str) -> Side {
    Side {
        lines: value.map(|value| words(requirement, value)).unwrap_or_default(),
        comment: comment.to_owned(),
    }
}

/// Both answers side by side; the same answer sent twice is no conflict.
pub(in crate::returns) async fn conflict(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    path: &OfQuestion,
    (form, fields): (&AnswerForm, &Fields),
) -> Result<HttpResponse> {
    let read = Read::of(portal, member, path).await?;
    let requirement = read.requirement()?;
    let new = form.parse(read.id, requirement).map_err(Error::Invalid)?;
    let Some(stored) = &read.answer else {
        return Err(Error::Conflict("The answer has been taken away in the meantime.".to_owned()));
    };
    let same = stored.value == stored_value(new.value.as_ref())?
        && stored.comment == new.comment
        && stored.state == new.state();
    if same {
        let saved = saved(&read.found, &read.beside.sight, requirement, &new);
        return Ok(see_other_with_news(&saved.next, "Answer saved", &saved.words));
    }
    let kept = fields.pairs().iter().filter(|(name, _)| !["csrf", "version"].contains(&name.as_str()));
    let kept = kept.map(|(name, value)| Kept { name: name.clone(), value: value.clone() }).collect();
    let content = ConflictPage::new(
        &read.found,
        requirement,
        read.saved_by.clone(),
        stored.updated_at.micros(),
        stored.version,
    )
    .between(
        side(requirement, read.value()?.as_ref(), &stored.comment),
        side(requirement, new.value.as_ref(), &new.comment),
        kept,
    )
    .merged(controls(
        requirement,
        &proposal(portal, member, &read, stored, form).await?,
        &FormErrors::new(),
    ));
    page_with_status(request, StatusCode::CONFLICT, &content)
}

/// One answer made of both, for the person to look over.
async fn proposal(
    portal: &Portal,
    member: &Member,
    read: &Read,
    stored: &StoredAnswer,
    mine: &AnswerForm,
) -> Result<AnswerForm> {
    let requirement = read.requirement()?;
    let (answer, seen) = (stored.id, mine.version.parse::<i64>().unwrap_or_default());
    let base = portal.db.read(member.reach, move |conn| version_of(conn, answer, seen)).await?;
    let base = match base {
        None => AnswerForm::default(),
        Some(base) => {
            AnswerForm::of(read_value(requirement, &base.value)?.as_ref(), &base.comment, base.version)
        }
    };
    let theirs = AnswerForm::of(read.value()?.as_ref(), &stored.comment, stored.version);
    Ok(merged(&base, &theirs, mine))
}
