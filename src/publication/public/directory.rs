//! The organisations of the current release in memory: about 150 bytes each, found by code in a few steps and by
//! name in one scan. Organisation pages and the search are made from this alone.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::near::district;
use super::organisations::{revised_standing, revision_of};
use crate::corrections::RevisedGrade;
use crate::organisations::search_form;
use crate::platform::clock::Day;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;
use crate::publication::record::Record;
use crate::publication::store::{HistoryLine, Marks};
use crate::standards::SectorKey;
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
struct Past(String, String, u8, Option<Day>, u16, u8);

/// One organisation, unpacked.
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

/// What a search asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words of the name, or a code.
    pub words: String,
    /// A sector's key.
    pub sector: Option<SectorKey>,
    /// A region's code.
    pub region: Option<String>,
    /// A grade that counts now.
    pub standing: Option<GradeKey>,
}

/// The organisations, in the order of their names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Directory {
    text: String,
    at: Vec<u32>,
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
}

/// A directory that is being filled, a portion of the organisations at a time, so that a national list is never in
/// memory unpacked.
pub struct Gathering {
    directory: Directory,
    regions: BTreeMap<String, String>,
}

impl Gathering {
    /// Begins with the names of the regions by code.
    pub fn begin(regions: BTreeMap<String, String>) -> Self {
        let directory = Directory { sector_keys: SectorKey::all().collect(), ..Directory::default() };
        Self { directory, regions }
    }

    /// Adds some lines of the release with what was published of those organisations, to be found by the standing that
    /// counts since corrections revised some, and by the first half of their postcodes, by code, where those are known.
    ///
    /// # Errors
    /// When a line does not serialise, or the list is larger than 4 GB.
    pub fn add(
        &mut self,
        records: &[Record],
        history: Vec<HistoryLine>,
        revised: &BTreeMap<String, RevisedGrade>,
        districts: &BTreeMap<String, String>,
    ) -> Result<()> {
        let mut past = self.directory.packed_history(history);
        for record in records {
            let lines = past.remove(&record.organisation.get()).unwrap_or_default();
            let counts = revised_standing(record, revision_of(record, revised));
            let district = districts.get(&record.code);
            let district = district.map_or(NO_DISTRICT, |name| self.directory.district_number(name));
            self.directory.districts.push(district);
            self.directory.push((record, counts), &search_form(&record.name), lines, &self.regions)?;
        }
        Ok(())
    }

    /// Puts everything into the order of the names.
    ///
    /// # Errors
    /// When the list is larger than 4 GB.
    pub fn finish(self) -> Result<Directory> {
        let mut from = self.directory;
        from.close()?;
        let mut order: Vec<usize> = (0..from.count()).collect();
        order.sort_by_key(|place| (from.name_at(*place), from.code_at(*place)));
        let mut to = Directory {
            text: String::with_capacity(from.text.len()),
            folded: String::with_capacity(from.folded.len()),
            ..Directory::default()
        };
        for place in order {
            to.at.push(offset(to.text.len())?);
            to.text.push_str(slice(&from.text, &from.at, place).unwrap_or_default());
            to.folded_at.push(offset(to.folded.len())?);
            to.folded.push_str(slice(&from.folded, &from.folded_at, place).unwrap_or_default());
            to.sectors.extend(from.sectors.get(place));
            to.regions.extend(from.regions.get(place));
            to.standings.extend(from.standings.get(place));
            to.districts.extend(from.districts.get(place));
        }
        to.close()?;
        let mut by_code: Vec<u32> = (0..offset(to.count())?).collect();
        by_code.sort_by(|a, b| to.code_at(*a as usize).cmp(to.code_at(*b as usize)));
        to.by_code = by_code;
        (to.sector_keys, to.region_names, to.sources) = (from.sector_keys, from.region_names, from.sources);
        to.district_names = from.district_names;
        to.shrink();
        Ok(to)
    }
}

/// The place of organisations without a region.
const NO_REGION: u16 = u16::MAX;
/// The place of organisations whose postcode is not known.
const NO_DISTRICT: u16 = u16::MAX;

impl Directory {
    /// Packs the lines of a release with everybody's history.
    #[cfg(test)]
    fn new(
        records: &[Record],
        history: Vec<HistoryLine>,
        regions: &BTreeMap<String, String>,
    ) -> Result<Self> {
        let mut gathered = Gathering::begin(regions.clone());
        gathered.add(records, history, &BTreeMap::new(), &BTreeMap::new())?;
        gathered.finish()
    }

