//! A snapshot taken apart once: every answer as the bytes that it is, with the hashes of its files. Two years' papers are
//! compared by their bytes, which are canonical JSON, so that nothing needs to be understood to be found the same.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::platform::error::{Error, Result};
use crate::platform::ids::EvidenceId;
use crate::returns::{SnapshotAnswer, SnapshotCircumstances, SnapshotEvidence};

/// The answers of one submission.
#[derive(Debug, Deserialize)]
pub(in crate::review) struct Papers<'a> {
    #[serde(borrow)]
    answers: Vec<Paper<'a>>,
    /// Certificates and exemptions as they were on the day.
    #[serde(default)]
    circumstances: Option<SnapshotCircumstances>,
}

/// One answer.
#[derive(Debug, Deserialize)]
pub(in crate::review) struct Paper<'a> {
    /// The requirement's code.
    #[serde(borrow)]
    pub requirement: Cow<'a, str>,
    #[serde(borrow)]
    value: &'a RawValue,
    #[serde(borrow)]
    comment: &'a RawValue,
    /// The files beside it.
    #[serde(borrow, rename = "evidence")]
    pub files: Vec<PaperFile<'a>>,
}

/// One file beside an answer.
#[derive(Debug, Deserialize)]
pub(in crate::review) struct PaperFile<'a> {
    /// Its row.
    pub id: EvidenceId,
    /// The name it was uploaded under.
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow)]
    media_type: Cow<'a, str>,
    size: i64,
    /// SHA-256 of the content, in hexadecimal.
    #[serde(borrow)]
    pub sha256: Cow<'a, str>,
}

fn unreadable(cause: serde_json::Error) -> Error {
    Error::internal("failed to read a submission's snapshot", cause)
}

impl<'a> Papers<'a> {
    /// Takes a snapshot apart.
    ///
    /// # Errors
    /// When it is none, which is a fault of what is stored.
    pub fn read(snapshot: &'a str) -> Result<Self> {
        serde_json::from_str(snapshot).map_err(unreadable)
    }

    /// The answer to the requirement of this code.
    pub fn of(&self, code: &str) -> Option<&Paper<'a>> {
        self.answers.iter().find(|paper| paper.requirement == code)
    }

    /// Every answer, in edition order.
    pub fn all(&self) -> &[Paper<'a>] {
        &self.answers
    }

    /// What the submission rested on besides its answers.
    pub fn circumstances(&self) -> Option<&SnapshotCircumstances> {
        self.circumstances.as_ref()
    }

    /// Codes of the requirements beside whose answers a file of these bytes stands.
    pub fn beside(&self, sha256: &str) -> impl Iterator<Item = &str> {
        let holds = move |paper: &&Paper<'_>| paper.files.iter().any(|file| file.sha256 == sha256);
        self.answers.iter().filter(holds).map(|paper| &*paper.requirement)
    }
}

impl Paper<'_> {
    /// Whether something was answered.
    pub fn is_answered(&self) -> bool {
        self.value.get() != "null"
    }

    /// Whether the other answer says the same, word for word.
    pub fn says_the_same(&self, other: &Paper<'_>) -> bool {
        self.value.get() == other.value.get() && self.comment.get() == other.comment.get()
    }

    /// The answer as the other pages know it.
    ///
    /// # Errors
    /// When it cannot be read, which is a fault of what is stored.
    pub fn answer(&self) -> Result<SnapshotAnswer> {
        Ok(SnapshotAnswer {
            requirement: self.requirement.to_string(),
            value: serde_json::from_str(self.value.get()).map_err(unreadable)?,
            comment: serde_json::from_str(self.comment.get()).map_err(unreadable)?,
            evidence: self
                .files
                .iter()
                .map(|file| SnapshotEvidence {
                    id: file.id,
                    name: file.name.to_string(),
                    media_type: file.media_type.to_string(),
                    size: file.size,
                    sha256: file.sha256.to_string(),
                })
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"{"answers":[{"comment":"c","evidence":[{"id":1,"media_type":"text/plain","name":"a \"b\".txt",
        "sha256":"ab","size":3}],"requirement":"1-1","value":{"level":2}},
        {"comment":"","evidence":[],"requirement":"1-2","value":null}],"collection":"2026"}"#;

    #[test]
    fn answers_are_found_and_compared() {
        let papers = Papers::read(ONE).unwrap();
        let first = papers.of("1-1").unwrap();
        assert_eq!(first.answer().unwrap().evidence[0].name, "a \"b\".txt");
        assert!(first.is_answered() && !papers.of("1-2").unwrap().is_answered());
        assert!(first.says_the_same(first) && !first.says_the_same(papers.of("1-2").unwrap()));
        assert_eq!(papers.beside("ab").collect::<Vec<_>>(), ["1-1"]);
        assert!(papers.of("1-3").is_none() && papers.circumstances().is_none());
    }
}
