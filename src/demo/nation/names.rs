//! Names of organisations: patterns for each sector, filled with invented towns and ordinary words.

use super::chance::Chance;
use super::places::Area;
use super::sector::{Sector, TrustKind};

const WORDS: &[&str] = &[
    "Alder",
    "Almond",
    "Amber",
    "Apple Tree",
    "Ash Tree",
    "Avocet",
    "Bay Tree",
    "Beech",
    "Birch",
    "Blackthorn",
    "Blossom",
    "Bluebell",
    "Bramble",
    "Brook",
    "Cedar",
    "Chestnut",
    "Clover",
    "Copper Beech",
    "Cornflower",
    "Crescent",
    "Curlew",
    "Cypress",
    "Damson",
    "Dovecote",
    "Elder",
    "Fern",
    "Foxglove",
    "Garden",
    "Goldfinch",
    "Granary",
    "Hawthorn",
    "Hazel",
    "Heather",
    "Heron",
    "Hillside",
    "Holly",
    "Honeysuckle",
    "Ivy",
    "Jasmine",
    "Juniper",
    "Kestrel",
    "Kingfisher",
    "Laburnum",
    "Lapwing",
    "Larch",
    "Laurel",
    "Lavender",
    "Lilac",
    "Lime Tree",
    "Linden",
    "Magnolia",
    "Maple",
    "Marigold",
    "Meadow",
    "Mill",
    "Mulberry",
    "Myrtle",
    "Nightingale",
    "Oak Tree",
    "Old Forge",
    "Old Mill",
    "Orchard",
    "Osprey",
    "Park",
    "Pear Tree",
    "Poplar",
    "Primrose",
    "Quarry",
    "Quince",
    "Redwing",
    "River",
    "Robin",
    "Rose",
    "Rosemary",
    "Rowan",
    "Sandpiper",
    "Skylark",
    "Snowdrop",
    "Sorrel",
    "Spring",
    "Station",
    "Sunflower",
    "Sycamore",
    "Teal",
    "Thyme",
    "Valley",
    "Victoria",
    "Vine",
    "Walnut",
    "Water",
    "Wheatfield",
    "Willow",
    "Windmill",
    "Woodland",
    "Wren",
    "Yew Tree",
];

const STREETS: &[&str] = &[
    "Abbey Street",
    "Bridge Street",
    "Canal Street",
    "Castle Street",
    "Chapel Lane",
    "Church Lane",
    "Cross Street",
    "Dock Road",
    "Fore Street",
    "Green Lane",
    "High Street",
    "Hill Road",
    "Kiln Lane",
    "King Street",
    "Market Place",
    "Mill Lane",
    "Moor Lane",
    "New Road",
    "North Street",
    "Park Road",
    "Priory Road",
    "Quay Street",
    "Queen Street",
    "Railway Terrace",
    "School Lane",
    "South Street",
    "Spring Gardens",
    "Station Road",
    "The Green",
    "The Parade",
    "Union Street",
    "Vicarage Road",
    "Well Lane",
    "West Street",
    "Wharf Road",
];

const SPECIALTIES: &[&str] = &[
    "Children's Hospital",
    "Eye Hospital",
    "Heart and Chest Hospital",
    "Orthopaedic Hospital",
    "Cancer Centre",
    "Women's Hospital",
    "Neurology Centre",
    "Rehabilitation Hospital",
    "Burns and Plastic Surgery Hospital",
];

/// Brands of chains; one is used for one head office only.
const BRANDS: &[&str] = &[
    "Larkspur",
    "Bellwether",
    "Greenfinch",
    "Tallow & Wick",
    "Copperleaf",
    "Hartsease",
    "Juniper & Sons",
    "Silverbirch",
    "Harebell",
    "Peppercorn",
    "Starling",
    "Mossbank",
    "Feverfew",
    "Tansy",
    "Blue Lantern",
    "Kittiwake",
    "Saffron Gate",
    "Longacre",
    "Brightwater",
    "Wheatear",
    "Nutmeg",
    "Gorse & Heath",
    "Whitebeam",
    "Turnstone",
    "Fieldfare",
    "Corncrake",
    "Meadowsweet",
    "Sea Holly",
    "Hornbeam",
    "Plover",
    "Bilberry",
    "Medlar",
    "Woodruff",
    "Dunnock",
    "Yarrow",
    "Stonecrop",
    "Linnet",
    "Comfrey",
    "Bracken",
    "Swift & Martin",
    "Elderflower",
    "Betony",
];

