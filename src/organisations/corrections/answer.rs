//! The programme's answer to a request about a list of sites. Accepting it corrects the register, with a note that imports
//! do not undo as long as they still say the old thing.

use diesel::prelude::*;
use serde_json::json;

use super::mail;
use super::model::{CorrectionKind, CorrectionRequest, CorrectionState};
use super::store::{close, correction};
use crate::access::{AnswerCorrection, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::organisations::by_id;
use crate::organisations::cells::search_form;
use crate::organisations::corrected::{self, CorrectedPart};
use crate::organisations::import::CORRECTION;
use crate::organisations::model::{Organisation, RelationKind};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Day;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CorrectionId, OrganisationId};
use crate::schema::{organisation, relation};

/// Corrects the register as it was asked. The organisation is told by mail.
///
/// # Errors
/// [`Error::Conflict`] when the request waits no longer, or the site has moved to another head office in the meantime.
pub fn accept_correction(
    tx: &mut Tx<'_>,
    permit: &Permit<AnswerCorrection>,
    words: &str,
    public_url: &str,
) -> Result<Recorded<()>> {
    let asked = end(tx, permit, CorrectionState::Accepted, words)?;
    correct_register(tx, &asked)?;
    mail::tell_the_organisation(tx, &asked, true, words, public_url)?;
    let data = json!({"kind": asked.kind, "site": asked.site, "detail_sha256": hex(&sha256(asked.detail.as_bytes()))});
    let event = Event::of(permit, "register_corrected", format!("organisation/{}", asked.site), data);
    ledger::append(tx, &event, ())
}

/// Leaves the register as it is, with a reason. The organisation is told by mail.
///
/// # Errors
/// [`Error::Invalid`] without a reason, [`Error::Conflict`] when the request waits no longer.
pub fn refuse_correction(
    tx: &mut Tx<'_>,
    permit: &Permit<AnswerCorrection>,
    words: &str,
    public_url: &str,
) -> Result<Recorded<()>> {
    if words.is_empty() {
        return Err(Error::field("words", "Say why the request is refused"));
    }
    let asked = end(tx, permit, CorrectionState::Refused, words)?;
    mail::tell_the_organisation(tx, &asked, false, words, public_url)?;
    let data = json!({"words_sha256": hex(&sha256(words.as_bytes()))});
    let event = Event::of(permit, "correction_refused", format!("correction/{}", asked.id), data);
    ledger::append(tx, &event, ())
}

fn end(
    tx: &mut Tx<'_>,
    permit: &Permit<AnswerCorrection>,
    to: CorrectionState,
    words: &str,
) -> Result<CorrectionRequest> {
    let by = permit.actor().id().ok_or_else(|| Error::broken("a request is answered by a person"))?;
    let asked = correction(tx.conn(), CorrectionId::new(permit.id()))?;
    if close(tx, asked.id, to, by, words)? {
        Ok(asked)
    } else {
        Err(Error::Conflict("The request has been answered or taken back in the meantime.".to_owned()))
    }
}

fn correct_register(tx: &mut Tx<'_>, asked: &CorrectionRequest) -> Result<()> {
    let today = tx.now().london_day();
    let site = by_id(tx.conn(), asked.site)?.ok_or(Error::NotFound)?;
    let closed_on = site.closed_on.filter(|day| *day <= today).unwrap_or(today);
    stand(tx, asked, &site, closed_on)?;
    match asked.kind {
        CorrectionKind::NotOurs => {
            move_to(tx, asked.site, Some(asked.organisation), None)?;
            relate(tx, asked, today, Some(today))
        }
        CorrectionKind::Missing => {
            move_to(tx, asked.site, None, Some(asked.organisation))?;
            relate(tx, asked, today, None)
        }
        CorrectionKind::Closed => {
            let now = tx.now();
            let changed = diesel::update(organisation::table.filter(organisation::id.eq(asked.site)))
                .set((
                    organisation::closed_on.eq(Some(closed_on.to_string())),
                    organisation::updated_at.eq(now),
                    organisation::version.eq(organisation::version + 1),
                ))
                .execute(tx.conn())?;
            if changed == 1 { Ok(()) } else { Err(Error::NotFound) }
        }
        CorrectionKind::WrongName => {
            let now = tx.now();
            let changed = diesel::update(organisation::table.filter(organisation::id.eq(asked.site)))
                .set((
                    organisation::name.eq(&asked.detail),
                    organisation::search_name.eq(search_name(&asked.detail, &asked.site_code)),
                    organisation::updated_at.eq(now),
                    organisation::version.eq(organisation::version + 1),
                ))
                .execute(tx.conn())?;
            if changed == 1 { Ok(()) } else { Err(Error::NotFound) }
        }
    }
}

