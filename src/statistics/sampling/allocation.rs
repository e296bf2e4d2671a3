//! How many of each stratum are drawn. The size is given out one by one, each to the stratum where it takes most from the
//! variance, which is exact in whole numbers: T. Wright, "The equivalence of Neyman optimum allocation for sampling and
//! equal proportions for apportioning the U.S. House of Representatives", The American Statistician 66 (2012).

/// The largest population a sample is drawn from; up to it no comparison can overflow.
pub const LARGEST_POPULATION: u64 = 1_000_000;
/// The largest variance of one member's figure on a scale from 0 to 1, in millionths.
const MOST_VARIANCE: u64 = 1_000_000;
/// The variance of a share of one half, in millionths: the most a share can have.
const UNKNOWN_VARIANCE: u64 = 250_000;

/// How the size is given to the strata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By how many there are in each.
    Proportional,
    /// By how many there are and how much they are expected to differ.
    Neyman,
}

/// One stratum before anything is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stratum {
    /// How many are in it.
    pub population: u64,
    /// The variance that is expected of one member's figure, in millionths of a scale from 0 to 1; none where nothing is
    /// known, which counts as the most a share can have.
    pub variance: Option<u64>,
    /// Whether everybody is asked.
    pub take_all: bool,
}

/// How many are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocated {
    /// Stratum by stratum, in the order given.
    pub sizes: Vec<u64>,
}

impl Allocated {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.sizes.iter().sum()
    }
}

/// Why there is no allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AllocationError {
    /// Nobody to draw from.
    #[error("there is nobody to draw from")]
    Nobody,
    /// More than there are.
    #[error("{wanted} are to be drawn of {population}")]
    MoreThanAll {
        /// The size wanted.
        wanted: u64,
        /// How many there are.
        population: u64,
    },
    /// Less than the take-all strata and the minimum of every other come to.
    #[error("{wanted} are to be drawn where at least {least} are needed")]
    TooFew {
        /// The size wanted.
        wanted: u64,
        /// What the strata need.
        least: u64,
    },
    /// A population above [`LARGEST_POPULATION`] or a variance above 1.
    #[error("the population or a variance is larger than can be reckoned with")]
    TooLarge,
}

/// Gives `size` to the strata: everybody of a take-all stratum, at least `minimum` (and never none) of each other that has
/// so many, and the rest where it takes most from the variance of the estimate. Earlier strata come first among equals.
///
/// # Errors
/// [`AllocationError`].
pub fn allocate(
    strata: &[Stratum],
    size: u64,
    minimum: u64,
    method: Method,
) -> Result<Allocated, AllocationError> {
    let population = strata.iter().try_fold(0_u64, |sum, one| sum.checked_add(one.population));
    let population = population.filter(|sum| *sum <= LARGEST_POPULATION).ok_or(AllocationError::TooLarge)?;
    if strata.iter().any(|one| one.variance.is_some_and(|variance| variance > MOST_VARIANCE)) {
        return Err(AllocationError::TooLarge);
    }
    if population == 0 {
        return Err(AllocationError::Nobody);
    }
    if size > population {
        return Err(AllocationError::MoreThanAll { wanted: size, population });
    }
    let mut sizes: Vec<u64> = strata.iter().map(|one| least(one, minimum)).collect();
    let least: u64 = sizes.iter().sum();
    if size < least {
        return Err(AllocationError::TooFew { wanted: size, least });
    }
    let weights: Vec<u128> = strata.iter().map(|one| weight(one, method)).collect();
    for _ in least..size {
        let Some(next) = neediest(strata, &weights, &sizes) else { break };
        if let Some(given) = sizes.get_mut(next) {
            *given += 1;
        }
    }
    Ok(Allocated { sizes })
}

/// What a stratum gets whatever the others get.
fn least(stratum: &Stratum, minimum: u64) -> u64 {
    if stratum.take_all { stratum.population } else { minimum.max(1).min(stratum.population) }
}

/// Population times standard deviation, in millionths.
fn weight(stratum: &Stratum, method: Method) -> u128 {
    let deviation = match method {
        Method::Proportional => 1_000_000,
        Method::Neyman => {
            u128::from(stratum.variance.unwrap_or(UNKNOWN_VARIANCE)).saturating_mul(1_000_000).isqrt()
        }
    };
    u128::from(stratum.population) * deviation
}

/// The stratum where one more takes most from the variance: the largest weight squared over n (n + 1). One with nothing
/// to gain is taken only when no other has anybody left.
fn neediest(strata: &[Stratum], weights: &[u128], sizes: &[u64]) -> Option<usize> {
    let mut best: Option<(usize, u128, u128)> = None;
    for (at, ((stratum, weight), given)) in strata.iter().zip(weights).zip(sizes).enumerate() {
        if *given >= stratum.population {
            continue;
        }
        let (gain, cost) = (weight * weight, u128::from(*given) * (u128::from(*given) + 1));
        // gain / cost against the best so far, crosswise; at most 10^24 times 10^12.
        if best.is_none_or(|(_, best_gain, best_cost)| gain * best_cost > best_gain * cost) {
            best = Some((at, gain, cost));
        }
    }
    best.map(|(at, ..)| at)
}