const LEGAL_FORMS: &[&str] = &["Ltd", "Limited", "LLP", "Group Ltd", "UK Ltd"];

const TRADES: &[&str] = &[
    "Health Analytics",
    "Clinical Systems",
    "Patient Records",
    "Imaging Services",
    "Diagnostics",
    "Care Software",
    "Medical Couriers",
    "Transcription Services",
    "Remote Monitoring",
    "Homecare Medicines",
    "Digital Triage",
    "Appointment Services",
    "Research Data",
    "Laboratory Services",
    "Secure Hosting",
    "Interpreting",
];

/// The brand of the `number`th chain of the nation.
#[must_use]
pub fn brand(number: usize) -> &'static str {
    BRANDS.get(number % BRANDS.len()).copied().unwrap_or_default()
}

/// A street, for addresses and for telling two sites in one town apart.
pub fn street(chance: &mut Chance) -> &'static str {
    chance.pick(STREETS)
}

/// A town of the area: the chief towns are drawn more often than the villages.
pub fn town<'a>(chance: &mut Chance, area: &'a Area) -> &'a str {
    let reach = if chance.happens(0.5) { area.towns.len() / 6 } else { area.towns.len() };
    let index = chance.below(reach.max(1));
    area.towns.get(index).map_or("", String::as_str)
}

/// The name of an open or former integrated care board.
#[must_use]
pub fn board_name(area: &Area) -> String {
    format!("NHS {} Integrated Care Board", area.county)
}

/// The name of a commissioning group that was merged into a board.
pub fn predecessor_board_name(chance: &mut Chance, area: &Area, place: &str) -> String {
    let side = chance.pick(&["North", "South", "East", "West", "Mid", "Greater"]);
    match chance.below(3) {
        0 => format!("NHS {side} {} Clinical Commissioning Group", area.county),
        1 => format!("NHS {place} Clinical Commissioning Group"),
        _ => format!("NHS {place} and {} Clinical Commissioning Group", town(chance, area)),
    }
}

/// The name of a trust of the kind at `place` in the area. `neighbour` is another area, for services that cross
/// borders.
pub fn trust_name(
    chance: &mut Chance,
    kind: TrustKind,
    area: &Area,
    place: &str,
    neighbour: &Area,
) -> String {
    let form = if chance.happens(0.66) { "NHS Foundation Trust" } else { "NHS Trust" };
    let county = &area.county;
    let body = match kind {
        TrustKind::Acute => match chance.below(7) {
            0 => format!("{place} University Hospitals"),
            1 => format!("{place} Hospitals"),
            2 => format!("{place} and {} Hospitals", town(chance, area)),
            3 => format!("University Hospitals of {county}"),
            4 => format!("{} {county} Hospitals", chance.pick(&["North", "South", "East", "West", "Mid"])),
            5 => format!("Royal {place} Infirmary"),
            _ => format!("{place} General Hospital"),
        },
        TrustKind::MentalHealth => match chance.below(4) {
            0 => format!("{county} Partnership"),
            1 => format!("{place} Mental Health"),
            2 => format!("{county} and {} Mental Health Partnership", neighbour.county),
            _ => format!(
                "{} {county} Wellbeing and Recovery",
                chance.pick(&["North", "South", "East", "West"])
            ),
        },
        TrustKind::Community => match chance.below(3) {
            0 => format!("{county} Community Health"),
            1 => format!("{place} Community Healthcare"),
            _ => format!("{county} Care at Home"),
        },
        TrustKind::Ambulance => match chance.below(2) {
            0 => format!("{county} and {} Ambulance Service", neighbour.county),
            _ => format!("{county} Ambulance Service"),
        },
        TrustKind::Specialist => match chance.below(2) {
            0 => format!("The {place} {}", chance.pick(SPECIALTIES)),
            _ => format!("{county} {}", chance.pick(SPECIALTIES)),
        },
    };
    format!("{body} {form}")
}

