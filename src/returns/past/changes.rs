//! What changed from one version of an answer to the next, field by field. Pure.

use serde::Serialize;

use crate::returns::answer_form::AnswerForm;
use crate::returns::model::AnswerState;
use crate::returns::words::words;
use crate::standards::{AnswerValue, Requirement};

/// One field before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The field, as its page calls it.
    pub what: &'static str,
    /// What it said; empty when nothing.
    pub before: String,
    /// What it says; empty when nothing.
    pub after: String,
}

/// One version of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Version<'a> {
    pub value: Option<&'a AnswerValue>,
    pub comment: &'a str,
    pub state: AnswerState,
}

/// The fields of an answer as people know them.
fn fields(requirement: &Requirement, version: Option<&Version<'_>>) -> [(&'static str, String); 7] {
    let value = version.and_then(|version| version.value);
    let form = AnswerForm::of(value, version.map_or("", |version| version.comment), 0);
    let statement = value.and_then(AnswerValue::statement).unwrap_or_default().to_owned();
    let answer = value.and_then(|value| words(requirement, value).into_iter().next()).unwrap_or_default();
    [
        ("Answer", answer),
        ("Why it is not relevant", form.reason),
        ("Statements ticked", form.indicators.join(", ")),
        ("Alternative control", form.justification),
        ("Supporting statement", statement),
        ("Comment", form.comment),
        ("State", version.map_or(String::new(), |version| version.state.words().to_owned())),
    ]
}

/// The fields in which two versions differ; the first version differs from nothing.
pub(super) fn changes(
    requirement: &Requirement,
    before: Option<&Version<'_>>,
    after: &Version<'_>,
) -> Vec<Change> {
    fields(requirement, before)
        .into_iter()
        .zip(fields(requirement, Some(after)))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((what, before), (_, after))| Change { what, before, after })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::formats::{self, FileFormat, Names};
    use serde_json::json;

    #[test]
    fn only_what_differs_is_told() {
        let text = include_str!("../../../config/standards/igt.toml");
        let edition =
            formats::read(FileFormat::Toml, "igt", text.as_bytes(), &Names::default()).unwrap().edition;
        let asked = &edition.requirements()[0];
        let first = AnswerValue::parse(asked, &json!({"level": 1, "text": "because"})).unwrap();
        let second = AnswerValue::parse(asked, &json!({"level": 2, "text": "because"})).unwrap();
        let version = |value, comment, state| Version { value: Some(value), comment, state };
        let before = version(&first, "", AnswerState::Draft);
        let after = version(&second, "Agreed", AnswerState::Draft);
        let told = changes(asked, Some(&before), &after);
        assert_eq!(told.iter().map(|change| change.what).collect::<Vec<_>>(), ["Answer", "Comment"]);
        assert!(told[0].before.starts_with("Level 1") && told[0].after.starts_with("Level 2"), "{told:?}");
        assert_eq!((told[1].before.as_str(), told[1].after.as_str()), ("", "Agreed"));
        let told = changes(asked, None, &before);
        let what: Vec<&str> = told.iter().map(|change| change.what).collect();
        assert_eq!(what, ["Answer", "Supporting statement", "State"]);
        assert_eq!(changes(asked, Some(&after), &after), []);
    }
}
