//! Asking for a correction of one's list of sites, and taking the request back.

use diesel::prelude::*;
use serde_json::json;

use super::mail;
use super::model::{CorrectionKind, CorrectionState};
use super::store::{close, correction};
use crate::access::{AskCorrection, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::organisations::model::Organisation;
use crate::organisations::{OdsCode, by_code};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CorrectionId, OrganisationId};
use crate::schema::site_correction;

/// What a head office asks for.
#[derive(Debug, Clone)]
pub struct NewCorrection {
    /// What is wrong.
    pub kind: CorrectionKind,
    /// The site's code.
    pub site: String,
    /// The right name, where the name is wrong.
    pub detail: String,
    /// What else is to be said.
    pub note: String,
}

/// Asks for a correction. Programme managers are told by mail.
///
/// # Errors
/// [`Error::Invalid`] at `site` when the register has no such organisation, it is no site of this head office (or is one
/// already), or a request about it waits.
pub fn ask_correction(
    tx: &mut Tx<'_>,
    permit: &Permit<AskCorrection>,
    new: &NewCorrection,
    public_url: &str,
) -> Result<Recorded<CorrectionId>> {
    let whose = permit.organisation()?;
    let by = permit.actor().id().ok_or_else(|| Error::broken("a correction is asked for by a person"))?;
    let now = tx.now();
    let site = site_of(tx, whose, new)?;
    let made = diesel::insert_into(site_correction::table)
        .values((
            site_correction::organisation_id.eq(whose),
            site_correction::kind.eq(new.kind),
            site_correction::site_id.eq(site.id),
            site_correction::detail.eq(&new.detail),
            site_correction::note.eq(&new.note),
            site_correction::state.eq(CorrectionState::Open),
            site_correction::asked_by.eq(by),
            site_correction::asked_at.eq(now),
        ))
        .returning(site_correction::id)
        .get_result(tx.conn())
        .map_err(Error::from);
    let id: CorrectionId = match made {
        Ok(id) => id,
        Err(Error::Conflict(_)) => {
            return Err(Error::field("site", "A request about this site waits for its answer already"));
        }
        Err(error) => return Err(error),
    };
    let asked = correction(tx.conn(), id)?;
    mail::tell_the_programme(tx, &asked, public_url)?;
    let data = json!({
        "kind": new.kind,
        "site": site.id,
        "note_sha256": hex(&sha256(new.note.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "correction_asked", format!("correction/{id}"), data), id)
}

/// The organisation that a request is about.
fn site_of(tx: &mut Tx<'_>, whose: OrganisationId, new: &NewCorrection) -> Result<Organisation> {
    let unknown = || Error::field("site", "The register has no organisation with this code");
    let code = OdsCode::parse(&new.site).map_err(|_| unknown())?;
    let site = by_code(tx.conn(), &code)?.filter(|site| site.id != whose).ok_or_else(unknown)?;
    match (new.kind, site.head_office_id == Some(whose)) {
        (CorrectionKind::Missing, true) => Err(Error::field("site", "This site is in your list already")),
        (CorrectionKind::Missing, false) | (_, true) => Ok(site),
        (_, false) => Err(Error::field("site", "This code is not in your list of sites")),
    }
}

/// Takes a request back that waits for its answer.
///
/// # Errors
/// [`Error::NotFound`] when it is not this organisation's, [`Error::Conflict`] when it has been answered.
pub fn withdraw_correction(
    tx: &mut Tx<'_>,
    permit: &Permit<AskCorrection>,
    id: CorrectionId,
) -> Result<Recorded<()>> {
    let by = permit.actor().id().ok_or_else(|| Error::broken("a request is taken back by a person"))?;
    if correction(tx.conn(), id)?.organisation != permit.organisation()? {
        return Err(Error::NotFound);
    }
    if !close(tx, id, CorrectionState::Withdrawn, by, "")? {
        return Err(Error::Conflict("The request has been answered in the meantime.".to_owned()));
    }
    let event = Event::of(permit, "correction_withdrawn", format!("correction/{id}"), json!({}));
    ledger::append(tx, &event, ())
}
