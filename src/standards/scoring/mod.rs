//! Scoring: from an edition and a set of answers to a grade that explains itself. Pure and exact: whole numbers only,
//! no clock, no database. A score is made in two steps, so that a review can replace what the first one found:
//! every requirement gets a status (one file per scheme), and the statuses give the grade.

mod assertions;
mod exemption;
mod input;
mod levels;
mod outcomes;
mod packed;
mod reassess;
mod result;
mod rollup;
mod status;
#[cfg(test)]
mod tests;

pub use input::{Answered, Certificate, Coverage, PlanStanding, ScoreInput};
pub use outcomes::{ColumnTicks, decide_outcome};
pub use packed::{PackedInput, PackedScore, PackedScorer};
pub use reassess::{ReassessError, Reassessed, StatusChange, reassess};
pub use result::{GradeKey, Reason, RequirementScore, Score, SectionScore};
pub use status::{BYTE_EXCUSED, BYTE_NONE, BYTE_NOT_RELEVANT, Status};

use std::sync::Arc;

use jiff::civil::Date;

use super::keys::{ProfileKey, RequirementCode};
use super::model::{Asked, Edition, Requirement, Scheme};
use crate::platform::clock::Day;

/// Why a set of answers cannot be scored at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScoreError {
    /// The named profile is not in the edition.
    #[error("edition {edition} has no profile \"{profile}\"; it has {known}")]
    UnknownProfile {
        /// The key of the edition.
        edition: String,
        /// The profile asked for.
        profile: String,
        /// The profiles there are, for the message.
        known: String,
    },
    /// No profile was named and the sector has no default one.
    #[error("edition {edition} has no profile for the sector {sector}: name one of {known}")]
    NoProfile {
        /// The key of the edition.
        edition: String,
        /// The sector of the organisation.
        sector: String,
        /// The profiles there are, for the message.
        known: String,
    },
    /// There is an answer to a requirement the edition does not have.
    #[error("there is an answer to \"{0}\", which is not a requirement of this edition")]
    UnknownRequirement(RequirementCode),
    /// An answer is not of the kind its requirement takes.
    #[error("the answer to \"{0}\" is not of the kind this requirement takes")]
    WrongKind(RequirementCode),
}

/// Scores a set of answers under an edition's rules. The same edition and input always give the same score.
pub fn score(edition: &Edition, input: &ScoreInput) -> Result<Score, ScoreError> {
    let profile = resolve_profile(edition, input)?;
    check_answers(edition, input)?;
    let context = Context { edition, input, profile, rule_set: Arc::from(edition.rule_set()) };
    let requirements = edition
        .requirements()
        .iter()
        .map(|requirement| {
            let asked = edition.asked(requirement, input.sector, context.profile.as_ref());
            let answered = input.answers.get(&requirement.code);
            let judged =
                exemption::excused(&context, requirement, asked, answered).unwrap_or_else(|misses| {
                    let mut judged = match edition.scheme() {
                        Scheme::Levels(scheme) => {
                            levels::judge(scheme, requirement, context.profile.as_ref(), answered)
                        }
                        Scheme::Assertions(_) => assertions::judge(&context, requirement, asked, answered),
                        Scheme::Outcomes {} => {
                            outcomes::judge(requirement, context.profile.as_ref(), answered)
                        }
                    };
                    judged.explanation.extend(misses);
                    judged
                });
            judged.into_score(requirement, asked, &context)
        })
        .collect();
    Ok(finish(&context, requirements))
}

/// What both steps of scoring look at.
struct Context<'a> {
    edition: &'a Edition,
    input: &'a ScoreInput,
    /// The profile used: the one named, or the sector's default.
    profile: Option<ProfileKey>,
    rule_set: Arc<str>,
}

/// What a scheme finds out about one requirement.
struct Judged {
    status: Status,
    /// What the answer would give without the organisation's own override.
    computed: Option<Status>,
    expected: Option<Status>,
    met_expected: Option<bool>,
    explanation: Vec<Reason>,
}