    fn push(
        &mut self,
        (record, counts): (&Record, GradeKey),
        folded: &str,
        mut past: Vec<Past>,
        regions: &BTreeMap<String, String>,
    ) -> Result<()> {
        past.sort_by(|a, b| (&b.3, &b.0).cmp(&(&a.3, &a.0)));
        past.dedup_by(|later, first| {
            (&later.0, &later.1, later.2, &later.3, later.5)
                == (&first.0, &first.1, first.2, &first.3, first.5)
        });
        let sector = self.sector_keys.iter().position(|key| *key == record.sector).unwrap_or_default();
        let sector = u8::try_from(sector).unwrap_or_default();
        let region = record.region.as_deref().map_or(NO_REGION, |code| self.region_number(code, regions));
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
        let line = serde_json::to_string(&packed)
            .map_err(|e| Error::internal("failed to pack an organisation", e))?;
        self.at.push(offset(self.text.len())?);
        self.text.push_str(&line);
        self.folded_at.push(offset(self.folded.len())?);
        self.folded.push_str(folded);
        self.folded.push(' ');
        self.folded.push_str(&record.code.to_lowercase());
        self.folded.push('\n');
        self.sectors.push(sector);
        self.regions.push(region);
        self.standings.push(number_of(counts));
        Ok(())
    }

    /// Notes where the last line ends.
    fn close(&mut self) -> Result<()> {
        self.at.push(offset(self.text.len())?);
        self.folded_at.push(offset(self.folded.len())?);
        Ok(())
    }

    fn packed_history(&mut self, history: Vec<HistoryLine>) -> HashMap<i64, Vec<Past>> {
        let mut past: HashMap<i64, Vec<Past>> = HashMap::new();
        for line in history {
            let source = self.sources.iter().position(|known| *known == line.source).unwrap_or_else(|| {
                self.sources.push(line.source.clone());
                self.sources.len() - 1
            });
            past.entry(line.organisation.get()).or_default().push(Past(
                line.edition,
                line.label,
                number_of(line.grade),
                line.published_on,
                u16::try_from(source).unwrap_or(u16::MAX),
                packed_marks(line.marks),
            ));
        }
        past
    }

    fn region_number(&mut self, code: &str, names: &BTreeMap<String, String>) -> u16 {
        let known = self.region_names.iter().position(|(there, _)| there == code).unwrap_or_else(|| {
            let name = names.get(code).map_or(code, String::as_str).to_owned();
            self.region_names.push((code.to_owned(), name));
            self.region_names.len() - 1
        });
        u16::try_from(known).unwrap_or(NO_REGION)
    }

    fn district_number(&mut self, name: &str) -> u16 {
        let known = self.district_names.iter().position(|there| there == name).unwrap_or_else(|| {
            self.district_names.push(name.to_owned());
            self.district_names.len() - 1
        });
        u16::try_from(known).unwrap_or(NO_DISTRICT)
    }

    fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.folded.shrink_to_fit();
        self.at.shrink_to_fit();
        self.folded_at.shrink_to_fit();
        self.sectors.shrink_to_fit();
        self.regions.shrink_to_fit();
        self.standings.shrink_to_fit();
        self.districts.shrink_to_fit();
    }

    /// How many organisations.
    #[must_use]
    pub fn count(&self) -> usize {
        self.standings.len()
    }

    /// Bytes held.
    #[must_use]
    pub fn weight(&self) -> usize {
        let numbers = self.at.len() + self.by_code.len() + self.folded_at.len();
        self.text.len() + self.folded.len() + numbers * 4 + self.count() * 6
    }

    /// Regions that occur, as code and name, by name.
    #[must_use]
    pub fn regions(&self) -> Vec<(String, String)> {
        let mut regions = self.region_names.clone();
        regions.sort_by(|a, b| a.1.cmp(&b.1));
        regions
    }

    /// The organisation with this code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<Entry> {
        let code = code.to_ascii_uppercase();
        let found =
            self.by_code.binary_search_by(|place| self.code_at(*place as usize).cmp(code.as_str())).ok()?;
        self.entry(*self.by_code.get(found)? as usize)
    }

    /// Whether any organisation can be found by the first half of its postcode.
    #[must_use]
    pub fn knows_postcodes(&self) -> bool {
        !self.district_names.is_empty()
    }

    /// Places of everything that fits, in the order of names. A word fits when the name or the code has it, or when it is
    /// the first half of the postcode; of a whole postcode the first half counts.
    #[must_use]
    pub fn search(&self, wanted: &Wanted) -> Vec<u32> {
        let folded = match district(&wanted.words) {
            Some(found) => found.to_lowercase(),
            None => search_form(&wanted.words),
        };
        let words: Vec<(&str, Option<u16>)> = folded
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(|word| (word, self.district_of(word)))
            .collect();
        self.places(wanted)
            .filter(|place| words.is_empty() || self.names_all(*place, &words))
            .filter_map(|place| u32::try_from(place).ok())
            .collect()
    }

    /// Places of everybody of the sector, region and standing that are asked for, whatever the words.
    pub(super) fn places<'a>(&'a self, wanted: &Wanted) -> impl Iterator<Item = usize> + use<'a> {
        let sector = wanted.sector.and_then(|key| self.sector_keys.iter().position(|there| *there == key));
        let region =
            wanted.region.as_deref().map(|code| self.region_names.iter().position(|(c, _)| c == code));
        let standing = wanted.standing.map(number_of);
        (0..self.count()).filter(move |place| {
            sector.is_none_or(|sector| self.sectors.get(*place).is_some_and(|s| usize::from(*s) == sector))
                && region.is_none_or(|region| {
                    let own = self.regions.get(*place).copied().unwrap_or(NO_REGION);
                    region.is_some_and(|region| usize::from(own) == region)
                })
                && standing.is_none_or(|grade| self.standings.get(*place) == Some(&grade))
        })
    }

    /// The folded name and code at a place, as words.
    pub(super) fn line_at(&self, place: usize) -> &str {
        slice(&self.folded, &self.folded_at, place).unwrap_or_default().trim_end()
    }

    fn district_of(&self, word: &str) -> Option<u16> {
        let name = district(word)?;
        let known = self.district_names.iter().position(|there| *there == name)?;
        u16::try_from(known).ok()
    }

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

    /// Region names by code.
    #[must_use]
    pub fn region_names(&self) -> BTreeMap<String, String> {
        self.region_names.iter().cloned().collect()
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

    fn names_all(&self, place: usize, words: &[(&str, Option<u16>)]) -> bool {
        let (line, own) = (self.line_at(place), self.districts.get(place));
        words
            .iter()
            .all(|(word, district)| line.contains(word) || (district.is_some() && district.as_ref() == own))
    }

    /// The folded name at a place, without the code that stands behind it.
    pub(super) fn name_at(&self, place: usize) -> &str {
        let line = slice(&self.folded, &self.folded_at, place).unwrap_or_default();
        line.get(..line.len().saturating_sub(self.code_at(place).len() + 2)).unwrap_or(line)
    }

    /// The code at the head of a packed line; codes hold nothing that JSON escapes.
    fn code_at(&self, place: usize) -> &str {
        slice(&self.text, &self.at, place)
            .and_then(|line| line.strip_prefix("[\""))
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default()
    }
}

fn slice<'a>(text: &'a str, at: &[u32], place: usize) -> Option<&'a str> {
    text.get(*at.get(place)? as usize..*at.get(place + 1)? as usize)
}

