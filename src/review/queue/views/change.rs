//! Renaming a view, and sharing it with the team or keeping it to oneself again.

use diesel::prelude::*;
use serde_json::json;

use super::View;
use super::save::{free, named};
use crate::access::{ChangeView, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::schema::{queue_default, queue_view};

/// Gives the view another name, and shares it or not. Colleagues who started with a view that is no longer shared start
/// with the whole queue again.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but its owner, [`Error::Invalid`] for a name that cannot be, [`Error::Conflict`]
/// when it was changed since it was read.
pub(super) fn change_view(
    tx: &mut Tx<'_>,
    permit: &Permit<ChangeView>,
    view: &View,
    (name, shared): (&str, bool),
) -> Result<Recorded<()>> {
    view.must_be_own()?;
    named(name)?;
    free(tx, view.owner, name, Some(view.id))?;
    let changed = diesel::update(
        queue_view::table.filter(queue_view::id.eq(view.id)).filter(queue_view::version.eq(view.version)),
    )
    .set((
        queue_view::name.eq(name),
        queue_view::shared.eq(shared),
        queue_view::version.eq(queue_view::version + 1),
    ))
    .execute(tx.conn())?;
    if changed == 0 {
        return Err(Error::Conflict("The view was changed since you loaded it.".to_owned()));
    }
    if !shared {
        diesel::delete(
            queue_default::table
                .filter(queue_default::view_id.eq(view.id))
                .filter(queue_default::person_id.ne(view.owner)),
        )
        .execute(tx.conn())?;
    }
    let data = json!({"renamed": name != view.name, "shared": shared});
    ledger::append(tx, &Event::of(permit, "view_changed", format!("view/{}", view.id), data), ())
}
