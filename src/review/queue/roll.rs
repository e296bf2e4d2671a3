//! The roll of reviews: every review of every year in memory, with what filters and sorts ask, brought up to what the
//! database holds before each use. See docs/decisions/0021-the-roll.md for why it is exact.

use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::age::{self, Hand};
use super::columns::{Columns, Line, NEVER, Traits, index, insert, state_number};
use super::register::{Register, Words};
use super::store::{self, Entry, Look, Mark};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, PersonId};

/// Beyond so many changes at once the orders are made anew instead of mended.
const MENDED: usize = 64;

/// The roll, shared by all that ask.
#[derive(Debug, Default)]
pub(in crate::review) struct Roll {
    turn: Mutex<()>,
    reviews: RwLock<Reviews>,
}

/// What the database held at the last look.
#[derive(Debug, Default)]
pub(in crate::review) struct Reviews {
    seen: Option<Mark>,
    pub(super) register: Register,
    pub(super) grades: Words,
    pub(in crate::review) collections: Vec<CollectionId>,
    pub(in crate::review) reviewers: Vec<PersonId>,
    pub(in crate::review) columns: Columns,
    /// How many there are in each state, by its number: what a filter counts that asks for nobody in particular.
    pub(super) states: [i64; 8],
    orders: [Vec<u32>; 5],
}

/// The orders that are kept; each falls back on the review's number, and so on its place in the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Due = 0,
    Queued = 1,
    Risk = 2,
    Name = 3,
    /// Clocks that say nothing, clocks that stand by how much time they show, clocks that run by how much time they show
    /// beside each other.
    Age = 4,
}

/// What stands first under an order: one of the three kinds of clocks or nothing, a figure, and the place in the columns.
type Key = (u8, i64, u32);

impl Order {
    const ALL: [Self; 5] = [Self::Due, Self::Queued, Self::Risk, Self::Name, Self::Age];

    fn key(self, columns: &Columns, at: u32) -> Key {
        let of = index(at);
        let (kind, figure) = match self {
            Self::Due => (0, columns.due_at(of).micros()),
            Self::Queued => (0, columns.queued_at(of).micros()),
            Self::Risk => (0, i64::from(columns.risk(of))),
            Self::Name => (0, i64::from(columns.place(of))),
            Self::Age => match columns.hand(of) {
                Hand::None => (0, 0),
                Hand::Stopped(since) => (1, since.micros() - columns.due_at(of).micros()),
                Hand::Runs => (2, -columns.due_at(of).micros()),
            },
        };
        (kind, figure, at)
    }
}

impl Roll {
    /// The reviews as the database holds them now.
    pub fn now(&self, conn: &mut Conn) -> Result<RwLockReadGuard<'_, Reviews>> {
        if let Some(held) = self.current(conn)? {
            return Ok(held);
        }
        {
            // One looks at a time: what one read must not be put over what another read later.
            let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            if self.reviews.is_poisoned() {
                // Somebody died while bringing it up to date: nothing in it can be relied on.
                *self.changing() = Reviews::default();
                self.reviews.clear_poison();
            }
            let before = self.held().seen;
            let look = store::look(conn)?;
            match before {
                // Nobody uses it before it is there, so it is made beside the lock and not copied.
                None => {
                    let whole = Reviews::read(conn, look.mark)?;
                    *self.changing() = whole;
                }
                Some(seen) => {
                    if let Some(news) = self.news(conn, seen, look)? {
                        self.changing().take_in(news);
                    }
                }
            }
        }
        Ok(self.held())
    }

    /// What is held, where nothing can be seen that came after it: then nobody has to wait until another has asked the
    /// database. Whatever others take in meanwhile is only newer.
    fn current(&self, conn: &mut Conn) -> Result<Option<RwLockReadGuard<'_, Reviews>>> {
        if self.held().seen.is_none() {
            return Ok(None);
        }
        let look = store::look(conn)?;
        let held = self.held();
        let is_current =
            held.seen.is_some_and(|seen| look.reviews < seen.reviews && look.register < seen.register);
        Ok((is_current && !self.reviews.is_poisoned()).then_some(held))
    }

    fn held(&self) -> RwLockReadGuard<'_, Reviews> {
        self.reviews.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn changing(&self) -> RwLockWriteGuard<'_, Reviews> {
        self.reviews.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// What changed since the last look; none where nothing did.
    fn news(&self, conn: &mut Conn, seen: Mark, look: Look) -> Result<Option<News>> {
        let mark = look.mark;
        // Numbers that no look may take yet can be the greatest ones: then the narrower question decides.
        let moved = look.register >= seen.register && store::register_changed(conn, seen, mark.upto)?;
        let fresh = look.reviews >= seen.reviews;
        if !moved && !fresh {
            return Ok(None);
        }
        let mut grades = self.held().grades.clone();
        let mut entries = Vec::new();
        if fresh {
            store::each(conn, (seen.reviews, mark.upto), |row| {
                entries.push(Entry::of(row, &mut grades)?);
                Ok(())
            })?;
        }
        if !moved && entries.is_empty() {
            return Ok(None);
        }
        // So that new ones come in the order in which they stand.
        entries.sort_unstable_by_key(|entry| entry.id);
        let register = if moved { Some(store::register(conn)?) } else { None };
        Ok(Some(News { mark, register, grades, entries }))
    }
}

