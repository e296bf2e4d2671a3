//! The receipt of a submission as a paper: what was submitted, when and by whom, and how anybody can check it.

use std::collections::BTreeMap;

use serde_json::json;

use super::store::Found;
use super::submission::Submission;
use crate::access::OrganisationRole;
use crate::platform::canonical::hex;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;
use crate::platform::pdf::Paper;
use crate::standards::scoring::GradeKey;

/// The paper of a submission. `names` are those of its signers; `place` is its entry in the ledger, once it has one.
///
/// # Errors
/// When the stored submission cannot be read, which is a fault.
pub(super) fn receipt_paper(
    found: &Found,
    sent: &Submission,
    names: &BTreeMap<PersonId, String>,
    place: Option<i64>,
    public_url: &str,
) -> Result<Paper> {
    let fact = |key: &str, value: String| json!({"key": key, "value": value});
    let due = found.collection.due_at(found.extension).london_words();
    let mut facts = vec![
        fact("Organisation", format!("{} ({})", found.name, found.code)),
        fact("Collection", found.collection.name.clone()),
        fact("Submission", format!("Number {}", sent.number)),
        fact("Submitted", format!("{}, London time", sent.submitted_at.london_words())),
        fact(
            "In time",
            if sent.late {
                format!("No, late: it was due by {due}")
            } else {
                format!("Yes: it was due by {due}")
            },
        ),
        fact("Signed by", signers(sent, names)?),
        fact("Grade that the answers give", grade(sent)?.to_owned()),
    ];
    if let Some(reason) = &sent.reason {
        facts.push(fact("Submitted again because", reason.clone()));
    }
    facts.push(fact("Fingerprint (SHA-256)", hex(&sent.snapshot_hash)));
    facts.push(fact(
        "Place in the ledger",
        place.map_or("Being recorded: take this receipt again in a minute".to_owned(), |at| {
            format!("Entry {at}")
        }),
    ));
    if let Some(event) = sent.event {
        facts.push(fact("Event", event.to_string()));
    }
    let data = json!({
        "title": "Receipt of a submission",
        "author": "Data security assurance",
        "subject": format!("{}, {}, submission {}", found.name, found.collection.name, sent.number),
        "running": format!("{}, {}, submission {}", found.code, found.collection.name, sent.number),
        "marking": "",
        "organisation": found.name,
        "collection": found.collection.name,
        "facts": facts,
        "checks": checks(public_url),
    });
    Ok(Paper { template: "receipt.typ", data, drawings: Vec::new(), made_at: sent.submitted_at })
}

fn grade(sent: &Submission) -> Result<&'static str> {
    let grade = GradeKey::parse(&sent.claimed_grade)
        .ok_or_else(|| Error::broken(format!("submission {} has an unknown grade", sent.id)))?;
    Ok(grade.label())
}

fn signers(sent: &Submission, names: &BTreeMap<PersonId, String>) -> Result<String> {
    let said: Vec<String> = sent
        .parsed()?
        .sign_offs
        .iter()
        .map(|signed| {
            let name = names.get(&signed.person).map_or("Somebody", String::as_str);
            let role = OrganisationRole::ALL
                .iter()
                .find(|role| role.as_str() == signed.role)
                .map_or(signed.role.as_str(), |role| role.words());
            format!("{name} ({role}), on {}", signed.signed_at.london_words())
        })
        .collect();
    Ok(if said.is_empty() { "Nobody".to_owned() } else { said.join("; ") })
}

fn checks(public_url: &str) -> Vec<String> {
    vec![
        "Take the complete export of the return (Everything, .json) from the portal. It holds this submission as it was \
         stored. The SHA-256 of its canonical JSON is the fingerprint above; if one character were changed, it would be \
         another."
            .to_owned(),
        format!(
            "The fingerprint is part of an entry of the ledger, which can be added to but never changed. Its signed head \
             is published at {public_url}/ledger; whoever keeps a copy of it can show later that no earlier entry was \
             altered."
        ),
        "The programme team can recompute every entry, fingerprint and grade with the command portal verify.".to_owned(),
    ]
}
