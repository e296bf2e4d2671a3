//! Recording an event in the transaction of the change it tells of.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::access::{Action, Permit};
use crate::platform::canonical;
use crate::platform::db::{Conn, Proven, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{EventId, OrganisationId, PersonId};
use crate::schema::ledger_event;

/// What happened, without personal data: people are numbers, texts are hashes.
#[derive(Debug, Clone)]
pub struct Event {
    kind: &'static str,
    actor: Option<PersonId>,
    organisation: Option<OrganisationId>,
    subject: String,
    data: Value,
}

/// A change that is in the ledger. Made only by [`append`]; `Db::write` takes nothing else.
#[derive(Debug)]
pub struct Recorded<T> {
    value: T,
    event: EventId,
}

/// The canonical body of an event, whose hash is the tree's leaf.
#[derive(Serialize)]
struct Body<'a> {
    v: u8,
    kind: &'a str,
    at: i64,
    actor: Option<PersonId>,
    organisation: Option<OrganisationId>,
    subject: &'a str,
    data: &'a Value,
}

impl Event {
    /// An event of an action that was permitted; actor and organisation come from the permit.
    #[must_use]
    pub fn of<A: Action>(permit: &Permit<A>, kind: &'static str, subject: String, data: Value) -> Self {
        Self { kind, actor: permit.actor().id(), organisation: permit.subject().organisation, subject, data }
    }

    /// An event about a person's own sign-in or account, which needs no permit of an action.
    #[must_use]
    pub fn about_self(person: PersonId, kind: &'static str, data: Value) -> Self {
        Self { kind, actor: Some(person), organisation: None, subject: format!("person/{person}"), data }
    }

    /// The same event, told of another organisation than the permit's own.
    #[must_use]
    pub const fn in_organisation(mut self, organisation: OrganisationId) -> Self {
        self.organisation = Some(organisation);
        self
    }
}

impl<T> Recorded<T> {
    /// Changes what is handed to the caller.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Recorded<U> {
        Recorded { value: f(self.value), event: self.event }
    }

    /// The ledger's row.
    #[must_use]
    pub const fn event(&self) -> EventId {
        self.event
    }

    /// What was changed, for the next step in the same transaction.
    #[must_use]
    pub const fn value(&self) -> &T {
        &self.value
    }
}

impl<T: Send + 'static> Proven for Recorded<T> {
    type Value = T;

    fn into_value(self) -> T {
        self.value
    }
}

/// Records the event in this transaction and marks the value as recorded.
///
/// # Errors
/// When the row cannot be written.
pub fn append<T>(tx: &mut Tx<'_>, event: &Event, value: T) -> Result<Recorded<T>> {
    let at = tx.now();
    let body = canonical::to_string(&Body {
        v: 1,
        kind: event.kind,
        at: at.micros(),
        actor: event.actor,
        organisation: event.organisation,
        subject: &event.subject,
        data: &event.data,
    })?;
    let hash = super::tree::leaf_hash(body.as_bytes());
    let id: EventId = diesel::insert_into(ledger_event::table)
        .values((
            ledger_event::recorded_at.eq(at),
            ledger_event::kind.eq(event.kind),
            ledger_event::actor_person_id.eq(event.actor),
            ledger_event::organisation_id.eq(event.organisation),
            ledger_event::subject.eq(&event.subject),
            ledger_event::body.eq(&body),
            ledger_event::leaf_hash.eq(&hash[..]),
        ))
        .returning(ledger_event::id)
        .get_result(tx.conn())?;
    Ok(Recorded { value, event: id })
}

/// The event's place in the tree, once it has been sequenced (within a second).
///
/// # Errors
/// When the database cannot be asked.
pub fn position(conn: &mut Conn, event: EventId) -> Result<Option<i64>> {
    Ok(ledger_event::table
        .filter(ledger_event::id.eq(event))
        .select(ledger_event::leaf_index)
        .first::<Option<i64>>(conn)
        .optional()?
        .flatten())
}
