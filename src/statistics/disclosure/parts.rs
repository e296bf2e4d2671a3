//! A system falls into parts that share no unknown: requirement by requirement, or population by population. Each part
//! is protected on its own, which is faster than the whole at once and lets small ones be solved to the optimum.

use std::collections::BTreeMap;

use super::complementary::{self, Limits};
use super::engine::Engine;
use super::network::Direction;
use super::optimal;
use super::protected::{Effort, Interval};
use super::rules::{Reason, Requirement};
use super::system::{FigureId, Status, Sum, System, Witness};

/// Some figures of a system with the sums between them, numbered on their own.
#[derive(Debug)]
pub(super) struct Part {
    /// The figure of the whole that each figure of the part is.
    pub ids: Vec<FigureId>,
    /// The part.
    pub system: System,
}

/// What solving found out.
#[derive(Debug, Default)]
pub(super) struct Solved {
    /// The bounds of every withheld figure.
    pub intervals: BTreeMap<FigureId, Interval>,
    /// Figures that no choice could protect any more, because of what was shown before.
    pub lost: Vec<FigureId>,
    /// For each complementary figure, the sensitive ones that it protects.
    pub serves: BTreeMap<FigureId, Vec<FigureId>>,
    /// What it took.
    pub effort: Effort,
}

/// What to do about figures that earlier releases give away already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// Stop: the caller must not publish.
    Refuse,
    /// Add nothing to what is known of them, and go on with the rest.
    Contain,
}

/// Splits a system by the figures that are not public: two that stand in one sum belong together.
pub(super) fn parts(system: &System) -> Vec<Part> {
    let mut group: Vec<FigureId> = (0..system.figures.len()).collect();
    let secret = |id: &FigureId| system.figure(*id).is_some_and(|figure| figure.status != Status::Public);
    let members = |sum: &Sum| sum.parts.iter().copied().chain([sum.total]).collect::<Vec<_>>();
    for sum in &system.sums {
        let mut open = members(sum).into_iter().filter(secret);
        let Some(first) = open.next() else { continue };
        let mut joined = root(&mut group, first);
        for other in open {
            let other = root(&mut group, other);
            let (low, high) = (joined.min(other), joined.max(other));
            if let Some(slot) = group.get_mut(high) {
                *slot = low;
            }
            joined = low;
        }
    }
    let mut of_root: BTreeMap<FigureId, (Vec<FigureId>, Vec<&Sum>)> = BTreeMap::new();
    for id in (0..system.figures.len()).filter(secret) {
        of_root.entry(root(&mut group, id)).or_default().0.push(id);
    }
    for sum in &system.sums {
        let Some(first) = members(sum).into_iter().find(secret) else { continue };
        of_root.entry(root(&mut group, first)).or_default().1.push(sum);
    }
    of_root.into_values().map(|(figures, sums)| part(system, figures, &sums)).collect()
}

/// The lowest figure of the group that a figure belongs to.
fn root(group: &mut [FigureId], id: FigureId) -> FigureId {
    let mut at = id;
    while let Some(next) = group.get(at).copied().filter(|next| *next != at) {
        at = next;
    }
    if let Some(slot) = group.get_mut(id) {
        *slot = at;
    }
    at
}

fn part(system: &System, mut ids: Vec<FigureId>, sums: &[&Sum]) -> Part {
    for sum in sums {
        ids.extend(sum.parts.iter().copied().chain([sum.total]));
    }
    ids.sort_unstable();
    ids.dedup();
    let place: BTreeMap<FigureId, usize> = ids.iter().enumerate().map(|(local, id)| (*id, local)).collect();
    let local = |id: &FigureId| place.get(id).copied().unwrap_or_default();
    let figures = ids.iter().filter_map(|id| system.figure(*id).cloned()).collect();
    let sums = sums
        .iter()
        .map(|sum| Sum {
            total: local(&sum.total),
            parts: sum.parts.iter().map(local).collect(),
            implied: sum.implied,
        })
        .collect();
    Part { ids, system: System { figures, sums, ceiling: system.ceiling } }
}

