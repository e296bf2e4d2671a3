//! A letter as a PDF file: the same words as on its page.

use serde_json::json;

use super::model::Letter;
use crate::platform::clock::Timestamp;
use crate::platform::pdf::Paper;

/// What the typesetter is given. The same letter gives the same file, whenever it is asked for.
pub(super) fn typeset(letter: &Letter, made_at: Timestamp) -> Paper {
    let facts: Vec<_> = letter.facts.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
    let data = json!({
        "title": letter.title,
        "author": "Data security assurance programme",
        "subject": format!("{}, {}", letter.organisation, letter.year),
        "running": format!("{}, {}, letter {} of {}", letter.code, letter.year, letter.number, letter.dated),
        "marking": format!("For {} only", letter.organisation),
        "organisation": letter.organisation,
        "dated": letter.dated,
        "facts": facts,
        "opening": letter.opening,
        "settled": letter.settled,
        "summary": letter.summary,
        "added": letter.added,
        "about_gaps": letter.about_gaps,
        "gaps": letter.gaps,
        "plan": letter.plan,
        "challenge": letter.challenge,
        "closing": letter.closing,
    });
    Paper { template: "decision_letter.typ", data, drawings: Vec::new(), made_at }
}