impl Judged {
    fn into_score(self, requirement: &Requirement, asked: Asked, context: &Context) -> RequirementScore {
        RequirementScore {
            code: requirement.code.clone(),
            asked,
            status: self.status,
            byte: self.status.byte(),
            computed: self.computed,
            expected: self.expected,
            met_expected: self.met_expected,
            rule_set: Arc::clone(&context.rule_set),
            explanation: self.explanation,
        }
    }
}

/// What a scheme finds out about the whole.
struct Graded {
    grade: GradeKey,
    percentage: Option<u8>,
    band: Option<String>,
    reasons: Vec<Reason>,
}

/// The second step: grade and rollups from the statuses.
fn finish(context: &Context, requirements: Vec<RequirementScore>) -> Score {
    let graded = match context.edition.scheme() {
        Scheme::Levels(scheme) => levels::grade(scheme, &requirements),
        Scheme::Assertions(scheme) => assertions::grade(context, scheme, &requirements),
        Scheme::Outcomes {} => outcomes::grade(context, &requirements),
    };
    Score {
        edition: context.edition.key().clone(),
        edition_hash: context.edition.hash().to_hex(),
        rule_set: Arc::clone(&context.rule_set),
        scheme: context.edition.scheme().kind(),
        sector: context.input.sector,
        profile: context.profile.clone(),
        on: context.input.on,
        grade: graded.grade,
        percentage: graded.percentage,
        band: graded.band,
        reasons: graded.reasons,
        totals: rollup::totals(context.edition, &requirements),
        sections: rollup::sections(context.edition, &requirements),
        requirements,
    }
}

fn resolve_profile(edition: &Edition, input: &ScoreInput) -> Result<Option<ProfileKey>, ScoreError> {
    let known = || edition.profiles().iter().map(|p| p.key.as_str()).collect::<Vec<_>>().join(", ");
    if let Some(key) = &input.profile {
        return match edition.profile(key.as_str()) {
            Some(profile) => Ok(Some(profile.key.clone())),
            None => Err(ScoreError::UnknownProfile {
                edition: edition.key().to_string(),
                profile: key.to_string(),
                known: known(),
            }),
        };
    }
    match (edition.default_profile(input.sector), edition.scheme()) {
        (Some(profile), _) => Ok(Some(profile.key.clone())),
        // In an assertions edition the sector decides what is asked; a profile is only a name.
        (None, Scheme::Assertions(_)) => Ok(None),
        (None, Scheme::Levels(_) | Scheme::Outcomes {}) => Err(ScoreError::NoProfile {
            edition: edition.key().to_string(),
            sector: input.sector.to_string(),
            known: known(),
        }),
    }
}

fn check_answers(edition: &Edition, input: &ScoreInput) -> Result<(), ScoreError> {
    for (code, answered) in &input.answers {
        match edition.requirement(code.as_str()) {
            None => return Err(ScoreError::UnknownRequirement(code.clone())),
            Some(requirement) if !answered.value.fits(requirement) => {
                return Err(ScoreError::WrongKind(code.clone()));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// A day as people write it, such as `21 November 2026`; files have it in the inputs of a reason.
fn day_words(day: Date) -> String {
    Day::from(day).words()
}

/// "a", "a and b", "a, b and 3 more": codes for a sentence, never more than five of them.
fn list_codes(codes: &[&RequirementCode]) -> String {
    let shown: Vec<&str> = codes.iter().take(5).map(|code| code.as_str()).collect();
    match (codes.len(), shown.split_last()) {
        (_, None) => String::new(),
        (1, Some((only, _))) => (*only).to_owned(),
        (count, Some(_)) if count > shown.len() => {
            format!("{} and {} more", shown.join(", "), count - shown.len())
        }
        (_, Some((last, rest))) => format!("{} and {last}", rest.join(", ")),
    }
}
