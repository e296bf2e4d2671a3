//! Chooses which further figures to withhold. Every need of every sensitive figure gets a *witness*: another table
//! that agrees with all that is shown and moves the figure far enough. Witnesses are found by a solver, checked
//! exactly, and kept, so protection is proved figure by figure.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::Engine;
use super::network::{Direction, Prices};
use super::protected::Interval;
use super::rules::Reason;
use super::system::{Figure, FigureId, Status, System, Witness};

/// One sensitive figure that must be able to move one way by some amount, and the proof that it can.
#[derive(Debug, Clone)]
pub(super) struct Need {
    /// The sensitive figure.
    pub figure: FigureId,
    /// Which way it must be able to move.
    pub direction: Direction,
    /// How far.
    pub amount: u64,
    /// The proof.
    pub witness: Witness,
}

impl Need {
    /// Whether a table moves the figure far enough.
    pub(super) fn is_met_by(&self, witness: &Witness) -> bool {
        let moved = witness.get(&self.figure).copied().unwrap_or(0);
        match self.direction {
            Direction::Raise => moved >= self.amount.cast_signed(),
            Direction::Lower => -moved >= self.amount.cast_signed(),
        }
    }
}

/// Withholds figures until every need has a witness, then shows again what is not needed. The set withheld only
/// grows in the first pass and only shrinks in the second, so both end. Returns the witnesses.
///
/// # Errors
/// The figures that cannot be protected, because of what earlier releases show or because no solver found a proof.
pub(super) fn protect(system: &mut System, engine: &Engine) -> Result<Vec<Witness>, Vec<FigureId>> {
    for figure in &mut system.figures {
        if let (Status::Open, Some(requirement)) = (figure.status, figure.requirement) {
            figure.status = Status::Withheld(requirement.reason);
        }
    }
    let mut needs = needs_of(system);
    for index in 0..needs.len() {
        if !reuse(&mut needs, index) {
            let Some(need) = needs.get_mut(index) else { continue };
            need.witness =
                engine.push(system, need.figure, need.direction, need.amount, &prices(system, true));
            if !need.is_met_by(&need.witness) {
                withhold_everything(system);
                need.witness =
                    engine.push(system, need.figure, need.direction, need.amount, &prices(system, true));
            }
            withhold(system, need.witness.keys().copied());
        }
    }
    show_what_is_not_needed(system, engine, &mut needs);
    let unproved: Vec<FigureId> = needs
        .iter()
        .filter(|need| {
            !need.is_met_by(&need.witness) || !system.is_possible(&need.witness, Figure::is_withheld)
        })
        .map(|need| need.figure)
        .collect();
    if unproved.is_empty() { Ok(needs.into_iter().map(|need| need.witness).collect()) } else { Err(unproved) }
}

/// How much work the search for the optimum may take. Counted, not timed, so that a release comes out the same on every
/// machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// Parts with at most this many figures that may be withheld are solved to the optimum.
    pub exact_figures: usize,
    /// Linear programmes that a part may take for the optimum.
    pub exact_programmes: usize,
    /// Parts with at most this many figures get a lower bound by linear programming.
    pub bounded_figures: usize,
    /// Linear programmes that such a bound may take.
    pub bounded_programmes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { exact_figures: 20, exact_programmes: 400, bounded_figures: 200, bounded_programmes: 400 }
    }
}

/// For each complementary figure, the sensitive ones whose proof moves it. `found` is what [`protect`] gave.
pub(super) fn served(system: &System, found: &[Witness]) -> BTreeMap<FigureId, Vec<FigureId>> {
    let mut served: BTreeMap<FigureId, Vec<FigureId>> = BTreeMap::new();
    for (need, witness) in needs_of(system).iter().zip(found) {
        for id in witness.keys().filter(|id| **id != need.figure) {
            if system.figure(*id).is_some_and(|one| one.status == Status::Withheld(Reason::Complementary)) {
                served.entry(*id).or_default().push(need.figure);
            }
        }
    }
    served
}

/// The sensitive figures for which no witness exists, in a system whose decisions are already taken.
pub(super) fn unproved_needs(system: &System, engine: &Engine) -> BTreeSet<FigureId> {
    let prices = prices(system, false);
    let is_proved = |need: &Need| {
        let witness = engine.push(system, need.figure, need.direction, need.amount, &prices);
        need.is_met_by(&witness) && system.is_possible(&witness, Figure::is_withheld)
    };
    needs_of(system).iter().filter(|need| !is_proved(need)).map(|need| need.figure).collect()
}

/// The bounds of every withheld figure. Tables already `found` often reach a bound that no table can pass (0, or what
/// the sums leave over), which saves asking the solver.
pub(super) fn intervals(system: &System, engine: &Engine, found: &[Witness]) -> Vec<(FigureId, Interval)> {
    let prices = prices(system, false);
    let mut known: BTreeMap<FigureId, Interval> = system
        .withheld()
        .filter_map(|id| {
            system.figure(id).map(|figure| (id, Interval { low: figure.value, high: figure.value }))
        })
        .collect();
    for witness in found {
        widen(system, &mut known, witness);
    }
    let most = most_possible(system);
    let ids: Vec<FigureId> = known.keys().copied().collect();
    for id in ids {
        let Some(value) = system.figure(id).map(|figure| figure.value) else { continue };
        let upper = most.get(&id).copied().unwrap_or(system.ceiling);
        for direction in [Direction::Lower, Direction::Raise] {
            let Some(bounds) = known.get(&id).copied() else { continue };
            let room = match direction {
                Direction::Lower if bounds.low > 0 => value,
                Direction::Raise if bounds.high < upper => upper - value,
                _ => continue,
            };
            let (moved, witness) = engine.reach(system, id, direction, room, &prices);
            widen(system, &mut known, &witness);
            if let Some(bounds) = known.get_mut(&id) {
                let reached = value.saturating_add_signed(moved);
                *bounds = Interval { low: bounds.low.min(reached), high: bounds.high.max(reached) };
            }
        }
    }
    known.into_iter().collect()
}

