//! Places that do not exist: the seven real NHS regions hold 42 invented areas, each with its towns, put together
//! from made-up stems and ordinary English endings.

use super::chance::{Chance, Purpose};

/// A real NHS region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// The ODS code, such as `Y56`.
    pub code: &'static str,
    /// The name, such as `London`.
    pub name: &'static str,
    /// How many boards' areas lie in it, as in the real country.
    pub boards: usize,
    /// Its share of the open trusts, out of 211 (the real spread).
    pub trusts: u32,
}

/// The seven regions. They are real, public and few; everything inside them is invented.
pub const REGIONS: [Region; 7] = [
    Region { code: "Y56", name: "London", boards: 5, trusts: 34 },
    Region { code: "Y58", name: "South West", boards: 7, trusts: 20 },
    Region { code: "Y59", name: "South East", boards: 6, trusts: 30 },
    Region { code: "Y60", name: "Midlands", boards: 11, trusts: 41 },
    Region { code: "Y61", name: "East of England", boards: 6, trusts: 22 },
    Region { code: "Y62", name: "North West", boards: 3, trusts: 31 },
    Region { code: "Y63", name: "North East and Yorkshire", boards: 4, trusts: 33 },
];

/// One board's area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Number from 0; also the number of its open board. The postcode district is one more.
    pub number: usize,
    /// Index into [`REGIONS`].
    pub region: usize,
    /// A county-like name, such as `Quarnshire`.
    pub county: String,
    /// Its towns and villages, the chief town first.
    pub towns: Vec<String>,
}

const STEMS: &[&str] = &[
    "Aldru", "Anstle", "Averl", "Balger", "Bexal", "Birdle", "Boscle", "Brackle", "Brenno", "Brindle",
    "Canther", "Chalver", "Clanver", "Corvel", "Cranno", "Cressa", "Cuthel", "Dallen", "Dravel", "Drumbel",
    "Dunnel", "Elmar", "Embro", "Ennis", "Farrin", "Fennel", "Fernal", "Fiddle", "Galder", "Garron",
    "Gilder", "Glimmer", "Gorsel", "Grennel", "Hadder", "Hannel", "Hazzle", "Hensel", "Ingra", "Jarrel",
    "Jessel", "Keldro", "Kerrin", "Kindle", "Kirran", "Lambel", "Lavel", "Linnel", "Lorrin", "Maddle",
    "Mellin", "Merro", "Mistle", "Mordle", "Nebbel", "Norrel", "Orrin", "Ostle", "Pebble", "Pinnel", "Quarn",
    "Quillin", "Quennel", "Ravel", "Rennel", "Rindle", "Rossel", "Rowdle", "Saffer", "Sallow", "Selver",
    "Shannel", "Starrin", "Tamble", "Tarrin", "Teasel", "Thrannel", "Tindle", "Torrel", "Trevel", "Ullen",
    "Umber", "Vannel", "Vellin", "Verrin", "Warrel", "Wendle", "Wharrel", "Whinnel", "Wimber", "Withel",
    "Wrennel", "Yarrin", "Yendle", "Zennel",
];

const ENDINGS: &[&str] = &[
    "wick", "mere", "holt", "stead", "ford", "bury", "combe", "ham", "minster", "worth", "burn", "beck",
    "thwaite", "by", "thorpe", "dale", "field", "haven", "mouth", "bridge", "gate", "hurst", "den", "stow",
    "cliffe", "well", "wold", "sted", "ness", "pool", "marsh", "moor", "fell", "garth", "lea", "bourne",
    "cote", "sea", "croft",
];

const COUNTY_ENDINGS: &[&str] = &["shire", "land", "dale", "weald", "marsh", "wold", "vale"];

