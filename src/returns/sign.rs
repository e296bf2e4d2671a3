//! Signing a return: over a statement of a version and over the hash of all answers. Every role that the edition names
//! signs for its own items; the return is signed when the last has.

use diesel::prelude::*;
use serde_json::json;

use super::content::current;
use super::model::{ReturnState, Step};
use super::ready::next;
use super::signing::{self, Statement, Wanted};
use super::sites;
use super::store::{self, Found};
use crate::access::{OrganisationRole, Permit, SignReturn};
use crate::identity::{self, Signatory};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::schema::sign_off;

/// Signs the return in the first role that still has to and in which this person may; gives the return's state.
///
/// # Errors
/// As [`sign_as`].
pub fn sign_return(
    tx: &mut Tx<'_>,
    permit: &Permit<SignReturn>,
    found: &Found,
) -> Result<Recorded<ReturnState>> {
    let signer = permit.actor().id().ok_or_else(|| Error::broken("a return is signed by a person"))?;
    let today = tx.now().london_day();
    let all = signing::standing(tx.conn(), found, today)?;
    match all.iter().find(|one| one.right_of(signer).is_some()) {
        Some(one) => sign_as(tx, permit, found, one.role()),
        None => Err(nothing_left()),
    }
}

fn nothing_left() -> Error {
    Error::Conflict("There is nothing left for you to sign here.".to_owned())
}

/// Signs the return in one role. The signer must not be the only author of its answers: a second pair of eyes is the point,
/// and whoever stands in for somebody is no exception.
///
/// # Errors
/// [`Error::NotFound`] for a role that need not sign; [`Error::Forbidden`] for who may not sign in it today, or wrote every
/// answer alone; [`Error::Conflict`] when it was signed in this role, or somebody moved the return.
pub fn sign_as(
    tx: &mut Tx<'_>,
    permit: &Permit<SignReturn>,
    found: &Found,
    role: OrganisationRole,
) -> Result<Recorded<ReturnState>> {
    found.must_be_of(permit)?;
    let now = tx.now();
    found.must_be_taken(now)?;
    let signer = permit.actor().id().ok_or_else(|| Error::broken("a return is signed by a person"))?;
    let wanted = found.signers()?;
    let own = wanted.iter().find(|one| one.role == role).ok_or(Error::NotFound)?;
    let right = identity::right_to_sign(tx.conn(), signer, found.organisation, role, now.london_day())?
        .ok_or_else(|| Error::Forbidden(format!("You cannot sign as {} today.", role.in_a_sentence())))?;
    if store::authors(tx.conn(), found.id)? == [signer] {
        return Err(Error::Forbidden(
            "You wrote every answer of this return yourself, so somebody else must sign it, or a colleague must \
             check and confirm answers first."
                .to_owned(),
        ));
    }
    // Two who sign at once: the second waits here and then finds the first one's signature.
    signing::hold_as_read(tx, found)?;
    let answers = current(tx.conn(), found)?;
    let hash = sites::signed_hash(tx.conn(), found, &answers, now)?;
    // Every signer's statement says for how many sites it is given.
    let statement = sites::statement_with_sites(tx.conn(), found, found.statement(role), now)?;
    let standing = signing::sign_offs(tx.conn(), found.id)?;
    let is_signed = |role: OrganisationRole| {
        standing.iter().any(|one| one.role == role.as_str() && one.content_hash == hash)
    };
    if is_signed(role) {
        return Err(Error::Conflict(format!("It has been signed as {} already.", role.in_a_sentence())));
    }
    insert(tx, found, &right, &statement, &hash)?;
    let last = wanted.iter().all(|one| one.role == role || is_signed(one.role));
    let mut state = found.state;
    if last {
        state = next(found, Step::Sign)?;
        store::move_on(tx, found, state)?;
    }
    let event = Event::of(
        permit,
        "return_signed",
        format!("return/{}", found.id),
        told(found, own, &right, &statement, &hash),
    );
    ledger::append(tx, &event, state)
}

fn insert(
    tx: &mut Tx<'_>,
    found: &Found,
    right: &Signatory,
    statement: &Statement,
    hash: &[u8; 32],
) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(sign_off::table)
        .values((
            sign_off::return_id.eq(found.id),
            sign_off::organisation_id.eq(found.organisation),
            sign_off::role.eq(right.role().as_str()),
            sign_off::person_id.eq(right.person()),
            sign_off::statement_version.eq(&statement.version),
            sign_off::statement.eq(&statement.text),
            sign_off::content_hash.eq(&hash[..]),
            sign_off::signed_at.eq(now),
            sign_off::delegation_id.eq(right.delegation().map(|given| given.id)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What the ledger is told of a signature.
fn told(
    found: &Found,
    own: &Wanted,
    right: &Signatory,
    statement: &Statement,
    hash: &[u8; 32],
) -> serde_json::Value {
    let mut data = json!({
        "role": own.role,
        "statement_version": statement.version,
        "statement_sha256": hex(&sha256(statement.text.as_bytes())),
        "content_hash": hex(hash),
        "profile": found.profile,
    });
    if let Some(map) = data.as_object_mut() {
        if !own.items.is_empty() {
            let requirements = found.edition.edition().requirements();
            let codes: Vec<&str> = own
                .items
                .iter()
                .filter_map(|place| requirements.get(*place).map(|asked| asked.code.as_str()))
                .collect();
            map.insert("items".to_owned(), json!(codes));
        }
        if let Some(given) = right.delegation() {
            map.insert("delegation".to_owned(), json!(given.id));
            map.insert("for".to_owned(), json!(given.delegator));
        }
    }
    data
}
