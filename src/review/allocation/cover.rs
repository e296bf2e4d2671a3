//! Mails about the reviews of somebody who is away: whoever stands in for them gets each one too.

use diesel::prelude::*;

use super::store;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::PersonId;
use crate::platform::mail::{self, Mail, escaped};
use crate::review::store::address_of;
use crate::schema::person;

/// Sends a copy of a mail to whoever stands in for its recipient today.
pub(in crate::review) fn copy_to_cover(tx: &mut Tx<'_>, original: &Mail, id: &str) -> Result<()> {
    let found: Option<(PersonId, String)> = person::table
        .filter(person::email.eq(&original.to))
        .select((person::id, person::name))
        .first(tx.conn())
        .optional()?;
    let Some((whose, away)) = found else { return Ok(()) };
    let day = tx.now().london_day();
    let cover = store::absence_on(tx.conn(), whose, day)?.and_then(|absence| absence.cover);
    let Some(cover) = cover else { return Ok(()) };
    let Some((name, to)) = address_of(tx.conn(), cover)? else { return Ok(()) };
    let said = format!("Dear {name}, you stand in for {away}, who was sent this:");
    let copy = Mail {
        template: original.template,
        to,
        subject: original.subject.clone(),
        text: format!("{said}\n\n{}", original.text),
        html: original.html.replacen("<body>\n", &format!("<body>\n<p>{}</p>\n", escaped(&said)), 1),
    };
    mail::queue(tx, &copy, &format!("{id}-cover-{cover}"))
}
