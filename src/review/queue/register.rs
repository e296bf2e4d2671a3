//! The register as the roll keeps it: every organisation at its place in the order of names, and one text of all names
//! and codes that is searched from end to end.

use std::cmp::Ordering;

use memchr::memmem::Finder;

use super::columns::index;
use crate::platform::ids::OrganisationId;

/// The organisations in the order of their names.
#[derive(Debug, Default)]
pub(super) struct Register {
    /// The organisations by number, and the place of each.
    ids: Box<[OrganisationId]>,
    seats: Box<[u32]>,
    /// Of each place: sector and region, as numbers.
    kinds: Box<[(u8, u8)]>,
    /// Names, codes and line breaks, in order of place.
    text: Box<str>,
    /// Where each place's line ends in the text.
    ends: Box<[u32]>,
    sectors: Words,
    regions: Words,
}

/// A register that is being read, one organisation after the other, so that a nation's is in memory twice at most.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    /// Names and codes, one after the other.
    text: String,
    rows: Vec<Row>,
    sectors: Words,
    regions: Words,
}

/// An organisation that was read: where its name and its code end in the text.
#[derive(Debug, Clone, Copy)]
struct Row {
    id: OrganisationId,
    begins: u32,
    named: u32,
    ends: u32,
    kind: (u8, u8),
}

impl Gathering {
    /// Adds an organisation: the name that it is searched and sorted by, and what it is.
    pub fn add(
        &mut self,
        id: OrganisationId,
        (code, name): (&str, &str),
        sector: &str,
        region: Option<&str>,
    ) {
        let begins = offset(&self.text);
        self.text.push_str(name);
        let named = offset(&self.text);
        self.text.push_str(code);
        let ends = offset(&self.text);
        let region = region.map_or(0, |region| self.regions.number(region));
        let kind = (self.sectors.number(sector), region);
        self.rows.push(Row { id, begins, named, ends, kind });
    }

    /// Puts everything into the order of the names. Here and not in the database: servers sort texts after their own
    /// rules.
    pub fn finish(self) -> Register {
        let Self { text, mut rows, sectors, regions } = self;
        rows.sort_unstable_by(|a, b| by_name(&text, a, b));
        let mut lines = String::with_capacity(text.len() + 2 * rows.len());
        let mut ends = Vec::with_capacity(rows.len());
        let mut seated: Vec<(OrganisationId, u32)> = Vec::with_capacity(rows.len());
        for (row, place) in rows.iter().zip(0_u32..) {
            let (name, code) = words(&text, row);
            // The code on a line of its own, so that no search runs from one into the other.
            lines.extend(name.chars().map(|sign| if sign == '\n' { ' ' } else { sign }));
            lines.push('\n');
            lines.push_str(&code.to_lowercase());
            lines.push('\n');
            ends.push(offset(&lines));
            seated.push((row.id, place));
        }
        seated.sort_unstable();
        Register {
            ids: seated.iter().map(|(id, _)| *id).collect(),
            seats: seated.iter().map(|(_, place)| *place).collect(),
            kinds: rows.iter().map(|row| row.kind).collect(),
            text: lines.into_boxed_str(),
            ends: ends.into_boxed_slice(),
            sectors,
            regions,
        }
    }
}

fn by_name(text: &str, a: &Row, b: &Row) -> Ordering {
    words(text, a).cmp(&words(text, b)).then(a.id.cmp(&b.id))
}

/// Name and code of a row.
fn words<'a>(text: &'a str, row: &Row) -> (&'a str, &'a str) {
    let part = |from: u32, to: u32| text.get(index(from)..index(to)).unwrap_or_default();
    (part(row.begins, row.named), part(row.named, row.ends))
}

