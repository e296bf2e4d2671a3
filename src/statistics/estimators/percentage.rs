//! Percentages and other ratios of whole numbers, rounded once, half to even.

use rust_decimal::Decimal;

/// The most decimal places a published figure may have.
const MOST_PLACES: u32 = 9;

/// `numerator / denominator`, rounded half to even at `places` decimals (at most 9). `None` when the denominator is
/// not positive or the result is too large for a decimal.
#[must_use]
pub fn ratio(numerator: i128, denominator: i128, places: u32) -> Option<Decimal> {
    if denominator <= 0 {
        return None;
    }
    let places = places.min(MOST_PLACES);
    let scaled = numerator.checked_mul(10_i128.checked_pow(places)?)?;
    let quotient = scaled.div_euclid(denominator);
    let twice = scaled.rem_euclid(denominator).checked_mul(2)?;
    let up = match twice.cmp(&denominator) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => quotient % 2 != 0,
        std::cmp::Ordering::Greater => true,
    };
    Decimal::try_from_i128_with_scale(quotient + i128::from(up), places).ok()
}

/// `count` as a percentage of `of`, rounded half to even at `places` decimals. `None` when there is no denominator:
/// "0 %" of nothing would be a statement about nobody.
///
/// ```
/// # use portal::statistics::estimators::percentage;
/// assert_eq!(percentage(1, 8, 1).unwrap().to_string(), "12.5");
/// assert_eq!(percentage(1, 8, 0).unwrap().to_string(), "12");
/// assert_eq!(percentage(0, 0, 1), None);
/// ```
#[must_use]
pub fn percentage(count: u64, of: u64, places: u32) -> Option<Decimal> {
    ratio(i128::from(count) * 100, i128::from(of), places)
}

/// Percentages of a whole that add up to exactly 100: every share is rounded down and the units left over go to the
/// largest remainders, earlier entries first among equals. Each differs from its exact value by less than one unit
/// of the last place. For bars that must fill their width; tables print [`percentage`]. Empty without a whole.
#[must_use]
pub fn percentages_that_sum(counts: &[u64], places: u32) -> Vec<Decimal> {
    let places = places.min(MOST_PLACES);
    let whole: u128 = counts.iter().map(|count| u128::from(*count)).sum();
    if whole == 0 {
        return Vec::new();
    }
    let units = 100 * 10_u128.pow(places);
    // At most 2^64 * 10^11, which is below 2^128.
    let mut shares: Vec<(u128, u128)> = counts
        .iter()
        .map(|count| (u128::from(*count) * units / whole, u128::from(*count) * units % whole))
        .collect();
    let given: u128 = shares.iter().map(|(share, _)| share).sum();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(shares.get(*index).map_or(0, |(_, remainder)| *remainder)));
    let left = usize::try_from(units - given).unwrap_or(shares.len());
    for index in order.into_iter().take(left) {
        if let Some((share, _)) = shares.get_mut(index) {
            *share += 1;
        }
    }
    // A share is at most 10^11, so it fits.
    shares.into_iter().map(|(share, _)| Decimal::from_i128_with_scale(share.cast_signed(), places)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(value: Option<Decimal>) -> String {
        value.map_or_else(|| "none".into(), |value| value.to_string())
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        // 12.5, 37.5, 62.5, 87.5 percent without decimals.
        let rounded = [1, 3, 5, 7].map(|count| shown(percentage(count, 8, 0)));
        assert_eq!(rounded, ["12", "38", "62", "88"]);
        assert_eq!(shown(ratio(-1, 2, 0)), "0");
        assert_eq!(shown(ratio(-3, 2, 0)), "-2");
        assert_eq!(shown(ratio(-5, 4, 1)), "-1.2");
        assert_eq!(shown(percentage(2, 3, 1)), "66.7");
        assert_eq!(shown(percentage(64_201, 64_201, 2)), "100.00");
        assert_eq!(shown(ratio(1, 0, 2)), "none");
    }

    #[test]
    fn shares_of_a_whole_fill_it() {
        let thirds: Vec<String> =
            percentages_that_sum(&[1, 1, 1], 1).iter().map(ToString::to_string).collect();
        assert_eq!(thirds, ["33.4", "33.3", "33.3"]);
        assert!(percentages_that_sum(&[0, 0], 1).is_empty());
    }

    proptest! {
        #[test]
        fn shares_always_sum_and_stay_within_a_unit(
            counts in proptest::collection::vec(prop_oneof![Just(0_u64), 1_u64..50, any::<u64>()], 1..12),
            places in 0_u32..4,
        ) {
            let shares = percentages_that_sum(&counts, places);
            let whole: u128 = counts.iter().map(|count| u128::from(*count)).sum();
            prop_assume!(whole > 0);
            prop_assert_eq!(shares.iter().sum::<Decimal>(), Decimal::ONE_HUNDRED);
            for (count, share) in counts.iter().zip(&shares) {
                let units = u128::try_from(share.mantissa()).unwrap();
                let exact = u128::from(*count) * 100 * 10_u128.pow(places);
                prop_assert!((units * whole).abs_diff(exact) < whole);
            }
        }
    }
}
