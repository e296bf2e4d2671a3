//! One organisation as the list keeps it, and how it is put together again.

use serde::{Deserialize, Serialize};

use super::{Directory, Entry, PastStatus, slice};
use crate::platform::clock::Day;
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::publication::once::Once;
use crate::publication::record::Record;
use crate::publication::store::{HistoryLine, Marks};
use crate::standards::scoring::GradeKey;

/// How an organisation stands and stood: grade, standing, the number of what was published, marks, heir, head office that
/// filed, and the numbers of its lines of history. A nation has few that differ, but for those with an heir or a head
/// office.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Story(u8, u8, u32, u8, Option<String>, Option<String>, Vec<u32>);

/// What was published: words, edition, day. A nation has few that differ.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Said(String, String, Option<Day>);

/// A line of history: what was published, grade, publication, and what a release said of how it came about. A nation has
/// few that differ.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Past(Said, u8, u16, u8);

/// What lines of organisations name by number.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// What was published.
    pub said: Once<Said>,
    /// Lines of history.
    pub past: Once<Past>,
    /// What stands and stood.
    pub stories: Once<Story>,
}

impl Past {
    /// A line of history whose publication has this number.
    pub(super) fn of(line: HistoryLine, source: u16) -> Self {
        let said = Said(line.label, line.edition, line.published_on);
        Self(said, number_of(line.grade), source, bits_of(line.marks))
    }
}

/// The number of an organisation's story. Its history comes newest first, without lines that only repeat another.
///
/// # Errors
/// When there are four thousand million things to name.
pub(super) fn story_of(record: &Record, mut past: Vec<Past>, named: &mut Named) -> Result<u32> {
    past.sort_by(|a, b| (&b.0.2, &b.0.1).cmp(&(&a.0.2, &a.0.1)));
    past.dedup_by(|later, first| (&later.0, later.1, later.3) == (&first.0, first.1, first.3));
    let said = Said(record.label.clone(), record.edition.clone(), record.published_on);
    let marks =
        Marks { late: record.late, provisional: record.provisional, challengeable: record.challengeable };
    let mut history = Vec::with_capacity(past.len());
    for line in &past {
        history.push(named.past.number(line)?);
    }
    let story = Story(
        number_of(record.grade),
        number_of(record.standing),
        named.said.number(&said)?,
        bits_of(Some(marks)),
        record.inherited_from.clone(),
        record.filed_by.clone(),
        history,
    );
    named.stories.number(&story)
}

impl Directory {
    /// The organisation at a place that a search gave.
    #[must_use]
    pub fn entry(&self, place: usize) -> Option<Entry> {
        let name = slice(&self.names, &self.at, place)?.to_owned();
        let code = self.code_at(place).to_ascii_uppercase();
        let (number, story) = (*self.numbers.get(place)?, *self.story_at.get(place)?);
        let Story(grade, standing, said, marks, heir, filed_by, past) = self.stories.get(story as usize)?;
        let Said(label, edition, published_on) = self.said.get(*said as usize)?.clone();
        let Marks { late, provisional, challengeable } = marks_of(*marks)?;
        let (sector, region) = (*self.sectors.get(place)?, *self.regions.get(place)?);
        let region = self.region_names.get(usize::from(region)).cloned();
        let (region, region_name) = region.unzip();
        let record = Record {
            organisation: OrganisationId::new(number.into()),
            code,
            name,
            sector: *self.sector_keys.get(usize::from(sector))?,
            region,
            grade: grade_of(*grade),
            label,
            edition,
            published_on,
            late,
            provisional,
            challengeable,
            standing: grade_of(*standing),
            inherited_from: heir.clone(),
            filed_by: filed_by.clone(),
        };
        let history = past.iter().filter_map(|number| self.past.get(*number as usize));
        Some(Entry { record, region_name, history: history.map(|line| self.past_of(line)).collect() })
    }

    /// Every line of the release again, by code, each put together when it is asked for.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        self.by_code.iter().filter_map(|place| self.entry(*place as usize)).map(|entry| entry.record)
    }

    fn past_of(&self, line: &Past) -> PastStatus {
        let Past(Said(label, edition, published_on), grade, source, marks) = line;
        PastStatus {
            edition: edition.clone(),
            label: label.clone(),
            grade: grade_of(*grade),
            published_on: *published_on,
            source: self.sources.get(usize::from(*source)).cloned().unwrap_or_default(),
            marks: marks_of(*marks),
        }
    }
}

/// One bit each, with one more for that there are any.
fn bits_of(marks: Option<Marks>) -> u8 {
    marks.map_or(0, |of| {
        1 + 2 * u8::from(of.late) + 4 * u8::from(of.provisional) + 8 * u8::from(of.challengeable)
    })
}

fn marks_of(bits: u8) -> Option<Marks> {
    let set = |bit: u8| bits & (1 << bit) != 0;
    set(0).then(|| Marks { late: set(1), provisional: set(2), challengeable: set(3) })
}

/// The number that a grade is kept as.
pub(super) fn number_of(grade: GradeKey) -> u8 {
    GradeKey::ALL.iter().position(|one| *one == grade).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

fn grade_of(number: u8) -> GradeKey {
    GradeKey::ALL.get(usize::from(number)).copied().unwrap_or(GradeKey::NotPublished)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_kept_as_they_were() {
        for (late, provisional, challengeable) in
            [(false, false, false), (true, false, true), (false, true, false), (true, true, true)]
        {
            let marks = Some(Marks { late, provisional, challengeable });
            assert_eq!(marks_of(bits_of(marks)), marks);
        }
        assert_eq!(marks_of(bits_of(None)), None);
    }
}
