//! What a note of guidance is about in words, and what was said before it held. Pure.

use super::model::{About, Note};
use crate::standards::model::Edition;

/// What a note is about, as people name it.
#[must_use]
pub fn name_of(edition: &Edition, note: &Note) -> String {
    let named = match note.about {
        About::Requirement => edition.requirement(&note.code).map(|r| format!("{} {}", r.code, r.title)),
        About::Section => edition.section(&note.code).map(|s| format!("Section {} {}", s.code, s.title)),
    };
    named.unwrap_or_else(|| note.code.clone())
}

/// What was said before a note held: the note before it, or the edition's own guidance.
#[must_use]
pub fn said_before<'a>(edition: &'a Edition, notes: &'a [Note], note: &Note) -> &'a str {
    let earlier = notes
        .iter()
        .filter(|other| !other.withdrawn && other.about == note.about && other.code == note.code)
        .filter(|other| (other.effective_on, other.id) < (note.effective_on, note.id))
        .max_by_key(|other| (other.effective_on, other.id));
    match (earlier, note.about) {
        (Some(earlier), _) => &earlier.text,
        (None, About::Requirement) => {
            edition.requirement(&note.code).and_then(|r| r.guidance.as_deref()).unwrap_or_default()
        }
        (None, About::Section) => {
            edition.section(&note.code).and_then(|s| s.guidance.as_deref()).unwrap_or_default()
        }
    }
}
