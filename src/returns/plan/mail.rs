//! The mails about an improvement plan: it waits for a signature, was sent, decided, taken back or closed, or lines of it are
//! long overdue; and where to look.

use super::plan_href;
use crate::access::{CentralRole, OrganisationRole};
use crate::identity;
use crate::platform::clock::Day;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::PersonId;
use crate::platform::mail::{self, Letter, Mail};
use crate::returns::circumstances::PlanHead;
use crate::returns::store::Found;

/// Who is told of what the central team does with a plan.
const TOLD: [OrganisationRole; 3] =
    [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator, OrganisationRole::Siro];

/// Tells the IG leads, administrators and SIROs of a decision.
pub(super) fn decided(
    tx: &mut Tx<'_>,
    found: &Found,
    head: PlanHead,
    approved: bool,
    public_url: &str,
) -> Result<()> {
    for (person, name, address) in identity::holders_of(tx.conn(), found.organisation, &TOLD)? {
        let mail = decision(found, approved, &name, &address, public_url);
        // The plan's next version is unique to this decision.
        mail::queue(tx, &mail, &format!("plan-{}-{}-{person}", head.id, head.version + 1))?;
    }
    Ok(())
}

/// Asks a SIRO to sign the plan, once for lines of this hash while the plan does not move; gives whether a mail goes out.
pub(super) fn to_sign(
    tx: &mut Tx<'_>,
    (found, head): (&Found, PlanHead),
    (person, name, to): (PersonId, &str, &str),
    lines_hash: &str,
    public_url: &str,
) -> Result<bool> {
    let (year, organisation) = (&found.collection.year_label, &found.name);
    let link = format!("{public_url}{}", plan_href(&found.code, &found.collection.key));
    let mail = Letter {
        template: "returns.plan_to_sign",
        to,
        subject: format!("To sign: {year} improvement plan of {organisation}"),
        name,
        paragraphs: vec![format!(
            "The {year} improvement plan of {organisation} is complete and waits for your signature. Read its lines and \
             sign it in the portal. After that it can be sent for approval."
        )],
        link: ("See the improvement plan", &link),
    }
    .into_mail();
    mail::queue_once(tx, &mail, &format!("plan-{}-ask-{}-{lines_hash}-{person}", head.id, head.version))
}

/// Tells the programme managers that a plan waits for approval.
pub(super) fn sent(tx: &mut Tx<'_>, found: &Found, head: PlanHead, public_url: &str) -> Result<()> {
    let (year, organisation) = (&found.collection.year_label, &found.name);
    let link = format!("{public_url}/plans/{}", head.id);
    for (person, name, address) in identity::central_holders(tx.conn(), &[CentralRole::ProgrammeManager])? {
        let mail = Letter {
            template: "returns.plan_sent",
            to: &address,
            subject: format!("To approve: {year} improvement plan of {organisation}"),
            name: &name,
            paragraphs: vec![format!(
                "{organisation} has sent its {year} improvement plan, signed by its senior information risk owner. \
                 It waits to be approved or given back with reasons."
            )],
            link: ("See the improvement plan", &link),
        }
        .into_mail();
        mail::queue(tx, &mail, &format!("plan-{}-sent-{}-{person}", head.id, head.version + 1))?;
    }
    Ok(())
}

/// Tells the programme managers that a plan they had approved was taken back.
pub(super) fn taken_back(tx: &mut Tx<'_>, found: &Found, head: PlanHead, public_url: &str) -> Result<()> {
    let (year, organisation) = (&found.collection.year_label, &found.name);
    let link = format!("{public_url}/plans/{}", head.id);
    for (person, name, address) in identity::central_holders(tx.conn(), &[CentralRole::ProgrammeManager])? {
        let mail = Letter {
            template: "returns.plan_taken_back",
            to: &address,
            subject: format!("Taken back: {year} improvement plan of {organisation}"),
            name: &name,
            paragraphs: vec![format!(
                "{organisation} has taken its approved {year} improvement plan back to change it. The approval is void. \
                 You are told when the plan is signed and sent again."
            )],
            link: ("See the improvement plan", &link),
        }
        .into_mail();
        mail::queue(tx, &mail, &format!("plan-{}-taken-back-{}-{person}", head.id, head.version + 1))?;
    }
    Ok(())
}

/// Tells the IG leads, administrators and SIROs that the plan is closed.
pub(super) fn closed(tx: &mut Tx<'_>, found: &Found, head: PlanHead, public_url: &str) -> Result<()> {
    let (year, organisation) = (&found.collection.year_label, &found.name);
    let link = format!("{public_url}{}", plan_href(&found.code, &found.collection.key));
    for (person, name, address) in identity::holders_of(tx.conn(), found.organisation, &TOLD)? {
        let mail = Letter {
            template: "returns.plan_closed",
            to: &address,
            subject: format!("Closed: {year} improvement plan of {organisation}"),
            name: &name,
            paragraphs: vec![format!(
                "Every action of the {year} improvement plan of {organisation} is done and shown. The central team \
                 has closed it."
            )],
            link: ("See the improvement plan", &link),
        }
        .into_mail();
        mail::queue(tx, &mail, &format!("plan-{}-closed-{person}", head.id))?;
    }
    Ok(())
}

/// Lines that one mail names; the rest is counted.
const NAMED: usize = 20;

/// Tells somebody of lines that are long overdue: what they are about, and never what was to be done.
pub(super) fn overdue(
    found: &Found,
    (to, name): (&str, &str),
    lines: &[(String, Day)],
    for_siro: bool,
    public_url: &str,
) -> Mail {
    let (year, organisation) = (&found.collection.year_label, &found.name);
    let link = format!("{public_url}{}", plan_href(&found.code, &found.collection.key));
    let mut paragraphs =
        vec![format!("Lines of the {year} improvement plan of {organisation} are long overdue:")];
    paragraphs
        .extend(lines.iter().take(NAMED).map(|(what, due)| format!("{what} was due on {}.", due.words())));
    if lines.len() > NAMED {
        paragraphs.push(format!("And {} more, which you find in the portal.", lines.len() - NAMED));
    }
    paragraphs.push(if for_siro {
        "Their owners and the information governance leads were told before. If nothing happens, the programme is \
         told next."
            .to_owned()
    } else {
        "Report how it goes, or show that it is done. If nothing happens, the senior information risk owner is told \
         next."
            .to_owned()
    });
    Letter {
        template: "returns.plan_overdue",
        to,
        subject: format!("Long overdue: {year} improvement plan of {organisation}"),
        name,
        paragraphs,
        link: ("See the improvement plan", &link),
    }
    .into_mail()
}

fn decision(found: &Found, approved: bool, name: &str, address: &str, public_url: &str) -> Mail {
    let (year, organisation) = (&found.collection.year_label, &found.name);
    let link = format!("{}{}", public_url, plan_href(&found.code, &found.collection.key));
    let (template, verdict, line) = if approved {
        (
            "returns.plan_approved",
            "Approved",
            "The central team has approved it. Owners can report progress on their actions.",
        )
    } else {
        (
            "returns.plan_rejected",
            "Please change",
            "The central team has given it back with reasons. Change it, have it signed and send it again.",
        )
    };
    Letter {
        template,
        to: address,
        subject: format!("{verdict}: {year} improvement plan of {organisation}"),
        name,
        paragraphs: vec![
            format!("This is about the {year} improvement plan of {organisation}."),
            line.to_owned(),
        ],
        link: ("See the improvement plan", &link),
    }
    .into_mail()
}
