//! A snapshot taken apart once: who submitted, and every answer as the bytes that it is, with the hashes of its files. Two
//! years' papers are compared by their bytes, which are canonical JSON, so that nothing needs to be understood to be found
//! the same.

mod lately;

use serde::Deserialize;
use serde_json::value::RawValue;

pub(in crate::review) use lately::papers;

use super::snapshot::{Head, head_of};
use crate::platform::error::{Error, Result};
use crate::platform::ids::EvidenceId;
use crate::returns::{SnapshotAnswer, SnapshotCircumstances, SnapshotEvidence};
use crate::standards::Edition;

/// The answers of one submission.
#[derive(Debug, Deserialize)]
pub(in crate::review) struct Papers {
    answers: Vec<Paper>,
    /// Certificates and exemptions as they were on the day.
    #[serde(default)]
    circumstances: Option<SnapshotCircumstances>,
    #[serde(default)]
    organisation: Submitter,
    #[serde(default)]
    profile: String,
}

/// As much of the organisation as decides what is asked of it.
#[derive(Debug, Default, Deserialize)]
struct Submitter {
    sector: String,
}

/// One answer.
#[derive(Debug, Deserialize)]
pub(in crate::review) struct Paper {
    /// The requirement's code.
    pub requirement: String,
    value: Box<RawValue>,
    comment: Box<RawValue>,
    /// The files beside it.
    #[serde(rename = "evidence")]
    pub files: Vec<PaperFile>,
}

/// One file beside an answer.
#[derive(Debug, Deserialize)]
pub(in crate::review) struct PaperFile {
    /// Its row.
    pub id: EvidenceId,
    /// The name it was uploaded under.
    pub name: String,
    media_type: String,
    size: i64,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: String,
}

fn unreadable(cause: serde_json::Error) -> Error {
    Error::internal("failed to read a submission's snapshot", cause)
}

impl Papers {
    /// Takes a snapshot apart.
    ///
    /// # Errors
    /// When it is none, which is a fault of what is stored.
    pub fn read(snapshot: &str) -> Result<Self> {
        serde_json::from_str(snapshot).map_err(unreadable)
    }

    /// Who submitted, completed with the sector's default profile.
    ///
    /// # Errors
    /// When a sector or a profile is none, which is a fault of what is stored.
    pub fn head(&self, edition: &Edition) -> Result<Head> {
        head_of(&self.organisation.sector, &self.profile, edition)
    }

    /// The answer to the requirement of this code.
    pub fn of(&self, code: &str) -> Option<&Paper> {
        self.answers.iter().find(|paper| paper.requirement == code)
    }

    /// Every answer, in edition order.
    pub fn all(&self) -> &[Paper] {
        &self.answers
    }

    /// What the submission rested on besides its answers.
    pub fn circumstances(&self) -> Option<&SnapshotCircumstances> {
        self.circumstances.as_ref()
    }

    /// Codes of the requirements beside whose answers a file of these bytes stands.
    pub fn beside(&self, sha256: &str) -> impl Iterator<Item = &str> {
        let holds = move |paper: &&Paper| paper.files.iter().any(|file| file.sha256 == sha256);
        self.answers.iter().filter(holds).map(|paper| paper.requirement.as_str())
    }

    /// Whether the file stands beside any answer.
    pub fn has_file(&self, id: EvidenceId) -> bool {
        self.answers.iter().flat_map(|paper| &paper.files).any(|file| file.id == id)
    }
}

impl Paper {
    /// Whether something was answered.
    pub fn is_answered(&self) -> bool {
        self.value.get() != "null"
    }

    /// Whether the other answer says the same, word for word.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.value.get() == other.value.get() && self.comment.get() == other.comment.get()
    }

    /// The answer as the other pages know it.
    ///
    /// # Errors
    /// When it cannot be read, which is a fault of what is stored.
    pub fn answer(&self) -> Result<SnapshotAnswer> {
        Ok(SnapshotAnswer {
            requirement: self.requirement.clone(),
            value: serde_json::from_str(self.value.get()).map_err(unreadable)?,
            comment: serde_json::from_str(self.comment.get()).map_err(unreadable)?,
            evidence: self
                .files
                .iter()
                .map(|file| SnapshotEvidence {
                    id: file.id,
                    name: file.name.clone(),
                    media_type: file.media_type.clone(),
                    size: file.size,
                    sha256: file.sha256.clone(),
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
