//! What a stratified sample says about everybody: weighted shares and means of a part of the population, with finite
//! populations and 95 % intervals. Sums are whole numbers, estimates decimals; only intervals are in double precision.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::collapse::collapsed;
use super::student::student_975;

/// What was found in one stratum, for one figure and one part of the population ("domain").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StratumTally {
    /// Strata of one group (a sector, say) are put together with each other first.
    pub group: usize,
    /// How many are in the stratum.
    pub population: u64,
    /// How many of those drawn responded, inside the domain or not.
    pub responded: u64,
    /// How many of those that responded are inside the domain.
    pub inside: u64,
    /// The sum of the figures of those inside.
    pub sum: i64,
    /// The sum of their squares.
    pub squares: i64,
}

impl StratumTally {
    /// A stratum nobody has responded from yet.
    #[must_use]
    pub fn new(group: usize, population: u64) -> Self {
        Self { group, population, ..Self::default() }
    }

    /// Counts one response; none is a response from outside the domain.
    pub fn respond(&mut self, figure: Option<i32>) {
        self.responded += 1;
        if let Some(figure) = figure.map(i64::from) {
            self.inside += 1;
            self.sum += figure;
            self.squares += figure * figure;
        }
    }
}

/// An estimate with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// The estimate: percent for a share, the figure's own unit for a mean.
    pub value: Decimal,
    /// Lower bound.
    pub low: Decimal,
    /// Upper bound.
    pub high: Decimal,
    /// How many responses it rests on.
    pub of: u64,
    /// How many of the population are in the domain, as estimated (exact where the domain is made of whole strata), rounded.
    pub population: u64,
    /// The variance over that of a simple random sample of as many, to two decimals; none where that has none.
    pub design_effect: Option<Decimal>,
    /// How many of an infinite population would tell as much, rounded down; none where the sample is all there is.
    pub effective: Option<u64>,
}

/// What is reckoned before an interval is laid around it.
struct Moments {
    mean: Decimal,
    variance: f64,
    /// Variance of one member's figure.
    spread: f64,
    inside: u64,
    population: Decimal,
    degrees: u64,
    complete: bool,
}

/// The share of a domain whose figure is 1, in percent, from figures that are 0 or 1. None without a response from it.
///
/// The interval is E. B. Wilson's at the effective sample size p (1 - p) / V, with Student's point for as many degrees of
/// freedom as there are responses in strata with somebody inside, less those strata. Where nobody or everybody has the figure,
/// V says nothing; the effective size is then that of a simple sample.
#[must_use]
pub fn proportion_95(strata: &[StratumTally], places: u32) -> Option<Estimate> {
    let found = moments(strata)?;
    let p = found.mean.to_f64()?;
    let simple = f64_of(found.inside) / (1.0 - found.fraction()?).max(f64::MIN_POSITIVE);
    let effective = if found.variance > 0.0 { p * (1.0 - p) / found.variance } else { simple };
    let (low, high) = match student_975(found.degrees) {
        _ if found.complete => (p, p),
        // A single response, or one from each stratum: it could be anything.
        None => (0.0, 1.0),
        Some(t) => wilson(p, effective, t),
    };
    let hundred = |bound: f64| rounded(100.0 * bound, places);
    let value = (found.mean * Decimal::ONE_HUNDRED).round_dp(places);
    // The estimate and a bound are rounded apart; an interval must hold its estimate.
    let (low, high) = (hundred(low)?.min(value), hundred(high)?.max(value));
    Some(found.estimate((value, low, high), places, whole(effective)))
}

/// The mean of a domain's figures. None without a response from it; the interval is the mean plus and minus Student's point
/// times the standard error.
#[must_use]
pub fn mean_95(strata: &[StratumTally], places: u32) -> Option<Estimate> {
    let found = moments(strata)?;
    let mean = found.mean.to_f64()?;
    let value = found.mean.round_dp(places);
    let effective = (found.variance > 0.0).then(|| found.spread / found.variance).and_then(whole);
    let half = match student_975(found.degrees) {
        _ if found.complete => 0.0,
        // A single response has a mean and no interval.
        None => return None,
        Some(t) => t * found.variance.sqrt(),
    };
    let (low, high) = (rounded(mean - half, places)?.min(value), rounded(mean + half, places)?.max(value));
    Some(found.estimate((value, low, high), places, effective))
}

