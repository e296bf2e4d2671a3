//! Queries about signatures, and the hold under which one is given.

use diesel::prelude::*;

use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{DelegationId, PersonId, ReturnId};
use crate::returns::model::SnapshotDelegation;
use crate::returns::store::Found;
use crate::schema::{annual_return, sign_delegation, sign_off};

/// A signature that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOff {
    /// `siro` and so on.
    pub role: String,
    /// Who signed.
    pub person: PersonId,
    /// The version of the statement.
    pub statement_version: String,
    /// The hash of the answers that were signed.
    pub content_hash: Vec<u8>,
    /// When.
    pub signed_at: Timestamp,
    /// For whom, where it was signed under a delegation.
    pub delegation: Option<SnapshotDelegation>,
}

/// The signatures of a return that were not withdrawn.
///
/// # Errors
/// When the database cannot be asked.
pub fn sign_offs(conn: &mut Conn, of: ReturnId) -> Result<Vec<SignOff>> {
    type Given = (DelegationId, PersonId, Timestamp, Day);
    let rows: Vec<((String, PersonId, String, Vec<u8>, Timestamp), Option<Given>)> = sign_off::table
        .left_join(sign_delegation::table.on(sign_delegation::id.nullable().eq(sign_off::delegation_id)))
        .filter(sign_off::return_id.eq(of))
        .filter(sign_off::withdrawn_at.is_null())
        .order(sign_off::id)
        .select((
            (
                sign_off::role,
                sign_off::person_id,
                sign_off::statement_version,
                sign_off::content_hash,
                sign_off::signed_at,
            ),
            (
                sign_delegation::id,
                sign_delegation::delegator_id,
                sign_delegation::given_at,
                sign_delegation::until,
            )
                .nullable(),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|((role, person, statement_version, content_hash, signed_at), given)| SignOff {
            role,
            person,
            statement_version,
            content_hash,
            signed_at,
            delegation: given.map(|(id, delegator, given_at, until)| SnapshotDelegation {
                id,
                delegator,
                given_at,
                until,
            }),
        })
        .collect())
}

/// Keeps a return as it was read until this change is committed: others who sign, move or withdraw it wait.
///
/// # Errors
/// [`Error::Conflict`] when somebody else moved it first.
pub(in crate::returns) fn hold_as_read(tx: &mut Tx<'_>, as_read: &Found) -> Result<()> {
    let held = diesel::update(
        annual_return::table
            .filter(annual_return::id.eq(as_read.id))
            .filter(annual_return::version.eq(as_read.version))
            .filter(annual_return::state.eq(as_read.state)),
    )
    .set(annual_return::version.eq(annual_return::version))
    .execute(tx.conn())?;
    if held == 1 {
        Ok(())
    } else {
        Err(Error::Conflict("The return has been moved on by somebody else.".to_owned()))
    }
}

/// The roles whose signatures of a return were withdrawn at some time: it was taken back to be changed.
///
/// # Errors
/// When the database cannot be asked.
pub(in crate::returns) fn fallen(conn: &mut Conn, of: ReturnId) -> Result<Vec<String>> {
    Ok(sign_off::table
        .filter(sign_off::return_id.eq(of))
        .filter(sign_off::withdrawn_at.is_not_null())
        .select(sign_off::role)
        .distinct()
        .load(conn)?)
}
