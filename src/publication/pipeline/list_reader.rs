//! Putting somebody on the list of those who may read a release early: a name, a role, an organisation and a reason, all of
//! which are published with the release.

use diesel::prelude::*;
use serde_json::json;

use super::store::ReleaseDate;
use super::{REASON_LIMIT, ask, settled, store};
use crate::access::{ListEarlyReader, Permit};
use crate::identity::{self, EmailAddress};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::ids::EarlyReaderId;
use crate::publication::release::ReleaseSummary;
use crate::schema::early_reader;

/// Most characters of a name, a role or an organisation.
const NAME_LIMIT: usize = 200;

/// Who is put on the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewReader {
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: String,
    /// What they work for.
    pub body: String,
    /// Why they must read early.
    pub reason: String,
    /// Their address.
    pub email: String,
}

/// Puts them on the list.
///
/// # Errors
/// [`Error::Invalid`] for what is missing, too long, no address, or on the list already; [`Error::Refused`] once the time
/// has come; [`Error::Conflict`] when somebody else changed the release first.
pub fn list_reader(
    tx: &mut Tx<'_>,
    permit: &Permit<ListEarlyReader>,
    found: &ReleaseSummary,
    date: &ReleaseDate,
    new: &NewReader,
) -> Result<Recorded<EarlyReaderId>> {
    let mut problems = Vec::new();
    ask(&mut problems, "name", &new.name, "Enter a name", NAME_LIMIT);
    ask(&mut problems, "role", &new.role, "Enter their role", NAME_LIMIT);
    ask(&mut problems, "body", &new.body, "Enter the organisation they work for", NAME_LIMIT);
    ask(&mut problems, "reason", &new.reason, "Say why they must read it early", REASON_LIMIT);
    let email = EmailAddress::parse(&new.email);
    if email.is_none() {
        problems.push(FieldError {
            field: "email".to_owned(),
            message: "Enter an email address in the correct format, like name@example.com".to_owned(),
        });
    }
    settled(problems)?;
    let email = email.ok_or_else(|| Error::broken("an address was looked at and is none"))?;
    let now = tx.now();
    if now >= date.due_at {
        return Err(Error::Refused("The time of the release has come: everybody reads it now.".to_owned()));
    }
    let listed: i64 = early_reader::table
        .filter(early_reader::release_id.eq(found.id))
        .filter(early_reader::email.eq(email.as_str()))
        .filter(early_reader::removed_at.is_null())
        .count()
        .get_result(tx.conn())?;
    if listed > 0 {
        return Err(Error::field("email", "Somebody with this address is on the list already"));
    }
    store::touch(tx.conn(), found)?;
    let person = identity::person_by_email(tx.conn(), &email)?.map(|account| account.id);
    let id: EarlyReaderId = diesel::insert_into(early_reader::table)
        .values((
            early_reader::release_id.eq(found.id),
            early_reader::name.eq(&new.name),
            early_reader::role.eq(&new.role),
            early_reader::body.eq(&new.body),
            early_reader::reason.eq(&new.reason),
            early_reader::email.eq(email.as_str()),
            early_reader::person_id.eq(person),
            early_reader::listed_at.eq(now),
            early_reader::listed_by.eq(permit.actor().id()),
        ))
        .returning(early_reader::id)
        .get_result(tx.conn())?;
    super::jobs::look_now(tx, date.id)?;
    let event = Event::of(
        permit,
        "early_reader.listed",
        format!("release/{}", found.id),
        json!({
            "reader": id,
            "signs_in": person.is_some(),
            "reason_sha256": hex(&sha256(new.reason.as_bytes())),
        }),
    );
    ledger::append(tx, &event, id)
}
