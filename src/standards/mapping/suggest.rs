//! Which requirements of the older edition one of the newer might come from: the same code first, then similar words.
//! Words that few requirements use say more than words that all use. Pure.

use std::collections::{HashMap, HashSet};

use crate::standards::model::{Edition, Requirement};

/// Suggestions for one requirement.
const MOST: usize = 3;
/// Less than this in common is chance.
const LEAST: f64 = 0.25;
/// Shorter words bind sentences and say nothing.
const SHORTEST: usize = 3;

/// One requirement that another might come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Suggestion {
    /// Its position in the older edition.
    pub old: usize,
    /// Whether it has the same code.
    pub same_code: bool,
    /// How much they have in common, 0 to 1.
    pub likeness: f64,
}

/// The words of an older edition, ready to be compared.
#[derive(Debug)]
pub struct Suggester<'a> {
    from: &'a Edition,
    words: Vec<HashSet<String>>,
    used_by: HashMap<String, usize>,
}

impl<'a> Suggester<'a> {
    /// Reads the older edition.
    #[must_use]
    pub fn new(from: &'a Edition) -> Self {
        let words: Vec<HashSet<String>> = from.requirements().iter().map(words_of).collect();
        let mut used_by: HashMap<String, usize> = HashMap::new();
        for word in words.iter().flatten() {
            *used_by.entry(word.clone()).or_default() += 1;
        }
        Self { from, words, used_by }
    }

    /// The likeliest sources of a requirement of the newer edition, the best one first. Between two standards equal
    /// codes are chance and count for nothing.
    #[must_use]
    pub fn suggest(&self, now: &Requirement, same_standard: bool) -> Vec<Suggestion> {
        let own = words_of(now);
        let weight = |word: &String| self.weight(word);
        let whole: f64 = own.iter().map(weight).sum();
        let mut found: Vec<Suggestion> = self
            .words
            .iter()
            .enumerate()
            .filter_map(|(old, theirs)| {
                let code = self.from.requirements().get(old).map(|before| &before.code);
                let same_code = same_standard && code == Some(&now.code);
                let shared: f64 = own.intersection(theirs).map(weight).sum();
                let all = whole + theirs.iter().map(weight).sum::<f64>();
                let likeness = if all > 0.0 { 2.0 * shared / all } else { 0.0 };
                (same_code || likeness >= LEAST).then_some(Suggestion { old, same_code, likeness })
            })
            .collect();
        found.sort_by(|a, b| {
            b.same_code.cmp(&a.same_code).then(b.likeness.total_cmp(&a.likeness)).then(a.old.cmp(&b.old))
        });
        found.truncate(MOST);
        found
    }

    /// The rarer a word, the more it says.
    fn weight(&self, word: &str) -> f64 {
        let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        let used = self.used_by.get(word).copied().unwrap_or_default();
        (1.0 + count(self.words.len()) / (1.0 + count(used))).ln()
    }
}

/// The words of title and question, in small letters and without the ends that plural and tense give them.
fn words_of(requirement: &Requirement) -> HashSet<String> {
    [requirement.title.as_str(), requirement.text.as_str()]
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() > SHORTEST)
        .map(|word| {
            let word = word.to_lowercase();
            let stem = ["ing", "ed", "s"].iter().find_map(|end| word.strip_suffix(end));
            stem.filter(|stem| stem.chars().count() > SHORTEST).map(str::to_owned).unwrap_or(word)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::standards::testing::{edition, levels_document};

    #[test]
    fn the_same_code_comes_first_and_then_similar_words() {
        let mut document = levels_document(3);
        document["requirements"][0]["title"] = json!("Training of staff");
        document["requirements"][1]["title"] = json!("Restoring back-ups");
        document["requirements"][2]["title"] = json!("Fax machines withdrawn");
        let from = edition(&document);
        let mut document = levels_document(3);
        document["requirements"][0]["title"] = json!("A fax machine that was withdrawn");
        document["requirements"][1]["title"] = json!("Something else entirely");
        document["requirements"][1]["text"] = json!("Quite another matter?");
        let to = edition(&document);
        let suggester = Suggester::new(&from);
        let olds = |at: usize, same: bool| -> Vec<usize> {
            suggester.suggest(&to.requirements()[at], same).iter().map(|found| found.old).collect()
        };
        assert_eq!(olds(0, true), [0, 2]);
        assert_eq!(olds(0, false), [2]);
        assert_eq!(olds(1, false), Vec::<usize>::new());
    }
}
