//! The disclosure rules as data: which counts must not be published, and how uncertain a reader must stay about
//! each of them. Source: the programme's publication rules (small groups, group disclosure), `docs/statistics.md`.

use std::fmt;

/// What a table would give away about one organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Facts that the register already publishes organisation by organisation: sector, region, grade, date, late or
    /// not. Suppressing an aggregate of them would hide nothing, so nothing is suppressed.
    PublicRegister,
    /// Answers below the grade (requirement, outcome, evidence item, review decision). They would map the weak
    /// points of one organisation, so the whole method applies.
    Security,
}

/// Why a figure is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The whole group has fewer organisations than the minimum.
    SmallGroup,
    /// All, all but one, one or none of a small group gave this answer, so a reader (or the one exception) would
    /// learn the answer of every other member.
    GroupDisclosure,
    /// A count from 1 to just below the minimum in a group that is not large.
    SmallCount,
    /// Withheld because an earlier release shows enough that the difference would tell of few organisations.
    Differencing,
    /// Withheld because public facts (the grade of each organisation) single out a small group inside this one.
    PublicFacts,
    /// Not sensitive itself: withheld so that the sensitive ones cannot be worked out from totals.
    Complementary,
    /// Never published at all: what a reader could only work out.
    Unpublished,
}

impl Reason {
    /// Whether the figure is not sensitive itself and was withheld for the sake of others.
    #[must_use]
    pub fn is_complementary(self) -> bool {
        matches!(self, Self::Differencing | Self::PublicFacts | Self::Complementary | Self::Unpublished)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SmallGroup => "small group",
            Self::GroupDisclosure => "group disclosure",
            Self::SmallCount => "small count",
            Self::Differencing => "difference from an earlier release",
            Self::PublicFacts => "small group known from public grades",
            Self::Unpublished => "never published",
            Self::Complementary => "protects another figure",
        })
    }
}

/// Thresholds in numbers of organisations. Data: a release records the rules it was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DisclosureRules {
    /// Groups smaller than this publish no answers at all; counts from 1 to this minus 1 are small. Default 5.
    pub minimum: u64,
    /// Whether "all or none of a small group" is withheld. Default true.
    pub group_disclosure: bool,
    /// Groups smaller than this are small for group disclosure. Default 20.
    pub small_group: u64,
    /// Small counts are withheld in groups smaller than this; in larger ones a count below the minimum leaves the
    /// chance of naming the right organisation below minimum / this (5 %). Default 100.
    pub small_counts_below: u64,
    /// The bounds that a reader can work out for a sensitive figure must be at least this far apart (or as far as the
    /// size of its group allows). Default 5.
    pub width: u64,
    /// The same as a percentage of the figure itself, so that large figures stay as uncertain as small ones. Default 25.
    pub width_percent: u64,
}

impl Default for DisclosureRules {
    fn default() -> Self {
        Self {
            minimum: 5,
            group_disclosure: true,
            small_group: 20,
            small_counts_below: 100,
            width: 5,
            width_percent: 25,
        }
    }
}

/// Rules that contradict themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// A minimum of 0 or 1 would protect nobody.
    #[error("the minimum group size must be at least 2")]
    MinimumTooLow,
    /// A "small group" that is smaller than the minimum is already withheld as a whole.
    #[error("the small-group limit must not be below the minimum group size")]
    SmallGroupBelowMinimum,
    /// Nothing can be uncertain over more than itself.
    #[error("the percentage of width must lie between 0 and 100")]
    PercentOutOfRange,
}

/// How uncertain a reader must stay about one figure: among all tables that agree with everything published there
/// must be one with at most `at_most` here and one with at least `at_least`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// Why the figure is sensitive.
    pub reason: Reason,
    /// Some possible value must be this low, or lower.
    pub at_most: u64,
    /// Some possible value must be this high, or higher.
    pub at_least: u64,
}

impl Requirement {
    /// Joins the needs of a figure that is sensitive for two reasons; the first reason stays.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            reason: self.reason.min(other.reason),
            at_most: self.at_most.min(other.at_most),
            at_least: self.at_least.max(other.at_least),
        }
    }
}

impl DisclosureRules {
    /// Checks that the thresholds make sense together.
    ///
    /// # Errors
    /// [`RulesError`], the first contradiction found.
    pub fn validate(&self) -> Result<(), RulesError> {
        if self.minimum < 2 {
            return Err(RulesError::MinimumTooLow);
        }
        if self.small_group < self.minimum {
            return Err(RulesError::SmallGroupBelowMinimum);
        }
        if self.width_percent > 100 {
            return Err(RulesError::PercentOutOfRange);
        }
        Ok(())
    }

    /// Whether `count` of a group of `size` organisations is sensitive, and what protects it. Each rule asks only
    /// for what withholding the whole row can give, so protection is always possible:
    ///
    /// | rule | when | a reader must find possible |
    /// |---|---|---|
    /// | small group | size < minimum | every value from 0 to size |
    /// | group disclosure, none | small group, count <= 1 | 0, and at least the minimum |
    /// | group disclosure, all | small group, count >= size - 1 | size, and at most size - minimum |
    /// | small count | 1 <= count < minimum, group not large | 0, and at least the minimum |
    ///
    /// Whatever the rule, the two are as far apart as `width` and `width_percent` ask.
    #[must_use]
    pub fn requirement(&self, size: u64, count: u64) -> Option<Requirement> {
        if size == 0 {
            return None;
        }
        if size < self.minimum {
            return Some(Requirement { reason: Reason::SmallGroup, at_most: 0, at_least: size });
        }
        let low = |reason| Requirement { reason, at_most: 0, at_least: self.minimum };
        let mut found: Option<Requirement> = None;
        let mut add = |needed: Requirement| found = Some(found.map_or(needed, |one| one.and(needed)));
        if self.group_disclosure && size < self.small_group {
            if count <= 1 {
                add(low(Reason::GroupDisclosure));
            }
            if count + 1 >= size {
                let at_most = size - self.minimum;
                add(Requirement { reason: Reason::GroupDisclosure, at_most, at_least: size });
            }
        }
        if count > 0 && count < self.minimum && size < self.small_counts_below {
            add(low(Reason::SmallCount));
        }
        found.map(|needed| self.wide_enough(needed, size, count))
    }