/// Half the width of the 95 % interval that an estimate of the share over all strata can expect when everybody who is drawn
/// responds, in percentage points; none for an empty population.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "counts below 10^6 and variances below 10^6 are exact in a double"
)]
pub fn margin_95(strata: &[Stratum], allocated: &Allocated) -> Option<f64> {
    let population: u64 = strata.iter().map(|one| one.population).sum();
    if population == 0 {
        return None;
    }
    let mut variance = 0.0;
    for (stratum, size) in strata.iter().zip(&allocated.sizes) {
        if stratum.population == 0 || *size == 0 {
            continue;
        }
        let (all, drawn) = (stratum.population as f64, *size as f64);
        let share = all / population as f64;
        let spread = stratum.variance.unwrap_or(UNKNOWN_VARIANCE) as f64 / 1e6;
        variance += share * share * (1.0 - drawn / all) * spread / drawn;
    }
    Some(100.0 * super::student::NORMAL_975 * variance.sqrt())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stratum(population: u64, variance: Option<u64>) -> Stratum {
        Stratum { population, variance, take_all: false }
    }

    fn sizes(strata: &[Stratum], size: u64, minimum: u64, method: Method) -> Vec<u64> {
        allocate(strata, size, minimum, method).unwrap().sizes
    }

    #[test]
    fn shares_follow_the_sizes_and_the_spread() {
        let even = [stratum(6000, None), stratum(3000, None), stratum(1000, None)];
        assert_eq!(sizes(&even, 100, 2, Method::Proportional), [60, 30, 10]);
        // Standard deviations 0.5, 0.3 and 0.1: weights 3000, 900 and 100 of 4000.
        let spread = [stratum(6000, Some(250_000)), stratum(3000, Some(90_000)), stratum(1000, Some(10_000))];
        assert_eq!(sizes(&spread, 400, 2, Method::Neyman), [300, 90, 10]);
        // Without anything known Neyman is proportional.
        assert_eq!(sizes(&even, 100, 2, Method::Neyman), [60, 30, 10]);
    }

    #[test]
    fn minimum_and_take_all_come_first() {
        let strata = [
            stratum(9000, None),
            Stratum { take_all: true, ..stratum(42, None) },
            stratum(3, None),
            stratum(0, None),
        ];
        assert_eq!(sizes(&strata, 145, 5, Method::Proportional), [100, 42, 3, 0]);
        assert_eq!(
            allocate(&strata, 40, 5, Method::Proportional),
            Err(AllocationError::TooFew { wanted: 40, least: 50 })
        );
        assert_eq!(sizes(&strata, 9045, 5, Method::Neyman), [9000, 42, 3, 0]);
        assert_eq!(
            allocate(&strata, 9046, 5, Method::Neyman),
            Err(AllocationError::MoreThanAll { wanted: 9046, population: 9045 })
        );
        assert_eq!(allocate(&[], 0, 5, Method::Neyman), Err(AllocationError::Nobody));
        assert_eq!(
            allocate(&[stratum(2_000_000, None)], 5, 5, Method::Neyman),
            Err(AllocationError::TooLarge)
        );
    }

    #[test]
    fn certain_strata_get_their_minimum_until_nobody_else_is_left() {
        let strata = [stratum(100, Some(0)), stratum(10, Some(250_000))];
        assert_eq!(sizes(&strata, 12, 2, Method::Neyman), [2, 10]);
        assert_eq!(sizes(&strata, 20, 2, Method::Neyman), [10, 10]);
    }

    #[test]
    fn the_margin_is_that_of_a_simple_sample_for_one_stratum() {
        let one = [stratum(10_000, None)];
        let found = margin_95(&one, &Allocated { sizes: vec![400] }).unwrap();
        // 1.959964 * sqrt(0.96 * 0.25 / 400) = 0.04800912
        assert!((found - 4.800_912).abs() < 1e-5, "{found}");
        assert_eq!(margin_95(&one, &Allocated { sizes: vec![10_000] }), Some(0.0));
        assert_eq!(margin_95(&[], &Allocated { sizes: vec![] }), None);
    }

    proptest! {
        /// No other way of giving out the same size has a smaller variance: moving one from any stratum to any other never helps.
        #[test]
        fn no_exchange_improves_it(
            given in proptest::collection::vec((1_u64..400, 1_u64..250_000), 2..7),
            percent in 0_u64..=100,
        ) {
            let strata: Vec<Stratum> = given.iter().map(|(n, v)| stratum(*n, Some(*v))).collect();
            let population: u64 = strata.iter().map(|one| one.population).sum();
            let least: u64 = strata.iter().map(|one| one.population.min(2)).sum();
            let size = (population * percent / 100).max(least);
            let found = sizes(&strata, size, 2, Method::Neyman);
            prop_assert_eq!(found.iter().sum::<u64>(), size);
            let part = |at: usize, n: u64| (weight(&strata[at], Method::Neyman) as f64).powi(2) / n as f64;
            for from in 0..strata.len() {
                prop_assert!(found[from] <= strata[from].population && found[from] >= strata[from].population.min(2));
                for to in 0..strata.len() {
                    let movable = from != to && found[from] > strata[from].population.min(2) && found[to] < strata[to].population;
                    if movable {
                        let now = part(from, found[from]) + part(to, found[to]);
                        let then = part(from, found[from] - 1) + part(to, found[to] + 1);
                        prop_assert!(then >= now * (1.0 - 1e-12), "{:?} {from} {to}", found);
                    }
                }
            }
        }
    }
}
