//! Scoring from packed levels: the grade that a vector of status bytes gives under an edition's rules, without reading an
//! answer. What a byte says of an answer does not depend on the minima, so a correction of these needs nothing else. The
//! same grade as by the long way, which tests hold against each other.

use std::collections::HashMap;
use std::sync::Arc;

use super::input::PlanStanding;
use super::result::GradeKey;
use super::status::{BYTE_EXCUSED, BYTE_NONE, BYTE_NOT_RELEVANT};
use crate::standards::keys::{ProfileKey, SectorKey};
use crate::standards::model::{Asked, Edition, RequirementKind, Scheme, SchemeKind};

/// Byte of a mandatory item that is not complete.
const INCOMPLETE: u8 = 0;
/// Byte of a complete item.
const COMPLETE: u8 = 1;
/// Byte of an item that a certificate stands in for.
const EXEMPT: u8 = 2;

/// What a score rests on: the levels, and what else counts towards a grade.
#[derive(Debug, Clone, Copy)]
pub struct PackedInput<'a> {
    /// The sector of the organisation.
    pub sector: SectorKey,
    /// The profile it is held to; `None` means the sector's default profile.
    pub profile: Option<&'a ProfileKey>,
    /// One byte for each requirement, in edition order.
    pub levels: &'a [u8],
    /// How far its improvement plan had got.
    pub plan: PlanStanding,
    /// Whether it was graded *approaching standards* before.
    pub approached_before: bool,
    /// Whether it held the certificate that lifts *met* to *exceeded*.
    pub lifted: bool,
}

/// What the levels give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedScore {
    /// The grade.
    pub grade: GradeKey,
    /// Levels: the percentage.
    pub percentage: Option<u8>,
    /// Requirements that count for the organisation.
    pub asked: u32,
    /// Of those, the ones that meet what is expected of them.
    pub met: u32,
    /// The levels as a full score would write them; `None` where they are the ones given.
    pub levels: Option<Vec<u8>>,
}

/// What is asked at one position.
#[derive(Debug, Clone, Copy)]
struct Rule {
    asked: Asked,
    minimum: u8,
    in_subset: bool,
}

/// What is asked of each kind of organisation.
type Asking = HashMap<(SectorKey, Option<ProfileKey>), Arc<Vec<Rule>>>;

/// Scores vectors under one edition; remembers what is asked of each kind of organisation.
#[derive(Debug)]
pub struct PackedScorer<'a> {
    edition: &'a Edition,
    asking: Asking,
}

impl<'a> PackedScorer<'a> {
    /// A scorer under these rules.
    #[must_use]
    pub fn new(edition: &'a Edition) -> Self {
        Self { edition, asking: HashMap::new() }
    }

    /// The score of one vector.
    pub fn score(&mut self, input: &PackedInput<'_>) -> PackedScore {
        let rules = self.rules(input);
        let kind = self.edition.scheme().kind();
        let (mut asked, mut met) = (0, 0);
        let mut fresh: Option<Vec<u8>> = None;
        for (place, (rule, given)) in rules.iter().zip(input.levels).enumerate() {
            let byte = settled(kind, rule.asked, *given);
            if byte != *given {
                let levels = fresh.get_or_insert_with(|| input.levels.to_vec());
                if let Some(slot) = levels.get_mut(place) {
                    *slot = byte;
                }
            }
            if rule.asked == Asked::Mandatory {
                asked += 1;
                met += u32::from(meets(kind, *rule, byte) == Some(true));
            }
        }
        let levels = fresh.as_deref().unwrap_or(input.levels);
        let (grade, percentage) = self.grade(&rules, levels, input);
        PackedScore { grade, percentage, asked, met, levels: fresh }
    }

    /// Positions of the requirements that count and do not meet what is expected.
    pub fn gaps(&mut self, input: &PackedInput<'_>) -> Vec<usize> {
        let rules = self.rules(input);
        let kind = self.edition.scheme().kind();
        rules
            .iter()
            .zip(input.levels)
            .enumerate()
            .filter(|(_, (rule, given))| {
                rule.asked == Asked::Mandatory
                    && meets(kind, **rule, settled(kind, rule.asked, **given)) == Some(false)
            })
            .map(|(place, _)| place)
            .collect()
    }

    fn rules(&mut self, input: &PackedInput<'_>) -> Arc<Vec<Rule>> {
        let edition = self.edition;
        let profile = input
            .profile
            .cloned()
            .or_else(|| edition.default_profile(input.sector).map(|profile| profile.key.clone()));
        let made = self
            .asking
            .entry((input.sector, profile.clone()))
            .or_insert_with(|| Arc::new(rules_of(edition, input.sector, profile.as_ref())));
        Arc::clone(made)
    }