/// Protects every part and takes the decisions over into the whole.
///
/// # Errors
/// The figures that cannot be protected, unless they are to be contained.
pub(super) fn solve(system: &mut System, lost: Lost, limits: &Limits) -> Result<Solved, Vec<FigureId>> {
    let mut solved = Solved::default();
    let mut unproved = Vec::new();
    for mut part in parts(system) {
        let whole = |id: FigureId| part.ids.get(id).copied().unwrap_or_default();
        let engine = Engine::for_system(&part.system);
        if lost == Lost::Contain {
            let given_away = contain(&mut part.system, &engine);
            solved.lost.extend(given_away.into_iter().map(whole));
        }
        let chosen = complementary::protect(&mut part.system, &engine);
        let found = match chosen {
            Ok(found) => optimal::improve(&mut part.system, &engine, found, limits, &mut solved.effort),
            Err(figures) => {
                unproved.extend(figures.into_iter().map(whole));
                continue;
            }
        };
        for (id, interval) in complementary::intervals(&part.system, &engine, &found) {
            solved.intervals.insert(whole(id), interval);
        }
        for (id, served) in complementary::served(&part.system, &found) {
            solved.serves.insert(whole(id), served.into_iter().map(whole).collect());
        }
        for (local, id) in part.ids.iter().enumerate() {
            if let Some(figure) = part.system.figure(local) {
                system.set(*id, figure.status);
            }
        }
    }
    if unproved.is_empty() { Ok(solved) } else { Err(unproved) }
}

/// Finds what is beyond the rules even with everything withheld that still can be, and asks for such a figure only what can
/// still be had: this release adds nothing to what readers know of it.
fn contain(system: &mut System, engine: &Engine) -> Vec<FigureId> {
    if !system.figures.iter().any(|figure| figure.status == Status::Frozen) {
        return Vec::new();
    }
    let mut closed = system.clone();
    for figure in closed.figures.iter_mut().filter(|figure| figure.status == Status::Open) {
        figure.status = Status::Withheld(Reason::Differencing);
    }
    let given_away: Vec<FigureId> = complementary::unproved_needs(&closed, engine).into_iter().collect();
    let prices = complementary::prices(&closed, false);
    for id in &given_away {
        let Some((value, needed)) = closed.figure(*id).and_then(|one| Some((one.value, one.requirement?)))
        else {
            continue;
        };
        let still = |direction, room| {
            let (moved, _) = engine.reach(&closed, *id, direction, room, &prices);
            let witness = engine.push(&closed, *id, direction, moved.unsigned_abs(), &prices);
            let proved = holds(&closed, &witness);
            witness.get(id).copied().filter(|_| proved).unwrap_or(0).unsigned_abs()
        };
        let up = still(Direction::Raise, needed.at_least.saturating_sub(value));
        let down = still(Direction::Lower, value.saturating_sub(needed.at_most));
        let least = Requirement {
            at_most: needed.at_most.max(value.saturating_sub(down)),
            at_least: needed.at_least.min(value.saturating_add(up)),
            ..needed
        };
        if let Some(figure) = system.figures.get_mut(*id) {
            figure.requirement = Some(least);
        }
    }
    given_away
}

/// Whether a witness moves only withheld figures of a system, for the checks of this directory's solvers.
pub(super) fn holds(system: &System, witness: &Witness) -> bool {
    system.is_possible(witness, super::system::Figure::is_withheld)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::disclosure::build::Builder;
    use crate::statistics::disclosure::{DisclosureRules, Sensitivity, protect};
    use crate::statistics::{CrossTable, Dimension, Margins};

    fn questions(counts: &[u64]) -> CrossTable {
        let rows = Dimension::new("requirement", "R", [("a", "A"), ("b", "B"), ("c", "C")]).unwrap();
        let columns = Dimension::new("level", "L", [("0", "0"), ("1", "1"), ("2", "2")]).unwrap();
        CrossTable::from_counts("p", rows, columns, counts.to_vec()).unwrap().with_margins(Margins::Rows)
    }

    #[test]
    fn questions_about_the_same_organisations_are_parts_of_their_own() {
        let table = questions(&[1, 2, 30, 4, 50, 60, 7, 80, 90]);
        let mut builder = Builder::default();
        let layout = builder.add(&table, &DisclosureRules::default()).unwrap();
        builder.add_sums(&[&table], &[layout], &[]);
        let found = parts(&builder.system);
        assert_eq!(found.len(), 3);
        let figures: Vec<usize> = found.iter().map(|part| part.ids.len()).collect();
        assert_eq!(figures, [4, 4, 4]);
        let all: std::collections::BTreeSet<usize> =
            found.iter().flat_map(|part| part.ids.iter().copied()).collect();
        // The grand total belongs to no row.
        assert_eq!(all.len(), 12);
    }

    #[test]
    fn a_part_without_anything_sensitive_is_left_alone() {
        let rules = DisclosureRules::default();
        let one =
            protect(questions(&[1, 2, 30, 40, 50, 60, 70, 80, 90]), Sensitivity::Security, &rules).unwrap();
        let withheld: Vec<bool> = one.cells().iter().map(|cell| cell.shown().is_none()).collect();
        assert!(withheld[..3].iter().any(|hidden| *hidden));
        assert!(withheld[3..].iter().all(|hidden| !hidden));
    }
}
