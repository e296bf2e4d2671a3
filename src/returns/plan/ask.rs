//! Asking the SIRO to sign the plan: it is complete, and a mail leads there.

use serde_json::json;

use super::mail;
use super::reading::read;
use super::sign::lines_hash;
use super::store;
use crate::access::{AskForPlanSignature, OrganisationRole, Permit};
use crate::identity;
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::returns::circumstances::PlanHead;
use crate::returns::store::Found;

/// Asks every SIRO of the organisation by mail to sign the permit's plan, each once for the same lines. Gives how many were
/// asked.
///
/// # Errors
/// [`Error::Refused`] while a line lacks its action, owner or date, a gap has no line, nobody is SIRO, or all of them were
/// asked to sign these lines before.
pub fn ask_for_plan_signature(
    tx: &mut Tx<'_>,
    permit: &Permit<AskForPlanSignature>,
    (found, head): (&Found, PlanHead),
    public_url: &str,
) -> Result<Recorded<usize>> {
    // Held, so that no line changes beside it, and whoever asks at the same moment waits and then finds the mails.
    store::hold(tx, head)?;
    let now = tx.now();
    let reading = read(tx.conn(), found, now)?;
    reading.must_be_complete(found)?;
    let hash = lines_hash(&reading)?;
    let siros = identity::holders_of(tx.conn(), found.organisation, &[OrganisationRole::Siro])?;
    if siros.is_empty() {
        return Err(Error::Refused(
            "Your organisation has no senior information risk owner in the portal who could sign. Ask an administrator \
             to invite one."
                .to_owned(),
        ));
    }
    let mut asked = 0;
    for (person, name, address) in &siros {
        let to = (*person, name.as_str(), address.as_str());
        asked += usize::from(mail::to_sign(tx, (found, head), to, &hash, public_url)?);
    }
    if asked == 0 {
        return Err(Error::Refused(
            "Your senior information risk owner was asked to sign these lines before. Another email goes out when a line \
             has changed."
                .to_owned(),
        ));
    }
    let data = json!({"asked": asked, "lines": reading.lines.len(), "lines_sha256": hash});
    ledger::append(tx, &Event::of(permit, "plan_signature_asked", format!("plan/{}", head.id), data), asked)
}
