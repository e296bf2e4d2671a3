//! Strata in which nobody or a single member responded say nothing of how much their members differ. They are put together
//! with a neighbour before anything is estimated.

use super::estimate::StratumTally;

/// The strata with those put together that cannot stand alone: fewer than two responses, unless everybody responded.
/// A stratum goes to the next of its own group, else to the one before in its group, else to whichever lies beside it.
/// Members of strata put together weigh the same.
pub(super) fn collapsed(strata: &[StratumTally]) -> Vec<StratumTally> {
    let mut kept: Vec<StratumTally> = strata.iter().filter(|one| one.population > 0).copied().collect();
    while kept.len() > 1 {
        let Some(at) = kept.iter().position(|one| !stands_alone(one)) else { break };
        let with = partner(&kept, at);
        let (first, second) = (at.min(with), at.max(with));
        let gone = kept.remove(second);
        if let Some(one) = kept.get_mut(first) {
            *one = together(one, &gone);
        }
    }
    kept
}

const fn stands_alone(one: &StratumTally) -> bool {
    one.responded >= 2 || one.responded == one.population
}

fn partner(strata: &[StratumTally], at: usize) -> usize {
    let group = strata.get(at).map(|one| one.group);
    let same = |place: usize| strata.get(place).map(|one| one.group) == group;
    let (next, before) = (at + 1, at.checked_sub(1));
    match before {
        _ if next < strata.len() && same(next) => next,
        Some(before) if same(before) => before,
        _ if next < strata.len() => next,
        before => before.unwrap_or(0),
    }
}

fn together(a: &StratumTally, b: &StratumTally) -> StratumTally {
    StratumTally {
        group: a.group,
        population: a.population + b.population,
        responded: a.responded + b.responded,
        inside: a.inside + b.inside,
        sum: a.sum + b.sum,
        squares: a.squares + b.squares,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(group: usize, population: u64, responded: u64) -> StratumTally {
        StratumTally { group, population, responded, inside: responded, sum: 1, squares: 1 }
    }

    fn shape(strata: &[StratumTally]) -> Vec<(u64, u64)> {
        collapsed(strata).iter().map(|one| (one.population, one.responded)).collect()
    }

    #[test]
    fn lone_responses_join_a_neighbour_of_their_group() {
        assert_eq!(shape(&[tally(0, 9, 1), tally(0, 8, 3), tally(1, 7, 4)]), [(17, 4), (7, 4)]);
        assert_eq!(shape(&[tally(0, 9, 3), tally(0, 8, 0), tally(1, 7, 4)]), [(17, 3), (7, 4)]);
        assert_eq!(shape(&[tally(0, 9, 3), tally(1, 8, 1), tally(2, 7, 4)]), [(9, 3), (15, 5)]);
        assert_eq!(shape(&[tally(0, 9, 3), tally(2, 7, 1)]), [(16, 4)]);
    }

    #[test]
    fn complete_strata_stand_alone_and_empty_ones_are_gone() {
        assert_eq!(shape(&[tally(0, 1, 1), tally(0, 0, 0), tally(0, 8, 3)]), [(1, 1), (8, 3)]);
        assert_eq!(shape(&[tally(0, 5, 0)]), [(5, 0)]);
        assert_eq!(shape(&[tally(0, 5, 0), tally(0, 5, 0), tally(1, 5, 1)]), [(15, 1)]);
    }
}
