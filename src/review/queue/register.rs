//! The register as the roll keeps it: every organisation at its place in the order of names, and one text of all names
//! and codes that is searched from end to end.

use std::collections::HashMap;

use super::store::Place;
use crate::platform::ids::OrganisationId;

/// The organisations in the order of their names.
#[derive(Debug, Default)]
pub(super) struct Register {
    /// The place of each organisation.
    places: HashMap<OrganisationId, u32>,
    /// Of each place: sector and region, as numbers.
    kinds: Vec<(u8, u8)>,
    /// Names, codes and line breaks, in order of place.
    text: String,
    /// Where each place's line ends in the text.
    ends: Vec<usize>,
    sectors: Words,
    regions: Words,
}

/// Texts of which there are few, as small numbers; 0 is none of them.
#[derive(Debug, Default)]
pub(super) struct Words(Vec<String>);

impl Words {
    /// The number of a text, new or not. Beyond 255 of them every further one is 0, which no filter finds.
    pub fn number(&mut self, text: &str) -> u8 {
        self.find(text).unwrap_or_else(|| {
            let next = u8::try_from(self.0.len() + 1).unwrap_or_default();
            if next > 0 {
                self.0.push(text.to_owned());
            }
            next
        })
    }

    /// The number of a text that is there.
    pub fn find(&self, text: &str) -> Option<u8> {
        self.0.iter().position(|known| known == text).and_then(|at| u8::try_from(at + 1).ok())
    }
}

impl Register {
    /// The register of these organisations, which are in order.
    pub fn of(places: &[Place]) -> Self {
        let mut made = Self::default();
        for (id, code, name, sector, region) in places {
            let place = u32::try_from(made.kinds.len()).unwrap_or(u32::MAX);
            made.places.insert(*id, place);
            let region = region.as_deref().map_or(0, |region| made.regions.number(region));
            made.kinds.push((made.sectors.number(sector), region));
            // The code on a line of its own, so that no search runs from one into the other.
            made.text.push_str(&name.replace('\n', " "));
            made.text.push('\n');
            made.text.push_str(&code.to_lowercase());
            made.text.push('\n');
            made.ends.push(made.text.len());
        }
        made
    }

    /// The place of an organisation in the order of names.
    pub fn place(&self, id: OrganisationId) -> Option<u32> {
        self.places.get(&id).copied()
    }

    /// The places of organisations, in order. One that the register does not have has no place to be left out.
    pub fn places_of(&self, ids: &[OrganisationId]) -> Vec<u32> {
        let mut places: Vec<u32> = ids.iter().filter_map(|id| self.place(*id)).collect();
        places.sort_unstable();
        places
    }

    /// Sector and region at a place.
    pub fn kind(&self, place: u32) -> (u8, u8) {
        usize::try_from(place).ok().and_then(|at| self.kinds.get(at)).copied().unwrap_or_default()
    }

    /// The number of a sector.
    pub fn sector(&self, key: &str) -> Option<u8> {
        self.sectors.find(key)
    }

    /// The number of a region.
    pub fn region(&self, code: &str) -> Option<u8> {
        self.regions.find(code)
    }

    /// For each place whether this text, in lower case, is part of its name or its code.
    pub fn search(&self, text: &str) -> Vec<bool> {
        let mut found = vec![false; self.ends.len()];
        let mut place = 0;
        for (at, _) in self.text.match_indices(text) {
            while self.ends.get(place).is_some_and(|end| *end <= at) {
                place += 1;
            }
            if let Some(found) = found.get_mut(place) {
                *found = true;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(id: i64, code: &str, name: &str, region: Option<&str>) -> Place {
        let sector = if id % 2 == 0 { "gp" } else { "dentist" };
        let region = region.map(str::to_owned);
        (OrganisationId::new(id), code.to_owned(), name.to_owned(), sector.to_owned(), region)
    }

    #[test]
    fn names_and_codes_are_found_and_nothing_between_them() {
        let register = Register::of(&[
            place(4, "AB1", "abbey practice", Some("Y56")),
            place(1, "ZZ9", "brook 100% house_", None),
            place(2, "QQ2", "o'brien`s", Some("Y61")),
        ]);
        assert_eq!(register.search("b"), [true, true, true]);
        assert_eq!(register.search("%"), [false, true, false]);
        assert_eq!(register.search("_"), [false, true, false]);
        assert_eq!(register.search("`"), [false, false, true]);
        assert_eq!(register.search("zz9"), [false, true, false]);
        assert_eq!(register.search("ab"), [true, false, false]);
        assert_eq!(register.search("practiceab1"), [false, false, false]);
        assert_eq!(register.place(OrganisationId::new(1)), Some(1));
        let some = [OrganisationId::new(2), OrganisationId::new(9), OrganisationId::new(4)];
        assert_eq!(register.places_of(&some), [0, 2]);
        assert_eq!(register.kind(0), (1, 1));
        assert_eq!((register.kind(1), register.kind(2)), ((2, 0), (1, 2)));
        assert_eq!(
            (register.sector("gp"), register.region("Y61"), register.region("none")),
            (Some(1), Some(2), None)
        );
    }
}
