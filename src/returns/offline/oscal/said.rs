//! What was said about a requirement and about the return, as observations: the answer with its comment, files, the
//! discussion, questions and answers of the review, decisions, challenges.

use serde_json::{Value, json};

use super::write::{Ids, Party, line, prop, text_or, with_list, with_text};
use crate::returns::offline::export::{
    ExportedAnswer, ExportedComment, ExportedEvidence, ExportedPlan, ExportedQuery, ExportedRequirement,
    ExportedReview, ReturnExport, said,
};

/// One observation.
struct Said<'a> {
    /// What its identifier is made from: its kind, a requirement's code, and which of them.
    id: (&'a str, &'a str, &'a str),
    title: String,
    text: String,
    by: Party,
    method: &'static str,
    kind: &'static str,
    at: &'a str,
}

fn observation(ids: &Ids, said: &Said<'_>) -> Value {
    let (what, code, which) = said.id;
    json!({
        "uuid": ids.of(what, code, which),
        "title": line(&said.title),
        "description": said.text,
        "methods": [said.method],
        "types": [said.kind],
        "origins": ids.origin(said.by),
        "collected": ids.moment(said.at).rfc3339(),
    })
}

/// What was said about one requirement.
pub(super) fn of_requirement(ids: &Ids, export: &ReturnExport, row: &ExportedRequirement) -> Vec<Value> {
    let code = row.requirement.code.as_str();
    let mut observations = Vec::new();
    if let Some(answer) = &row.answer {
        observations.push(answered(ids, row, answer, &export.opened_at));
    }
    observations.extend(row.evidence.iter().map(|file| attached(ids, code, file)));
    for (place, comment) in row.discussion.iter().enumerate() {
        if comment.withdrawn_at.is_none() {
            observations.push(discussed(ids, code, (place, comment)));
        }
    }
    for review in &export.reviews {
        let asked = review.queries.iter().enumerate().filter(|(_, query)| query.requirement == code);
        for (place, query) in asked {
            queried(ids, review, (place, query), &mut observations);
        }
        decided(ids, (review, code), &mut observations);
    }
    observations
}

fn answered(ids: &Ids, row: &ExportedRequirement, answer: &ExportedAnswer, opened_at: &str) -> Value {
    let code = row.requirement.code.as_str();
    let at = answer.history.last().map_or(opened_at, |version| version.saved_at.as_str());
    let words = said(&row.requirement, &answer.value);
    let mut observed = observation(
        ids,
        &Said {
            id: ("answer", code, ""),
            title: format!("Answer to {code}"),
            text: text_or(&words, "There is no answer yet."),
            by: Party::Organisation,
            method: "INTERVIEW",
            kind: "control-objective",
            at,
        },
    );
    with_list(&mut observed, "props", vec![prop("state", answer.state.as_str())]);
    with_text(&mut observed, "remarks", &answer.comment);
    observed
}

fn attached(ids: &Ids, code: &str, file: &ExportedEvidence) -> Value {
    let mut observed = observation(
        ids,
        &Said {
            id: ("observation", code, &file.sha256),
            title: file.name.clone(),
            text: format!("A file attached to the answer to {code}"),
            by: Party::Organisation,
            method: "EXAMINE",
            kind: "control-objective",
            at: &file.attached_at,
        },
    );
    let evidence = json!({
        "href": format!("#{}", ids.of("resource", "", &file.sha256)),
        "description": line(&file.name),
        "props": [prop("sha256", &file.sha256)],
    });
    with_list(&mut observed, "relevant-evidence", vec![evidence]);
    observed
}

fn discussed(ids: &Ids, code: &str, (place, comment): (usize, &ExportedComment)) -> Value {
    observation(
        ids,
        &Said {
            id: ("comment", code, &place.to_string()),
            title: format!("Comment of {} on {code}", comment.author.name),
            text: text_or(&comment.text, "The comment is empty."),
            by: Party::Organisation,
            method: "INTERVIEW",
            kind: "discussion",
            at: &comment.written_at,
        },
    )
}

