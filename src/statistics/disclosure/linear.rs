//! The solver for linked tables that are not a network (three-way tables with two-way margins): linear programming,
//! and integer programming where a linear answer is not whole. Its floating-point answers are only proposals; the
//! exact check of the caller decides.

use good_lp::{
    Expression, ProblemVariables, Solution, SolutionStatus, SolverModel, Variable, WithTimeLimit, constraint,
    microlp, variable,
};

use super::network::{Direction, Prices};
use super::system::{FigureId, System, Witness};

/// Rounds of linear programming with varied prices before integer programming is tried: other prices lead to
/// another corner, which is nearly always whole.
const ROUNDS: u64 = 3;
/// Integer programming gives up after this many seconds; the figure then counts as unprotected, never as protected.
const INTEGER_SECONDS: f64 = 20.0;
/// Up to this many figures that may move, bounds are computed in whole numbers.
const WHOLE_FIGURES: usize = 60;
/// How far from a whole number a solver's answer may be.
const TOLERANCE: f64 = 1e-6;

/// For every figure, the sums it stands in (index, sign).
#[derive(Debug)]
pub(super) struct Linear {
    sums: Vec<Vec<(FigureId, f64)>>,
}

/// How a movable figure enters the programme: its change is `up - down`.
struct Change {
    figure: FigureId,
    up: Variable,
    down: Option<Variable>,
}

impl Linear {
    pub(super) fn of(system: &System) -> Self {
        let terms = |sum: &super::system::Sum| {
            let parts = sum.parts.iter().map(|id| (*id, 1.0));
            parts.chain([(sum.total, -1.0)]).collect()
        };
        Self { sums: system.sums.iter().filter(|sum| !sum.implied).map(terms).collect() }
    }

    /// The cheapest whole-number table found in which `figure` moves by `amount`; empty when there is none.
    pub(super) fn push(
        &self,
        system: &System,
        figure: FigureId,
        direction: Direction,
        amount: u64,
        prices: &Prices,
    ) -> Witness {
        let own = sign_of(direction) * amount.cast_signed();
        for round in 0..=ROUNDS {
            match self.cheapest(system, figure, own, prices, round) {
                Some(witness) if system.is_possible(&witness, |_| true) => return witness,
                Some(_) => {}
                None => break,
            }
        }
        Witness::new()
    }

    /// How far `figure` can move, in whole numbers where the part is small. In larger ones it is the linear relaxation and
    /// its rounded answer, never less than the truth, so a caller that needs a proof must ask [`Self::push`] or check it.
    pub(super) fn reach(
        &self,
        system: &System,
        figure: FigureId,
        direction: Direction,
        room: u64,
        prices: &Prices,
    ) -> (i64, Witness) {
        let movable = prices.iter().filter(|price| price.is_some()).count();
        let whole = movable <= WHOLE_FIGURES && i32::try_from(system.ceiling).is_ok();
        let exact = whole.then(|| self.furthest(system, figure, (direction, room), prices, true)).flatten();
        // Without an answer nothing is claimed about the figure: it counts as known.
        exact
            .or_else(|| self.furthest(system, figure, (direction, room), prices, false))
            .unwrap_or_else(|| (0, Witness::new()))
    }

    fn furthest(
        &self,
        system: &System,
        figure: FigureId,
        (direction, room): (Direction, u64),
        prices: &Prices,
        whole: bool,
    ) -> Option<(i64, Witness)> {
        let sign = sign_of(direction);
        let mut variables = ProblemVariables::new();
        let definition = variable().min(0.0).max(room as f64);
        let own = variables.add(if whole { definition.integer() } else { definition });
        let changes = changes(system, figure, prices, &mut variables, whole);
        let problem = variables.maximise(own).using(microlp);
        let mut model = if whole { problem.with_time_limit(INTEGER_SECONDS) } else { problem };
        for sum in self.balances(&changes, figure, &(Expression::from(own) * sign as f64)) {
            model.add_constraint(constraint!(sum == 0));
        }
        let solution = model.solve().ok()?;
        if !matches!(solution.status(), SolutionStatus::Optimal) {
            return None;
        }
        let reached = sign * ((solution.value(own) + TOLERANCE).floor() as i64);
        Some((reached, rounded(&changes, figure, reached, |variable| solution.value(variable))))
    }

