//! What a mapping between two editions says: its lines, the kinds of lines, and its states. Pure.

use serde::{Deserialize, Serialize};

use crate::standards::keys::RequirementCode;

/// The most characters of the note of a line.
pub const NOTE_LIMIT: usize = 500;
/// The most lines of a mapping.
pub const LINES_LIMIT: usize = 20_000;

crate::text_enum! {
    /// What became of a requirement from one edition to another.
    LineKind {
        /// It asks the same in the same words.
        Unchanged = "unchanged", "Unchanged";
        /// It asks the same in other words.
        Reworded = "reworded", "Reworded";
        /// Several requirements became this one.
        Merged = "merged", "Merged";
        /// This one was part of a requirement that became several.
        Split = "split", "Split";
        /// The evidence for the one serves the other; the answer does not carry.
        Serves = "serves", "Evidence serves";
        /// It is asked no more.
        Retired = "retired", "Retired";
        /// It was not asked before.
        New = "new", "New";
    }
}

impl LineKind {
    /// Whether an answer is carried along a line of this kind.
    #[must_use]
    pub const fn carries(self) -> bool {
        matches!(self, Self::Unchanged | Self::Reworded | Self::Merged | Self::Split)
    }
}

crate::text_enum! {
    /// How far a version of a mapping has got.
    MappingState {
        /// May be changed.
        Draft = "draft", "Draft";
        /// Returns that are started now follow it.
        InForce = "in_force", "In force";
        /// A newer version is in force; returns that were started with this one keep it.
        Replaced = "replaced", "Replaced";
    }
}

/// One line of a mapping. The order of the fields is the order in which lines are kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Line {
    /// The requirement of the edition it leads to; none where it is asked no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<RequirementCode>,
    /// The requirement of the edition it leads from; none where it was not asked before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<RequirementCode>,
    /// What became of it.
    pub kind: LineKind,
    /// Why, in the editor's words, for whoever answers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Line {
    /// A line from one requirement to another.
    #[must_use]
    pub const fn between(from: RequirementCode, to: RequirementCode, kind: LineKind) -> Self {
        Self { to: Some(to), from: Some(from), kind, note: String::new() }
    }

    /// The codes of a line that names both, with whether it carries.
    #[must_use]
    pub fn pair(&self) -> Option<(&RequirementCode, &RequirementCode)> {
        self.from.as_ref().zip(self.to.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_written_without_what_they_do_not_say() {
        let code = |text: &str| RequirementCode::new(text).unwrap();
        let line = Line::between(code("1.1"), code("2.1"), LineKind::Reworded);
        let retired = Line { to: None, from: Some(code("1.2")), kind: LineKind::Retired, note: "x".into() };
        let text = serde_json::to_string(&[&line, &retired]).unwrap();
        assert_eq!(
            text,
            r#"[{"to":"2.1","from":"1.1","kind":"reworded"},{"from":"1.2","kind":"retired","note":"x"}]"#
        );
        assert_eq!(serde_json::from_str::<Vec<Line>>(&text).unwrap(), [line, retired]);
        assert!(serde_json::from_str::<Line>(r#"{"to":"no code","kind":"new"}"#).is_err());
    }
}