/// The messages of one question of a review.
fn queried(ids: &Ids, review: &ExportedReview, (place, query): (usize, &ExportedQuery), to: &mut Vec<Value>) {
    let (number, code) = (review.submission, query.requirement.as_str());
    for (message, sent) in query.messages.iter().enumerate() {
        let (by, what) = match sent.side.as_str() {
            "organisation" => (Party::Organisation, "Reply to the reviewer"),
            _ => (Party::Programme, "Question of the reviewer"),
        };
        to.push(observation(
            ids,
            &Said {
                id: ("message", code, &format!("{number}/{place}/{message}")),
                title: format!("{what} about {code}, submission {number}"),
                text: text_or(&sent.text, "The message is empty."),
                by,
                method: "INTERVIEW",
                kind: "discussion",
                at: &sent.sent_at,
            },
        ));
    }
}

/// What a review that is final decided about one requirement.
fn decided(ids: &Ids, (review, code): (&ExportedReview, &str), to: &mut Vec<Value>) {
    let Some(at) = &review.decided_at else { return };
    let number = review.submission.to_string();
    for decision in review.decisions.iter().filter(|decision| decision.requirement == code) {
        let mut observed = observation(
            ids,
            &Said {
                id: ("decision", code, &number),
                title: format!("Decision about {code}, submission {number}"),
                text: text_or(&decision.reason, "No reason was given."),
                by: Party::Programme,
                method: "EXAMINE",
                kind: "finding",
                at,
            },
        );
        let props = vec![prop("decision", &decision.outcome), prop("submission", &number)];
        with_list(&mut observed, "props", props);
        to.push(observed);
    }
}

/// What was said about the return as a whole: the outcome of each review, challenges of it, decisions about the plan.
pub(super) fn of_return(ids: &Ids, export: &ReturnExport) -> Vec<Value> {
    let mut observations = Vec::new();
    for review in &export.reviews {
        outcome(ids, review, &mut observations);
        challenged(ids, review, &mut observations);
    }
    if let Some(plan) = &export.plan {
        planned(ids, plan, &mut observations);
    }
    observations
}

fn outcome(ids: &Ids, review: &ExportedReview, to: &mut Vec<Value>) {
    let (Some(at), Some(grade)) = (&review.decided_at, &review.assessed_grade) else { return };
    let number = review.submission.to_string();
    let mut observed = observation(
        ids,
        &Said {
            id: ("review", "", &number),
            title: format!("Review of submission {number}"),
            text: text_or(&review.summary, "The reviewer said nothing about the whole."),
            by: Party::Programme,
            method: "EXAMINE",
            kind: "finding",
            at,
        },
    );
    with_list(&mut observed, "props", vec![prop("assessed-grade", grade), prop("submission", &number)]);
    to.push(observed);
}

fn challenged(ids: &Ids, review: &ExportedReview, to: &mut Vec<Value>) {
    let number = review.submission.to_string();
    for (place, challenge) in review.challenges.iter().enumerate() {
        let mut observed = observation(
            ids,
            &Said {
                id: ("challenge", &number, &place.to_string()),
                title: format!("Challenge of the decision about submission {number}"),
                text: text_or(&challenge.grounds, "No grounds were given."),
                by: Party::Organisation,
                method: "INTERVIEW",
                kind: "discussion",
                at: &challenge.posted_at,
            },
        );
        with_list(&mut observed, "props", vec![prop("state", &challenge.state), prop("submission", &number)]);
        let mut rulings: Vec<String> = challenge
            .lines
            .iter()
            .filter_map(|ruled| {
                let ruling = ruled.ruling.as_ref()?;
                Some(format!("{}: {ruling}. {}", ruled.requirement, ruled.reason))
            })
            .collect();
        rulings.push(challenge.remarks.clone());
        with_text(&mut observed, "remarks", &rulings.join("\n"));
        to.push(observed);
    }
}

fn planned(ids: &Ids, plan: &ExportedPlan, to: &mut Vec<Value>) {
    for (place, decision) in plan.decisions.iter().rev().enumerate() {
        let mut observed = observation(
            ids,
            &Said {
                id: ("plan-decision", "", &place.to_string()),
                title: "Decision about the improvement plan".to_owned(),
                text: text_or(&decision.reason, "No reason was given."),
                by: Party::Programme,
                method: "EXAMINE",
                kind: "finding",
                at: &decision.decided_at,
            },
        );
        with_list(&mut observed, "props", vec![prop("decision", decision.verdict.as_str())]);
        let lines: Vec<String> =
            decision.lines.iter().map(|(code, reason)| format!("{code}: {reason}")).collect();
        with_text(&mut observed, "remarks", &lines.join("\n"));
        to.push(observed);
    }
}
