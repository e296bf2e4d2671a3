//! Queries about saved views.

use diesel::prelude::*;

use super::View;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, SavedViewId};
use crate::schema::{person, queue_default, queue_view};

type Row = (SavedViewId, PersonId, String, String, String, bool, i64, Option<SavedViewId>);

/// The views that a person sees: their own and those shared with the team, their own first, by name.
pub(in crate::review::queue) fn seen_by(conn: &mut Conn, me: PersonId) -> Result<Vec<View>> {
    let rows: Vec<Row> = queue_view::table
        .inner_join(person::table.on(person::id.eq(queue_view::person_id)))
        .left_join(
            queue_default::table
                .on(queue_default::view_id.eq(queue_view::id).and(queue_default::person_id.eq(me))),
        )
        .filter(queue_view::person_id.eq(me).or(queue_view::shared.eq(true)))
        .order((queue_view::name, queue_view::id))
        .select((
            queue_view::id,
            queue_view::person_id,
            person::name,
            queue_view::name,
            queue_view::query,
            queue_view::shared,
            queue_view::version,
            queue_default::view_id.nullable(),
        ))
        .load(conn)?;
    let mut views: Vec<View> = rows
        .into_iter()
        .map(|(id, owner, owner_name, name, query, shared, version, default)| View {
            id,
            owner,
            owner_name,
            name,
            query,
            shared,
            own: owner == me,
            is_default: default.is_some(),
            version,
        })
        .collect();
    views.sort_by_key(|view| !view.own);
    Ok(views)
}

/// One of the views that a person sees; for them there is no other.
pub(super) fn seen(conn: &mut Conn, me: PersonId, id: SavedViewId) -> Result<View> {
    seen_by(conn, me)?.into_iter().find(|view| view.id == id).ok_or(Error::NotFound)
}
