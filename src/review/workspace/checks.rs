//! Cross-checks: what a reviewer should notice about one answer, each rule as a function and each finding as a sentence.
//! Pure; everything that a rule needs is in [`About`].

use std::collections::BTreeMap;

use super::facts::FileFact;
use crate::certificates::{Holdings, ScopeTest};
use crate::platform::clock::Day;
use crate::platform::ids::EvidenceId;
use crate::review::papers::{Paper, Papers};
use crate::standards::scoring::Status;
use crate::standards::{Edition, Requirement};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::review) enum Weight {
    /// Something does not fit: a person has to look before the claim is agreed with.
    Doubt,
    /// Worth knowing, and nothing wrong by itself.
    Notice,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Check {
    /// How much it weighs.
    pub weight: Weight,
    /// What was found, as a sentence.
    pub words: String,
}

/// Last year's side of a comparison.
#[derive(Debug)]
pub(in crate::review) struct Before<'a> {
    /// Last year's answers.
    pub papers: &'a Papers,
    /// What the same requirement was claimed to be.
    pub claimed: Option<Status>,
}

/// One answer with everything that the rules look at.
#[derive(Debug)]
pub(in crate::review) struct About<'a> {
    /// What is asked.
    pub requirement: &'a Requirement,
    /// The edition it belongs to.
    pub edition: &'a Edition,
    /// What the answer gives.
    pub claimed: Status,
    /// The answer.
    pub paper: &'a Paper,
    /// All answers of the submission.
    pub papers: &'a Papers,
    /// What the library says of the files.
    pub files: &'a BTreeMap<EvidenceId, FileFact>,
    /// Last year's submission.
    pub before: Option<Before<'a>>,
    /// Certificates and services of the organisation as they are now.
    pub holdings: &'a Holdings,
    /// The day on which it is looked at.
    pub today: Day,
}

/// Everything that the rules find about an answer, doubts first.
pub(in crate::review) fn checks(about: &About<'_>) -> Vec<Check> {
    let mut found = Vec::new();
    exempt_without_certificate(about, &mut found);
    not_relevant_against_the_rest(about, &mut found);
    stale_evidence(about, &mut found);
    raised_without_evidence(about, &mut found);
    same_bytes(about, &mut found);
    unchanged(about, &mut found);
    found.sort_by_key(|check| check.weight == Weight::Notice);
    found
}

fn doubt(found: &mut Vec<Check>, words: String) {
    found.push(Check { weight: Weight::Doubt, words });
}

fn notice(found: &mut Vec<Check>, words: String) {
    found.push(Check { weight: Weight::Notice, words });
}

/// Exempt by a certificate that does not count today.
fn exempt_without_certificate(about: &About<'_>, found: &mut Vec<Check>) {
    if about.claimed != Status::Exempt {
        return;
    }
    let exemption = about.papers.circumstances().and_then(|circumstances| {
        circumstances.exemptions.iter().find(|one| one.requirement == about.requirement.code.as_str())
    });
    let Some(exemption) = exemption else {
        return doubt(
            found,
            "It is claimed to be exempt, and the submission names no certificate.".to_owned(),
        );
    };
    let held = about.holdings.certificates.iter().find(|held| held.id.get() == exemption.certificate);
    let Some(held) = held else {
        let words = "It is claimed to be exempt by a certificate that is not on record any more.";
        return doubt(found, words.to_owned());
    };
    let whole = about.edition.exemptions().iter().any(|rule| rule.code == exemption.rule && rule.whole_scope);
    let test = if whole { ScopeTest::AllServices } else { ScopeTest::Any };
    if let Some(short) = held.counts_on(about.today, test, &about.holdings.services) {
        doubt(found, format!("It is claimed to be exempt by {}, but {}.", held.name(), short.words()));
    }
}

