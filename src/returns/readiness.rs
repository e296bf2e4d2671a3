//! How far a return has got, requirement by requirement, and what still keeps it from being ready.

use std::collections::HashMap;

use serde_json::Value;

use super::circumstances::Excuse;
use super::library::Fault;
use super::model::{AnswerState, Block, Standing, StoredAnswer};
use super::store::{Attached, Found, Held};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::RequirementId;
use crate::standards::{AnswerValue, Asked, ProfileKey, Requirement};

/// One requirement as it stands in a return.
#[derive(Debug)]
pub struct Line<'a> {
    /// What is asked.
    pub requirement: &'a Requirement,
    /// Its row.
    pub id: RequirementId,
    /// Whether it counts for this organisation.
    pub asked: Asked,
    /// The stored answer.
    pub answer: Option<&'a StoredAnswer>,
    /// Its value, read.
    pub value: Option<AnswerValue>,
    /// Files attached.
    pub files: usize,
    /// Why it needs no answer of its own, where it needs none.
    pub excuse: Option<Excuse>,
    /// The worst that is wrong with them.
    pub fault: Option<Fault>,
    /// Whether the value is known to say all that is asked without having been read.
    pub evident: bool,
}

impl Found {
    /// The profile's key, where the edition has profiles.
    ///
    /// # Errors
    /// When the stored profile is no key, which is a fault.
    pub fn profile_key(&self) -> Result<Option<ProfileKey>> {
        if self.profile.is_empty() {
            return Ok(None);
        }
        ProfileKey::new(&self.profile)
            .map(Some)
            .map_err(|e| Error::internal(format!("failed to read the profile of return {}", self.id), e))
    }

    /// Whether a requirement counts for this organisation.
    ///
    /// # Errors
    /// As [`Found::profile_key`].
    pub fn asks(&self, requirement: &Requirement) -> Result<Asked> {
        Ok(self.edition.edition().asked(requirement, self.sector, self.profile_key()?.as_ref()))
    }
}

/// Reads a stored value; `None` where there is only a comment.
///
/// # Errors
/// When it is not an answer to its requirement, which is a fault.
pub fn read_value(requirement: &Requirement, stored: &str) -> Result<Option<AnswerValue>> {
    if stored == "null" {
        return Ok(None);
    }
    let doing = || format!("failed to read the stored answer to {}", requirement.code);
    let value: Value = serde_json::from_str(stored).map_err(|e| Error::internal(doing(), e))?;
    AnswerValue::parse(requirement, &value).map(Some).map_err(|e| Error::internal(doing(), e))
}

/// Whether a stored value of a confirmed answer says all that is asked whatever else it says: canonical JSON begins with
/// what was answered. Documents and outcomes without a tick need a second look.
fn is_evident(stored: &str) -> bool {
    let doubtful = ["null", "{\"documents\":", "{\"indicators\":[]"];
    !doubtful.iter().any(|start| stored.starts_with(start))
}

/// A version of a piece of evidence that stands beside an answer, however much was read of it.
pub trait Attachment {
    /// The requirement whose answer it stands beside.
    fn requirement(&self) -> RequirementId;

    /// What is wrong with it on this day.
    fn fault(&self, on: Day) -> Option<Fault>;
}

impl Attachment for Attached {
    fn requirement(&self) -> RequirementId {
        self.requirement
    }

    fn fault(&self, on: Day) -> Option<Fault> {
        Fault::of(self.scan, self.removed, self.valid_to, on)
    }
}

impl Attachment for Held {
    fn requirement(&self) -> RequirementId {
        self.requirement
    }

    fn fault(&self, on: Day) -> Option<Fault> {
        Fault::of(self.scan, self.removed, self.valid_to, on)
    }
}

/// Every requirement of the edition, in its order, as it stands at this moment: evidence goes out of date by itself.
///
/// # Errors
/// When something stored cannot be read, which is a fault.
pub fn lines<'a>(
    found: &'a Found,
    answers: &'a [StoredAnswer],
    files: &[impl Attachment],
    now: Timestamp,
) -> Result<Vec<Line<'a>>> {
    lines_reading(found, answers, files, now, |_| true)
}

/// As [`lines`], for a list that shows how far each requirement has got and no value: a value is read only where it decides
/// whether the answer is complete, which is the smaller part of a long return.
///
/// # Errors
/// As [`lines`].
pub(super) fn lines_at_a_glance<'a>(
    found: &'a Found,
    answers: &'a [StoredAnswer],
    files: &[impl Attachment],
    now: Timestamp,
) -> Result<Vec<Line<'a>>> {
    lines_reading(found, answers, files, now, |answer| {
        answer.state == AnswerState::Confirmed && !is_evident(&answer.value)
    })
}

