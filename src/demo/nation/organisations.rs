//! The register of the demo nation: every organisation with its code, place and dates.

use std::collections::HashSet;

use jiff::civil::Date;

use super::chance::{Chance, Purpose};
use super::codes;
use super::names;
use super::places::{Area, REGIONS};
use super::sector::{Scale, Sector, TrustKind};

/// An organisation's position in [`Nation::organisations`](super::Nation::organisations).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationIx(pub u32);

impl OrganisationIx {
    /// The position as an index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A fictional postal address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// House number and street.
    pub street: String,
    /// Town or village.
    pub town: String,
    /// County.
    pub county: String,
    /// A postcode of the area `ZZ`, which does not exist.
    pub postcode: String,
}

/// Part in a chain of sites that one head office answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// Not part of a chain.
    None,
    /// The head office itself.
    HeadOffice,
    /// A site of the head office.
    SiteOf(OrganisationIx),
}

/// One fictional organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// A code that cannot be a real ODS code (see [`codes`]).
    pub code: String,
    /// An invented name, unique in the nation.
    pub name: String,
    /// Its sector.
    pub sector: Sector,
    /// For trusts, what kind of trust.
    pub trust_kind: Option<TrustKind>,
    /// Index into [`REGIONS`].
    pub region: usize,
    /// Number of its area, 0 to 41.
    pub area: usize,
    /// Where it is.
    pub address: Address,
    /// When it opened.
    pub opened: Date,
    /// When it closed or merged.
    pub closed: Option<Date>,
    /// Its part in a chain.
    pub chain: Chain,
}

impl Organisation {
    /// Whether the organisation existed on the day.
    #[must_use]
    pub fn is_open_on(&self, day: Date) -> bool {
        self.opened <= day && self.closed.is_none_or(|closed| closed > day)
    }

    /// The ODS code of its region.
    #[must_use]
    pub fn region_code(&self) -> &'static str {
        REGIONS.get(self.region).map_or("", |region| region.code)
    }
}

/// Days before `as_of`, counted so that no date arithmetic can fail.
pub(super) fn days_before(as_of: Date, days: i64) -> Date {
    as_of.saturating_sub(jiff::Span::new().days(days))
}

/// Builds the register piece by piece, keeping names unique.
struct Registrar<'a> {
    seed: u64,
    as_of: Date,
    areas: &'a [Area],
    names: HashSet<String>,
    organisations: Vec<Organisation>,
    in_sector: usize,
}

/// The organisations of the nation, sector by sector in the order of [`Sector::ALL`]; within the boards the 42 open
/// ones come first, in the order of their areas, and within the trusts the 220 open ones.
#[must_use]
pub fn organisations(seed: u64, scale: Scale, as_of: Date, areas: &[Area]) -> Vec<Organisation> {
    let mut registrar = Registrar {
        seed,
        as_of,
        areas,
        names: HashSet::new(),
        organisations: Vec::with_capacity(scale.total()),
        in_sector: 0,
    };
    for sector in Sector::ALL {
        registrar.in_sector = 0;
        let wanted = scale.organisations(sector);
        match sector {
            Sector::NhsTrust => registrar.add_trusts(wanted),
            Sector::Icb => registrar.add_boards(wanted),
            _ => registrar.add_others(sector, scale, wanted),
        }
    }
    registrar.organisations
}

