//! The sheets about reviews.

use super::{grade, key, sheet, when, when_any};
use crate::returns::offline::book::Sheet;
use crate::returns::offline::export::shape::ReturnExport;

/// What was decided.
pub(super) fn decisions(export: &ReturnExport) -> Sheet {
    let mut rows = Vec::new();
    for review in &export.reviews {
        let number = review.submission.to_string();
        rows.push(vec![
            number.clone(),
            "The whole return".to_owned(),
            key(&review.state),
            review.assessed_grade.as_deref().map(grade).unwrap_or_default(),
            review.summary.clone(),
            when_any(review.decided_at.as_ref()),
        ]);
        rows.extend(review.decisions.iter().map(|decision| {
            vec![
                number.clone(),
                decision.requirement.clone(),
                key(&decision.outcome),
                String::new(),
                decision.reason.clone(),
                String::new(),
            ]
        }));
    }
    let heads = [
        ("Submission", 11),
        ("Code", 18),
        ("Decision", 18),
        ("Grade after review", 24),
        ("Reason", 60),
        ("Decided", 26),
    ];
    sheet("Review", &heads, rows)
}

/// Challenges of decisions, and how they were ruled on.
pub(super) fn challenges(export: &ReturnExport) -> Sheet {
    let mut rows = Vec::new();
    for review in &export.reviews {
        for challenge in &review.challenges {
            let ruled = challenge.lines.iter().map(|line| {
                let ruling = line.ruling.as_deref().map(key).unwrap_or_default();
                format!("{}: {ruling} {}", line.requirement, line.reason).trim_end().to_owned()
            });
            rows.push(vec![
                review.submission.to_string(),
                key(&challenge.state),
                when(&challenge.posted_at),
                challenge.grounds.clone(),
                challenge.evidence.clone(),
                ruled.collect::<Vec<String>>().join("\n"),
                challenge.remarks.clone(),
                when_any(challenge.closed_at.as_ref()),
            ]);
        }
    }
    let heads = [
        ("Submission", 11),
        ("State", 14),
        ("Sent", 26),
        ("Grounds", 60),
        ("Evidence", 40),
        ("Rulings", 50),
        ("Remarks", 40),
        ("Settled", 26),
    ];
    sheet("Challenges", &heads, rows)
}

/// What was asked and answered, what was begun, and time asked for.
pub(super) fn queries(export: &ReturnExport) -> Sheet {
    let mut rows = Vec::new();
    for review in &export.reviews {
        for query in &review.queries {
            for message in &query.messages {
                rows.push(vec![
                    review.submission.to_string(),
                    query.requirement.clone(),
                    key(&query.state),
                    query.outcome.as_deref().map(key).unwrap_or_default(),
                    when(&query.due_at),
                    key(&message.side),
                    when(&message.sent_at),
                    message.text.clone(),
                    message.evidence.join("\n"),
                    query.closing_note.clone(),
                ]);
            }
            for draft in &query.drafts {
                rows.push(vec![
                    review.submission.to_string(),
                    query.requirement.clone(),
                    key(&query.state),
                    "Not sent".to_owned(),
                    when(&query.due_at),
                    draft.author.clone(),
                    when(&draft.written_at),
                    draft.text.clone(),
                    draft.evidence.join("\n"),
                    String::new(),
                ]);
            }
            for time in &query.time {
                rows.push(vec![
                    review.submission.to_string(),
                    query.requirement.clone(),
                    "More time".to_owned(),
                    key(&time.state),
                    when_any(time.given_until.as_ref()),
                    String::new(),
                    when_any(time.wanted_until.as_ref()),
                    time.reason.clone(),
                    String::new(),
                    time.answer.clone(),
                ]);
            }
        }
    }
    let heads = [
        ("Submission", 11),
        ("Code", 10),
        ("State", 14),
        ("Outcome", 18),
        ("Due", 26),
        ("From", 14),
        ("Sent", 26),
        ("Message", 60),
        ("Evidence", 30),
        ("Closing note", 40),
    ];
    sheet("Questions", &heads, rows)
}
