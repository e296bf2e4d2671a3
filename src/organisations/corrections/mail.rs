//! Mails about corrections of a list of sites. They name the organisations; what was said about them stays in the portal,
//! but for the programme's own words.

use super::model::{CorrectionKind, CorrectionRequest};
use crate::access::CentralRole;
use crate::access::OrganisationRole::{IgLead, OrganisationAdministrator};
use crate::identity;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::mail::{self, Letter};

fn what(asked: &CorrectionRequest) -> String {
    let said = match asked.kind {
        CorrectionKind::NotOurs => "is not theirs",
        CorrectionKind::Closed => "is closed",
        CorrectionKind::Missing => "is theirs and missing from their list",
        CorrectionKind::WrongName => "has another name",
    };
    format!("{} ({}) {said}", asked.site_name, asked.site_code)
}

/// Tells every programme manager that a head office asks.
pub(super) fn tell_the_programme(tx: &mut Tx<'_>, asked: &CorrectionRequest, public_url: &str) -> Result<()> {
    let href = format!("{}/corrections/{}", public_url.trim_end_matches('/'), asked.id);
    for (person, name, address) in identity::central_holders(tx.conn(), &[CentralRole::ProgrammeManager])? {
        let letter = Letter {
            template: "organisations.correction_asked",
            to: &address,
            subject: format!("{} asks for a correction of its list of sites", asked.name),
            name: &name,
            paragraphs: vec![format!("{} ({}) says that {}.", asked.name, asked.code, what(asked))],
            link: ("Read the request and answer it", &href),
        };
        mail::queue(tx, &letter.into_mail(), &format!("correction-{}-{person}", asked.id))?;
    }
    Ok(())
}

/// Tells the head office's leads what the programme answered.
pub(super) fn tell_the_organisation(
    tx: &mut Tx<'_>,
    asked: &CorrectionRequest,
    accepted: bool,
    words: &str,
    public_url: &str,
) -> Result<()> {
    let href = format!("{}/organisations/{}/sites/corrections", public_url.trim_end_matches('/'), asked.code);
    for (person, name, address) in
        identity::holders_of(tx.conn(), asked.organisation, &[IgLead, OrganisationAdministrator])?
    {
        let outcome =
            if accepted { "The register has been corrected." } else { "The register stays as it is." };
        let mut paragraphs = vec![format!("You said that {}. {outcome}", what(asked))];
        if !words.is_empty() {
            paragraphs.push(format!("The programme says: {words}"));
        }
        let letter = Letter {
            template: "organisations.correction_answered",
            to: &address,
            subject: format!("Your list of sites: {}", if accepted { "corrected" } else { "not changed" }),
            name: &name,
            paragraphs,
            link: ("See the request and its answer", &href),
        };
        mail::queue(tx, &letter.into_mail(), &format!("correction-answer-{}-{person}", asked.id))?;
    }
    Ok(())
}
