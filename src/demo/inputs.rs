//! The nation's answers and decisions in the form that scoring and storage take.

use std::collections::BTreeMap;

use super::nation::Nation;
use super::nation::returns::ReturnRecord;
use crate::standards::scoring::{Answered, Certificate, PlanStanding, ScoreInput};
use crate::standards::{
    AnswerError, AnswerValue, CertificateKind, Edition, KeyError, RequirementCode, RequirementKind, SectorKey,
};

/// Why a generated answer does not fit the edition: always a fault of the generator or of the shape it was given.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The organisation of the return is not in the nation.
    #[error("return of organisation {0}, which the nation does not have")]
    NoOrganisation(u32),
    /// The answer belongs to a requirement that the edition does not have.
    #[error("answer to requirement number {0}, which the edition does not have")]
    NoRequirement(usize),
    /// The answer is not of the right form.
    #[error("answer to {0}: {1:?}")]
    Answer(RequirementCode, AnswerError),
    /// A key is not known.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// What a return is scored from on the day of its year's deadline. The plan is the one that the return left with: a
/// return with admitted gaps has one.
pub fn claimed_input(
    nation: &Nation,
    edition: &Edition,
    record: &ReturnRecord,
) -> Result<ScoreInput, InputError> {
    let organisation =
        nation.organisation(record.organisation).ok_or(InputError::NoOrganisation(record.organisation.0))?;
    let sector = SectorKey::new(organisation.sector.key())?;
    let profile = record.profile.and_then(|at| edition.profiles().get(at)).map(|profile| profile.key.clone());
    let deadline = nation.years.get(record.year).map_or(nation.as_of, |year| year.deadline);
    let mut input = ScoreInput::new(sector, profile, deadline);
    input.certificates = certificates(record)?;
    if record.gaps_admitted {
        input.plan = PlanStanding::Submitted;
    }
    input.approached_before = nation.approached_before(record.organisation, record.year);
    for answer in &record.answers {
        let requirement = edition
            .requirements()
            .get(answer.requirement)
            .ok_or(InputError::NoRequirement(answer.requirement))?;
        let value = AnswerValue::parse(requirement, &answer.value.to_json())
            .map_err(|error| InputError::Answer(requirement.code.clone(), error))?;
        let answered = Answered { attached_files: answer.attachments.len(), ..Answered::new(value) };
        input.answers.insert(requirement.code.clone(), answered);
    }
    Ok(input)
}

/// The certificates that were held at the deadline, which nobody has entered into a library.
pub fn certificates(record: &ReturnRecord) -> Result<Vec<Certificate>, KeyError> {
    let held = record.certificates.iter().map(|held| {
        Ok(Certificate {
            id: None,
            void: None,
            kind: CertificateKind::new(held.kind.key())?,
            valid_from: held.valid_from,
            valid_to: held.valid_to,
            whole_scope: held.whole_scope,
            coverage: None,
        })
    });
    held.collect()
}

/// The input after the review: as claimed, with the plan as it stands now.
pub fn assessed_input(
    nation: &Nation,
    edition: &Edition,
    record: &ReturnRecord,
) -> Result<ScoreInput, InputError> {
    let mut input = claimed_input(nation, edition, record)?;
    input.plan = match &record.plan {
        Some(plan) if plan.agreed.is_some() => PlanStanding::Approved,
        Some(_) => PlanStanding::Submitted,
        None => PlanStanding::None,
    };
    Ok(input)
}

/// The reviewer's status bytes by requirement, as [`reassess`](crate::standards::scoring::reassess) takes them.
/// Ranks of levels, items and outcomes are the bytes of the packed vector.
#[must_use]
pub fn assessed_bytes(edition: &Edition, record: &ReturnRecord) -> BTreeMap<RequirementCode, u8> {
    let decisions = record.review.iter().flat_map(|review| &review.decisions);
    decisions
        .filter_map(|decision| {
            let requirement = edition.requirements().get(decision.requirement)?;
            debug_assert!(
                decision.assessed <= 1 || !matches!(requirement.kind, RequirementKind::Item { .. }),
                "an item is complete or not"
            );
            Some((requirement.code.clone(), decision.assessed))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;

    use super::*;
    use crate::demo::editions::{SampleStandard, four_years};
    use crate::demo::nation::grades::Status;
    use crate::demo::nation::organisations::OrganisationIx;
    use crate::demo::nation::sector::Scale;
    use crate::demo::nation::{Nation, NationPlan};
    use crate::demo::shapes::shape_of;
    use crate::standards::scoring::{Score, reassess, score};

    fn nation(standard: SampleStandard, seed: u64) -> (Nation, [Edition; 4]) {
        let as_of = date(2026, 11, 21);
        let editions = four_years(standard, as_of).unwrap();
        let shapes = editions.each_ref().map(|edition| Arc::new(shape_of(edition).unwrap()));
        let plan = NationPlan { seed, scale: Scale::Small, as_of, shapes };
        (Nation::generate(&plan), editions)
    }

    fn assert_same(score: &Score, status: Status, whose: &str) {
        let grade = serde_json::to_value(score.grade).unwrap();
        assert_eq!(grade, status.grade.key(), "{whose}: {:?}", score.reasons);
        assert_eq!(score.percentage, status.percentage, "{whose}");
    }

    #[test]
    fn the_scoring_engine_comes_to_the_same_grades() {
        for standard in SampleStandard::ALL {
            let (nation, editions) = nation(standard, 21);
            let (mut claims, mut reviews) = (0, 0);
            for (year, edition) in editions.iter().enumerate() {
                for index in (0..nation.organisations.len()).step_by(11) {
                    let here = OrganisationIx(u32::try_from(index).unwrap());
                    let Some(record) = nation.return_of(here, year) else { continue };
                    let Some(claimed) = record.claimed else { continue };
                    let whose = &nation.organisations[index].name;
                    let input = claimed_input(&nation, edition, &record).unwrap();
                    assert_same(&score(edition, &input).unwrap(), claimed, whose);
                    claims += 1;
                    let after = assessed_input(&nation, edition, &record).unwrap();
                    let bytes = assessed_bytes(edition, &record);
                    if let Some(assessed) = record.assessed {
                        let found = reassess(edition, &after, &bytes).unwrap();
                        assert_same(&found.assessed, assessed, whose);
                        reviews += 1;
                    }
                    if let (Some(published), true) = (&record.published, record.submission.is_some()) {
                        assert_same(
                            &reassess(edition, &after, &bytes).unwrap().assessed,
                            published.status,
                            whose,
                        );
                    }
                }
            }
            println!("{standard:?}: {claims} claims and {reviews} reviews agree with the engine");
            assert!(claims > 60 && reviews > 60, "{standard:?}: {claims} {reviews}");
        }
    }
}