/// What changed between two looks.
struct News {
    mark: Mark,
    register: Option<Register>,
    grades: Words,
    entries: Vec<Entry>,
}

impl Reviews {
    /// Everything, row by row. An organisation that is not in the register yet was committed after the mark, and so was
    /// its review: the next look reads both.
    fn read(conn: &mut Conn, mark: Mark) -> Result<Self> {
        let mut made = Self { register: store::register(conn)?, ..Self::default() };
        store::each(conn, (i64::MIN, i64::MAX), |row| {
            let entry = Entry::of(row, &mut made.grades)?;
            let line = made.line(&entry);
            made.columns.push(line);
            Ok(())
        })?;
        made.columns.arrange();
        let count = made.columns.count();
        for list in &mut made.orders {
            let mut all = Vec::with_capacity(count);
            all.extend((0_u32..).take(count));
            *list = all;
        }
        made.sort();
        made.tally();
        made.seen = Some(mark);
        Ok(made)
    }

    /// The places of the reviews in an order that is kept.
    pub(super) fn order(&self, order: Order) -> &[u32] {
        self.orders.get(order as usize).map(Vec::as_slice).unwrap_or_default()
    }

    fn take_in(&mut self, news: News) {
        let anew = news.register.is_some() || news.entries.len() > MENDED;
        self.grades = news.grades;
        if let Some(register) = news.register {
            self.resettle(register);
        }
        for entry in &news.entries {
            self.put(entry, anew);
        }
        if anew {
            self.sort();
        }
        self.tally();
        self.seen = Some(news.mark);
    }

    /// Counts the reviews in each state.
    fn tally(&mut self) {
        let mut states = [0; 8];
        for traits in self.columns.traits() {
            if let Some(count) = states.get_mut(usize::from(traits.state)) {
                *count += 1;
            }
        }
        self.states = states;
    }

    /// A row as the columns keep it.
    fn line(&mut self, entry: &Entry) -> Line {
        let place = self.register.place(entry.organisation).unwrap_or(u32::MAX);
        let (sector, region) = self.register.kind(place);
        let stopped_at = match age::hand(entry.state, entry.stopped_at, entry.decided_at) {
            Hand::Stopped(at) => at,
            Hand::Runs | Hand::None => NEVER,
        };
        let least = if entry.risk < 0 { i32::MIN } else { i32::MAX };
        Line {
            id: entry.id,
            traits: Traits {
                collection: numbered(&mut self.collections, entry.collection),
                reviewer: entry.reviewer.map_or(0, |id| numbered(&mut self.reviewers, id).saturating_add(1)),
                state: state_number(entry.state),
                grade: entry.grade,
                sector,
                region,
            },
            place,
            queued_at: entry.queued_at,
            due_at: entry.due_at,
            stopped_at,
            risk: i32::try_from(entry.risk).unwrap_or(least),
        }
    }

