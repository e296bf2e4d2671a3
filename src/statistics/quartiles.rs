//! Quartiles of a small population that give no member away: where an organisation stands among others of its kind. The
//! rule, and why it is this one: `docs/decisions/0018-peers.md`.

use super::disclosure::{DisclosureRules, Reason};

/// Published figures are multiples of this many points.
pub const STEP: u64 = 5;
/// Below and above these a figure only says "or less" and "or more": the ends of the scale name everybody beyond them.
pub const ENDS: (u8, u8) = (5, 95);
/// The most points there are.
const MOST: u8 = 100;

/// Quartiles that may be shown, in points from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quartiles {
    /// A quarter of the group has this or less; none in a group that is too small for quarters.
    pub lower: Option<u8>,
    /// Half of the group has this or less.
    pub middle: u8,
    /// Three quarters of the group have this or less; none in a group that is too small for quarters.
    pub upper: Option<u8>,
}

/// How large a group must be for its middle figure: two halves, each of which is no small group even for the member who
/// reads it and knows its own figure.
#[must_use]
pub const fn middle_from(rules: &DisclosureRules) -> u64 {
    2 * rules.minimum + 1
}

/// How large a group must be for all three figures: four quarters, each of which is no small group even for the member
/// who reads it and knows its own figure.
#[must_use]
pub const fn quarters_from(rules: &DisclosureRules) -> u64 {
    4 * rules.minimum + 1
}

/// The quartiles of a group's figures, or why they are withheld. Figures above 100 count as 100.
///
/// Each is the mean of the [`DisclosureRules::minimum`] members around its place, to the nearest [`STEP`]: no member's own
/// figure is ever one of them, and a figure beyond its neighbours' counts as theirs.
///
/// # Errors
/// [`Reason::SmallGroup`] below [`middle_from`]; [`Reason::GroupDisclosure`] when all of a small group have the same.
pub fn quartiles(figures: &[u8], rules: &DisclosureRules) -> Result<Quartiles, Reason> {
    let mut sorted: Vec<u8> = figures.iter().map(|figure| (*figure).min(MOST)).collect();
    sorted.sort_unstable();
    let size = u64::try_from(sorted.len()).unwrap_or(u64::MAX);
    if size < middle_from(rules) {
        return Err(Reason::SmallGroup);
    }
    let alike = sorted.first() == sorted.last();
    if alike && rules.group_disclosure && size < rules.small_group {
        return Err(Reason::GroupDisclosure);
    }
    let quarters = size >= quarters_from(rules);
    Ok(Quartiles {
        lower: quarters.then(|| around(&sorted, 1, rules)),
        middle: around(&sorted, 2, rules),
        upper: quarters.then(|| around(&sorted, 3, rules)),
    })
}

/// The first place and the number of the members around a quarter's place.
fn window(size: usize, quarter: usize, rules: &DisclosureRules) -> (usize, usize) {
    let wide = usize::try_from(rules.minimum).unwrap_or(usize::MAX).min(size);
    let centre = (quarter * size.saturating_sub(1) + 2) / 4;
    let first = centre.saturating_sub(wide / 2).min(size - wide);
    (first, wide)
}

fn around(sorted: &[u8], quarter: usize, rules: &DisclosureRules) -> u8 {
    let (first, wide) = window(sorted.len(), quarter, rules);
    let members = sorted.iter().skip(first).take(wide);
    rounded(members.map(|figure| u64::from(*figure)).sum(), u64::try_from(wide).unwrap_or(1))
}

