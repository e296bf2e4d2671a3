//! Exact bounds by flows. Where every figure stands in at most two sums (any two-way table with margins, and two
//! tables that share one margin) a change of the table is a circulation in a graph whose nodes are the sums and
//! whose edges are the figures, so the integer bounds of a figure are maximum flows.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::system::{FigureId, Status, System, Witness};

/// Which way a figure is to be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Raise,
    Lower,
}

/// The price of moving a figure; `None` when it may not move.
pub(super) type Prices = Vec<Option<u64>>;

/// Raising the figure by one takes a unit out of `from` and brings it to `to`.
#[derive(Debug, Clone, Copy)]
struct Edge {
    figure: FigureId,
    from: usize,
    to: usize,
}

/// The graph of a system. Node 0 stands for the outside: figures in fewer than two sums end there.
#[derive(Debug)]
pub(super) struct Network {
    edges: Vec<Edge>,
    edge_of: BTreeMap<FigureId, usize>,
    touching: Vec<Vec<usize>>,
}

#[expect(clippy::indexing_slicing, reason = "node and edge numbers are made here and never leave")]
impl Network {
    /// Builds the graph over the figures that are not public; `None` when the system is not a network.
    pub(super) fn of(system: &System) -> Option<Self> {
        let mut places: BTreeMap<FigureId, Vec<(usize, i64)>> = BTreeMap::new();
        for (index, sum) in system.sums.iter().enumerate().filter(|(_, sum)| !sum.implied) {
            for (id, sign) in sum.parts.iter().map(|part| (*part, 1)).chain([(sum.total, -1)]) {
                if system.figure(id)?.status != Status::Public {
                    places.entry(id).or_default().push((index + 1, sign));
                }
            }
        }
        if places.values().any(|found| found.len() > 2) {
            return None;
        }
        let nodes = system.sums.len() + 1;
        let flips = orient(nodes, &places)?;
        let mut edges = Vec::new();
        for id in 0..system.figures.len() {
            if system.figure(id)?.status == Status::Public {
                continue;
            }
            let ends: Vec<(usize, i64)> = places
                .get(&id)
                .map(|found| found.iter().map(|(node, sign)| (*node, sign * flips[*node])).collect())
                .unwrap_or_default();
            let end =
                |wanted: i64| ends.iter().find(|(_, sign)| *sign == wanted).map_or(0, |(node, _)| *node);
            edges.push(Edge { figure: id, from: end(-1), to: end(1) });
        }
        let mut touching = vec![Vec::new(); nodes];
        for (index, edge) in edges.iter().enumerate() {
            touching[edge.from].push(index);
            touching[edge.to].push(index);
        }
        let edge_of = edges.iter().enumerate().map(|(index, edge)| (edge.figure, index)).collect();
        Some(Self { edges, edge_of, touching })
    }

    /// Moves `figure` by up to `amount` and repairs every sum by moving other figures, cheapest path first. Prices
    /// are for touching a figure at all, so a figure once moved moves further free of charge. The witness holds the
    /// figure's own change, which is less than `amount` only when no table allows more.
    pub(super) fn push(
        &self,
        system: &System,
        figure: FigureId,
        direction: Direction,
        amount: u64,
        prices: &Prices,
    ) -> Witness {
        let mut witness = Witness::new();
        let Some(own) = self.edge_of.get(&figure).map(|index| self.edges[*index]) else { return witness };
        let value = system.figures[figure].value;
        let (room, from, to, sign) = match direction {
            Direction::Raise => (system.ceiling - value, own.to, own.from, 1),
            Direction::Lower => (value, own.from, own.to, -1),
        };
        let mut left = amount.min(room);
        if from == to {
            witness.insert(figure, sign * left.cast_signed());
            return witness;
        }
        let mut pushed = 0;
        while left > 0 {
            let Some(path) = self.cheapest_path(system, figure, from, to, prices, &witness) else { break };
            let step = path.iter().map(|(_, _, room)| *room).min().unwrap_or(0).min(left);
            for (id, sign, _) in path {
                *witness.entry(id).or_insert(0) += sign * step.cast_signed();
            }
            left -= step;
            pushed += step.cast_signed();
        }
        witness.retain(|_, delta| *delta != 0);
        if pushed != 0 {
            witness.insert(figure, sign * pushed);
        }
        witness
    }

    /// Dijkstra over the residual graph without `skip`; each step is (figure, sign of its change, room).
    fn cheapest_path(
        &self,
        system: &System,
        skip: FigureId,
        from: usize,
        to: usize,
        prices: &Prices,
        moved: &Witness,
    ) -> Option<Vec<(FigureId, i64, u64)>> {
        let mut best: Vec<Option<u64>> = vec![None; self.touching.len()];
        let mut came: Vec<Option<(usize, FigureId, i64, u64)>> = vec![None; self.touching.len()];
        let mut queue = BinaryHeap::from([Reverse((0_u64, from))]);
        best[from] = Some(0);
        while let Some(Reverse((distance, node))) = queue.pop() {
            if node == to {
                break;
            }
            if best[node].is_some_and(|known| known < distance) {
                continue;
            }
            for edge in self.touching[node].iter().map(|index| self.edges[*index]) {
                let Some(price) = prices[edge.figure] else { continue };
                if edge.figure == skip || edge.from == edge.to {
                    continue;
                }
                let change = moved.get(&edge.figure).copied().unwrap_or(0);
                let value = system.figures[edge.figure].value.saturating_add_signed(change);
                let (next, sign, room) = if edge.from == node {
                    (edge.to, 1, system.ceiling - value)
                } else {
                    (edge.from, -1, value)
                };
                // One more than the price, so that among equal prices the shortest path wins and ends exist.
                let there = distance + 1 + if change == 0 { price } else { 0 };
                if room > 0 && best[next].is_none_or(|known| there < known) {
                    best[next] = Some(there);
                    came[next] = Some((node, edge.figure, sign, room));
                    queue.push(Reverse((there, next)));
                }
            }
        }
        let mut path = Vec::new();
        let mut node = to;
        while node != from {
            let (before, figure, sign, room) = came[node]?;
            path.push((figure, sign, room));
            node = before;
        }
        Some(path)
    }
}

/// Chooses a sign for every sum so that each figure in two sums leaves one and enters the other; `None` when
/// impossible (an odd cycle), which means that the system is not a network.
#[expect(clippy::indexing_slicing, reason = "node numbers are made by the caller below `nodes`")]
fn orient(nodes: usize, places: &BTreeMap<FigureId, Vec<(usize, i64)>>) -> Option<Vec<i64>> {
    let mut links: Vec<Vec<(usize, i64)>> = vec![Vec::new(); nodes];
    for found in places.values() {
        if let [(a, a_sign), (b, b_sign)] = found.as_slice() {
            let relation = -(a_sign * b_sign);
            links[*a].push((*b, relation));
            links[*b].push((*a, relation));
        }
    }
    let mut flips = vec![0_i64; nodes];
    for start in 0..nodes {
        if flips[start] != 0 {
            continue;
        }
        flips[start] = 1;
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            for (other, relation) in &links[node] {
                let wanted = flips[node] * relation;
                if flips[*other] == 0 {
                    flips[*other] = wanted;
                    stack.push(*other);
                } else if flips[*other] != wanted {
                    return None;
                }
            }
        }
    }
    Some(flips)
}