/// The name of a site of a chain at `place`.
pub fn site_name(chance: &mut Chance, sector: Sector, brand: &str, place: &str) -> String {
    let road = street(chance);
    match sector {
        Sector::Pharmacy => format!("{brand} Pharmacy, {road}, {place}"),
        Sector::Optician => format!("{brand} Opticians, {road}, {place}"),
        Sector::Dentist => format!("{brand} Dental, {road}, {place}"),
        _ => {
            let home = chance.pick(WORDS);
            format!("{home} {} ({brand} Care), {place}", chance.pick(&["House", "Lodge", "Court", "View"]))
        }
    }
}

/// The name of a chain's head office.
#[must_use]
pub fn head_office_name(sector: Sector, brand: &str) -> String {
    match sector {
        Sector::Pharmacy => format!("{brand} Pharmacy Group Head Office"),
        Sector::Optician => format!("{brand} Opticians Head Office"),
        Sector::Dentist => format!("{brand} Dental Group Head Office"),
        _ => format!("{brand} Care Group Head Office"),
    }
}

/// The name of any organisation that is not a board, a trust or part of a chain, at `place` in the area.
pub fn independent_name(chance: &mut Chance, sector: Sector, area: &Area, place: &str) -> String {
    let word = chance.pick(WORDS);
    let county = &area.county;
    match sector {
        Sector::Gp => match chance.below(7) {
            0 => format!("{place} Surgery"),
            1 => format!("{place} Medical Centre"),
            2 => format!("{place} Health Centre"),
            3 => format!("The {word} Practice, {place}"),
            4 => format!("{word} House Surgery, {place}"),
            5 => format!("{} Surgery, {place}", street(chance)),
            _ => format!("{word} Family Practice, {place}"),
        },
        Sector::Pharmacy => match chance.below(4) {
            0 => format!("{place} Pharmacy"),
            1 => format!("{word} Chemist, {place}"),
            2 => format!("{} Pharmacy, {place}", street(chance)),
            _ => format!("{word} Pharmacy, {place}"),
        },
        Sector::Dentist => match chance.below(4) {
            0 => format!("{place} Dental Practice"),
            1 => format!("{word} Dental Care, {place}"),
            2 => format!("{} Dental Surgery, {place}", street(chance)),
            _ => format!("{word} Orthodontics, {place}"),
        },
        Sector::Optician => match chance.below(3) {
            0 => format!("{place} Eye Care"),
            1 => format!("{word} Opticians, {place}"),
            _ => format!("{} Optometry, {place}", street(chance)),
        },
        Sector::SocialCare => match chance.below(6) {
            0 => format!("{word} House Care Home, {place}"),
            1 => format!("{word} Lodge, {place}"),
            2 => format!("{word} Court Nursing Home, {place}"),
            3 => format!("{word} Home Care, {place}"),
            4 => format!("{place} Supported Living"),
            _ => format!("{word} View Residential Home, {place}"),
        },
        Sector::LocalAuthority => match chance.below(4) {
            0 => format!("{county} {} Council", chance.pick(&["County", "Unitary"])),
            1 => format!("{place} Borough Council"),
            2 => format!("{place} City Council"),
            _ => format!("{place} and {} District Council", town(chance, area)),
        },
        Sector::Csu => format!("{county} Commissioning Support Unit"),
        Sector::Alb => format!(
            "{} {}",
            chance.pick(&["National", "Independent", "Public", "Joint"]),
            chance.pick(&[
                "Tissue Standards Office",
                "Clinical Archive Board",
                "Care Workforce Council",
                "Medicines Logistics Authority",
                "Screening Registry Office",
                "Patient Voice Commission",
                "Treatment Outcomes Agency",
                "Health Estates Board",
            ])
        ),
        Sector::Company => {
            format!("{place} {} {}", chance.pick(TRADES), chance.pick(LEGAL_FORMS))
        }
        Sector::University => match chance.below(4) {
            0 => format!("University of {place}"),
            1 => format!("{place} University"),
            2 => format!("{county} Institute of Health Sciences"),
            _ => format!(
                "University of {place}, Department of {}",
                chance.pick(&[
                    "Epidemiology",
                    "Primary Care",
                    "Health Informatics",
                    "Public Health",
                    "Nursing Studies",
                ])
            ),
        },
        Sector::NhsTrust | Sector::Icb | Sector::Other => match chance.below(4) {
            0 => format!("{word} Hospice, {place}"),
            1 => format!("{place} Carers Trust"),
            2 => format!("{place} Community Transport"),
            _ => format!("{word} Counselling Service, {place}"),
        },
    }
}