impl Registrar<'_> {
    fn chance(&self) -> Chance {
        Chance::new(self.seed, Purpose::Organisations, self.organisations.len() as u64)
    }

    fn area(&self, number: usize) -> Option<&Area> {
        self.areas.get(number % self.areas.len().max(1))
    }

    /// Draws a town and a name there until the name is new. Patterns times towns leave far more names than
    /// organisations; the number at the end only guards against a sector with few patterns.
    fn settle(
        &mut self,
        chance: &mut Chance,
        area: &Area,
        mut name: impl FnMut(&mut Chance, &str) -> String,
    ) -> (String, String) {
        let mut attempt = 0;
        loop {
            let town = names::town(chance, area);
            let mut drawn = name(chance, town);
            attempt += 1;
            if attempt > 60 {
                drawn = format!("{drawn} {attempt}");
            }
            if self.names.insert(drawn.clone()) {
                return (town.to_owned(), drawn);
            }
        }
    }

    fn add(&mut self, chance: &mut Chance, sector: Sector, area: &Area, place: (String, String)) -> usize {
        self.in_sector += 1;
        let (town, name) = place;
        let house = chance.between(1, 240);
        let address = Address {
            street: format!("{house} {}", names::street(chance)),
            town,
            county: area.county.clone(),
            postcode: codes::postcode(chance, area.number + 1),
        };
        // One small organisation in twelve is younger than the collections before this one.
        let newcomer = !sector.is_large() && chance.happens(0.08);
        let age = if newcomer { chance.between(90, 1_300) } else { chance.between(1_600, 11_000) };
        self.organisations.push(Organisation {
            code: codes::organisation_code(sector, self.in_sector),
            name,
            sector,
            trust_kind: None,
            region: area.region,
            area: area.number,
            address,
            opened: days_before(self.as_of, age),
            closed: None,
            chain: Chain::None,
        });
        self.organisations.len() - 1
    }

    fn change(&mut self, index: usize, change: impl FnOnce(&mut Organisation)) {
        if let Some(organisation) = self.organisations.get_mut(index) {
            change(organisation);
        }
    }

    /// An area drawn so that regions get the real share of trusts, which stands for their population.
    fn area_by_population(&self, chance: &mut Chance) -> usize {
        let weights: Vec<u32> = REGIONS.iter().map(|region| region.trusts).collect();
        let region = chance.weighted(&weights);
        let first: usize = REGIONS.iter().take(region).map(|earlier| earlier.boards).sum();
        let boards = REGIONS.get(region).map_or(1, |chosen| chosen.boards);
        first + chance.below(boards)
    }

    fn add_trusts(&mut self, wanted: usize) {
        let mut kinds: Vec<TrustKind> = TrustKind::OPEN
            .iter()
            .flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count as usize))
            .collect();
        Chance::new(self.seed, Purpose::Organisations, u64::from(u32::MAX)).shuffle(&mut kinds);
        for number in 0..wanted {
            let mut chance = self.chance();
            // Beyond the open ones come trusts that have since merged into others.
            let closed = number >= kinds.len();
            let kind = kinds.get(number).copied().unwrap_or(match chance.below(3) {
                0 => TrustKind::MentalHealth,
                1 => TrustKind::Community,
                _ => TrustKind::Acute,
            });
            // The first 42 give every area a trust of its own.
            let place = if number < self.areas.len() { number } else { self.area_by_population(&mut chance) };
            let (Some(area), Some(neighbour)) = (self.area(place).cloned(), self.area(place + 1).cloned())
            else {
                continue;
            };
            let name = self
                .settle(&mut chance, &area, |c, town| names::trust_name(c, kind, &area, town, &neighbour));
            let index = self.add(&mut chance, Sector::NhsTrust, &area, name);
            let ended = chance.between(60, 1_900);
            let as_of = self.as_of;
            self.change(index, |trust| {
                trust.trust_kind = Some(kind);
                if closed {
                    trust.closed = Some(days_before(as_of, ended));
                    trust.opened = days_before(as_of, 5_000 + ended);
                }
            });
        }
    }

    fn add_boards(&mut self, wanted: usize) {
        for number in 0..wanted {
            let mut chance = self.chance();
            let Some(area) = self.area(number).cloned() else { continue };
            let closed = number >= self.areas.len();
            let name = if closed {
                self.settle(&mut chance, &area, |c, town| names::predecessor_board_name(c, &area, town))
            } else {
                self.settle(&mut chance, &area, |_, _| names::board_name(&area))
            };
            let index = self.add(&mut chance, Sector::Icb, &area, name);
            let ended = chance.between(700, 1_500);
            let as_of = self.as_of;
            self.change(index, |board| {
                if closed {
                    board.closed = Some(days_before(as_of, ended));
                    board.opened = days_before(as_of, 4_800);
                }
            });
        }
    }

    fn add_others(&mut self, sector: Sector, scale: Scale, wanted: usize) {
        let first = self.organisations.len();
        for (number, sites) in scale.chains(sector).iter().enumerate() {
            self.add_chain(sector, number, *sites);
        }
        while self.organisations.len() - first < wanted {
            let mut chance = self.chance();
            let place = self.area_by_population(&mut chance);
            let Some(area) = self.area(place).cloned() else { break };
            let name =
                self.settle(&mut chance, &area, |c, town| names::independent_name(c, sector, &area, town));
            let index = self.add(&mut chance, sector, &area, name);
            let closes = chance.happens(0.035);
            let ended = chance.between(40, 1_200);
            let as_of = self.as_of;
            self.change(index, |member| {
                let end = days_before(as_of, ended);
                if closes && member.opened < end {
                    member.closed = Some(end);
                }
            });
        }
    }

    fn add_chain(&mut self, sector: Sector, number: usize, sites: usize) {
        // Brands are shared out over the sectors so that none is used twice.
        let offset = match sector {
            Sector::Pharmacy => 0,
            Sector::Optician => 13,
            Sector::Dentist => 18,
            _ => 22,
        };
        let brand = if number + offset < 42 {
            names::brand(number + offset).to_owned()
        } else {
            format!("{} & Daughters", names::brand(number + offset))
        };
        let mut chance = self.chance();
        let home = self.area_by_population(&mut chance);
        let Some(area) = self.area(home).cloned() else { return };
        let name = self.settle(&mut chance, &area, |_, _| names::head_office_name(sector, &brand));
        let index = self.add(&mut chance, sector, &area, name);
        let head = OrganisationIx(u32::try_from(index).unwrap_or(u32::MAX));
        self.change(index, |office| office.chain = Chain::HeadOffice);
        for _ in 0..sites {
            let mut chance = self.chance();
            // A small chain stays near home, a large one is everywhere.
            let spread = if sites > 60 { self.areas.len() } else { 5 };
            let place = home + chance.below(spread);
            let Some(area) = self.area(place).cloned() else { continue };
            let name = self.settle(&mut chance, &area, |c, town| names::site_name(c, sector, &brand, town));
            let site = self.add(&mut chance, sector, &area, name);
            self.change(site, |site| site.chain = Chain::SiteOf(head));
        }
    }
}
