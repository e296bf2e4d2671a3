//! The receipt of a submission as a paper: what was submitted, when and by whom, and how anybody can check it.

use serde_json::json;

use super::signing::Signature;
use super::store::Found;
use super::submission::Submission;
use crate::platform::canonical::hex;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::pdf::Paper;
use crate::standards::scoring::GradeKey;

/// The paper of a submission. `signed` are the signatures that it fixed; `place` is its entry in the ledger, once it has
/// one.
///
/// # Errors
/// When the stored submission cannot be read, which is a fault.
pub(super) fn receipt_paper(
    found: &Found,
    sent: &Submission,
    signed: &[Signature],
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
        fact("Signed by", signers(signed)),
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

/// Who signed, and for whom, in the words of the receipt's page.
fn signers(signed: &[Signature]) -> String {
    let said: Vec<String> = signed
        .iter()
        .map(|one| {
            let at = Timestamp::from_micros(one.at).london_words();
            format!("{}: {}, {at}, statement {}", one.role, one.who, one.statement_version)
        })
        .collect();
    if said.is_empty() { "Nobody".to_owned() } else { said.join("; ") }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deputy_signs_for_somebody() {
        assert_eq!(signers(&[]), "Nobody");
        let said = signers(&[Signature::sample()]);
        let who =
            "Senior information risk owner: Dee Example for Sia Risk, under a delegation of 3 May 2026, ";
        assert!(said.starts_with(who), "{said}");
        assert!(said.ends_with(", statement siro-2026.2"), "{said}");
    }
}