/// Said not to be relevant, where a certificate, a file or last year says that it is.
fn not_relevant_against_the_rest(about: &About<'_>, found: &mut Vec<Check>) {
    if about.claimed != Status::NotRelevant {
        return;
    }
    let rules = about.edition.exemptions().iter();
    let named = rules.filter(|rule| rule.requirements.contains(&about.requirement.code));
    for rule in named {
        let held = about.holdings.certificates.iter().find(|held| {
            held.kind == rule.certificate
                && held.counts_on(about.today, ScopeTest::Any, &about.holdings.services).is_none()
        });
        if let Some(held) = held {
            let words = format!("It is said not to be relevant, but {} covers what it asks.", held.name());
            doubt(found, words);
        }
    }
    if !about.paper.files.is_empty() {
        doubt(found, "It is said not to be relevant, yet evidence is attached.".to_owned());
    }
    if let Some(Status::Level(level)) = about.before.as_ref().and_then(|before| before.claimed) {
        let words = format!("It is said not to be relevant; last year it was claimed at level {level}.");
        doubt(found, words);
    }
}

/// Evidence whose last day is over.
fn stale_evidence(about: &About<'_>, found: &mut Vec<Check>) {
    for file in &about.paper.files {
        let ended = about.files.get(&file.id).and_then(|fact| fact.ended(about.today));
        if let Some(day) = ended {
            doubt(found, format!("The evidence \"{}\" was valid until {}.", file.name, day.words()));
        }
    }
}

/// Two levels or more above last year's claim, and no file that was not there last year.
fn raised_without_evidence(about: &About<'_>, found: &mut Vec<Check>) {
    let Some(before) = &about.before else { return };
    let (Some(then), Some(now)) = (before.claimed.and_then(step), step(about.claimed)) else { return };
    if now < then + 2 {
        return;
    }
    let old = before.papers.of(about.requirement.code.as_str());
    let is_new = |sha256: &str| old.is_none_or(|old| old.files.iter().all(|file| file.sha256 != sha256));
    if !about.paper.files.iter().any(|file| is_new(&file.sha256)) {
        let words = format!(
            "The claim is {} steps above last year's ({}), and no new evidence is attached.",
            now - then,
            before.claimed.map(Status::label).unwrap_or_default()
        );
        doubt(found, words);
    }
}

/// The place of a status on its ladder, where it is on one.
fn step(status: Status) -> Option<u8> {
    match status {
        Status::Level(level) => Some(level),
        Status::Outcome(level) => Some(level.rank()),
        _ => None,
    }
}

/// A file whose very bytes stand beside another answer, or stood beside one last year.
fn same_bytes(about: &About<'_>, found: &mut Vec<Check>) {
    let code = about.requirement.code.as_str();
    for file in &about.paper.files {
        let others: Vec<&str> = about.papers.beside(&file.sha256).filter(|other| *other != code).collect();
        if !others.is_empty() {
            let words = format!("\"{}\" is the same file as at {}.", file.name, some_of(&others));
            notice(found, words);
        }
        let Some(before) = &about.before else { continue };
        let earlier: Vec<&str> = before.papers.beside(&file.sha256).collect();
        if earlier.contains(&code) {
            notice(found, format!("\"{}\" is the same file as last year.", file.name));
        } else if !earlier.is_empty() {
            let words =
                format!("\"{}\" is the file that stood at {} last year.", file.name, some_of(&earlier));
            doubt(found, words);
        }
    }
}

/// Codes that are named before the rest is only counted.
const NAMED: usize = 3;

fn some_of(codes: &[&str]) -> String {
    let named = codes.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match codes.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// The same words as last year.
fn unchanged(about: &About<'_>, found: &mut Vec<Check>) {
    let old = about.before.as_ref().and_then(|before| before.papers.of(about.requirement.code.as_str()));
    if about.paper.is_answered() && old.is_some_and(|old| about.paper.says_the_same(old)) {
        notice(found, "The answer is the same as last year's, word for word.".to_owned());
    }
}

#[cfg(test)]
mod tests;
