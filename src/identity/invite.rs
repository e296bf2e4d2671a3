//! Inviting a person: a row, a mail with a signed link that expires, and nothing else until they accept.

use diesel::prelude::*;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::mail;
use super::model::EmailAddress;
use crate::access::{Action, CentralRole, OrganisationRole, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{InvitationId, OrganisationId};
use crate::platform::mail::queue;
use crate::schema::invitation;

/// How long a link works, in seconds.
const LASTS: i64 = 7 * 24 * 3600;

/// The role somebody is invited to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitedRole {
    /// Within an organisation.
    Member(OrganisationId, OrganisationRole),
    /// In the central team.
    Central(CentralRole),
}

impl InvitedRole {
    /// The organisation it is in; none for the central team.
    #[must_use]
    pub const fn organisation(self) -> Option<OrganisationId> {
        match self {
            Self::Member(organisation, _) => Some(organisation),
            Self::Central(_) => None,
        }
    }
}

/// Who is invited to what.
#[derive(Debug, Clone)]
pub struct Invite {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: EmailAddress,
    /// The role.
    pub role: InvitedRole,
    /// What they are invited to, in words: an organisation's name, or the central team.
    pub place: String,
}

/// What a link needs: the site's address and the key that signs it.
#[derive(Clone)]
pub struct Links {
    /// The public address without a slash at its end.
    pub site: String,
    /// The signing key.
    pub key: [u8; 32],
}

#[derive(Serialize, Deserialize)]
struct Claims {
    aud: String,
    sub: String,
    exp: i64,
}

impl Links {
    /// The token of an invitation's link.
    ///
    /// # Errors
    /// When it cannot be signed, which is a fault of ours.
    pub fn token(&self, id: InvitationId, expires: Timestamp) -> Result<String> {
        let claims =
            Claims { aud: "invitation".to_owned(), sub: id.to_string(), exp: expires.micros() / 1_000_000 };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&self.key))
            .map_err(|e| Error::internal("failed to sign an invitation's link", e))
    }

    /// The invitation a token names, when it was signed here and has not expired. The algorithm is ours to say, not
    /// the token's; the time is the clock's, not the library's.
    #[must_use]
    pub fn invitation(&self, token: &str, now: Timestamp) -> Option<InvitationId> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_audience(&["invitation"]);
        rules.set_required_spec_claims(&["aud", "sub", "exp"]);
        rules.validate_exp = false;
        let claims =
            jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&self.key), &rules).ok()?.claims;
        (claims.exp > now.micros() / 1_000_000).then(|| claims.sub.parse().ok()).flatten()
    }
}

/// Invites a person.
///
/// # Errors
/// When the rows cannot be written.
pub fn invite<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    new: &Invite,
    links: &Links,
) -> Result<Recorded<InvitationId>> {
    let (organisation, role) = match new.role {
        InvitedRole::Member(organisation, role) => (Some(organisation), role.as_str()),
        InvitedRole::Central(role) => (None, role.as_str()),
    };
    let (now, expires) = (tx.now(), tx.now().plus_seconds(LASTS));
    let id: InvitationId = diesel::insert_into(invitation::table)
        .values((
            invitation::organisation_id.eq(organisation),
            invitation::email.eq(new.email.as_str()),
            invitation::name.eq(&new.name),
            invitation::role.eq(role),
            invitation::invited_by.eq(permit.actor().id()),
            invitation::created_at.eq(now),
            invitation::expires_at.eq(expires),
        ))
        .returning(invitation::id)
        .get_result(tx.conn())?;
    let link = format!("{}/invitations/{}", links.site, links.token(id, expires)?);
    let message = mail::invited(new, permit.actor().name(), &link, expires);
    queue(tx, &message, &format!("invitation-{id}"))?;
    let event =
        Event::of(permit, "person_invited", format!("invitation/{id}"), serde_json::json!({"role": role}));
    // The programme's permit is of no organisation; the invitation may be.
    let event = match organisation {
        Some(organisation) => event.in_organisation(organisation),
        None => event,
    };
    ledger::append(tx, &event, id)
}

/// An invitation that can still be accepted.
#[derive(Debug, Clone)]
pub struct OpenInvitation {
    /// Its row.
    pub id: InvitationId,
    /// The invited person's address.
    pub email: EmailAddress,
    /// Their name.
    pub name: String,
    /// What they are invited to.
    pub role: InvitedRole,
}

/// The invitation, while it is neither accepted, revoked nor expired.
///
/// # Errors
/// When the database cannot be asked or holds a role that is not known.
pub fn open_invitation(conn: &mut Conn, id: InvitationId, now: Timestamp) -> Result<Option<OpenInvitation>> {
    let row: Option<(Option<OrganisationId>, String, String, String)> = invitation::table
        .filter(invitation::id.eq(id))
        .filter(invitation::accepted_at.is_null())
        .filter(invitation::revoked_at.is_null())
        .filter(invitation::expires_at.gt(now))
        .select((invitation::organisation_id, invitation::email, invitation::name, invitation::role))
        .first(conn)
        .optional()?;
    let Some((organisation, email, name, role)) = row else {
        return Ok(None);
    };
    let role = match organisation {
        Some(organisation) => InvitedRole::Member(organisation, role.parse().map_err(Error::broken)?),
        None => InvitedRole::Central(role.parse().map_err(Error::broken)?),
    };
    let email =
        EmailAddress::parse(&email).ok_or_else(|| Error::broken("an invitation without an address"))?;
    Ok(Some(OpenInvitation { id, email, name, role }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_until_it_expires_and_cannot_be_forged() {
        let links = Links { site: String::new(), key: [3; 32] };
        let end = Timestamp::from_micros(2_000_000_000_000_000);
        let token = links.token(InvitationId::new(7), end).unwrap();
        assert_eq!(links.invitation(&token, end.plus_seconds(-1)), Some(InvitationId::new(7)));
        assert_eq!(links.invitation(&token, end), None);
        assert_eq!(Links { key: [4; 32], ..links.clone() }.invitation(&token, end.plus_seconds(-1)), None);
        // A token that says it needs no signature is refused, whatever it claims.
        let body = token.split('.').nth(1).unwrap();
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.");
        assert_eq!(links.invitation(&unsigned, end.plus_seconds(-1)), None);
        // So is one signed with the same secret under another algorithm.
        let claims = Claims { aud: "invitation".into(), sub: "7".into(), exp: end.micros() / 1_000_000 };
        let other = jsonwebtoken::encode(
            &Header::new(Algorithm::HS512),
            &claims,
            &EncodingKey::from_secret(&links.key),
        )
        .unwrap();
        assert_eq!(links.invitation(&other, end.plus_seconds(-1)), None);
    }
}
