//! Which mails a person wants. Reminders and the weekly digest can be turned off; what needs an answer or is a receipt
//! always comes.

use diesel::prelude::*;
use serde_json::json;

use crate::ledger::{self, Event, Recorded};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::PersonId;
use crate::schema::unwanted_mail;

crate::text_enum! {
    /// A kind of mail that a person can turn off.
    MailKind {
        /// A return is due soon.
        Reminders = "reminders", "Reminders before a return is due";
        /// A requirement that somebody was given is due soon, or overdue.
        Requests = "requests", "Reminders of the requirements that you were given";
        /// Where the returns stand, once a week.
        Digest = "digest", "A weekly summary of how far your returns have got";
        /// A line of an improvement plan is due soon, or overdue.
        PlanLines = "plan_lines", "Reminders of what you have taken on in an improvement plan";
        /// The guidance to a requirement of an open return has changed.
        Guidance = "guidance", "Changes of the guidance to requirements that you answer";
        /// A reviewer's question waits for its answer.
        Queries = "queries", "Reminders of a reviewer's questions that are due or overdue";
    }
}

/// The kinds that a person has turned off.
///
/// # Errors
/// When the database cannot be asked.
pub fn unwanted_of(conn: &mut Conn, person: PersonId) -> Result<Vec<MailKind>> {
    Ok(unwanted_mail::table
        .filter(unwanted_mail::person_id.eq(person))
        .order(unwanted_mail::kind)
        .select(unwanted_mail::kind)
        .load(conn)?)
}

/// Everybody who has turned a kind off.
///
/// # Errors
/// When the database cannot be asked.
pub fn turned_off(conn: &mut Conn, kind: MailKind) -> Result<Vec<PersonId>> {
    Ok(unwanted_mail::table
        .filter(unwanted_mail::kind.eq(kind))
        .order(unwanted_mail::person_id)
        .select(unwanted_mail::person_id)
        .load(conn)?)
}

/// Takes the kinds that a person wants; the others are turned off. A person chooses for themselves alone.
///
/// # Errors
/// When the rows cannot be written.
pub fn choose_emails(tx: &mut Tx<'_>, person: PersonId, wanted: &[MailKind]) -> Result<Recorded<()>> {
    let now = tx.now();
    let before = unwanted_of(tx.conn(), person)?;
    for kind in MailKind::ALL.iter().copied() {
        match (wanted.contains(&kind), before.contains(&kind)) {
            (false, false) => {
                diesel::insert_into(unwanted_mail::table)
                    .values((
                        unwanted_mail::person_id.eq(person),
                        unwanted_mail::kind.eq(kind),
                        unwanted_mail::since.eq(now),
                    ))
                    .execute(tx.conn())?;
            }
            (true, true) => {
                diesel::delete(
                    unwanted_mail::table
                        .filter(unwanted_mail::person_id.eq(person))
                        .filter(unwanted_mail::kind.eq(kind)),
                )
                .execute(tx.conn())?;
            }
            _ => {}
        }
    }
    let data = json!({"wanted": wanted});
    ledger::append(tx, &Event::about_self(person, "emails_chosen", data), ())
}
