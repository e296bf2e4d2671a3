//! Everything a reader can see or work out, as one system: figures (numbers) and sums that tie them together.
//! Tables of one population share their common totals here, which is what makes them linked.

use std::collections::BTreeMap;

use super::rules::{Reason, Requirement};

/// Index of a figure in [`System::figures`].
pub(super) type FigureId = usize;

/// What a reader may see of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// Known to everybody whatever is published: group sizes, and what follows from them.
    Public,
    /// Shown in an earlier release, so no longer ours to withhold.
    Frozen,
    /// Shown now, may be withheld.
    Open,
    /// Withheld.
    Withheld(Reason),
}

/// One number.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    /// The true value.
    pub value: u64,
    /// What a reader sees of it.
    pub status: Status,
    /// What withholding it costs, in arbitrary units; totals cost more than cells.
    pub cost: u64,
    /// Counts everybody in a population, not one group of it.
    pub of_everybody: bool,
    /// How uncertain readers must stay about it.
    pub requirement: Option<Requirement>,
}

impl Figure {
    /// Whether a reader does not see the figure.
    pub(super) fn is_withheld(&self) -> bool {
        matches!(self.status, Status::Withheld(_))
    }
}

/// `total` is the sum of `parts`.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    pub total: FigureId,
    pub parts: Vec<FigureId>,
    /// Follows from other sums of the system. Solvers may leave it out; the exact check does not.
    pub implied: bool,
}

/// A change of some figures that keeps every sum: another table that a reader cannot rule out.
pub(super) type Witness = BTreeMap<FigureId, i64>;

/// Figures and the sums between them.
#[derive(Debug, Clone, Default)]
pub(super) struct System {
    pub figures: Vec<Figure>,
    pub sums: Vec<Sum>,
    /// No figure can exceed this (the size of the population, which is public).
    pub ceiling: u64,
}

impl System {
    pub(super) fn figure(&self, id: FigureId) -> Option<&Figure> {
        self.figures.get(id)
    }

    pub(super) fn set(&mut self, id: FigureId, status: Status) {
        if let Some(figure) = self.figures.get_mut(id) {
            figure.status = status;
        }
    }

    /// The figures that readers do not see.
    pub(super) fn withheld(&self) -> impl Iterator<Item = FigureId> + '_ {
        self.figures.iter().enumerate().filter(|(_, figure)| figure.is_withheld()).map(|(id, _)| id)
    }

    fn is_public(&self, id: FigureId) -> bool {
        self.figure(id).is_some_and(|figure| figure.status == Status::Public)
    }

    /// Makes public what public figures imply: when nobody in a large population gave an answer (and that zero is
    /// itself not sensitive) nobody in any group did, and a sum with one unknown left gives that one away. The rule
    /// that lets the zero be shown has accepted what it says. Only zeros of everybody count: the zero of one group
    /// can still be withheld where a smaller group inside it needs that.
    pub(super) fn settle_what_is_public(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for sum in self.sums.clone() {
                let zero = self.figure(sum.total).is_some_and(|total| {
                    total.value == 0
                        && (total.status == Status::Public
                            || (total.of_everybody && total.requirement.is_none()))
                });
                let members = || sum.parts.iter().copied().chain([sum.total]);
                let open: Vec<FigureId> = members().filter(|id| !self.is_public(*id)).collect();
                if open.is_empty() || !(zero || open.len() == 1) {
                    continue;
                }
                for id in open {
                    if let Some(figure) = self.figures.get_mut(id) {
                        figure.status = Status::Public;
                        figure.requirement = None;
                    }
                    changed = true;
                }
            }
        }
    }

    /// Exact check of a witness: it moves only what `may_move`, no figure leaves `0..=ceiling`, every sum still holds.
    /// Solvers propose, this decides.
    pub(super) fn is_possible(&self, witness: &Witness, may_move: impl Fn(&Figure) -> bool) -> bool {
        let change = |id: &FigureId| witness.get(id).copied().unwrap_or(0);
        let figures_hold = witness.iter().all(|(id, delta)| {
            self.figure(*id).is_some_and(|figure| {
                let moved = figure.value.checked_add_signed(*delta);
                (*delta == 0 || may_move(figure)) && moved.is_some_and(|value| value <= self.ceiling)
            })
        });
        figures_hold
            && self.sums.iter().all(|sum| sum.parts.iter().map(change).sum::<i64>() == change(&sum.total))
    }
}
