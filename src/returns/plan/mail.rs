//! The mail about an improvement plan: what the central team decided, and where to look.

use super::plan_href;
use crate::access::OrganisationRole;
use crate::identity;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::mail::{self, Letter, Mail};
use crate::returns::circumstances::PlanHead;
use crate::returns::store::Found;

/// Tells the IG leads, administrators and SIROs of a decision.
pub(super) fn decided(
    tx: &mut Tx<'_>,
    found: &Found,
    head: PlanHead,
    approved: bool,
    public_url: &str,
) -> Result<()> {
    let roles =
        [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator, OrganisationRole::Siro];
    for (person, name, address) in identity::holders_of(tx.conn(), found.organisation, &roles)? {
        let mail = decision(found, approved, &name, &address, public_url);
        // The plan's next version is unique to this decision.
        mail::queue(tx, &mail, &format!("plan-{}-{}-{person}", head.id, head.version + 1))?;
    }
    Ok(())
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
