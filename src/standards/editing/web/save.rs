//! Saving a change of a draft: on to the next page, back to the form with what is wrong, or the page of a conflict.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::super::change::Change;
use super::super::draft_href;
use super::super::pages::ConflictPage;
use super::super::place::{Said, said};
use super::super::read::Read;
use super::super::save::save_draft;
use super::super::store;
use super::{change, version};
use crate::access::{Actor, EditDraft};
use crate::identity::{self, Central};
use crate::platform::db::Reach;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::http::{Fields, Once, Portal, page_with_status, see_other_with_news};
use crate::platform::ids::EditionDraftId;
use crate::platform::pages::FormErrors;

/// A form with the addresses around it.
pub(super) struct Saving<'a> {
    /// What was posted.
    pub fields: &'a Fields,
    /// Where it was posted, below the draft's address.
    pub address: &'a str,
    /// Where to go when it is saved, below the draft's address.
    pub next: &'a str,
    /// What it would change.
    pub change: Change,
}

/// Saves a change. Where something is wrong with it, `again` shows the form once more, with the errors beside its fields.
pub(super) async fn saved(
    request: &HttpRequest,
    portal: &Portal,
    (central, read): (&Central, &Read),
    saving: Saving<'_>,
    again: impl FnOnce(&FormErrors) -> Result<HttpResponse>,
) -> Result<HttpResponse> {
    let (id, seen, actor) = (read.draft.head.id, version(saving.fields)?, &central.by.actor);
    let (wanted, words) = (saving.change.clone(), saving.change.words());
    let href = draft_href(id);
    let to = format!("{href}{}", saving.next);
    // Pressed twice, a save is one save and no conflict with itself.
    let once = Once::of(central.by.person, &format!("{href}{}", saving.address), saving.fields, &to)?;
    let outcome = change::<EditDraft, _>(portal, actor, id, move |tx, permit| {
        once.begin(tx)?;
        save_draft(tx, permit, seen, wanted)
    })
    .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(&to, "Saved", &format!("{words}."))),
        Err(Error::Invalid(list)) => again(&FormErrors::found(&list, &[])),
        Err(Error::Conflict(_)) => conflict(request, portal, actor, (id, seen), saving).await,
        Err(error) => Err(error),
    }
}

/// What both say, beside each other.
async fn conflict(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    (id, seen): (EditionDraftId, i64),
    saving: Saving<'_>,
) -> Result<HttpResponse> {
    let (now, before, by) = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let now = Read::of(conn, id)?;
            let before = store::content_at(conn, id, seen)?;
            let who: Vec<_> = now.draft.head.updated_by.into_iter().collect();
            let by = identity::names_of(conn, &who)?.into_values().next();
            Ok((now, before, by.unwrap_or_else(|| "A colleague".to_owned())))
        })
        .await?;
    now.must_be_editable(actor)?;
    let place = saving.change.place();
    let theirs = place.as_ref().and_then(|place| said(&now.draft.content, place));
    let mine = wanted(saving.change.clone(), before);
    let href = draft_href(id);
    let keep = if theirs.is_some() { format!("{href}{}", saving.address) } else { href.clone() };
    // Removing is posted to an address that shows nothing.
    let keep = keep.trim_end_matches("/remove").to_owned();
    let content = ConflictPage::new(
        &now.draft,
        (&format!("{href}{}", saving.address), &keep),
        (theirs.as_ref(), &mine),
        saving.fields,
        by,
    );
    page_with_status(request, StatusCode::CONFLICT, &content)
}

/// What the place would say after the change of the version that the person saw.
fn wanted(change: Change, before: Option<super::super::model::Content>) -> Said {
    let place = change.place_after();
    let Some(mut content) = before else { return Said::new() };
    match change.apply(&mut content) {
        Ok(()) => place.and_then(|place| said(&content, &place)).unwrap_or_default(),
        Err(Error::Invalid(list)) => {
            list.into_iter().map(|FieldError { field, message }| (field, message)).collect()
        }
        Err(_) => Said::new(),
    }
}