/// Lets the bounds include a table, if it is one that a reader cannot rule out.
fn widen(system: &System, known: &mut BTreeMap<FigureId, Interval>, witness: &Witness) {
    if !system.is_possible(witness, Figure::is_withheld) {
        return;
    }
    for (id, delta) in witness {
        if let (Some(bounds), Some(figure)) = (known.get_mut(id), system.figure(*id)) {
            let value = figure.value.saturating_add_signed(*delta);
            *bounds = Interval { low: bounds.low.min(value), high: bounds.high.max(value) };
        }
    }
}

/// For parts of sums whose total is shown: what the other shown parts leave over.
fn most_possible(system: &System) -> BTreeMap<FigureId, u64> {
    let mut most: BTreeMap<FigureId, u64> = BTreeMap::new();
    for sum in &system.sums {
        let Some(total) = system.figure(sum.total).filter(|total| !total.is_withheld()) else { continue };
        let parts = || sum.parts.iter().filter_map(|id| Some((*id, system.figure(*id)?)));
        let shown: u64 = parts().filter(|(_, part)| !part.is_withheld()).map(|(_, part)| part.value).sum();
        for (id, _) in parts().filter(|(_, part)| part.is_withheld()) {
            let left = total.value.saturating_sub(shown);
            let known = most.entry(id).or_insert(left);
            *known = left.min(*known);
        }
    }
    most
}

/// Largest needs first: their witnesses tend to serve the smaller ones, which saves both cells and time.
pub(super) fn needs_of(system: &System) -> Vec<Need> {
    let mut needs = Vec::new();
    for (id, figure) in system.figures.iter().enumerate() {
        let Some(requirement) = figure.requirement.filter(|_| figure.status != Status::Public) else {
            continue;
        };
        let ways = [
            (Direction::Raise, requirement.at_least.saturating_sub(figure.value)),
            (Direction::Lower, figure.value.saturating_sub(requirement.at_most)),
        ];
        for (direction, amount) in ways.into_iter().filter(|(_, amount)| *amount > 0) {
            needs.push(Need { figure: id, direction, amount, witness: Witness::new() });
        }
    }
    needs.sort_by(|a, b| b.amount.cmp(&a.amount).then(a.figure.cmp(&b.figure)));
    needs
}

/// Takes an earlier need's witness if it serves this one too.
fn reuse(needs: &mut [Need], index: usize) -> bool {
    let Some((need, earlier)) = needs.get_mut(..=index).and_then(<[Need]>::split_last_mut) else {
        return false;
    };
    match earlier.iter().find(|other| need.is_met_by(&other.witness)) {
        Some(other) => {
            need.witness = other.witness.clone();
            true
        }
        None => false,
    }
}

/// What moving each figure costs: nothing when already withheld, its own cost when it may be withheld too.
pub(super) fn prices(system: &System, may_withhold_more: bool) -> Prices {
    let price = |status: Status, cost: u64| match status {
        Status::Withheld(_) => Some(0),
        Status::Open if may_withhold_more => Some(cost),
        Status::Open | Status::Public | Status::Frozen => None,
    };
    system.figures.iter().map(|figure| price(figure.status, figure.cost)).collect()
}

fn withhold(system: &mut System, figures: impl IntoIterator<Item = FigureId>) {
    for id in figures {
        if system.figure(id).is_some_and(|figure| figure.status == Status::Open) {
            system.set(id, Status::Withheld(Reason::Complementary));
        }
    }
}

/// The last resort: the whole of every table, group sizes apart.
fn withhold_everything(system: &mut System) {
    let all = 0..system.figures.len();
    withhold(system, all);
}

/// Shows complementary figures again, dearest first, where every need keeps or finds a witness without them.
fn show_what_is_not_needed(system: &mut System, engine: &Engine, needs: &mut [Need]) {
    let mut candidates: Vec<(u64, FigureId)> = system
        .figures
        .iter()
        .enumerate()
        .filter(|(_, figure)| figure.status == Status::Withheld(Reason::Complementary))
        .map(|(id, figure)| (figure.cost, id))
        .collect();
    candidates.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, id) in candidates {
        system.set(id, Status::Open);
        let prices = prices(system, false);
        let mut replaced: Vec<(usize, Witness)> = Vec::new();
        let mut possible = true;
        for (index, need) in needs.iter().enumerate().filter(|(_, need)| need.witness.contains_key(&id)) {
            let known = replaced
                .iter()
                .find(|(_, witness)| need.is_met_by(witness))
                .map(|(_, witness)| witness.clone());
            let witness = known
                .unwrap_or_else(|| engine.push(system, need.figure, need.direction, need.amount, &prices));
            if !need.is_met_by(&witness) {
                possible = false;
                break;
            }
            replaced.push((index, witness));
        }
        if !possible {
            system.set(id, Status::Withheld(Reason::Complementary));
            continue;
        }
        for (index, witness) in replaced {
            if let Some(need) = needs.get_mut(index) {
                need.witness = witness;
            }
        }
    }
}