/// The ratio estimate over strata put together, and the variance of its linear part.
fn moments(strata: &[StratumTally]) -> Option<Moments> {
    let strata: Vec<StratumTally> = collapsed(strata).into_iter().filter(|one| one.responded > 0).collect();
    let weighted = |part: &dyn Fn(&StratumTally) -> Decimal| -> Decimal {
        strata
            .iter()
            .map(|one| Decimal::from(one.population) * part(one) / Decimal::from(one.responded))
            .sum()
    };
    let population = weighted(&|one| Decimal::from(one.inside));
    if population.is_zero() {
        return None;
    }
    let mean = weighted(&|one| Decimal::from(one.sum)) / population;
    let squares = weighted(&|one| Decimal::from(one.squares)) / population;
    let (m, size) = (mean.to_f64()?, population.to_f64()?);
    let (mut variance, mut degrees) = (0.0, 0_u64);
    for one in strata.iter().filter(|one| one.inside > 0) {
        let (all, some) = (f64_of(one.population), f64_of(one.responded));
        degrees += one.responded - 1;
        if one.responded < 2 || one.responded == one.population {
            continue;
        }
        let (sum, squared) = (one.sum.to_f64()?, one.squares.to_f64()?);
        let about = sum - m * f64_of(one.inside);
        let squared = squared - 2.0 * m * sum + m * m * f64_of(one.inside);
        let spread = ((squared - about * about / some) / (some - 1.0)).max(0.0);
        variance += (1.0 - some / all) * all * all * spread / some;
    }
    let inside: u64 = strata.iter().map(|one| one.inside).sum();
    Some(Moments {
        mean,
        variance: negligible(variance / (size * size)),
        spread: (squares - mean * mean).to_f64()?.max(0.0),
        inside,
        population,
        degrees,
        complete: strata.iter().filter(|one| one.inside > 0).all(|one| one.responded == one.population),
    })
}

impl Moments {
    /// Which part of the domain responded.
    fn fraction(&self) -> Option<f64> {
        Some((f64_of(self.inside) / self.population.to_f64()?).min(1.0))
    }

    fn estimate(
        &self,
        (value, low, high): (Decimal, Decimal, Decimal),
        places: u32,
        effective: Option<u64>,
    ) -> Estimate {
        let shown = |mut value: Decimal| {
            value.rescale(places);
            value
        };
        Estimate {
            value: shown(value),
            low: shown(low),
            high: shown(high),
            of: self.inside,
            population: self.population.round().to_u64().unwrap_or(u64::MAX),
            design_effect: self.design_effect(),
            effective: effective.filter(|_| !self.complete),
        }
    }

    /// Against a simple random sample of as many from the domain, without replacement.
    fn design_effect(&self) -> Option<Decimal> {
        let n = f64_of(self.inside);
        let simple = (1.0 - self.fraction()?) * self.spread / (n - 1.0);
        if simple > 0.0 && self.inside > 1 { rounded(self.variance / simple, 2) } else { None }
    }
}

/// The score interval of a share at a sample size that need not be whole.
fn wilson(p: f64, size: f64, t: f64) -> (f64, f64) {
    let square = t * t;
    let whole = size + square;
    let middle = (size * p + square / 2.0) / whole;
    let half = t * (size * p * (1.0 - p) + square / 4.0).sqrt() / whole;
    ((middle - half).clamp(0.0, 1.0), (middle + half).clamp(0.0, 1.0))
}

/// A variance that is nothing but the last digits of a double counts as none.
fn negligible(variance: f64) -> f64 {
    if variance < 1e-18 { 0.0 } else { variance }
}

#[expect(clippy::cast_precision_loss, reason = "counts of organisations are far below 2^53")]
const fn f64_of(count: u64) -> f64 {
    count as f64
}

fn rounded(value: f64, places: u32) -> Option<Decimal> {
    Decimal::try_from(value).ok().map(|value| value.round_dp(places))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be a count before it becomes one"
)]
fn whole(value: f64) -> Option<u64> {
    (value.is_finite() && (0.0..1e15).contains(&value)).then_some(value as u64)
}