fn offset(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// Texts of which there are few, as small numbers; 0 is none of them.
#[derive(Debug, Clone, Default)]
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
    /// How many organisations.
    pub fn count(&self) -> usize {
        self.ids.len()
    }

    /// Every organisation with its place.
    pub fn seats(&self) -> impl Iterator<Item = (OrganisationId, u32)> + '_ {
        self.ids.iter().copied().zip(self.seats.iter().copied())
    }

    /// The place of an organisation in the order of names.
    pub fn place(&self, id: OrganisationId) -> Option<u32> {
        let at = self.ids.binary_search(&id).ok()?;
        self.seats.get(at).copied()
    }

    /// The places of organisations, in order. One that the register does not have has no place to be left out.
    pub fn places_of(&self, ids: &[OrganisationId]) -> Vec<u32> {
        let mut places: Vec<u32> = ids.iter().filter_map(|id| self.place(*id)).collect();
        places.sort_unstable();
        places
    }

    /// Sector and region at a place.
    pub fn kind(&self, place: u32) -> (u8, u8) {
        self.kinds.get(index(place)).copied().unwrap_or_default()
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
        let wanted = Finder::new(text);
        let mut found = vec![false; self.ends.len()];
        let (mut from, mut places) = (0, found.iter_mut().zip(&self.ends));
        while let Some(at) = self.text.as_bytes().get(from..).and_then(|rest| wanted.find(rest)) {
            let Some((found, end)) = places.find(|(_, end)| index(**end) > from + at) else { break };
            *found = true;
            // Once is enough: the search goes on behind the line.
            from = index(*end);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_found_and_nothing_between_them() {
        let mut gathered = Gathering::default();
        for (id, code, name, sector, region) in [
            (1, "ZZ9", "brook 100% house_", "dentist", None),
            (2, "QQ2", "o'brien`s", "gp", Some("Y61")),
            (4, "AB1", "abbey practice", "gp", Some("Y56")),
        ] {
            gathered.add(OrganisationId::new(id), (code, name), sector, region);
        }
        let register = gathered.finish();
        assert_eq!(register.search("b"), [true, true, true]);
        assert_eq!(register.search("%"), [false, true, false]);
        assert_eq!(register.search("_"), [false, true, false]);
        assert_eq!(register.search("`"), [false, false, true]);
        assert_eq!(register.search("zz9"), [false, true, false]);
        assert_eq!(register.search("ab"), [true, false, false]);
        assert_eq!(register.search("practiceab1"), [false, false, false]);
        assert_eq!(register.search("qq2"), [false, false, true]);
        assert_eq!(register.search("r"), [true, true, true]);
        assert_eq!(register.search("0"), [false, true, false]);
        assert_eq!(register.search("é"), [false, false, false]);
        assert_eq!(register.place(OrganisationId::new(1)), Some(1));
        let some = [OrganisationId::new(2), OrganisationId::new(9), OrganisationId::new(4)];
        assert_eq!(register.places_of(&some), [0, 2]);
        assert_eq!(register.kind(0), (2, 2));
        assert_eq!((register.kind(1), register.kind(2)), ((1, 0), (2, 1)));
        assert_eq!(
            (register.sector("gp"), register.region("Y61"), register.region("none")),
            (Some(2), Some(1), None)
        );
        let seats: Vec<(i64, u32)> = register.seats().map(|(id, place)| (id.get(), place)).collect();
        assert_eq!((register.count(), seats), (3, vec![(1, 1), (2, 2), (4, 0)]));
    }

    #[test]
    fn organisations_of_one_name_stand_by_code_and_then_by_number() {
        let mut gathered = Gathering::default();
        for (id, code) in [(3, "B"), (9, "A"), (2, "B")] {
            gathered.add(OrganisationId::new(id), (code, "the same\nname"), "gp", None);
        }
        let register = gathered.finish();
        let places = [9, 2, 3].map(|id| register.place(OrganisationId::new(id)));
        assert_eq!(places, [Some(0), Some(1), Some(2)]);
        assert_eq!(register.search("same name"), [true, true, true]);
    }
}
