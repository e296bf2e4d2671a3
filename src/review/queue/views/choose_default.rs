//! Starting with a view, or with the whole queue again.

use diesel::prelude::*;
use serde_json::json;

use super::View;
use crate::access::{ChooseView, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::review::claim::person;
use crate::schema::queue_default;

/// Makes the permit's view the one its person starts with, or no longer.
///
/// # Errors
/// When the row cannot be written.
pub(super) fn choose_view(
    tx: &mut Tx<'_>,
    permit: &Permit<ChooseView>,
    view: &View,
    start_with: bool,
) -> Result<Recorded<()>> {
    let me = person(permit)?;
    if start_with {
        let row = (queue_default::person_id.eq(me), queue_default::view_id.eq(view.id));
        crate::each!(tx.conn(), c => diesel::insert_into(queue_default::table)
            .values(&row)
            .on_conflict(queue_default::person_id)
            .do_update()
            .set(queue_default::view_id.eq(view.id))
            .execute(c))?;
    } else {
        diesel::delete(
            queue_default::table
                .filter(queue_default::person_id.eq(me))
                .filter(queue_default::view_id.eq(view.id)),
        )
        .execute(tx.conn())?;
    }
    let data = json!({"start_with": start_with});
    ledger::append(tx, &Event::of(permit, "view_chosen", format!("view/{}", view.id), data), ())
}
