//! Allocating a sample to its strata and drawing it: the same plan, seed and frame give the same sample again.

use super::model::{AllocationMethod, BaselinePlan, Codes, DrawnStratum};
use crate::platform::canonical::sha256;
use crate::platform::error::{Error, Result};
use crate::statistics::sampling::{AllocationError, Method, Stratum, allocate, selected};

/// As the statistics know it.
const fn method_of(chosen: AllocationMethod) -> Method {
    match chosen {
        AllocationMethod::Proportional => Method::Proportional,
        AllocationMethod::Neyman => Method::Neyman,
    }
}

/// Gives every stratum its size.
pub(super) fn allocated(strata: &mut [DrawnStratum], plan: &BaselinePlan) -> Result<(), AllocationError> {
    let given: Vec<Stratum> = strata
        .iter()
        .map(|one| Stratum { population: one.population, variance: one.variance, take_all: one.take_all })
        .collect();
    let found = allocate(&given, plan.size, plan.minimum, method_of(plan.method))?;
    for (stratum, size) in strata.iter_mut().zip(found.sizes) {
        stratum.size = size;
    }
    Ok(())
}

/// The margin that the overall share can expect, in percentage points to one decimal.
pub(super) fn margin(strata: &[DrawnStratum]) -> Option<String> {
    let given: Vec<Stratum> = strata
        .iter()
        .map(|one| Stratum { population: one.population, variance: one.variance, take_all: one.take_all })
        .collect();
    let sizes = crate::statistics::sampling::Allocated { sizes: strata.iter().map(|one| one.size).collect() };
    crate::statistics::sampling::margin_95(&given, &sizes).map(|margin| format!("{margin:.1}"))
}

/// Draws from every stratum; codes in their own order.
pub(super) fn taken(seed: &str, strata: &[DrawnStratum], frame: &Codes) -> Codes {
    let mut all = Codes::new();
    for stratum in strata {
        let codes = frame.get(&stratum.key).map(Vec::as_slice).unwrap_or_default();
        let members: Vec<&str> = codes.iter().map(String::as_str).collect();
        let places = selected(seed, &stratum.key, &members, stratum.size, |text| sha256(text.as_bytes()));
        let mut drawn: Vec<String> =
            places.into_iter().filter_map(|place| codes.get(place).cloned()).collect();
        drawn.sort_unstable();
        all.insert(stratum.key.clone(), drawn);
    }
    all
}

/// Reads a stored list.
pub(super) fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::internal("failed to read a baselining draw", e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stratum(key: &str, population: u64, take_all: bool) -> DrawnStratum {
        DrawnStratum {
            key: key.to_owned(),
            label: key.to_owned(),
            sector: key.to_owned(),
            region: String::new(),
            population,
            variance: None,
            take_all,
            size: 0,
        }
    }

    #[test]
    fn a_draw_takes_as_many_as_allocated_and_is_the_same_again() {
        let mut strata = vec![stratum("gp", 90, false), stratum("icb", 4, true)];
        let plan = BaselinePlan { size: 34, ..BaselinePlan::FIRST };
        allocated(&mut strata, &plan).unwrap();
        assert_eq!(strata.iter().map(|one| one.size).collect::<Vec<_>>(), [30, 4]);
        let code = |stem: &str, count: u64| (0..count).map(|n| format!("{stem}{n:03}")).collect::<Vec<_>>();
        let frame: Codes = [("gp".to_owned(), code("A", 90)), ("icb".to_owned(), code("Q", 4))].into();
        let first = taken("seed", &strata, &frame);
        assert_eq!((first["gp"].len(), first["icb"].clone()), (30, code("Q", 4)));
        assert_eq!(first, taken("seed", &strata, &frame));
        assert_ne!(first, taken("other", &strata, &frame));
        // 1.96 * sqrt((90 / 94)^2 * (1 - 1 / 3) * 0.25 / 30)
        assert_eq!(margin(&strata).as_deref(), Some("14.0"));
    }
}