    fn grade(&self, rules: &[Rule], levels: &[u8], input: &PackedInput<'_>) -> (GradeKey, Option<u8>) {
        let mandatory = || rules.iter().zip(levels).filter(|(rule, _)| rule.asked == Asked::Mandatory);
        match self.edition.scheme() {
            Scheme::Levels(scheme) => {
                let relevant = || {
                    mandatory()
                        .map(|(_, byte)| *byte)
                        .filter(|byte| !matches!(*byte, BYTE_NOT_RELEVANT | BYTE_EXCUSED))
                };
                let sum: u32 = relevant().filter(|byte| *byte != BYTE_NONE).map(u32::from).sum();
                let count = u32::try_from(relevant().count()).unwrap_or(u32::MAX);
                let percentage = (sum * 100)
                    .checked_div(u32::from(scheme.max_level) * count)
                    .and_then(|percentage| u8::try_from(percentage).ok());
                let reached = |byte: u8| byte != BYTE_NONE && byte >= scheme.satisfactory_level;
                let satisfactory = count > 0 && relevant().all(reached);
                let grade = if satisfactory { GradeKey::Satisfactory } else { GradeKey::NotSatisfactory };
                (grade, percentage)
            }
            Scheme::Outcomes {} => {
                let mut counted = mandatory().filter(|(_, byte)| **byte != BYTE_EXCUSED).peekable();
                let any = counted.peek().is_some();
                let met = any && counted.all(|(rule, byte)| *byte != BYTE_NONE && *byte >= rule.minimum);
                let grade = match (met, input.plan) {
                    (true, _) => GradeKey::StandardsMet,
                    (false, PlanStanding::Approved) => GradeKey::ApproachingStandards,
                    (false, _) => GradeKey::StandardsNotMet,
                };
                (grade, None)
            }
            Scheme::Assertions(scheme) => {
                let done = |byte: u8| matches!(byte, COMPLETE | EXEMPT);
                let mut asked = mandatory().peekable();
                let any = asked.peek().is_some();
                if any && asked.all(|(_, byte)| done(*byte)) {
                    let lifted = scheme.exceeded_certificate.is_some() && input.lifted;
                    let grade = if lifted { GradeKey::StandardsExceeded } else { GradeKey::StandardsMet };
                    return (grade, None);
                }
                let approaching = if scheme.approaching_sectors_large.contains(&input.sector) {
                    input.plan == PlanStanding::Approved
                } else {
                    let mut subset = rules.iter().zip(levels).filter(|(rule, _)| rule.in_subset);
                    input.plan != PlanStanding::None
                        && !scheme.small_subset.is_empty()
                        && !input.approached_before
                        && subset.all(|(_, byte)| done(*byte))
                };
                let grade =
                    if approaching { GradeKey::ApproachingStandards } else { GradeKey::StandardsNotMet };
                (grade, None)
            }
        }
    }
}

/// The byte as a score writes it where the requirement is asked like this.
fn settled(kind: SchemeKind, asked: Asked, byte: u8) -> u8 {
    match (kind, asked, byte) {
        (_, Asked::NotAsked, _) => BYTE_NONE,
        (SchemeKind::Assertions, Asked::Mandatory, BYTE_NONE) => INCOMPLETE,
        (SchemeKind::Assertions, Asked::Optional, COMPLETE) => COMPLETE,
        (SchemeKind::Assertions, Asked::Optional, _) => BYTE_NONE,
        (_, _, byte) => byte,
    }
}

/// Whether a byte meets what is expected; `None` where nothing is.
fn meets(kind: SchemeKind, rule: Rule, byte: u8) -> Option<bool> {
    match (kind, byte) {
        (SchemeKind::Assertions, byte) => Some(matches!(byte, COMPLETE | EXEMPT)),
        (_, BYTE_EXCUSED) | (SchemeKind::Levels, BYTE_NOT_RELEVANT) => None,
        (_, BYTE_NONE) => Some(false),
        (_, byte) => Some(byte >= rule.minimum),
    }
}

fn rules_of(edition: &Edition, sector: SectorKey, profile: Option<&ProfileKey>) -> Vec<Rule> {
    let subset = match edition.scheme() {
        Scheme::Assertions(scheme) => Some(&scheme.small_subset),
        Scheme::Levels(_) | Scheme::Outcomes {} => None,
    };
    edition
        .requirements()
        .iter()
        .map(|requirement| {
            let minimum = match &requirement.kind {
                RequirementKind::Level { expected, .. } => profile.and_then(|key| expected.get(key)).copied(),
                RequirementKind::Outcome { expected, .. } => {
                    profile.and_then(|key| expected.get(key)).map(|level| level.rank())
                }
                RequirementKind::Item { .. } => None,
            };
            Rule {
                asked: edition.asked(requirement, sector, profile),
                minimum: minimum.unwrap_or_default(),
                in_subset: subset.is_some_and(|codes| codes.contains(&requirement.code)),
            }
        })
        .collect()
}
