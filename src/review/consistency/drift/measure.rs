//! The rule of an alert, pure: a reviewer's rate against the rate that the others would have had with the same mix.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::platform::ids::PersonId;
use crate::review::consistency::model::Measure;
use crate::statistics::estimators::wilson_95;

/// Days that are looked back.
pub const WATCHED: i64 = 90;

/// How often somebody did something, of how many times, in one stratum: a requirement, or a gold case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Observed {
    pub person: PersonId,
    pub stratum: i64,
    pub hits: u64,
    pub tries: u64,
}

/// One reviewer against the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub person: PersonId,
    pub measure: Measure,
    pub hits: u64,
    pub tries: u64,
    /// Bounds of the reviewer's own rate, in percent.
    pub low: Decimal,
    pub high: Decimal,
    /// What the others would have come to, in percent.
    pub expected: Decimal,
    /// Whether an alert follows.
    pub drifts: bool,
}

impl Measure {
    /// Fewer tries than this say nothing.
    pub(in crate::review) const fn least(self) -> u64 {
        match self {
            Self::Downgrades => 50,
            Self::Agreement => 20,
            Self::Gold => 10,
        }
    }

    /// Whether rates above what is expected are of interest too: agreeing more than others is none.
    const fn both_ways(self) -> bool {
        matches!(self, Self::Downgrades)
    }
}

/// Every reviewer with enough tries against the others, by direct standardisation: the others' rate in each stratum,
/// weighted by how often the reviewer met it. Strata that nobody else met are left out on both sides.
pub(super) fn findings(measure: Measure, observed: &[Observed]) -> Vec<Finding> {
    let mut strata: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
    let mut people: BTreeMap<PersonId, BTreeMap<i64, (u64, u64)>> = BTreeMap::new();
    for one in observed {
        for sum in [
            strata.entry(one.stratum).or_default(),
            people.entry(one.person).or_default().entry(one.stratum).or_default(),
        ] {
            sum.0 += one.hits;
            sum.1 += one.tries;
        }
    }
    people.into_iter().filter_map(|(person, own)| finding(measure, person, &own, &strata)).collect()
}

fn finding(
    measure: Measure,
    person: PersonId,
    own: &BTreeMap<i64, (u64, u64)>,
    strata: &BTreeMap<i64, (u64, u64)>,
) -> Option<Finding> {
    let (mut hits, mut tries, mut expected) = (0, 0, Decimal::ZERO);
    for (stratum, (own_hits, own_tries)) in own {
        let (all_hits, all_tries) = strata.get(stratum).copied().unwrap_or_default();
        let others = all_tries - own_tries;
        if others == 0 {
            continue;
        }
        hits += own_hits;
        tries += own_tries;
        expected += Decimal::from(*own_tries) * Decimal::from(all_hits - own_hits) / Decimal::from(others);
    }
    if tries < measure.least() {
        return None;
    }
    let interval = wilson_95(hits, tries, 1)?;
    let expected = (expected / Decimal::from(tries) * Decimal::ONE_HUNDRED).round_dp(1);
    let below = interval.high < expected;
    let above = interval.low > expected;
    let drifts = below || (above && measure.both_ways());
    Some(Finding { person, measure, hits, tries, low: interval.low, high: interval.high, expected, drifts })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn observed(person: i64, stratum: i64, hits: u64, tries: u64) -> Observed {
        Observed { person: PersonId::new(person), stratum, hits, tries }
    }

    #[test]
    fn a_reviewer_with_harder_cases_does_not_drift() {
        // Both downgrade nine in ten of requirement 1 and one in ten of requirement 2; the first sees mostly requirement 1.
        let team =
            [observed(1, 1, 90, 100), observed(1, 2, 1, 10), observed(2, 1, 9, 10), observed(2, 2, 10, 100)];
        let found = findings(Measure::Downgrades, &team);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|one| !one.drifts), "{found:?}");
        assert_eq!(found[0].expected.to_string(), "82.7");
    }

    #[test]
    fn somebody_who_downgrades_more_or_less_does() {
        let team = [observed(1, 1, 40, 60), observed(2, 1, 20, 100), observed(3, 1, 22, 100)];
        let drifting: Vec<bool> = findings(Measure::Downgrades, &team).iter().map(|one| one.drifts).collect();
        assert_eq!(drifting, [true, true, true], "the others are measured with the first among them");
        let lenient = [observed(1, 1, 0, 60), observed(2, 1, 20, 100), observed(3, 1, 22, 100)];
        assert!(findings(Measure::Downgrades, &lenient)[0].drifts);
        // Agreeing more often than others is no reason for an alert.
        let keen = [observed(1, 1, 60, 60), observed(2, 1, 40, 100)];
        assert_eq!(
            findings(Measure::Agreement, &keen).iter().map(|one| one.drifts).collect::<Vec<_>>(),
            [false, true]
        );
    }

    #[test]
    fn few_tries_and_nobody_to_compare_with_say_nothing() {
        assert!(findings(Measure::Downgrades, &[observed(1, 1, 49, 49), observed(2, 1, 0, 10)]).is_empty());
        assert!(findings(Measure::Downgrades, &[observed(1, 1, 60, 60)]).is_empty());
        assert!(findings(Measure::Gold, &[]).is_empty());
    }

    proptest! {
        /// With one stratum, what is expected is the others' plain rate.
        #[test]
        fn one_stratum_needs_no_standardising(hits in 0_u64..=60, others in 0_u64..=80) {
            let team = [observed(1, 7, hits, 60), observed(2, 7, others, 80)];
            let found = findings(Measure::Downgrades, &team);
            let plain = (Decimal::from(others * 100) / Decimal::from(80)).round_dp(1);
            prop_assert_eq!(found[0].expected, plain);
            prop_assert_eq!((found[0].hits, found[0].tries), (hits, 60));
        }
    }
}
