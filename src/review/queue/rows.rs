//! One page of the roll under a filter: whom it matches, how many in each state, and which of them stand on the page.

use std::collections::BTreeMap;

use super::age::{self, Hand};
use super::columns::{Traits, index, state_number, state_of};
use super::filter::{Filter, Sort, Whose};
use super::roll::{Order, Reviews};
use crate::platform::clock::Timestamp;
use crate::platform::ids::ReviewId;
use crate::review::model::ReviewState;

/// What a filter asks of a review, as the roll numbers it. None where nothing can match.
struct Wanted {
    /// The bits of its traits that matter, and what they have to be.
    bits: u64,
    value: u64,
    overdue: bool,
    risks: Option<(i64, i64)>,
    /// Of each place whether its organisation is wanted, where not everybody is; and whether one without a place is.
    places: Option<(Vec<bool>, bool)>,
}

/// Reviews under a filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Matched {
    /// Under everything but the filter's states.
    pub counts: BTreeMap<ReviewState, i64>,
    /// Under the whole filter.
    pub total: usize,
    /// Those of the page, in order.
    pub ids: Vec<ReviewId>,
}

impl Wanted {
    fn by(reviews: &Reviews, filter: &Filter) -> Option<Self> {
        let (mut bits, mut value) = (Traits::default(), Traits::default());
        if let Some(id) = filter.collection {
            let found = reviews.collections.iter().position(|one| *one == id)?;
            (bits.collection, value.collection) = (u16::MAX, u16::try_from(found).ok()?);
        }
        match filter.whose {
            Whose::All => {}
            Whose::Unclaimed => bits.reviewer = u16::MAX,
            Whose::Of(id) => {
                let found = reviews.reviewers.iter().position(|one| *one == id)? + 1;
                (bits.reviewer, value.reviewer) = (u16::MAX, u16::try_from(found).ok()?);
            }
        }
        if let Some(grade) = &filter.grade {
            (bits.grade, value.grade) = (u8::MAX, reviews.grades.find(grade)?);
        }
        if let Some(sector) = &filter.sector {
            (bits.sector, value.sector) = (u8::MAX, reviews.register.sector(sector)?);
        }
        if let Some(region) = &filter.region {
            (bits.region, value.region) = (u8::MAX, reviews.register.region(region)?);
        }
        Some(Self {
            bits: bits.packed(),
            value: value.packed(),
            overdue: filter.overdue,
            risks: filter.risks,
            places: places(reviews, filter),
        })
    }

    /// Whether nothing is asked of a review, so that everybody is wanted.
    const fn is_everybody(&self) -> bool {
        self.bits == 0 && !self.overdue && self.risks.is_none() && self.places.is_none()
    }

    /// Whether the review at this place of the roll is wanted, its state aside.
    fn takes(&self, reviews: &Reviews, (at, traits): (usize, &Traits), now: Timestamp) -> bool {
        if traits.packed() & self.bits != self.value {
            return false;
        }
        let columns = &reviews.columns;
        let placed = |(places, without): &(Vec<bool>, bool)| {
            places.get(index(columns.place(at))).copied().unwrap_or(*without)
        };
        self.places.as_ref().is_none_or(placed)
            && (!self.overdue || age::is_overdue(state_of(traits.state), columns.due_at(at), now))
            && self.risks.is_none_or(|(from, below)| (from..below).contains(&i64::from(columns.risk(at))))
    }
}

/// Of each place whether its organisation has the text that is searched for and is not left out.
fn places(reviews: &Reviews, filter: &Filter) -> Option<(Vec<bool>, bool)> {
    let register = &reviews.register;
    let without = register.places_of(&filter.without);
    let mut wanted = match &filter.search {
        Some(text) => register.search(text),
        None if without.is_empty() => return None,
        None => vec![true; register.count()],
    };
    for place in without {
        if let Some(wanted) = wanted.get_mut(index(place)) {
            *wanted = false;
        }
    }
    Some((wanted, filter.search.is_none()))
}

/// How many of those that are wanted are in each state, by its number.
fn counted(reviews: &Reviews, wanted: &Wanted, now: Timestamp) -> [i64; 8] {
    let mut counts = [0; 8];
    for (at, traits) in reviews.columns.traits().iter().enumerate() {
        if wanted.takes(reviews, (at, traits), now)
            && let Some(count) = counts.get_mut(usize::from(traits.state))
        {
            *count += 1;
        }
    }
    counts
}

/// Reviews under the filter: how many in each state, and `size` of them from the page's first on.
pub(super) fn matched(reviews: &Reviews, filter: &Filter, size: usize, now: Timestamp) -> Matched {
    let Some(wanted) = Wanted::by(reviews, filter) else { return Matched::default() };
    let all = reviews.columns.traits();
    let counts = if wanted.is_everybody() { reviews.states } else { counted(reviews, &wanted, now) };
    let counts: BTreeMap<ReviewState, i64> =
        ReviewState::ALL.iter().copied().zip(counts).filter(|(_, count)| *count > 0).collect();
    let total: i64 = filter.states.iter().filter_map(|state| counts.get(state)).sum();
    let total = usize::try_from(total).unwrap_or_default();
    let states = filter.states.iter().fold(0_u8, |bits, state| bits | (1 << state_number(*state)));
    let first = (filter.page.max(1) - 1).saturating_mul(size);
    let takes = |at: &u32| {
        let traits = all.get(index(*at));
        traits.is_some_and(|traits| {
            (states >> traits.state) & 1 == 1 && wanted.takes(reviews, (index(*at), traits), now)
        })
    };
    let page = Page {
        span: (first.min(total), first.saturating_add(size).min(total)),
        total,
        descending: filter.descending,
    };
    // Where nobody is passed over, a rank is a place in the order, and nothing has to be walked to find it.
    let every = total == all.len();
    let kept = |order: Order| {
        let list = reviews.order(order).iter().copied();
        if every {
            page.of(list.clone(), list.rev())
        } else {
            page.of(list.clone().filter(takes), list.rev().filter(takes))
        }
    };
    let places = match filter.sort {
        Sort::Age => {
            let ages = Ages::of(reviews, now);
            if every {
                page.of(ages.forth(), ages.back())
            } else {
                page.of(ages.forth().filter(takes), ages.back().filter(takes))
            }
        }
        Sort::Due => kept(Order::Due),
        Sort::Queued => kept(Order::Queued),
        Sort::Risk => kept(Order::Risk),
        Sort::Organisation => kept(Order::Name),
    };
    let id = |at: u32| reviews.columns.id(index(at));
    Matched { counts, total, ids: places.into_iter().filter_map(id).collect() }
}

