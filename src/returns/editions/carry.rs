//! Which of last year's answers become answers to confirm, and beside which questions last year's evidence stands.
//! Pure: whatever a mapping says, an answer is carried here, or listed among what is asked no more.

use std::collections::{BTreeSet, HashMap};

use crate::platform::canonical::to_string;
use crate::platform::error::Result;
use crate::platform::ids::EvidenceId;
use crate::returns::model::{Snapshot, SnapshotAnswer};
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

/// What is carried from a submission to an organisation that is asked this of the newer edition.
///
/// # Errors
/// When a value does not serialise, which is a fault.
pub fn taken(snapshot: &Snapshot, change: &EditionChange, asked: &[Asked]) -> Result<Taken> {
    let said: HashMap<&str, &SnapshotAnswer> =
        snapshot.answers.iter().map(|answer| (answer.requirement.as_str(), answer)).collect();
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

/// The older requirements that no question put to the organisation takes the place of.
#[must_use]
pub fn asked_no_more(change: &EditionChange, asked: &[Asked]) -> Vec<usize> {
    let is_put = |to: &usize| asked.get(*to).is_some_and(|asked| *asked != Asked::NotAsked);
    (0..change.from().requirements().len())
        .filter(|old| !change.carried_to(*old).iter().any(is_put))
        .collect()
}
