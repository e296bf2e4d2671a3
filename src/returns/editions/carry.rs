//! Which of last year's answers become answers to confirm, and beside which questions last year's evidence stands.
//! Pure: whatever a mapping says, an answer is carried here, or listed among what is asked no more.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::platform::canonical::to_string;
use crate::platform::error::{Error, Result};
use crate::platform::ids::EvidenceId;
use crate::returns::model::{SnapshotAnswer, SnapshotEvidence};
use crate::returns::save_answer::COMMENT_LIMIT;
use crate::returns::words::words;
use crate::standards::mapping::EditionChange;
use crate::standards::{AnswerValue, Asked, Requirement};

/// One answer to confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenAnswer {
    /// The position of the requirement in the newer edition.
    pub to: usize,
    /// Canonical JSON of the value, or `null`.
    pub value: String,
    /// The comment.
    pub comment: String,
}

/// What is carried forward.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// At most one for each requirement, in edition order.
    pub answers: Vec<TakenAnswer>,
    /// Evidence by position of the requirement.
    pub evidence: BTreeSet<(usize, EvidenceId)>,
    /// Of the answers, those that fit this year's question no more and became text.
    pub as_text: usize,
    /// Of the answers, those that came from several that do not say the same, and so have no value.
    pub to_decide: usize,
}

/// What is carried from earlier answers to an organisation that is asked this of the newer edition.
///
/// # Errors
/// When a value does not serialise, which is a fault.
pub fn taken(answers: &[SnapshotAnswer], change: &EditionChange, asked: &[Asked]) -> Result<Taken> {
    let said: HashMap<&str, &SnapshotAnswer> =
        answers.iter().map(|answer| (answer.requirement.as_str(), answer)).collect();
    let old = |at: &usize| {
        let requirement = change.from().requirements().get(*at)?;
        Some((requirement, *said.get(requirement.code.as_str())?))
    };
    let mut taken = Taken::default();
    for (to, now) in change.to().requirements().iter().enumerate() {
        if asked.get(to).is_none_or(|asked| *asked == Asked::NotAsked) {
            continue;
        }
        let sources: Vec<(&Requirement, &SnapshotAnswer)> =
            change.sources(to).iter().filter_map(old).collect();
        let serving = change.served_by(to).iter().filter_map(old);
        for (_, answer) in sources.iter().copied().chain(serving) {
            taken.evidence.extend(answer.evidence.iter().map(|file| (to, file.id)));
        }
        let spoken: Vec<(&Requirement, &SnapshotAnswer)> =
            sources.iter().copied().filter(|(_, answer)| says_something(answer)).collect();
        match (spoken.as_slice(), change.sources(to).len()) {
            ([], _) => {}
            ([(before, answer)], 1) => {
                let (value, comment, fits) = fit(answer, before, now)?;
                taken.as_text += usize::from(!fits);
                taken.answers.push(TakenAnswer { to, value, comment });
            }
            (several, count) => {
                let value = agreed(several, count, now)?;
                taken.to_decide += usize::from(value.is_none());
                let value = value.unwrap_or_else(|| "null".to_owned());
                taken.answers.push(TakenAnswer { to, value, comment: comments(several) });
            }
        }
    }
    Ok(taken)
}

/// Whether somebody said anything.
pub(super) fn says_something(answer: &SnapshotAnswer) -> bool {
    !answer.value.is_null() || !answer.comment.is_empty()
}

/// The old answer as an answer to this year's question; where it is none, its words join the comment.
fn fit(old: &SnapshotAnswer, before: &Requirement, now: &Requirement) -> Result<(String, String, bool)> {
    if old.value.is_null() {
        return Ok(("null".to_owned(), old.comment.clone(), true));
    }
    if let Ok(value) = AnswerValue::parse(now, &old.value) {
        return Ok((to_string(&value.to_json())?, old.comment.clone(), true));
    }
    let said = match AnswerValue::parse(before, &old.value) {
        Ok(value) => words(before, &value).join("\n"),
        Err(_) => to_string(&old.value)?,
    };
    let note =
        format!("The question has changed, so last year's answer could not be carried over. It was:\n{said}");
    let comment = if old.comment.is_empty() { note } else { format!("{}\n\n{note}", old.comment) };
    Ok(("null".to_owned(), comment, false))
}

/// The value that every one of several answers gives; none as soon as one is missing or says something else.
fn agreed(
    several: &[(&Requirement, &SnapshotAnswer)],
    count: usize,
    now: &Requirement,
) -> Result<Option<String>> {
    if several.len() != count {
        return Ok(None);
    }
    let mut agreed: Option<String> = None;
    for (_, answer) in several {
        let Ok(value) = AnswerValue::parse(now, &answer.value) else { return Ok(None) };
        let text = to_string(&value.to_json())?;
        if agreed.as_ref().is_some_and(|first| *first != text) {
            return Ok(None);
        }
        agreed = Some(text);
    }
    Ok(agreed)
}

