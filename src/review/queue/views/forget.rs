//! Removing a view.

use diesel::prelude::*;
use serde_json::json;

use super::View;
use crate::access::{ForgetView, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::schema::{queue_default, queue_view};

/// Removes the view for everybody.
///
/// # Errors
/// [`crate::platform::error::Error::Forbidden`] for everybody but its owner.
pub(super) fn forget_view(tx: &mut Tx<'_>, permit: &Permit<ForgetView>, view: &View) -> Result<Recorded<()>> {
    view.must_be_own()?;
    diesel::delete(queue_default::table.filter(queue_default::view_id.eq(view.id))).execute(tx.conn())?;
    diesel::delete(queue_view::table.filter(queue_view::id.eq(view.id))).execute(tx.conn())?;
    ledger::append(
        tx,
        &Event::of(permit, "view_removed", format!("view/{}", view.id), json!({"shared": view.shared})),
        (),
    )
}
