//! What a head office has submitted for a site, as the site's own people read it.

use serde::Serialize;

use crate::platform::canonical::hex;
use crate::platform::error::{Error, Result};
use crate::platform::pages::{Fact, Link, Page};
use crate::returns::model::Snapshot;
use crate::returns::pages::{sample_way, way_of};
use crate::returns::store::Found;
use crate::returns::submission::Submission;
use crate::returns::words::words;
use crate::standards::scoring::GradeKey;
use crate::standards::{AnswerValue, Asked};

/// One answer in words.
#[derive(Debug, Clone, Serialize)]
pub struct FiledRow {
    heading: String,
    lines: Vec<String>,
    comment: String,
    files: Vec<String>,
    /// Whether the head office answered otherwise for this site.
    own: bool,
}

/// The answers of one section.
#[derive(Debug, Clone, Serialize)]
pub struct FiledSection {
    heading: String,
    rows: Vec<FiledRow>,
}

/// The page.
#[derive(Debug, Serialize)]
pub struct FiledPage {
    organisation: String,
    collection: String,
    head_office: String,
    facts: Vec<Fact>,
    /// The outcome of the review; empty before it is final.
    grade: String,
    sections: Vec<FiledSection>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl FiledPage {
    /// The page of a site's return.
    ///
    /// # Errors
    /// When the submission cannot be read, which is a fault.
    pub(in crate::returns::sites) fn new(
        found: &Found,
        head_office: &str,
        sent: &Submission,
    ) -> Result<Self> {
        let snapshot = sent.parsed()?;
        let late = if sent.late { ", late" } else { "" };
        let claimed = grade_words(&sent.claimed_grade);
        let mut way = way_of(found);
        way.truncate(2);
        Ok(Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            head_office: head_office.to_owned(),
            facts: vec![
                Fact::new("State", found.state.words()),
                Fact::new("Submitted", format!("{}{late}", sent.submitted_at.london_words())),
                Fact::new("Submission", format!("Number {}", sent.number)),
                Fact::new("The answers give", claimed),
                Fact::new("Fingerprint (SHA-256) of what was submitted", hex(&sent.snapshot_hash)),
            ],
            grade: found.final_grade.as_deref().map(grade_words).unwrap_or_default(),
            sections: sections(found, &snapshot)?,
            way,
        })
    }
}

fn grade_words(key: &str) -> String {
    GradeKey::parse(key).map_or_else(|| key.to_owned(), |grade| grade.label().to_owned())
}

fn sections(found: &Found, snapshot: &Snapshot) -> Result<Vec<FiledSection>> {
    let edition = found.edition.edition();
    let asked = edition.asked_of(found.sector, found.profile_key()?.as_ref());
    let own = snapshot.filed_by.as_ref().map(|by| by.exceptions.as_slice()).unwrap_or_default();
    let mut sections = Vec::new();
    for entry in edition.tree() {
        let Some(section) = edition.sections().get(entry.section) else { continue };
        let mut rows = Vec::new();
        for position in &entry.requirements {
            let (Some(requirement), Some(answer)) =
                (edition.requirements().get(*position), snapshot.answers.get(*position))
            else {
                continue;
            };
            if asked.get(*position).is_none_or(|asked| *asked == Asked::NotAsked) {
                continue;
            }
            let lines = if answer.value.is_null() {
                Vec::new()
            } else {
                let value = AnswerValue::parse(requirement, &answer.value).map_err(|e| {
                    Error::internal(format!("failed to read the submitted answer to {}", requirement.code), e)
                })?;
                words(requirement, &value)
            };
            rows.push(FiledRow {
                heading: format!("{} {}", requirement.code, requirement.title),
                lines,
                comment: answer.comment.clone(),
                files: answer.evidence.iter().map(|file| file.name.clone()).collect(),
                own: own.iter().any(|code| code == requirement.code.as_str()),
            });
        }
        if !rows.is_empty() {
            sections.push(FiledSection { heading: format!("{} {}", section.code, section.title), rows });
        }
    }
    Ok(sections)
}

impl Page for FiledPage {
    const TEMPLATE: &'static str = "returns/sites/filed.html";

    fn title(&self) -> String {
        format!("{}: submitted by {}", self.collection, self.head_office)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |grade: &str, sections| {
            let mut way = sample_way();
            way.truncate(2);
            Self {
                organisation: "Example Pharmacy, High Street".to_owned(),
                collection: "Annual collection 2026".to_owned(),
                head_office: "Example Pharmacies".to_owned(),
                facts: vec![Fact::new("State", "Submitted")],
                grade: grade.to_owned(),
                sections,
                way,
            }
        };
        let row = |own| FiledRow {
            heading: "1-101 Roles".to_owned(),
            lines: vec!["Level 2".to_owned()],
            comment: "Since May".to_owned(),
            files: vec!["policy.pdf".to_owned()],
            own,
        };
        let section = FiledSection { heading: "1 Roles".to_owned(), rows: vec![row(true), row(false)] };
        vec![("empty", page("", Vec::new())), ("typical", page("Standards met", vec![section]))]
    }
}
