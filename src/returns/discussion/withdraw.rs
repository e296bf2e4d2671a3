//! Withdrawing one's own comment: its text goes, its place stays, and everybody sees that something was said.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Permit, WithdrawComment};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CommentId, RequirementId};
use crate::returns::sharing::must_see;
use crate::returns::store::Found;
use crate::schema::discussion_comment;

/// Withdraws a comment.
///
/// # Errors
/// [`Error::NotFound`] when it is not this person's, or was withdrawn before, or they do not see the requirement.
pub fn withdraw_comment(
    tx: &mut Tx<'_>,
    permit: &Permit<WithdrawComment>,
    found: &Found,
    on: RequirementId,
    id: CommentId,
) -> Result<Recorded<()>> {
    found.must_be_of(permit)?;
    must_see(tx.conn(), found, permit.actor(), on)?;
    let me = permit.actor().id().ok_or_else(|| Error::broken("a comment is withdrawn by a person"))?;
    let now = tx.now();
    let withdrawn = diesel::update(
        discussion_comment::table
            .filter(discussion_comment::id.eq(id))
            .filter(discussion_comment::return_id.eq(found.id))
            .filter(discussion_comment::requirement_id.eq(on))
            .filter(discussion_comment::author_id.eq(me))
            .filter(discussion_comment::withdrawn_at.is_null()),
    )
    .set((discussion_comment::text.eq(""), discussion_comment::withdrawn_at.eq(Some(now))))
    .execute(tx.conn())?;
    if withdrawn == 0 {
        return Err(Error::NotFound);
    }
    let data = json!({"requirement": on, "comment": id});
    ledger::append(tx, &Event::of(permit, "comment_withdrawn", format!("return/{}", found.id), data), ())
}
