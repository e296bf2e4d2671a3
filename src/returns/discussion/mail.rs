//! The mail to a colleague who is named in a discussion. It leads there and quotes nothing.

use crate::platform::error::{Error, Result};
use crate::platform::ids::RequirementId;
use crate::platform::mail::{Letter, Mail};
use crate::returns::mail::About;
use crate::returns::readiness::question_href;
use crate::returns::store::Found;

pub(super) fn mentioned(
    found: &Found,
    on: RequirementId,
    (name, address): (&str, &str),
    author: &str,
    public_url: &str,
) -> Result<Mail> {
    let about = About::of(found, public_url);
    let requirement = found
        .edition
        .position_of(on)
        .and_then(|position| found.edition.edition().requirements().get(position))
        .ok_or_else(|| Error::broken("a discussed requirement is none of the edition's"))?;
    let path = question_href(&found.code, &found.collection.key, requirement.code.as_str());
    let link = format!("{public_url}{path}/discussion");
    let letter = Letter {
        template: "returns.mentioned",
        to: address,
        subject: format!(
            "{author} asks for you: {} of the {} return of {}",
            requirement.code, about.year, about.organisation
        ),
        name,
        paragraphs: vec![
            format!(
                "{author} has named you in the discussion of {} {} in the {} return of {}.",
                requirement.code, requirement.title, about.year, about.organisation
            ),
            "What was written stays in the portal.".to_owned(),
        ],
        link: ("Read the discussion", &link),
    };
    Ok(letter.into_mail())
}
