//! One submitted answer for the eyes of a reviewer: what it says in words, every statement with its tick, the comment
//! and the files.

use serde::Serialize;

use super::parts::{paragraphs, size_words};
use crate::platform::ids::{BlindCaseId, ReviewId};
use crate::returns::{self, SnapshotAnswer, SnapshotEvidence};
use crate::standards::{AnswerValue, Indicator, Requirement, RequirementKind};

/// An answer as submitted.
#[derive(Debug, Clone, Default, Serialize)]
pub(in crate::review) struct AnswerShown {
    lines: Vec<String>,
    columns: Vec<Column>,
    comment: Vec<String>,
    files: Vec<File>,
}

/// One column of an outcome's indicators.
#[derive(Debug, Clone, Serialize)]
struct Column {
    heading: &'static str,
    ticked: Vec<String>,
    unticked: Vec<String>,
}

/// One attached file.
#[derive(Debug, Clone, Serialize)]
struct File {
    text: String,
    href: String,
}

/// From where the files of an answer are opened.
#[derive(Debug, Clone, Copy)]
pub(in crate::review) enum Opened {
    /// From its review.
    Review(ReviewId),
    /// From the second scoring, which knows no review.
    Blind(BlindCaseId),
    /// From nowhere: they are only named.
    Nowhere,
}

impl AnswerShown {
    /// The answer, with its files as links where they can be opened.
    pub fn new(
        requirement: &Requirement,
        value: Option<&AnswerValue>,
        answer: &SnapshotAnswer,
        from: Opened,
    ) -> Self {
        let words = value.map(|value| returns::words(requirement, value)).unwrap_or_default();
        let is_code_list = |line: &String| line.starts_with("Ticked: ");
        let columns = columns(requirement, value);
        Self {
            // The statements themselves are shown below, ticked or not.
            lines: words
                .iter()
                .filter(|line| columns.is_empty() || !is_code_list(line))
                .flat_map(|l| paragraphs(l))
                .collect(),
            columns,
            comment: paragraphs(&answer.comment),
            files: answer.evidence.iter().map(|file| file_link(file, from)).collect(),
        }
    }

    /// An example for the checks.
    pub fn sample() -> Self {
        Self {
            lines: vec!["Partially achieved".to_owned(), "We review it every year.".to_owned()],
            columns: vec![Column {
                heading: "Achieved",
                ticked: vec!["The board sees the risks.".to_owned()],
                unticked: vec!["The board sets the appetite for risk.".to_owned()],
            }],
            comment: vec!["Ask the SIRO.".to_owned()],
            files: vec![
                File { text: "policy.pdf (12 KB)".to_owned(), href: "/reviews/1/evidence/2".to_owned() },
                File { text: "minutes.pdf (3 KB)".to_owned(), href: String::new() },
            ],
        }
    }
}

fn file_link(file: &SnapshotEvidence, from: Opened) -> File {
    // A link's name is its address, which was read as one when it came.
    if file.media_type == returns::LINK_TYPE && file.name.starts_with("https://") {
        return File { text: file.name.clone(), href: file.name.clone() };
    }
    let href = match from {
        Opened::Review(id) => format!("/reviews/{id}/evidence/{}", file.id),
        Opened::Blind(id) => format!("/reviews/blind/{id}/evidence/{}", file.id),
        Opened::Nowhere => String::new(),
    };
    File { text: format!("{} ({})", file.name, size_words(file.size)), href }
}

fn columns(requirement: &Requirement, value: Option<&AnswerValue>) -> Vec<Column> {
    let (
        RequirementKind::Outcome { achieved, partially_achieved, not_achieved, .. },
        Some(AnswerValue::Outcome { indicators, .. }),
    ) = (&requirement.kind, value)
    else {
        return Vec::new();
    };
    let texts = |of: &[Indicator], wanted: bool| -> Vec<String> {
        let chosen = of.iter().filter(|indicator| indicators.contains(&indicator.code) == wanted);
        chosen.map(|indicator| format!("{}: {}", indicator.code, indicator.text)).collect()
    };
    [("Achieved", achieved), ("Partially achieved", partially_achieved), ("Not achieved", not_achieved)]
        .into_iter()
        .filter(|(_, column)| !column.is_empty())
        .map(|(heading, column)| Column {
            heading,
            ticked: texts(column, true),
            unticked: texts(column, false),
        })
        .collect()
}