fn offset(value: usize) -> Result<u32> {
    u32::try_from(value).map_err(|_| Error::broken("the list of organisations is larger than 4 GB"))
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

fn number_of(grade: GradeKey) -> u8 {
    GradeKey::ALL.iter().position(|one| *one == grade).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

fn grade_of(number: u8) -> GradeKey {
    GradeKey::ALL.get(usize::from(number)).copied().unwrap_or(GradeKey::NotPublished)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(n: i64, code: &str, name: &str, sector: &str) -> Record {
        Record {
            organisation: OrganisationId::new(n),
            code: code.into(),
            name: name.into(),
            sector: SectorKey::new(sector).unwrap(),
            region: (n % 2 == 0).then(|| "Y56".to_owned()),
            grade: GradeKey::StandardsMet,
            label: "Standards Met".into(),
            edition: "21/22".into(),
            published_on: "2022-06-30".parse().ok(),
            late: false,
            provisional: n == 3,
            challengeable: n == 4,
            standing: if n == 1 { GradeKey::NotPublished } else { GradeKey::StandardsMet },
            inherited_from: None,
            filed_by: None,
        }
    }

    fn directory() -> Directory {
        let records = vec![
            record(1, "A81001", "The \"Old\" Surgery <b>", "gp"),
            record(2, "RZ9", "Étoile Trust", "nhs_trust"),
            record(3, "ZZ1", "Aardvark Surgery", "gp"),
            record(4, "RZ1", &"LONG ".repeat(33), "nhs_trust"),
        ];
        let line = |n: i64, edition: &str, day: &str| HistoryLine {
            organisation: OrganisationId::new(n),
            edition: edition.into(),
            label: "Entry Level".into(),
            grade: GradeKey::ApproachingStandards,
            published_on: day.parse().ok(),
            source: format!("register@{day}"),
            marks: None,
        };
        let history = vec![line(1, "18/19", "2019-01-01"), line(1, "20/21", "2021-01-01"), line(2, "x", "")];
        assert_eq!(records.len(), 4);
        let names = BTreeMap::from([("Y56".to_owned(), "London".to_owned())]);
        Directory::new(&records, history, &names).unwrap()
    }

    #[test]
    fn every_organisation_is_found_by_its_code_whatever_its_case() {
        let directory = directory();
        for code in ["A81001", "RZ9", "ZZ1", "RZ1", "rz9"] {
            let found = directory.by_code(code).unwrap();
            assert_eq!(found.record.code, code.to_uppercase());
        }
        assert!(directory.by_code("RZ").is_none() && directory.by_code("").is_none());
        let old = directory.by_code("A81001").unwrap();
        assert_eq!(old.record.name, "The \"Old\" Surgery <b>");
        assert_eq!(
            old.history.iter().map(|past| past.edition.as_str()).collect::<Vec<_>>(),
            ["20/21", "18/19"]
        );
        assert_eq!(directory.by_code("RZ9").unwrap().region_name.as_deref(), Some("London"));
    }

    #[test]
    fn a_search_finds_all_words_in_any_order_and_keeps_to_its_filters() {
        let directory = directory();
        let codes = |wanted: &Wanted| -> Vec<String> {
            directory
                .search(wanted)
                .into_iter()
                .map(|at| directory.entry(at as usize).unwrap().record.code)
                .collect()
        };
        let words = |words: &str| Wanted { words: words.into(), ..Wanted::default() };
        assert_eq!(codes(&Wanted::default()), ["ZZ1", "RZ9", "RZ1", "A81001"]);
        assert_eq!(codes(&words("surgery")), ["ZZ1", "A81001"]);
        assert_eq!(codes(&words("  SURGERY the ")), ["A81001"]);
        assert_eq!(codes(&words("etoile")), ["RZ9"]);
        assert_eq!(codes(&words("rz1")), ["RZ1"]);
        assert!(codes(&words("nothing like it")).is_empty());
        let gp = SectorKey::new("gp").ok();
        assert_eq!(codes(&Wanted { sector: gp, ..Wanted::default() }), ["ZZ1", "A81001"]);
        assert_eq!(codes(&Wanted { region: Some("Y56".into()), ..Wanted::default() }), ["RZ9", "RZ1"]);
        assert!(codes(&Wanted { region: Some("Y99".into()), ..Wanted::default() }).is_empty());
        let standing = Some(GradeKey::NotPublished);
        assert_eq!(codes(&Wanted { standing, ..Wanted::default() }), ["A81001"]);
    }

    #[test]
    fn the_lines_come_back_as_they_were() {
        let lines = vec![record(2, "B", "b", "gp"), record(3, "C", "a", "icb")];
        let names = BTreeMap::from([("Y56".to_owned(), "London".to_owned())]);
        assert_eq!(Directory::new(&lines, Vec::new(), &names).unwrap().records().collect::<Vec<_>>(), lines);
    }

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

    #[test]
    fn nobody_at_all_is_a_directory_too() {
        let empty = Directory::new(&[], Vec::new(), &BTreeMap::new()).unwrap();
        assert!(empty.count() == 0 && empty.search(&Wanted::default()).is_empty());
        assert!(empty.by_code("RZ9").is_none() && empty.entry(0).is_none());
    }
}
