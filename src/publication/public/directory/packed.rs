//! One organisation as it is packed in the list, and how it is unpacked again.

use serde::{Deserialize, Serialize};

use super::{Directory, Entry, PastStatus, slice};
use crate::platform::clock::Day;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;
use crate::publication::record::Record;
use crate::publication::store::{HistoryLine, Marks};
use crate::standards::scoring::GradeKey;

/// One organisation, packed as a JSON list without names: code, name, then the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Packed(String, String, Details, Vec<Past>);

/// What a line of the release says beside code and name: number, sector, region, grade, standing, words, edition, day,
/// late, provisional, open to challenge, heir, head office that filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Details(
    i64,
    u8,
    u16,
    u8,
    u8,
    String,
    String,
    Option<Day>,
    bool,
    bool,
    bool,
    Option<String>,
    Option<String>,
);

/// A line of history: edition, words, grade, day, publication, and what a release said of how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Past(String, String, u8, Option<Day>, u16, u8);

impl Past {
    /// A line of history whose publication has this number.
    pub(super) fn of(line: HistoryLine, source: u16) -> Self {
        Self(
            line.edition,
            line.label,
            number_of(line.grade),
            line.published_on,
            source,
            packed_marks(line.marks),
        )
    }
}

/// The packed line of an organisation, given the numbers of its sector and region. Its history comes newest first, without
/// lines that only repeat another.
///
/// # Errors
/// When it does not serialise.
pub(super) fn line_of(record: &Record, (sector, region): (u8, u16), mut past: Vec<Past>) -> Result<String> {
    past.sort_by(|a, b| (&b.3, &b.0).cmp(&(&a.3, &a.0)));
    past.dedup_by(|later, first| {
        (&later.0, &later.1, later.2, &later.3, later.5) == (&first.0, &first.1, first.2, &first.3, first.5)
    });
    let details = Details(
        record.organisation.get(),
        sector,
        region,
        number_of(record.grade),
        number_of(record.standing),
        record.label.clone(),
        record.edition.clone(),
        record.published_on,
        record.late,
        record.provisional,
        record.challengeable,
        record.inherited_from.clone(),
        record.filed_by.clone(),
    );
    let packed = Packed(record.code.clone(), record.name.clone(), details, past);
    serde_json::to_string(&packed).map_err(|e| Error::internal("failed to pack an organisation", e))
}

impl Directory {
    /// The organisation at a place that a search gave.
    #[must_use]
    pub fn entry(&self, place: usize) -> Option<Entry> {
        let line = slice(&self.text, &self.at, place)?;
        let Packed(code, name, details, past) = serde_json::from_str(line).ok()?;
        let Details(
            number,
            sector,
            region,
            grade,
            standing,
            label,
            edition,
            published_on,
            late,
            provisional,
            challengeable,
            heir,
            filed_by,
        ) = details;
        let region = self.region_names.get(usize::from(region)).cloned();
        let (region, region_name) = region.unzip();
        let record = Record {
            organisation: OrganisationId::new(number),
            code,
            name,
            sector: *self.sector_keys.get(usize::from(sector))?,
            region,
            grade: grade_of(grade),
            label,
            edition,
            published_on,
            late,
            provisional,
            challengeable,
            standing: grade_of(standing),
            inherited_from: heir,
            filed_by,
        };
        Some(Entry { record, region_name, history: past.into_iter().map(|line| self.past(line)).collect() })
    }

    /// Every line of the release again, by code, each unpacked when it is asked for.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        self.by_code.iter().filter_map(|place| self.entry(*place as usize)).map(|entry| entry.record)
    }

    fn past(&self, line: Past) -> PastStatus {
        let Past(edition, label, grade, published_on, source, marks) = line;
        let source = self.sources.get(usize::from(source)).cloned().unwrap_or_default();
        PastStatus {
            edition,
            label,
            grade: grade_of(grade),
            published_on,
            source,
            marks: unpacked_marks(marks),
        }
    }
}

/// One bit each, with one more for that there are any.
fn packed_marks(marks: Option<Marks>) -> u8 {
    marks.map_or(0, |of| {
        1 + 2 * u8::from(of.late) + 4 * u8::from(of.provisional) + 8 * u8::from(of.challengeable)
    })
}

fn unpacked_marks(packed: u8) -> Option<Marks> {
    let set = |bit: u8| packed & (1 << bit) != 0;
    set(0).then(|| Marks { late: set(1), provisional: set(2), challengeable: set(3) })
}

/// The number that a grade is packed as.
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
            assert_eq!(unpacked_marks(packed_marks(marks)), marks);
        }
        assert_eq!(unpacked_marks(packed_marks(None)), None);
    }
}
