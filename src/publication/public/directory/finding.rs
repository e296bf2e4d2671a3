//! Finding organisations in the list: by code, and by words, sector, region and standing.

use super::entries::number_of;
use super::{Directory, Entry, NO_REGION};
use crate::organisations::search_form;
use crate::publication::public::near::district;
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

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

impl Directory {
    /// The organisation with this code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<Entry> {
        let code = code.to_ascii_lowercase();
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
    pub(in crate::publication::public) fn places<'a>(
        &'a self,
        wanted: &Wanted,
    ) -> impl Iterator<Item = usize> + use<'a> {
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

    fn district_of(&self, word: &str) -> Option<u16> {
        let name = district(word)?;
        let known = self.district_names.iter().position(|there| *there == name)?;
        u16::try_from(known).ok()
    }

    fn names_all(&self, place: usize, words: &[(&str, Option<u16>)]) -> bool {
        let (line, own) = (self.line_at(place), self.districts.get(place));
        words
            .iter()
            .all(|(word, district)| line.contains(word) || (district.is_some() && district.as_ref() == own))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::platform::ids::OrganisationId;
    use crate::publication::public::directory::testing::{directory_of, record};
    use crate::publication::store::HistoryLine;

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
        directory_of(&records, history, names)
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
    fn nobody_at_all_is_a_directory_too() {
        let empty = directory_of(&[], Vec::new(), BTreeMap::new());
        assert!(empty.count() == 0 && empty.search(&Wanted::default()).is_empty());
        assert!(empty.by_code("RZ9").is_none() && empty.entry(0).is_none());
    }
}
