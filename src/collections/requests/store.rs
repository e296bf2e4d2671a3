//! Queries about requests for more time.

use diesel::prelude::*;

use super::model::{RequestState, TimeRequest};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, TimeRequestId};
use crate::schema::{extension_request, organisation, person};

/// The most requests that one list shows.
const LISTED: i64 = 200;

type Row = (
    (TimeRequestId, CollectionId, OrganisationId, Timestamp, String, RequestState, Timestamp),
    (String, Option<Timestamp>),
    (String, String),
    String,
);

/// Which requests are wanted.
enum Which {
    Number(TimeRequestId),
    Collection(CollectionId),
    Organisation(CollectionId, OrganisationId),
}

fn load(conn: &mut Conn, which: &Which) -> Result<Vec<TimeRequest>> {
    let query = extension_request::table
        .inner_join(organisation::table.on(organisation::id.eq(extension_request::organisation_id)))
        .inner_join(person::table.on(person::id.eq(extension_request::asked_by)))
        .select((
            (
                extension_request::id,
                extension_request::collection_id,
                extension_request::organisation_id,
                extension_request::until,
                extension_request::reason,
                extension_request::state,
                extension_request::asked_at,
            ),
            (extension_request::answer, extension_request::answered_at),
            (organisation::code, organisation::name),
            person::name,
        ))
        .order((extension_request::asked_at.desc(), extension_request::id.desc()))
        .limit(LISTED)
        .into_boxed::<<Conn as diesel::Connection>::Backend>();
    let query = match which {
        Which::Number(id) => query.filter(extension_request::id.eq(*id)),
        Which::Collection(of) => query.filter(extension_request::collection_id.eq(*of)),
        Which::Organisation(of, whose) => query
            .filter(extension_request::collection_id.eq(*of))
            .filter(extension_request::organisation_id.eq(*whose)),
    };
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

fn read(
    ((id, collection, organisation, until, reason, state, asked_at), (answer, answered_at), place, asked_by): Row,
) -> TimeRequest {
    let (code, name) = place;
    TimeRequest {
        id,
        collection,
        organisation,
        code,
        name,
        until,
        reason,
        state,
        asked_by,
        asked_at,
        answer,
        answered_at,
    }
}

/// The request with this number.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn request(conn: &mut Conn, id: TimeRequestId) -> Result<TimeRequest> {
    load(conn, &Which::Number(id))?.pop().ok_or(Error::NotFound)
}

/// The newest requests of a collection: those that wait first, then the answered ones.
pub(in crate::collections) fn requests_of(conn: &mut Conn, of: CollectionId) -> Result<Vec<TimeRequest>> {
    let mut found = load(conn, &Which::Collection(of))?;
    found.sort_by_key(|request| request.state != RequestState::Open);
    Ok(found)
}

/// An organisation's requests in a collection, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub fn requests_by(conn: &mut Conn, of: CollectionId, whose: OrganisationId) -> Result<Vec<TimeRequest>> {
    load(conn, &Which::Organisation(of, whose))
}

/// The request of an organisation that waits for an answer, if there is one.
///
/// # Errors
/// When the database cannot be asked.
pub fn open_request(conn: &mut Conn, of: CollectionId, whose: OrganisationId) -> Result<Option<TimeRequest>> {
    Ok(requests_by(conn, of, whose)?.into_iter().find(|request| request.state == RequestState::Open))
}

/// Ends a request that waits; whether it still did.
pub(super) fn close(
    tx: &mut Tx<'_>,
    id: TimeRequestId,
    to: RequestState,
    by: PersonId,
    answer: &str,
) -> Result<bool> {
    let now = tx.now();
    let closed = diesel::update(
        extension_request::table
            .filter(extension_request::id.eq(id))
            .filter(extension_request::state.eq(RequestState::Open)),
    )
    .set((
        extension_request::state.eq(to),
        extension_request::answer.eq(answer),
        extension_request::answered_by.eq(Some(by)),
        extension_request::answered_at.eq(Some(now)),
    ))
    .execute(tx.conn())?;
    Ok(closed == 1)
}

/// More time given without an answer to the request answers it: it waits no longer.
pub(in crate::collections) fn settle(
    tx: &mut Tx<'_>,
    of: CollectionId,
    whose: OrganisationId,
    by: PersonId,
) -> Result<()> {
    if let Some(waiting) = open_request(tx.conn(), of, whose)? {
        close(tx, waiting.id, RequestState::Granted, by, "")?;
    }
    Ok(())
}
