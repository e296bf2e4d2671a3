//! Telling a head office that the returns of its sites are submitted, once.

use diesel::prelude::*;
use serde_json::json;

use super::store;
use super::{progress_href, words_of_progress};
use crate::access::{Actor, FileSite, OrganisationRole, Permit, Subject};
use crate::identity;
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::FilingId;
use crate::platform::mail::{self, Letter};
use crate::returns::store::{Which, find};
use crate::schema::site_filing;

/// Tells the leads and the SIRO by mail.
///
/// # Errors
/// [`Error::Conflict`] when they have been told.
pub(super) fn tell(tx: &mut Tx<'_>, id: FilingId, public_url: &str) -> Result<Recorded<()>> {
    let now = tx.now();
    let told = diesel::update(
        site_filing::table.filter(site_filing::id.eq(id)).filter(site_filing::told_at.is_null()),
    )
    .set(site_filing::told_at.eq(Some(now)))
    .execute(tx.conn())?;
    if told != 1 {
        return Err(Error::Conflict("The head office has been told.".to_owned()));
    }
    let filing = store::filing(tx.conn(), id)?;
    let progress = store::progress(tx.conn(), id)?;
    let found = find(tx.conn(), Which::Id(filing.return_id))?.ok_or(Error::NotFound)?;
    let href =
        format!("{}{}", public_url.trim_end_matches('/'), progress_href(&found.code, &found.collection.key));
    let roles =
        [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator, OrganisationRole::Siro];
    for (person, name, address) in identity::holders_of(tx.conn(), filing.organisation, &roles)? {
        let letter = Letter {
            template: "returns.sites_submitted",
            to: &address,
            subject: format!(
                "Submitted for your sites: {} return of {}",
                found.collection.year_label, found.name
            ),
            name: &name,
            paragraphs: vec![
                format!(
                    "The {} returns of the sites of {} have been worked through.",
                    found.collection.year_label, found.name
                ),
                words_of_progress(&progress),
            ],
            link: ("See each site and its receipt", &href),
        };
        // A list that was tried again is told of again.
        mail::queue(tx, &letter.into_mail(), &format!("sites-{id}-{}-{person}", now.micros()))?;
    }
    let subject = Subject {
        kind: "site",
        id: filing.organisation.get(),
        organisation: Some(filing.organisation),
        state: "",
    };
    let permit = Permit::<FileSite>::grant(&Actor::system(), Some(subject))?;
    let data = serde_json::to_value(progress)
        .map_err(|e| Error::internal("failed to write down how far the sites have got", e))?;
    let data = json!({"progress": data});
    ledger::append(tx, &Event::of(&permit, "sites_submitted", format!("site-filing/{id}"), data), ())
}
