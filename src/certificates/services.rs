//! The list of an organisation's services, against which the scopes of its certificates are held. A service that goes
//! keeps its row: certificates that name it stay readable, and it is the same service when it comes back.

use diesel::prelude::*;
use serde_json::json;

use super::changed;
use crate::access::{ListServices, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ServiceId;
use crate::schema::organisation_service as table;

/// The most services an organisation can list.
pub const SERVICES_LIMIT: usize = 200;
/// The most characters of a service's name.
pub const NAME_LIMIT: usize = 200;

/// Lists the services of the permit's organisation anew, in this order.
///
/// # Errors
/// [`Error::Invalid`] when there are too many, or a name is too long or stands twice.
pub fn list_services(
    tx: &mut Tx<'_>,
    permit: &Permit<ListServices>,
    names: &[String],
) -> Result<Recorded<()>> {
    let whose = permit.organisation()?;
    check(names)?;
    let now = tx.now();
    let known: Vec<(ServiceId, String)> = table::table
        .filter(table::organisation_id.eq(whose))
        .select((table::id, table::name))
        .load(tx.conn())?;
    for (id, _) in known.iter().filter(|(_, name)| !names.contains(name)) {
        diesel::update(table::table.filter(table::id.eq(id)).filter(table::ended_at.is_null()))
            .set(table::ended_at.eq(Some(now)))
            .execute(tx.conn())?;
    }
    for (position, name) in (1_i64..).zip(names) {
        match known.iter().find(|(_, known)| known == name) {
            Some((id, _)) => diesel::update(table::table.filter(table::id.eq(id)))
                .set((table::position.eq(position), table::ended_at.eq(None::<Timestamp>)))
                .execute(tx.conn())?,
            None => diesel::insert_into(table::table)
                .values((
                    table::organisation_id.eq(whose),
                    table::position.eq(position),
                    table::name.eq(name),
                ))
                .execute(tx.conn())?,
        };
    }
    let data = json!({"services": names.len(), "names_sha256": hex(&sha256(to_string(names)?.as_bytes()))});
    changed::tell(tx, whose)?;
    let event = Event::of(permit, "services_listed", format!("organisation/{whose}"), data);
    ledger::append(tx, &event, ())
}

/// Refuses too many names, one that is too long, and one that stands twice.
pub(super) fn check(names: &[String]) -> Result<()> {
    if names.len() > SERVICES_LIMIT {
        return Err(Error::field("services", format!("List {SERVICES_LIMIT} services at most")));
    }
    if names.iter().any(|name| name.chars().count() > NAME_LIMIT) {
        return Err(Error::field(
            "services",
            format!("A service's name has {NAME_LIMIT} characters at most"),
        ));
    }
    let twice =
        names.iter().enumerate().find(|(at, name)| names.iter().take(*at).any(|other| other == *name));
    match twice {
        Some((_, name)) => Err(Error::field("services", format!("\"{name}\" is listed twice"))),
        None => Ok(()),
    }
}