/// Lets the correction stand over files that still say what the register says now.
fn stand(tx: &mut Tx<'_>, asked: &CorrectionRequest, site: &Organisation, closed_on: Day) -> Result<()> {
    let today = tx.now().london_day();
    let (part, said, register) = match asked.kind {
        CorrectionKind::NotOurs => (CorrectedPart::HeadOffice, String::new(), asked.code.clone()),
        CorrectionKind::Missing => {
            let head = match site.head_office_id {
                Some(head) => by_id(tx.conn(), head)?,
                None => None,
            };
            let head = head.map(|head| head.code.to_string()).unwrap_or_default();
            (CorrectedPart::HeadOffice, asked.code.clone(), head)
        }
        CorrectionKind::Closed => {
            let register = site.closed_on.map(String::from).unwrap_or_default();
            (CorrectedPart::Closing, closed_on.to_string(), register)
        }
        CorrectionKind::WrongName => (CorrectedPart::Name, asked.detail.clone(), site.name.clone()),
    };
    let source = format!("{CORRECTION}{today}");
    let about = (asked.site, asked.id);
    corrected::stand(tx.conn(), about, part, (&said, &register), (today, &source))
}

/// Moves a site to a head office, or away from the one that asks; not when another request was faster.
fn move_to(
    tx: &mut Tx<'_>,
    site: OrganisationId,
    from: Option<OrganisationId>,
    to: Option<OrganisationId>,
) -> Result<()> {
    let now = tx.now();
    let set = (
        organisation::head_office_id.eq(to),
        organisation::updated_at.eq(now),
        organisation::version.eq(organisation::version + 1),
    );
    let one = organisation::table.filter(organisation::id.eq(site));
    let moved = match from {
        Some(from) => {
            diesel::update(one.filter(organisation::head_office_id.eq(from))).set(set).execute(tx.conn())?
        }
        None => diesel::update(one).set(set).execute(tx.conn())?,
    };
    if moved == 1 {
        Ok(())
    } else {
        Err(Error::Conflict("The site belongs to another head office by now.".to_owned()))
    }
}

/// Notes whose the site is from this day on, as a source that only a later one overrules.
fn relate(tx: &mut Tx<'_>, asked: &CorrectionRequest, today: Day, ends_on: Option<Day>) -> Result<()> {
    let source = format!("{CORRECTION}{today}");
    diesel::delete(
        relation::table
            .filter(relation::organisation_id.eq(asked.site))
            .filter(relation::kind.eq(RelationKind::HeadOffice))
            .filter(relation::source.eq(&source)),
    )
    .execute(tx.conn())?;
    diesel::insert_into(relation::table)
        .values((
            relation::organisation_id.eq(asked.site),
            relation::kind.eq(RelationKind::HeadOffice),
            relation::related_code.eq(&asked.code),
            relation::related_name.eq(&asked.name),
            relation::starts_on.eq(ends_on.is_none().then(|| today.to_string())),
            relation::ends_on.eq(ends_on.map(String::from)),
            relation::source.eq(&source),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The name and code as they are searched for.
fn search_name(name: &str, code: &str) -> String {
    search_form(&format!("{name} {code}"))
}
