//! What a requirement says, piece by piece, and what differs between two. Pure.
//!
//! The question's words and the shape of its answer count: title, text, guidance, levels, statements, the kind of answer.
//! Which organisations are asked, and the level expected of them, do not: the same answer still answers it.

use crate::standards::model::{Indicator, Requirement, RequirementKind};

/// One piece of wording that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is, such as "Question" or "Level 2".
    pub label: String,
    /// What it said; empty where it was not there.
    pub before: String,
    /// What it says; empty where it is there no more.
    pub now: String,
}

/// The labelled pieces of a requirement, in reading order.
#[must_use]
pub fn pieces(requirement: &Requirement) -> Vec<(String, &str)> {
    let mut pieces = vec![
        ("Title".to_owned(), requirement.title.as_str()),
        ("Question".to_owned(), requirement.text.as_str()),
        ("Guidance".to_owned(), requirement.guidance.as_deref().unwrap_or_default()),
    ];
    match &requirement.kind {
        RequirementKind::Level { descriptors, may_be_not_relevant, .. } => {
            pieces.push(("Answered with".to_owned(), "a level"));
            let levels = descriptors.iter().enumerate();
            pieces.extend(levels.map(|(level, words)| (format!("Level {level}"), words.as_str())));
            let may = if *may_be_not_relevant { "may be the answer" } else { "" };
            pieces.push(("Not relevant".to_owned(), may));
        }
        RequirementKind::Item { item, .. } => {
            pieces.push(("Answered with".to_owned(), item.words()));
        }
        RequirementKind::Outcome { achieved, partially_achieved, not_achieved, .. } => {
            pieces.push(("Answered with".to_owned(), "statements that are true"));
            let columns = [
                ("Achieved", achieved),
                ("Partially achieved", partially_achieved),
                ("Not achieved", not_achieved),
            ];
            for (name, column) in columns {
                let said = |indicator: &Indicator| format!("{name}, {}", indicator.code);
                pieces.extend(column.iter().map(|indicator| (said(indicator), indicator.text.as_str())));
            }
        }
    }
    pieces
}

/// What differs between two requirements, in the order of the newer one, and then what is there no more.
#[must_use]
pub fn differences(before: &Requirement, now: &Requirement) -> Vec<Difference> {
    let (old, new) = (pieces(before), pieces(now));
    let text_of = |all: &[(String, &str)], label: &str| {
        all.iter().find(|(name, _)| name == label).map_or_else(String::new, |(_, text)| (*text).to_owned())
    };
    let mut found: Vec<Difference> = new
        .iter()
        .map(|(label, text)| Difference {
            label: label.clone(),
            before: text_of(&old, label),
            now: (*text).to_owned(),
        })
        .collect();
    let gone = old.iter().filter(|(label, _)| !new.iter().any(|(name, _)| name == label));
    found.extend(gone.map(|(label, text)| Difference {
        label: label.clone(),
        before: (*text).to_owned(),
        now: String::new(),
    }));
    found.retain(|difference| difference.before != difference.now);
    found
}

/// Whether two requirements ask the same in the same words.
#[must_use]
pub fn says_the_same(before: &Requirement, now: &Requirement) -> bool {
    before.title == now.title && before.text == now.text && differences(before, now).is_empty()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::standards::model::Edition;
    use crate::standards::testing::{assertions_document, edition, levels_document, outcomes_document};

    fn changed(document: &serde_json::Value, change: impl FnOnce(&mut serde_json::Value)) -> Edition {
        let mut document = document.clone();
        change(&mut document["requirements"][0]);
        edition(&document)
    }

    #[test]
    fn words_and_the_shape_of_the_answer_count_and_what_is_expected_does_not() {
        let document = levels_document(3);
        let before = edition(&document);
        let first = |edition: &Edition| edition.requirements()[0].clone();
        let expected = changed(&document, |r| r["expected"]["acute"] = json!(3));
        assert!(says_the_same(&first(&before), &first(&expected)));
        let told = changed(&document, |r| r["guidance"] = json!("Look for it."));
        let found = differences(&first(&before), &first(&told));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].label.as_str(), found[0].before.as_str()), ("Guidance", ""));
        let level = changed(&document, |r| r["levels"][2] = json!("nearly all"));
        assert_eq!(differences(&first(&before), &first(&level))[0].label, "Level 2");
        let may = changed(&document, |r| r["may_be_not_relevant"] = json!(true));
        assert!(!says_the_same(&first(&before), &first(&may)));
    }

    #[test]
    fn another_kind_of_answer_is_another_question() {
        let document = assertions_document();
        let other = changed(&document, |r| r["item"] = json!("date"));
        let found = differences(&edition(&document).requirements()[0], &other.requirements()[0]);
        assert_eq!((found[0].before.as_str(), found[0].now.as_str()), ("a text", "a date"));
        let mandatory = changed(&document, |r| r["mandatory"] = json!(["gp"]));
        assert!(says_the_same(&edition(&document).requirements()[0], &mandatory.requirements()[0]));
    }

    #[test]
    fn a_statement_that_is_gone_is_told_last() {
        let document = outcomes_document();
        let fewer = changed(&document, |r| {
            r["achieved"].as_array_mut().unwrap().remove(0);
            r["text"] = json!("Another question");
        });
        let found = differences(&edition(&document).requirements()[0], &fewer.requirements()[0]);
        let labels: Vec<&str> = found.iter().map(|d| d.label.as_str()).collect();
        assert_eq!(labels, ["Question", "Achieved, A1.a.A.1"]);
        assert_eq!(found[1].now, "");
    }
}
