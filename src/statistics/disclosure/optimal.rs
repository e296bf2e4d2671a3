//! The cheapest choice of complementary figures, by integer programming with cuts, for parts of bounded size; for larger
//! ones how much the cheapest must cost at the least. The choice that is already proved is the upper bound and stays
//! whenever the search ends without a better one.
//!
//! Which set protects a sensitive figure is a question of flows: the figure can move by the amount asked if and only if
//! no combination of sums (prices on them, from the dual programme) shows that the withheld figures leave too little
//! room. Each such combination is a cut, a sum over figures that may be withheld, and holds for every choice that
//! protects. The programme over the cuts known so far is therefore a lower bound at any time.

use good_lp::{
    Expression, ProblemVariables, Solution, SolutionStatus, SolverModel, Variable, WithTimeLimit, constraint,
    microlp, variable,
};

use super::complementary::{Limits, Need, needs_of, prices, protect};
use super::engine::Engine;
use super::network::Direction;
use super::parts::holds;
use super::protected::Effort;
use super::rules::Reason;
use super::system::{Figure, FigureId, Status, System, Witness};

/// A safety net for the integer programme over the cuts, which has a few dozen yes-or-no questions and ends long before.
/// An answer that was cut off is not used.
const INTEGER_SECONDS: f64 = 10.0;
/// How far from a whole number a solver's answer may be.
const TOLERANCE: f64 = 1e-6;
/// The largest price on a sum that the dual programme may choose; a smaller range only finds fewer cuts.
const LARGEST_PRICE: f64 = 16.0;

/// `sum of coefficient x figure >= at_least`, over figures that may be withheld.
#[derive(Debug, Clone)]
struct Cut {
    terms: Vec<(usize, f64)>,
    at_least: f64,
}

/// What a figure is to the search.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Shown whatever is chosen.
    Fixed,
    /// Withheld whatever is chosen.
    Free,
    /// May be withheld: its place in the list of candidates.
    Candidate(usize),
}

/// One part with the cuts found so far.
struct Search<'a> {
    system: &'a System,
    needs: &'a [Need],
    /// For every figure the sums (index, sign) in which it stands.
    places: Vec<Vec<(usize, f64)>>,
    sums: usize,
    kinds: Vec<Kind>,
    costs: Vec<u64>,
    /// Nothing in a network moves further than the figure that is moved.
    is_network: bool,
    /// Needs that the sensitive figures alone do not meet: only these can ask for more.
    open: Vec<&'a Need>,
    cuts: Vec<Cut>,
    programmes: usize,
}

/// Tries to make a proved choice cheaper, and notes in `effort` how near the optimum it is. `found` holds one witness for
/// each need, as [`super::complementary::protect`] gave them, and so does the answer.
pub(super) fn improve(
    system: &mut System,
    engine: &Engine,
    found: Vec<Witness>,
    limits: &Limits,
    effort: &mut Effort,
) -> Vec<Witness> {
    let needs = needs_of(system);
    if needs.is_empty() {
        return found;
    }
    let candidates: Vec<FigureId> =
        (0..system.figures.len()).filter(|id| is_candidate(system, *id)).collect();
    let cost = cost_of(system);
    let mut share = Effort { parts: 1, cost, bound: 0, ..Effort::default() };
    let mut chosen = found;
    if cost > 0 && candidates.len() <= limits.bounded_figures {
        let exact = candidates.len() <= limits.exact_figures;
        let most = if exact { limits.exact_programmes } else { limits.bounded_programmes };
        let outcome =
            Search::new(system, engine, &needs, &candidates).run(&candidates, engine, cost, exact, most);
        share.programmes = outcome.programmes as u64;
        share.bound = outcome.bound.min(cost);
        if let Some((better, witnesses)) = outcome.better {
            share.improved = 1;
            *system = better;
            share.cost = cost_of(system);
            chosen = witnesses;
        }
    } else if cost > 0 {
        // The choice without any of them did not protect, or they would have been shown again.
        share.bound =
            candidates.iter().filter_map(|id| system.figure(*id)).map(|one| one.cost).min().unwrap_or(0);
    }
    share.optimal = u64::from(share.bound == share.cost);
    *effort = effort.and(share);
    chosen
}

