//! Which solver a system needs: flows where it is a network (exact and fast), linear and integer programming where
//! it is not. Both answer the same two questions.

use super::linear::Linear;
use super::network::{Direction, Network, Prices};
use super::system::{FigureId, System, Witness};

/// A solver chosen for one system. It stays valid while figures change between open and withheld.
#[derive(Debug)]
pub(super) enum Engine {
    Network(Network),
    Linear(Linear),
}

impl Engine {
    pub(super) fn for_system(system: &System) -> Self {
        Network::of(system).map_or_else(|| Self::Linear(Linear::of(system)), Self::Network)
    }

    /// A cheap table in which `figure` has moved by `amount`; an insufficient one when there is none.
    pub(super) fn push(
        &self,
        system: &System,
        figure: FigureId,
        direction: Direction,
        amount: u64,
        prices: &Prices,
    ) -> Witness {
        match self {
            Self::Network(network) => network.push(system, figure, direction, amount, prices),
            Self::Linear(linear) => linear.push(system, figure, direction, amount, prices),
        }
    }

    /// How far `figure` can move, at most by `room` (signed: negative when lowering), and the table found on the way.
    pub(super) fn reach(
        &self,
        system: &System,
        figure: FigureId,
        direction: Direction,
        room: u64,
        prices: &Prices,
    ) -> (i64, Witness) {
        match self {
            Self::Network(network) => {
                let witness = network.push(system, figure, direction, room, prices);
                (witness.get(&figure).copied().unwrap_or(0), witness)
            }
            Self::Linear(linear) => linear.reach(system, figure, direction, room, prices),
        }
    }
}
