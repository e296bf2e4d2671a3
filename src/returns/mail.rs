//! Mails about a return: the SIRO is asked to sign, and a submission is confirmed with its receipt. They say where to
//! look and never what was answered.

use super::store::Found;
use super::submit::Receipt;
use crate::access::OrganisationRole;
use crate::identity;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::mail::{self, Letter, Mail};

/// Asks every SIRO of the organisation to sign.
pub(super) fn ask_for_signature(tx: &mut Tx<'_>, found: &Found, public_url: &str) -> Result<()> {
    let whom = identity::holders_of(tx.conn(), found.organisation, &[OrganisationRole::Siro])?;
    for (person, name, address) in whom {
        let mail = signature_wanted(found, &name, &address, public_url);
        // The return's next version is unique to this asking.
        let id = format!("ready-{}-{}-{person}", found.id, found.version + 1);
        mail::queue(tx, &mail, &id)?;
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

fn signature_wanted(found: &Found, name: &str, address: &str, public_url: &str) -> Mail {
    let about = About::of(found, public_url);
    let link = format!("{}/sign", about.link);
    Letter {
        template: "returns.signature_wanted",
        to: address,
        subject: format!("Please sign: {} return of {}", about.year, about.organisation),
        name,
        paragraphs: vec![
            format!(
                "The {} return of {} is ready for your signature as senior information risk owner.",
                about.year, about.organisation
            ),
            format!("It is due on {}.", about.due),
        ],
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
            link: format!(
                "{}{}",
                public_url.trim_end_matches('/'),
                super::return_href(&found.code, &found.collection.key)
            ),
        }
    }
}
