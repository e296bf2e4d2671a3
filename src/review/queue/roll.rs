//! The roll of reviews: every review of every year in memory, with what filters and sorts ask, brought up to what the
//! database holds before each use. See docs/decisions/0021-the-roll.md for why it is exact.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use super::age::{self, Hand};
use super::register::{Register, Words};
use super::store::{self, Entry, Mark};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, ReviewId};
use crate::review::model::ReviewState;

/// Beyond so many changes at once the orders are made anew instead of mended.
const MENDED: usize = 64;

/// The roll, shared by all that ask.
#[derive(Debug, Default)]
pub(in crate::review) struct Roll {
    turn: Mutex<()>,
    reviews: RwLock<Reviews>,
}

/// What most filters ask of a review, small enough that a whole nation's fit into the processor's cache.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::review) struct Traits {
    pub collection: u16,
    /// 0 is nobody.
    pub reviewer: u16,
    pub state: u8,
    pub grade: u8,
    pub sector: u8,
    pub region: u8,
    /// When it was decided, in hours since 1970; 0 while it is not.
    pub decided: u32,
}

/// The rest of a review.
#[derive(Debug, Clone, Copy)]
pub(in crate::review) struct Line {
    /// The review.
    pub id: ReviewId,
    /// Its organisation's place in the order of names.
    pub place: u32,
    /// Where it stands.
    pub state: ReviewState,
    /// When it came in.
    pub queued_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// How its clock stands.
    pub hand: Hand,
    /// Its risk.
    pub risk: i64,
}

/// What the database held at the last look.
#[derive(Debug, Default)]
pub(in crate::review) struct Reviews {
    seen: Option<Mark>,
    pub(super) register: Register,
    pub(super) grades: Words,
    pub(in crate::review) collections: Vec<CollectionId>,
    pub(in crate::review) reviewers: Vec<PersonId>,
    places: HashMap<ReviewId, u32>,
    organisations: Vec<OrganisationId>,
    pub(in crate::review) traits: Vec<Traits>,
    pub(in crate::review) lines: Vec<Line>,
    pub(super) orders: [Vec<u32>; 4],
}

/// The orders that are kept; each falls back on the review's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Due = 0,
    Queued = 1,
    Risk = 2,
    Name = 3,
}

impl Order {
    const ALL: [Self; 4] = [Self::Due, Self::Queued, Self::Risk, Self::Name];

    const fn key(self, line: &Line) -> (i64, i64) {
        let key = match self {
            Self::Due => line.due_at.micros(),
            Self::Queued => line.queued_at.micros(),
            Self::Risk => line.risk,
            Self::Name => line.place as i64,
        };
        (key, line.id.get())
    }
}

impl Roll {
    /// The reviews as the database holds them now.
    pub fn now(&self, conn: &mut Conn) -> Result<RwLockReadGuard<'_, Reviews>> {
        {
            // One looks at a time: what one read must not be put over what another read later.
            let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            if self.reviews.is_poisoned() {
                // Somebody died while bringing it up to date: nothing in it can be relied on.
                *self.reviews.write().unwrap_or_else(PoisonError::into_inner) = Reviews::default();
                self.reviews.clear_poison();
            }
            let before = self.held().seen;
            if let Some(news) = News::since(conn, before)? {
                self.reviews.write().unwrap_or_else(PoisonError::into_inner).take_in(news);
            }
        }
        Ok(self.held())
    }

    fn held(&self) -> RwLockReadGuard<'_, Reviews> {
        self.reviews.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What changed between two looks.
struct News {
    mark: Mark,
    register: Option<Register>,
    rows: Vec<store::Row>,
}

impl News {
    /// None where nothing did.
    fn since(conn: &mut Conn, before: Option<Mark>) -> Result<Option<Self>> {
        let mark = store::mark(conn)?;
        let moved = match before {
            Some(seen) => store::register_changed(conn, seen, mark.upto)?,
            None => true,
        };
        let rows = store::changed(conn, before, mark.upto)?;
        if !moved && rows.is_empty() {
            return Ok(None);
        }
        let register = if moved { Some(Register::of(&store::register(conn)?)) } else { None };
        Ok(Some(Self { mark, register, rows }))
    }
}

impl Reviews {
    fn take_in(&mut self, news: News) {
        let moved = news.register.is_some();
        let anew = moved || news.rows.len() > MENDED;
        if let Some(register) = news.register {
            self.register = register;
        }
        for row in &news.rows {
            let entry = store::entry(row);
            self.put(&entry, anew);
        }
        if moved {
            self.resettle();
        }
        if anew {
            self.sort();
        }
        self.seen = Some(news.mark);
    }