fn lines_reading<'a>(
    found: &'a Found,
    answers: &'a [StoredAnswer],
    files: &[impl Attachment],
    now: Timestamp,
    reads: impl Fn(&StoredAnswer) -> bool,
) -> Result<Vec<Line<'a>>> {
    let (edition, today) = (found.edition.edition(), now.london_day());
    let by_requirement: HashMap<RequirementId, &StoredAnswer> =
        answers.iter().map(|answer| (answer.requirement, answer)).collect();
    let mut evidence: HashMap<RequirementId, (usize, Option<Fault>)> = HashMap::new();
    for file in files {
        let (count, worst) = evidence.entry(file.requirement()).or_default();
        *count += 1;
        // What was sent rests on its pieces whatever becomes of them in the library.
        let fault = file.fault(today).filter(|fault| *fault != Fault::Removed || !found.state.is_sent());
        *worst = (*worst).max(fault);
    }
    let asked = edition.asked_of(found.sector, found.profile_key()?.as_ref());
    edition
        .requirements()
        .iter()
        .zip(found.edition.requirement_ids().iter())
        .zip(asked)
        .map(|((requirement, id), asked)| {
            let answer = by_requirement.get(id).copied();
            let value = match answer.filter(|answer| reads(answer)) {
                Some(answer) => read_value(requirement, &answer.value)?,
                None => None,
            };
            let evident = value.is_none() && answer.is_some_and(|answer| is_evident(&answer.value));
            let (files, fault) = evidence.get(id).copied().unwrap_or_default();
            let excuse = found.excuse(requirement, asked, today);
            Ok(Line { requirement, id: *id, asked, answer, value, files, fault, excuse, evident })
        })
        .collect()
}

impl Line<'_> {
    /// Whether the answer is finished: said to be by somebody, and saying all that is asked.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.answer.is_some_and(|answer| answer.state == AnswerState::Confirmed)
            && self.says_all()
            && self.fault.is_none()
    }

    /// What is wrong with the evidence beside an answer that goes into the submission. Whatever is confirmed is submitted
    /// with its evidence, so this blocks where the requirement is optional, exempt or covered by the improvement plan, too.
    #[must_use]
    pub fn submitted_fault(&self) -> Option<Fault> {
        let confirmed = self.answer.is_some_and(|answer| answer.state == AnswerState::Confirmed);
        self.fault.filter(|_| confirmed && self.asked != Asked::NotAsked)
    }

    /// Whether nothing more is needed: it is answered, or it is exempt or covered by the improvement plan and no fault of
    /// its evidence would be submitted.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.excuse.is_some() && self.submitted_fault().is_none() || self.is_answered()
    }

    /// What keeps the return from being ready here, as a sentence: of what counts everything that is missing, of the rest
    /// a fault that would be submitted.
    #[must_use]
    pub fn blocks(&self) -> Option<&'static str> {
        match self.asked {
            Asked::Mandatory => self.reason(),
            Asked::Optional | Asked::NotAsked => self.submitted_fault().map(Fault::sentence),
        }
    }

    /// What keeps this requirement from being settled, as a sentence.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        if self.excuse.is_some() {
            return self.submitted_fault().map(Fault::sentence);
        }
        match self.answer.map(|answer| answer.state) {
            None => Some("There is no answer yet."),
            Some(AnswerState::ToConfirm) => Some("Last year's answer must be confirmed or changed."),
            Some(AnswerState::Draft) => Some("The answer is still in progress."),
            Some(AnswerState::Confirmed) if self.says_all() => self.fault.map(Fault::sentence),
            Some(AnswerState::Confirmed) => match &self.value {
                Some(AnswerValue::Documents { provided: true, .. }) => {
                    Some("The answer says that documents are attached, but there are none.")
                }
                Some(AnswerValue::Documents { provided: false, .. }) => {
                    Some("Explain why the documents are not attached.")
                }
                _ => Some("The answer is not complete."),
            },
        }
    }

    /// An honest "no" is an answer: it costs the grade, but it must be possible to submit it. Documents that are not
    /// there need a word of explanation.
    fn says_all(&self) -> bool {
        match &self.value {
            None => self.evident,
            Some(AnswerValue::Confirmation { confirmed: false, .. }) => true,
            Some(AnswerValue::Documents { provided: false, text }) => text.is_some(),
            Some(value) => value.is_complete(self.requirement, self.files),
        }
    }
}

/// The address of a return.
#[must_use]
pub fn return_href(code: &str, year: &str) -> String {
    format!("/organisations/{code}/returns/{year}")
}

/// The address of one question of a return.
#[must_use]
pub fn question_href(code: &str, year: &str, requirement: &str) -> String {
    format!("{}/requirements/{requirement}", return_href(code, year))
}

/// Where the return stands now by itself. What its sites still need is for [`super::sites::whole_standing`] to say.
#[must_use]
pub fn standing(found: &Found, lines: &[Line<'_>], now: Timestamp) -> Standing {
    let asked = lines.iter().filter(|line| line.asked == Asked::Mandatory);
    let settled = asked.clone().filter(|line| line.blocks().is_none()).count();
    let blocks: Vec<Block> = lines
        .iter()
        .filter_map(|line| {
            Some(Block {
                requirement: line.requirement.code.to_string(),
                title: line.requirement.title.clone(),
                reason: line.blocks()?.to_owned(),
                href: question_href(&found.code, &found.collection.key, line.requirement.code.as_str()),
            })
        })
        .collect();
    Standing {
        state: found.state,
        asked: asked.count(),
        settled,
        blocks,
        sites: None,
        due_at: found.collection.due_at(found.extension),
        taken_until: found.collection.taken_until(found.extension),
        open: found.collection.takes_returns(now, found.extension),
    }
}