/// The comments of several answers under their codes. More than a comment can hold is left to the answers themselves,
/// which stay readable beside the question.
fn comments(several: &[(&Requirement, &SnapshotAnswer)]) -> String {
    let said: Vec<String> = several
        .iter()
        .filter(|(_, answer)| !answer.comment.is_empty())
        .map(|(before, answer)| format!("{} {}:\n{}", before.code, before.title, answer.comment))
        .collect();
    let all = said.join("\n\n");
    if all.chars().count() > COMMENT_LIMIT { String::new() } else { all }
}

/// An answer that no question took the place of between the edition in which it was given and the one before a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftBehind {
    /// Code and title of what was asked.
    pub heading: String,
    /// What was asked.
    pub text: String,
    /// Why it went no further.
    pub why: String,
    /// What was answered, in words.
    pub lines: Vec<String>,
    /// The comment.
    pub comment: String,
    /// The names of the evidence.
    pub files: Vec<String>,
}

/// Answers to an older edition as answers to the next one, in which everything is put to the organisation, and what went no
/// further.
///
/// # Errors
/// When a value does not serialise, which is a fault.
pub fn passed_on(
    answers: &[SnapshotAnswer],
    change: &EditionChange,
) -> Result<(Vec<SnapshotAnswer>, Vec<LeftBehind>)> {
    let to = change.to().requirements();
    let taken = taken(answers, change, &vec![Asked::Optional; to.len()])?;
    let files: HashMap<EvidenceId, &SnapshotEvidence> =
        answers.iter().flat_map(|answer| &answer.evidence).map(|file| (file.id, file)).collect();
    let mut next: BTreeMap<usize, SnapshotAnswer> = BTreeMap::new();
    for (at, requirement) in to.iter().enumerate() {
        let own = taken.answers.iter().find(|answer| answer.to == at);
        let beside = taken.evidence.iter().filter(|(to, _)| *to == at).filter_map(|(_, id)| files.get(id));
        let evidence: Vec<SnapshotEvidence> = beside.map(|file| (*file).clone()).collect();
        if own.is_none() && evidence.is_empty() {
            continue;
        }
        let value: Value = match own {
            None => Value::Null,
            Some(own) => serde_json::from_str(&own.value)
                .map_err(|e| Error::internal("failed to read an answer that is passed on", e))?,
        };
        let comment = own.map(|own| own.comment.clone()).unwrap_or_default();
        let requirement = requirement.code.to_string();
        next.insert(at, SnapshotAnswer { requirement, value, comment, evidence });
    }
    let left = left_behind(answers, change, &next);
    Ok((next.into_values().collect(), left))
}

/// What has no place in the next edition, or stands there beside others that say something else.
fn left_behind(
    answers: &[SnapshotAnswer],
    change: &EditionChange,
    next: &BTreeMap<usize, SnapshotAnswer>,
) -> Vec<LeftBehind> {
    let mut left = Vec::new();
    for (old, requirement) in change.from().requirements().iter().enumerate() {
        let said = answers.iter().find(|answer| answer.requirement == requirement.code.as_str());
        let Some(said) = said.filter(|said| says_something(said) || !said.evidence.is_empty()) else {
            continue;
        };
        let is_lost = |to: &usize| {
            let Some(now) = next.get(to) else { return true };
            let merged = change.sources(*to).len() > 1;
            merged && (now.value.is_null() && !said.value.is_null())
                || merged && now.comment.is_empty() && !said.comment.is_empty()
        };
        let places = change.carried_to(old);
        let why = if places.is_empty() {
            let note = change.note_of_old(old);
            format!("It was asked no more after {}. {note}", change.since()).trim_end().to_owned()
        } else if places.iter().all(is_lost) {
            format!("After {} it became one with others that did not say the same.", change.since())
        } else {
            continue;
        };
        left.push(LeftBehind {
            heading: format!("{} {}", requirement.code, requirement.title),
            text: requirement.text.clone(),
            why,
            lines: said_in_words(requirement, &said.value),
            comment: said.comment.clone(),
            files: said.evidence.iter().map(|file| file.name.clone()).collect(),
        });
    }
    left
}

/// What an answer says. What was said once never changes, so it is shown as it is where the edition no longer reads it.
pub(super) fn said_in_words(requirement: &Requirement, value: &Value) -> Vec<String> {
    if value.is_null() {
        return Vec::new();
    }
    match AnswerValue::parse(requirement, value) {
        Ok(value) => words(requirement, &value),
        Err(_) => vec![value.to_string()],
    }
}

/// The older requirements that no question put to the organisation takes the place of.
#[must_use]
pub fn asked_no_more(change: &EditionChange, asked: &[Asked]) -> Vec<usize> {
    let is_put = |to: &usize| asked.get(*to).is_some_and(|asked| *asked != Asked::NotAsked);
    (0..change.from().requirements().len())
        .filter(|old| !change.carried_to(*old).iter().any(is_put))
        .collect()
}
