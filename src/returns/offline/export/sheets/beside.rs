//! The sheets about sites, letters and board papers.

use serde_json::Value;

use super::{key, said, sheet, when};
use crate::returns::offline::book::Sheet;
use crate::returns::offline::export::shape::ReturnExport;

/// Sites that are left out, answers that differ, and the fixed lists, one after the other.
pub(super) fn sites(export: &ReturnExport) -> Sheet {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for one in export.sites.iter().flat_map(|sites| &sites.left_out) {
        rows.push(vec![
            "Left out".to_owned(),
            one.site.code.clone(),
            one.site.name.clone(),
            String::new(),
            one.kind.words().to_owned(),
            one.note.clone(),
            when(&one.excluded_at),
        ]);
    }
    for one in export.sites.iter().flat_map(|sites| &sites.exceptions) {
        let asked = export.requirements.iter().find(|row| row.requirement.code.as_str() == one.requirement);
        rows.push(vec![
            "Answer that differs".to_owned(),
            one.site.code.clone(),
            one.site.name.clone(),
            one.requirement.clone(),
            asked.map(|row| said(&row.requirement, &one.value)).unwrap_or_default(),
            one.comment.clone(),
            when(&one.updated_at),
        ]);
    }
    for filing in export.sites.iter().flat_map(|sites| &sites.filings) {
        rows.extend(filing.sites.iter().map(|line| {
            vec![
                format!("Submission {}", filing.submission),
                line.site.code.clone(),
                line.site.name.clone(),
                String::new(),
                key(&line.state),
                line.said.clone(),
                when(&filing.pressed_at),
            ]
        }));
    }
    let heads = [
        ("What", 22),
        ("Site", 10),
        ("Name", 40),
        ("Code", 10),
        ("State or answer", 40),
        ("Note", 50),
        ("When", 26),
    ];
    sheet("Sites", &heads, rows)
}

/// Letters and board papers: that they are there, and the fingerprint of their words, which the JSON holds.
pub(super) fn papers(export: &ReturnExport) -> Sheet {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for letter in &export.letters {
        rows.push(vec![
            "Letter".to_owned(),
            letter.number.to_string(),
            format!("Submission {}", letter.submission),
            when(&letter.sent_at),
            String::new(),
            letter.sha256.clone(),
        ]);
    }
    for paper in &export.board_papers {
        let meeting = paper.content.get("meeting").and_then(Value::as_str).unwrap_or_default();
        rows.push(vec![
            "Board paper".to_owned(),
            paper.number.to_string(),
            meeting.to_owned(),
            when(&paper.made_at),
            paper.made_by.clone(),
            paper.sha256.clone(),
        ]);
    }
    let heads = [("What", 14), ("Number", 9), ("About", 40), ("When", 26), ("By", 24), ("Fingerprint", 40)];
    sheet("Letters and board papers", &heads, rows)
}
