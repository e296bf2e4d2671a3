//! The columns of the roll: a list for each fact of a review, so that a question walks over those that it asks about alone,
//! and so that no byte is kept twice. Reviews stand in the order of their numbers.

use super::age::{self, Hand};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReviewId;
use crate::review::model::ReviewState;

/// When a clock stopped that did not stop.
pub(in crate::review) const NEVER: Timestamp = Timestamp::from_micros(i64::MIN);

/// A moment as the roll keeps it: seconds since 1970, which four bytes count until 2106; the last number is [`NEVER`]. When a
/// review is due is a whole hour. Of the other times nobody sees more than the minute, and within a second the order
/// falls back on the review's number as it does within a microsecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Second(u32);

impl Second {
    const NEVER: Self = Self(u32::MAX);

    fn of(at: Timestamp) -> Self {
        if at == NEVER {
            return Self::NEVER;
        }
        let seconds = at.micros().div_euclid(1_000_000).clamp(0, i64::from(u32::MAX - 1));
        u32::try_from(seconds).map_or(Self::NEVER, Self)
    }

    const fn moment(self) -> Timestamp {
        if self.0 == Self::NEVER.0 {
            return NEVER;
        }
        Timestamp::from_micros(self.0 as i64 * 1_000_000)
    }
}

/// The number of a review as the roll keeps it.
///
/// # Errors
/// When there are more than four thousand million of them.
pub(super) fn number(id: ReviewId) -> Result<u32> {
    u32::try_from(id.get()).map_err(|_| Error::broken("there are more reviews than the queue can number"))
}

/// What most filters ask of a review, in eight bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C)]
pub(in crate::review) struct Traits {
    pub collection: u16,
    /// 0 is nobody.
    pub reviewer: u16,
    pub state: u8,
    pub grade: u8,
    pub sector: u8,
    pub region: u8,
}

impl Traits {
    /// All of them as one number, which is compared in one step.
    pub const fn packed(self) -> u64 {
        let [a, b] = self.collection.to_le_bytes();
        let [c, d] = self.reviewer.to_le_bytes();
        u64::from_le_bytes([a, b, c, d, self.state, self.grade, self.sector, self.region])
    }
}

/// Everything that the roll knows of one review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::review) struct Line {
    /// Its review's number, by [`number`].
    pub id: u32,
    pub traits: Traits,
    /// Its organisation's place in the order of names.
    pub place: u32,
    pub queued_at: Timestamp,
    pub due_at: Timestamp,
    /// When its clock stopped, or [`NEVER`].
    pub stopped_at: Timestamp,
    /// Risks are thousandths of a whole.
    pub risk: i32,
}

/// Every review, a column for each fact.
#[derive(Debug, Default)]
pub(in crate::review) struct Columns {
    ids: Vec<u32>,
    traits: Vec<Traits>,
    places: Vec<u32>,
    queued: Vec<Second>,
    due: Vec<Second>,
    stopped: Vec<Second>,
    risks: Vec<i32>,
}

impl Columns {
    /// How many reviews.
    pub fn count(&self) -> usize {
        self.ids.len()
    }

    /// Where a review stands, or would stand.
    pub fn find(&self, number: u32) -> std::result::Result<usize, usize> {
        self.ids.binary_search(&number)
    }

    pub fn id(&self, at: usize) -> Option<ReviewId> {
        self.ids.get(at).map(|number| ReviewId::new(i64::from(*number)))
    }

    /// The traits of all of them.
    pub fn traits(&self) -> &[Traits] {
        &self.traits
    }

    /// When each is due.
    pub fn due(&self) -> impl Iterator<Item = Timestamp> + '_ {
        self.due.iter().map(|at| at.moment())
    }

    /// When the clock of each stopped, or [`NEVER`].
    pub fn stopped(&self) -> impl Iterator<Item = Timestamp> + '_ {
        self.stopped.iter().map(|at| at.moment())
    }

    pub fn place(&self, at: usize) -> u32 {
        self.places.get(at).copied().unwrap_or(u32::MAX)
    }

    pub fn queued_at(&self, at: usize) -> Timestamp {
        moment(&self.queued, at)
    }

    pub fn due_at(&self, at: usize) -> Timestamp {
        moment(&self.due, at)
    }

    pub fn risk(&self, at: usize) -> i32 {
        self.risks.get(at).copied().unwrap_or_default()
    }

    /// How the clock of a review stands.
    pub fn hand(&self, at: usize) -> Hand {
        let stopped = Some(moment(&self.stopped, at)).filter(|at| *at != NEVER);
        let state = self.traits.get(at).map_or(ReviewState::Withdrawn, |traits| state_of(traits.state));
        age::hand(state, stopped, stopped)
    }

    /// Puts another line in the place of one.
    pub fn set(&mut self, at: usize, line: Line) {
        put(&mut self.traits, at, line.traits);
        put(&mut self.places, at, line.place);
        put(&mut self.queued, at, Second::of(line.queued_at));
        put(&mut self.due, at, Second::of(line.due_at));
        put(&mut self.stopped, at, Second::of(line.stopped_at));
        put(&mut self.risks, at, line.risk);
    }

    /// Puts a line in where [`Self::find`] says that it would stand.
    pub fn insert(&mut self, at: usize, line: Line) {
        insert(&mut self.ids, at, line.id);
        insert(&mut self.traits, at, line.traits);
        insert(&mut self.places, at, line.place);
        insert(&mut self.queued, at, Second::of(line.queued_at));
        insert(&mut self.due, at, Second::of(line.due_at));
        insert(&mut self.stopped, at, Second::of(line.stopped_at));
        insert(&mut self.risks, at, line.risk);
    }

    /// Puts a line behind the others, wherever it belongs: [`Self::arrange`] has to follow.
    pub fn push(&mut self, line: Line) {
        self.insert(self.count(), line);
    }

    /// Puts everything into the order of the reviews' numbers, one column after the other.
    pub fn arrange(&mut self) {
        if self.ids.is_sorted() {
            return;
        }
        let mut order: Vec<u32> = (0_u32..).take(self.count()).collect();
        let ids = &self.ids;
        order.sort_unstable_by_key(|at| ids.get(index(*at)));
        arranged(&mut self.ids, &order);
        arranged(&mut self.traits, &order);
        arranged(&mut self.places, &order);
        arranged(&mut self.queued, &order);
        arranged(&mut self.due, &order);
        arranged(&mut self.stopped, &order);
        arranged(&mut self.risks, &order);
    }

    /// Gives every review another place among the organisations, and the sector and region there.
    pub fn settle(&mut self, mut of: impl FnMut(u32) -> (u32, (u8, u8))) {
        for (place, traits) in self.places.iter_mut().zip(&mut self.traits) {
            (*place, (traits.sector, traits.region)) = of(*place);
        }
    }
}