    fn cheapest(
        &self,
        system: &System,
        figure: FigureId,
        own: i64,
        prices: &Prices,
        round: u64,
    ) -> Option<Witness> {
        let whole = round == ROUNDS;
        let mut variables = ProblemVariables::new();
        let changes = changes(system, figure, prices, &mut variables, whole);
        let mut price = Expression::default();
        for change in &changes {
            let cost =
                prices.get(change.figure).copied().flatten().unwrap_or(0) + varied(change.figure, round);
            price += Expression::from(change.up) * cost as f64;
            if let Some(down) = change.down {
                price += Expression::from(down) * cost as f64;
            }
        }
        let balances = self.balances(&changes, figure, &Expression::from(own as f64));
        let problem = variables.minimise(price).using(microlp);
        let mut model = if whole { problem.with_time_limit(INTEGER_SECONDS) } else { problem };
        for sum in balances {
            model.add_constraint(constraint!(sum == 0));
        }
        let solution = model.solve().ok()?;
        Some(rounded(&changes, figure, own, |variable| solution.value(variable)))
    }

    /// One expression per sum, each to be 0, with the figure's own change put in.
    fn balances(&self, changes: &[Change], figure: FigureId, own: &Expression) -> Vec<Expression> {
        let place: std::collections::BTreeMap<FigureId, &Change> =
            changes.iter().map(|change| (change.figure, change)).collect();
        let mut balances = Vec::new();
        for sum in &self.sums {
            let mut balance = Expression::default();
            let mut moves = false;
            for (id, sign) in sum {
                if *id == figure {
                    balance += own.clone() * *sign;
                    moves = true;
                } else if let Some(change) = place.get(id) {
                    balance += Expression::from(change.up) * *sign;
                    if let Some(down) = change.down {
                        balance -= Expression::from(down) * *sign;
                    }
                    moves = true;
                }
            }
            if moves {
                balances.push(balance);
            }
        }
        balances
    }
}

fn sign_of(direction: Direction) -> i64 {
    match direction {
        Direction::Raise => 1,
        Direction::Lower => -1,
    }
}

/// A small addition to a price that differs between figures and rounds, the same on every machine.
fn varied(figure: FigureId, round: u64) -> u64 {
    if round == 0 { 1 } else { 1 + (figure as u64).wrapping_mul(0x9e37_79b9 + 2 * round).wrapping_shr(7) % 5 }
}

fn changes(
    system: &System,
    figure: FigureId,
    prices: &Prices,
    variables: &mut ProblemVariables,
    whole: bool,
) -> Vec<Change> {
    let movable = prices.iter().enumerate().filter(|(id, price)| *id != figure && price.is_some());
    let mut changes = Vec::new();
    for (id, _) in movable {
        let Some(value) = system.figure(id).map(|figure| figure.value) else { continue };
        let between = |low: f64, high: u64| {
            let definition = variable().min(low).max(high as f64);
            if whole { definition.integer() } else { definition }
        };
        let up = variables.add(between(0.0, system.ceiling - value));
        let down = (value > 0).then(|| variables.add(between(0.0, value)));
        changes.push(Change { figure: id, up, down });
    }
    changes
}

/// A solver's answer as whole changes, the figure's own included.
fn rounded(changes: &[Change], figure: FigureId, own: i64, value: impl Fn(Variable) -> f64) -> Witness {
    let whole = |variable: Variable| value(variable).round() as i64;
    let mut witness: Witness = changes
        .iter()
        .map(|change| (change.figure, whole(change.up) - change.down.map_or(0, whole)))
        .filter(|(_, delta)| *delta != 0)
        .collect();
    if own != 0 {
        witness.insert(figure, own);
    }
    witness
}