/// Whether a figure is shown or withheld by choice.
pub(super) fn is_candidate(system: &System, id: FigureId) -> bool {
    system
        .figure(id)
        .is_some_and(|one| matches!(one.status, Status::Open | Status::Withheld(Reason::Complementary)))
}

/// What the complementary figures of a part cost.
pub(super) fn cost_of(system: &System) -> u64 {
    let complementary = |status: Status| status == Status::Withheld(Reason::Complementary);
    system.figures.iter().filter(|one| complementary(one.status)).map(|one| one.cost).sum()
}

/// What a search came to.
#[derive(Debug, Default)]
struct Outcome {
    bound: u64,
    programmes: usize,
    better: Option<(System, Vec<Witness>)>,
}

impl<'a> Search<'a> {
    fn new(system: &'a System, engine: &Engine, needs: &'a [Need], candidates: &[FigureId]) -> Self {
        let mut places = vec![Vec::new(); system.figures.len()];
        let sums = system.sums.iter().filter(|sum| !sum.implied);
        for (index, sum) in sums.clone().enumerate() {
            for (id, sign) in sum.parts.iter().map(|id| (*id, 1.0)).chain([(sum.total, -1.0)]) {
                if let Some(found) = places.get_mut(id) {
                    found.push((index, sign));
                }
            }
        }
        let kind = |id: FigureId| match candidates.binary_search(&id) {
            Ok(place) => Kind::Candidate(place),
            Err(_) if system.figure(id).is_some_and(Figure::is_withheld) => Kind::Free,
            Err(_) => Kind::Fixed,
        };
        let open = not_met_alone(system, engine, needs, candidates);
        Self {
            system,
            needs,
            open,
            places,
            sums: sums.count(),
            kinds: (0..system.figures.len()).map(kind).collect(),
            costs: candidates.iter().map(|id| system.figure(*id).map_or(0, |one| one.cost)).collect(),
            is_network: matches!(engine, Engine::Network(_)),
            cuts: Vec::new(),
            programmes: 0,
        }
    }

    fn run(
        mut self,
        candidates: &[FigureId],
        engine: &Engine,
        cost: u64,
        exact: bool,
        most: usize,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        let (least, shares, _) = self.narrowed(false, cost, most);
        outcome.bound = least;
        if least < cost {
            outcome.better = self.rounded(candidates, engine, &shares, cost);
        }
        let cost = outcome.better.as_ref().map_or(cost, |(better, _)| cost_of(better));
        if exact && outcome.bound < cost {
            let (least, choice, settled) = self.narrowed(true, cost, most);
            outcome.bound = outcome.bound.max(least);
            if settled && least < cost {
                let proved = self.proved(candidates, engine, &choice);
                outcome.better = proved.or(outcome.better);
            }
        }
        outcome.programmes = self.programmes;
        outcome
    }

    /// Solves the programme over the cuts and adds those that its choice breaks, again and again: the bound, the last
    /// choice, and whether that breaks none.
    fn narrowed(&mut self, whole: bool, cost: u64, most: usize) -> (u64, Vec<f64>, bool) {
        let mut bound = 0;
        let mut last = Vec::new();
        while self.programmes < most && bound < cost {
            let Some((choice, least)) = self.cheapest(whole) else { break };
            bound = bound.max(least);
            let broken = self.add_cuts(&choice, most);
            last = choice;
            if !broken {
                return (bound, last, true);
            }
        }
        (bound, last, false)
    }

    /// A choice near one that withholds figures in part: everything with a share, what is missing, less what is not needed.
    fn rounded(
        &self,
        candidates: &[FigureId],
        engine: &Engine,
        shares: &[f64],
        cost: u64,
    ) -> Option<(System, Vec<Witness>)> {
        let mut trial = self.system.clone();
        for (id, share) in candidates.iter().zip(shares) {
            let hidden = *share > 0.05;
            trial.set(*id, if hidden { Status::Withheld(Reason::Complementary) } else { Status::Open });
        }
        let witnesses = protect(&mut trial, engine).ok()?;
        (cost_of(&trial) < cost).then_some((trial, witnesses))
    }