fn moment(column: &[Second], at: usize) -> Timestamp {
    column.get(at).map_or(NEVER, |at| at.moment())
}

fn put<T>(column: &mut [T], at: usize, one: T) {
    if let Some(old) = column.get_mut(at) {
        *old = one;
    }
}

/// Puts one in without doubling a list that is a nation long already.
pub(super) fn insert<T>(column: &mut Vec<T>, at: usize, one: T) {
    if column.len() == column.capacity() {
        column.reserve_exact(column.len() / 16 + 256);
    }
    column.insert(at.min(column.len()), one);
}

fn arranged<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
    let mut made = Vec::with_capacity(order.len());
    made.extend(order.iter().filter_map(|at| column.get(index(*at)).copied()));
    *column = made;
}

/// The number of a state.
pub(in crate::review) fn state_number(state: ReviewState) -> u8 {
    ReviewState::ALL.iter().zip(0_u8..).find(|(one, _)| **one == state).map_or(u8::MAX, |(_, number)| number)
}

/// The state of a number.
pub(in crate::review) fn state_of(number: u8) -> ReviewState {
    ReviewState::ALL.get(usize::from(number)).copied().unwrap_or(ReviewState::Withdrawn)
}

/// A place in the roll as an index.
pub(super) const fn index(at: u32) -> usize {
    at as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: u16) -> Line {
        let at = Timestamp::from_micros(i64::from(id) * 1_000_000);
        let traits = Traits { collection: id, reviewer: 7, state: 4, grade: 1, sector: 2, region: 3 };
        let place = u32::from(id);
        let risk = i32::from(id);
        Line { id: u32::from(id), traits, place, queued_at: at, due_at: at, stopped_at: at, risk }
    }

    #[test]
    fn lines_stand_in_the_order_of_their_numbers_however_they_came() {
        let mut columns = Columns::default();
        for id in [5, 3, 9, 1] {
            columns.push(line(id));
        }
        columns.arrange();
        let at = columns.find(4).unwrap_err();
        columns.insert(at, line(4));
        for (at, id) in [1_u16, 3, 4, 5, 9].into_iter().enumerate() {
            let expected = line(id);
            assert_eq!(columns.find(expected.id), Ok(at));
            assert_eq!((columns.id(at), columns.place(at)), (Some(ReviewId::new(id.into())), expected.place));
            assert_eq!((columns.queued_at(at), columns.due_at(at)), (expected.queued_at, expected.due_at));
            assert_eq!((columns.risk(at), columns.traits()[at]), (expected.risk, expected.traits));
            assert_eq!(columns.hand(at), Hand::Stopped(expected.stopped_at));
        }
        columns.set(1, Line { id: 3, stopped_at: NEVER, ..line(8) });
        assert_eq!((columns.count(), columns.risk(1), columns.hand(1)), (5, 8, Hand::None));
        columns.settle(|place| (place + 1, (8, 9)));
        assert_eq!((columns.place(0), columns.traits()[4].sector, columns.traits()[4].region), (2, 8, 9));
    }

    #[test]
    fn moments_are_kept_to_the_second_and_never_stays_never() {
        let at = |micros| Second::of(Timestamp::from_micros(micros)).moment().micros();
        assert_eq!([at(1_999_999), at(2_000_000), at(-1)], [1_000_000, 2_000_000, 0]);
        assert_eq!(at(i64::MAX), (i64::from(u32::MAX) - 1) * 1_000_000);
        assert_eq!((Second::of(NEVER).moment(), size_of::<Second>()), (NEVER, 4));
    }

    #[test]
    fn a_review_beyond_what_can_be_numbered_is_refused() {
        assert_eq!(number(ReviewId::new(i64::from(u32::MAX))).unwrap(), u32::MAX);
        assert!(number(ReviewId::new(i64::from(u32::MAX) + 1)).is_err());
    }

    #[test]
    fn traits_are_packed_each_into_its_own_bits() {
        let traits = line(0x0102).traits;
        assert_eq!(traits.packed(), 0x0302_0104_0007_0102);
        assert_eq!((size_of::<Traits>(), Traits::default().packed()), (8, 0));
    }

    #[test]
    fn states_keep_their_numbers() {
        for state in ReviewState::ALL.iter().copied() {
            assert_eq!(state_of(state_number(state)), state);
        }
    }
}
