//! Reading answers of a snapshot without taking all of it apart: pages show one answer of a hundred, and those that nobody
//! asked for stay the text they are.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::model::SnapshotAnswer;

/// As much of a snapshot as is read here.
#[derive(Debug, Deserialize)]
pub struct LeanSnapshot<'a> {
    #[serde(borrow)]
    profile: Cow<'a, str>,
    #[serde(borrow)]
    answers: Vec<LeanAnswer<'a>>,
}

#[derive(Debug, Deserialize)]
struct LeanAnswer<'a> {
    #[serde(borrow)]
    requirement: Cow<'a, str>,
    #[serde(borrow)]
    value: &'a RawValue,
    #[serde(borrow)]
    comment: &'a RawValue,
    #[serde(borrow)]
    evidence: &'a RawValue,
}

impl<'a> LeanSnapshot<'a> {
    /// Finds where the answers of a snapshot begin and end.
    ///
    /// # Errors
    /// When it is no snapshot, which is a fault of what is stored.
    pub fn read(snapshot: &'a str) -> serde_json::Result<Self> {
        serde_json::from_str(snapshot)
    }

    /// The profile that the organisation was held to, as it was chosen; empty where it was the sector's own.
    #[must_use]
    pub fn profile(&self) -> &str {
        &self.profile
    }

    /// The answers to the requirements of which `wanted` is true, in the order of the snapshot.
    ///
    /// # Errors
    /// When one cannot be read, which is a fault of what is stored.
    pub fn answers(&self, wanted: impl Fn(&str) -> bool) -> serde_json::Result<Vec<SnapshotAnswer>> {
        self.answers.iter().filter(|answer| wanted(&answer.requirement)).map(LeanAnswer::full).collect()
    }

    /// The answer to one requirement; none when the snapshot does not have it.
    ///
    /// # Errors
    /// When it cannot be read, which is a fault of what is stored.
    pub fn answer(&self, code: &str) -> serde_json::Result<Option<SnapshotAnswer>> {
        self.answers.iter().find(|answer| answer.requirement == code).map(LeanAnswer::full).transpose()
    }
}

impl LeanAnswer<'_> {
    fn full(&self) -> serde_json::Result<SnapshotAnswer> {
        Ok(SnapshotAnswer {
            requirement: self.requirement.to_string(),
            value: serde_json::from_str(self.value.get())?,
            comment: serde_json::from_str(self.comment.get())?,
            evidence: serde_json::from_str(self.evidence.get())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"{"answers":[{"comment":"c \"d\"","evidence":[{"id":1,"media_type":"text/plain","name":"a.txt",
        "sha256":"ab","size":3}],"requirement":"1-1","value":{"level":2}},
        {"comment":7,"evidence":[],"requirement":"1-2","value":null}],"profile":"acute"}"#;

    #[test]
    fn only_what_is_asked_for_is_understood() {
        let lean = LeanSnapshot::read(ONE).unwrap();
        assert_eq!(lean.profile(), "acute");
        let first = lean.answer("1-1").unwrap().unwrap();
        assert_eq!((first.comment.as_str(), first.evidence.len()), ("c \"d\"", 1));
        assert_eq!(lean.answers(|code| code == "1-1").unwrap(), [first]);
        assert_eq!(lean.answer("1-3").unwrap(), None);
        // The second answer's comment is no text, which is found only by whoever asks for it.
        assert!(lean.answer("1-2").is_err() && lean.answers(|_| true).is_err());
        assert!(LeanSnapshot::read("{}").is_err());
    }
}
