//! All answers of a return in words: what is read and signed, and what is checked before it is submitted.

use serde::Serialize;

use crate::platform::pages::{Link, Page};
use crate::returns::circumstances::Excuse;
use crate::returns::readiness::{Line, question_href};
use crate::returns::store::{Attached, Found};
use crate::returns::words::words;
use crate::standards::Asked;
use crate::standards::scoring::Score;

/// One answer in words.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerRow {
    heading: String,
    href: String,
    lines: Vec<String>,
    comment: String,
    files: Vec<String>,
    /// Why it is not part of what is signed and submitted; empty when it is.
    left_out: &'static str,
}

/// The answers of one section.
#[derive(Debug, Clone, Serialize)]
pub struct AnswersSection {
    heading: String,
    rows: Vec<AnswerRow>,
}

/// The answers of a return, by section; only what is put to the organisation.
#[must_use]
pub fn answer_sections(found: &Found, lines: &[Line<'_>], files: &[Attached]) -> Vec<AnswersSection> {
    answer_sections_of(found, lines, files, &|_| true)
}

/// As [`answer_sections`], of the requirements at the positions that are wanted.
pub fn answer_sections_of(
    found: &Found,
    lines: &[Line<'_>],
    files: &[Attached],
    wanted: &dyn Fn(usize) -> bool,
) -> Vec<AnswersSection> {
    let edition = found.edition.edition();
    edition
        .tree()
        .iter()
        .filter_map(|entry| {
            let section = edition.sections().get(entry.section)?;
            let own = entry
                .requirements
                .iter()
                .filter(|index| wanted(**index))
                .filter_map(|index| lines.get(*index));
            let rows: Vec<AnswerRow> = own
                .filter(|line| line.asked != Asked::NotAsked)
                .map(|line| row(found, line, files))
                .collect();
            let heading = format!("{} {}", section.code, section.title);
            (!rows.is_empty()).then_some(AnswersSection { heading, rows })
        })
        .collect()
}

fn row(found: &Found, line: &Line<'_>, files: &[Attached]) -> AnswerRow {
    let left_out = match (line.answer, line.is_answered() || line.submitted_fault().is_some()) {
        (_, false) if matches!(line.excuse, Some(Excuse::Exempt(_))) => "Exempt by a certificate.",
        (_, false) if line.excuse.is_some() => "Covered by the improvement plan.",
        (None, _) => "Not answered.",
        (Some(answer), _) if answer.state != crate::returns::model::AnswerState::Confirmed => {
            "Not finished, so it is not part of what is signed and submitted."
        }
        _ => "",
    };
    AnswerRow {
        heading: format!("{} {}", line.requirement.code, line.requirement.title),
        href: question_href(&found.code, &found.collection.key, line.requirement.code.as_str()),
        lines: line.value.as_ref().map(|value| words(line.requirement, value)).unwrap_or_default(),
        comment: line.answer.map(|answer| answer.comment.clone()).unwrap_or_default(),
        files: files.iter().filter(|f| f.requirement == line.id).map(named).collect(),
        left_out,
    }
}

/// A piece by its title, and by the file's name where that says more.
fn named(file: &Attached) -> String {
    if file.title == file.file_name {
        file.title.clone()
    } else {
        format!("{} ({})", file.title, file.file_name)
    }
}

/// What the answers give.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outcome {
    grade: String,
    percentage: Option<u8>,
    reasons: Vec<String>,
}

impl From<&Score> for Outcome {
    fn from(score: &Score) -> Self {
        Self {
            grade: score.grade.label().to_owned(),
            percentage: score.percentage,
            reasons: score.reasons.iter().map(|reason| reason.words.clone()).collect(),
        }
    }
}

/// Checking the answers before they are submitted.
#[derive(Debug, Serialize)]
pub struct CheckPage {
    organisation: String,
    collection: String,
    version: String,
    late: bool,
    /// Whether the page said that it was in time, and it no longer is.
    passed: bool,
    due_at: i64,
    taken_until: i64,
    more_time_href: String,
    reason: String,
    outcome: Outcome,
    sections: Vec<AnswersSection>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl CheckPage {
    /// The page for a signed return.
    #[must_use]
    pub fn new(
        found: &Found,
        sections: Vec<AnswersSection>,
        score: &Score,
        late: bool,
        passed: bool,
    ) -> Self {
        let href = crate::returns::return_href(&found.code, &found.collection.key);
        Self {
            passed,
            taken_until: found.collection.taken_until(found.extension).micros(),
            more_time_href: format!("{href}/more-time"),
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            version: found.version.to_string(),
            late,
            due_at: found.collection.due_at(found.extension).micros(),
            reason: found.reopened_reason.clone().unwrap_or_default(),
            outcome: score.into(),
            sections,
            way: super::way_of(found),
        }
    }
}

impl Page for CheckPage {
    const TEMPLATE: &'static str = "returns/submit.html";

    fn title(&self) -> String {
        format!("Check and submit the return of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |late, reason: &str, outcome, sections| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            version: "3".to_owned(),
            late,
            passed: late,
            due_at: 1_780_000_000_000_000,
            taken_until: 1_781_000_000_000_000,
            more_time_href: "/organisations/ZZ001/returns/2026/more-time".to_owned(),
            reason: reason.to_owned(),
            outcome,
            sections,
            way: super::sample_way(),
        };
        vec![
            ("empty", page(false, "", Outcome::default(), Vec::new())),
            ("typical", page(true, "A file was missing.", sample_outcome(), sample_sections())),
        ]
    }
}

pub(super) fn sample_outcome() -> Outcome {
    Outcome {
        grade: "Not satisfactory".to_owned(),
        percentage: Some(67),
        reasons: vec!["One requirement is below level 2.".to_owned()],
    }
}

pub(super) fn sample_sections() -> Vec<AnswersSection> {
    let row = |left_out| AnswerRow {
        heading: "1-101 Framework".to_owned(),
        href: "/organisations/ZZ001/returns/2026/requirements/1-101".to_owned(),
        lines: vec!["Level 2: most of it".to_owned()],
        comment: "See the minutes.".to_owned(),
        files: vec!["policy.pdf".to_owned()],
        left_out,
    };
    vec![AnswersSection { heading: "1 Leadership".to_owned(), rows: vec![row(""), row("Not answered.")] }]
}
