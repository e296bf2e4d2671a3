//! How far each owner has got with what they were given. Pure.

use std::collections::BTreeMap;

use super::Owned;
use crate::platform::clock::Day;
use crate::platform::ids::{PersonId, RequirementId};
use crate::returns::readiness::Line;
use crate::standards::Asked;

/// One owner's share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Share<'a> {
    pub name: &'a str,
    /// Whether they may still answer.
    pub is_here: bool,
    pub given: i64,
    pub completed: i64,
    /// Begun and not completed.
    pub in_progress: i64,
    /// Not completed, and its day is over.
    pub overdue: i64,
}

/// How a return is shared out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Progress<'a> {
    /// By name.
    pub owners: Vec<Share<'a>>,
    /// Requirements put to the organisation.
    pub put: usize,
    /// Of those, the ones that nobody has who may answer.
    pub unowned: usize,
}

/// Who was given what.
pub(super) fn by_requirement(owned: &[Owned]) -> BTreeMap<RequirementId, &Owned> {
    owned.iter().map(|one| (one.requirement, one)).collect()
}

pub(super) fn progress<'a>(lines: &[Line<'_>], owned: &'a [Owned], today: Day) -> Progress<'a> {
    let owners = by_requirement(owned);
    let mut shares: BTreeMap<(&str, PersonId), Share<'a>> = BTreeMap::new();
    let mut found = Progress::default();
    for line in lines.iter().filter(|line| line.asked != Asked::NotAsked) {
        found.put += 1;
        let owner = owners.get(&line.id).copied();
        found.unowned += usize::from(owner.is_none_or(|owner| !owner.is_here));
        let Some(owner) = owner else { continue };
        let share = shares.entry((owner.name.as_str(), owner.person)).or_insert_with(|| Share {
            name: &owner.name,
            is_here: owner.is_here,
            given: 0,
            completed: 0,
            in_progress: 0,
            overdue: 0,
        });
        let settled = line.is_settled();
        share.given += 1;
        share.completed += i64::from(settled);
        share.in_progress += i64::from(!settled && line.answer.is_some());
        share.overdue += i64::from(!settled && owner.due_on < today);
    }
    found.owners = shares.into_values().collect();
    found
}
