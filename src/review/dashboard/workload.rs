//! What each reviewer has in hand, counted from the roll of reviews.

use std::collections::BTreeMap;

use crate::platform::clock::Timestamp;
use crate::platform::ids::{CollectionId, PersonId};
use crate::review::model::{ReviewState, TARGET_WORKING_DAYS, is_working_day, working_days_after};
use crate::review::queue::age;
use crate::review::queue::columns::{NEVER, state_number, state_of};
use crate::review::queue::roll::Reviews;

/// Days over which decided reviews are counted.
pub(super) const LATELY: i64 = 28;

/// The ages that open reviews are counted in, in working days used: up to this many.
pub(super) const AGES: [(i64, &str); 4] = [
    (5, "Up to 5 working days"),
    (10, "6 to 10 working days"),
    (20, "11 to 20 working days"),
    (i64::MAX, "More than 20 working days"),
];

/// One reviewer's work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Load {
    /// Reviews that wait for them or for an answer to them.
    pub in_hand: i64,
    /// Of those, overdue.
    pub overdue: i64,
    /// Of those, waiting for an organisation.
    pub waiting: i64,
    /// Decided in the last four weeks.
    pub decided: i64,
}

/// Everything that is counted in one walk over the roll.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// By reviewer.
    pub loads: BTreeMap<PersonId, Load>,
    /// Of the collection, by state.
    pub states: BTreeMap<ReviewState, i64>,
    /// Open ones of the collection, by state and then by age.
    pub ages: Vec<(ReviewState, [i64; AGES.len()])>,
    /// Open ones of the collection that are overdue.
    pub overdue: i64,
}

/// Counts it. A nation's reviews of several years are walked over: what most of them need is in their traits alone.
pub(super) fn count(reviews: &Reviews, of: CollectionId, now: Timestamp) -> Work {
    let since = now.plus_seconds(-LATELY * 86_400);
    let wanted = reviews.collections.iter().position(|id| *id == of);
    let bounds = bounds(now);
    let mut loads = vec![Load::default(); reviews.reviewers.len() + 1];
    let mut states = [0_i64; 8];
    let mut ages = [[0_i64; AGES.len()]; 8];
    let mut overdue = 0;
    let columns = &reviews.columns;
    let decided = state_number(ReviewState::Decided);
    let asked = state_number(ReviewState::Query);
    for ((traits, due), stopped) in columns.traits().iter().zip(columns.due()).zip(columns.stopped()) {
        let own = wanted == Some(usize::from(traits.collection));
        let state = usize::from(traits.state);
        if let (true, Some(count)) = (own, states.get_mut(state)) {
            *count += 1;
        }
        if traits.state < FIRST_CLOSED {
            let late = age::is_overdue(state_of(traits.state), due, now);
            if let Some(load) = loads.get_mut(usize::from(traits.reviewer)) {
                load.in_hand += 1;
                load.overdue += i64::from(late);
                load.waiting += i64::from(traits.state == asked);
            }
            if own {
                overdue += i64::from(late);
                let band = band(due, stopped, &bounds);
                if let Some(count) = ages.get_mut(state).and_then(|ages| ages.get_mut(band)) {
                    *count += 1;
                }
            }
        } else if traits.state == decided
            && stopped >= since
            && let Some(load) = loads.get_mut(usize::from(traits.reviewer))
        {
            load.decided += 1;
        }
    }
    let busy = |(_, load): &(PersonId, Load)| *load != Load::default();
    Work {
        loads: reviews.reviewers.iter().copied().zip(loads.into_iter().skip(1)).filter(busy).collect(),
        states: ReviewState::ALL.iter().copied().zip(states).filter(|(_, count)| *count > 0).collect(),
        ages: ReviewState::OPEN.into_iter().zip(ages).collect(),
        overdue,
    }
}

/// The number of the first state in which nothing is left to do; open ones are numbered before it.
const FIRST_CLOSED: u8 = 4;

/// Of each age but the last, the earliest moment at which a review of that age is due; the day of looking decides.
fn bounds(now: Timestamp) -> [Timestamp; AGES.len() - 1] {
    let today = now.london_day();
    let target = i64::from(TARGET_WORKING_DAYS);
    [0, 1, 2].map(|age| {
        let most = AGES.get(age).map_or(target, |(most, _)| *most);
        let day = match u32::try_from(target - most) {
            Ok(left) if left > 0 => working_days_after(today, left),
            _ => (0..3).map(|back| today.plus_days(-back)).find(|day| is_working_day(*day)).unwrap_or(today),
        };
        day.start()
    })
}

/// Which of the ages an open review is, due then and with its clock stopped then, if it stands.
fn band(due_at: Timestamp, stopped_at: Timestamp, bounds: &[Timestamp]) -> usize {
    if stopped_at != NEVER {
        let used = age::used(due_at, stopped_at);
        return AGES.iter().position(|(most, _)| used <= *most).unwrap_or_default();
    }
    bounds.iter().position(|bound| due_at >= *bound).unwrap_or(bounds.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;

    #[test]
    fn open_states_are_numbered_first() {
        for state in ReviewState::ALL.iter().copied() {
            assert_eq!(state_number(state) < FIRST_CLOSED, ReviewState::OPEN.contains(&state), "{state}");
        }
    }

    #[test]
    fn ages_by_their_bounds_are_ages_counted_day_by_day() {
        let start = parse_london("2026-03-20 09:00").unwrap();
        for now in (0..14).map(|day| start.plus_seconds(day * 86_400)) {
            let bounds = bounds(now);
            for due in (-40..60).map(|day| now.plus_seconds(day * 43_200)) {
                let used = age::used(due, now);
                let slowly = AGES.iter().position(|(most, _)| used <= *most).unwrap();
                assert_eq!(band(due, NEVER, &bounds), slowly, "now {now:?}, due {due:?}, used {used}");
            }
        }
    }
}