    /// The cheapest choice that satisfies the cuts known so far, and its cost rounded up: no protecting choice is cheaper.
    fn cheapest(&mut self, whole: bool) -> Option<(Vec<f64>, u64)> {
        self.programmes += 1;
        let mut variables = ProblemVariables::new();
        let definition = || {
            let definition = variable().min(0.0).max(1.0);
            if whole { definition.integer() } else { definition }
        };
        let chosen: Vec<Variable> = self.costs.iter().map(|_| variables.add(definition())).collect();
        let mut price = Expression::default();
        for (cost, one) in self.costs.iter().zip(&chosen) {
            price += Expression::from(*one) * *cost as f64;
        }
        let problem = variables.minimise(price).using(microlp);
        let mut model = if whole { problem.with_time_limit(INTEGER_SECONDS) } else { problem };
        for cut in &self.cuts {
            let mut left = Expression::default();
            for (place, factor) in &cut.terms {
                if let Some(one) = chosen.get(*place) {
                    left += Expression::from(*one) * *factor;
                }
            }
            model.add_constraint(constraint!(left >= cut.at_least));
        }
        let solution = model.solve().ok()?;
        if !matches!(solution.status(), SolutionStatus::Optimal) {
            return None;
        }
        let choice: Vec<f64> = chosen.iter().map(|one| solution.value(*one).clamp(0.0, 1.0)).collect();
        let least: f64 = choice.iter().zip(&self.costs).map(|(share, cost)| share * *cost as f64).sum();
        Some((choice, (least - 1e-4).ceil().max(0.0) as u64))
    }

    /// Adds the cuts that a choice breaks, one for each need; false when it breaks none.
    fn add_cuts(&mut self, choice: &[f64], most: usize) -> bool {
        let mut added = false;
        for need in self.open.clone() {
            if self.programmes >= most {
                return true;
            }
            if let Some(cut) = self.broken_cut(need, choice) {
                self.cuts.push(cut);
                added = true;
            }
        }
        added
    }

    /// How far a figure may move up and down for a need.
    fn room(&self, id: FigureId, amount: u64) -> (f64, f64) {
        let value = self.system.figure(id).map_or(0, |one| one.value);
        let most = if self.is_network { amount } else { u64::MAX };
        (self.system.ceiling.saturating_sub(value).min(most) as f64, value.min(most) as f64)
    }

    /// Prices on sums which show that a choice leaves a figure too little room; none when it leaves enough.
    fn broken_cut(&mut self, need: &Need, choice: &[f64]) -> Option<Cut> {
        let own = self.places.get(need.figure).filter(|places| !places.is_empty())?.clone();
        self.programmes += 1;
        let sign = match need.direction {
            Direction::Raise => 1.0,
            Direction::Lower => -1.0,
        };
        let mut variables = ProblemVariables::new();
        let price: Vec<Variable> = (0..self.sums)
            .map(|_| variables.add(variable().min(-LARGEST_PRICE).max(LARGEST_PRICE)))
            .collect();
        let at = |places: &[(usize, f64)]| {
            let mut total = Expression::default();
            for (sum, sign) in places {
                if let Some(one) = price.get(*sum) {
                    total += Expression::from(*one) * *sign;
                }
            }
            total
        };
        let mut room = Expression::default();
        let mut limits = vec![constraint!(at(&own) * sign == 1.0)];
        for (id, places) in self.places.iter().enumerate().filter(|(id, _)| *id != need.figure) {
            let share = self.share(id, choice);
            if share <= TOLERANCE || places.is_empty() {
                continue;
            }
            let (up, down) = self.room(id, need.amount);
            let used = variables.add(variable().min(0.0));
            limits.push(constraint!(at(places) * (up * share) + used >= 0.0));
            limits.push(constraint!(Expression::from(used) - at(places) * (down * share) >= 0.0));
            room += used;
        }
        let mut model = variables.minimise(room.clone()).using(microlp);
        for limit in limits {
            model.add_constraint(limit);
        }
        let solution = model.solve().ok()?;
        if solution.eval(&room) >= need.amount as f64 - 1e-4 {
            return None;
        }
        let prices: Vec<f64> = price.iter().map(|one| solution.value(*one)).collect();
        self.cut_of(need, sign, &snapped(prices), choice)
    }

