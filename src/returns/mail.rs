//! Mails about a return: whoever must sign is asked to, and a submission is confirmed with its receipt. They say where to
//! look and never what was answered.

use super::signing;
use super::store::Found;
use super::submit::Receipt;
use crate::access::OrganisationRole;
use crate::identity::{self, Signatory};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::mail::{self, Letter, Mail};

/// Asks everybody who may sign in a role that has to: its holders, and whoever stands in for them today.
pub(super) fn ask_for_signature(tx: &mut Tx<'_>, found: &Found, public_url: &str) -> Result<()> {
    let today = tx.now().london_day();
    let fallen = signing::fallen(tx.conn(), found.id)?;
    for wanted in found.signers()? {
        let again = fallen.iter().any(|role| role == wanted.role.as_str());
        for whom in identity::signatories_of(tx.conn(), found.organisation, wanted.role, today)? {
            let mail = signature_wanted(found, &whom, again, public_url);
            // The return's next version is unique to this asking.
            let (next, role) = (found.version + 1, wanted.role.as_str());
            mail::queue(tx, &mail, &format!("ready-{}-{next}-{role}-{}", found.id, whom.person()))?;
        }
    }
    Ok(())
}

/// Sends the receipt of a submission to the IG leads and SIROs.
pub(super) fn receipts(tx: &mut Tx<'_>, found: &Found, receipt: &Receipt, public_url: &str) -> Result<()> {
    let roles = [OrganisationRole::IgLead, OrganisationRole::Siro];
    let whom = identity::holders_of(tx.conn(), found.organisation, &roles)?;
    for (person, name, address) in whom {
        let mail = submitted(found, receipt, &name, &address, public_url);
        mail::queue(tx, &mail, &format!("receipt-{}-{person}", receipt.submission))?;
    }
    Ok(())
}

fn signature_wanted(found: &Found, whom: &Signatory, again: bool, public_url: &str) -> Mail {
    let about = About::of(found, public_url);
    let link = format!("{}/sign?role={}", about.link, whom.role());
    let role = whom.role().in_a_sentence();
    let mut lines = vec![format!(
        "The {} return of {} is ready for your signature as {role}{}.",
        about.year,
        about.organisation,
        whom.delegation().map(|given| format!(", for {}", given.delegator_name)).unwrap_or_default()
    )];
    if again {
        lines.push(
            "It was signed before. It has been taken back to be changed since, so that signature no longer counts."
                .to_owned(),
        );
    }
    lines.push(format!("It is due on {}.", about.due));
    Letter {
        template: "returns.signature_wanted",
        to: whom.email(),
        subject: format!("Please sign: {} return of {}", about.year, about.organisation),
        name: whom.name(),
        paragraphs: lines,
        link: ("Read and sign the return", &link),
    }
    .into_mail()
}

fn submitted(found: &Found, receipt: &Receipt, name: &str, address: &str, public_url: &str) -> Mail {
    let about = About::of(found, public_url);
    let link = format!("{}/receipt", about.link);
    let mut lines = vec![
        format!("The {} return of {} has been submitted.", about.year, about.organisation),
        format!("Submission number: {}", receipt.number),
        format!("SHA-256 of what was submitted: {}", receipt.hash),
    ];
    if receipt.late {
        lines.push(format!("It came after its deadline, {}, and is recorded as late.", about.due));
    }
    lines.push("A reviewer of the central team will look at it. Keep this mail as your receipt.".to_owned());
    Letter {
        template: "returns.submitted",
        to: address,
        subject: format!("Submitted: {} return of {}", about.year, about.organisation),
        name,
        paragraphs: lines,
        link: ("See the receipt", &link),
    }
    .into_mail()
}

/// What every mail about a return names.
pub(super) struct About<'a> {
    pub organisation: &'a str,
    pub year: &'a str,
    pub due: String,
    pub link: String,
}

impl<'a> About<'a> {
    pub fn of(found: &'a Found, public_url: &str) -> Self {
        Self {
            organisation: &found.name,
            year: &found.collection.year_label,
            due: found.collection.due_at(found.extension).london_words(),
            link: format!("{}{}", public_url, super::return_href(&found.code, &found.collection.key)),
        }
    }
}
