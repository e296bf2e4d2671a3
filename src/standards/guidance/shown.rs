//! Notes that are in force, as the partial `standards/guidance/in_force.html` shows them beside what they explain.

use serde::Serialize;

use super::model::InForce;
use crate::standards::model::{Edition, Requirement};

/// One note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    name: String,
    text: String,
    since: String,
    /// Whether it came only after what is looked at was sent.
    later: bool,
}

impl Shown {
    /// The notes to a requirement and to its section: those of the day on which something was sent, and after them those
    /// that have come since.
    #[must_use]
    pub fn all(
        edition: &Edition,
        requirement: &Requirement,
        [then, now]: &[[Option<InForce>; 2]; 2],
    ) -> Vec<Self> {
        let section = edition.section(requirement.section.as_str());
        let names = [
            format!("{} {}", requirement.code, requirement.title),
            section.map_or_else(String::new, |section| format!("section {} {}", section.code, section.title)),
        ];
        let shown = |name: &String, note: &InForce, later: bool| Self {
            name: name.clone(),
            text: note.text.clone(),
            since: note.since.words(),
            later,
        };
        let of_then = names.iter().zip(then).filter_map(|(name, note)| Some((name, note.as_ref()?)));
        let since = names.iter().zip(then.iter().zip(now)).filter(|(_, (then, now))| then != now);
        let since = since.filter_map(|(name, (_, now))| Some((name, now.as_ref()?)));
        of_then
            .map(|(name, note)| shown(name, note, false))
            .chain(since.map(|(name, note)| shown(name, note, true)))
            .collect()
    }

    /// Examples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let note = |later| Self {
            name: "1-101 Framework".to_owned(),
            text: "Look for decisions of the board.".to_owned(),
            since: "1 December 2026".to_owned(),
            later,
        };
        vec![note(false), note(true)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Day;
    use crate::standards::testing::{edition, levels_document};

    #[test]
    fn what_came_after_the_submission_is_told_apart() {
        let edition = edition(&levels_document(2));
        let requirement = edition.requirement("1-2").unwrap();
        let note = |text: &str, month| InForce {
            text: text.to_owned(),
            since: Day::new(2026, month, 1).unwrap(),
            before: None,
        };
        let (old, new) = (note("old", 3), note("new", 6));
        let notes = [[Some(old), None], [Some(new.clone()), Some(new)]];
        let shown = Shown::all(&edition, requirement, &notes);
        let told: Vec<(&str, &str, bool)> =
            shown.iter().map(|one| (one.name.as_str(), one.text.as_str(), one.later)).collect();
        assert_eq!(
            told,
            [
                ("1-2 Requirement 2", "old", false),
                ("1-2 Requirement 2", "new", true),
                ("section 1 First area", "new", true),
            ]
        );
        let same = [[Some(note("old", 3)), None], [Some(note("old", 3)), None]];
        assert_eq!(Shown::all(&edition, requirement, &same).len(), 1);
        assert!(Shown::all(&edition, requirement, &[[None, None], [None, None]]).is_empty());
    }
}
