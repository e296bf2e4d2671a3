//! The texts of the letters, which are data: `texts.toml` beside this file, read once, with words filled in for each letter.

use std::sync::LazyLock;

use serde::Deserialize;

use super::model::Cause;
use crate::platform::error::{Error, Result};

static TEXTS: LazyLock<Result<Texts, String>> =
    LazyLock::new(|| toml::from_str(include_str!("texts.toml")).map_err(|e| e.to_string()));

/// One text or list of texts for each cause of a letter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ByCause<T> {
    review: T,
    challenge: T,
    reopening: T,
}

impl<T> ByCause<T> {
    pub(super) const fn of(&self, cause: Cause) -> &T {
        match cause {
            Cause::Review => &self.review,
            Cause::Challenge => &self.challenge,
            Cause::Reopening => &self.reopening,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GradeTexts {
    pub same: String,
    pub changed: String,
    pub settled: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GapTexts {
    pub none: String,
    pub one: String,
    pub many: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanTexts {
    pub none: String,
    pub wanted: String,
    pub begun: String,
    pub approved: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChallengeTexts {
    pub open: Vec<String>,
    pub settled: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResultTexts {
    pub upheld: String,
    pub partly: String,
    pub rejected: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClosingTexts {
    pub all: Vec<String>,
}

/// Every text of the letters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    pub version: u32,
    pub title: ByCause<String>,
    pub opening: ByCause<Vec<String>>,
    pub grade: GradeTexts,
    pub gaps: GapTexts,
    pub plan: PlanTexts,
    pub challenge: ChallengeTexts,
    pub result: ResultTexts,
    pub closing: ClosingTexts,
}

/// The texts of this build.
pub(super) fn texts() -> Result<&'static Texts> {
    TEXTS.as_ref().map_err(|e| Error::internal("failed to read the texts of letters", e.clone()))
}

/// Words that are filled into texts.
pub(super) struct Words<'a>(pub Vec<(&'static str, &'a str)>);

impl Words<'_> {
    /// A text with every word in braces filled in. What is filled in is never looked at again, so that braces in a name
    /// stay as they are.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() + 32);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, behind)) = after.split_once('}') else {
                filled.push('{');
                rest = after;
                continue;
            };
            match self.0.iter().find(|(known, _)| *known == name) {
                Some((_, word)) => filled.push_str(word),
                None => filled.push_str(&format!("{{{name}}}")),
            }
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }

    /// Several texts, filled in.
    pub(super) fn fill_all(&self, texts: &[String]) -> Vec<String> {
        texts.iter().map(|text| self.fill(text)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_can_be_read_and_say_something() {
        let texts = texts().unwrap();
        assert!(texts.version >= 1);
        for cause in Cause::ALL {
            assert!(!texts.title.of(*cause).is_empty());
            assert!(!texts.opening.of(*cause).is_empty());
        }
    }

    #[test]
    fn what_is_filled_in_is_not_looked_at_again() {
        let words = Words(vec![("name", "{year} & Sons"), ("year", "2026")]);
        assert_eq!(words.fill("{name} in {year}, {unknown} {"), "{year} & Sons in 2026, {unknown} {");
    }
}
