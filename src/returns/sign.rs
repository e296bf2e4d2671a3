//! The SIRO's signature: over a statement of this version and over the hash of all answers.

use diesel::prelude::*;
use serde_json::json;

use super::content::{content_hash, current};
use super::model::Step;
use super::ready::next;
use super::store::{self, Found};
use crate::access::{OrganisationRole, Permit, SignReturn};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::schema::sign_off;

/// The version of [`STATEMENT`], recorded with every signature. A change of wording is a new version.
pub const STATEMENT_VERSION: &str = "siro-2026.1";

/// What the SIRO signs.
pub const STATEMENT: &str = "I have read this return. To the best of my knowledge its answers are true, the evidence \
    attached to them exists and supports them, and they describe the whole of my organisation. I accept responsibility \
    for the information risks that they show, and I agree to its submission to the central team.";

/// Signs the return. The signer must not be the only author of its answers: a second pair of eyes is the point.
///
/// # Errors
/// [`Error::Forbidden`] when the signer wrote every answer alone; [`Error::Conflict`] when somebody moved the return.
pub fn sign_return(tx: &mut Tx<'_>, permit: &Permit<SignReturn>, found: &Found) -> Result<Recorded<()>> {
    found.must_be_of(permit)?;
    found.must_be_taken(tx.now())?;
    let signer = permit.actor().id().ok_or_else(|| Error::broken("a return is signed by a person"))?;
    if store::authors(tx.conn(), found.id)? == [signer] {
        return Err(Error::Forbidden(
            "You wrote every answer of this return yourself, so somebody else must sign it, or a colleague must \
             check and confirm answers first."
                .to_owned(),
        ));
    }
    let to = next(found, Step::Sign)?;
    store::move_on(tx, found, to)?;
    let hash = content_hash(&current(tx.conn(), found)?)?;
    let now = tx.now();
    diesel::insert_into(sign_off::table)
        .values((
            sign_off::return_id.eq(found.id),
            sign_off::organisation_id.eq(found.organisation),
            sign_off::role.eq(OrganisationRole::Siro.as_str()),
            sign_off::person_id.eq(signer),
            sign_off::statement_version.eq(STATEMENT_VERSION),
            sign_off::statement.eq(STATEMENT),
            sign_off::content_hash.eq(&hash[..]),
            sign_off::signed_at.eq(now),
        ))
        .execute(tx.conn())?;
    let data = json!({
        "role": OrganisationRole::Siro,
        "statement_version": STATEMENT_VERSION,
        "statement_sha256": hex(&sha256(STATEMENT.as_bytes())),
        "content_hash": hex(&hash),
    });
    ledger::append(tx, &Event::of(permit, "return_signed", format!("return/{}", found.id), data), ())
}
