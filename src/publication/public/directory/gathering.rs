//! Filling the list: lines of the release with what was published before, put into columns as they come and into order at
//! the end.

use std::collections::{BTreeMap, HashMap};

use super::entries::{Named, Past, number_of, story_of};
use super::{Directory, NO_REGION, slice};
use crate::corrections::RevisedGrade;
use crate::organisations::search_form;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;
use crate::publication::bundle::Districts;
use crate::publication::public::organisations::{revised_standing, revision_of};
use crate::publication::record::Record;
use crate::publication::store::HistoryLine;
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

/// The place of organisations whose postcode is not known.
const NO_DISTRICT: u16 = u16::MAX;

/// A directory that is being filled, a portion of the organisations at a time, so that a nation's
/// records are never all in memory.
pub struct Gathering {
    directory: Directory,
    regions: BTreeMap<String, String>,
    districts: Districts,
    named: Named,
}

impl Gathering {
    /// Begins with the names of the regions by code, and the first halves of postcodes where those are known.
    pub fn begin(regions: BTreeMap<String, String>, districts: Districts) -> Self {
        let directory = Directory {
            sector_keys: SectorKey::all().collect(),
            district_names: districts.names().to_vec(),
            ..Directory::default()
        };
        Self { directory, regions, districts, named: Named::default() }
    }

    /// Adds some lines of the release with what was published of those organisations, to be found by the standing that
    /// counts since corrections revised some.
    ///
    /// # Errors
    /// When the list is larger than 4 GB, or an organisation's number than four bytes hold.
    pub fn add(
        &mut self,
        records: &[Record],
        history: Vec<HistoryLine>,
        revised: &BTreeMap<String, RevisedGrade>,
    ) -> Result<()> {
        let mut past = self.directory.past_by_organisation(history);
        for record in records {
            let lines = past.remove(&record.organisation.get()).unwrap_or_default();
            let counts = revised_standing(record, revision_of(record, revised));
            self.directory.districts.push(self.districts.of(&record.code).unwrap_or(NO_DISTRICT));
            let story = story_of(record, lines, &mut self.named)?;
            self.directory.story_at.push(story);
            self.directory.push((record, counts), &search_form(&record.name), &self.regions)?;
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
            names: String::with_capacity(from.names.len()),
            folded: String::with_capacity(from.folded.len()),
            ..Directory::default()
        };
        for place in order {
            to.at.push(offset(to.names.len())?);
            to.names.push_str(slice(&from.names, &from.at, place).unwrap_or_default());
            to.numbers.extend(from.numbers.get(place));
            to.story_at.extend(from.story_at.get(place));
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
        let Named { said, past, stories } = self.named;
        (to.said, to.past, to.stories) = (said.into_all(), past.into_all(), stories.into_all());
        to.shrink();
        Ok(to)
    }
}

impl Directory {
    fn push(
        &mut self,
        (record, counts): (&Record, GradeKey),
        folded: &str,
        regions: &BTreeMap<String, String>,
    ) -> Result<()> {
        let sector = self.sector_keys.iter().position(|key| *key == record.sector).unwrap_or_default();
        let sector = u8::try_from(sector).unwrap_or_default();
        let region = record.region.as_deref().map_or(NO_REGION, |code| self.region_number(code, regions));
        self.at.push(offset(self.names.len())?);
        self.names.push_str(&record.name);
        self.numbers.push(number(record.organisation)?);
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
        self.at.push(offset(self.names.len())?);
        self.folded_at.push(offset(self.folded.len())?);
        Ok(())
    }

    fn past_by_organisation(&mut self, history: Vec<HistoryLine>) -> HashMap<i64, Vec<Past>> {
        let mut past: HashMap<i64, Vec<Past>> = HashMap::new();
        for line in history {
            let source = self.sources.iter().position(|known| *known == line.source).unwrap_or_else(|| {
                self.sources.push(line.source.clone());
                self.sources.len() - 1
            });
            let source = u16::try_from(source).unwrap_or(u16::MAX);
            past.entry(line.organisation.get()).or_default().push(Past::of(line, source));
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

    fn shrink(&mut self) {
        self.names.shrink_to_fit();
        self.numbers.shrink_to_fit();
        self.story_at.shrink_to_fit();
        self.folded.shrink_to_fit();
        self.at.shrink_to_fit();
        self.folded_at.shrink_to_fit();
        self.sectors.shrink_to_fit();
        self.regions.shrink_to_fit();
        self.standings.shrink_to_fit();
        self.districts.shrink_to_fit();
    }
}

fn number(id: OrganisationId) -> Result<u32> {
    u32::try_from(id.get())
        .map_err(|_| Error::broken("there are more organisations than the list can number"))
}

fn offset(value: usize) -> Result<u32> {
    u32::try_from(value).map_err(|_| Error::broken("the list of organisations is larger than 4 GB"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::publication::public::directory::testing::{directory_of, record};

    #[test]
    fn the_lines_come_back_as_they_were() {
        let lines = vec![record(2, "B", "b", "gp"), record(3, "C", "a", "icb")];
        let names = BTreeMap::from([("Y56".to_owned(), "London".to_owned())]);
        assert_eq!(directory_of(&lines, Vec::new(), names).records().collect::<Vec<_>>(), lines);
    }
}