    fn share(&self, id: FigureId, choice: &[f64]) -> f64 {
        match self.kinds.get(id) {
            Some(Kind::Free) => 1.0,
            Some(Kind::Candidate(place)) => choice.get(*place).copied().unwrap_or(0.0),
            Some(Kind::Fixed) | None => 0.0,
        }
    }

    /// The cut that prices give. It is made from the prices alone, so a solver's rounding can make it weak, never wrong.
    fn cut_of(&self, need: &Need, sign: f64, prices: &[f64], choice: &[f64]) -> Option<Cut> {
        let at = |id: FigureId| -> f64 {
            let places = self.places.get(id).map(Vec::as_slice).unwrap_or_default();
            places.iter().map(|(sum, sign)| prices.get(*sum).copied().unwrap_or(0.0) * sign).sum()
        };
        let own = at(need.figure) * sign;
        if own < 0.5 {
            return None;
        }
        let mut at_least = need.amount as f64 * own;
        let mut terms: Vec<(usize, f64)> = Vec::new();
        for (id, kind) in self.kinds.iter().enumerate().filter(|(id, _)| *id != need.figure) {
            let (up, down) = self.room(id, need.amount);
            let priced = at(id);
            let factor = up * (-priced).max(0.0) + down * priced.max(0.0);
            match kind {
                Kind::Free => at_least -= factor,
                Kind::Candidate(place) if factor > 1e-9 => terms.push((*place, factor)),
                Kind::Candidate(_) | Kind::Fixed => {}
            }
        }
        // A figure is withheld or not, so it need not count for more than all that is missing.
        for (_, factor) in &mut terms {
            *factor = factor.min(at_least);
        }
        let now: f64 =
            terms.iter().map(|(place, factor)| choice.get(*place).copied().unwrap_or(0.0) * factor).sum();
        (at_least > 1e-4 && now < at_least - 1e-4).then_some(Cut { terms, at_least })
    }

    /// The part with exactly this choice withheld and a whole-number witness for every need, if there is one for each.
    fn proved(
        &self,
        candidates: &[FigureId],
        engine: &Engine,
        choice: &[f64],
    ) -> Option<(System, Vec<Witness>)> {
        let mut trial = self.system.clone();
        for (id, share) in candidates.iter().zip(choice) {
            let status = if *share > 0.5 { Status::Withheld(Reason::Complementary) } else { Status::Open };
            trial.set(*id, status);
        }
        let prices = prices(&trial, false);
        let mut witnesses = Vec::with_capacity(self.needs.len());
        for need in self.needs {
            let witness = engine.push(&trial, need.figure, need.direction, need.amount, &prices);
            if !need.is_met_by(&witness) || !holds(&trial, &witness) {
                return None;
            }
            witnesses.push(witness);
        }
        Some((trial, witnesses))
    }
}

/// The needs that are not met while every figure that may be shown is.
fn not_met_alone<'a>(
    system: &System,
    engine: &Engine,
    needs: &'a [Need],
    candidates: &[FigureId],
) -> Vec<&'a Need> {
    let mut shown = system.clone();
    for id in candidates {
        shown.set(*id, Status::Open);
    }
    let prices = prices(&shown, false);
    let is_met = |need: &Need| {
        let witness = engine.push(&shown, need.figure, need.direction, need.amount, &prices);
        need.is_met_by(&witness) && holds(&shown, &witness)
    };
    needs.iter().filter(|need| !is_met(need)).collect()
}

/// Prices that are whole numbers but for rounding, as whole numbers.
fn snapped(prices: Vec<f64>) -> Vec<f64> {
    if prices.iter().all(|price| (price - price.round()).abs() < TOLERANCE) {
        prices.into_iter().map(f64::round).collect()
    } else {
        prices
    }
}
