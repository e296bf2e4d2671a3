//! The organisations of the current release in memory: about a hundred bytes each, found by code in a few steps and by
//! name in one scan. Organisation pages and the search are made from this alone.

mod entries;
mod finding;
mod gathering;

#[cfg(test)]
mod testing;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::platform::clock::Day;
use crate::publication::record::Record;
use crate::publication::store::Marks;
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

use self::entries::{Past, Said, Story};
pub use self::finding::Wanted;
pub(super) use self::gathering::Gathering;

/// One organisation, put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its line in the release.
    pub record: Record,
    /// Its region's name, where known.
    pub region_name: Option<String>,
    /// Everything published before and now, newest first.
    pub history: Vec<PastStatus>,
}

/// One line of history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastStatus {
    /// The edition.
    pub edition: String,
    /// The words used then.
    pub label: String,
    /// What they mean.
    pub grade: GradeKey,
    /// The day.
    pub published_on: Option<Day>,
    /// The publication it stood in.
    pub source: String,
    /// What a release said of how it came about; none of a register.
    pub marks: Option<Marks>,
}

/// The organisations, in the order of their names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Directory {
    names: String,
    at: Vec<u32>,
    numbers: Vec<u32>,
    story_at: Vec<u32>,
    by_code: Vec<u32>,
    folded: String,
    folded_at: Vec<u32>,
    sectors: Vec<u8>,
    regions: Vec<u16>,
    standings: Vec<u8>,
    districts: Vec<u16>,
    sector_keys: Vec<SectorKey>,
    region_names: Vec<(String, String)>,
    district_names: Vec<String>,
    sources: Vec<String>,
    said: Vec<Said>,
    past: Vec<Past>,
    stories: Vec<Story>,
}

/// The place of organisations without a region.
const NO_REGION: u16 = u16::MAX;

impl Directory {
    /// How many organisations.
    #[must_use]
    pub fn count(&self) -> usize {
        self.standings.len()
    }

    /// Bytes held.
    #[must_use]
    pub fn weight(&self) -> usize {
        let numbers = self.at.len() + self.folded_at.len() + 3 * self.count();
        let named = size_of_val(self.said.as_slice())
            + size_of_val(self.past.as_slice())
            + size_of_val(self.stories.as_slice());
        self.names.len() + self.folded.len() + numbers * 4 + self.count() * 6 + named
    }

    /// Regions that occur, as code and name, by name.
    #[must_use]
    pub fn regions(&self) -> Vec<(String, String)> {
        let mut regions = self.region_names.clone();
        regions.sort_by(|a, b| a.1.cmp(&b.1));
        regions
    }

    /// Region names by code.
    #[must_use]
    pub fn region_names(&self) -> BTreeMap<String, String> {
        self.region_names.iter().cloned().collect()
    }

    /// The folded name and code at a place, as words.
    pub(super) fn line_at(&self, place: usize) -> &str {
        slice(&self.folded, &self.folded_at, place).unwrap_or_default().trim_end()
    }

    /// The folded name at a place, without the code that stands behind it.
    pub(super) fn name_at(&self, place: usize) -> &str {
        let line = slice(&self.folded, &self.folded_at, place).unwrap_or_default();
        line.get(..line.len().saturating_sub(self.code_at(place).len() + 2)).unwrap_or(line)
    }

    /// The code at the end of a folded line, in lower case as everything there; codes have no spaces.
    fn code_at(&self, place: usize) -> &str {
        self.line_at(place).rsplit(' ').next().unwrap_or_default()
    }
}

fn slice<'a>(text: &'a str, at: &[u32], place: usize) -> Option<&'a str> {
    text.get(*at.get(place)? as usize..*at.get(place + 1)? as usize)
}
