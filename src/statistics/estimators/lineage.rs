//! What became of organisations between two years: kept, taken over whole under another code, merged with others, or gone.
//! Only the first two can be compared; a merger is neither an organisation that joined nor one that left.

use std::collections::{BTreeMap, BTreeSet};

/// Takeovers followed one after the other; longer chains are taken for a loop in the register.
const LONGEST: usize = 32;

/// What became of the organisations of an earlier year that are not there under their own key any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage<K> {
    /// Each that one newcomer of the later year took over, and nobody else with it: by the newcomer.
    pub continued: BTreeMap<K, K>,
    /// Those of the earlier year that went into one that had been there, or into a newcomer together with others.
    pub merged: BTreeSet<K>,
    /// Newcomers of the later year that several went into.
    pub formed: BTreeSet<K>,
}

impl<K: Ord + Copy> Lineage<K> {
    /// Follows successors from the earlier year's organisations to the later year's.
    #[must_use]
    pub fn between(earlier: &BTreeSet<K>, later: &BTreeSet<K>, successor: impl Fn(K) -> Option<K>) -> Self {
        let mut heirs: BTreeMap<K, Vec<K>> = BTreeMap::new();
        for one in earlier.difference(later) {
            let chain = std::iter::successors(successor(*one), |next| successor(*next));
            if let Some(heir) = chain.take(LONGEST).find(|next| later.contains(next)) {
                heirs.entry(heir).or_default().push(*one);
            }
        }
        let mut found = Self { continued: BTreeMap::new(), merged: BTreeSet::new(), formed: BTreeSet::new() };
        for (heir, of) in heirs {
            match of.as_slice() {
                [only] if !earlier.contains(&heir) => {
                    found.continued.insert(*only, heir);
                }
                _ => {
                    if !earlier.contains(&heir) {
                        found.formed.insert(heir);
                    }
                    found.merged.extend(of);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn between(earlier: &[u8], later: &[u8], successors: &[(u8, u8)]) -> Lineage<u8> {
        let successors: BTreeMap<u8, u8> = successors.iter().copied().collect();
        Lineage::between(&earlier.iter().copied().collect(), &later.iter().copied().collect(), |one| {
            successors.get(&one).copied()
        })
    }

    #[test]
    fn takeovers_and_mergers_are_told_apart() {
        // 1 becomes 9 through 8; 2 and 3 form 10; 4 goes into 5; 6 is gone; 7 stays although it names a successor.
        let found = between(
            &[1, 2, 3, 4, 5, 6, 7],
            &[5, 7, 9, 10, 11],
            &[(1, 8), (8, 9), (2, 10), (3, 10), (4, 5), (7, 9)],
        );
        assert_eq!(found.continued, [(1, 9)].into());
        assert_eq!(found.merged, [2, 3, 4].into());
        assert_eq!(found.formed, [10].into());
    }

    #[test]
    fn loops_end() {
        let found = between(&[1, 2], &[3], &[(1, 2), (2, 1)]);
        assert!(found.continued.is_empty() && found.merged.is_empty() && found.formed.is_empty());
    }

    proptest! {
        /// Nobody is counted twice, and nobody who is in both years is touched.
        #[test]
        fn every_organisation_has_one_fate(
            earlier in proptest::collection::btree_set(0_u8..20, 0..15),
            later in proptest::collection::btree_set(0_u8..20, 0..15),
            successors in proptest::collection::btree_map(0_u8..20, 0_u8..20, 0..20),
        ) {
            let found = Lineage::between(&earlier, &later, |one| successors.get(&one).copied());
            let heirs: BTreeSet<u8> = found.continued.values().copied().collect();
            prop_assert_eq!(heirs.len(), found.continued.len());
            for gone in found.continued.keys().chain(&found.merged) {
                prop_assert!(earlier.contains(gone) && !later.contains(gone));
            }
            prop_assert!(found.merged.iter().all(|one| !found.continued.contains_key(one)));
            for new in heirs.iter().chain(&found.formed) {
                prop_assert!(later.contains(new) && !earlier.contains(new));
            }
            prop_assert!(found.formed.is_disjoint(&heirs));
        }
    }
}
