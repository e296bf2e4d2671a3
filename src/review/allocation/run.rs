//! Giving several reviews at once: chosen by hand, by a run over the top of the queue, or to whoever stands in for somebody.
//! All of it or nothing, and one mail to each person.

use std::collections::BTreeMap;

use serde_json::json;

use super::allocate::{Room, allocate_review};
use super::plan::{Line, digest};
use super::unconflicted::Unconflicted;
use super::{mail, reading, store};
use crate::access::{AllocateReview, Permit, ReadAllocation, ReleaseReview};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, PersonId, ReviewId};
use crate::review::claim::release_review;
use crate::review::consistency::blind_scorers;
use crate::review::mail::Links;
use crate::review::store::{self as reviews, Review, moved_on};

/// A review as whoever chose it saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chosen {
    /// Which.
    pub review: ReviewId,
    /// Its version then: of two who choose the same one the second is told.
    pub version: i64,
}

impl Chosen {
    /// Reads the value of a box that was ticked.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (review, version) = text.split_once('/')?;
        Some(Self { review: review.parse().ok()?, version: version.parse().ok()? })
    }
}

/// What was given to whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allotted(BTreeMap<PersonId, Vec<ReviewId>>);

impl Allotted {
    /// How many reviews were given.
    #[must_use]
    pub fn reviews(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// How many people got some.
    #[must_use]
    pub fn people(&self) -> usize {
        self.0.len()
    }
}

/// Gives these reviews to one person.
///
/// # Errors
/// As [`allocate_review`], of the first that cannot be given.
pub fn allocate_many(
    tx: &mut Tx<'_>,
    permit: &Permit<ReadAllocation>,
    chosen: &[Chosen],
    to: PersonId,
    links: &Links,
) -> Result<Recorded<Allotted>> {
    let lines: Vec<(Chosen, PersonId)> = chosen.iter().map(|one| (*one, to)).collect();
    give(tx, permit, &lines, (Room::Within, "by hand", ""), links)
}

/// Gives everything that somebody who is away has in hand to whoever stands in for them.
///
/// # Errors
/// [`Error::Refused`] when they are not away or nobody stands in; otherwise as [`allocate_review`].
pub fn move_to_cover(
    tx: &mut Tx<'_>,
    permit: &Permit<ReadAllocation>,
    whose: PersonId,
    links: &Links,
) -> Result<Recorded<Allotted>> {
    let day = tx.now().london_day();
    let away = store::absence_on(tx.conn(), whose, day)?;
    let Some(cover) = away.and_then(|away| away.cover) else {
        return Err(Error::Refused("They are not away now, or nobody stands in for them.".to_owned()));
    };
    let in_hand = store::in_hand(tx.conn(), Some(whose))?;
    let barred = crate::identity::conflicts_of(tx.conn(), cover, day)?;
    let ids: Vec<ReviewId> = in_hand.iter().map(|one| one.review).collect();
    let blind = blind_scorers(tx.conn(), &ids)?;
    // What the one who stands in must not have stays listed, for somebody else.
    let lines: Vec<(Chosen, PersonId)> = in_hand
        .iter()
        .filter(|one| !barred.contains_key(&one.organisation) && blind.get(&one.review) != Some(&cover))
        .map(|one| (Chosen { review: one.review, version: one.version }, cover))
        .collect();
    give(tx, permit, &lines, (Room::OnTop, "to cover", ""), links)
}

/// Takes these reviews back into the queue; their decisions stay for the next reviewer.
///
/// # Errors
/// [`Error::Refused`] for one that waits for the organisation's reply: it can only be given to somebody else.
pub fn take_back(
    tx: &mut Tx<'_>,
    permit: &Permit<ReadAllocation>,
    chosen: &[Chosen],
) -> Result<Recorded<usize>> {
    if chosen.is_empty() {
        return Err(Error::field("review", "Choose at least one review"));
    }
    for one in chosen {
        let as_read = as_seen(tx, *one)?;
        let own = Permit::<ReleaseReview>::grant(permit.actor(), Some(as_read.subject()))?;
        release_review(tx, &own, &as_read)?;
    }
    let data = json!({"reviews": chosen.len()});
    let event = Event::of(permit, "reviews_taken_back", "programme".to_owned(), data);
    ledger::append(tx, &event, chosen.len())
}

/// Gives the top of the queue as it was previewed: the same number, under the same seed.
///
/// # Errors
/// [`Error::Conflict`] when the plan is another one by now.
pub fn run_allocation(
    tx: &mut Tx<'_>,
    permit: &Permit<ReadAllocation>,
    (of, count): (Option<CollectionId>, i64),
    (seed, seen): (&str, &str),
    links: &Links,
) -> Result<Recorded<Allotted>> {
    let day = tx.now().london_day();
    let lines: Vec<Line> = reading::plan(tx.conn(), permit.actor(), day, (of, count), seed)?;
    if digest(&lines) != seen {
        return Err(Error::Conflict("The queue or the reviewers have changed since the preview.".to_owned()));
    }
    let of = |line: &Line| {
        let chosen = Chosen { review: line.waiting.review, version: line.waiting.version };
        Some((chosen, line.to?))
    };
    let lines: Vec<(Chosen, PersonId)> = lines.iter().filter_map(of).collect();
    give(tx, permit, &lines, (Room::Within, "run", seed), links)
}

fn give(
    tx: &mut Tx<'_>,
    permit: &Permit<ReadAllocation>,
    lines: &[(Chosen, PersonId)],
    (room, how, seed): (Room, &str, &str),
    links: &Links,
) -> Result<Recorded<Allotted>> {
    if lines.is_empty() {
        return Err(Error::Refused("There is no review that could be given.".to_owned()));
    }
    let mut given: BTreeMap<PersonId, Vec<ReviewId>> = BTreeMap::new();
    for (chosen, to) in lines {
        let as_read = as_seen(tx, *chosen)?;
        let own = Permit::<AllocateReview>::grant(permit.actor(), Some(as_read.subject()))?;
        let witness = Unconflicted::check(tx, *to, as_read.organisation)?;
        allocate_review(tx, &own, &as_read, &witness, room)?;
        given.entry(*to).or_default().push(chosen.review);
    }
    mail::tell(tx, &given, links)?;
    let data = json!({"how": how, "seed": seed, "reviews": lines.len(), "people": given.len()});
    let event = Event::of(permit, "reviews_allocated", "programme".to_owned(), data);
    ledger::append(tx, &event, Allotted(given))
}

/// The review, if it is as it was seen.
fn as_seen(tx: &mut Tx<'_>, chosen: Chosen) -> Result<Review> {
    let as_read = reviews::review(tx.conn(), chosen.review)?;
    if as_read.version == chosen.version { Ok(as_read) } else { Err(moved_on()) }
}