/// Real towns and villages that come near to what the stems and endings could make, or that readers would take for
/// themselves. Joined names are compared with these in lower case.
const REAL_PLACES: &[&str] = &[
    "ashford",
    "banbury",
    "barnsley",
    "bedford",
    "birmingham",
    "blackburn",
    "blackpool",
    "bradford",
    "bournemouth",
    "brighton",
    "bristol",
    "burnley",
    "bury",
    "cambridge",
    "canterbury",
    "chelmsford",
    "chesterfield",
    "coventry",
    "crawley",
    "darlington",
    "derby",
    "doncaster",
    "dudley",
    "durham",
    "eastbourne",
    "enfield",
    "exeter",
    "fiddleford",
    "grimsby",
    "guildford",
    "halifax",
    "harrogate",
    "hartlepool",
    "hastings",
    "hereford",
    "hertford",
    "huddersfield",
    "ickleford",
    "kettering",
    "kidderminster",
    "kindlesea",
    "lancaster",
    "leeds",
    "leicester",
    "lichfield",
    "lincoln",
    "liverpool",
    "london",
    "macclesfield",
    "maidstone",
    "manchester",
    "mansfield",
    "middlesbrough",
    "newcastle",
    "northampton",
    "norwich",
    "nottingham",
    "oldham",
    "oxford",
    "peterborough",
    "plymouth",
    "poole",
    "portsmouth",
    "preston",
    "quarndon",
    "quarnford",
    "reading",
    "rochdale",
    "rotherham",
    "salford",
    "salisbury",
    "scunthorpe",
    "sheffield",
    "shrewsbury",
    "southampton",
    "southend",
    "southport",
    "stafford",
    "stockport",
    "sunderland",
    "swindon",
    "taunton",
    "telford",
    "torquay",
    "wakefield",
    "walsall",
    "warrington",
    "watford",
    "wendleby",
    "wigan",
    "winchester",
    "wolverhampton",
    "worcester",
    "worthing",
    "yarmouth",
    "york",
];

fn joins_well(stem: &str, ending: &str) -> bool {
    // "Garronness" and "Sallowwell" look like slips of the pen.
    stem.chars().last() != ending.chars().next()
}

fn is_invented(name: &str) -> bool {
    !REAL_PLACES.contains(&name.to_lowercase().as_str())
}

fn every_place(chance: &mut Chance) -> Vec<String> {
    let mut places: Vec<String> = STEMS
        .iter()
        .flat_map(|stem| {
            ENDINGS.iter().filter(|ending| joins_well(stem, ending)).map(move |end| format!("{stem}{end}"))
        })
        .filter(|name| is_invented(name))
        .collect();
    chance.shuffle(&mut places);
    places
}

fn every_county(chance: &mut Chance, wanted: usize) -> Vec<String> {
    let mut stems = STEMS.to_vec();
    chance.shuffle(&mut stems);
    let mut counties = Vec::with_capacity(wanted);
    for stem in stems {
        let ending = chance.pick(COUNTY_ENDINGS);
        if counties.len() < wanted && joins_well(stem, ending) {
            counties.push(format!("{stem}{ending}"));
        }
    }
    counties
}

/// The 42 areas of the nation of `seed`, region by region. No town occurs twice.
#[must_use]
pub fn areas(seed: u64) -> Vec<Area> {
    let mut chance = Chance::new(seed, Purpose::Places, 0);
    let total: usize = REGIONS.iter().map(|region| region.boards).sum();
    let counties = every_county(&mut chance, total);
    // A county's name may also be a possible town ("Gorselmarsh"): the town gives way.
    let places: Vec<String> =
        every_place(&mut chance).into_iter().filter(|place| !counties.contains(place)).collect();
    let each = places.len() / total;
    let regions =
        REGIONS.iter().enumerate().flat_map(|(index, region)| std::iter::repeat_n(index, region.boards));
    regions
        .zip(counties)
        .zip(places.chunks_exact(each))
        .enumerate()
        .map(|(number, ((region, county), towns))| Area { number, region, county, towns: towns.to_vec() })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_42_areas_with_enough_distinct_towns() {
        let areas = areas(1);
        assert_eq!(areas.len(), 42);
        let towns: BTreeSet<&String> = areas.iter().flat_map(|area| &area.towns).collect();
        assert_eq!(towns.len(), areas.iter().map(|area| area.towns.len()).sum::<usize>());
        assert!(areas.iter().all(|area| area.towns.len() > 70));
        assert_eq!(areas.iter().map(|area| &area.county).collect::<BTreeSet<_>>().len(), 42);
    }

    #[test]
    fn no_place_is_real() {
        for area in areas(99) {
            for town in area.towns {
                assert!(is_invented(&town), "{town}");
            }
        }
    }
}
