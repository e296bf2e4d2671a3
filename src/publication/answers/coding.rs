//! Which levels an edition's answers can have, and where each stands in the matrix.

use crate::platform::error::Result;
use crate::publication::classes::table_fault;
use crate::standards::scoring::{BYTE_EXCUSED, BYTE_NONE, BYTE_NOT_RELEVANT, Status};
use crate::standards::{Edition, Scheme};
use crate::statistics::Dimension;

/// The levels of an edition and the place of each byte among them.
#[derive(Debug, Clone)]
pub(super) struct Coding {
    levels: Dimension,
    /// The byte of each level but the last.
    bytes: Vec<u8>,
    place_of: [u8; 256],
    scores: Vec<Option<u8>>,
    most: u8,
}

impl Coding {
    /// The levels that occur in the edition's scheme, as categories; "no answer or not asked" is the last.
    pub fn of(edition: &Edition) -> Result<Self> {
        let scheme = edition.scheme().kind();
        let mut categories: Vec<(String, String)> = Vec::new();
        let mut place_of = [u8::MAX; 256];
        let mut scores = Vec::new();
        let mut bytes = Vec::new();
        let mut put = |byte: u8, place: usize| {
            if let Some(slot) = place_of.get_mut(usize::from(byte)) {
                *slot = u8::try_from(place).unwrap_or(u8::MAX);
            }
        };
        // Only an edition with exemptions has the status, so the tables of the others keep their columns.
        let excused = (!edition.exemptions().is_empty()).then_some(BYTE_EXCUSED);
        for byte in (0..=highest(edition)).chain([BYTE_NOT_RELEVANT]).chain(excused) {
            if let Some(status) = Status::from_byte(scheme, byte) {
                put(byte, categories.len());
                categories.push((status.as_str().to_owned(), status.label()));
                scores.push(score(status));
                bytes.push(byte);
            }
        }
        put(BYTE_NONE, categories.len());
        categories.push(("none".to_owned(), "No answer or not asked".to_owned()));
        scores.push(None);
        let levels = Dimension::new("level", "Answer", categories).map_err(table_fault)?;
        let most = match edition.scheme() {
            Scheme::Levels(levels) => levels.max_level,
            Scheme::Assertions(_) => 1,
            Scheme::Outcomes {} => 2,
        };
        Ok(Self { levels, bytes, place_of, scores, most })
    }

    /// The levels.
    pub const fn levels(&self) -> &Dimension {
        &self.levels
    }

    /// The byte of each level that is an answer, in their order; "no answer or not asked" is none.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What each of a row's places is worth.
    pub fn scores<'a>(&'a self, row: &'a [u8]) -> impl Iterator<Item = Option<u8>> + 'a {
        row.iter().map(|place| self.scores.get(usize::from(*place)).copied().flatten())
    }

    /// The most that an answer is worth.
    pub const fn most(&self) -> u8 {
        self.most
    }

    /// A packed vector with each byte's place; a byte that is no level keeps none, and the matrix refuses it.
    pub fn places(&self, packed: &[u8]) -> Vec<u8> {
        packed.iter().map(|byte| self.place_of.get(usize::from(*byte)).copied().unwrap_or(u8::MAX)).collect()
    }
}

/// The highest byte that is a level of the scheme.
fn highest(edition: &Edition) -> u8 {
    match edition.scheme() {
        Scheme::Levels(levels) => levels.max_level,
        Scheme::Assertions(_) | Scheme::Outcomes {} => 2,
    }
}

/// What an answer is worth: nothing is said of what was not asked, not relevant, excused or not answered. An item is worth
/// one when it is complete or exempt.
fn score(status: Status) -> Option<u8> {
    match status {
        Status::Level(level) => Some(level),
        Status::Complete | Status::Exempt => Some(1),
        Status::Incomplete => Some(0),
        Status::Outcome(level) => Some(level.rank()),
        _ => None,
    }
}