    /// Puts a review into the roll, in place of what was known of it.
    fn put(&mut self, entry: &Entry, anew: bool) {
        let line = self.line(entry);
        let found = self.columns.find(entry.id);
        let (Ok(at) | Err(at)) = found;
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        if found.is_ok() {
            if !anew {
                self.take_out(place);
            }
            self.columns.set(at, line);
        } else {
            self.make_way(place);
            self.columns.insert(at, line);
            if anew {
                for list in &mut self.orders {
                    insert(list, usize::MAX, place);
                }
            }
        }
        if !anew {
            self.put_in(place);
        }
    }

    /// Lets the orders count one more at this place. Only numbers that were given out early and committed late come
    /// before others that are there.
    fn make_way(&mut self, from: u32) {
        if index(from) < self.columns.count() {
            for at in self.orders.iter_mut().flatten().filter(|at| **at >= from) {
                *at += 1;
            }
        }
    }

    /// Takes a review out of the orders, where it stands by what is still known of it.
    fn take_out(&mut self, at: u32) {
        let columns = &self.columns;
        for (order, list) in Order::ALL.into_iter().zip(&mut self.orders) {
            let key = order.key(columns, at);
            if let Ok(found) = list.binary_search_by_key(&key, |one| order.key(columns, *one)) {
                list.remove(found);
            }
        }
    }

    fn put_in(&mut self, at: u32) {
        let columns = &self.columns;
        for (order, list) in Order::ALL.into_iter().zip(&mut self.orders) {
            let key = order.key(columns, at);
            let found = list.partition_point(|one| order.key(columns, *one) < key);
            insert(list, found, at);
        }
    }

    /// Puts another register in place of the one before, and gives every review its organisation's place, sector and
    /// region there.
    fn resettle(&mut self, register: Register) {
        let before = std::mem::replace(&mut self.register, register);
        let mut moves = vec![u32::MAX; before.count()];
        for (id, place) in before.seats() {
            if let (Some(to), Some(now)) = (moves.get_mut(index(place)), self.register.place(id)) {
                *to = now;
            }
        }
        let register = &self.register;
        self.columns.settle(|place| {
            let now = moves.get(index(place)).copied().unwrap_or(u32::MAX);
            (now, register.kind(now))
        });
    }

    /// Sorts the orders. Most of what changed little is in order already, which this way of sorting makes use of.
    fn sort(&mut self) {
        let columns = &self.columns;
        for (order, list) in Order::ALL.into_iter().zip(&mut self.orders) {
            list.sort_by_key(|at| order.key(columns, *at));
        }
    }
}