    /// Moves the ends apart, the upper one first, without asking for more than 0 to `size`.
    fn wide_enough(&self, needed: Requirement, size: u64, count: u64) -> Requirement {
        let sliding = count.saturating_mul(self.width_percent).div_ceil(100);
        let width = self.width.max(sliding).min(size);
        let at_least = needed.at_least.max(needed.at_most.saturating_add(width).min(size));
        let at_most = needed.at_most.min(at_least.saturating_sub(width));
        Requirement { at_least, at_most, ..needed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_fires_exactly_at_its_limits() {
        let rules = DisclosureRules::default();
        let reason = |size, count| rules.requirement(size, count).map(|needed| needed.reason);
        assert_eq!(reason(0, 0), None);
        assert_eq!(reason(4, 2), Some(Reason::SmallGroup));
        assert_eq!(reason(5, 5), Some(Reason::GroupDisclosure));
        assert_eq!(reason(19, 0), Some(Reason::GroupDisclosure));
        assert_eq!(reason(19, 18), Some(Reason::GroupDisclosure));
        assert_eq!(reason(19, 17), None);
        assert_eq!(reason(19, 5), None);
        assert_eq!(reason(20, 0), None);
        assert_eq!(reason(20, 20), None);
        assert_eq!(reason(99, 4), Some(Reason::SmallCount));
        assert_eq!(reason(99, 5), None);
        assert_eq!(reason(100, 4), None);
    }

    #[test]
    fn requirements_never_ask_for_more_than_withholding_the_row_gives() {
        for minimum in 2..9 {
            for small_group in minimum..25 {
                let rules = DisclosureRules { minimum, small_group, ..DisclosureRules::default() };
                for size in 1..40 {
                    for count in 0..=size {
                        let Some(needed) = rules.requirement(size, count) else { continue };
                        assert!(needed.at_least <= size && needed.at_most <= count.max(needed.at_most));
                        assert!(needed.at_most < needed.at_least, "{rules:?} {size} {count} {needed:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn stricter_thresholds_never_make_a_figure_less_protected() {
        let base = DisclosureRules::default();
        let stricter = [
            DisclosureRules { minimum: 8, ..base },
            DisclosureRules { small_group: 30, ..base },
            DisclosureRules { small_counts_below: 150, ..base },
            DisclosureRules { width: 9, ..base },
            DisclosureRules { width_percent: 60, ..base },
        ];
        for (size, count) in (1..200).flat_map(|size| (0..=size).map(move |count| (size, count))) {
            let Some(needed) = base.requirement(size, count) else { continue };
            for rules in stricter {
                let more = rules.requirement(size, count).expect("still sensitive");
                let width = |one: Requirement| one.at_least - one.at_most;
                assert!(width(more) >= width(needed), "{rules:?} {size} {count}: {needed:?} {more:?}");
                assert!(
                    more.at_most <= needed.at_most && more.at_least >= needed.at_least,
                    "{rules:?} {size}"
                );
            }
        }
    }

    #[test]
    fn bounds_are_asked_to_be_wide_enough_but_never_wider_than_the_group() {
        let rules = DisclosureRules { width: 12, width_percent: 50, ..DisclosureRules::default() };
        for size in 1..60 {
            for count in 0..=size {
                let Some(needed) = rules.requirement(size, count) else { continue };
                let wanted = 12.max(count.div_ceil(2)).min(size);
                assert!(needed.at_least - needed.at_most >= wanted, "{size} {count} {needed:?}");
                assert!(needed.at_least <= size);
            }
        }
        // The default asks for no more than the four rules already give.
        let plain = DisclosureRules { width: 0, width_percent: 0, ..DisclosureRules::default() };
        for (size, count) in (1..120).flat_map(|size| (0..=size).map(move |count| (size, count))) {
            assert_eq!(plain.requirement(size, count), DisclosureRules::default().requirement(size, count));
        }
        let wrong = DisclosureRules { width_percent: 101, ..DisclosureRules::default() };
        assert_eq!(wrong.validate(), Err(RulesError::PercentOutOfRange));
    }

    #[test]
    fn contradictory_or_unknown_rules_are_refused() {
        assert_eq!(
            DisclosureRules { minimum: 1, ..DisclosureRules::default() }.validate(),
            Err(RulesError::MinimumTooLow)
        );
        assert_eq!(
            DisclosureRules { small_group: 4, ..DisclosureRules::default() }.validate(),
            Err(RulesError::SmallGroupBelowMinimum)
        );
        assert!(serde_json::from_str::<DisclosureRules>(r#"{"minimun": 3}"#).is_err());
        let some: DisclosureRules = serde_json::from_str(r#"{"minimum": 3}"#).unwrap();
        assert_eq!(some, DisclosureRules { minimum: 3, ..DisclosureRules::default() });
    }
}