    /// Puts a review into the roll, in place of what was known of it.
    fn put(&mut self, entry: &Entry<'_>, anew: bool) {
        let place = self.register.place(entry.organisation).unwrap_or(u32::MAX);
        let line = Line {
            id: entry.id,
            place,
            state: entry.state,
            queued_at: entry.queued_at,
            due_at: entry.due_at,
            decided_at: entry.decided_at,
            hand: age::hand(entry.state, entry.stopped_at, entry.decided_at),
            risk: entry.risk,
        };
        let (sector, region) = self.register.kind(place);
        let traits = Traits {
            collection: numbered(&mut self.collections, entry.collection),
            reviewer: entry.reviewer.map_or(0, |id| numbered(&mut self.reviewers, id) + 1),
            state: state_number(entry.state),
            grade: self.grades.number(entry.grade),
            sector,
            region,
            decided: entry.decided_at.map_or(0, hours),
        };
        let known = self.places.get(&entry.id).copied();
        let at = known.unwrap_or_else(|| u32::try_from(self.lines.len()).unwrap_or(u32::MAX));
        if let (Some(at), false) = (known, anew) {
            self.take_out(at);
        }
        if known.is_none() {
            self.places.insert(entry.id, at);
            self.organisations.push(entry.organisation);
            self.lines.push(line);
            self.traits.push(traits);
        } else if let (Some(old), Some(kinds)) =
            (self.lines.get_mut(index(at)), self.traits.get_mut(index(at)))
        {
            *old = line;
            *kinds = traits;
        }
        if !anew {
            self.put_in(at);
        }
    }

    /// Takes a review out of the orders, where it stands by what is still known of it.
    fn take_out(&mut self, at: u32) {
        let Some(line) = self.lines.get(index(at)).copied() else { return };
        for order in Order::ALL {
            let lines = &self.lines;
            if let Some(list) = self.orders.get_mut(order as usize)
                && let Ok(found) =
                    list.binary_search_by(|one| key_of(lines, order, *one).cmp(&Some(order.key(&line))))
            {
                list.remove(found);
            }
        }
    }

    fn put_in(&mut self, at: u32) {
        let Some(line) = self.lines.get(index(at)).copied() else { return };
        for order in Order::ALL {
            let lines = &self.lines;
            if let Some(list) = self.orders.get_mut(order as usize) {
                let found = list.partition_point(|one| key_of(lines, order, *one) < Some(order.key(&line)));
                list.insert(found, at);
            }
        }
    }

    /// Gives every review its organisation's place, sector and region in the register as it is now.
    fn resettle(&mut self) {
        for ((line, traits), whose) in self.lines.iter_mut().zip(&mut self.traits).zip(&self.organisations) {
            line.place = self.register.place(*whose).unwrap_or(u32::MAX);
            (traits.sector, traits.region) = self.register.kind(line.place);
        }
    }

    fn sort(&mut self) {
        for order in Order::ALL {
            let mut keys: Vec<((i64, i64), u32)> =
                self.lines.iter().zip(0_u32..).map(|(line, at)| (order.key(line), at)).collect();
            keys.sort_unstable();
            if let Some(list) = self.orders.get_mut(order as usize) {
                *list = keys.into_iter().map(|(_, at)| at).collect();
            }
        }
    }
}

/// Whole hours since 1970.
pub(in crate::review) fn hours(at: Timestamp) -> u32 {
    u32::try_from(at.micros() / 3_600_000_000).unwrap_or_default()
}

fn key_of(lines: &[Line], order: Order, at: u32) -> Option<(i64, i64)> {
    lines.get(index(at)).map(|line| order.key(line))
}

/// The number of one of few things, new or not.
fn numbered<T: PartialEq>(known: &mut Vec<T>, one: T) -> u16 {
    let at = known.iter().position(|other| *other == one).unwrap_or_else(|| {
        known.push(one);
        known.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// The number of a state.
pub(in crate::review) fn state_number(state: ReviewState) -> u8 {
    ReviewState::ALL.iter().zip(0_u8..).find(|(one, _)| **one == state).map_or(u8::MAX, |(_, number)| number)
}

/// A place in the roll as an index.
pub(super) const fn index(at: u32) -> usize {
    at as usize
}