/// The ranks of a page among all that a filter takes.
struct Page {
    span: (usize, usize),
    total: usize,
    descending: bool,
}

impl Page {
    /// The places that stand at those ranks of an order, which is walked from the end that is nearer.
    fn of(&self, forth: impl Iterator<Item = u32>, back: impl Iterator<Item = u32>) -> Vec<u32> {
        let ((first, last), total) = (self.span, self.total);
        // Ranks in the order as it is kept.
        let (from, to) = if self.descending { (total - last, total - first) } else { (first, last) };
        let backwards = from > total - to;
        let mut found: Vec<u32> = if backwards {
            back.skip(total - to).take(to - from).collect()
        } else {
            forth.skip(from).take(to - from).collect()
        };
        if backwards != self.descending {
            found.reverse();
        }
        found
    }
}

/// The order by how much time is used. Clocks that run go all at one pace and clocks that stand not at all, so each kind
/// has an order that is kept, and one walk over both of them puts them together as they are now.
struct Ages<'a> {
    reviews: &'a Reviews,
    now: Timestamp,
    silent: &'a [u32],
    standing: &'a [u32],
    running: &'a [u32],
}

impl<'a> Ages<'a> {
    fn of(reviews: &'a Reviews, now: Timestamp) -> Self {
        let list = reviews.order(Order::Age);
        let kind = |at: &u32| match reviews.columns.hand(index(*at)) {
            Hand::None => 0,
            Hand::Stopped(_) => 1,
            Hand::Runs => 2,
        };
        let (silent, clocks) = list.split_at(list.partition_point(|at| kind(at) < 1));
        let (standing, running) = clocks.split_at(clocks.partition_point(|at| kind(at) < 2));
        Self { reviews, now, silent, standing, running }
    }

    /// Time used, and what decides where it is the same.
    fn used(&self, at: u32) -> (i64, u32) {
        let columns = &self.reviews.columns;
        let until = match columns.hand(index(at)) {
            Hand::Stopped(since) => since,
            Hand::Runs | Hand::None => self.now,
        };
        (until.micros() - columns.due_at(index(at)).micros(), at)
    }

    /// From the least time used.
    fn forth(&self) -> impl Iterator<Item = u32> + '_ {
        let clocks =
            merged(self.standing.iter(), self.running.iter(), move |a, b| self.used(a) < self.used(b));
        self.silent.iter().copied().chain(clocks)
    }

    /// From the most.
    fn back(&self) -> impl Iterator<Item = u32> + '_ {
        let (standing, running) = (self.standing.iter().rev(), self.running.iter().rev());
        let clocks = merged(standing, running, move |a, b| self.used(a) > self.used(b));
        clocks.chain(self.silent.iter().rev().copied())
    }
}

/// Two lists, each in order, as one.
fn merged<'a>(
    a: impl Iterator<Item = &'a u32>,
    b: impl Iterator<Item = &'a u32>,
    before: impl Fn(u32, u32) -> bool,
) -> impl Iterator<Item = u32> {
    let (mut a, mut b) = (a.copied().peekable(), b.copied().peekable());
    std::iter::from_fn(move || {
        let first = match (a.peek(), b.peek()) {
            (Some(one), Some(other)) => before(*one, *other),
            (one, _) => one.is_some(),
        };
        if first { a.next() } else { b.next() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lists_in_order_become_one() {
        let all = |a: &[u32], b: &[u32]| merged(a.iter(), b.iter(), |a, b| a < b).collect::<Vec<u32>>();
        assert_eq!(all(&[1, 4, 9], &[2, 3, 10, 11]), [1, 2, 3, 4, 9, 10, 11]);
        assert_eq!(all(&[], &[2, 3]), [2, 3]);
        assert_eq!(all(&[1, 4], &[]), [1, 4]);
    }

    #[test]
    fn a_page_is_the_same_from_either_end() {
        for (span, descending, expected) in [
            ((0, 3), false, vec![10, 11, 12]),
            ((6, 8), false, vec![16, 17]),
            ((0, 3), true, vec![17, 16, 15]),
            ((6, 8), true, vec![11, 10]),
            ((2, 6), true, vec![15, 14, 13, 12]),
            ((8, 8), false, vec![]),
            ((8, 8), true, vec![]),
            ((0, 8), true, vec![17, 16, 15, 14, 13, 12, 11, 10]),
        ] {
            let page = Page { span, total: 8, descending };
            assert_eq!(page.of(10..18, (10..18).rev()), expected, "{span:?} {descending}");
        }
    }
}