/// The number of one of few things, new or not.
fn numbered<T: PartialEq>(known: &mut Vec<T>, one: T) -> u16 {
    let at = known.iter().position(|other| *other == one).unwrap_or_else(|| {
        known.push(one);
        known.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::{OrganisationId, ReviewId};
    use crate::review::model::ReviewState;
    use crate::review::queue::filter::{Filter, Sort};
    use crate::review::queue::register::Gathering;
    use crate::review::queue::rows::matched;

    const MARK: Mark = Mark { reviews: 0, register: 0, upto: i64::MAX };

    /// A review whose facts follow from a number, many of them like another's.
    fn entry(id: i64, salt: i64) -> Entry {
        let figure = (id * 7 + salt * 13) % 11;
        let at = |n: i64| Timestamp::from_micros(1_000_000 * n);
        let states = ReviewState::ALL;
        Entry {
            id: u32::try_from(id).unwrap(),
            organisation: OrganisationId::new(figure % 4),
            collection: CollectionId::new(figure % 2),
            state: states[usize::try_from(figure).unwrap() % states.len()],
            reviewer: (figure > 5).then(|| PersonId::new(figure)),
            grade: 1,
            queued_at: at(figure % 5),
            due_at: at(figure % 3),
            decided_at: (salt % 2 == 0).then(|| at(figure)),
            stopped_at: Some(at(figure + 1)),
            risk: if figure == 3 { i64::MAX } else { figure * 100 },
        }
    }

    fn register(names: &[(i64, &str)]) -> Register {
        let mut gathered = Gathering::default();
        for (id, name) in names {
            gathered.add(OrganisationId::new(*id), ("X", name), "gp", None);
        }
        gathered.finish()
    }

    /// Holds the roll against one that is made anew of the same reviews.
    fn check(reviews: &Reviews, known: &[Entry]) {
        let columns = &reviews.columns;
        assert_eq!(columns.count(), known.len());
        for order in Order::ALL {
            let mut expected: Vec<u32> = (0_u32..).take(known.len()).collect();
            expected.sort_by_key(|at| order.key(columns, *at));
            assert_eq!(reviews.order(order), expected, "{order:?}");
        }
        for (at, entry) in known.iter().enumerate() {
            assert_eq!(columns.id(at), Some(ReviewId::new(entry.id.into())));
            assert_eq!(columns.hand(at), age::hand(entry.state, entry.stopped_at, entry.decided_at));
            assert_eq!(columns.place(at), reviews.register.place(entry.organisation).unwrap_or(u32::MAX));
            assert_eq!(columns.traits()[at].state, state_number(entry.state));
        }
        let mut states = [0; 8];
        for entry in known {
            states[usize::from(state_number(entry.state))] += 1;
        }
        assert_eq!(reviews.states, states);
        everybody(reviews);
    }

    /// Whoever asks for everybody sees the pages of a filter that everybody passes and that is asked of each.
    fn everybody(reviews: &Reviews) {
        let now = Timestamp::from_micros(4_000_000);
        for sort in Sort::ALL {
            for (descending, page) in (1..=10).flat_map(|page| [(false, page), (true, page)]) {
                let states = ReviewState::ALL.to_vec();
                let filter = Filter { states, sort, descending, page, ..Filter::default() };
                let asked = Filter { risks: Some((i64::MIN, i64::MAX)), ..filter.clone() };
                let [found, expected] = [&filter, &asked].map(|filter| matched(reviews, filter, 23, now));
                assert_eq!(found, expected, "{filter:?}");
            }
        }
    }

    #[test]
    fn orders_that_are_mended_are_those_that_are_made_anew() {
        let mut reviews =
            Reviews { register: register(&[(0, "d"), (1, "b"), (2, "c")]), ..Reviews::default() };
        let mut known: Vec<Entry> = Vec::new();
        let many: Vec<i64> = (100..180).collect();
        // Some at once, many at once, later ones, earlier ones, ones between, and changes of what is there.
        for (salt, ids) in [
            (1, vec![20, 30, 40]),
            (2, many),
            (3, vec![190, 200]),
            (4, vec![5, 25, 150]),
            (5, (1..90).collect()),
            (6, vec![5, 25, 30, 179, 200]),
        ] {
            let entries: Vec<Entry> = ids.iter().map(|id| entry(*id, salt)).collect();
            known.retain(|one| !ids.contains(&i64::from(one.id)));
            known.extend(entries.iter().copied());
            known.sort_by_key(|one| one.id);
            let (grades, register) = (reviews.grades.clone(), None);
            reviews.take_in(News { mark: MARK, register, grades, entries });
            check(&reviews, &known);
        }
        let (grades, moved) = (reviews.grades.clone(), register(&[(0, "a"), (1, "b"), (2, "z"), (3, "m")]));
        // The fourth came with its reviews, which are read once more with it.
        let entries: Vec<Entry> =
            known.iter().filter(|one| one.organisation == OrganisationId::new(3)).copied().collect();
        reviews.take_in(News { mark: MARK, register: Some(moved), grades, entries });
        check(&reviews, &known);
    }
}
