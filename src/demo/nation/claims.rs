//! What an organisation claims for each requirement and what is really so.

use std::collections::BTreeMap;

use super::chance::Chance;
use super::quality::Quality;
use super::shape::{Asked, EditionShape, ItemKind, RequirementKind, RequirementShape};

/// One requirement's claimed and true rank: the level; 1 for a complete item; 0, 1 or 2 for an outcome. `None`
/// means "not relevant" to this organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// What is asked.
    pub asked: Asked,
    /// What is so.
    pub actual: Option<u8>,
    /// What is claimed; rarely below what is so.
    pub claimed: Option<u8>,
}

impl Claim {
    /// Whether the claim itself admits a shortfall.
    #[must_use]
    pub fn admits_gap(&self) -> bool {
        self.claimed.is_some_and(|rank| rank < self.asked.expected)
    }
}

/// Claims on everything that is asked, in order.
#[must_use]
pub fn claims(
    chance: &mut Chance,
    quality: &Quality,
    year: usize,
    shape: &EditionShape,
    asked: &[Asked],
) -> Vec<Claim> {
    let overall = quality.in_year(year);
    let effort = quality.effort(year);
    let boldness = quality.boldness(year);
    let mut made = Vec::with_capacity(asked.len());
    for asked in asked {
        let Some((requirement, traits)) = shape.requirement(asked.requirement) else { continue };
        if not_relevant(chance, &requirement.kind) {
            made.push(Claim { asked: *asked, actual: None, claimed: None });
            continue;
        }
        let strength = quality.strength(overall, year, traits);
        let mut actual = true_rank(&requirement.kind, strength, asked.expected);
        if actual < asked.expected && chance.happens(effort) {
            actual = asked.expected;
        }
        let mut claimed = actual;
        if actual < asked.expected && chance.happens(boldness) {
            claimed = asked.expected;
        } else if actual < requirement.kind.highest() && asked.expected > 0 && chance.happens(0.05) {
            claimed = actual + 1;
        }
        made.push(Claim {
            asked: *asked,
            actual: Some(reachable(&requirement.kind, actual)),
            claimed: Some(reachable(&requirement.kind, claimed)),
        });
    }
    confirm_assertions(shape.requirements(), &mut made);
    made
}

fn not_relevant(chance: &mut Chance, kind: &RequirementKind) -> bool {
    matches!(kind, RequirementKind::Level { may_be_not_relevant: true, .. }) && chance.happens(0.22)
}

fn true_rank(kind: &RequirementKind, strength: f64, expected: u8) -> u8 {
    if expected == 0 {
        // Nobody must, so fewer do.
        return if strength > 0.9 { kind.highest().min(1) } else { 0 };
    }
    let rank = if strength < -2.4 {
        expected.saturating_sub(2)
    } else if strength < -1.15 {
        expected.saturating_sub(1)
    } else if strength < 1.5 {
        expected
    } else {
        expected + 1
    };
    rank.min(kind.highest())
}

/// The nearest rank at or below `rank` that ticks can express: an outcome without indicators in a column cannot
/// reach that column's rank.
fn reachable(kind: &RequirementKind, rank: u8) -> u8 {
    match kind {
        RequirementKind::Outcome { achieved, partially, .. } => match rank {
            0 => 0,
            2 if !achieved.is_empty() => 2,
            _ if !partially.is_empty() => 1,
            _ => 0,
        },
        RequirementKind::Level { .. } | RequirementKind::Item { .. } => rank,
    }
}

/// An assertion is confirmed when everything mandatory in its section is complete, and holds when that is true.
fn confirm_assertions(requirements: &[RequirementShape], made: &mut [Claim]) {
    let mut sections: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
    let is_confirmation = |requirement: &RequirementShape| {
        matches!(requirement.kind, RequirementKind::Item { item: ItemKind::Confirmation, .. })
    };
    if !requirements.iter().any(is_confirmation) {
        return;
    }
    for claim in made.iter() {
        let Some(requirement) = requirements.get(claim.asked.requirement) else { continue };
        if !is_confirmation(requirement) && claim.asked.expected > 0 {
            let (claimed, actual) = sections.entry(requirement.section.as_str()).or_insert((true, true));
            *claimed &= claim.claimed == Some(1);
            *actual &= claim.actual == Some(1);
        }
    }
    for claim in made.iter_mut() {
        let Some(requirement) = requirements.get(claim.asked.requirement) else { continue };
        if is_confirmation(requirement)
            && let Some((claimed, actual)) = sections.get(requirement.section.as_str())
        {
            claim.claimed = Some(u8::from(*claimed));
            claim.actual = Some(u8::from(*actual));
        }
    }
}
