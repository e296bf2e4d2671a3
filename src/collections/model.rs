//! A collection: its windows, its state, and what they allow at a moment.

use crate::platform::clock::Timestamp;
use crate::platform::ids::{CollectionId, EditionId};

crate::text_enum! {
    /// How far a collection has got.
    CollectionState {
        /// Not yet open.
        Planned = "planned", "Planned";
        /// Returns can be written and submitted.
        Open = "open", "Open";
        /// Over; only organisations with an extension may still submit.
        Closed = "closed", "Closed";
    }
}

/// The key of a collection as addresses name it, such as `2026`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionKey(String);

impl CollectionKey {
    /// Reads a key.
    ///
    /// # Errors
    /// Says what is allowed.
    pub fn new(text: &str) -> Result<Self, String> {
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if plain && (2..=40).contains(&text.len()) && text != "new" {
            Ok(Self(text.to_owned()))
        } else {
            Err("Enter a key of 2 to 40 lower-case letters, digits or hyphens, such as 2026".to_owned())
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// When a collection opens, wants its interim and final returns, and closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    opens_at: Timestamp,
    interim_due_at: Option<Timestamp>,
    deadline_at: Timestamp,
    closes_at: Timestamp,
}

/// Which of the times does not fit the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowsProblem {
    /// The interim date lies outside the time between opening and deadline.
    Interim,
    /// The deadline is not after the opening.
    Deadline,
    /// The close is before the deadline.
    Close,
}

impl Windows {
    /// Times in their order: opening, interim, deadline, close (which may be the deadline).
    ///
    /// # Errors
    /// Everything that is out of order.
    pub fn new(
        opens_at: Timestamp,
        interim_due_at: Option<Timestamp>,
        deadline_at: Timestamp,
        closes_at: Timestamp,
    ) -> Result<Self, Vec<WindowsProblem>> {
        let mut problems = Vec::new();
        if deadline_at <= opens_at {
            problems.push(WindowsProblem::Deadline);
        }
        if interim_due_at.is_some_and(|interim| interim <= opens_at || interim >= deadline_at) {
            problems.push(WindowsProblem::Interim);
        }
        if closes_at < deadline_at {
            problems.push(WindowsProblem::Close);
        }
        if problems.is_empty() {
            Ok(Self { opens_at, interim_due_at, deadline_at, closes_at })
        } else {
            Err(problems)
        }
    }

    /// When returns can be started.
    #[must_use]
    pub const fn opens_at(&self) -> Timestamp {
        self.opens_at
    }

    /// When the interim return is due, where there is one.
    #[must_use]
    pub const fn interim_due_at(&self) -> Option<Timestamp> {
        self.interim_due_at
    }

    /// What is submitted after this is late.
    #[must_use]
    pub const fn deadline_at(&self) -> Timestamp {
        self.deadline_at
    }

    /// Nothing is taken after this.
    #[must_use]
    pub const fn closes_at(&self) -> Timestamp {
        self.closes_at
    }
}

/// Days after the close on which an organisation that came too late can still ask for more time.
pub const ASKED_AFTER_DAYS: i64 = 28;

/// One year's exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Its number.
    pub id: CollectionId,
    /// As addresses name it.
    pub key: String,
    /// As people name it.
    pub name: String,
    /// The label of its year, such as 2026/27.
    pub year_label: String,
    /// The edition that is asked.
    pub edition_id: EditionId,
    /// The collection before it, whose answers are carried forward.
    pub previous_id: Option<CollectionId>,
    /// How far it has got.
    pub state: CollectionState,
    /// When returns can be started.
    pub opens_at: Timestamp,
    /// When the interim return is due.
    pub interim_due_at: Option<Timestamp>,
    /// What is submitted after this is late.
    pub deadline_at: Timestamp,
    /// Nothing is taken after this, extensions apart.
    pub closes_at: Timestamp,
}

impl Collection {
    /// When an organisation's return is due: the deadline, or its extension where that is later.
    #[must_use]
    pub fn due_at(&self, extension: Option<Timestamp>) -> Timestamp {
        extension.map_or(self.deadline_at, |until| until.max(self.deadline_at))
    }

    /// Until when a return is taken at all, late or not.
    #[must_use]
    pub fn taken_until(&self, extension: Option<Timestamp>) -> Timestamp {
        extension.map_or(self.closes_at, |until| until.max(self.closes_at))
    }

    /// Whether more time can still be asked for: while it is open, and for [`ASKED_AFTER_DAYS`] days after its close.
    #[must_use]
    pub fn hears_requests(&self, now: Timestamp) -> bool {
        match self.state {
            CollectionState::Planned => false,
            CollectionState::Open => true,
            CollectionState::Closed => {
                let last = self.closes_at.london_day().plus_days(ASKED_AFTER_DAYS);
                now.london_day() <= last
            }
        }
    }

    /// Whether a return can be worked on and submitted now. A collection that the scheduler has not closed yet is
    /// closed by the time itself.
    #[must_use]
    pub fn takes_returns(&self, now: Timestamp, extension: Option<Timestamp>) -> bool {
        match self.state {
            CollectionState::Planned => false,
            CollectionState::Open => now < self.taken_until(extension),
            CollectionState::Closed => extension.is_some_and(|until| now < until),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(day * 86_400)
    }

    fn collection(state: CollectionState) -> Collection {
        Collection {
            id: CollectionId::new(1),
            key: "2026".to_owned(),
            name: "Collection".to_owned(),
            year_label: "2026/27".to_owned(),
            edition_id: EditionId::new(1),
            previous_id: None,
            state,
            opens_at: at(1),
            interim_due_at: None,
            deadline_at: at(10),
            closes_at: at(20),
        }
    }

    #[test]
    fn times_out_of_order_are_refused() {
        assert!(Windows::new(at(1), Some(at(5)), at(10), at(10)).is_ok());
        assert_eq!(Windows::new(at(5), None, at(5), at(9)), Err(vec![WindowsProblem::Deadline]));
        assert_eq!(
            Windows::new(at(1), Some(at(10)), at(10), at(9)),
            Err(vec![WindowsProblem::Interim, WindowsProblem::Close])
        );
    }

    #[test]
    fn returns_are_taken_until_the_close_or_the_end_of_an_extension() {
        let open = collection(CollectionState::Open);
        assert!(open.takes_returns(at(19), None));
        assert!(!open.takes_returns(at(20), None));
        assert!(open.takes_returns(at(21), Some(at(22))));
        let closed = collection(CollectionState::Closed);
        assert!(!closed.takes_returns(at(19), None));
        assert!(closed.takes_returns(at(21), Some(at(22))));
        assert!(!closed.takes_returns(at(22), Some(at(22))));
        assert!(!collection(CollectionState::Planned).takes_returns(at(5), None));
    }

    #[test]
    fn an_extension_moves_the_deadline_and_never_forward_in_time() {
        let open = collection(CollectionState::Open);
        assert_eq!(open.due_at(None), at(10));
        assert_eq!(open.due_at(Some(at(15))), at(15));
        assert_eq!(open.due_at(Some(at(5))), at(10));
    }

    #[test]
    fn keys_fit_addresses() {
        assert!(CollectionKey::new("2026").is_ok());
        for bad in ["", "x", "2026/27", "NEW", "new", "a b"] {
            assert!(CollectionKey::new(bad).is_err(), "{bad}");
        }
    }
}
