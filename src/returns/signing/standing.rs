//! How far the signing of a return has got, role by role: who has signed, and who could.

use super::store::{SignOff, sign_offs};
use super::wanted::Wanted;
use crate::access::OrganisationRole;
use crate::identity::{self, Signatory};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::PersonId;
use crate::returns::store::{Found, authors};

/// One role's signature, given or wanted.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The role and what is theirs.
    pub wanted: Wanted,
    /// The signature, where it was given.
    pub signed: Option<SignOff>,
    /// Everybody who could give it today.
    pub signatories: Vec<Signatory>,
    /// Whether none of them could, because there is none or the only one wrote every answer.
    pub barred: bool,
}

impl Standing {
    /// The role.
    #[must_use]
    pub const fn role(&self) -> OrganisationRole {
        self.wanted.role
    }

    /// Whether it is still wanted.
    #[must_use]
    pub const fn is_wanted(&self) -> bool {
        self.signed.is_none()
    }

    /// What stands in the way of a signature that is wanted; empty when nothing does.
    #[must_use]
    pub fn trouble(&self) -> &'static str {
        if !self.is_wanted() {
            ""
        } else if self.signatories.is_empty() {
            "Nobody in your organisation holds this role. Your administrator can invite somebody."
        } else if self.barred {
            "The only one who could sign wrote every answer. Somebody else must check and confirm answers first."
        } else {
            ""
        }
    }

    /// The right of this person to give the signature; none where it was given, or is not theirs to give.
    #[must_use]
    pub fn right_of(&self, person: PersonId) -> Option<&Signatory> {
        self.signatories.iter().find(|one| self.is_wanted() && one.person() == person)
    }
}

/// How far the signing has got on a day.
///
/// # Errors
/// When the database cannot be asked.
pub fn standing(conn: &mut Conn, found: &Found, today: Day) -> Result<Vec<Standing>> {
    let signed = sign_offs(conn, found.id)?;
    let authors = authors(conn, found.id)?;
    found
        .signers()?
        .into_iter()
        .map(|wanted| {
            let signatories = identity::signatories_of(conn, found.organisation, wanted.role, today)?;
            let barred = signatories.iter().all(|one| authors == [one.person()]);
            let own = signed.iter().find(|signature| signature.role == wanted.role.as_str()).cloned();
            Ok(Standing { wanted, signed: own, signatories, barred })
        })
        .collect()
}

/// Who signed for whom, in words: `Dee Example for Sia Risk, under a delegation of 3 May 2026`.
#[must_use]
pub fn signed_by(name: &str, delegation: Option<(&str, Timestamp)>) -> String {
    match delegation {
        None => name.to_owned(),
        Some((delegator, given_at)) => {
            format!("{name} for {delegator}, under a delegation of {}", given_at.london_day().words())
        }
    }
}
