//! One page of the roll under a filter: whom it matches, how many in each state, and which of them stand on the page.

use std::collections::BTreeMap;

use super::age::{self, Hand};
use super::filter::{Filter, Sort, Whose};
use super::roll::{Order, Reviews, Traits, index, state_number};
use crate::platform::clock::Timestamp;
use crate::platform::ids::ReviewId;
use crate::review::model::ReviewState;

/// What a filter asks of a review, as the roll numbers it. None where nothing can match.
struct Wanted {
    collection: Option<u16>,
    reviewer: Option<u16>,
    grade: Option<u8>,
    sector: Option<u8>,
    region: Option<u8>,
    overdue: bool,
    risks: Option<(i64, i64)>,
    places: Option<Vec<bool>>,
    /// Places of organisations that are left out, in order.
    without: Vec<u32>,
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
        let found = |wanted: Option<&String>, find: &dyn Fn(&str) -> Option<u8>| match wanted {
            None => Some(None),
            Some(text) => find(text).map(Some),
        };
        let collection = match filter.collection {
            None => None,
            Some(id) => Some(u16::try_from(reviews.collections.iter().position(|one| *one == id)?).ok()?),
        };
        let reviewer = match filter.whose {
            Whose::All => None,
            Whose::Unclaimed => Some(0),
            Whose::Of(id) => {
                Some(u16::try_from(reviews.reviewers.iter().position(|one| *one == id)? + 1).ok()?)
            }
        };
        Some(Self {
            collection,
            reviewer,
            grade: found(filter.grade.as_ref(), &|text| reviews.grades.find(text))?,
            sector: found(filter.sector.as_ref(), &|text| reviews.register.sector(text))?,
            region: found(filter.region.as_ref(), &|text| reviews.register.region(text))?,
            overdue: filter.overdue,
            risks: filter.risks,
            places: filter.search.as_ref().map(|text| reviews.register.search(text)),
            without: reviews.register.places_of(&filter.without),
        })
    }

    /// Whether a review is of these kinds.
    fn admits(&self, traits: &Traits) -> bool {
        self.collection.is_none_or(|wanted| traits.collection == wanted)
            && self.reviewer.is_none_or(|wanted| traits.reviewer == wanted)
            && self.grade.is_none_or(|wanted| traits.grade == wanted)
            && self.sector.is_none_or(|wanted| traits.sector == wanted)
            && self.region.is_none_or(|wanted| traits.region == wanted)
    }

    /// Whether the review at this place of the roll is wanted, its state aside.
    fn takes(&self, reviews: &Reviews, at: usize, now: Timestamp) -> bool {
        let Some(traits) = reviews.traits.get(at) else { return false };
        if !self.admits(traits) {
            return false;
        }
        if !self.overdue && self.places.is_none() && self.risks.is_none() && self.without.is_empty() {
            return true;
        }
        let Some(line) = reviews.lines.get(at) else { return false };
        if self.without.binary_search(&line.place).is_ok() {
            return false;
        }
        let found = |places: &Vec<bool>| places.get(index(line.place)).copied().unwrap_or_default();
        (!self.overdue || age::is_overdue(line.state, line.due_at, now))
            && self.risks.is_none_or(|(from, below)| (from..below).contains(&line.risk))
            && self.places.as_ref().is_none_or(found)
    }
}

/// Reviews under the filter: how many in each state, and `size` of them from the page's first on.
pub(super) fn matched(reviews: &Reviews, filter: &Filter, size: usize, now: Timestamp) -> Matched {
    let Some(wanted) = Wanted::by(reviews, filter) else { return Matched::default() };
    let mut counts = [0_i64; 8];
    for (at, traits) in reviews.traits.iter().enumerate() {
        if wanted.takes(reviews, at, now)
            && let Some(count) = counts.get_mut(usize::from(traits.state))
        {
            *count += 1;
        }
    }
    let counts: BTreeMap<ReviewState, i64> =
        ReviewState::ALL.iter().copied().zip(counts).filter(|(_, count)| *count > 0).collect();
    let total: i64 = filter.states.iter().filter_map(|state| counts.get(state)).sum();
    let total = usize::try_from(total).unwrap_or_default();
    let states = filter.states.iter().fold(0_u8, |bits, state| bits | (1 << state_number(*state)));
    let first = (filter.page.max(1) - 1).saturating_mul(size);
    let takes = |at: u32| {
        let traits = reviews.traits.get(index(at));
        traits.is_some_and(|traits| (states >> traits.state) & 1 == 1)
            && wanted.takes(reviews, index(at), now)
    };
    let span = (first.min(total), first.saturating_add(size).min(total));
    let places = match filter.sort {
        Sort::Age => by_age(reviews, span, filter.descending, now, &takes),
        Sort::Due => kept(reviews, Order::Due, span, total, filter.descending, &takes),
        Sort::Queued => kept(reviews, Order::Queued, span, total, filter.descending, &takes),
        Sort::Risk => kept(reviews, Order::Risk, span, total, filter.descending, &takes),
        Sort::Organisation => kept(reviews, Order::Name, span, total, filter.descending, &takes),
    };
    let id = |at: u32| reviews.lines.get(index(at)).map(|line| line.id);
    Matched { counts, total, ids: places.into_iter().filter_map(id).collect() }
}

/// The places from one rank to another of an order that is kept, walked from the end that is nearer.
fn kept(
    reviews: &Reviews,
    order: Order,
    (first, last): (usize, usize),
    total: usize,
    descending: bool,
    takes: &impl Fn(u32) -> bool,
) -> Vec<u32> {
    let Some(list) = reviews.orders.get(order as usize) else { return Vec::new() };
    // Ranks in the order as it is kept.
    let (from, to) = if descending { (total - last, total - first) } else { (first, last) };
    let mut found: Vec<u32> = if from <= total - to {
        list.iter().copied().filter(|at| takes(*at)).skip(from).take(to - from).collect()
    } else {
        let back = list.iter().rev().copied().filter(|at| takes(*at)).skip(total - to).take(to - from);
        let mut found: Vec<u32> = back.collect();
        found.reverse();
        found
    };
    if descending {
        found.reverse();
    }
    found
}

/// The places from one rank to another by how much time is used. Clocks that run and clocks that stand change places as
/// time goes by, so this order is not kept: the ranks asked for are picked out and they alone are sorted.
fn by_age(
    reviews: &Reviews,
    (first, last): (usize, usize),
    descending: bool,
    now: Timestamp,
    takes: &impl Fn(u32) -> bool,
) -> Vec<u32> {
    let mut all: Vec<((i64, i64), u32)> = reviews
        .lines
        .iter()
        .zip(0_u32..)
        .filter(|(_, at)| takes(*at))
        .map(|(line, at)| {
            let used = match line.hand {
                Hand::Runs => now.micros() - line.due_at.micros(),
                Hand::Stopped(since) => since.micros() - line.due_at.micros(),
                Hand::None => i64::MIN,
            };
            let key = (used, line.id.get());
            (if descending { (key.0.saturating_neg(), -key.1) } else { key }, at)
        })
        .collect();
    let last = last.min(all.len());
    if last < all.len() {
        all.select_nth_unstable(last);
        all.truncate(last);
    }
    if first > 0 && first < all.len() {
        all.select_nth_unstable(first);
    }
    let mut page = all.split_off(first.min(all.len()));
    page.sort_unstable();
    page.into_iter().map(|(_, at)| at).collect()
}
