//! Naming a filter of the queue.

use diesel::prelude::*;
use serde_json::json;

use super::super::filter::QueueForm;
use super::{MOST, NAME_LIMIT};
use crate::access::{Permit, SaveView};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, SavedViewId};
use crate::review::claim::person;
use crate::schema::queue_view;

/// Keeps the filter under a name, for the permit's person alone.
///
/// # Errors
/// [`Error::Invalid`] for a name that is missing, too long or taken, or where the person keeps too many already.
pub(super) fn save_view(
    tx: &mut Tx<'_>,
    permit: &Permit<SaveView>,
    name: &str,
    form: &QueueForm,
) -> Result<Recorded<SavedViewId>> {
    let (now, me) = (tx.now(), person(permit)?);
    named(name)?;
    let names: Vec<String> =
        queue_view::table.filter(queue_view::person_id.eq(me)).select(queue_view::name).load(tx.conn())?;
    if names.len() >= MOST {
        return Err(Error::field("name", format!("You have {MOST} views. Remove one first")));
    }
    free(tx, me, name, None)?;
    let query = form.query();
    let id: SavedViewId = diesel::insert_into(queue_view::table)
        .values((
            queue_view::person_id.eq(me),
            queue_view::name.eq(name),
            queue_view::query.eq(&query),
            queue_view::shared.eq(false),
            queue_view::created_at.eq(now),
        ))
        .returning(queue_view::id)
        .get_result(tx.conn())?;
    let data = json!({"query_sha256": hex(&sha256(query.as_bytes()))});
    ledger::append(tx, &Event::of(permit, "view_saved", format!("view/{id}"), data), id)
}

/// That a name can be a view's.
pub(super) fn named(name: &str) -> Result<()> {
    if name.is_empty() {
        return Err(Error::field("name", "Enter a name for the view"));
    }
    if name.chars().count() > NAME_LIMIT || name.chars().any(char::is_control) {
        return Err(Error::field(
            "name",
            format!("The name must be {NAME_LIMIT} characters or fewer on one line"),
        ));
    }
    Ok(())
}

/// That none of a person's other views has this name.
pub(super) fn free(tx: &mut Tx<'_>, me: PersonId, name: &str, but: Option<SavedViewId>) -> Result<()> {
    let taken: Option<SavedViewId> = queue_view::table
        .filter(queue_view::person_id.eq(me))
        .filter(queue_view::name.eq(name))
        .filter(queue_view::id.ne(but.unwrap_or(SavedViewId::new(0))))
        .select(queue_view::id)
        .first(tx.conn())
        .optional()?;
    match taken {
        Some(_) => Err(Error::field("name", "You have a view of this name already")),
        None => Ok(()),
    }
}
