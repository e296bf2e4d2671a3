//! Changes of what a draft says besides its sections and requirements: exemption rules, the data of the scoring scheme, rules
//! of improvement plans, signers and what they state. Pure.

use super::model::Content;
use crate::platform::error::{Error, Result};
use crate::standards::model::{Exemption, Scheme, Signer, SignerRole};

/// Another exemption rule, after the last one.
pub(super) fn add_exemption(content: &mut Content, new: Exemption) -> Result<()> {
    free(content, &new.code)?;
    content.parts.exemptions.push(new);
    Ok(())
}

/// An exemption rule says something else.
pub(super) fn edit_exemption(content: &mut Content, was: &str, new: Exemption) -> Result<()> {
    if new.code != was {
        free(content, &new.code)?;
    }
    let rules = &mut content.parts.exemptions;
    let found = rules.iter_mut().find(|rule| rule.code == was).ok_or(Error::NotFound)?;
    *found = new;
    Ok(())
}

/// An exemption rule goes.
pub(super) fn remove_exemption(content: &mut Content, code: &str) -> Result<()> {
    let rules = &mut content.parts.exemptions;
    let place = rules.iter().position(|rule| rule.code == code).ok_or(Error::NotFound)?;
    rules.remove(place);
    Ok(())
}

fn free(content: &Content, code: &str) -> Result<()> {
    if content.exemption(code).is_some() {
        return Err(Error::field("code", "There is an exemption rule with this code already"));
    }
    Ok(())
}

/// Other data of the same scheme. Which scheme a standard follows never changes.
pub(super) fn scoring(content: &mut Content, new: Scheme) -> Result<()> {
    if content.parts.scheme.kind() != new.kind() {
        return Err(Error::field("", "The scheme of a standard does not change"));
    }
    content.parts.scheme = new;
    Ok(())
}

/// What a role signs for, in the place of what it did; none where it does not sign.
pub(super) fn signer(content: &mut Content, role: SignerRole, new: Option<Signer>) {
    let signers = &mut content.parts.signers;
    match (signers.iter().position(|signer| signer.role == role), new) {
        (Some(place), Some(new)) => {
            if let Some(known) = signers.get_mut(place) {
                *known = new;
            }
        }
        (Some(place), None) => {
            signers.remove(place);
        }
        (None, Some(new)) => signers.push(new),
        (None, None) => {}
    }
}