/// The mean to the nearest step, halves up, within the ends of the scale.
fn rounded(sum: u64, count: u64) -> u8 {
    let steps = (2 * sum + count * STEP) / (2 * count.max(1) * STEP);
    u8::try_from(steps * STEP).unwrap_or(MOST).clamp(ENDS.0, ENDS.1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules() -> DisclosureRules {
        DisclosureRules::default()
    }

    fn shown(figures: &[u8]) -> Quartiles {
        quartiles(figures, &rules()).unwrap()
    }

    #[test]
    fn groups_show_what_their_size_allows() {
        let spread = |size: u8| (0..size).map(|n| n * 3).collect::<Vec<u8>>();
        for size in 0..11 {
            assert_eq!(quartiles(&spread(size), &rules()), Err(Reason::SmallGroup), "{size}");
        }
        for size in 11..21 {
            let found = shown(&spread(size));
            assert!(found.lower.is_none() && found.upper.is_none(), "{size}");
        }
        let found = shown(&spread(33));
        assert_eq!(found, Quartiles { lower: Some(25), middle: 50, upper: Some(70) });
        assert_eq!(quartiles(&[40; 19], &rules()), Err(Reason::GroupDisclosure));
        assert_eq!(shown(&[40; 21]), Quartiles { lower: Some(40), middle: 40, upper: Some(40) });
        assert_eq!((shown(&[0; 30]).middle, shown(&[100; 30]).middle), (5, 95));
    }

    /// What a figure must lie between whatever the newcomer's own figure is: the means of the neighbours without it.
    fn bounds(others: &[u8], quarter: usize) -> (u8, u8) {
        let mut sorted = others.to_vec();
        sorted.sort_unstable();
        let (first, wide) = window(sorted.len() + 1, quarter, &rules());
        let mean = |from: usize| {
            let members = &sorted[from..from + wide];
            rounded(members.iter().map(|one| u64::from(*one)).sum(), wide as u64)
        };
        (mean(first.saturating_sub(1)), mean(first.min(sorted.len() - wide)))
    }

    fn all(found: Quartiles) -> [(usize, u8); 3] {
        [(1, found.lower.unwrap()), (2, found.middle), (3, found.upper.unwrap())]
    }

    proptest! {
        #[test]
        fn figures_are_coarse_and_in_order(figures in proptest::collection::vec(0_u8..=100, 21..200)) {
            let found = shown(&figures);
            for (_, figure) in all(found) {
                prop_assert!(u64::from(figure) % STEP == 0 && (ENDS.0..=ENDS.1).contains(&figure));
            }
            prop_assert!(found.lower.unwrap() <= found.middle && found.middle <= found.upper.unwrap());
        }

        /// The attack of somebody who knows every other member's figure and watches one join: whatever the newcomer has,
        /// the figures stay between bounds that do not depend on it, and a figure beyond its neighbours' counts as theirs.
        #[test]
        fn one_more_member_shows_no_more_than_its_neighbours_do(
            others in proptest::collection::vec(0_u8..=100, 21..80),
            newcomer in 0_u8..=100,
        ) {
            let with = |figure: u8| shown(&[&others[..], &[figure]].concat());
            let mut sorted = others.clone();
            sorted.sort_unstable();
            for (quarter, figure) in all(with(newcomer)) {
                let (low, high) = bounds(&others, quarter);
                prop_assert!((low..=high).contains(&figure), "{figure} is not in {low} to {high}");
                prop_assert!(high - low <= 20, "one member moves a figure by at most a fifth of the scale");
                let (first, wide) = window(sorted.len() + 1, quarter, &rules());
                let (below, above) = (sorted[first - 1], sorted[first + wide - 1]);
                let same = all(with(newcomer.clamp(below, above)))[quarter - 1].1;
                prop_assert_eq!(figure, same);
            }
        }

        #[test]
        fn small_groups_show_nothing_whatever_they_hold(
            figures in proptest::collection::vec(any::<u8>(), 0..11),
        ) {
            prop_assert_eq!(quartiles(&figures, &rules()), Err(Reason::SmallGroup));
        }

        #[test]
        fn the_order_of_members_does_not_matter(
            figures in proptest::collection::vec(0_u8..=100, 11..60).prop_flat_map(|figures| {
                (Just(figures.clone()), Just(figures).prop_shuffle())
            }),
        ) {
            prop_assert_eq!(quartiles(&figures.0, &rules()), quartiles(&figures.1, &rules()));
        }
    }
}
