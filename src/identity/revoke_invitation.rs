//! Invitations that nobody has accepted yet, and taking one back: its link leads nowhere from that moment on, and the
//! row stays.

use diesel::prelude::*;

use super::invite::open_invitation;
use crate::access::{Action, CentralRole, OrganisationRole, Permit, Subject};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{InvitationId, OrganisationId};
use crate::schema::invitation;

/// An invitation that can still be accepted, as a list shows it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct WaitingInvitation {
    /// Its row.
    pub id: InvitationId,
    /// The invited person's name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The role in words.
    pub role: &'static str,
    /// Until when it can be accepted.
    pub expires: Timestamp,
}

/// Invitations to an organisation, or to the central team when none is named, that can still be accepted; newest first.
///
/// # Errors
/// When the database cannot be asked or holds a role that is not known.
pub fn waiting_invitations(
    conn: &mut Conn,
    organisation: Option<OrganisationId>,
    now: Timestamp,
) -> Result<Vec<WaitingInvitation>> {
    let waiting = invitation::table
        .filter(invitation::accepted_at.is_null())
        .filter(invitation::revoked_at.is_null())
        .filter(invitation::expires_at.gt(now))
        .order(invitation::id.desc())
        .select((
            invitation::id,
            invitation::name,
            invitation::email,
            invitation::role,
            invitation::expires_at,
        ));
    let rows: Vec<(InvitationId, String, String, String, Timestamp)> = match organisation {
        Some(organisation) => waiting.filter(invitation::organisation_id.eq(organisation)).load(conn)?,
        None => waiting.filter(invitation::organisation_id.is_null()).load(conn)?,
    };
    let words = |role: &str| match organisation {
        Some(_) => role.parse::<OrganisationRole>().map(OrganisationRole::words),
        None => role.parse::<CentralRole>().map(CentralRole::words),
    };
    rows.into_iter()
        .map(|(id, name, email, role, expires)| {
            let role = words(&role).map_err(Error::broken)?;
            Ok(WaitingInvitation { id, name, email, role, expires })
        })
        .collect()
}

/// An open invitation as a permit asks about it. It must be to the organisation that the address names, or to the central
/// team when the address names none.
///
/// # Errors
/// When the database cannot be asked.
pub fn invitation_subject(
    conn: &mut Conn,
    id: InvitationId,
    organisation: Option<OrganisationId>,
    now: Timestamp,
) -> Result<Option<Subject>> {
    let open = open_invitation(conn, id, now)?.filter(|open| open.role.organisation() == organisation);
    Ok(open.map(|_| Subject { kind: "invitation", id: id.get(), organisation, state: "open" }))
}

/// Takes back the permit's invitation, whichever of the two actions on invitations it is for.
///
/// # Errors
/// [`Error::Conflict`] when it has just been accepted or taken back.
pub fn revoke_invitation<A: Action>(tx: &mut Tx<'_>, permit: &Permit<A>) -> Result<Recorded<()>> {
    if permit.subject().kind != "invitation" {
        return Err(Error::broken("the permit is not for an invitation"));
    }
    let (now, id) = (tx.now(), permit.id());
    let open = invitation::table
        .filter(invitation::id.eq(InvitationId::new(id)))
        .filter(invitation::accepted_at.is_null())
        .filter(invitation::revoked_at.is_null());
    let revoked = diesel::update(open).set(invitation::revoked_at.eq(Some(now))).execute(tx.conn())?;
    if revoked != 1 {
        return Err(Error::Conflict("This invitation has just been accepted or taken back.".to_owned()));
    }
    let data = serde_json::json!({});
    ledger::append(tx, &Event::of(permit, "invitation_revoked", format!("invitation/{id}"), data), ())
}
